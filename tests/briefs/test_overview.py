"""The overview answers first: groups by call, what a bar and a row without one say, the record, what it cannot say."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from observatory.briefs.common.context import Context
from observatory.briefs.common.ranking_model import IntervalBar
from observatory.briefs.figures import ranking
from observatory.briefs.overview.model import OverviewBrief
from observatory.briefs.overview.page import build_overview
from observatory.language import Language, Localizer
from observatory.outlook.calls.backtest import as_columns
from observatory.outlook.calls.calls import Call
from observatory.outlook.outlook import Outlook
from observatory.outlook.study import Study
from observatory.pages.components.html import choose_ticks
from observatory.selection import Selection

FRENCH = Localizer("fr")
NBSP = "\u00a0"


def overview(outlook: Outlook, horizon: int = 2, language: Language = "fr") -> OverviewBrief:
    localizer = Localizer(language)
    return build_overview(Context(outlook, Selection(lang=language, horizon=horizon), localizer, outlook.day))


def with_calls(outlook: Outlook, **changes: Mapping[str, object]) -> Outlook:
    """An outlook in which the calls of some markets at two years are different."""
    calls = dict(outlook.calls)
    for segment, values in changes.items():
        calls[segment, 2] = replace(calls[segment, 2], **values)  # type: ignore[arg-type]
    return replace(outlook, calls=calls)


def with_record(outlook: Outlook, right: int, base: float, shrinking: int = 0) -> Outlook:
    """An outlook of 200 past calls at two years, so many of which came true and so many others said "shrinking"."""
    row = outlook.study.as_json()["horizons"]["2"] | {"called": 200, "right": right, "base": base}
    past = next(call for call in outlook.replayed_calls if call.horizon == 2)
    calls = [replace(past, call="shrinking" if place < shrinking else "growing") for place in range(200)]
    document = outlook.study.as_json() | {"horizons": {"2": row}, "rows": as_columns(calls)}
    return replace(outlook, study=Study.from_json(document))


def test_groups_say_the_verdict_and_every_market_is_in_one(outlook: Outlook) -> None:
    """Growing first, then flat, shrinking, unclear, each under its words; a call that no market has is not a group."""
    changed = with_calls(
        outlook,
        space={"call": "shrinking", "why": ""},
        helicopters={"call": "flat", "why": ""},
        drones={"call": "unclear"},
    )
    brief = overview(changed)
    assert [group.call for group in brief.groups] == ["growing", "flat", "shrinking", "unclear"]
    assert [group.title for group in brief.groups][1:] == ["Plutôt stables", "Plutôt en recul", "Nous ne tranchons pas"]
    assert [row.segment for row in brief.groups[1].rows] == ["helicopters"]
    assert [row.segment for row in brief.groups[2].rows] == ["space"]
    assert sorted(row.segment for group in brief.groups for row in group.rows) == sorted(outlook.catalogue.markets)
    grown = with_calls(outlook, **{name: {"call": "growing", "why": ""} for name in outlook.catalogue.markets})
    assert [group.call for group in overview(grown).groups] == ["growing"]


@pytest.mark.parametrize(
    ("growing", "headline"),
    [
        (0, f"Aucun des 9{NBSP}marchés ne devrait croître d’ici à 2028"),
        (1, "Un marché sur 9 devrait croître d’ici à 2028"),
        (3, f"3{NBSP}marchés sur 9 devraient croître d’ici à 2028"),
    ],
)
def test_the_headline_counts_growing_markets(outlook: Outlook, growing: int, headline: str) -> None:
    """None, one and several have their own sentence."""
    names = list(outlook.catalogue.markets)
    calls = {name: {"call": "growing" if place < growing else "flat", "why": ""} for place, name in enumerate(names)}
    assert overview(with_calls(outlook, **calls)).headline == headline


@pytest.mark.parametrize(
    ("bar", "texts"),
    [
        (IntervalBar(-2.34, 5.76, 13.04), ("−2,3", f"+5,8{NBSP}%", "+13,0")),
        (IntervalBar(-0.0068, 0.04, 0.06), ("0,0", f"0,0{NBSP}%", "+0,1")),
        (IntervalBar(-90.0, 1234.56, 2000.0), ("−90,0", f"+1\u202f234,6{NBSP}%", "+2\u202f000,0")),
    ],
)
def test_the_limits_of_a_bar_are_short(bar: IntervalBar, texts: tuple[str, str, str]) -> None:
    """One decimal, signed, the per cent on the median alone; what rounds to zero is zero."""
    assert ranking.limit_texts(bar, FRENCH) == texts


def test_a_bar_far_out_widens_the_scale_for_all(outlook: Outlook) -> None:
    """No bar is clipped, and the scale still has at most five marks, zero among them."""
    brief = overview(with_calls(outlook, space={"low": -0.62, "growth": 0.5, "high": 3.17}))
    assert brief.scale[0] <= -62
    assert brief.scale[1] >= 317
    ticks = choose_ticks(brief.scale)
    assert 0 in ticks
    assert 2 <= len(ticks) <= 5


@pytest.mark.parametrize(
    ("scale", "ticks"),
    [
        ((-10, 20), [-10, 0, 10, 20]),
        ((-10, 25), [-10, 0, 10, 20]),
        ((-65, 320), [0, 100, 200, 300]),
        ((0, 20), [0, 5, 10, 15, 20]),
    ],
)
def test_ticks_are_few_and_round(scale: tuple[int, int], ticks: list[int]) -> None:
    """The closest multiples of a round step of which at most five fit."""
    assert list(choose_ticks(scale)) == ticks


def caution_kinds(outlook: Outlook, call: Call) -> tuple[str, ...]:
    return ranking.caution_texts(Context(outlook, Selection(lang="fr"), FRENCH, outlook.day), call)


def test_old_data_are_marked_from_eighteen_months(outlook: Outlook) -> None:
    """At 17 months nothing is said, at 18 the mark says up to when they go."""
    month = outlook.day.year * 12 + outlook.day.month - 1
    call = replace(outlook.calls["space", 2], reasons=(), momentum=0.0, families=2)
    fresh, old = (replace(call, latest=f"{(month - age) // 12}-{(month - age) % 12 + 1:02d}") for age in (17, 18))
    assert caution_kinds(outlook, fresh) == ()
    assert caution_kinds(outlook, old) == (f"données jusqu’en mai{NBSP}2025",)


def test_every_warning_of_a_call_is_a_word_of_its_row(outlook: Outlook) -> None:
    """Proxies, falling months, one family and indicators at odds are each said; the legend names those that occur."""
    call = replace(outlook.calls["electronics", 2], momentum=0.0, families=2)
    assert caution_kinds(outlook, call) == ("séries surtout américaines",)
    plain = replace(call, reasons=())
    assert caution_kinds(outlook, replace(plain, momentum=-5.0)) == ("derniers mois en baisse",)
    assert caution_kinds(outlook, replace(plain, families=1)) == ("une seule source d’information",)
    assert caution_kinds(outlook, replace(plain, call="unclear", why="contradiction")) == ("indicateurs contraires",)
    context = Context(outlook, Selection(lang="fr"), FRENCH, outlook.day)
    assert ranking.caution_legend_text(context, [plain]) == ""
    assert ranking.caution_legend_text(context, [call, replace(plain, families=1)]) == (
        "séries surtout américaines, une seule source d’information"
    )


def test_a_row_without_figures_says_why(outlook: Outlook) -> None:
    """Too few years are counted, data that are too old are dated, and no row is without figure and reason."""
    call = outlook.calls["space", 2]
    nothing = replace(call, call="unclear", growth=None, low=None, high=None, probability_clear=None)
    context = Context(outlook, Selection(lang="fr"), FRENCH, outlook.day)
    short = ranking.reason_text(context, replace(nothing, why="too_little", outcomes=2.0))
    assert short.startswith(f"4{NBSP}années d’avis passés à vérifier")
    assert ranking.reason_text(context, replace(nothing, why="too_old", latest="2019-06")) == (
        f"Données trop anciennes (dernière{NBSP}: juin{NBSP}2019)."
    )
    for horizon in (1, 2, 3, 5):
        for row in overview(outlook, horizon).rows:
            assert bool(row.bar) != bool(row.reason)
            assert bool(row.bar) == bool(row.limit_texts[0])


@pytest.mark.parametrize(
    ("right", "base", "added"),
    [
        (150, 0.66, ""),  # 75 against 66
        (134, 0.66, f" {FRENCH.text('standing.barely')}"),
        (132, 0.66, f" {FRENCH.text('standing.even')}"),
        (130, 0.66, f" {FRENCH.text('standing.worse')}"),
    ],
)
def test_the_record_is_counted_out_of_a_hundred(outlook: Outlook, right: int, base: float, added: str) -> None:
    """Ours and that of the habit in one line, which says so where ours is no better."""
    record = overview(with_record(outlook, right, base)).record
    assert record is not None
    assert (record.share, record.base) == (right // 2, 66)
    assert record.sentence == (
        f"Nos avis «{NBSP}en croissance{NBSP}» se sont vérifiés {right // 2}{NBSP}fois sur 100\u202f; "
        f"le dire toujours{NBSP}: 66.{added}"
    )


@pytest.mark.parametrize(("shrinking", "is_rare"), [(0, True), (10, True), (11, False)])
def test_a_decline_that_is_practically_never_called_is_said(outlook: Outlook, shrinking: int, is_rare: bool) -> None:
    """Up to one call in twenty; the count stands with the record in any case."""
    brief = overview(with_record(outlook, 150, 0.66, shrinking))
    assert ("Nous ne savons pas annoncer un recul." in brief.limits) == is_rare
    assert brief.record is not None
    assert (f"{shrinking}{NBSP}fois sur 200" in brief.record.details[-1]) == (shrinking > 0)


def test_whoever_calls_a_decline_does_not_say_it_cannot(outlook: Outlook) -> None:
    """A market in the group of the shrinking ones contradicts the sentence, which is then left out."""
    brief = overview(with_calls(with_record(outlook, 150, 0.66), space={"call": "shrinking", "why": ""}))
    assert brief.limits == ()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_price_of_the_reader_is_in_euros(outlook: Outlook, language: Language) -> None:
    """The first input has its last price, month and range in euros; without inputs nothing is said."""
    price = overview(outlook, language=language).price
    assert price.startswith("Aluminium")
    assert "€/t" in price
    bare = replace(outlook, forecasts={})
    assert overview(bare, language=language).price == ""
