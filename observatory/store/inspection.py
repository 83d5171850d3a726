"""Inspection of a store without opening it: nothing is made, upgraded or written, unlike by `Store`."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic
from urllib.parse import quote

from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from observatory.clock import Clock
from observatory.errors import StoreError
from observatory.store import schema
from observatory.store.check import StoreFault
from observatory.store.digests import find_changed_editions, list_editions, load_digests
from observatory.store.engine import find_missing_triggers, is_present, translate_errors
from observatory.store.parts import PartReader
from observatory.store.store import Store

_DIGEST_SECONDS = 2.0  # that comparing the digests of editions may take; all of them: `observatory store check`


@dataclass(frozen=True)
class StoreInspection:
    """What a store holds, and what a quick look finds wrong with it.

    `is_former`: its next opening adds tables that an earlier version of the program did not have.
    """

    faults: tuple[StoreFault, ...] = ()
    newest: tuple[int, datetime] | None = None  # number and moment of the newest edition
    last_refresh: datetime | None = None
    is_former: bool = False


def inspect_file(path: Path) -> StoreInspection:
    """Inspects the file of an SQLite store. Raises StoreError if it cannot be read, or is none of ours."""
    try:
        path.open("rb").close()
    except OSError as error:
        raise StoreError("error.store.unreadable", path=str(path), why=error.strerror or str(error)) from error
    with _open_for_inspection(path) as connection:
        version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        if connection.exec_driver_sql("PRAGMA application_id").scalar_one() != schema.APPLICATION_ID:
            raise StoreError("error.store.foreign", path=str(path))
        if version > schema.SCHEMA_VERSION:
            raise StoreError("error.store.newer", path=str(path), found=version, known=schema.SCHEMA_VERSION)
        damage = [row[0] for row in connection.exec_driver_sql("PRAGMA quick_check(1)") if row[0] != "ok"]
        if damage:
            return StoreInspection((StoreFault("integrity", str(damage[0])[:200]),))
        is_former = version < schema.SCHEMA_VERSION
        return StoreInspection(
            tuple(_find_quick_faults(connection, path, is_former=is_former)),
            _find_newest(connection),
            _find_last_refresh(connection),
            is_former,
        )


def inspect_server(address: str, clock: Clock) -> StoreInspection:
    """Inspects a store that is no file, by opening it as a server does. Raises StoreError.

    One without tables is not opened, which would make them.
    """
    if not is_present(address):
        return StoreInspection()
    opened = Store(address, clock)
    with closing(opened):
        newest, reports = opened.find_vintage(datetime.max.replace(tzinfo=clock().tzinfo)), opened.refreshes.list_last()
        faults = tuple(row for row in opened.find_faults() if row.key != "future")
        return StoreInspection(
            faults, (newest.id, newest.at) if newest else None, reports[0].finished if reports else None
        )


@contextmanager
def _open_for_inspection(path: Path) -> Iterator[Connection]:
    def connect() -> sqlite3.Connection:
        return sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=5)

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)
    try:
        with translate_errors(path), engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _find_quick_faults(connection: Connection, path: Path, *, is_former: bool) -> Iterator[StoreFault]:
    """Absent triggers and changed editions, the newest first, for as long as there is time."""
    if is_former:
        return
    yield from (StoreFault("trigger", name) for name in find_missing_triggers(connection))
    until = monotonic() + _DIGEST_SECONDS
    sealed, reader = load_digests(connection), PartReader(str(path))
    for number in reversed(list_editions(connection)):
        if number not in sealed:
            yield StoreFault("unsealed", str(number))
        elif find_changed_editions(connection, reader, frozenset((number,))):
            yield StoreFault("digest", str(number))
        if monotonic() > until:
            return


def _find_newest(connection: Connection) -> tuple[int, datetime] | None:
    query = "SELECT id, at FROM vintages JOIN publications ON vintage = id ORDER BY at DESC, id DESC LIMIT 1"
    row = connection.exec_driver_sql(query).first()
    return None if row is None else (row[0], datetime.fromisoformat(row[1]))


def _find_last_refresh(connection: Connection) -> datetime | None:
    """When the last collection ended; None before the first, or in a store that has no such table yet."""
    if not connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'refreshes'").first():
        return None
    text = connection.exec_driver_sql("SELECT max(finished) FROM refreshes").scalar()
    return None if text is None else datetime.fromisoformat(text)
