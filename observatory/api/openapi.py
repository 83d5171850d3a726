"""The OpenAPI 3.1 document, made from ROUTES: what it says of a parameter is what is checked."""

from collections.abc import Callable, Sequence
from typing import Any

from observatory import __version__
from observatory.api.models import Address, Answer, Asked, Parameter, Schema
from observatory.api.serializers import JSON, as_json
from observatory.catalogue.models import Catalogue

DESCRIPTION = (
    "Read-only. Codes are stable and the same in both languages. Every figure keeps the licence of its publisher."
    " `asof=e1` pins an answer to an edition: it never changes, and may be kept for ever. Other answers have an ETag:"
    " send it back in If-None-Match. Errors are JSON: `error` (a code), `detail` (what was found), `hint` (what to do)."
)
ERROR: Schema = {
    "type": "object",
    "required": ["error", "detail", "hint"],
    "properties": {
        "error": {"type": "string", "description": "A stable code."},
        "detail": {"type": "string", "description": "What was found, in the language asked for."},
        "hint": {"type": "string", "description": "What to do."},
    },
    "additionalProperties": False,
}
REFUSALS = {
    "400": "A parameter that is unknown, given twice, or has no such value.",
    "404": "No such series, edition or month.",
    "405": "Not a method of this address: it only reads.",
    "413": "The request has a body.",
    "414": "The query is too long.",
    "429": "Too many requests from this address, or a past month is being rebuilt.",
    "500": "A fault of ours.",
    "503": "The store cannot be read just now.",
}
OF_PROBES = ("405", "413", "500", "503")
_REMEMBERED = {
    "ETag": {"schema": {"type": "string"}, "description": "Send it back in If-None-Match."},
    "Cache-Control": {"schema": {"type": "string"}, "description": "immutable where `asof` names an edition."},
}
_LINK = {"Link": {"schema": {"type": "string"}, "description": 'The rows that follow: rel="next".'}}
_RETRY = {"Retry-After": {"schema": {"type": "string"}, "description": "Seconds."}}


def document(routes: Callable[[], Sequence[Address]]) -> Callable[[Asked], Answer]:
    """What answers the document of some routes (a function, for the document is itself one of them)."""
    return lambda asked: Answer(as_json(described(routes(), asked.outlook.catalogue, asked.site)), JSON)


def described(routes: Sequence[Address], catalogue: Catalogue, site: str) -> dict[str, Any]:
    """The document, with the codes of a catalogue."""
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "Observatory",
            "version": __version__,
            "summary": "Indicators, forecasts and calls on the markets of aeronautics and space.",
            "description": DESCRIPTION,
            "license": {"name": "Each figure keeps the licence of its publisher", "url": f"{site}/api/v1/indicators"},
        },
        "servers": [{"url": site}],
        "paths": {row.path: _path(row, catalogue) for row in routes},
        "components": {"schemas": {"Error": ERROR}},
    }


def _path(row: Address, catalogue: Catalogue) -> dict[str, Any]:
    name = row.path.strip("/").removeprefix("api/").removeprefix("v1/").replace(".", "_")
    given = [_parameter(parameter, catalogue) for parameter in row.parameters]
    said = {"operationId": name, "summary": row.summary, "parameters": given}
    answers = _answers(row)
    bare = {
        code: {name: part for name, part in answer.items() if name != "content"} for code, answer in answers.items()
    }
    return {
        "get": {**said, "responses": answers},
        "head": {**said, "operationId": f"{name}_head", "summary": f"{row.summary} Headers only.", "responses": bare},
    }


def _parameter(parameter: Parameter, catalogue: Catalogue) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "in": "query",
        "required": False,
        "description": parameter.says,
        "schema": parameter.schema(catalogue),
    }


def _answers(row: Address) -> dict[str, Any]:
    good: dict[str, Any] = {
        "description": row.summary,
        "content": {row.media_type.partition(";")[0]: {"schema": row.schema}},
    }
    codes = tuple(REFUSALS) if row.kept else OF_PROBES
    if row.kept:
        good["headers"] = _REMEMBERED | (_LINK if any(part.name == "limit" for part in row.parameters) else {})
    found: dict[str, Any] = {"200": good}
    if row.kept:
        found["304"] = {"description": "It is still what If-None-Match names.", "headers": _REMEMBERED}
    for code in codes:
        found[code] = {
            "description": REFUSALS[code],
            "content": {JSON: {"schema": {"$ref": "#/components/schemas/Error"}}},
            **({"headers": _RETRY} if code == "429" else {}),
        }
    return found
