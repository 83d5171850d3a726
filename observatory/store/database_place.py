"""The database of a store: whether it is still the one that was opened."""

from contextlib import suppress
from time import monotonic
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from observatory.errors import StoreError
from observatory.store import schema
from observatory.store.postgresql_schema import META

_LOOK_SECONDS = 1.0  # between two looks at whether the store is still the one that was opened
PRESENT = "SELECT to_regclass('store_meta') IS NOT NULL"


class DatabasePlace:
    """The database of an open store, and what was known of it when it was opened."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.is_suspect = False
        self._identity: tuple[str, ...] | None = None
        self._engine: Engine | None = None
        self._change: tuple[Any, ...] = ()
        self._looked_at = 0.0

    def remember(self, engine: Engine) -> None:
        """Called once the store is open."""
        with engine.connect() as connection:
            self._identity = _identify(connection.connection.dbapi_connection)
        self._engine = engine

    def require_same(self, connection: Any) -> None:
        """Raises StoreError if a new connection leads to another server, or to another store."""
        if self._identity is not None and _identify(connection) != self._identity:
            self.is_suspect = True
            raise StoreError("error.store.replaced", path=self.name)

    def read_change(self) -> tuple[Any, ...]:
        """The editions, and the rows changed or deleted, as PostgreSQL counts them; looked at once a second."""
        if self._engine is not None and monotonic() - self._looked_at >= _LOOK_SECONDS:
            query = text(
                "SELECT (SELECT count(*) FROM publications), (SELECT max(vintage) FROM publications), "
                "(SELECT sum(n_tup_upd + n_tup_del) FROM pg_stat_user_tables "
                "WHERE schemaname = current_schema() AND relname = ANY(:names))"
            )
            names = [table.name for table in schema.list_append_only_tables()]
            with suppress(SQLAlchemyError, StoreError), self._engine.connect() as connection:
                self._change = tuple(connection.execute(query, {"names": names}).one())
            self._looked_at = monotonic()
        return self._change

    def is_replaced(self) -> bool:
        """Whether a connection has led to another store, or editions that were seen are gone."""
        return self.is_suspect

    def discard_old_logs(self) -> None:
        """A database leaves none."""


def _identify(connection: Any) -> tuple[str, ...]:
    """The server, where its role may ask, the database, and the table and content of the row that names the store.

    A restored store differs in one of them.
    """
    before, connection.autocommit = connection.autocommit, True
    try:
        may = connection.execute("SELECT has_function_privilege('pg_control_system()', 'EXECUTE')").fetchone()
        query = "SELECT system_identifier::text FROM pg_control_system()" if may and may[0] else "SELECT ''"
        server = connection.execute(query).fetchone()
        place = "SELECT d.oid::text, coalesce(to_regclass('store_meta')::oid::text, '') FROM pg_database d "
        database = connection.execute(f"{place} WHERE d.datname = current_database()").fetchone() or ("", "")
        store = connection.execute(f"SELECT id FROM {META}").fetchone() if database[1] else None  # noqa: S608
    finally:
        connection.autocommit = before
    return (*(server or ("",)), *database, *(store or ("",)))
