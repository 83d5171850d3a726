"""Serializers: rows as CSV, or as JSON in an envelope of `data` and `meta` (edition, licences, next page)."""

import json
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from observatory.api.data.tables import TableRow, build_provenance
from observatory.api.models import ApiRequest, Field, Payload, Schema
from observatory.api.parameters import DEFAULT_LIMIT
from observatory.export.csv.dialect import encode_csv

CSV_MEDIA_TYPE = "text/csv; charset=utf-8"
JSON_MEDIA_TYPE = "application/json"
STRING_SCHEMA = {"type": "string"}

TableBuilder = Callable[[ApiRequest, int, int | None], tuple[list[TableRow], int]]


def dump_json(content: Any) -> bytes:
    """Compact JSON in UTF-8; raises ValueError for NaN and infinities, which JSON does not have."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def make_csv_builder(
    name: str, fields: Sequence[Field], build_rows: TableBuilder, *, of_series: bool
) -> Callable[[ApiRequest], Payload]:
    """A builder of CSV: the columns of a table, then unit, source and licence of its figures on every row."""

    def build(request: ApiRequest) -> Payload:
        rows, total = build_rows(request, request.offset, request.limit)
        provenance: dict[str, TableRow] = {}
        if of_series:
            provenance = {row: build_provenance(request, row) for row in {row[0] for row in rows}}
        head = [*(column.name for column in fields), *(("unit", "source", "licence") if of_series else ()), "vintage"]
        edition = (request.outlook.label,)
        body = encode_csv(
            chain([head], (chain(row, provenance.get(row[0], edition)) for row in rows)),
            "fr" if request.dialect == "fr" else "en",
        )
        return Payload(
            body, CSV_MEDIA_TYPE, build_next_url(request, len(rows), total), f"{name}-{request.outlook.day}.csv"
        )

    return build


def make_json_builder(fields: Sequence[Field], build_rows: TableBuilder) -> Callable[[ApiRequest], Payload]:
    """A builder of JSON for figures of series: an object per row; what CSV repeats on every row is once in `meta`."""

    def build(request: ApiRequest) -> Payload:
        rows, total = build_rows(request, request.offset, request.limit or DEFAULT_LIMIT)
        names, parts = [column.name for column in fields], ("unit", "source", "licence")
        provenance = {
            indicator: dict(zip(parts, build_provenance(request, indicator), strict=False))
            for indicator in sorted({row[0] for row in rows})
        }
        data = [dict(zip(names, row, strict=True)) for row in rows]
        return build_envelope(request, data, total, {"indicators": provenance})

    return build


def build_envelope(
    request: ApiRequest, data: Sequence[Mapping[str, Any]], total: int, about: Mapping[str, Any], asof: str = ""
) -> Payload:
    """Objects in the envelope of every JSON answer; `asof` is that of the next rows where an edition is not enough."""
    outlook, next_url = request.outlook, build_next_url(request, len(data), total, asof)
    meta = {
        "vintage": None if outlook.is_reconstructed else outlook.edition,
        "at": outlook.published_at.isoformat(),
        "reconstructed": outlook.is_reconstructed,
        "licence": request.localizer.text("api.licence"),
        "count": len(data),
        "total": total,
        "offset": request.offset,
        "next": next_url or None,
        **about,
    }
    return Payload(dump_json({"data": data, "meta": meta}), JSON_MEDIA_TYPE, next_url)


def build_next_url(request: ApiRequest, count: int, total: int, asof: str = "") -> str:
    """The address of the next rows; it pins the edition, so that a publication between two pages shifts no row."""
    after = request.offset + count
    if not count or after >= total:
        return ""
    limit = request.limit or DEFAULT_LIMIT
    pinned = {} if request.outlook.is_reconstructed else {"asof": asof or f"e{request.outlook.edition}"}
    return f"{request.path}?{urlencode({**request.query_params, **pinned, 'limit': limit, 'offset': after})}"


def describe_envelope(row: Schema, about: Mapping[str, Schema] | None = None) -> Schema:
    """The JSON Schema of an envelope around rows of a kind."""
    meta: dict[str, Schema] = {
        "vintage": {"type": ["integer", "null"], "description": "Number of the edition; null for a past month."},
        "at": {"type": "string", "format": "date-time", "description": "The moment as of which all this was known."},
        "reconstructed": {"type": "boolean", "description": "A past month, rebuilt from what is known today."},
        "licence": STRING_SCHEMA,
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


def describe_row(fields: Sequence[Field], extra: Mapping[str, Schema] | None = None) -> Schema:
    """The JSON Schema of a row."""
    properties = {column.name: column.schema for column in fields} | dict(extra or {})
    return {"type": "object", "required": list(properties), "properties": properties, "additionalProperties": False}
