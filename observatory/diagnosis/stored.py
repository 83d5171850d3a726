"""Checks of what is stored: the store is there, sound and writable, and collections run."""

import getpass
import os
import sys
from collections.abc import Iterator
from datetime import timedelta

from observatory.diagnosis.model import Installation, Problem
from observatory.errors import StoreError
from observatory.store.inspection import StoreInspection

if sys.platform != "win32":  # where users have no numbers
    import pwd

_MAX_REFRESH_AGE = timedelta(days=2)  # between two daily collections


def check_store(installation: Installation) -> Iterator[Problem]:
    """The store can be read, is of this version, and a quick look finds no damage."""
    path, store = installation.store_path, installation.store
    if isinstance(store, StoreError):
        yield Problem.from_error(store)
    elif store is not None:
        yield from (Problem(f"store.fault.{row.key}", {"value": row.value}) for row in store.faults)
        if store.is_former:
            yield Problem("doctor.store_former", {"path": str(path)}, "note")
        if store.newest is None:
            yield Problem("doctor.store_empty", level="note")
    elif path is not None:
        yield Problem("doctor.store_absent", {"path": str(path)}, "note")


def check_writing(installation: Installation) -> Iterator[Problem]:
    """Store and folder can be written by this user: else nobody can publish, or the server cannot start."""
    path = installation.store_path
    if path is None:
        return
    folder = path.absolute().parent
    existing = next((one for one in (folder, *folder.parents) if one.exists()), folder)
    targets = [existing, *([path] if path.exists() else [])]
    for target in targets:
        if not os.access(target, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
            yield Problem("doctor.read_only", {"path": str(target), "user": _read_user()})
            return


def check_refresh(installation: Installation) -> Iterator[Problem]:
    """Where collections are set to run daily, the last one is not older than two days."""
    loaded, store = installation.settings, installation.store
    if loaded is None or not isinstance(store, StoreInspection):
        return
    if store.last_refresh is None:
        if loaded.refresh_at is not None:
            yield Problem("doctor.refresh_never", {"time": f"{loaded.refresh_at:%H:%M}"}, "note")
        return
    age = installation.clock() - store.last_refresh
    if age > _MAX_REFRESH_AGE:
        if loaded.refresh_at is None:
            yield Problem("doctor.refresh_unset", {"count": age.days}, "note")
        else:
            yield Problem("doctor.refresh_stopped", {"count": age.days, "time": f"{loaded.refresh_at:%H:%M}"})


def _read_user() -> str:
    """The name of the user of this process, or the number of one without a name, as in containers."""
    if sys.platform == "win32":
        return getpass.getuser()
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())
