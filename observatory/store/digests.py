"""Digest chains: a sha256 of each edition, or note, and of the digest before it, so that no change stays unseen."""

import hashlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, insert, inspect, select, text

from observatory.store import schema
from observatory.store.engine import read_last_number

_SERIES = "SELECT s.indicator, s.geo, s.item"
_STEPS = "t.period, t.median, t.low_50, t.high_50, t.low_80, t.high_80, t.low_95, t.high_95"
_FORECASTS = "t.status, t.reference, t.origin, t.points, t.gain, t.hits, t.judged, t.folds"
# All that an edition holds, in an order of its own; series by name, as their numbers may differ in a copy.
_CONTENT = (
    "SELECT id, parent, at, recorded, who, note_fr, note_en, sha256 FROM vintages WHERE id = :edition",
    "SELECT draft, reverts FROM provenance WHERE vintage = :edition",
    f"{_SERIES}, t.period, t.value FROM observations t JOIN series s ON s.id = t.series WHERE t.vintage = :edition "
    "ORDER BY 1, 2, 3, 4",
    "SELECT indicator, facts FROM indicators WHERE vintage = :edition ORDER BY 1",
    f"{_SERIES}, {_FORECASTS} FROM forecasts t JOIN series s ON s.id = t.series WHERE t.vintage = :edition "
    "ORDER BY 1, 2, 3",
    f"{_SERIES}, {_STEPS} FROM forecast_steps t JOIN series s ON s.id = t.series WHERE t.vintage = :edition "
    "ORDER BY 1, 2, 3, 4",
    "SELECT segment, horizon, call, details FROM calls WHERE vintage = :edition ORDER BY 1, 2",
    "SELECT details FROM replays WHERE vintage = :edition",
)


def compute_digest(connection: Connection, edition: int, previous: str) -> str:
    """The digest of an edition as it is stored now, on top of that of the edition before it."""
    digest = hashlib.sha256(previous.encode())
    for query in _CONTENT:
        digest.update(b"\n")
        for row in connection.execute(text(query), {"edition": edition}):
            digest.update(repr(tuple(row)).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def record_digests(connection: Connection, new: int | None = None) -> None:
    """Stores the digests of the published editions that have none, as those of an earlier version, and of a new one."""
    numbers = list_editions(connection) + ([] if new is None else [new])
    known = load_digests(connection)
    previous = ""
    for number in numbers:
        if number not in known:
            known[number] = compute_digest(connection, number, previous)
            connection.execute(insert(schema.digests), [{"edition": number, "digest": known[number]}])
        previous = known[number]


def find_changed_editions(connection: Connection, numbers: frozenset[int] | None = None) -> list[int]:
    """The editions (of some, else of all) whose content is no longer that of which the digest was stored."""
    known, previous, changed = load_digests(connection), "", []
    for number in list_editions(connection):
        if number not in known:
            break
        if (numbers is None or number in numbers) and compute_digest(connection, number, previous) != known[number]:
            changed.append(number)
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
