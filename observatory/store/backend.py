"""What a store asks of the database behind it; each kind of database is a module that has these functions."""

from contextlib import AbstractContextManager
from typing import Any, Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

MAX_CONNECTIONS = 40  # as many as the threads that answer requests
KEPT_CONNECTIONS = 8
POOL_SECONDS = 10.0  # that a reader waits for a connection while all are in use


class Place(Protocol):
    """Where a store is: whether that is still what was opened."""

    is_suspect: bool  # whether the database, or its history, has shown that it is not what was opened

    def read_change(self) -> Any:
        """A value that differs after each write."""

    def is_replaced(self) -> bool:
        """Whether another store is there now, or none."""

    def discard_old_logs(self) -> None:
        """After closing a store that was replaced: removes what would be applied to the one in its place."""


class Backend(Protocol):
    """A kind of database. Every function raises StoreError, or an error that `find_message_key` has a sentence for."""

    def open_engine(self, address: str) -> tuple[Engine, Place]:
        """An engine on an address, and its place; creates missing tables."""

    def is_present(self, address: str) -> bool:
        """Whether there is something at an address; creates nothing."""

    def name_store(self, address: str) -> str:
        """An address as sentences name it, without a password."""

    def create_schema(self, engine: Engine) -> None:
        """Makes the tables and triggers that a store lacks; rows stay as they are."""

    def write_transaction(self, engine: Engine) -> AbstractContextManager[Connection]:
        """A transaction of the one writer, from its first statement."""

    def find_message_key(self, error: SQLAlchemyError) -> str:
        """The key of the sentence for an error of this database; empty if it is none of its own."""

    def find_damage(self, connection: Connection) -> list[tuple[str, str]]:
        """What is wrong with the database itself: keys of messages `store.fault.KEY`, and what they name."""

    def find_missing_triggers(self, connection: Connection) -> list[str]:
        """The triggers that are absent, or other than this version makes them, on the tables that there are."""

    def read_last_number(self, connection: Connection, table: str) -> int:
        """The last number that a row of a table was given, whether the row is there or not."""
