"""Notes of the cluster: a log whose rows publish a note or withdraw one; no row is ever changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Literal, cast

from sqlalchemy import Connection, Engine, insert, inspect, select

from observatory.clock import Clock
from observatory.errors import StoreError
from observatory.store import schema
from observatory.store.digests import compute_note_digest
from observatory.store.engine import read_last_number, translate_errors, write_transaction
from observatory.store.keys import require_active_key
from observatory.store.records import format_timestamp

NoteScope = Literal["whole", "segment", "country"]


@dataclass(frozen=True)
class NoteContent:
    """What a note says of the whole, or of the market or country `code`, with its signature and the day on it.

    `text_en` is empty where the note is in French alone, `link` where it has none.
    """

    scope: NoteScope
    code: str
    text_fr: str
    text_en: str
    name: str
    role: str
    day: date
    link: str = ""


@dataclass(frozen=True)
class NoteRecord:
    """A row of the log: a note (`content`), or the withdrawal of the note `withdraws` with its `reason`.

    `at` is never before that of an earlier row or of `edition`, the newest edition at that moment; `who` signed in.
    """

    id: int
    at: datetime
    recorded: datetime
    edition: int
    who: str
    content: NoteContent | None
    withdraws: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class PublishedNote:
    """A note that stands: what it says, and its record in the log."""

    id: int
    content: NoteContent
    at: datetime
    recorded: datetime
    edition: int
    who: str


def list_standing(records: Iterable[NoteRecord]) -> tuple[PublishedNote, ...]:
    """The notes of a beginning of the log that are not withdrawn in it, the newest first."""
    rows = tuple(records)
    withdrawn = {row.withdraws for row in rows}
    return tuple(
        PublishedNote(row.id, row.content, row.at, row.recorded, row.edition, row.who)
        for row in reversed(rows)
        if row.content is not None and row.id not in withdrawn
    )


class Notes:
    """The log of the notes of a store."""

    def __init__(self, engine: Engine, address: str, clock: Clock) -> None:
        self._engine, self._address, self._clock = engine, address, clock
        self._known: tuple[NoteRecord, ...] = ()

    def list_records(self) -> tuple[NoteRecord, ...]:
        """The whole log, oldest first; empty in a store that has no such table (read-only, old).

        It is read once for each change of it: while its last row is the one that is known, that row alone is read.
        """
        known = self._known
        with translate_errors(self._address), self._engine.connect() as connection:
            if not known and not inspect(connection).has_table(schema.notes.name):
                return ()
            if known and _load_last_record(connection) == known[-1]:
                return known
            records = _load_records(connection)
        self._known = records
        return records

    def publish(self, content: NoteContent, who: str, key: int | None = None) -> NoteRecord:
        """Publishes a note. Raises StoreError if the same one stands already, or the `key` of `who` is revoked."""
        values = asdict(content) | {"day": content.day.isoformat()}
        with translate_errors(self._address), write_transaction(self._engine) as connection:
            for row in list_standing(_load_records(connection)):
                if row.content == content:
                    raise StoreError("error.note.same", id=row.id)
            return self._append(connection, values, who, key)

    def withdraw(self, number: int, reason: str, who: str, key: int | None = None) -> NoteRecord:
        """Withdraws a note. Raises StoreError if there is none of that number, or it is withdrawn already."""
        with translate_errors(self._address), write_transaction(self._engine) as connection:
            rows = _load_records(connection)
            if all(row.id != number or row.content is None for row in rows):
                raise StoreError("error.note.unknown", id=number)
            if any(row.withdraws == number for row in rows):
                raise StoreError("error.note.withdrawn", id=number)
            return self._append(connection, {"withdraws": number, "reason": reason}, who, key)

    def _append(self, connection: Connection, values: Mapping[str, Any], who: str, key: int | None) -> NoteRecord:
        """Adds a row to the log, within the transaction of a write."""
        if key is not None:
            require_active_key(connection, key)
        table, editions = schema.notes, schema.vintages
        query = select(editions.c.id, editions.c.at).join(schema.publications)
        newest = connection.execute(query.order_by(editions.c.at.desc(), editions.c.id.desc()).limit(1)).first()
        if newest is None:
            raise StoreError("error.store.empty", path=self._address)
        last = connection.execute(select(table).order_by(table.c.id.desc()).limit(1)).mappings().first()
        recorded = format_timestamp(self._clock())
        row: dict[str, Any] = {column.name: "" for column in table.c} | {
            "id": read_last_number(connection, table.name),
            "at": max(recorded, newest.at, "" if last is None else last["at"]),
            "recorded": recorded,
            "edition": newest.id,
            "who": who,
            "withdraws": None,
            **values,
        }
        row["id"] += 1
        row["digest"] = compute_note_digest(row, "" if last is None else last["digest"])
        connection.execute(insert(table), [row])
        return _build_record(row)


def _load_last_record(connection: Connection) -> NoteRecord | None:
    row = connection.execute(select(schema.notes).order_by(schema.notes.c.id.desc()).limit(1)).mappings().first()
    return None if row is None else _build_record(row)


def _load_records(connection: Connection) -> tuple[NoteRecord, ...]:
    rows: Sequence[Mapping[Any, Any]] = (
        connection.execute(select(schema.notes).order_by(schema.notes.c.id)).mappings().all()
    )
    return tuple(_build_record(row) for row in rows)


def _build_record(row: Mapping[Any, Any]) -> NoteRecord:
    content = None
    if row["withdraws"] is None:
        texts = {name: row[name] for name in ("code", "text_fr", "text_en", "name", "role", "link")}
        content = NoteContent(cast(NoteScope, row["scope"]), day=date.fromisoformat(row["day"]), **texts)
    return NoteRecord(
        row["id"],
        datetime.fromisoformat(row["at"]),
        datetime.fromisoformat(row["recorded"]),
        row["edition"],
        row["who"],
        content,
        row["withdraws"],
        row["reason"],
    )
