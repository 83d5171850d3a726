"""The lock of a run: one run at a time, over all processes that use a store."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from observatory.errors import ConflictError, StoreError


@contextmanager
def hold_lock(folder: Path) -> Iterator[None]:
    """Holds the lock of a folder. Raises ConflictError while another process does.

    It is the lock of an empty SQLite file, which the system releases when a process ends in whatever way: the lock of
    a process that was killed is none.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError("error.store.folder", path=str(folder), why=error.strerror or str(error)) from error
    path = folder / "lock"
    try:
        connection = sqlite3.connect(path, timeout=0, isolation_level=None)
    except sqlite3.Error as error:
        raise StoreError("error.store.read_only", path=str(path), why=str(error)) from error
    with closing(connection):
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise ConflictError("error.refresh.running") from None
            raise StoreError("error.store.read_only", path=str(path), why=str(error)) from error
        yield
