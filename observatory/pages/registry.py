"""Streamlit lives in this room and nowhere else. PAGES is the ordered table of what the menu shows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from observatory.outlook.outlook import Outlook
from observatory.pages import (
    brief_cache,
    compare,
    countries,
    method,
    overview,
    purchasing,
    radar,
    segment,
    track_record,
    whats_new,
)
from observatory.pages.portfolio import page
from observatory.pages.publish import page as publish
from observatory.selection import Selection


@dataclass(frozen=True)
class Row:
    """A page: its id (also the key of its title), its path, what shows it, and what a shared link must name."""

    id: str
    path: str
    show: Callable[[Outlook, Selection, Mapping[str, Any]], None]
    pinned: Callable[[Outlook, Selection], Selection]


PAGES: tuple[Row, ...] = (
    Row("overview", "", overview.show, lambda _outlook, selection: selection),
    Row("segment", "segment", segment.show, brief_cache.pinned),
    Row("compare", "compare", compare.show, compare.pinned),
    Row("portfolio", "portfolio", page.show, lambda _outlook, selection: selection),
    Row("countries", "countries", countries.show, countries.pinned),
    Row("purchasing", "purchasing", purchasing.show, purchasing.pinned),
    Row("radar", "radar", radar.show, lambda _outlook, selection: selection),
    Row("track_record", "track-record", track_record.show, lambda _outlook, selection: selection),
    Row("whats_new", "whats-new", whats_new.show, lambda _outlook, selection: selection),
    Row("publish", "publish", publish.show, lambda _outlook, selection: selection),
    Row("method", "method", method.show, lambda _outlook, selection: selection),
)
