"""The file of a store: whether it is still the one that was opened."""

import os
import weakref
from contextlib import suppress
from pathlib import Path

from observatory.errors import StoreError

_Identity = tuple[int, int]  # device and inode
FileChange = tuple[tuple[int, int] | None, tuple[int, int] | None]  # time and size, of the file and of its log


class StoreFile:
    """The file behind an open store, and what was known of it when it was opened.

    A process goes on reading and writing a file that was replaced or removed: what it wrote would be gone at its end.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.is_suspect = False  # whether SQLite, or its history, has shown that it is not what was opened
        self._opened: _Identity | None = None
        self._change: FileChange = (None, None)
        self._logs: dict[Path, _Identity | None] = {}
        self._has_pin = False

    def remember(self) -> None:
        """Called once the store is open."""
        self._pin()
        self._opened, self._change = _identify(self.path), self.read_change()
        self._logs = {path: _identify(path) for path in (_beside(self.path, "-wal"), _beside(self.path, "-shm"))}

    def _pin(self) -> None:
        """Holds on to the inode, whose number the next file would otherwise get once this one is removed.

        A descriptor of the path alone: closing another one would drop the locks of SQLite in this process.
        """
        if hasattr(os, "O_PATH") and not self._has_pin:
            with suppress(OSError):
                weakref.finalize(self, os.close, os.open(self.path, os.O_PATH | os.O_CLOEXEC))
                self._has_pin = True

    @property
    def is_open(self) -> bool:
        """Whether the file has been opened once, after which no other is made in its place."""
        return self._opened is not None

    def read_change(self) -> FileChange:
        """The times and sizes of the file and its log, which differ after each write; None for what is not there."""
        return _read_change(self.path), _read_change(_beside(self.path, "-wal"))

    def is_replaced(self) -> bool:
        """Whether the path names another file now, or none, or the file has got another content."""
        if self._opened is None:
            return False
        return _identify(self.path) != self._opened or (self.is_suspect and self.read_change() != self._change)

    def require_unchanged(self) -> None:
        """Raises StoreError if the path no longer names the file that was opened."""
        if self._opened is not None and _identify(self.path) != self._opened:
            raise StoreError("error.store.replaced", path=str(self.path))

    def require_no_log(self) -> None:
        """Raises StoreError if editions lie in a log beside the file, which is not read where nothing can be written.

        Without its index, which SQLite cannot make there, it would be left out without a word.
        """
        with suppress(OSError):
            if _beside(self.path, "-wal").stat().st_size:
                raise StoreError("error.store.log", path=str(self.path))

    def discard_old_logs(self) -> None:
        """Removes log and index of the file that was opened if another file has taken its place, and not theirs.

        SQLite would apply them to the new one.
        """
        if self._opened is None or _identify(self.path) == self._opened:
            return
        for path, identity in self._logs.items():
            if identity is not None and _identify(path) == identity:
                path.unlink(missing_ok=True)


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _read_change(path: Path) -> tuple[int, int] | None:
    with suppress(OSError):
        found = path.stat()
        return found.st_mtime_ns, found.st_size
    return None


def _identify(path: Path) -> _Identity | None:
    with suppress(OSError):
        found = path.stat()
        return found.st_dev, found.st_ino
    return None
