"""A dated link keeps its word: the same pages, byte for byte, whatever is published after it."""

import pickle
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from observatory import settings, workspace
from observatory.catalogue.codec import encode_indicator
from observatory.catalogue.models import Catalogue
from observatory.language import Localizer
from observatory.outlook.analysis.diff import diff_outlooks
from observatory.pages import brief_cache
from observatory.pages.layout import banners
from observatory.selection import Selection
from observatory.store.records import VintageBatch
from observatory.timeseries import SeriesKey
from observatory.workspace import Workspace
from tests.support.clock import one_day_clock
from tests.support.stores import StoreMaker

DELIVERIES: SeriesKey = ("airbus_deliveries", "WORLD", "")
BUDGET: SeriesKey = ("esa_budget", "ESA", "")
PAGES = ("overview", "segment", "track_record", "method")


@pytest.fixture
def opened(tmp_path: Path, stores: StoreMaker, few: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """A small workspace that the pages read."""
    place = {"OBSERVATORY_STORE": stores.create(tmp_path), "OBSERVATORY_DATA": str(few)}
    made = Workspace(settings.load_settings(place), one_day_clock)
    made.publish_curated()
    monkeypatch.setattr(workspace, "get_workspace", lambda: made)
    forget()
    yield made
    forget()
    made.close()


def forget() -> None:
    brief_cache.clear()
    brief_cache.find_changes.cache_clear()


def publish(
    opened: Workspace,
    rows: Sequence[tuple[SeriesKey, str, float | None]],
    place: int,
    facts: Mapping[str, Mapping[str, Any] | None] | None = None,
) -> None:
    batch = VintageBatch(opened.now(), "Anne", f"motif {place}", "", f"{place:064d}", rows, facts or {})
    opened.commit(opened.prepare(batch), opened.access.open_operator_session("Anne"))


def ten_editions(opened: Workspace) -> None:
    """Revisions, new years, withdrawals, an indicator described anew and in another market, one taken away, an undo."""
    publish(opened, [(DELIVERIES, "2025", 400.0)], 1)
    publish(opened, [(DELIVERIES, "2026", 300.0)], 2)
    publish(opened, [(DELIVERIES, str(year), 1000.0 - 10 * (2025 - year)) for year in range(2000, 2026)], 3)
    publish(opened, [(BUDGET, "2024", None)], 4)
    publish(opened, [(BUDGET, "2026", 9000.0), (BUDGET, "2027", 9900.0)], 5)
    facts = encode_indicator(opened.get_outlook().catalogue.indicators["esa_budget"])
    facts |= {"title_fr": "Autre titre", "title_en": "Another title", "segment": "drones"}
    publish(opened, [], 6, {"esa_budget": facts})
    gone = [(row[:3], row.period, None) for row in opened.store.observations(opened.get_vintage(), {"esa_budget"})]
    publish(opened, gone, 7, {"esa_budget": None})
    publish(opened, [(("atr_backlog", "WORLD", ""), str(year), 10.0 + year % 7) for year in range(2010, 2026)], 8)
    opened.revert(9, "erreur", opened.access.open_operator_session("Anne"))
    publish(opened, [(DELIVERIES, "1999", 1.0)], 10)
    assert len(opened.store.vintages()) == 11


QUERIES = (
    {"horizon": "2"},
    {"segment": "space", "indicator": "esa_budget", "horizon": "5"},
    {"segment": "commercial_aircraft", "unit": "growth", "from": "1990"},
    {"indicator": "atr_backlog", "level": "95"},
)


def pages(opened: Workspace, asof: str) -> dict[str, bytes]:
    """Every page of the dated links, with what could not be used in them."""
    found = {}
    for language in ("fr", "en"):
        for query in QUERIES:
            chosen, notices, outlook = workspace.resolve_query(opened, {**query, "lang": language, "asof": asof})
            for page in PAGES:
                brief = brief_cache.get_brief(page, outlook, chosen)
                found[f"{page} {chosen}"] = pickle.dumps((brief, notices, outlook.day))
    return found


@pytest.mark.slow
def test_a_dated_link_shows_the_same_after_ten_editions(opened: Workspace, localizer: Localizer) -> None:
    """Overview, markets, track record and method are equal byte for byte in both languages; the banner counts."""
    before = pages(opened, "e1")
    assert len(before) == 2 * len(QUERIES) * 4
    ten_editions(opened)
    forget()
    assert pages(opened, "e1") == before
    assert pages(opened, "") != before

    then, now = opened.get_outlook_by_number(1), opened.get_outlook()
    found = diff_outlooks(then, now)
    assert found.revised_count > 10
    assert found.flipped_calls
    chosen = Selection(lang=localizer.language, asof="e1")
    sentence, newest = banners.list_edition_notices(then, chosen, localizer)
    assert newest == 11
    assert localizer.plural("news.revised", found.revised_count) in sentence[0]
    assert localizer.plural("news.flipped", len(found.flipped_calls)) in sentence[0]
    assert localizer.day(then.day) in sentence[0]


@pytest.mark.slow
def test_a_dated_link_does_not_know_what_day_it_is(opened: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read a year later, a dated link still counts ages and delays from its own edition; a live one does not."""

    class Later(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime(2028, 3, 1, tzinfo=UTC)

    before, live = pages(opened, "e1"), pages(opened, "")
    forget()
    monkeypatch.setattr(opened, "clock", lambda: Later.now())
    assert pages(opened, "e1") == before
    assert pages(opened, "") != live


@pytest.mark.slow
def test_an_indicator_that_moved_is_found_where_the_link_says(opened: Workspace, catalogue: Catalogue) -> None:
    """A dated link to an indicator of its market of then opens without a notice; a live one follows the indicator."""
    ten_editions(opened)
    query = {"segment": "space", "indicator": "esa_budget"}
    chosen, notices, outlook = workspace.resolve_query(opened, {**query, "asof": "e1"})
    assert (chosen.segment, chosen.indicator, notices, outlook.edition) == ("space", "esa_budget", (), 1)
    assert workspace.resolve_query(opened, {"indicator": "esa_budget", "asof": "e1"})[0].segment == "space"
    assert workspace.resolve_query(opened, {"indicator": "esa_budget"})[0].segment == "drones"
    assert [row.key for row in workspace.resolve_query(opened, query)[1]] == ["notice.elsewhere"]
    assert replace(chosen, asof="") == Selection(segment="space", indicator="esa_budget")
