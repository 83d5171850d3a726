"""Registry of pages (PAGES): the brief of each, its links, card, meeting screen, and whether it can be exported.

Higher layers find their part of a page by its id: `observatory.pages.ID` has `show`, which displays it, and
`observatory.export.documents.ID` has `draft_ID`, which writes its document.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from observatory.briefs import cards, links, meeting, method
from observatory.briefs.cards import Card
from observatory.briefs.common.context import Context
from observatory.briefs.compare.page import build_compare
from observatory.briefs.countries.choices import list_country_indicators
from observatory.briefs.countries.page import build_countries
from observatory.briefs.data.page import build_data
from observatory.briefs.meeting import MeetingScreen
from observatory.briefs.overview.page import build_overview
from observatory.briefs.purchasing.page import build_purchasing
from observatory.briefs.radar.page import build_radar
from observatory.briefs.segment.market import build_market
from observatory.briefs.track_record.page import build_track_record
from observatory.mix import EMPTY_MIX, Mix
from observatory.outlook.outlook import Outlook
from observatory.selection import DEFAULT_SELECTION, Selection

_COMMON_FIELDS = ("lang", "horizon", "level", "asof", "after")
_CATALOGUE_FIELDS = ("find", "role", "freq", "state", "area")
_SERIES_FIELDS = ("segment", "indicator", "geo", "item")


Tab = Literal["markets", "company", "purchasing", "watch", "more"]
TABS: tuple[Tab, ...] = get_args(Tab)  # in the order of the menu; each opens the first page of its own


@dataclass(frozen=True)
class PageEntry:
    """A page: its id (also the key of its title), the path of its links, its tab, and what builds its parts.

    `fields` are the fields of a selection that it uses in addition to language, horizon, level and date: its links
    contain no others. `brief_fields` are those that its cached brief depends on, in addition to language and date;
    None means the whole selection. `build` is None where a brief needs more than one outlook, or data that only the
    reader's session has.
    """

    id: str
    path: str
    tab: Tab
    build: Callable[[Context], Any] | None = None
    fields: tuple[str, ...] = ()
    brief_fields: tuple[str, ...] | None = None
    counts_freshness: bool = False  # the brief says how old data are today, hence is cached for one day
    has_content: Callable[[Outlook], Any] | None = None  # falsy if an outlook has no data for the brief
    pin: Callable[[Any, Outlook, Selection], Selection] | None = None  # completes the selection for a permanent link
    build_card: Callable[[Context], Card] | None = None
    screen_code: str = ""  # names its screen in the links of meetings
    build_screen: Callable[[Context, Mix], MeetingScreen] | None = None
    is_document: bool = False
    has_charts: bool = True  # False: the document is not offered as an image


PAGES: tuple[PageEntry, ...] = (
    PageEntry(
        "overview",
        "",
        "markets",
        build_overview,
        brief_fields=("horizon", "after"),
        build_card=cards.build_overview_card,
        screen_code="o",
        build_screen=meeting.build_overview_screen,
        is_document=True,
    ),
    PageEntry(
        "segment",
        "segment",
        "markets",
        build_market,
        fields=(*_SERIES_FIELDS, "first", "last", "unit"),
        counts_freshness=True,
        pin=links.pin_market,
        build_card=cards.build_segment_card,
        build_screen=meeting.build_segment_screen,
        is_document=True,
    ),
    PageEntry(
        "compare",
        "compare",
        "markets",
        build_compare,
        fields=("first", "last", "unit", "series", "per", "base"),
        brief_fields=("horizon", "first", "last", "unit", "level", "after", "series", "per", "base"),
        counts_freshness=True,
        pin=links.pin_compare,
        is_document=True,
    ),
    PageEntry(
        "portfolio",
        "portfolio",
        "company",
        screen_code=meeting.PORTFOLIO_SCREEN,
        build_screen=meeting.build_portfolio_screen,
    ),
    PageEntry(
        "countries",
        "countries",
        "markets",
        build_countries,
        fields=("segment", "indicator", "geo", "measure"),
        brief_fields=("horizon", "level", "after", "indicator", "geo", "measure"),
        counts_freshness=True,
        has_content=list_country_indicators,
        pin=links.pin_countries,
        is_document=True,
    ),
    PageEntry(
        "purchasing",
        "purchasing",
        "purchasing",
        build_purchasing,
        fields=("segment", "indicator", "first", "last", "threshold", "side", "by", "basket", "currency", "view"),
        counts_freshness=True,
        pin=links.pin_purchasing,
        is_document=True,
    ),
    PageEntry("radar", "radar", "watch", build_radar, brief_fields=(), is_document=True),
    PageEntry(
        "track_record",
        "track-record",
        "more",
        build_track_record,
        brief_fields=("after",),
        build_card=cards.build_track_record_card,
        screen_code="t",
        build_screen=meeting.build_track_record_screen,
        is_document=True,
    ),
    PageEntry(
        "whats_new",
        "whats-new",
        "watch",
        fields=("since", "until"),
        counts_freshness=True,
        is_document=True,
        has_charts=False,
    ),
    PageEntry("publish", "publish", "more", fields=("draft",)),
    PageEntry(
        "data",
        "data",
        "more",
        build_data,
        fields=("segment", "indicator", *_CATALOGUE_FIELDS),
        brief_fields=("horizon", "segment", "indicator", *_CATALOGUE_FIELDS),
        counts_freshness=True,
        is_document=True,
        has_charts=False,
    ),
    PageEntry("collection", "collection", "more", counts_freshness=True, is_document=True, has_charts=False),
    PageEntry("imprint", "about", "more"),
    PageEntry("method", "method", "more", method.build_method, brief_fields=("horizon", "after"), is_document=True),
)
ONE_PAGER = "brief"  # the id of the one-page document on a market, which has no page: its link opens ONE_PAGER_PAGE
ONE_PAGER_PAGE = "segment"


def find_page(page: str) -> PageEntry | None:
    """The entry of a page by its id; for the one-pager, that of the market's page."""
    page_id = ONE_PAGER_PAGE if page == ONE_PAGER else page
    return next((row for row in PAGES if row.id == page_id), None)


