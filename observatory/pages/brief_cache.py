"""Briefs, built once per vintage and selection and kept: a page view only sends them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache
from threading import Lock
from typing import Any

from observatory import workspace
from observatory.briefs import meeting as meetings
from observatory.briefs import method as methods
from observatory.briefs import overview as overviews
from observatory.briefs.common import series_search as every
from observatory.briefs.common.comparison_model import CompareBrief, CountriesBrief, SeriesChoice
from observatory.briefs.common.context import Context
from observatory.briefs.common.model import (
    Chapter,
    Figure,
    LinkTable,
    MethodBrief,
    OverviewBrief,
    SegmentBrief,
    TextTable,
    TrackRecordBrief,
    WhatsNewBrief,
)
from observatory.briefs.compare import page as comparisons
from observatory.briefs.countries import page as abroad
from observatory.briefs.links import pin_segment
from observatory.briefs.meeting import MeetingScreen
from observatory.briefs.purchasing import page as purchases
from observatory.briefs.purchasing.model import PurchasingBrief
from observatory.briefs.radar import page as radars
from observatory.briefs.radar.page import RadarBrief
from observatory.briefs.segment import page as segments
from observatory.briefs.track_record import page as tracks
from observatory.briefs.whats_new import page as news
from observatory.export.documents.whats_new import build_whats_new_between, find_changes
from observatory.language import LANGUAGES
from observatory.mix import EMPTY_MIX, Mix
from observatory.outlook.analysis.comovement import Comovement
from observatory.outlook.outlook import Outlook
from observatory.pages.components.url_widgets import localizer_for
from observatory.selection import DEFAULT_SELECTION, Selection

_MAX_CACHED_BRIEFS = 128
_MAX_CACHED_CHOICES = 16  # of all series, 150 kB each
_LOCKS = tuple(Lock() for _ in range(64))


def get_overview(outlook: Outlook, selection: Selection) -> OverviewBrief:
    """The overview of an outlook; of a selection it needs the language and the horizon."""
    chosen = replace(
        DEFAULT_SELECTION, lang=selection.lang, horizon=selection.horizon, asof=selection.asof, after=selection.after
    )
    with _get_lock(chosen):
        return _overview(outlook.edition, chosen)


def get_method(outlook: Outlook, selection: Selection) -> MethodBrief:
    """The method page of an outlook; of a selection it needs the language and the horizon (of the example)."""
    chosen = replace(
        DEFAULT_SELECTION, lang=selection.lang, horizon=selection.horizon, asof=selection.asof, after=selection.after
    )
    with _get_lock(chosen):
        return _method(outlook.edition, chosen)


def get_track_record(outlook: Outlook, selection: Selection) -> TrackRecordBrief:
    """The track record of an outlook; of a selection it needs the language."""
    chosen = replace(DEFAULT_SELECTION, lang=selection.lang, asof=selection.asof, after=selection.after)
    with _get_lock(chosen):
        return _track_record(outlook.edition, chosen)


def get_segment(outlook: Outlook, selection: Selection) -> SegmentBrief:
    """The segment page of an outlook; freshness is counted from today, or from the day that the link pins."""
    today = outlook.day if selection.asof else datetime.now(UTC).date()
    with _get_lock(selection):
        return _segment(outlook.edition, selection, today)


def get_purchasing(outlook: Outlook, selection: Selection) -> PurchasingBrief:
    """The page on purchases of an outlook; freshness is counted as on a segment page."""
    today = outlook.day if selection.asof else datetime.now(UTC).date()
    with _get_lock(selection):
        return _purchasing(outlook.edition, selection, today)


def get_radar(outlook: Outlook, selection: Selection) -> RadarBrief:
    """The weak signals as of an outlook; of a selection they need the language."""
    chosen = replace(DEFAULT_SELECTION, lang=selection.lang, asof=selection.asof)
    with _get_lock(chosen):
        return _radar(outlook.edition, chosen)


def get_meeting_screen(outlook: Outlook, selection: Selection, mix: Mix = EMPTY_MIX) -> MeetingScreen:
    """The current screen of a meeting; one with a reader's own mix is made anew each time and kept nowhere."""
    if meetings.resolve_screen(selection)[0] == "portfolio":
        return meetings.build_screen(Context(outlook, selection, localizer_for(selection), outlook.day), mix)
    with _get_lock(selection):
        return _meeting(outlook.edition, selection)


