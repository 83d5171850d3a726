"""Backup and restore of a store, by SQLite's own backup: whole while others read and write."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from observatory.errors import StoreError
from observatory.store import schema
from observatory.store.check import find_faults
from observatory.store.copy import copy_store
from observatory.store.records import format_timestamp
from observatory.store.sqlite import open_sealed

_TEMPORARY = ".part"
FORMER = ".before-restore"  # ending of what a restore has replaced


def back_up(store: Path, target: Path) -> int:
    """Copies a store to one file, checked before it takes its name; the number of its editions. Raises StoreError.

    A backup that is there already is replaced; any other file is left alone.
    """
    if not store.is_file():
        raise StoreError("error.backup.absent", path=str(store))
    if target.is_dir():
        raise StoreError("error.backup.folder", path=str(target))
    if target.exists():
        if target.samefile(store):
            raise StoreError("error.backup.same", path=str(target))
        _require_store(target)
    return _copy_checked(store, target)


def back_up_database(address: str, target: Path) -> int:
    """Copies the store of a database to one file, as `back_up` does; the number of its editions. Raises StoreError."""
    if target.is_dir():
        raise StoreError("error.backup.folder", path=str(target))
    if target.exists():
        _require_store(target)
    copied = _beside(target, ".copied")
    try:
        with _translate_errors(target):
            copied.unlink(missing_ok=True)
        copy_store(address, f"sqlite:///{copied}")
        return _copy_checked(copied, target)
    finally:
        for path in (copied, _beside(copied, "-wal"), _beside(copied, "-shm")):
            with suppress(OSError):
                path.unlink(missing_ok=True)


def restore_backup(backup: Path, store: Path, now: datetime) -> int:
    """Puts a backup in the place of a store, in one step; the number of its editions. Raises StoreError.

    The backup is checked first, and the store stays as it is if anything is wrong. What was there is kept beside it.
    Analysts sign in again: a backup does not know who has signed out since.
    """
    if not backup.is_file():
        raise StoreError("error.backup.absent", path=str(backup))
    if store.exists() and backup.samefile(store):
        raise StoreError("error.backup.same", path=str(backup))
    with _translate_errors(store):
        store.parent.mkdir(parents=True, exist_ok=True)
        prepared = _beside(store, ".restored")
        editions = _copy_checked(backup, prepared)
        try:
            _require_sound(prepared, backup, now)
            _end_passes(prepared, now)
            with _hold(store):
                prepared.replace(store)
                _sync_folder(store)
        finally:
            prepared.unlink(missing_ok=True)
    return editions


def _require_sound(prepared: Path, backup: Path, now: datetime) -> None:
    """Raises StoreError if an edition of a backup was changed or nothing protects it."""
    engine = open_sealed(prepared)
    try:
        with engine.connect() as connection:
            faults = [
                row for row in find_faults(connection, now, str(prepared)) if row.key not in ("future", "unsealed")
            ]
    finally:
        engine.dispose()
    if faults:
        raise StoreError("error.backup.damaged", path=str(backup), why=f"{faults[0].key} {faults[0].value}")


def _end_passes(prepared: Path, now: datetime) -> None:
    query = "INSERT INTO pass_ends SELECT digest, ? FROM passes WHERE digest NOT IN (SELECT digest FROM pass_ends)"
    with closing(sqlite3.connect(prepared)) as raw, raw:
        if "passes" in _list_tables(raw):
            raw.execute(query, (format_timestamp(now),))


def _remove_transient_rows(raw: sqlite3.Connection) -> None:
    """Takes out of a copy what is of the moment: wrong keys, leases, tickets, the key of digests of addresses."""
    raw.execute("PRAGMA secure_delete = ON").close()
    for name in _list_tables(raw) & {table.name for table in schema.list_transient_tables()}:
        raw.execute(f"DELETE FROM {name}")  # noqa: S608 - a name of our own
    raw.commit()


def _list_tables(raw: sqlite3.Connection) -> set[str]:
    return {row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


@contextmanager
def _hold(store: Path) -> Iterator[None]:
    """Keeps a copy of a store and then all writers away from it; a damaged one is kept as it is."""
    if not store.exists():
        _remove_logs(store)
        yield
        return
    former = _beside(store, FORMER)
    try:
        _copy_checked(store, former)
    except StoreError:
        former.unlink(missing_ok=True)
        os.link(store, former)
        _remove_logs(store)
        yield
        return
    with closing(sqlite3.connect(store, timeout=30, isolation_level=None)) as held:
        held.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
        held.execute("BEGIN IMMEDIATE")
        _remove_logs(store)  # before the file is replaced: a server that goes on with the new one makes its own
        yield
        held.execute("ROLLBACK")


def _remove_logs(store: Path) -> None:
    """Removes log and index of what is to be replaced: SQLite would apply them to the file in its place."""
    for ending in ("-wal", "-shm"):
        _beside(store, ending).unlink(missing_ok=True)


def _copy_checked(source: Path, target: Path) -> int:
    part = _beside(target, _TEMPORARY)
    try:
        with _translate_errors(source):
            part.unlink(missing_ok=True)
            with closing(_open_for_reading(source)) as one, closing(sqlite3.connect(part)) as other:
                one.backup(other)
                _remove_transient_rows(other)
                other.execute("PRAGMA journal_mode = DELETE").close()  # one file, without a log beside it
            editions = _require_store(part)
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            part.replace(target)
            _sync_folder(target)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return editions


def _require_store(path: Path) -> int:
    """The number of editions of a file that is a sound store of ours. Raises StoreError."""
    with _translate_errors(path), closing(_open_for_reading(path)) as raw:
        if raw.execute("PRAGMA application_id").fetchone()[0] != schema.APPLICATION_ID:
            raise StoreError("error.backup.foreign", path=str(path).removesuffix(_TEMPORARY))
        version = raw.execute("PRAGMA user_version").fetchone()[0]
        if version > schema.SCHEMA_VERSION:
            raise StoreError("error.store.newer", path=str(path), found=version, known=schema.SCHEMA_VERSION)
        found = raw.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if found != "ok":
            raise StoreError("error.backup.damaged", path=str(path).removesuffix(_TEMPORARY), why=str(found)[:200])
        return int(raw.execute("SELECT count(*) FROM publications").fetchone()[0])


def _open_for_reading(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=30)


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _sync_folder(path: Path) -> None:
    """Has the new name on the disk before it is reported; not every system can."""
    with suppress(OSError):
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


@contextmanager
def _translate_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        key = "error.store.full" if "full" in str(error) else "error.backup.damaged"
        raise StoreError(key, path=str(path), why=str(error)[:200]) from error
    except OSError as error:
        why = error.strerror or str(error)
        raise StoreError("error.backup.write", path=str(error.filename or path), why=why) from error
