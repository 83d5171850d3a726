"""The selection and the address: total in both directions."""

from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.catalogue.models import ROLES, Catalogue
from observatory.catalogue.periods import FREQUENCIES
from observatory.catalogue.series_codes import SERIES_SEPARATOR, format_series_code
from observatory.outlook.outlook import Outlook
from observatory.selection import (
    AREAS,
    DEFAULT_SELECTION,
    LINK_MIGRATIONS,
    LINK_VERSION,
    MAX_BASKET_SHARES,
    MAX_SCREENS,
    MEASURES,
    MODES,
    NOTE_SCREEN,
    PARAMETER_NAMES,
    SCENARIOS,
    SCREEN_CODES,
    STATES,
    THRESHOLD_SIDES,
    UNITS,
    LinkMigration,
    Selection,
    build_share_url,
    build_url,
    format_basket,
    format_query,
    parse_basket,
    parse_find,
    parse_selection,
)
from observatory.selection import query as selection_query
from observatory.settings import HORIZONS, INTERVAL_LEVELS, MAX_COMPARED_SERIES

_LONG_MEETING = 14  # screens


def list_screens(catalogue: Catalogue) -> list[str]:
    """Every screen that a meeting may have."""
    notes = [f"{NOTE_SCREEN}-{name}" for name in catalogue.segments]
    return [*SCREEN_CODES, *catalogue.segments, NOTE_SCREEN, *notes]


def selections(catalogue: Catalogue) -> st.SearchStrategy[Selection]:
    def build(lang: str, segment: str, indicator: str, geo: str, item: str, rest: tuple[object, ...]) -> Selection:
        (
            horizon,
            years,
            unit,
            scenario,
            level,
            asof,
            after,
            mode,
            since,
            until,
            screens,
            screen,
            series,
            per,
            base,
            measure,
            threshold,
            side,
            by,
            basket,
            find,
            role,
            freq,
            state,
            area,
        ) = rest
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
            0,
            screens,
            screen,
            SERIES_SEPARATOR.join(series),  # type: ignore[arg-type]
            per,
            base,
            measure,
            threshold=threshold,
            side=side,
            by=by,
            basket=basket,
            find=find,
            role=role,
            freq=freq,
            state=state,
            area=area,
        )  # type: ignore[arg-type]

    years = st.one_of(st.just(0), st.integers(1900, 2100))
    days = st.dates(min_value=date(1950, 1, 1), max_value=date(2099, 12, 31)).map(str)
    editions = st.integers(1, 999_999)
    pinned = editions.map(lambda number: f"e{number}")
    asof = st.one_of(st.just(""), days, days.map(lambda day: day[:7]), days.map(lambda day: day[:4]), pinned)
    parts = (list(catalogue.indicators), list(catalogue.geographies), ["", *catalogue.items])
    codes = st.tuples(*map(st.sampled_from, parts)).map(format_series_code)
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
            st.sampled_from(INTERVAL_LEVELS),
            asof,
            st.sampled_from([0, 1]),
            st.sampled_from(MODES),
            st.one_of(st.just(0), editions),
            st.one_of(st.just(0), editions),
            st.lists(st.sampled_from(list_screens(catalogue)), max_size=_LONG_MEETING).map(".".join),
            st.integers(1, MAX_SCREENS),
            st.lists(codes, max_size=MAX_COMPARED_SERIES, unique=True),
            st.one_of(st.just(""), codes, st.sampled_from(list(catalogue.indicators))),
            years,
            st.sampled_from(MEASURES),
            st.one_of(st.just(""), st.from_regex(r"[1-9][0-9]{0,8}(\.[0-9]{1,6})?", fullmatch=True)),
            st.sampled_from(["", *THRESHOLD_SIDES]),
            st.one_of(st.just(""), st.integers(1, 99).map(str), days.map(lambda day: "20" + day[2:7])),
            st.dictionaries(
                st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True), st.integers(1, 999), max_size=MAX_BASKET_SHARES
            ).map(format_basket),
            st.text(max_size=80).map(parse_find),
            st.sampled_from(["", *ROLES]),
            st.sampled_from(["", *FREQUENCIES]),
            st.sampled_from(["", *STATES]),
            st.sampled_from(["", *AREAS]),
        ),
    )


