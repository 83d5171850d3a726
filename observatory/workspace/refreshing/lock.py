"""The lock of a run: one run at a time, over all processes of a machine and over all machines that use a store."""

import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from observatory.errors import ConflictError, ObservatoryError, StoreError
from observatory.store.shared_state import SharedState

LEASE_SECONDS = 60.0  # after which the run of a machine that says nothing any more is over for the others
_LEASE = "refresh run"


@contextmanager
def hold_lock(folder: Path) -> Iterator[None]:
    """Holds the lock of a folder. Raises ConflictError while another process of this machine does.

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


@contextmanager
def hold_lease(shared: SharedState, folder: Path) -> Iterator[None]:
    """Holds the lease of a store's run, and renews it. Raises ConflictError while another machine does.

    The holder is a folder of a machine: whoever has its lock takes over at once what a killed process left behind.
    """
    holder = f"{socket.gethostname()}:{folder.resolve()}"
    if shared.take_lease(_LEASE, holder, LEASE_SECONDS) != "taken":
        raise ConflictError("error.refresh.elsewhere", seconds=round(LEASE_SECONDS))
    is_over = threading.Event()

    def renew() -> None:
        while not is_over.wait(LEASE_SECONDS / 3):
            with suppress(ObservatoryError):  # a store that does not answer now may do so the next time
                shared.take_lease(_LEASE, holder, LEASE_SECONDS)

    thread = threading.Thread(target=renew, name="refresh-lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
        with suppress(ObservatoryError):  # it ends by itself
            shared.release_lease(_LEASE, holder)
