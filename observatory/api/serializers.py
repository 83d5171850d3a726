"""Rows as CSV, or as JSON in an envelope: `data`, and `meta` with edition, licence note and what follows."""

import json
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from observatory.api.models import Answer, Asked, Field, Schema
from observatory.api.parameters import DEFAULT_LIMIT
from observatory.api.tables import TableRow, build_provenance
from observatory.export.csv.dialect import encode_csv

CSV = "text/csv; charset=utf-8"
JSON = "application/json"
TEXTS = {"type": "string"}

Tabled = Callable[[Asked, int, int | None], tuple[list[TableRow], int]]


def as_json(content: Any) -> bytes:
    """Compact JSON in UTF-8; a figure that is none would be a fault of ours, and is refused."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def csv_table(name: str, fields: Sequence[Field], table: Tabled, of_series: bool) -> Callable[[Asked], Answer]:
    """Answers a table as CSV: its columns, then those of where its figures come from, on every row."""

    def answer(asked: Asked) -> Answer:
        rows, total = table(asked, asked.offset, asked.limit)
        tails: dict[str, TableRow] = {}
        if of_series:
            tails = {row: build_provenance(asked, row) for row in {row[0] for row in rows}}
        head = [*(column.name for column in fields), *(("unit", "source", "licence") if of_series else ()), "vintage"]
        only = (asked.outlook.label,)
        body = encode_csv(
            chain([head], (chain(row, tails.get(row[0], only)) for row in rows)), "fr" if asked.french else "en"
        )
        return Answer(body, CSV, following(asked, len(rows), total), f"{name}-{asked.outlook.day}.csv")

    return answer


def json_table(fields: Sequence[Field], table: Tabled, of_series: bool) -> Callable[[Asked], Answer]:
    """Answers a table as JSON: one object a row, and in `meta` once what CSV repeats on every row."""

    def answer(asked: Asked) -> Answer:
        rows, total = table(asked, asked.offset, asked.limit or DEFAULT_LIMIT)
        names = [column.name for column in fields]
        about: dict[str, Any] = {}
        if of_series:
            parts = ("unit", "source", "licence")
            named = sorted({row[0] for row in rows})
            about["indicators"] = {
                name: dict(zip(parts, build_provenance(asked, name), strict=False)) for name in named
            }
        return enveloped(asked, [dict(zip(names, row, strict=True)) for row in rows], total, about)

    return answer


def enveloped(asked: Asked, data: Sequence[Mapping[str, Any]], total: int, about: Mapping[str, Any]) -> Answer:
    """Objects in the envelope of every JSON answer."""
    outlook, then = asked.outlook, following(asked, len(data), total)
    meta = {
        "vintage": None if outlook.is_reconstructed else outlook.edition,
        "at": outlook.published_at.isoformat(),
        "reconstructed": outlook.is_reconstructed,
        "licence": asked.localizer.text("api.licence"),
        "count": len(data),
        "total": total,
        "offset": asked.offset,
        "next": then or None,
        **about,
    }
    return Answer(as_json({"data": data, "meta": meta}), JSON, then)


def following(asked: Asked, count: int, total: int) -> str:
    """The address of the rows that follow; it names the edition: a publication between two pages moves nothing."""
    after = asked.offset + count
    if not count or after >= total:
        return ""
    limit = asked.limit or DEFAULT_LIMIT
    pinned = {} if asked.outlook.is_reconstructed else {"asof": f"e{asked.outlook.edition}"}
    return f"{asked.path}?{urlencode({**asked.given, **pinned, 'limit': limit, 'offset': after})}"


def envelope(row: Schema, about: Mapping[str, Schema] | None = None) -> Schema:
    """The JSON Schema of an envelope around rows of a kind."""
    meta: dict[str, Schema] = {
        "vintage": {"type": ["integer", "null"], "description": "Number of the edition; null for a past month."},
        "at": {"type": "string", "format": "date-time", "description": "The moment as of which all this was known."},
        "reconstructed": {"type": "boolean", "description": "A past month, rebuilt from what is known today."},
        "licence": TEXTS,
        "count": {"type": "integer", "description": "Rows in this answer."},
        "total": {"type": "integer", "description": "Rows in all."},
        "offset": {"type": "integer", "description": "Rows left out before these."},
        "next": {"type": ["string", "null"], "description": "Address of the rows that follow."},
    }
    head = {"type": "object", "required": list(meta), "properties": meta | dict(about or {})}
    return {
        "type": "object",
        "required": ["data", "meta"],
        "properties": {"data": {"type": "array", "items": row}, "meta": head},
        "additionalProperties": False,
    }


def record(fields: Sequence[Field], extra: Mapping[str, Schema] | None = None) -> Schema:
    """The JSON Schema of a row."""
    properties = {column.name: column.schema for column in fields} | dict(extra or {})
    return {"type": "object", "required": list(properties), "properties": properties, "additionalProperties": False}
