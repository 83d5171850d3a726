"""The data page: every indicator can be found, and says how old it is and under which terms."""

from dataclasses import replace
from datetime import date

import pytest

from observatory.briefs.common.context import Context
from observatory.briefs.data.entries import build_entry
from observatory.briefs.data.page import build_data
from observatory.briefs.whats_new.editions import CountedEditions, choose_editions
from observatory.briefs.whats_new.page import build_whats_new
from observatory.language import LANGUAGES, Language, Localizer
from observatory.outlook.analysis.diff import OutlookDiff
from observatory.outlook.outlook import Outlook
from observatory.selection import DEFAULT_SELECTION, STATES, Selection
from observatory.store.records import Vintage

DAY = date(2026, 11, 30)


def build(outlook: Outlook, language: str = "fr", **choice: object) -> Context:
    selection = replace(DEFAULT_SELECTION, lang=language, **choice)  # type: ignore[arg-type]
    return Context(outlook, selection, Localizer("en" if language == "en" else "fr"), DAY)


def find(outlook: Outlook, **choice: object) -> set[str]:
    return {row.indicator for row, _spark in build_data(build(outlook, **choice)).rows}


def test_every_indicator_is_listed_once(outlook: Outlook) -> None:
    """Without a search, all indicators, and those that await their figures, with publisher and licence."""
    rows = [row for row, _spark in build_data(build(outlook)).rows]
    assert {row.indicator for row in rows if row.state != "awaiting"} == {key[0] for key in outlook.panel}
    assert {row.indicator for row in rows if row.state == "awaiting"} == set(outlook.catalogue.candidates)
    assert len(rows) == len({row.indicator for row in rows})
    assert all(row.publisher and row.latest and row.licence and row.title for row in rows)


def test_words_are_found_in_any_order_without_accents_and_in_both_languages(outlook: Outlook) -> None:
    """Titles, places, publishers and codes; all words must be there."""
    assert "atr_backlog" in find(outlook, find="atr carnet")
    assert find(outlook, find="carnet ATR") == find(outlook, find="ÂTR carnét")
    assert "atr_backlog" in find(outlook, find="backlog")
    assert find(outlook, find="Occitanie")
    assert "us_tsa_passengers" in find(outlook, find="transportation security")
    assert find(outlook, find="zzz") == set()


def test_filters_are_met_together(outlook: Outlook) -> None:
    """Market, role, frequency, freshness and area: each row passes all of them."""
    names = find(outlook, segment="electronics", freq="M", area="europe")
    assert names
    catalogue = outlook.catalogue.with_candidates()
    for name in names:
        row = catalogue.indicators[name]
        assert (row.segment, row.frequency) == ("electronics", "M")
        places = {geo for _id, geo, _item in outlook.panel if _id == name} or {row.headline_geo}
        assert places - {"USA", "WORLD"}
    assert find(outlook, role="cost") & find(outlook, role="market") == set()


def test_freshness_follows_the_day(outlook: Outlook) -> None:
    """Each indicator has one state; fifty years later nothing is fresh."""
    parts = [find(outlook, state=state) for state in STATES]
    assert sum(map(len, parts)) == len(set().union(*parts)) == len(find(outlook))
    later = replace(build(outlook, state="fresh"), today=date(2076, 11, 30))
    assert build_data(later).rows == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_agree_on_how_many_are_late(outlook: Outlook, language: Language) -> None:
    """The page of changes and the page of data count the same late indicators, those one month late included."""
    localizer, today = Localizer(language), date(2026, 12, 1)
    context = Context(outlook, Selection(lang=language), localizer, today)
    entries = [build_entry(context, row) for row in outlook.catalogue.indicators.values()]
    assert localizer.plural("data.state.late", 1) in {row.age for row in entries}
    count = sum(row.state == "late" for row in entries)
    only = [Vintage(1, None, outlook.published_at, outlook.published_at, "Anne", "", "", "0" * 64)]
    changes = build_whats_new(
        context, choose_editions(only, context.selection, 0), None, OutlookDiff(), CountedEditions(only, {})
    )
    assert localizer.plural("news.late", count) in changes.under[-1]
    assert localizer.plural("data.late", count) in build_data(context).under[0]


def test_a_filter_says_how_many_it_leaves(outlook: Outlook) -> None:
    """The count beside an option is the number of rows once it is chosen."""
    brief = build_data(build(outlook, find="livraisons"))
    for row in brief.filters:
        for option in row.options:
            chosen = build_data(build(outlook, find="livraisons", **{row.field: option.value}))
            assert option.label.endswith(f"({len(chosen.rows)})")


def test_an_open_indicator_says_what_it_does_not_say(outlook: Outlook) -> None:
    """Description, unit, source, licence, caveats, files, address for programs, and the same edition everywhere."""
    brief = build_data(build(outlook, indicator="atr_backlog", segment="commercial_aircraft", asof="e2"))
    assert brief.opened is not None
    assert brief.opened.description
    assert "asof=e2" in brief.opened.api_path
    assert all("asof=e2" in url for _label, url in brief.opened.downloads)
    assert len(brief.opened.terms) >= 5
    assert brief.opened.compare.series == "atr_backlog.WORLD"
    assert build_data(build(outlook)).opened is None


@pytest.mark.parametrize("language", ["fr", "en"])
def test_nothing_found_says_what_to_do(outlook: Outlook, language: str) -> None:
    """The words are repeated, with a cure."""
    brief = build_data(build(outlook, language, find="zzz"))
    assert brief.rows == ()
    assert "zzz" in brief.empty
