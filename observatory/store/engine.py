"""Opens a store: engine, WAL, version; every way in which that fails is one sentence with its cure."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from observatory.errors import StoreError
from observatory.store import schema

BUSY_SECONDS = 30


def engine(address: str) -> Engine:
    """An engine on an SQLite address, its tables made if they are not there. Raises StoreError.

    A store on a read-only disk is opened for reading alone.
    """
    path = _path(address)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError("error.store.folder", path=str(path.parent), why=error.strerror or str(error)) from error
    try:
        return _prepared(_engine(path, lasting=False), path)
    except StoreError as error:
        if error.key != "error.store.read_only" or not path.is_file():
            raise
        return _prepared(_engine(path, lasting=True), path, lasting=True)


def _path(address: str) -> Path:
    name = address.removeprefix("sqlite:///")
    if name == address or not name.strip("/") or "?" in name or ":memory:" in name:
        raise StoreError("error.store.address", value=address.split("@")[-1][:200])
    return Path(name)


def _engine(path: Path, lasting: bool) -> Engine:
    """An engine on a file; a `lasting` one cannot change, so it is read without a lock or a log beside it."""

    def connect() -> sqlite3.Connection:
        mode = "mode=ro&immutable=1" if lasting else "mode=rwc"
        name = f"file:{quote(str(path))}?{mode}"
        return sqlite3.connect(name, uri=True, timeout=BUSY_SECONDS, check_same_thread=False)

    made = create_engine("sqlite://", creator=connect, poolclass=QueuePool, pool_size=8, max_overflow=24)
    event.listen(made, "connect", _on_connect_lasting if lasting else _on_connect)
    event.listen(made, "begin", _on_begin)
    return made


def _prepared(made: Engine, path: Path, lasting: bool = False) -> Engine:
    try:
        with saying(path):
            with made.connect() as connection:
                version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
                owner = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
                tables = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()
            if version > schema.VERSION and owner in (0, schema.APPLICATION):
                raise StoreError("error.store.newer", path=str(path), found=version, known=schema.VERSION)
            if tables and owner != schema.APPLICATION:
                raise StoreError("error.store.foreign", path=str(path))
            if version < (
                schema.READABLE if lasting else schema.VERSION
            ):  # an empty file, or a store of an earlier version: what it lacks is added
                with writing(made) as connection:
                    schema.metadata.create_all(connection)
                    for statement in schema.triggers():
                        connection.exec_driver_sql(statement)
                    connection.exec_driver_sql(f"PRAGMA application_id = {schema.APPLICATION}")
                    connection.exec_driver_sql(f"PRAGMA user_version = {schema.VERSION}")
    except StoreError:
        made.dispose()
        raise
    return made


@contextmanager
def writing(made: Engine) -> Iterator[Connection]:
    """A transaction that holds the write lock from its first statement (BEGIN IMMEDIATE)."""
    with made.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection


@contextmanager
def saying(path: Path | str) -> Iterator[None]:
    """Turns what SQLite raises into a StoreError that a person can act on."""
    try:
        yield
    except SQLAlchemyError as error:
        raise StoreError(_key(error), path=str(path), why=_reason(error)) from error
    except (sqlite3.Error, ValueError, TypeError, KeyError) as error:
        raise StoreError("error.store.unreadable", path=str(path), why=str(error)[:200]) from error


def _reason(error: SQLAlchemyError) -> str:
    return str(error.orig) if isinstance(error, DatabaseError) else str(error)


def _key(error: SQLAlchemyError) -> str:
    reason = _reason(error)
    if "readonly" in reason or "unable to open" in reason:
        return "error.store.read_only"
    if "disk is full" in reason or "disk I/O" in reason:
        return "error.store.full"
    if "locked" in reason:
        return "error.store.busy"
    return "error.store.unreadable"


def _on_connect_lasting(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None


def _on_connect(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's own BEGIN, so that it can be IMMEDIATE
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