def restrict_to_page(page: str, selection: Selection) -> Selection:
    """The selection with only the fields that a page uses; a meeting has all, to link back to where it was opened."""
    if selection.mode == "meeting":
        return selection
    row = find_page(page)
    names = (*_COMMON_FIELDS, *(row.fields if row is not None else ()))
    parts: dict[str, Any] = {name: getattr(selection, name) for name in names}
    return replace(DEFAULT_SELECTION, **parts)


def build_card(context: Context, page: str) -> Card:
    """The card of a page by its id; a page without one of its own gets its title and its purpose."""
    row = find_page(page)
    return row.build_card(context) if row is not None and row.build_card else cards.build_title_card(context, page)


def resolve_screen(selection: Selection) -> tuple[str, Selection]:
    """The id of the page that the current screen of a meeting summarizes, and the selection on it.

    That of the cluster's notes is the page that they stand on.
    """
    code = meeting.current_screen_code(selection)
    if about := meeting.find_note_subject(code):
        code = about[1] or "o"
    row = next((row for row in PAGES if row.screen_code and row.screen_code == code), None)
    if row is not None:
        return row.id, selection
    if code == selection.segment:
        return "segment", selection
    return "segment", replace(selection, segment=code, indicator="", geo="", item="")


def build_screen(context: Context, mix: Mix = EMPTY_MIX) -> MeetingScreen:
    """The current screen of a meeting; only that of the portfolio uses the mix."""
    page, selection = resolve_screen(context.selection)
    row = find_page(page)
    assert row is not None
    assert row.build_screen is not None
    return row.build_screen(replace(context, selection=selection), mix)
