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
class PageEntry:
    """A page: its id (also the key of its title), its path, what shows it, and what a shared link must name."""

    id: str
    path: str
    show: Callable[[Outlook, Selection, Mapping[str, Any]], None]
    pin: Callable[[Outlook, Selection], Selection]


PAGES: tuple[PageEntry, ...] = (
    PageEntry("overview", "", overview.show, lambda _outlook, selection: selection),
    PageEntry("segment", "segment", segment.show, brief_cache.pin_shown_segment),
    PageEntry("compare", "compare", compare.show, compare.pin_selection),
    PageEntry("portfolio", "portfolio", page.show, lambda _outlook, selection: selection),
    PageEntry("countries", "countries", countries.show, countries.pin_selection),
    PageEntry("purchasing", "purchasing", purchasing.show, purchasing.pin_selection),
    PageEntry("radar", "radar", radar.show, lambda _outlook, selection: selection),
    PageEntry("track_record", "track-record", track_record.show, lambda _outlook, selection: selection),
    PageEntry("whats_new", "whats-new", whats_new.show, lambda _outlook, selection: selection),
    PageEntry("publish", "publish", publish.show, lambda _outlook, selection: selection),
    PageEntry("method", "method", method.show, lambda _outlook, selection: selection),
)
