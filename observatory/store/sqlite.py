"""Stores in an SQLite file: opened in WAL mode, checked for its version, protected by triggers."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import cast
from urllib.parse import quote

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from observatory.errors import StoreError
from observatory.store import backend, schema
from observatory.store.store_file import StoreFile

DriverError = sqlite3.Error  # what the driver raises where SQLAlchemy does not see it
_BUSY_TIMEOUT_SECONDS = 30
_FILE, _CHANGE = "file", "change"  # what a pooled connection remembers


def open_engine(address: str) -> tuple[Engine, StoreFile]:
    """An engine on an SQLite address, and its file; creates missing tables. Raises StoreError.

    A store on a read-only disk is opened for reading alone.
    """
    path = _parse_address(address)
    file = StoreFile(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError("error.store.folder", path=str(path.parent), why=error.strerror or str(error)) from error
    try:
        engine = _prepare_schema(_create_engine(file), path)
    except StoreError as error:
        if error.key != "error.store.read_only" or not path.is_file():
            raise
        engine = _open_immutable(file)
    file.remember()
    event.listen(engine, "checkout", partial(_on_checkout, file))
    event.listen(engine, "handle_error", partial(_on_error, file))
    return engine, file


def open_sealed(path: Path) -> Engine:
    """An engine on a file that cannot change, for reading alone. Raises StoreError."""
    return _open_immutable(StoreFile(path))


def _open_immutable(file: StoreFile) -> Engine:
    file.require_no_log()
    return _prepare_schema(_create_engine(file, is_immutable=True), file.path, is_immutable=True)


def name_store(address: str) -> str:
    """The path of the file of an address."""
    return address.removeprefix("sqlite:///")


def is_present(address: str) -> bool:
    """Whether the file of an address is there."""
    return _parse_address(address).exists()


def _parse_address(address: str) -> Path:
    name = address.removeprefix("sqlite:///")
    if name == address or not name.strip("/") or "?" in name or ":memory:" in name:
        raise StoreError("error.store.address", value=address.split("@")[-1][:200])
    return Path(name)


def _create_engine(file: StoreFile, *, is_immutable: bool = False) -> Engine:
    """An engine on a file; an immutable one cannot change, so it is read without a lock and without a log file."""

    def connect() -> sqlite3.Connection:
        file.require_unchanged()
        mode = "mode=ro&immutable=1" if is_immutable else "mode=rw" if file.is_open else "mode=rwc"
        name = f"file:{quote(str(file.path))}?{mode}"
        return sqlite3.connect(name, uri=True, timeout=_BUSY_TIMEOUT_SECONDS, check_same_thread=False)

    engine = create_engine(
        "sqlite://",
        creator=connect,
        poolclass=QueuePool,
        pool_size=backend.KEPT_CONNECTIONS,
        max_overflow=backend.MAX_CONNECTIONS - backend.KEPT_CONNECTIONS,
        pool_timeout=backend.POOL_SECONDS,
    )
    event.listen(engine, "connect", _on_connect_immutable if is_immutable else _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _prepare_schema(engine: Engine, path: Path, *, is_immutable: bool = False) -> Engine:
    try:
        with _translate_errors(path):
            with engine.connect() as connection:
                version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
                owner = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
                tables = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()
                digests = connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'digests'").first()
            if version > schema.SCHEMA_VERSION and owner in (0, schema.APPLICATION_ID):
                raise StoreError("error.store.newer", path=str(path), found=version, known=schema.SCHEMA_VERSION)
            if tables and owner != schema.APPLICATION_ID:
                raise StoreError("error.store.foreign", path=str(path))
            lacks_digests = not is_immutable and version == schema.SCHEMA_VERSION and not digests
            if lacks_digests or version < (
                schema.MIN_READABLE_VERSION if is_immutable else schema.SCHEMA_VERSION
            ):  # an empty file, or a store of an earlier version: what it lacks is added
                create_schema(engine)
    except StoreError:
        engine.dispose()
        raise
    return engine


def create_schema(engine: Engine) -> None:
    """Makes the tables and triggers that a store lacks, and triggers anew that are not ours; rows stay as they are."""
    with write_transaction(engine) as connection:
        schema.metadata.create_all(connection)
        for name in find_missing_triggers(connection):
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        for statement in schema.build_triggers():
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version = {schema.SCHEMA_VERSION}")


@contextmanager
def write_transaction(engine: Engine) -> Iterator[Connection]:
    """A transaction that holds the write lock from its first statement (BEGIN IMMEDIATE)."""
    with engine.connect().execution_options(writes=True) as connection:
        with connection.begin():
            yield connection
        _finish_write(connection)


def find_message_key(error: SQLAlchemyError) -> str:
    """The key of the sentence for an error of SQLite; empty if it is none."""
    if not isinstance(error, DBAPIError) or not isinstance(error.orig, sqlite3.Error):
        return ""
    return _message_key(error.orig)


def _message_key(error: sqlite3.Error) -> str:
    reason = str(error)
    if "readonly" in reason or "unable to open" in reason:
        return "error.store.read_only"
    if "disk is full" in reason or "disk I/O" in reason:
        return "error.store.full"
    if "locked" in reason:
        return "error.store.busy"
    return "error.store.unreadable"


@contextmanager
def _translate_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise StoreError(find_message_key(error), path=str(path), why=str(error.orig)) from error
    except sqlite3.Error as error:
        raise StoreError("error.store.unreadable", path=str(path), why=str(error)[:200]) from error


def find_damage(connection: Connection) -> list[tuple[str, str]]:
    """What SQLite finds in the file: damage, or else rows that refer to nothing."""
    damage = [
        ("integrity", str(row[0])[:200])
        for row in connection.exec_driver_sql("PRAGMA integrity_check(20)")
        if row[0] != "ok"
    ]
    if damage:
        return damage
    rows = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(20)
    return [("reference", f"{row[0]} -> {row[2]}") for row in rows]


def find_missing_triggers(connection: Connection) -> list[str]:
    """The triggers that are absent, or other than this version makes them, on the tables that there are.

    A store of an earlier version that cannot be written lacks a table that reading does not need.
    """
    query = "SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'trigger')"
    found = {row[0]: row[1] for row in connection.exec_driver_sql(query)}
    missing = []
    for statement in schema.build_triggers():
        name = statement.removeprefix(schema.TRIGGER_PREFIX).split()[0]
        body = statement.removeprefix(schema.TRIGGER_PREFIX)
        table = body.partition(" ON ")[2].split()[0]
        if table in found and not found.get(name, "").endswith(body):
            missing.append(name)
    return missing


def read_last_number(connection: Connection, table: str) -> int:
    """The last number that a row of a table was given, whether the row is there or not."""
    query = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
    return int(connection.execute(query, {"name": table}).scalar() or 0)


def _finish_write(connection: Connection) -> None:
    """Confirms that what was committed is in the file of the address, and moves it there from the log.

    With an empty log, a file that is put in the place of this one never meets what was written to this one, and a copy
    of the one file is complete. A reader who is at work may keep the log until the next write; that is no fault.
    """
    file = connection.info.get(_FILE)
    if file is not None:
        file.require_unchanged()
    raw = cast(sqlite3.Connection, connection.connection.dbapi_connection)
    with suppress(sqlite3.Error):
        raw.execute("PRAGMA busy_timeout = 0")
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    raw.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_SECONDS * 1000}")


def _on_checkout(file: StoreFile, connection: sqlite3.Connection, record: ConnectionPoolEntry, _proxy: object) -> None:
    """Before each use: the file is still the one that was opened, and no page of an overwritten one is remembered."""
    file.require_unchanged()
    record.info[_FILE] = file
    change = file.read_change()
    if record.info.get(_CHANGE) != change:
        connection.execute("PRAGMA shrink_memory").close()
        record.info[_CHANGE] = change


def _on_error(file: StoreFile, context: ExceptionContext) -> None:
    if isinstance(context.original_exception, sqlite3.DatabaseError) and any(
        words in str(context.original_exception) for words in ("malformed", "not a database")
    ):
        file.is_suspect = True


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
