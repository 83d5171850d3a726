"""The selection and the address: total in both directions."""

from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.catalogue.nouns import Catalogue
from observatory.selection import (
    DEFAULT,
    MODES,
    MOST_SHARES,
    NAMES,
    SCENARIOS,
    SIDES,
    UNITS,
    Selection,
    address,
    basket_of,
    query_of,
    read,
    shares_of,
)
from observatory.settings import HORIZONS, LEVELS


def selections(catalogue: Catalogue) -> st.SearchStrategy[Selection]:
    def build(lang: str, segment: str, indicator: str, geo: str, item: str, rest: tuple[object, ...]) -> Selection:
        horizon, years, unit, scenario, level, asof, after, mode, since, until, threshold, side, by, basket = rest
        first, last = years  # type: ignore[misc]
        if first and last and first > last:
            first, last = last, first
        home = catalogue.indicators[indicator].segment if indicator else segment
        return Selection(
            lang,
            home,
            indicator,
            geo,
            item,
            horizon,
            first,
            last,
            unit,
            scenario,
            level,
            asof,
            after,
            mode,
            since,
            until,
            threshold=threshold,
            side=side,
            by=by,
            basket=basket,
        )  # type: ignore[arg-type]

    years = st.one_of(st.just(0), st.integers(1900, 2100))
    days = st.dates(min_value=date(1950, 1, 1), max_value=date(2099, 12, 31)).map(str)
    editions = st.integers(1, 999_999)
    pinned = editions.map(lambda number: f"e{number}")
    asof = st.one_of(st.just(""), days, days.map(lambda day: day[:7]), days.map(lambda day: day[:4]), pinned)
    return st.builds(
        build,
        st.sampled_from(["fr", "en"]),
        st.sampled_from(["", *catalogue.segments]),
        st.sampled_from(["", *catalogue.indicators]),
        st.sampled_from(["", *catalogue.geographies]),
        st.sampled_from(["", *catalogue.items]),
        st.tuples(
            st.sampled_from(HORIZONS),
            st.tuples(years, years),
            st.sampled_from(UNITS),
            st.sampled_from(SCENARIOS),
            st.sampled_from(LEVELS),
            asof,
            st.sampled_from([0, 1]),
            st.sampled_from(MODES),
            st.one_of(st.just(0), editions),
            st.one_of(st.just(0), editions),
            st.one_of(st.just(""), st.from_regex(r"[1-9][0-9]{0,8}(\.[0-9]{1,6})?", fullmatch=True)),
            st.sampled_from(["", *SIDES]),
            st.one_of(st.just(""), st.integers(1, 99).map(str), days.map(lambda day: "20" + day[2:7])),
            st.dictionaries(
                st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True), st.integers(1, 999), max_size=MOST_SHARES
            ).map(basket_of),
        ),
    )


@given(st.data())
def test_selection_to_address_and_back_is_the_identity(catalogue: Catalogue, data: st.DataObject) -> None:
    """Any valid selection, written short or in full for a reader of either language, is read back the same."""
    chosen = data.draw(selections(catalogue))
    for language in ("fr", "en"):
        default = Selection(lang=language)
        for explicit in (False, True):
            link = address("https://example.org/segment", chosen, default, explicit)
            query = parse_qs(urlsplit(link).query)
            again, notices = read(query, catalogue, default)
            assert again == chosen
            assert notices == ()
    assert read(query_of(chosen, explicit=True), catalogue, Selection(lang="en"))[0] == chosen


@given(
    st.dictionaries(
        st.one_of(st.sampled_from(sorted(NAMES.values())), st.text(max_size=20)),
        st.lists(st.text(max_size=40), max_size=3),
        max_size=6,
    )
)
def test_any_query_gives_a_valid_selection(catalogue: Catalogue, query: dict[str, list[str]]) -> None:
    """No query raises; what it cannot use is a notice; the selection it gives is one that can be written again."""
    chosen, notices = read(query, catalogue)
    assert read(query_of(chosen), catalogue) == (chosen, ())
    for name, values in query.items():
        if name not in NAMES.values():
            assert any(notice.key == "notice.unknown_name" for notice in notices)
        assert isinstance(values, list)


