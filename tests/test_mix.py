"""A mix and its fragment: total both ways, what cannot be read is left out and said, and no figure is ever printed."""

import logging
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.briefs.portfolio.model import BarTableRow
from observatory.mix import (
    EMPTY_MIX,
    MAX_FRAGMENT_CHARS,
    MAX_GROWTH_PERCENT,
    MAX_TURNOVER_EUROS,
    Mix,
    UnreadPart,
    format_fragment,
    parse_fragment,
    rescale_shares,
    set_markets,
    set_share,
)
from tests.support.curated import SEGMENTS

MARKETS = SEGMENTS[:9]
KNOWHOW = ("machining", "sheet_metal", "composites", "wiring", "electronics", "embedded_software", "surface_treatment")


@st.composite
def mixes(draw: st.DrawFn) -> Mix:
    names = draw(st.lists(st.sampled_from(MARKETS), unique=True, max_size=9))
    shares = {name: draw(st.integers(0, 100)) for name in names}
    owned = draw(st.lists(st.sampled_from(names), unique=True)) if names else []
    tenths = st.integers(int(-MAX_GROWTH_PERCENT * 10), int(MAX_GROWTH_PERCENT * 10))
    source, target = draw(st.permutations(MARKETS))[:2]
    return Mix(
        shares,
        draw(st.integers(0, MAX_TURNOVER_EUROS)),
        {name: draw(tenths) / 10 for name in owned},
        draw(st.sampled_from(["", "2001-03", "2007-12", "2020-01"])),
        draw(st.sampled_from([("", ""), (source, ""), ("", target), (source, target)])),
        tuple(draw(st.lists(st.sampled_from(KNOWHOW), unique=True))),
    )


@pytest.mark.slow
@given(mixes())
def test_mix_to_fragment_and_back_is_the_identity(mix: Mix) -> None:
    """Any mix with what is looked at of it, written into a link and read again, is the same one, without a notice."""
    text = format_fragment(mix)
    again, left = parse_fragment(text, MARKETS)
    assert (again, left) == (mix, ())
    assert list(again.shares) == list(mix.shares)
    assert parse_fragment(f"#{text}", MARKETS) == (mix, ())
    assert len(text) <= MAX_FRAGMENT_CHARS


@given(st.one_of(st.text(max_size=80), st.text(alphabet="mix=own&shock&move&turnover:,space.-0123456789", max_size=80)))
def test_any_fragment_gives_a_mix(text: str) -> None:
    """No fragment raises; what it gives can be written again; nothing is left out in silence."""
    mix, left = parse_fragment(text, MARKETS)
    assert parse_fragment(format_fragment(mix), MARKETS) == (mix, ())
    assert left or format_fragment(mix).count(":") == text.count(":")


SPACE = Mix({"space": 40})


@pytest.mark.parametrize(
    ("fragment", "mix", "left"),
    [
        ("mix=space:101", EMPTY_MIX, "share space"),
        ("mix=space:-1", EMPTY_MIX, "share space"),
        ("mix=space:40,space:60", EMPTY_MIX, "share space"),
        ("mix=space:40,casinos:40", SPACE, "market"),
        ("mix=purchasing:40", EMPTY_MIX, "market"),
        ("mix=space:\u0664\u0660", EMPTY_MIX, "share space"),
        ("mix=<script>alert(1)</script>", EMPTY_MIX, "market"),
        ("mix=space:40,drones:6O", SPACE, "share drones"),
        ("mix=space:40&mix=drones:60", Mix({"space": 40, "drones": 60}), ""),
        ("mix=space:40&mix=space:60,drones:60", Mix({"drones": 60}), "share space"),
        ("mix=space:40&own=drones:3", SPACE, "own drones"),
        ("mix=space:40&own=space:51", SPACE, "own space"),
        ("mix=space:40&own=space:nan", SPACE, "own space"),
        ("mix=space:4O&own=space:3", EMPTY_MIX, "share space, own space"),
        ("mix=space:40&turnover=-5", SPACE, "turnover"),
        ("mix=space:40&turnover=1e9", SPACE, "turnover"),
        ("mix=space:40&turnover=", SPACE, "turnover"),
        ("mix=space:40&turnover=5&turnover=6", SPACE, "turnover"),
        (f"mix=space:40&turnover={MAX_TURNOVER_EUROS + 1}", SPACE, "turnover"),
        ("mix=space:40&shock=208", SPACE, "shock"),
        ("mix=space:40&shock=2008-13&turnover=5", Mix({"space": 40}, 5), "shock"),
        ("mix=space:40&shock=", SPACE, "shock"),
        ("mix=space:40&move=casinos:space", SPACE, "move"),
        ("mix=space:40&move=space:casinos", SPACE, "move"),
        ("mix=space:40&move=space:space", SPACE, "move"),
        ("mix=space:40&move=", SPACE, "move"),
        ("mix=space:40&move=:", SPACE, "move"),
        ("mix=space:40&move=space:drones:helicopters", SPACE, "move"),
        ("mix=space:40&colour=pink", SPACE, "other"),
        ("top", EMPTY_MIX, "other"),
        ("mix=" + "space:40," * 500, EMPTY_MIX, "whole"),
    ],
)
def test_what_cannot_be_read_is_left_out_and_the_rest_is_kept(fragment: str, mix: Mix, left: str) -> None:
    """One bad part takes no other with it, what is said twice is not guessed, and every part left out is named."""
    found, out = parse_fragment(fragment, MARKETS)
    assert found == mix
    assert ", ".join(f"{row.kind} {row.market}".strip() for row in out) == left
    assert "space" not in repr(out)


