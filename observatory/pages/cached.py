"""Briefs, built once per vintage and selection and kept: a page view only sends them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache
from threading import Lock

from observatory import workspace
from observatory.briefs import meeting as meetings
from observatory.briefs import method as methods
from observatory.briefs import overview as overviews
from observatory.briefs import purchasing as purchases
from observatory.briefs import radar as radars
from observatory.briefs import segment as segments
from observatory.briefs import track_record as tracks
from observatory.briefs import whats_new as news
from observatory.briefs.brief import Method, News, Overview, Page, Track
from observatory.briefs.inputs import Purchasing
from observatory.briefs.meeting import Screen
from observatory.briefs.radar import Radar
from observatory.language import LANGUAGES
from observatory.outlook.changes import Changes, changes
from observatory.outlook.outlook import Outlook
from observatory.pages.controls import speaker_of
from observatory.selection import DEFAULT, Selection

KEPT = 128
PAIRS_KEPT = 16  # a pair of editions that differ in everything is some 10 MB
TALLIED = 60  # editions whose figures are counted on the page; each takes some milliseconds, once
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


def meeting(outlook: Outlook, selection: Selection) -> Screen:
    """The current screen of a meeting."""
    with _turn(selection):
        return _meeting(outlook.number, selection)


def whats_new(outlook: Outlook, selection: Selection) -> News:
    """What two editions say differently, by default that of the outlook and the one before it."""
    newest = workspace.opened().vintage().id
    today = outlook.day if selection.asof else datetime.now(UTC).date()
    with _turn(selection):
        return _whats_new(outlook.number, newest, selection, today)


def since_then(outlook: Outlook, selection: Selection) -> tuple[str, int]:
    """What has changed since the edition of an outlook, in words, and the newest edition (0 if nothing has)."""
    newest, speaker = workspace.opened().vintage().id, speaker_of(selection)
    with _turn(replace(DEFAULT, since=outlook.number, until=newest)):
        found = changed(outlook.number, newest)
    return news.since_then(found, speaker), newest if found else 0


@lru_cache(maxsize=PAIRS_KEPT)
def changed(before: int, after: int) -> Changes:
    """What changed from one edition to another, by their numbers."""
    opened = workspace.opened()
    return changes(opened.numbered(before), opened.numbered(after)) if before != after else Changes()


@lru_cache(maxsize=1024)
def _tally(number: int) -> news.Tally:
    """How many figures an edition brought."""
    store = workspace.opened().store
    published = {row.id: row for row in store.vintages()}
    edition = published[number]
    brought = store.brought(edition)
    names = {key[0] for key, _period, _value in brought}
    older = store.panel(published[edition.parent], names) if edition.parent in published and names else []
    return news.tally(brought, {((row.indicator, row.geo, row.item), row.period): row.value for row in older})


@lru_cache(maxsize=KEPT)
def _whats_new(number: int, _newest: int, selection: Selection, today: date) -> News:
    opened = workspace.opened()
    editions = opened.store.vintages()
    pair = news.compared(editions, selection, number if number > 0 else editions[0].id)
    since = pair.since.id if pair.since else 0
    found = changed(since, pair.until.id) if since else Changes()
    outlooks = opened.numbered(since) if since else None, opened.numbered(pair.until.id)
    tallies = {row.id: _tally(row.id) for row in editions[-TALLIED:]}
    return news.whats_new(pair, outlooks, found, editions, tallies, selection, speaker_of(selection), today)


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
    return overviews.overview(workspace.opened().outlook_of(selection), selection, speaker_of(selection))


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
def _purchasing(_number: int, selection: Selection, today: date) -> Purchasing:
    outlook = workspace.opened().outlook_of(selection)
    return purchases.purchasing(outlook, selection, speaker_of(selection), today)


@lru_cache(maxsize=KEPT)
def _radar(_number: int, selection: Selection) -> Radar:
    return radars.page(workspace.opened().outlook_of(selection), speaker_of(selection))