@pytest.mark.slow
@given(st.data())
def test_selection_to_address_and_back_is_the_identity(catalogue: Catalogue, data: st.DataObject) -> None:
    """Any valid selection, in the address bar or in a link to others, is read back the same in both languages."""
    chosen = data.draw(selections(catalogue))
    for language in ("fr", "en"):
        default = Selection(lang=language)
        for written in (build_url("/segment", chosen, default), build_share_url("/segment", chosen, catalogue)):
            query = parse_qs(urlsplit(written).query)
            assert parse_selection(query, catalogue, default) == (chosen, ())


@given(
    st.dictionaries(
        st.one_of(st.sampled_from(sorted(PARAMETER_NAMES.values())), st.text(max_size=20)),
        st.lists(st.text(max_size=40), max_size=3),
        max_size=6,
    )
)
def test_any_query_gives_a_valid_selection(catalogue: Catalogue, query: dict[str, list[str]]) -> None:
    """No query raises; a word that it cannot use is a notice; the selection it gives can be written again."""
    chosen, notices = parse_selection(query, catalogue)
    assert parse_selection(format_query(chosen), catalogue) == (chosen, ())
    for name in query:
        if name.isalpha() and name.lower() not in PARAMETER_NAMES.values():
            assert any(notice.key == "notice.unknown_name" for notice in notices)


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
        ({"screens": "o..t"}, "screens", "", "notice.unknown_value"),
        ({"screens": "o.<script>"}, "screens", "", "notice.unknown_value"),
        ({"screens": ".".join(["o"] * 27)}, "screens", "", "notice.unknown_value"),
        ({"screen": "27"}, "screen", 1, "notice.unknown_value"),
        ({"base": "1899"}, "base", 0, "notice.unknown_value"),
        ({"measure": "vitesse"}, "measure", "growth5", "notice.unknown_value"),
        ({"per": "atr_backlog.NOWHERE"}, "per", "", "notice.unknown_value"),
        ({"series": "rien.WORLD"}, "series", "", "notice.series.unknown"),
        ({"series": "atr_backlog.WORLD.a320_family.x"}, "series", "", "notice.series.unknown"),
        ({"series": "atr_backlog~atr_backlog.WORLD"}, "series", "atr_backlog.WORLD", "notice.series.twice"),
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
        ({"find": "<>&\u202e"}, "find", "", "notice.unknown_value"),
        ({"role": "boss"}, "role", "", "notice.unknown_value"),
        ({"freq": "W"}, "freq", "", "notice.unknown_value"),
        ({"state": "new"}, "state", "", "notice.unknown_value"),
        ({"area": "asia"}, "area", "", "notice.unknown_value"),
        ({"couleur": "rose"}, "lang", "fr", "notice.unknown_name"),
        ({"segment": "space", "indicator": "atr_backlog"}, "indicator", "", "notice.elsewhere"),
        ({"segment": "x" * 10_000}, "segment", "", "notice.too_long"),
    ],
)
def test_what_cannot_be_used_is_told(
    catalogue: Catalogue, query: dict[str, str], field: str, value: object, key: str
) -> None:
    """A value that does not exist leaves the default and one notice; nothing is dropped in silence."""
    chosen, notices = parse_selection(query, catalogue)
    assert getattr(chosen, field) == value
    assert [notice.key for notice in notices] == [key]
    assert all(len(notice.value) <= 60 for notice in notices)


