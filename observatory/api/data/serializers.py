"""Serializers: rows as CSV, or as JSON in an envelope of `data` and `meta` (edition, licences, next page)."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from observatory import __version__
from observatory.api.data.tables import TableRow, build_provenance
from observatory.api.models import ApiRequest, Field, Payload, Schema, StreamedPayload
from observatory.api.parameters import DEFAULT_LIMIT
from observatory.export.csv.dialect import encode_csv, iterate_csv
from observatory.language import Language

CSV_MEDIA_TYPE = "text/csv; charset=utf-8"
JSON_MEDIA_TYPE = "application/json"
STRING_SCHEMA = {"type": "string"}

TableBuilder = Callable[[ApiRequest, int, int | None], tuple[list[TableRow], int]]
TableIterator = Callable[[ApiRequest, int, int | None], tuple[Iterator[TableRow], int]]
_STREAMED_ROWS = 20_000  # of a table, some 4 MB: longer ones are sent as they are made


def dump_json(content: Any) -> bytes:
    """Compact JSON in UTF-8; raises ValueError for NaN and infinities, which JSON does not have."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def make_csv_builder(
    name: str, fields: Sequence[Field], build_rows: TableBuilder, *, of_series: bool
) -> Callable[[ApiRequest], Payload]:
    """A builder of CSV: the columns of a table, then unit, source and licence of its figures on every row."""

    def build(request: ApiRequest) -> Payload:
        rows, total = build_rows(request, request.offset, request.limit)
        body = encode_csv(_add_provenance(request, fields, rows, of_series=of_series), _choose_dialect(request))
        return Payload(body, CSV_MEDIA_TYPE, build_next_url(request, len(rows), total), _name_file(name, request))

    return build


def make_csv_streamer(
    name: str, fields: Sequence[Field], iterate_rows: TableIterator
) -> Callable[[ApiRequest], StreamedPayload | None]:
    """A maker of the same CSV of series piece by piece; None where a table is short enough to be built whole."""

    def stream(request: ApiRequest) -> StreamedPayload | None:
        rows, total = iterate_rows(request, request.offset, request.limit)
        count = min(max(total - request.offset, 0), request.limit or total)
        if count <= _STREAMED_ROWS:
            return None
        texts = _add_provenance(request, fields, rows, of_series=True)
        sources = hashlib.sha256(repr(request.outlook.catalogue.sources).encode()).hexdigest()  # not of the edition
        return StreamedPayload(
            lambda: iterate_csv(texts, _choose_dialect(request)),
            f"{__version__} {request.localizer.language} {request.dialect} {total} {sources}",
            CSV_MEDIA_TYPE,
            build_next_url(request, count, total),
            _name_file(name, request),
        )

    return stream


def _add_provenance(
    request: ApiRequest, fields: Sequence[Field], rows: Iterable[TableRow], *, of_series: bool
) -> Iterator[Iterable[Any]]:
    """The lines of a table: its header, then each row with unit, source and licence of its indicator, and the edition.

    Tables that are not of series have the edition alone.
    """
    parts = ("unit", "source", "licence") if of_series else ()
    yield (*(column.name for column in fields), *parts, "vintage")
    provenance: dict[str, TableRow] = {}
    edition = (request.outlook.label,)
    for row in rows:
        if of_series and row[0] not in provenance:
            provenance[row[0]] = build_provenance(request, row[0])
        yield chain(row, provenance.get(row[0], edition))


def _choose_dialect(request: ApiRequest) -> Language:
    return "fr" if request.dialect == "fr" else "en"


def _name_file(name: str, request: ApiRequest) -> str:
    return f"{name}-{request.outlook.day}.csv"


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