@pytest.mark.parametrize(
    ("fragment", "mix"),
    [
        ("mix=helicopters:60,space:40", Mix({"helicopters": 60, "space": 40})),
        ("mix=space:40&turnover=1234567&own=space:8.5", Mix({"space": 40}, 1_234_567, {"space": 8.5})),
    ],
)
def test_links_written_before_still_open(fragment: str, mix: Mix) -> None:
    """A link that names no shock and no change reads as it did, and is written as it was."""
    assert parse_fragment(fragment, MARKETS) == (mix, ())
    assert format_fragment(mix) == fragment


@pytest.mark.parametrize(
    "fragment",
    [
        "mix=space:40,drones:60&amp;turnover=5",
        "mix=space:40,drones:60&turnover=5.",
        "mix=space:40,drones:60,&turnover=5%C2%BB",
        "mix%3Dspace%3A40%2Cdrones%3A60%26turnover%3D5",
        "utm_source=mail&mix=3Dspace:40,dro=nes:60&turnover=3D5&fbclid=x",
    ],
)
def test_a_mangled_fragment_is_read_as_it_was_meant(fragment: str) -> None:
    """What is done to queries is done to the mix of a link too, and is undone."""
    assert parse_fragment(fragment, MARKETS) == (Mix({"space": 40, "drones": 60}, 5), ())


@pytest.mark.slow
@given(mixes())
def test_spreading_out_adds_up_to_100(mix: Mix) -> None:
    """The same proportions in whole per cents: their sum is 100, none is off by a point, twice is the same as once."""
    spread = rescale_shares(mix)
    if not mix.total_percent:
        assert spread == mix
        return
    assert spread.total_percent == 100
    assert all(abs(spread.shares[name] - share * 100 / mix.total_percent) < 1 for name, share in mix.shares.items())
    assert rescale_shares(spread) == spread
    assert (spread.turnover, spread.assumed_growth, spread.shock_month, spread.transfer) == (
        mix.turnover,
        mix.assumed_growth,
        mix.shock_month,
        mix.transfer,
    )


def test_nothing_prints_a_mix(caplog: pytest.LogCaptureFixture) -> None:
    """A mix says none of its figures in a message, a log line or an exception, nor does what is made of it."""
    mix = Mix({"space": 37, "drones": 63}, 1_234_567, {"space": 8.5}, "2007-12", ("space", "drones"))
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("observatory").error("%r %s", mix, ValueError(mix))
    sentence = f"{mix} {mix!r} {[mix]} {caplog.text}"
    assert not re.search(r"\b(37|63|1234567|8\.5|2007-12|space|drones)\b", sentence)
    assert "1234567" not in repr(BarTableRow("Space", "", ("1234567",)))


