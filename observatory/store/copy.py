"""Copy of a whole store into an empty one, of the same kind of database or another: the same rows, the same numbers."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, insert, inspect, select

from observatory.errors import StoreError
from observatory.store import schema
from observatory.store.digests import compute_digest, list_editions
from observatory.store.engine import is_present, name_store, open_engine, translate_errors, write_transaction
from observatory.store.parts import PartReader

_ROWS = 2_000  # at once
_SIGN_INS = ("passes", "pass_ends")  # analysts sign in again: an old copy does not know who has signed out since


def copy_store(source: str, target: str) -> int:
    """Copies a store to an empty one in one transaction; the number of its editions. Raises StoreError.

    All rows are read back before they count: a copy that is not the same, edition by edition and table by table, leaves
    the target empty.
    """
    if not is_present(source):
        raise StoreError("error.copy.absent", path=name_store(source))
    engine, _place = open_engine(source)
    try:
        other, _place = open_engine(target)
        try:
            return _copy_all(engine, name_store(source), other, name_store(target))
        finally:
            other.dispose()
    finally:
        engine.dispose()


def _copy_all(engine: Engine, source: str, other: Engine, target: str) -> int:
    with (
        translate_errors(target),
        write_transaction(other) as writing,
        translate_errors(source),
        engine.connect() as reading,
    ):
        tables = [table for table in _list_tables() if inspect(reading).has_table(table.name)]
        for table in tables:
            if writing.execute(select(func.count()).select_from(table)).scalar_one():
                raise StoreError("error.copy.not_empty", path=target)
        with translate_errors(target):
            for table in tables:
                _copy_rows(reading, writing, table)
        for table in tables:
            if _digest_table(reading, table) != _digest_table(writing, table):
                raise StoreError("error.copy.differs", path=target, what=table.name)
        return _compare_editions(reading, PartReader(source), writing, PartReader(target), target)


def _copy_rows(reading: Connection, writing: Connection, table: Table) -> None:
    for rows in _read_rows(reading, table):
        writing.execute(insert(table), rows)


def _compare_editions(
    reading: Connection, parts: PartReader, writing: Connection, copied: PartReader, target: str
) -> int:
    """The number of editions, each of which has the same digest in both stores."""
    editions = list_editions(reading)
    previous = ""
    for number in editions:
        digest = compute_digest(reading, parts, number, previous)
        if compute_digest(writing, copied, number, previous) != digest:
            raise StoreError("error.copy.differs", path=target, what=f"e{number}")
        previous = digest
    return len(editions)


def _list_tables() -> list[Table]:
    """The tables in an order in which their rows can be added: publications last, after which an edition is closed."""
    tables = [
        table
        for table in schema.list_append_only_tables()
        if table is not schema.publications and table.name not in _SIGN_INS
    ]
    return [*tables, schema.publications]


def _read_rows(connection: Connection, table: Table) -> Iterator[Sequence[dict[str, Any]]]:
    rows = connection.execute(_select_ordered(table)).mappings()
    while found := rows.fetchmany(_ROWS):
        yield [dict(row) for row in found]


def _select_ordered(table: Table) -> Any:
    return select(table).order_by(*table.primary_key.columns)


def _digest_table(connection: Connection, table: Table) -> str:
    digest = hashlib.sha256()
    for rows in _read_rows(connection, table):
        for row in rows:
            digest.update(repr(tuple(row.values())).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
