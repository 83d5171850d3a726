"""LRU cache of briefs, by edition and by the part of the selection that a page depends on; each brief is built once."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from datetime import date
from threading import Lock
from typing import Any

from cachetools import LRUCache

from observatory import workspace
from observatory.briefs.common.comparison_model import SeriesChoice
from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Figure
from observatory.briefs.common.series_search import list_series_choices
from observatory.briefs.compare.page import build_compare, find_selected_comovements
from observatory.briefs.external.coming_years import build_coming_years_figure
from observatory.briefs.meeting import MeetingScreen
from observatory.briefs.purchasing.model import with_shown_currency
from observatory.briefs.purchasing.page import (
    PurchasingParts,
    build_basket_part,
    build_inputs_part,
    build_purchasing,
    build_threshold_part,
)
from observatory.briefs.registry import PAGES, PageEntry, build_screen, find_page, resolve_screen
from observatory.briefs.whats_new.page import changes_since_text
from observatory.export.documents.whats_new import build_whats_new_between, find_changes
from observatory.language import LANGUAGES
from observatory.mix import EMPTY_MIX, Mix
from observatory.outlook.outlook import Outlook
from observatory.pages.components.url_widgets import localizer_for
from observatory.selection import DEFAULT_SELECTION, Selection

_CHOICES = "series_choices"
_MAX_CACHED_BRIEFS = 128
_MAX_PAST_BRIEFS = 16  # of all editions but the newest: few readers open them, and every publication adds one
_MAX_CACHED_CHOICES = 16  # of all series, 150 kB each
_WARMED_PAGES = ("overview", "whats_new", "compare", "countries")  # the overview says what is new

_caches: dict[tuple[str, bool], LRUCache[Hashable, Any]] = {}  # by page or part, and whether of the newest edition
_newest_editions: dict[int, int] = {}  # that were shown, by the serial of their workspace
_caches_lock = Lock()
_build_locks = tuple(Lock() for _ in range(64))


def get_brief(page: str, outlook: Outlook, selection: Selection) -> Any:
    """The brief of a page by its id, as `build` of its entry returns it; simultaneous readers of one view share it."""
    entry = find_page(page)
    assert entry is not None
    chosen = selection if entry.brief_fields is None else _narrow_selection(selection, entry.brief_fields)
    today = _today(outlook, selection) if entry.counts_freshness else outlook.day
    build = _BUILDERS.get(page) or entry.build
    assert build is not None
    # A brief without `build` compares editions, by default with the newest one.
    newest = workspace.get_workspace().get_vintage().id if entry.build is None else 0
    return _get_once(page, Context(outlook, chosen, localizer_for(chosen), today), build, newest)


def get_meeting_screen(outlook: Outlook, selection: Selection, mix: Mix = EMPTY_MIX) -> MeetingScreen:
    """The current screen of a meeting; a screen with a reader's own mix is never cached."""
    if resolve_screen(selection)[0] == "portfolio":
        return build_screen(Context(outlook, selection, localizer_for(selection), outlook.day), mix)
    context = Context(outlook, selection, localizer_for(selection), outlook.day)
    screen: MeetingScreen = _get_once("meeting", context, build_screen)
    return screen


def get_series_choices(outlook: Outlook, selection: Selection) -> tuple[SeriesChoice, ...]:
    """Every series that can be compared, in the language of a selection."""
    chosen = _narrow_selection(selection, ())
    context = Context(outlook, chosen, localizer_for(chosen), outlook.day)
    choices: tuple[SeriesChoice, ...] = _get_cached(_CHOICES, context, list_series_choices)
    return choices


def get_coming_years(outlook: Outlook, selection: Selection, segment: str) -> Figure | None:
    """What others expect of a segment, in the language of a selection; a part of its page that few readers open."""
    chosen = replace(_narrow_selection(selection, ("horizon", "level", "after")), segment=segment)
    context = Context(outlook, chosen, localizer_for(chosen), outlook.day)
    figure: Figure | None = _get_once(
        "segment.coming_years", context, lambda context: build_coming_years_figure(context, segment)
    )
    return figure


def pin_selection(entry: PageEntry, outlook: Outlook, selection: Selection) -> Selection:
    """A selection completed with the choices that a page makes by itself, so that a shared link names them."""
    if entry.pin is None or not _has_content(entry, outlook):
        return selection
    return entry.pin(get_brief(entry.id, outlook, selection), outlook, selection)


def describe_changes_since(outlook: Outlook, selection: Selection) -> tuple[str, int]:
    """A sentence on the changes since the edition of an outlook, and the newest edition (0 if nothing has changed)."""
    newest, localizer = workspace.get_workspace().get_vintage().id, localizer_for(selection)
    with _get_build_lock(replace(DEFAULT_SELECTION, since=outlook.edition, until=newest)):
        changes = find_changes(workspace.get_workspace(), outlook.edition, newest)
    return changes_since_text(changes, localizer), newest if changes else 0


