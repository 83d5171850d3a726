"""OpenAPI document: FastAPI's own, completed with what it cannot derive from ROUTES."""

from copy import deepcopy
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from observatory import __version__
from observatory.api.data.serializers import JSON_MEDIA_TYPE, dump_json
from observatory.api.models import ApiRequest, Endpoint, Payload, Schema
from observatory.api.refusals import CODES

METADATA: dict[str, Any] = {
    "title": "Observatory",
    "version": __version__,
    "summary": "Indicators, forecasts and calls on the markets of aeronautics and space.",
    "description": (
        "Read-only. Codes are stable and the same in both languages. Every figure keeps the licence of its publisher."
        " `asof=e1` pins an answer to an edition: it never changes, and may be kept for ever. Other answers have an"
        " ETag: send it back in If-None-Match. Errors are JSON: `error` (a code), `detail` (what was found), `hint`"
        " (what to do)."
    ),
}


class Error(BaseModel):
    """An error, in the language asked for."""

    model_config = ConfigDict(extra="forbid")

    error: str = Field(description="A stable code.")
    detail: str = Field(description="What was found, in the language asked for.")
    hint: str = Field(description="What to do.")


_ERRORS = {
    400: "A parameter that is unknown, given twice, or has no such value.",
    404: "No such series, edition or month.",
    405: "Not a method of this address: it only reads.",
    413: "The request has a body.",
    414: "The query is too long.",
    429: "Too many requests from this address.",
    500: "A fault of ours.",
    503: "The store cannot be read just now, or too many past months are asked for at once.",
}
_PROBE_ERRORS = (405, 413, 414, 500, 503)
_CACHE_HEADERS: Schema = {
    "ETag": {"schema": {"type": "string"}, "description": "Send it back in If-None-Match."},
    "Cache-Control": {"schema": {"type": "string"}, "description": "immutable where `asof` names an edition."},
}
_LINK: Schema = {"Link": {"schema": {"type": "string"}, "description": 'The rows that follow: rel="next".'}}
_RETRY: Schema = {"Retry-After": {"schema": {"type": "string"}, "description": "Seconds."}}


def describe_operation(row: Endpoint, method: str) -> dict[str, Any]:
    """The arguments with which FastAPI documents an endpoint under a method, GET or HEAD."""
    name = row.path.strip("/").removeprefix("api/").removeprefix("v1/").replace(".", "_")
    is_head = method == "HEAD"
    return {
        "operation_id": f"{name}_head" if is_head else name,
        "summary": f"{row.summary} Headers only." if is_head else row.summary,
        "response_description": row.summary,
        "response_class": Response,
        "responses": _describe_responses(row, has_body=not is_head),
    }


def _describe_responses(row: Endpoint, *, has_body: bool) -> dict[int | str, dict[str, Any]]:
    success: dict[str, Any] = {}
    responses: dict[int | str, dict[str, Any]] = {200: success}
    if has_body:
        success["content"] = {row.media_type.partition(";")[0]: {"schema": row.schema}}
    if row.query is not None:
        success["headers"] = _CACHE_HEADERS | (_LINK if "limit" in row.query.model_fields else {})
        responses[304] = {"description": "It is still what If-None-Match names.", "headers": _CACHE_HEADERS}
    for status in _PROBE_ERRORS if row.query is None else _ERRORS:
        responses[status] = {
            "description": _ERRORS[status],
            **({"model": Error} if has_body else {}),
            **({"headers": _RETRY} if status in (429, 503) else {}),
        }
    return responses


def build_openapi(request: ApiRequest) -> Payload:
    """The document, with the codes of the catalogue and the address of the server."""
    return Payload(dump_json(complete_document(request)), JSON_MEDIA_TYPE)


def complete_document(request: ApiRequest) -> dict[str, Any]:
    """FastAPI's document as of an edition: codes as enumerations, servers, licence; what never happens is left out."""
    document = deepcopy(request.openapi())
    document["jsonSchemaDialect"] = "https://json-schema.org/draft/2020-12/schema"
    document["info"]["license"] = {
        "name": "Each figure keeps the licence of its publisher",
        "url": f"{request.site}/api/v1/indicators",
    }
    document["servers"] = [{"url": request.site}]
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["responses"].pop("422", None)  # a query that is refused has 400
            for parameter in operation.get("parameters", ()):
                schema = parameter["schema"]
                schema.pop("title", None)
                schema.pop("description", None)  # it is the parameter's own
                if parameter["name"] in CODES:
                    schema["enum"] = list(CODES[parameter["name"]](request.outlook.catalogue))
                if parameter["name"] == "threshold":  # the forms that every reader understands; more are accepted
                    codes = "|".join(request.outlook.catalogue.indicators)
                    schema["items"]["pattern"] = f"^(?:{codes})[<>](?:0|[1-9][0-9]{{0,8}})(?:[.][0-9]{{1,2}})?$"
    for name in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(name, None)
    return document
