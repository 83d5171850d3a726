"""Opens a store: engine, WAL, version; every way in which that fails is one sentence with its cure."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from observatory.errors import StoreError
from observatory.store import schema

BUSY_SECONDS = 30


def engine(address: str) -> Engine:
    """An engine on an SQLite address, its tables made if they are not there. Raises StoreError."""
    if not address.startswith("sqlite:///"):
        raise StoreError("error.store.address", value=address.split("://", 1)[0])
    path = Path(address.removeprefix("sqlite:///"))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError("error.store.folder", path=str(path.parent), why=error.strerror or str(error)) from error
    made = create_engine(
        address, poolclass=QueuePool, pool_size=8, max_overflow=24, connect_args={"timeout": BUSY_SECONDS}
    )
    event.listen(made, "connect", _on_connect)
    event.listen(made, "begin", _on_begin)
    with saying(path):
        with made.connect() as connection:
            version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        if version > schema.VERSION:
            made.dispose()
            raise StoreError("error.store.newer", path=str(path), found=version, known=schema.VERSION)
        if version < schema.VERSION:
            with writing(made) as connection:
                schema.metadata.create_all(connection)
                for statement in schema.triggers():
                    connection.exec_driver_sql(statement)
                connection.exec_driver_sql(f"PRAGMA user_version = {schema.VERSION}")
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
    except sqlite3.Error as error:
        raise StoreError("error.store.unreadable", path=str(path), why=str(error)) from error


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
