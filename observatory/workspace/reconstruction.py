"""Cache of reconstructed months behind a bounded queue: one is computed at a time, and few requests wait for it."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from observatory.errors import BusyError
from observatory.heap import release_memory
from observatory.outlook.outlook import Outlook

MAX_CACHED_MONTHS = 4  # 27 to 30 MB each
MAX_WAITING = 2  # requests that wait behind the one that computes: each holds a thread, of which there are forty
RETRY_SECONDS = 10  # in which two months are computed


class ReconstructionCache:
    """Reconstructed months by ordinal and edition of their figures, 0 for the first.

    A month that is cached is returned without waiting for another one.
    """

    def __init__(self, reconstruct: Callable[[int, int], Outlook]) -> None:
        self._reconstruct = reconstruct
        self._months: OrderedDict[tuple[int, int], Outlook] = OrderedDict()
        self._lock, self._turn = Lock(), Lock()
        self._asking = 0

    def get(self, month: int, base_edition: int = 0) -> Outlook:
        """A month, computed if it is not cached. Raises BusyError if as many as may wait do so already."""
        key = (month, base_edition)
        found = self._find(key)
        if found is not None:
            return found
        with self._lock:
            if self._asking > MAX_WAITING:
                raise BusyError("error.month.busy", seconds=RETRY_SECONDS)
            self._asking += 1
        try:
            with self._turn:
                found = self._find(key)
                if found is None:
                    found = self._reconstruct(month, base_edition)
                    release_memory()
                    with self._lock:
                        self._months[key] = found
                        while len(self._months) > MAX_CACHED_MONTHS:
                            self._months.popitem(last=False)
                return found
        finally:
            with self._lock:
                self._asking -= 1

    def _find(self, key: tuple[int, int]) -> Outlook | None:
        with self._lock:
            if key not in self._months:
                return None
            self._months.move_to_end(key)
            return self._months[key]