def get_whats_new(outlook: Outlook, selection: Selection) -> WhatsNewBrief:
    """What two editions say differently, by default that of the outlook and the one before it."""
    newest = workspace.get_workspace().get_vintage().id
    today = outlook.day if selection.asof else datetime.now(UTC).date()
    with _get_lock(selection):
        return _whats_new(outlook.edition, newest, selection, today)


def get_compare(outlook: Outlook, selection: Selection) -> CompareBrief:
    """Series side by side; freshness is counted as on a segment page."""
    chosen = _narrow_selection(selection, "horizon", "first", "last", "unit", "level", "after", "series", "per", "base")
    today = outlook.day if selection.asof else datetime.now(UTC).date()
    with _get_lock(chosen):
        return _compare(outlook.edition, chosen, today)


def get_countries(outlook: Outlook, selection: Selection) -> CountriesBrief:
    """An indicator by country; freshness is counted as on a segment page."""
    chosen = _narrow_selection(selection, "horizon", "level", "after", "indicator", "geo", "measure")
    today = outlook.day if selection.asof else datetime.now(UTC).date()
    with _get_lock(chosen):
        return _countries(outlook.edition, chosen, today)


def get_series_choices(outlook: Outlook, selection: Selection) -> tuple[SeriesChoice, ...]:
    """Every series that can be compared, in the language of a selection."""
    return _choices(outlook.edition, _narrow_selection(selection))


def _narrow_selection(selection: Selection, *names: str) -> Selection:
    """What a brief needs of a selection: its language, its moment, and some parts; so that others share it."""
    parts: dict[str, Any] = {name: getattr(selection, name) for name in names}
    return replace(DEFAULT_SELECTION, lang=selection.lang, asof=selection.asof, **parts)


def describe_changes_since(outlook: Outlook, selection: Selection) -> tuple[str, int]:
    """What has changed since the edition of an outlook, in words, and the newest edition (0 if nothing has)."""
    newest, localizer = workspace.get_workspace().get_vintage().id, localizer_for(selection)
    with _get_lock(replace(DEFAULT_SELECTION, since=outlook.edition, until=newest)):
        found = find_changes(workspace.get_workspace(), outlook.edition, newest)
    return news.changes_since_text(found, localizer), newest if found else 0


@lru_cache(maxsize=_MAX_CACHED_BRIEFS)
def _whats_new(number: int, _newest: int, selection: Selection, today: date) -> WhatsNewBrief:
    return build_whats_new_between(workspace.get_workspace(), number, selection, localizer_for(selection), today)


def _get_lock(selection: Selection) -> Lock:
    """A lock that readers of one view share: when fifty open it at once, it is built once."""
    return _LOCKS[hash(selection) % len(_LOCKS)]


def warm_cache() -> None:
    """Builds what the next reader will most likely open, before anybody waits for it."""
    opened = workspace.get_workspace()
    if opened.has_vintages():
        for language in LANGUAGES:
            get_overview(opened.get_outlook(), replace(DEFAULT_SELECTION, lang=language))
            get_compare(opened.get_outlook(), replace(DEFAULT_SELECTION, lang=language))
            if abroad.list_country_indicators(opened.get_outlook()):
                get_countries(opened.get_outlook(), replace(DEFAULT_SELECTION, lang=language))


def pin_shown_segment(outlook: Outlook, selection: Selection) -> Selection:
    """A segment selection with the market and series that its page shows, so that a link names them."""
    return pin_segment(get_segment(outlook, selection), selection)


@lru_cache(maxsize=_MAX_CACHED_BRIEFS)
def _overview(_number: int, selection: Selection) -> OverviewBrief:
    return overviews.build_overview(
        Context(
            workspace.get_workspace().get_selected_outlook(selection),
            selection,
            localizer_for(selection),
            workspace.get_workspace().get_selected_outlook(selection).day,
        )
    )


@lru_cache(maxsize=_MAX_CACHED_BRIEFS)
def _compare(number: int, selection: Selection, today: date) -> CompareBrief:
    outlook = workspace.get_workspace().get_selected_outlook(selection)
    found = _ties(number, replace(DEFAULT_SELECTION, asof=selection.asof, series=selection.series, per=selection.per))
    return comparisons.build_compare(Context(outlook, selection, localizer_for(selection), today), found)


@lru_cache(maxsize=_MAX_CACHED_BRIEFS)
def _ties(_number: int, selection: Selection) -> tuple[Comovement, ...]:
    return comparisons.find_selected_comovements(
        Context(
            workspace.get_workspace().get_selected_outlook(selection),
            selection,
            localizer_for(selection),
            workspace.get_workspace().get_selected_outlook(selection).day,
        )
    )


