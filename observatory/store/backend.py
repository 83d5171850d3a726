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

    @staticmethod
    def open_engine(address: str) -> tuple[Engine, Place]:
        """An engine on an address, and its place; creates missing tables."""

    @staticmethod
    def is_present(address: str) -> bool:
        """Whether there is something at an address; creates nothing."""

    @staticmethod
    def name_store(address: str) -> str:
        """An address as sentences name it, without a password."""

    @staticmethod
    def create_schema(engine: Engine) -> None:
        """Makes the tables and triggers that a store lacks; rows stay as they are."""

    @staticmethod
    def write_transaction(engine: Engine) -> AbstractContextManager[Connection]:
        """A transaction of the one writer, from its first statement."""

    @staticmethod
    def find_message_key(error: SQLAlchemyError) -> str:
        """The key of the sentence for an error of this database; empty if it is none of its own."""

    @staticmethod
    def find_damage(connection: Connection) -> list[tuple[str, str]]:
        """What is wrong with the database itself: keys of messages `store.fault.KEY`, and what they name."""

    @staticmethod
    def find_missing_triggers(connection: Connection) -> list[str]:
        """The triggers that are absent, or other than this version makes them, on the tables that there are."""

    @staticmethod
    def read_last_number(connection: Connection, table: str) -> int:
        """The last number that a row of a table was given, whether the row is there or not."""