def test_a_list_of_series_keeps_its_order_and_its_length(catalogue: Catalogue) -> None:
    """Commas are read as well; an indicator alone is its headline; the ninth series is left out, and that is told."""
    names = list(catalogue.indicators)[: MAX_COMPARED_SERIES + 1][::-1]
    chosen, notices = parse_selection({"series": ",".join(names)}, catalogue)
    first = catalogue.indicators[names[0]]
    assert [key[0] for key in chosen.series_keys] == names[:MAX_COMPARED_SERIES]
    assert chosen.series_keys[0] == (first.id, first.headline_geo, first.headline_item)
    assert [(notice.key, notice.value) for notice in notices] == [("notice.series.many", names[-1])]
    assert "%" not in build_url("/compare", chosen), "nothing in the list needs escaping"
    assert len(build_url("/compare", chosen)) < 400


def test_an_indicator_brings_its_segment(catalogue: Catalogue) -> None:
    """A link that names only an indicator opens its market."""
    assert parse_selection({"indicator": "atr_backlog"}, catalogue)[0].segment == "commercial_aircraft"


def test_a_search_keeps_words_and_loses_marks(catalogue: Catalogue) -> None:
    """Accents and figures stay, composed; marks, signs and what is beyond 60 characters go."""
    found = {"l\u2019Insee  <b>e\u0301lectronique</b>, 2024!": "l Insee b électronique b 2024", "x" * 99: "x" * 60}
    for text, words in found.items():
        assert parse_selection({"find": text}, catalogue) == (Selection(find=words), ())