@given(mixes(), st.data())
def test_a_share_moves_the_others_so_that_all_make_100(mix: Mix, data: st.DataObject) -> None:
    """Whatever a market is given, all shares are whole, from 0 to 100, add up to 100, and no market comes or goes."""
    if not mix.shares:
        return
    name = data.draw(st.sampled_from(list(mix.shares)))
    share = data.draw(st.integers(-20, 120))
    moved = set_share(mix, name, share, data.draw(st.sets(st.sampled_from(list(mix.shares)))))
    assert moved.total_percent == 100
    assert list(moved.shares) == list(mix.shares)
    assert all(0 <= value <= 100 for value in moved.shares.values())
    assert moved.shares[name] == (min(max(share, 0), 100) if len(mix.shares) > 1 else 100)


def test_three_entries_make_three_shares() -> None:
    """Shares that were entered stay while another can take the rest; where none can, all others give by their size."""
    first = set_share(Mix({"space": 34, "drones": 33, "helicopters": 33}), "space", 70)
    second = set_share(first, "drones", 20, ["space"])
    assert second.shares == {"space": 70, "drones": 20, "helicopters": 10}
    assert set_share(second, "drones", 40, ["space"]).shares == {"space": 52, "drones": 40, "helicopters": 8}
    assert set_share(second, "helicopters", 55, ["space", "drones"]).shares == {
        "space": 35,
        "drones": 10,
        "helicopters": 55,
    }


@pytest.mark.parametrize(
    ("before", "share", "after"),
    [
        ({"space": 70, "drones": 20, "helicopters": 10}, 75, {"space": 75, "drones": 17, "helicopters": 8}),
        ({"space": 70, "drones": 20, "helicopters": 10}, 40, {"space": 40, "drones": 40, "helicopters": 20}),
        ({"space": 100, "drones": 0, "helicopters": 0}, 95, {"space": 95, "drones": 3, "helicopters": 2}),
        ({"space": 40}, 60, {"space": 100}),
        ({"space": 0, "drones": 0}, 5, {"space": 5, "drones": 95}),
    ],
)
def test_the_others_keep_their_proportions(before: dict[str, int], share: int, after: dict[str, int]) -> None:
    """What one market takes, the others give by their size; where they have none, they share the rest equally."""
    assert set_share(Mix(before), "space", share).shares == after


@pytest.mark.parametrize(
    ("before", "markets", "after"),
    [
        ({}, ["space"], {"space": 100}),
        ({"space": 100}, ["space", "drones"], {"space": 50, "drones": 50}),
        (
            {"space": 50, "drones": 50},
            ["space", "drones", "electronics"],
            {"space": 33, "drones": 34, "electronics": 33},
        ),
        ({"space": 33, "drones": 34, "electronics": 33}, ["drones", "electronics"], {"drones": 50, "electronics": 50}),
        (
            {"space": 80, "drones": 20},
            ["space", "drones", "electronics"],
            {"space": 72, "drones": 18, "electronics": 10},
        ),
        ({"space": 60, "drones": 30, "electronics": 10}, ["space", "drones"], {"space": 67, "drones": 33}),
        ({"space": 60, "drones": 40}, [], {}),
    ],
)
def test_chips_add_and_remove_markets(before: dict[str, int], markets: list[str], after: dict[str, int]) -> None:
    """The first chips share equally; once shares are the firm's own, a new market begins small."""
    mix = set_markets(Mix(before, 5, {"space": 2.0}, transfer=("space", "")), markets)
    assert dict(mix.shares) == after
    assert list(mix.shares) == [name for name in before if name in markets] + [n for n in markets if n not in before]
    assert (mix.assumed_growth, mix.transfer) == (
        ({"space": 2.0}, ("space", "")) if "space" in after else ({}, ("", ""))
    )
    assert mix.turnover == 5


def test_know_how_rides_in_the_fragment() -> None:
    """What a firm can do stands behind the # with its mix; what is no id is left out and said."""
    mix = Mix({"space": 100}, knowhow=("machining", "wiring"))
    assert format_fragment(mix) == "mix=space:100&knowhow=machining,wiring"
    assert parse_fragment("mix=space:100&knowhow=machining,<b>", MARKETS) == (
        Mix({"space": 100}, knowhow=("machining",)),
        (UnreadPart("knowhow"),),
    )