def warm_cache() -> None:
    """Builds the briefs that the next reader will most likely open."""
    opened = workspace.get_workspace()
    if not opened.has_vintages():
        return
    for language in LANGUAGES:
        for entry in PAGES:
            if entry.id in _WARMED_PAGES and _has_content(entry, opened.get_outlook()):
                get_brief(entry.id, opened.get_outlook(), replace(DEFAULT_SELECTION, lang=language))


def clear() -> None:
    """Empties the cache."""
    with _caches_lock:
        _caches.clear()
        _newest_editions.clear()


workspace.clear_when_replaced(clear)


def count_cached(name: str) -> int:
    """Number of cached briefs of a page, or of a part of a page."""
    with _caches_lock:
        return sum(len(row) for (page, _is_newest), row in _caches.items() if page == name)


def _get_once(name: str, context: Context, build: Callable[[Context], Any], newest: int = 0) -> Any:
    """What is cached, without waiting; else it is built, once for all who ask at the same time."""
    found = _find_cached(name, context, newest)
    if found is not None:
        return found
    with _get_build_lock(context.selection):
        return _get_cached(name, context, build, newest)


def _get_cached(name: str, context: Context, build: Callable[[Context], Any], newest: int = 0) -> Any:
    found = _find_cached(name, context, newest)
    if found is not None:
        return found
    key = _build_key(context, newest)
    content = build(context)
    with _caches_lock:
        _open_cache(name, context.outlook.edition)[key] = content
    return content


def _find_cached(name: str, context: Context, newest: int) -> Any:
    key = _build_key(context, newest)
    with _caches_lock:
        return _open_cache(name, context.outlook.edition).get(key)


def _build_key(context: Context, newest: int) -> Hashable:
    serial = workspace.get_workspace().serial
    return (serial, context.outlook.edition, context.selection, context.today, newest)


def _open_cache(name: str, edition: int) -> LRUCache[Hashable, Any]:
    """The cache of a page or of a part of one; its caller holds the lock of all caches.

    An edition that is newer than all before empties the caches of the newest: what they hold is of the past now.
    """
    serial = workspace.get_workspace().serial
    if edition > _newest_editions.get(serial, 0):
        _newest_editions[serial] = edition
        for key in [key for key in _caches if key[1]]:
            del _caches[key]
    is_newest = edition == _newest_editions.get(serial)
    if (name, is_newest) not in _caches:
        size = _MAX_CACHED_CHOICES if name == _CHOICES else _MAX_CACHED_BRIEFS
        _caches[name, is_newest] = LRUCache(size if is_newest else _MAX_PAST_BRIEFS)
    return _caches[name, is_newest]


def _get_part(name: str, context: Context, selection: Selection, build: Callable[[Context], Any]) -> Any:
    """A cached part of a brief that depends on less of the selection; the lock of the brief protects it."""
    return _get_cached(name, replace(context, selection=selection), build)


def _build_purchasing(context: Context) -> Any:
    """Caches three parts separately: a new threshold rebuilds neither the basket nor the price table."""
    context = with_shown_currency(context)
    selection = replace(context.selection, view="")
    rest = replace(selection, threshold="", side="")
    every = replace(rest, indicator="", basket="")
    parts = PurchasingParts(
        _get_part("purchasing.threshold", context, replace(selection, basket=""), build_threshold_part),
        _get_part("purchasing.basket", context, replace(rest, currency="quoted"), build_basket_part),
        _get_part("purchasing.inputs", context, every, build_inputs_part),
    )
    return build_purchasing(context, parts)


def _build_compare(context: Context) -> Any:
    """Caches the comovements separately: they are the same in every display unit."""
    chosen = _narrow_selection(context.selection, ("series", "per"))
    comovements = _get_part("compare.comovements", context, chosen, find_selected_comovements)
    return build_compare(context, comovements)


def _build_whats_new(context: Context) -> Any:
    opened, edition = workspace.get_workspace(), context.outlook.edition
    return build_whats_new_between(opened, edition, context.selection, context.localizer, context.today)


_BUILDERS: Mapping[str, Callable[[Context], Any]] = {
    "compare": _build_compare,
    "purchasing": _build_purchasing,
    "whats_new": _build_whats_new,
}


def _has_content(entry: PageEntry, outlook: Outlook) -> bool:
    return entry.has_content is None or bool(entry.has_content(outlook))


def _narrow_selection(selection: Selection, names: tuple[str, ...]) -> Selection:
    """A selection reduced to its language, its edition and some named parts, so that more readers share a brief."""
    parts: dict[str, Any] = {name: getattr(selection, name) for name in names}
    return replace(DEFAULT_SELECTION, lang=selection.lang, asof=selection.asof, **parts)


def _today(outlook: Outlook, selection: Selection) -> date:
    """The day from which the age of figures is counted: today, or the day of a pinned edition."""
    return outlook.day if selection.asof else workspace.get_workspace().today()


def _get_build_lock(selection: Selection) -> Lock:
    """The build lock of a selection: when fifty readers open one view at once, it is built once."""
    return _build_locks[hash(selection) % len(_build_locks)]