def test_asof_is_the_end_of_what_it_names() -> None:
    """A year, month or day is pinned at its end, so that what was published on that day is in it."""
    assert Selection(asof="2026").pinned_moment() == datetime(2026, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
    assert Selection(asof="2026-02").pinned_moment() == datetime(2026, 2, 28, 23, 59, 59, 999999, tzinfo=UTC)
    assert Selection(asof="2026-11-22").pinned_moment() == datetime(2026, 11, 22, 23, 59, 59, 999999, tzinfo=UTC)
    assert DEFAULT_SELECTION.pinned_moment() is None


def test_asof_names_an_edition_or_a_day() -> None:
    """An address with e12 names the twelfth edition and no moment; a day is a moment and no edition."""
    assert (Selection(asof="e12").edition_number(), Selection(asof="e12").pinned_moment()) == (12, None)
    assert Selection(asof="2026-11-22").edition_number() is None
    assert DEFAULT_SELECTION.edition_number() is None


def test_asof_names_the_edition_that_a_month_is_rebuilt_from(catalogue: Catalogue) -> None:
    """2010-10.e2 is October 2010 on the figures of edition 2, written and read as such; it names no edition itself."""
    chosen = parse_selection({"asof": "2010-10.e2"}, catalogue)[0]
    assert (chosen.asof, chosen.base_edition(), chosen.edition_number()) == ("2010-10.e2", 2, None)
    assert chosen.pinned_moment() == Selection(asof="2010-10").pinned_moment()
    assert format_query(chosen) == {"asof": "2010-10.e2"}
    assert [Selection(asof=asof).base_edition() for asof in ("2010-10", "e2", "", "2010.e12")] == [None, None, None, 12]
    for wrong in ("2010-10.e0", "2010-10.2", "2010-13.e2", "2010-10.e2.e3", "2010-10.e01"):
        assert [row.key for row in parse_selection({"asof": wrong}, catalogue)[1]] == ["notice.unknown_value"]


def test_defaults_are_left_out() -> None:
    """A default selection has an empty query."""
    assert format_query(DEFAULT_SELECTION) == {}


BASE = "https://observatoire.cluster-aerospace.fr"


def test_a_link_can_be_read_out(catalogue: Catalogue, outlook: Outlook) -> None:
    """Under 210 characters for every series of every market, with the longest of all that its page reads, and dated."""
    assert len(BASE) >= 40
    longest = 0
    for indicator, geo, item in outlook.panel:
        home = catalogue.indicators[indicator].segment
        chosen = Selection("fr", home, indicator, geo, item, 5, 1990, 2020, "growth", level=95)
        for asof, after in (("e999999", 0), ("2005-06-30", 1)):
            written = build_share_url(f"{BASE}/segment", replace(chosen, asof=asof, after=after), catalogue)
            longest = max(longest, len(written))
    assert longest < 210
    everything = Selection("fr", segment="commercial_aircraft", mode="meeting", screens="o.commercial_aircraft.t")
    assert len(build_share_url(f"{BASE}/segment", everything, catalogue)) < 200


# What a link of the first version leaves out. Whoever changes one of these changes what old links show: give links a
# new version, and a row of MIGRATIONS that writes the old value into links that leave it out.
LEFT_OUT = {
    "horizon": 2,
    "unit": "level",
    "scenario": "base",
    "level": 80,
    "mode": "page",
    "screen": 1,
    "measure": "growth5",
}


def test_defaults_are_promises() -> None:
    """What links leave out means what it meant when they were written."""
    assert LINK_VERSION == 1
    defaults = {
        name: value for name, value in asdict(DEFAULT_SELECTION).items() if value not in ("", 0) and name != "lang"
    }
    assert defaults == LEFT_OUT


def test_links_of_all_versions_are_read(catalogue: Catalogue) -> None:
    """A link without a version is of the first; one of a version to come is read as far as can be, and that is told."""
    assert parse_selection({"horizon": "5"}, catalogue) == parse_selection({"horizon": "5", "v": "1"}, catalogue)
    chosen, notices = parse_selection({"horizon": "5", "v": str(LINK_VERSION + 1)}, catalogue)
    assert (chosen.horizon, [row.key for row in notices]) == (5, ["notice.newer"])
    for odd in ("", "0", "-1", "x", "\u0662", "1e9", "9" * 50):
        chosen, notices = parse_selection({"horizon": "5", "v": odd}, catalogue)
        assert (chosen.horizon, [row.key for row in notices]) == (5, ["notice.unknown_value"])


def test_there_is_a_migration_from_every_version() -> None:
    """The table has one row a version, in order, each with what it mended."""
    assert [row.version for row in LINK_MIGRATIONS] == list(range(1, LINK_VERSION))
    assert all(row.description for row in LINK_MIGRATIONS)


def test_migrations_mend_old_links_and_no_others(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a codec of two changes, links of the first two versions open as they did, and new ones say their version."""

    def renamed(query: dict[str, str]) -> dict[str, str]:
        return {{"years": "horizon"}.get(name, name): value for name, value in query.items()}

    def defaulted(query: dict[str, str]) -> dict[str, str]:
        return {"level": "50", **query}

    rows = (
        LinkMigration(1, renamed, "years became horizon"),
        LinkMigration(2, defaulted, "level was 50 where left out"),
    )
    monkeypatch.setattr(selection_query, "LINK_MIGRATIONS", rows)
    monkeypatch.setattr(selection_query, "LINK_VERSION", 3)
    first, second, third = (
        parse_selection(query, catalogue) for query in ({"years": "5"}, {"horizon": "5", "v": "2"}, {"v": "3"})
    )
    assert first == second == (Selection(horizon=5, level=50), ())
    assert third == (DEFAULT_SELECTION, ())
    assert parse_selection({}, catalogue) == (DEFAULT_SELECTION, ())
    assert format_query(Selection(horizon=5)) == {"horizon": "5", "v": "3"}
    assert format_query(DEFAULT_SELECTION) == {}
    assert parse_selection(format_query(Selection(horizon=5)), catalogue) == (Selection(horizon=5), ())


def test_a_basket_is_read_and_written(catalogue: Catalogue) -> None:
    """The shares of a basket keep their order; a link shows them as they are typed, and shares of nothing are gone."""
    assert parse_basket("aluminium:40,brent:30,usd:30") == {"aluminium": 40, "brent": 30, "usd": 30}
    assert format_basket({"aluminium": 40, "usd": 0}) == "aluminium:40"
    assert parse_basket("") == {}
    assert build_url("/purchasing", Selection(basket="aluminium:40,usd:30")) == "/purchasing?basket=aluminium:40,usd:30"
