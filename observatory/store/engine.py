"""Database engine: the kind of database is chosen by the scheme of the address; each failure is a sentence."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from observatory.errors import StoreError
from observatory.store import postgresql, sqlite
from observatory.store.backend import Backend, Place

_BACKENDS: dict[str, Backend] = {"sqlite": sqlite, "postgresql": postgresql}  # by scheme, and by name of the dialect


def open_engine(address: str) -> tuple[Engine, Place]:
    """An engine on an address, and its place; creates missing tables. Raises StoreError.

    A store that may only be read is opened for reading alone.
    """
    return _choose_backend(address).open_engine(address)


def is_present(address: str) -> bool:
    """Whether there is something at an address; creates nothing. Raises StoreError."""
    backend = _choose_backend(address)
    with translate_errors(backend.name_store(address)):
        return backend.is_present(address)


def name_store(address: str) -> str:
    """An address as sentences name it: the path of a file, or an address without a password."""
    return _choose_backend(address).name_store(address)


def create_schema(engine: Engine) -> None:
    """Makes the tables and triggers that a store lacks, and triggers anew that are not ours; rows stay as they are."""
    _BACKENDS[engine.dialect.name].create_schema(engine)


def write_transaction(engine: Engine) -> AbstractContextManager[Connection]:
    """A transaction of the one writer: it waits for others at its start, and what it reads nobody else changes."""
    return _BACKENDS[engine.dialect.name].write_transaction(engine)


def find_damage(connection: Connection) -> list[tuple[str, str]]:
    """What is wrong with the database itself: keys of messages `store.fault.KEY`, and what they name."""
    return _BACKENDS[connection.dialect.name].find_damage(connection)


def find_missing_triggers(connection: Connection) -> list[str]:
    """The triggers that are absent, or other than this version makes them, on the tables that there are."""
    return _BACKENDS[connection.dialect.name].find_missing_triggers(connection)


def read_last_number(connection: Connection, table: str) -> int:
    """The last number that a row of a table was given, whether the row is there or not."""
    return _BACKENDS[connection.dialect.name].read_last_number(connection, table)


@contextmanager
def translate_errors(path: Path | str) -> Iterator[None]:
    """Turns the exceptions of a database into a StoreError that explains the cure."""
    try:
        yield
    except SQLAlchemyError as error:
        raise StoreError(_find_message_key(error), path=str(path), why=_error_reason(error)) from error
    except (sqlite.DriverError, ValueError, TypeError, KeyError) as error:
        raise StoreError("error.store.unreadable", path=str(path), why=str(error)[:200]) from error


def _choose_backend(address: str) -> Backend:
    scheme = address.partition("://")[0]
    if scheme not in _BACKENDS:
        raise StoreError("error.store.address", value=address.split("@")[-1].partition("?")[0][:200])
    return _BACKENDS[scheme]


def _error_reason(error: SQLAlchemyError) -> str:
    reason = str(error.orig) if isinstance(error, DatabaseError) else str(error)
    return " ".join(reason.split())[:300]


def _find_message_key(error: SQLAlchemyError) -> str:
    if isinstance(error, PoolTimeoutError):
        return "error.store.crowded"
    keys = (backend.find_message_key(error) for backend in _BACKENDS.values())
    return next((key for key in keys if key), "error.store.unreadable")
