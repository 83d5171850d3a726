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
from observatory.briefs.common.comparison_model import Choice, Compared, Countries
from observatory.briefs.common.model import Chapter, Figure, Listing, Method, News, Overview, Page, Table, Track
from observatory.briefs.compare import page as comparisons
from observatory.briefs.countries import page as abroad
from observatory.briefs.links import of_segment
from observatory.briefs.meeting import Screen
from observatory.briefs.purchasing import page as purchases
from observatory.briefs.purchasing.model import Purchasing
from observatory.briefs.radar import page as radars
from observatory.briefs.radar.page import Radar
from observatory.briefs.segment import page as segments
from observatory.briefs.track_record import page as tracks
from observatory.briefs.whats_new import page as news
from observatory.export.documents.whats_new import between, changed
from observatory.language import LANGUAGES
from observatory.mix import EMPTY, Mix
from observatory.outlook.analysis.comovement import Tie
from observatory.outlook.outlook import Outlook
from observatory.pages.components.url_widgets import speaker_of
from observatory.selection import DEFAULT, Selection

KEPT = 128
LISTS_KEPT = 16  # of all series, 150 kB each
_LOCKS = tuple(Lock() for _ in range(64))


def overview(outlook: Outlook, selection: Selection) -> Overview:
    """The overview of an outlook; of a selection it needs the language and the horizon."""
    chosen = replace(
        DEFAULT, lang=selection.lang, horizon=selection.horizon, asof=selection.asof, after=selection.after
    )
    with _turn(chosen):
        return _overview(outlook.number, chosen)


def method(outlook: Outlook, selection: Selection) -> Method:
    """The method page of an outlook; of a selection it needs the language and the horizon (of the example)."""
    chosen = replace(
        DEFAULT, lang=selection.lang, horizon=selection.horizon, asof=selection.asof, after=selection.after
    )
    with _turn(chosen):
        return _method(outlook.number, chosen)


def track_record(outlook: Outlook, selection: Selection) -> Track:
    """The track record of an outlook; of a selection it needs the language."""
    chosen = replace(DEFAULT, lang=selection.lang, asof=selection.asof, after=selection.after)
    with _turn(chosen):
        return _track_record(outlook.number, chosen)


def segment(outlook: Outlook, selection: Selection) -> Page:
    """The segment page of an outlook; freshness is counted from today, or from the day that the link pins."""
    today = outlook.day if selection.asof else datetime.now(UTC).date()
    with _turn(selection):
        return _segment(outlook.number, selection, today)


def purchasing(outlook: Outlook, selection: Selection) -> Purchasing:
    """The page on purchases of an outlook; freshness is counted as on a segment page."""
    today = outlook.day if selection.asof else datetime.now(UTC).date()
    with _turn(selection):
        return _purchasing(outlook.number, selection, today)


def radar(outlook: Outlook, selection: Selection) -> Radar:
    """The weak signals as of an outlook; of a selection they need the language."""
    chosen = replace(DEFAULT, lang=selection.lang, asof=selection.asof)
    with _turn(chosen):
        return _radar(outlook.number, chosen)


def meeting(outlook: Outlook, selection: Selection, mix: Mix = EMPTY) -> Screen:
    """The current screen of a meeting; one with a reader's own mix is made anew each time and kept nowhere."""
    if meetings.shown(selection)[0] == "portfolio":
        return meetings.screen(outlook, selection, speaker_of(selection), mix)
    with _turn(selection):
        return _meeting(outlook.number, selection)


def whats_new(outlook: Outlook, selection: Selection) -> News:
    """What two editions say differently, by default that of the outlook and the one before it."""
    newest = workspace.opened().vintage().id
    today = outlook.day if selection.asof else datetime.now(UTC).date()
    with _turn(selection):
        return _whats_new(outlook.number, newest, selection, today)


def compare(outlook: Outlook, selection: Selection) -> Compared:
    """Series side by side; freshness is counted as on a segment page."""
    chosen = _only(selection, "horizon", "first", "last", "unit", "level", "after", "series", "per", "base")
    today = outlook.day if selection.asof else datetime.now(UTC).date()
    with _turn(chosen):
        return _compare(outlook.number, chosen, today)


def countries(outlook: Outlook, selection: Selection) -> Countries:
    """An indicator by country; freshness is counted as on a segment page."""
    chosen = _only(selection, "horizon", "level", "after", "indicator", "geo", "measure")
    today = outlook.day if selection.asof else datetime.now(UTC).date()
    with _turn(chosen):
        return _countries(outlook.number, chosen, today)


def choices(outlook: Outlook, selection: Selection) -> tuple[Choice, ...]:
    """Every series that can be compared, in the language of a selection."""
    return _choices(outlook.number, _only(selection))


def _only(selection: Selection, *names: str) -> Selection:
    """What a brief needs of a selection: its language, its moment, and some parts; so that others share it."""
    parts: dict[str, Any] = {name: getattr(selection, name) for name in names}
    return replace(DEFAULT, lang=selection.lang, asof=selection.asof, **parts)


