"""Briefs, built once per vintage and selection and kept: a page view only sends them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache
from threading import Lock

from observatory import workspace
from observatory.briefs import method as methods
from observatory.briefs import overview as overviews
from observatory.briefs import segment as segments
from observatory.briefs import track_record as tracks
from observatory.briefs.brief import Method, Overview, Page, Track
from observatory.language import LANGUAGES
from observatory.outlook.outlook import Outlook
from observatory.pages.controls import speaker_of
from observatory.selection import DEFAULT, Selection

KEPT = 128
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


def _turn(selection: Selection) -> Lock:
    """A lock that readers of one view share: when fifty open it at once, it is built once."""
    return _LOCKS[hash(selection) % len(_LOCKS)]


def warm() -> None:
    """Builds what the next reader will most likely open, before anybody waits for it."""
    opened = workspace.opened()
    if opened.seeded():
        for language in LANGUAGES:
            overview(opened.outlook(), replace(DEFAULT, lang=language))


def pinned(outlook: Outlook, selection: Selection) -> Selection:
    """A segment selection with the market and series that its page shows, so that a link names them."""
    brief = segment(outlook, selection)
    if brief.main is None:
        return replace(selection, segment=brief.segment)
    main = brief.main
    return replace(selection, segment=brief.segment, indicator=main.indicator, geo=main.geo, item=main.item)


@lru_cache(maxsize=KEPT)
def _overview(_number: int, selection: Selection) -> Overview:
    return overviews.overview(workspace.opened().outlook(selection.moment()), selection, speaker_of(selection))


@lru_cache(maxsize=KEPT)
def _method(_number: int, selection: Selection) -> Method:
    return methods.method(workspace.opened().outlook(selection.moment()), selection, speaker_of(selection))


@lru_cache(maxsize=KEPT)
def _track_record(_number: int, selection: Selection) -> Track:
    return tracks.track_record(workspace.opened().outlook(selection.moment()), speaker_of(selection))


@lru_cache(maxsize=KEPT)
def _segment(_number: int, selection: Selection, today: date) -> Page:
    outlook = workspace.opened().outlook(selection.moment())
    return segments.segment(outlook, selection, speaker_of(selection), today)
