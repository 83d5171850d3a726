"""PAGES: one row a page, with its brief, its links, its card, its screen in a meeting, and whether it can be a file.

What shows a page and what writes its document lie in higher layers and are found by the id of the row:
`observatory.pages.ID` with `show`, `observatory.export.documents.ID` with `draft_ID`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from observatory.briefs import cards, links, meeting, method, overview
from observatory.briefs.cards import Card
from observatory.briefs.common.context import Context
from observatory.briefs.compare import page as compare
from observatory.briefs.countries import page as countries
from observatory.briefs.meeting import MeetingScreen
from observatory.briefs.purchasing import page as purchasing
from observatory.briefs.radar import page as radar
from observatory.briefs.segment import page as segment
from observatory.briefs.track_record import page as track_record
from observatory.mix import EMPTY_MIX, Mix
from observatory.outlook.outlook import Outlook
from observatory.selection import DEFAULT_SELECTION, Selection

_COMMON_FIELDS = ("lang", "horizon", "level", "asof", "after")
_SERIES_FIELDS = ("segment", "indicator", "geo", "item")


@dataclass(frozen=True)
class PageEntry:
    """A page: its id (also the key of its title), the path of its links, and what is built of it.

    `fields` is what it uses of a selection beside language, horizon, level and moment: its links name nothing else.
    `brief_fields` is what its cached brief depends on beside language and moment; None: the whole selection.
    `build` is None where a brief needs more than one outlook, or what only the reader's session holds.
    """

    id: str
    path: str
    build: Callable[[Context], Any] | None = None
    fields: tuple[str, ...] = ()
    brief_fields: tuple[str, ...] | None = None
    counts_freshness: bool = False  # from the day of the reader, who sees another brief tomorrow
    has_content: Callable[[Outlook], Any] | None = None  # whether there is anything to build a brief from
    pin: Callable[[Any, Outlook, Selection], Selection] | None = None  # what a shared link must name
    build_card: Callable[[Context], Card] | None = None
    screen_code: str = ""  # in the links of meetings
    build_screen: Callable[[Context, Mix], MeetingScreen] | None = None
    is_document: bool = False
    has_charts: bool = True  # whether a picture may stand for the document


PAGES: tuple[PageEntry, ...] = (
    PageEntry(
        "overview",
        "",
        overview.build_overview,
        brief_fields=("horizon", "after"),
        build_card=cards.build_overview_card,
        screen_code="o",
        build_screen=meeting.build_overview_screen,
        is_document=True,
    ),
    PageEntry(
        "segment",
        "segment",
        segment.build_segment,
        fields=(*_SERIES_FIELDS, "first", "last", "unit"),
        counts_freshness=True,
        pin=links.pin_segment,
        build_card=cards.build_segment_card,
        build_screen=meeting.build_segment_screen,
        is_document=True,
    ),
    PageEntry(
        "compare",
        "compare",
        compare.build_compare,
        fields=("first", "last", "unit", "series", "per", "base"),
        brief_fields=("horizon", "first", "last", "unit", "level", "after", "series", "per", "base"),
        counts_freshness=True,
        pin=links.pin_compare,
        is_document=True,
    ),
    PageEntry(
        "portfolio",
        "portfolio",
        screen_code=meeting.PORTFOLIO_SCREEN,
        build_screen=meeting.build_portfolio_screen,
    ),
    PageEntry(
        "countries",
        "countries",
        countries.build_countries,
        fields=("segment", "indicator", "geo", "measure"),
        brief_fields=("horizon", "level", "after", "indicator", "geo", "measure"),
        counts_freshness=True,
        has_content=countries.list_country_indicators,
        pin=links.pin_countries,
        is_document=True,
    ),
    PageEntry(
        "purchasing",
        "purchasing",
        purchasing.build_purchasing,
        fields=("segment", "indicator", "first", "last", "threshold", "side", "by", "basket"),
        counts_freshness=True,
        pin=links.pin_purchasing,
        is_document=True,
    ),
    PageEntry("radar", "radar", radar.build_radar, brief_fields=(), is_document=True),
    PageEntry(
        "track_record",
        "track-record",
        track_record.build_track_record,
        brief_fields=("after",),
        build_card=cards.build_track_record_card,
        screen_code="t",
        build_screen=meeting.build_track_record_screen,
        is_document=True,
    ),
    PageEntry(
        "whats_new", "whats-new", fields=("since", "until"), counts_freshness=True, is_document=True, has_charts=False
    ),
    PageEntry("publish", "publish", fields=("draft",)),
    PageEntry("method", "method", method.build_method, brief_fields=("horizon", "after"), is_document=True),
)
ONE_PAGER = "brief"  # the id of a market on one page: a document without a page of its own, which its link opens
ONE_PAGER_PAGE = "segment"


def find_page(page: str) -> PageEntry | None:
    """The row of a page by its id; that of a market for the market on one page."""
    name = ONE_PAGER_PAGE if page == ONE_PAGER else page
    return next((row for row in PAGES if row.id == name), None)


def restrict_to_page(page: str, selection: Selection) -> Selection:
    """What a page uses of a selection. A meeting keeps all of it: it leads back to where it was opened."""
    if selection.mode == "meeting":
        return selection
    row = find_page(page)
    names = (*_COMMON_FIELDS, *(row.fields if row is not None else ()))
    parts: dict[str, Any] = {name: getattr(selection, name) for name in names}
    return replace(DEFAULT_SELECTION, **parts)


def build_card(context: Context, page: str) -> Card:
    """The card of a page by its id; a page without a card of its own has its title and what it is for."""
    row = find_page(page)
    return row.build_card(context) if row is not None and row.build_card else cards.build_title_card(context, page)


def resolve_screen(selection: Selection) -> tuple[str, Selection]:
    """The page that the current screen of a meeting stands for, and what is chosen there."""
    code = meeting.list_screen_codes(selection)[meeting.current_screen_number(selection) - 1]
    row = next((row for row in PAGES if row.screen_code and row.screen_code == code), None)
    if row is not None:
        return row.id, selection
    if code == selection.segment:
        return "segment", selection
    return "segment", replace(selection, segment=code, indicator="", geo="", item="")


def build_screen(context: Context, mix: Mix = EMPTY_MIX) -> MeetingScreen:
    """The current screen of a meeting; only the screen of a mix shows it."""
    page, chosen = resolve_screen(context.selection)
    row = find_page(page)
    assert row is not None
    assert row.build_screen is not None
    return row.build_screen(replace(context, selection=chosen), mix)
