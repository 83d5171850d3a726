"""Uploads: analysts' files byte for byte, and the drafts made of them."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, insert, select

from observatory.clock import Clock
from observatory.errors import StoreError
from observatory.store import schema
from observatory.store.engine import translate_errors, write_transaction
from observatory.store.records import format_timestamp


@dataclass(frozen=True)
class UploadDraft:
    """A file to be published on top of a vintage (`parent`); `choices` and `about` are JSON values.

    It is never changed: another draft replaces it. `id` is 0 until it is saved.
    """

    id: int
    file: str
    name: str
    who: str
    recorded: datetime
    parent: int
    choices: Mapping[str, str]
    about: Mapping[str, Any]
    replaces: int | None


class Uploads:
    """The files and drafts of a store."""

    def __init__(self, engine: Engine, address: str, clock: Clock) -> None:
        self._engine, self._address, self._clock = engine, address, clock

    def save_file(self, name: str, content: bytes, who: str) -> str:
        """Stores a file and returns its sha256; the same bytes are stored once."""
        sha256 = hashlib.sha256(content).hexdigest()
        row = {
            "sha256": sha256,
            "name": name,
            "content": content,
            "who": who,
            "recorded": format_timestamp(self._clock()),
        }
        with translate_errors(self._address), write_transaction(self._engine) as connection:
            table = schema.files
            if connection.execute(select(table.c.sha256).where(table.c.sha256 == sha256)).first() is None:
                connection.execute(insert(table), [row])
        return sha256

    def read_file(self, sha256: str) -> bytes | None:
        """The bytes of an uploaded file; None if there is none."""
        table = schema.files
        with translate_errors(self._address), self._engine.connect() as connection:
            content = connection.execute(select(table.c.content).where(table.c.sha256 == sha256)).scalar()
            return None if content is None else bytes(content)

    def save_draft(self, draft: UploadDraft) -> UploadDraft:
        """A new draft of a stored file, with the number and the moment that the store gives it."""
        row = {
            "file": draft.file,
            "name": draft.name,
            "who": draft.who,
            "recorded": format_timestamp(self._clock()),
            "parent": draft.parent,
            "choices": json.dumps(dict(draft.choices), ensure_ascii=False),
            "about": json.dumps(dict(draft.about), ensure_ascii=False),
            "replaces": draft.replaces,
        }
        with translate_errors(self._address), write_transaction(self._engine) as connection:
            result = connection.execute(insert(schema.drafts).values(**row)).inserted_primary_key
        return _build_draft(row | {"id": int(result[0]) if result is not None else 0})

    def list_open_drafts(self) -> tuple[UploadDraft, ...]:
        """The open drafts: not replaced, discarded or published; the newest first."""
        table = schema.drafts
        ended = (
            select(table.c.replaces).where(table.c.replaces.is_not(None)),
            select(schema.discards.c.draft),
            select(schema.provenance.c.draft)
            .join(schema.publications, schema.publications.c.vintage == schema.provenance.c.vintage)
            .where(schema.provenance.c.draft.is_not(None)),
        )
        query = select(table).where(*(table.c.id.not_in(rows) for rows in ended)).order_by(table.c.id.desc())
        with translate_errors(self._address), self._engine.connect() as connection:
            return tuple(_build_draft(dict(row)) for row in connection.execute(query).mappings())

    def get_draft(self, number: int) -> UploadDraft:
        """A draft by its number. Raises StoreError if there is none."""
        table = schema.drafts
        with translate_errors(self._address), self._engine.connect() as connection:
            row = connection.execute(select(table).where(table.c.id == number)).mappings().first()
            if row is None:
                raise StoreError("error.draft.unknown", id=number)
            return _build_draft(dict(row))

    def was_discarded(self, content: bytes, but_not_by: str) -> bool:
        """Whether somebody has discarded a draft of this file; somebody else than the one named."""
        drafts, discards = schema.drafts, schema.discards
        query = (
            select(discards.c.draft)
            .join(drafts, drafts.c.id == discards.c.draft)
            .where(drafts.c.file == hashlib.sha256(content).hexdigest(), discards.c.who != but_not_by)
        )
        with translate_errors(self._address), self._engine.connect() as connection:
            return connection.execute(query).first() is not None

    def discard_draft(self, number: int, who: str) -> None:
        """Ends a draft without publishing it; its file stays. Twice is the same as once."""
        table = schema.discards
        with translate_errors(self._address), write_transaction(self._engine) as connection:
            if connection.execute(select(table.c.draft).where(table.c.draft == number)).first() is None:
                connection.execute(
                    insert(table), [{"draft": number, "who": who, "recorded": format_timestamp(self._clock())}]
                )


def _build_draft(row: Mapping[str, Any]) -> UploadDraft:
    return UploadDraft(
        **{
            **row,
            "recorded": datetime.fromisoformat(row["recorded"]),
            "choices": json.loads(row["choices"]),
            "about": json.loads(row["about"]),
        }
    )
