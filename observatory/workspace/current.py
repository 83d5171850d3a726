"""The workspace of this process: opened once, and anew when another store has taken the place of its own."""

from collections.abc import Callable
from threading import Lock

from observatory.errors import StoreError
from observatory.settings import load_settings
from observatory.store.engine import is_present
from observatory.workspace.workspace import Workspace

_OPEN_LOCK = Lock()
_CACHE_CLEARERS: list[Callable[[], object]] = []
_current: Workspace | None = None


def get_workspace() -> Workspace:
    """The workspace of this process, from its environment; an opening that fails is tried again at the next call."""
    global _current
    with _OPEN_LOCK:
        if _current is None:
            _current = Workspace(load_settings())
        elif _current.store.is_replaced():
            _current = _reopen(_current)
        return _current


def forget_workspace() -> None:
    """The next call of `get_workspace` opens one anew, from the environment as it is then."""
    global _current
    with _OPEN_LOCK:
        _current = None


def clear_when_replaced(clear: Callable[[], object]) -> None:
    """Has a cache of this process cleared when another store has taken the place of the one that it was filled from."""
    _CACHE_CLEARERS.append(clear)


def _reopen(replaced: Workspace) -> Workspace:
    """A workspace on the store that is there now. Raises StoreError if there is none: a new one would hide the loss."""
    replaced.close()
    if not is_present(replaced.settings.store_url):
        raise StoreError("error.store.missing", path=replaced.store.address)
    replaced.store.discard_old_logs()
    opened = Workspace(replaced.settings, replaced.clock)
    opened.access.adopt_start_key(replaced.access)
    for clear in _CACHE_CLEARERS:
        clear()
    return opened