def since_then(outlook: Outlook, selection: Selection) -> tuple[str, int]:
    """What has changed since the edition of an outlook, in words, and the newest edition (0 if nothing has)."""
    newest, speaker = workspace.opened().vintage().id, speaker_of(selection)
    with _turn(replace(DEFAULT, since=outlook.number, until=newest)):
        found = changed(workspace.opened(), outlook.number, newest)
    return news.since_then(found, speaker), newest if found else 0


@lru_cache(maxsize=KEPT)
def _whats_new(number: int, _newest: int, selection: Selection, today: date) -> News:
    return between(workspace.opened(), number, selection, speaker_of(selection), today)


def _turn(selection: Selection) -> Lock:
    """A lock that readers of one view share: when fifty open it at once, it is built once."""
    return _LOCKS[hash(selection) % len(_LOCKS)]


def warm() -> None:
    """Builds what the next reader will most likely open, before anybody waits for it."""
    opened = workspace.opened()
    if opened.seeded():
        for language in LANGUAGES:
            overview(opened.outlook(), replace(DEFAULT, lang=language))
            compare(opened.outlook(), replace(DEFAULT, lang=language))
            if abroad.offered(opened.outlook()):
                countries(opened.outlook(), replace(DEFAULT, lang=language))


def pinned(outlook: Outlook, selection: Selection) -> Selection:
    """A segment selection with the market and series that its page shows, so that a link names them."""
    return of_segment(segment(outlook, selection), selection)


@lru_cache(maxsize=KEPT)
def _overview(_number: int, selection: Selection) -> Overview:
    return overviews.overview(workspace.opened().outlook_of(selection), selection, speaker_of(selection))


@lru_cache(maxsize=KEPT)
def _compare(number: int, selection: Selection, today: date) -> Compared:
    outlook = workspace.opened().outlook_of(selection)
    found = _ties(number, replace(DEFAULT, asof=selection.asof, series=selection.series, per=selection.per))
    return comparisons.compare(outlook, selection, speaker_of(selection), today, found)


@lru_cache(maxsize=KEPT)
def _ties(_number: int, selection: Selection) -> tuple[Tie, ...]:
    return comparisons.tied_part(workspace.opened().outlook_of(selection), selection, speaker_of(selection))


@lru_cache(maxsize=KEPT)
def _countries(_number: int, selection: Selection, today: date) -> Countries:
    outlook = workspace.opened().outlook_of(selection)
    return abroad.countries(outlook, selection, speaker_of(selection), today)


@lru_cache(maxsize=LISTS_KEPT)
def _choices(_number: int, selection: Selection) -> tuple[Choice, ...]:
    return every.choices(workspace.opened().outlook_of(selection), speaker_of(selection))


@lru_cache(maxsize=KEPT)
def _method(_number: int, selection: Selection) -> Method:
    return methods.method(workspace.opened().outlook_of(selection), selection, speaker_of(selection))


@lru_cache(maxsize=KEPT)
def _track_record(_number: int, selection: Selection) -> Track:
    return tracks.track_record(workspace.opened().outlook_of(selection), speaker_of(selection))


@lru_cache(maxsize=KEPT)
def _meeting(_number: int, selection: Selection) -> Screen:
    return meetings.screen(workspace.opened().outlook_of(selection), selection, speaker_of(selection))


@lru_cache(maxsize=KEPT)
def _segment(_number: int, selection: Selection, today: date) -> Page:
    outlook = workspace.opened().outlook_of(selection)
    return segments.segment(outlook, selection, speaker_of(selection), today)


@lru_cache(maxsize=KEPT)
def _purchasing(number: int, selection: Selection, today: date) -> Purchasing:
    outlook = workspace.opened().outlook_of(selection)
    rest = replace(selection, threshold="", side="")
    parts = purchases.Parts(
        _goal(number, replace(selection, basket=""), today),
        _basket(number, rest),
        _inputs(number, replace(rest, indicator="", basket="")),
    )
    return purchases.purchasing(outlook, selection, speaker_of(selection), today, parts)


@lru_cache(maxsize=KEPT)
def _goal(_number: int, selection: Selection, today: date) -> tuple[Figure | None, Table | None]:
    outlook = workspace.opened().outlook_of(selection)
    return purchases.goal_part(outlook, selection, speaker_of(selection), today)


@lru_cache(maxsize=KEPT)
def _basket(_number: int, selection: Selection) -> tuple[Figure | None, tuple[str, ...]]:
    return purchases.basket_part(workspace.opened().outlook_of(selection), selection, speaker_of(selection))


@lru_cache(maxsize=KEPT)
def _inputs(_number: int, selection: Selection) -> tuple[Listing, Chapter | None, Chapter | None]:
    return purchases.inputs_part(workspace.opened().outlook_of(selection), selection, speaker_of(selection))


@lru_cache(maxsize=KEPT)
def _radar(_number: int, selection: Selection) -> Radar:
    return radars.page(workspace.opened().outlook_of(selection), speaker_of(selection))
