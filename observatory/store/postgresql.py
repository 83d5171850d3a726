"""Stores in a PostgreSQL database: one writer at a time, snapshots for readers, what a lost connection has done."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from observatory.errors import StoreError
from observatory.store import backend, schema
from observatory.store.database_place import PRESENT, DatabasePlace
from observatory.store.postgresql_schema import (
    NUMBERS,
    build_ddl,
    build_owner_sql,
    find_absent_triggers,
    find_faults,
    find_missing_tables,
    read_schema_name,
)

if TYPE_CHECKING:
    import psycopg

_LOCK = schema.APPLICATION_ID  # of the one writer; other programs of the database choose other numbers
_LOCK_SECONDS = 30
_OUTCOME_SECONDS = 90.0  # that a writer whose connection was lost waits to learn what became of its transaction
_READ_COMMITTED, _REPEATABLE_READ = 2, 3  # psycopg.IsolationLevel
_ROLES = {"owner": "observatory_owner", "writer": "observatory_writer", "reader": "observatory_reader"}
_CONNECT_OPTIONS = {  # a line that is cut is noticed after seconds, not after hours
    "connect_timeout": "5",
    "application_name": "observatory",
    "keepalives_idle": "15",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "20000",
}
_SESSION = (  # the server too has to notice that the line of a writer is cut: the others wait for its lock
    "SET statement_timeout = '60s'; SET idle_in_transaction_session_timeout = '300s'; "
    "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3; "
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
)
# By SQLSTATE, whole or its class of two characters; what is not here cannot be read.
_KEYS = {
    "08": "error.store.away",
    "57P01": "error.store.away",
    "57P02": "error.store.away",
    "57P03": "error.store.away",
    "57P05": "error.store.away",
    "25P03": "error.store.away",
    "28": "error.store.away",
    "3D": "error.store.away",
    "25006": "error.store.reader",
    "42501": "error.store.reader",
    "0A000": "error.store.reader",  # a standby refuses to begin a transaction that writes
    "53100": "error.store.full",
    "55P03": "error.store.busy",
    "40P01": "error.store.busy",
    "53": "error.store.crowded",
    "57014": "error.store.crowded",
}


def open_engine(address: str) -> tuple[Engine, DatabasePlace]:
    """An engine on an address, and its place; creates missing tables where the role may. Raises StoreError."""
    name = name_store(address)
    place = DatabasePlace(name)
    engine = _create_engine(address)
    event.listen(engine, "connect", partial(_on_connect, place))
    try:
        _prepare_schema(engine, name)
        place.remember(engine)
    except StoreError:
        engine.dispose()
        raise
    except DBAPIError as error:
        engine.dispose()
        raise StoreError(find_message_key(error), path=name, why=" ".join(str(error.orig).split())[:300]) from error
    return engine, place


def is_present(address: str) -> bool:
    """Whether there is a store in the database of an address."""
    engine = _create_engine(address, is_single=True)
    with engine.connect() as connection:
        return bool(connection.execute(text(PRESENT)).scalar_one())


def name_store(address: str) -> str:
    """An address as sentences name it: without password and options."""
    return _name_url(_parse_address(address))


def _name_url(url: URL) -> str:
    return URL.create("postgresql", url.username, None, url.host, url.port, url.database).render_as_string()


def build_administrator_sql(address: str) -> str:
    """What an administrator runs with psql where the role of the server may not create tables."""
    database = "observatory"
    if address.startswith("postgresql://"):
        database = _parse_address(address).database or database
    return build_owner_sql(database, secrets.token_hex(16), _ROLES)


def _parse_address(address: str) -> URL:
    try:
        url = make_url(address)
        if url.drivername == "postgresql":
            return url
    except (ArgumentError, ValueError):
        pass
    raise StoreError("error.store.address", value=address.partition("://")[0][:20] + "://...")


def _create_engine(address: str, *, is_single: bool = False) -> Engine:
    url = _parse_address(address).set(drivername="postgresql+psycopg")
    pool: dict[str, Any] = {
        "pool_size": backend.KEPT_CONNECTIONS,
        "max_overflow": backend.MAX_CONNECTIONS - backend.KEPT_CONNECTIONS,
        "pool_timeout": backend.POOL_SECONDS,
        "pool_pre_ping": True,
        "pool_recycle": 1800,
    }
    options = {name: value for name, value in _CONNECT_OPTIONS.items() if name not in url.query}
    try:
        engine = create_engine(
            url, connect_args=options, hide_parameters=True, **({"poolclass": NullPool} if is_single else pool)
        )
    except ImportError as error:
        raise StoreError("error.store.driver", path=name_store(address)) from error
    event.listen(engine, "begin", _on_begin)
    return engine


def _prepare_schema(engine: Engine, name: str) -> None:
    with engine.connect() as connection:
        if connection.execute(text("SHOW server_encoding")).scalar_one() != "UTF8":
            raise StoreError("error.store.encoding", path=name)
        version, is_foreign = _read_version(connection)
        is_complete = version == schema.SCHEMA_VERSION and not find_missing_tables(connection)
    if is_foreign:
        raise StoreError("error.store.foreign", path=name)
    if version > schema.SCHEMA_VERSION:
        raise StoreError("error.store.newer", path=name, found=version, known=schema.SCHEMA_VERSION)
    if is_complete:
        return
    try:
        create_schema(engine)
    except DBAPIError as error:
        if version < schema.MIN_READABLE_VERSION or find_message_key(error) != "error.store.reader":
            raise


def _read_version(connection: Connection) -> tuple[int, bool]:
    """The version of the store of a database (0: none), and whether another program has tables there."""
    if connection.execute(text(PRESENT)).scalar_one():
        row = connection.execute(text("SELECT application, version FROM store_meta")).first()
        return (0, True) if row is None or row[0] != schema.APPLICATION_ID else (row[1], False)
    query = text(
        "SELECT count(*) FROM pg_class c WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') "
        "AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')"
    )
    return 0, connection.execute(query).scalar_one() > 0


def create_schema(engine: Engine) -> None:
    """Makes the tables and triggers that a store lacks, all or nothing, under the lock of the one writer."""
    with write_transaction(engine) as connection:
        version, is_foreign = _read_version(connection)
        if is_foreign or version > schema.SCHEMA_VERSION:
            return  # somebody else was first; the next opening says so
        if version == schema.SCHEMA_VERSION and not (
            find_missing_tables(connection) or find_absent_triggers(connection)
        ):
            return
        for statement in build_ddl(read_schema_name(connection), secrets.token_hex(16)):
            connection.exec_driver_sql(statement)


@contextmanager
def write_transaction(engine: Engine) -> Iterator[Connection]:
    """A transaction that holds the lock of the one writer from its first statement.

    Where the connection is lost while it commits, nobody knows at first whether it did: what has become of it is asked
    on a new connection. It then ends as any other, or raises an error that says that nothing was written, or StoreError
    where there is no answer.
    """
    with engine.connect().execution_options(writes=True) as connection:
        number, is_committing = "", False
        try:
            with connection.begin():
                number = _start_write(connection)
                yield connection
                is_committing = True
        except DBAPIError as error:
            if not is_committing or not _is_lost(error) or not _was_committed(engine, number, error):
                raise


def _start_write(connection: Connection) -> str:
    """Waits for the lock of the one writer; the number of the transaction."""
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_LOCK_SECONDS}s'")
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    return str(connection.execute(text("SELECT CAST(pg_current_xact_id() AS text)")).scalar_one())


def _was_committed(engine: Engine, number: str, lost: DBAPIError) -> bool:
    """Whether a transaction was committed whose connection was lost. Raises StoreError if that cannot be learnt.

    The lock is waited for: whoever gets it knows that the transaction has come to its end.
    """
    until = monotonic() + _OUTCOME_SECONDS
    query = text("SELECT pg_xact_status(CAST(:number AS xid8))")
    while monotonic() < until:
        try:
            with engine.connect().execution_options(writes=True) as connection, connection.begin():
                _start_write(connection)
                outcome = connection.execute(query, {"number": number}).scalar()
        except DBAPIError:
            sleep(0.2)
            continue
        except StoreError:  # another store is there now
            break
        if outcome in ("committed", "aborted"):
            return bool(outcome == "committed")
        break
    raise StoreError("error.store.unknown", path=_name_url(engine.url)) from lost


def find_message_key(error: SQLAlchemyError) -> str:
    """The key of the sentence for an error of PostgreSQL; empty if it is none."""
    if not isinstance(error, DBAPIError) or not type(error.orig).__module__.startswith("psycopg"):
        return ""
    if _is_lost(error):
        return "error.store.away"
    state = str(getattr(error.orig, "sqlstate", None) or "")
    return _KEYS.get(state) or _KEYS.get(state[:2]) or "error.store.unreadable"


def _is_lost(error: DBAPIError) -> bool:
    """Whether an error means that there is no connection, or no longer one."""
    state = getattr(error.orig, "sqlstate", None)
    if state is None:  # libpq's own: the server has said nothing
        return type(error.orig).__name__ in ("OperationalError", "InterfaceError", "ConnectionTimeout")
    return bool(error.connection_invalidated) or (_KEYS.get(state) or _KEYS.get(state[:2])) == "error.store.away"


def find_damage(connection: Connection) -> list[tuple[str, str]]:
    """Rights that let others change rows, and constraints that are absent."""
    return find_faults(connection)


def find_missing_triggers(connection: Connection) -> list[str]:
    """The triggers that are absent, disabled, or other than this version makes them, on the tables that there are."""
    return find_absent_triggers(connection)


def read_last_number(connection: Connection, table: str) -> int:
    """The last number that a row of a table was given, whether the row is there or not."""
    query = text(f"SELECT last FROM {NUMBERS} WHERE name = :name")  # noqa: S608 - our own name
    return int(connection.execute(query, {"name": table}).scalar() or 0)


def _on_connect(place: DatabasePlace, connection: "psycopg.Connection[Any]", _record: object) -> None:
    connection.autocommit = True
    connection.execute(_SESSION)
    connection.autocommit = False
    place.require_same(connection)


def _on_begin(connection: Connection) -> None:
    """Readers see one snapshot and write nothing; the writer sees what is there once it has the lock."""
    writes = bool(connection.get_execution_options().get("writes", False))
    raw = cast("psycopg.Connection[Any]", connection.connection.dbapi_connection)
    raw.isolation_level = cast(Any, _READ_COMMITTED if writes else _REPEATABLE_READ)
    raw.read_only = not writes