@pytest.mark.parametrize(
    ("query", "field", "value", "key"),
    [
        ({"horizon": "4"}, "horizon", 2, "notice.unknown_value"),
        ({"horizon": "\u0662"}, "horizon", 2, "notice.unknown_value"),
        ({"segment": "helicopteres"}, "segment", "", "notice.unknown_value"),
        ({"from": "2020", "to": "2010"}, "last", 0, "notice.years"),
        ({"asof": "2026-02-30"}, "asof", "", "notice.unknown_value"),
        ({"asof": "e0"}, "asof", "", "notice.unknown_value"),
        ({"asof": "e1234567"}, "asof", "", "notice.unknown_value"),
        ({"asof": "e\u0662"}, "asof", "", "notice.unknown_value"),
        ({"since": "0"}, "since", 0, "notice.unknown_value"),
        ({"until": "-1"}, "until", 0, "notice.unknown_value"),
        ({"until": "1000000"}, "until", 0, "notice.unknown_value"),
        ({"threshold": "3 850,5"}, "threshold", "", "notice.unknown_value"),
        ({"threshold": "0"}, "threshold", "", "notice.unknown_value"),
        ({"threshold": "1e9"}, "threshold", "", "notice.unknown_value"),
        ({"threshold": "\u0661"}, "threshold", "", "notice.unknown_value"),
        ({"side": "over"}, "side", "", "notice.unknown_value"),
        ({"by": "0"}, "by", "", "notice.unknown_value"),
        ({"by": "2027-13"}, "by", "", "notice.unknown_value"),
        ({"basket": "aluminium"}, "basket", "", "notice.unknown_value"),
        ({"basket": "usd:30,usd:40"}, "basket", "", "notice.unknown_value"),
        ({"basket": "usd:-3"}, "basket", "", "notice.unknown_value"),
        ({"couleur": "rose"}, "lang", "fr", "notice.unknown_name"),
        ({"segment": "space", "indicator": "atr_backlog"}, "indicator", "", "notice.elsewhere"),
        ({"segment": "x" * 10_000}, "segment", "", "notice.too_long"),
    ],
)
def test_what_cannot_be_used_is_told(
    catalogue: Catalogue, query: dict[str, str], field: str, value: object, key: str
) -> None:
    """A value that does not exist leaves the default and one notice; nothing is dropped in silence."""
    chosen, notices = read(query, catalogue)
    assert getattr(chosen, field) == value
    assert [notice.key for notice in notices] == [key]
    assert all(len(notice.value) <= 60 for notice in notices)


def test_an_indicator_brings_its_segment(catalogue: Catalogue) -> None:
    """A link that names only an indicator opens its market."""
    assert read({"indicator": "atr_backlog"}, catalogue)[0].segment == "commercial_aircraft"


def test_asof_is_the_end_of_what_it_names() -> None:
    """A year, month or day is pinned at its end, so that what was published on that day is in it."""
    assert Selection(asof="2026").moment() == datetime(2026, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
    assert Selection(asof="2026-02").moment() == datetime(2026, 2, 28, 23, 59, 59, 999999, tzinfo=UTC)
    assert Selection(asof="2026-11-22").moment() == datetime(2026, 11, 22, 23, 59, 59, 999999, tzinfo=UTC)
    assert DEFAULT.moment() is None


def test_asof_names_an_edition_or_a_day() -> None:
    """An address with e12 names the twelfth edition and no moment; a day is a moment and no edition."""
    assert (Selection(asof="e12").edition(), Selection(asof="e12").moment()) == (12, None)
    assert Selection(asof="2026-11-22").edition() is None
    assert DEFAULT.edition() is None


def test_defaults_are_left_out_and_full_links_are_short(catalogue: Catalogue) -> None:
    """A default selection has an empty query; the full link of a segment view stays under 200 characters."""
    assert query_of(DEFAULT) == {}
    longest = max(catalogue.indicators, key=len)
    chosen = read({"indicator": longest, "geo": "WORLD", "from": "1990", "asof": "2026-11-22"}, catalogue)[0]
    assert len(address("https://observatoire.example.org/segment", chosen, explicit=True)) < 250
    assert (
        len(
            address("https://observatoire.example.org/segment", Selection(segment="commercial_aircraft"), explicit=True)
        )
        < 200
    )


def test_a_basket_is_read_and_written(catalogue: Catalogue) -> None:
    """The shares of a basket keep their order; a link shows them as they are typed, and shares of nothing are gone."""
    assert shares_of("aluminium:40,brent:30,usd:30") == {"aluminium": 40, "brent": 30, "usd": 30}
    assert basket_of({"aluminium": 40, "usd": 0}) == "aluminium:40"
    assert shares_of("") == {}
    assert address("/purchasing", Selection(basket="aluminium:40,usd:30")) == "/purchasing?basket=aluminium:40,usd:30"
