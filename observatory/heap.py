"""Memory that glibc keeps although it was freed: fewer arenas for threads, and pages given back to the system.

Streamlit runs each rerun in a thread of its own. What a preview allocates there for seconds stays with the arena of
that thread, of which glibc makes eight a core: a server then grows for as long as previews find new arenas.
"""

import ctypes
import sys
from functools import cache

_ARENA_MAX_PARAMETER = -8  # M_ARENA_MAX in malloc.h
_MAX_ARENAS = 2


@cache
def _find_libc() -> ctypes.CDLL | None:
    """The C library of this process if it is glibc; others have no arenas."""
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "gnu_get_libc_version") else None


def limit_arenas() -> bool:
    """Lets threads share two arenas from now on; whether this system has any."""
    library = _find_libc()
    return library is not None and library.mallopt(_ARENA_MAX_PARAMETER, _MAX_ARENAS) == 1


def release_memory() -> None:
    """Gives pages that are free in all arenas back to the system; takes some hundredths of a second."""
    library = _find_libc()
    if library is not None:
        library.malloc_trim(0)