@lru_cache(maxsize=_MAX_CACHED_BRIEFS)
def _countries(_number: int, selection: Selection, today: date) -> CountriesBrief:
    outlook = workspace.get_workspace().get_selected_outlook(selection)
    return abroad.build_countries(Context(outlook, selection, localizer_for(selection), today))


@lru_cache(maxsize=_MAX_CACHED_CHOICES)
def _choices(_number: int, selection: Selection) -> tuple[SeriesChoice, ...]:
    return every.list_series_choices(
        Context(
            workspace.get_workspace().get_selected_outlook(selection),
            DEFAULT_SELECTION,
            localizer_for(selection),
            workspace.get_workspace().get_selected_outlook(selection).day,
        )
    )


@lru_cache(maxsize=_MAX_CACHED_BRIEFS)
def _method(_number: int, selection: Selection) -> MethodBrief:
    return methods.build_method(
        Context(
            workspace.get_workspace().get_selected_outlook(selection),
            selection,
            localizer_for(selection),
            workspace.get_workspace().get_selected_outlook(selection).day,
        )
    )


@lru_cache(maxsize=_MAX_CACHED_BRIEFS)
def _track_record(_number: int, selection: Selection) -> TrackRecordBrief:
    return tracks.build_track_record(
        Context(
            workspace.get_workspace().get_selected_outlook(selection),
            DEFAULT_SELECTION,
            localizer_for(selection),
            workspace.get_workspace().get_selected_outlook(selection).day,
        )
    )


@lru_cache(maxsize=_MAX_CACHED_BRIEFS)
def _meeting(_number: int, selection: Selection) -> MeetingScreen:
    return meetings.build_screen(
        Context(
            workspace.get_workspace().get_selected_outlook(selection),
            selection,
            localizer_for(selection),
            workspace.get_workspace().get_selected_outlook(selection).day,
        )
    )


@lru_cache(maxsize=_MAX_CACHED_BRIEFS)
def _segment(_number: int, selection: Selection, today: date) -> SegmentBrief:
    outlook = workspace.get_workspace().get_selected_outlook(selection)
    return segments.build_segment(Context(outlook, selection, localizer_for(selection), today))


@lru_cache(maxsize=_MAX_CACHED_BRIEFS)
def _purchasing(number: int, selection: Selection, today: date) -> PurchasingBrief:
    outlook = workspace.get_workspace().get_selected_outlook(selection)
    rest = replace(selection, threshold="", side="")
    parts = purchases.PurchasingParts(
        _goal(number, replace(selection, basket=""), today),
        _basket(number, rest),
        _inputs(number, replace(rest, indicator="", basket="")),
    )
    return purchases.build_purchasing(Context(outlook, selection, localizer_for(selection), today), parts)


@lru_cache(maxsize=_MAX_CACHED_BRIEFS)
def _goal(_number: int, selection: Selection, today: date) -> tuple[Figure | None, TextTable | None]:
    outlook = workspace.get_workspace().get_selected_outlook(selection)
    return purchases.build_threshold_part(Context(outlook, selection, localizer_for(selection), today))


@lru_cache(maxsize=_MAX_CACHED_BRIEFS)
def _basket(_number: int, selection: Selection) -> tuple[Figure | None, tuple[str, ...]]:
    return purchases.build_basket_part(
        Context(
            workspace.get_workspace().get_selected_outlook(selection),
            selection,
            localizer_for(selection),
            workspace.get_workspace().get_selected_outlook(selection).day,
        )
    )


@lru_cache(maxsize=_MAX_CACHED_BRIEFS)
def _inputs(_number: int, selection: Selection) -> tuple[LinkTable, Chapter | None, Chapter | None]:
    return purchases.build_inputs_part(
        Context(
            workspace.get_workspace().get_selected_outlook(selection),
            selection,
            localizer_for(selection),
            workspace.get_workspace().get_selected_outlook(selection).day,
        )
    )


@lru_cache(maxsize=_MAX_CACHED_BRIEFS)
def _radar(_number: int, selection: Selection) -> RadarBrief:
    return radars.build_radar(
        Context(
            workspace.get_workspace().get_selected_outlook(selection),
            DEFAULT_SELECTION,
            localizer_for(selection),
            workspace.get_workspace().get_selected_outlook(selection).day,
        )
    )
