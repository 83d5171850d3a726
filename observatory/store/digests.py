"""Digest chains: a sha256 of each edition, or note, and of the digest before it, so that no change stays unseen."""

import hashlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, insert, inspect, select, text

from observatory.store import schema
from observatory.store.engine import read_last_number
from observatory.store.packing import load_edition_steps
from observatory.store.parts import PartError, PartReader

_SERIES = "SELECT s.indicator, s.geo, s.item"
_STEPS = "t.period, t.median, t.low_50, t.high_50, t.low_80, t.high_80, t.low_95, t.high_95"
_FORECASTS = "t.status, t.reference, t.origin, t.points, t.gain, t.hits, t.judged, t.folds"
_STEP_QUERY = (
    f"{_SERIES}, {_STEPS} FROM forecast_steps t JOIN series s ON s.id = t.series WHERE t.vintage = :edition "
    "ORDER BY 1, 2, 3, 4"
)
# All that an edition holds, in an order of its own; series by name, as their numbers may differ in a copy, and texts
# as they were before some of them became parts.
_CONTENT = (
    "SELECT id, parent, at, recorded, who, note_fr, note_en, sha256 FROM vintages WHERE id = :edition",
    "SELECT draft, reverts FROM provenance WHERE vintage = :edition",
    f"{_SERIES}, t.period, t.value FROM observations t JOIN series s ON s.id = t.series WHERE t.vintage = :edition "
    "ORDER BY 1, 2, 3, 4",
    "SELECT indicator, facts FROM indicators WHERE vintage = :edition ORDER BY 1",
    f"{_SERIES}, {_FORECASTS} FROM forecasts t JOIN series s ON s.id = t.series WHERE t.vintage = :edition "
    "ORDER BY 1, 2, 3",
    _STEP_QUERY,
    "SELECT segment, horizon, call, details FROM calls WHERE vintage = :edition ORDER BY 1, 2",
    "SELECT details FROM replays WHERE vintage = :edition",
)


def compute_digest(connection: Connection, reader: PartReader, edition: int, previous: str) -> str:
    """The digest of an edition as it is stored now, on top of that of the edition before it. Raises PartError."""
    digest = hashlib.sha256(previous.encode())
    for query in _CONTENT:
        digest.update(b"\n")
        for row in _list_rows(connection, reader, query, edition):
            digest.update(repr(row).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _list_rows(connection: Connection, reader: PartReader, query: str, edition: int) -> list[tuple[Any, ...]]:
    """The rows of a query, with what they refer to in the place of references, which only `details` are."""
    rows = [tuple(row) for row in connection.execute(text(query), {"edition": edition})]
    if query == _STEP_QUERY:
        return (
            sorted([*rows, *load_edition_steps(connection, reader, edition)]) if reader.has_table(connection) else rows
        )
    if "details" not in query:
        return rows
    details = reader.resolve(connection, [row[-1] for row in rows])
    return [(*row[:-1], whole) for row, whole in zip(rows, details, strict=True)]


def record_digests(connection: Connection, reader: PartReader, new: int | None = None) -> None:
    """Stores the digests of the published editions that have none, as those of an earlier version, and of a new one."""
    numbers = list_editions(connection) + ([] if new is None else [new])
    known = load_digests(connection)
    previous = ""
    for number in numbers:
        if number not in known:
            known[number] = compute_digest(connection, reader, number, previous)
            connection.execute(insert(schema.digests), [{"edition": number, "digest": known[number]}])
        previous = known[number]


def find_changed_editions(
    connection: Connection, reader: PartReader, numbers: frozenset[int] | None = None
) -> list[int]:
    """The editions (of some, else of all) whose content is no longer that of which the digest was stored.

    Parts that cannot be read are named by the reader (`faulty`).
    """
    known, previous, changed = load_digests(connection), "", []
    for number in list_editions(connection):
        if number not in known:
            break
        if numbers is None or number in numbers:
            try:
                is_same = compute_digest(connection, reader, number, previous) == known[number]
            except PartError:
                is_same = False
            changed += [] if is_same else [number]
        previous = known[number]
    return changed


def list_editions(connection: Connection) -> list[int]:
    """The numbers of the published editions, in the order in which they were stored."""
    table = schema.publications
    return list(connection.execute(select(table.c.vintage).order_by(table.c.vintage)).scalars())


def load_digests(connection: Connection) -> dict[int, str]:
    """The stored digests by edition; none in a store that cannot be written and comes from an earlier version."""
    table = schema.digests
    if not inspect(connection).has_table(table.name):
        return {}
    return {row.edition: row.digest for row in connection.execute(select(table).order_by(table.c.edition))}


def compute_note_digest(row: Mapping[str, Any], previous: str) -> str:
    """The digest of a row of `notes` on top of that of the row before it."""
    names = sorted(column.name for column in schema.notes.c if column.name != "digest")
    content = repr([(name, row[name]) for name in names])
    return hashlib.sha256(f"{previous}\n{content}".encode("utf-8", "surrogatepass")).hexdigest()


def find_changed_notes(connection: Connection) -> list[int]:
    """The rows of `notes` that are not as they were stored, or that lack what stood before them or after them."""
    if not inspect(connection).has_table(schema.notes.name):
        return []
    previous, last, changed = "", 0, []
    for row in connection.execute(select(schema.notes).order_by(schema.notes.c.id)).mappings():
        if compute_note_digest({**row}, previous) != row["digest"]:
            changed.append(row["id"])
        previous, last = row["digest"], row["id"]
    newest = read_last_number(connection, schema.notes.name)
    return changed + ([newest] if newest > last else [])
