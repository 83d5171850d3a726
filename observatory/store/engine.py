"""Database engine: opens the file in WAL mode, checks its version; each failure is a sentence with its cure."""

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

_BUSY_TIMEOUT_SECONDS = 30


def open_engine(address: str) -> Engine:
    """An engine on an SQLite address; creates missing tables. Raises StoreError.

    A store on a read-only disk is opened for reading alone.
    """
    path = _parse_address(address)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError("error.store.folder", path=str(path.parent), why=error.strerror or str(error)) from error
    try:
        return _prepare_schema(_create_engine(path, is_immutable=False), path)
    except StoreError as error:
        if error.key != "error.store.read_only" or not path.is_file():
            raise
        return open_sealed(path)


def open_sealed(path: Path) -> Engine:
    """An engine on a file that cannot change, for reading alone. Raises StoreError."""
    return _prepare_schema(_create_engine(path, is_immutable=True), path, is_immutable=True)


def _parse_address(address: str) -> Path:
    name = address.removeprefix("sqlite:///")
    if name == address or not name.strip("/") or "?" in name or ":memory:" in name:
        raise StoreError("error.store.address", value=address.split("@")[-1][:200])
    return Path(name)


def _create_engine(path: Path, *, is_immutable: bool) -> Engine:
    """An engine on a file; an immutable one cannot change, so it is read without a lock and without a log file."""

    def connect() -> sqlite3.Connection:
        mode = "mode=ro&immutable=1" if is_immutable else "mode=rwc"
        name = f"file:{quote(str(path))}?{mode}"
        return sqlite3.connect(name, uri=True, timeout=_BUSY_TIMEOUT_SECONDS, check_same_thread=False)

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool, pool_size=8, max_overflow=24)
    event.listen(engine, "connect", _on_connect_immutable if is_immutable else _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _prepare_schema(engine: Engine, path: Path, *, is_immutable: bool = False) -> Engine:
    try:
        with translate_errors(path):
            with engine.connect() as connection:
                version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
                owner = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
                tables = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()
            if version > schema.SCHEMA_VERSION and owner in (0, schema.APPLICATION_ID):
                raise StoreError("error.store.newer", path=str(path), found=version, known=schema.SCHEMA_VERSION)
            if tables and owner != schema.APPLICATION_ID:
                raise StoreError("error.store.foreign", path=str(path))
            if version < (
                schema.MIN_READABLE_VERSION if is_immutable else schema.SCHEMA_VERSION
            ):  # an empty file, or a store of an earlier version: what it lacks is added
                with write_transaction(engine) as connection:
                    schema.metadata.create_all(connection)
                    for statement in schema.build_triggers():
                        connection.exec_driver_sql(statement)
                    connection.exec_driver_sql(f"PRAGMA application_id = {schema.APPLICATION_ID}")
                    connection.exec_driver_sql(f"PRAGMA user_version = {schema.SCHEMA_VERSION}")
    except StoreError:
        engine.dispose()
        raise
    return engine


@contextmanager
def write_transaction(engine: Engine) -> Iterator[Connection]:
    """A transaction that holds the write lock from its first statement (BEGIN IMMEDIATE)."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection


@contextmanager
def translate_errors(path: Path | str) -> Iterator[None]:
    """Turns SQLite's exceptions into a StoreError that explains the cure."""
    try:
        yield
    except SQLAlchemyError as error:
        raise StoreError(_message_key(error), path=str(path), why=_error_reason(error)) from error
    except (sqlite3.Error, ValueError, TypeError, KeyError) as error:
        raise StoreError("error.store.unreadable", path=str(path), why=str(error)[:200]) from error


def _error_reason(error: SQLAlchemyError) -> str:
    return str(error.orig) if isinstance(error, DatabaseError) else str(error)


def _message_key(error: SQLAlchemyError) -> str:
    reason = _error_reason(error)
    if "readonly" in reason or "unable to open" in reason:
        return "error.store.read_only"
    if "disk is full" in reason or "disk I/O" in reason:
        return "error.store.full"
    if "locked" in reason:
        return "error.store.busy"
    return "error.store.unreadable"


def _on_connect_immutable(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None


def _on_connect(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's own BEGIN, so that it can be IMMEDIATE
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_SECONDS * 1000}")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
