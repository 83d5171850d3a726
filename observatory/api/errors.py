"""Error responses: JSON with a code, a sentence and a hint, in the language of the query, whatever went wrong."""

import logging
from collections.abc import Awaitable

from starlette.responses import Response
from starlette.types import Scope

from observatory.api.data.serializers import JSON_MEDIA_TYPE, dump_json
from observatory.api.models import ApiError
from observatory.clock import system_clock
from observatory.errors import BusyError, ObservatoryError, redact_error_values
from observatory.language import Language, Localizer
from observatory.links import read_query

ALLOWED_METHODS = "GET, HEAD, OPTIONS"
_STORE_RETRY_SECONDS = 30

log = logging.getLogger("observatory.api")


async def respond_or_explain(response: Awaitable[Response], path: str, scope: Scope) -> Response:
    """A response, or the error response for its exception; an unexpected exception is logged with the path."""
    language = read_language(scope)
    try:
        return await response
    except ApiError as error:
        return build_error_response(error, language)
    except ObservatoryError as error:
        return _build_store_error_response(error, language)
    except Exception:
        log.exception("%s could not be answered", path)
        at = f"{system_clock():%Y-%m-%d %H:%M:%S} UTC"
        return build_error_response(ApiError(500, "failed", at=at), language)


def read_language(scope: Scope) -> Language:
    """The language of an error: that of the query, else French."""
    return "en" if dict(read_query(scope.get("query_string", b""), ("lang",))).get("lang") == "en" else "fr"


def build_error_response(error: ApiError, language: Language) -> Response:
    """An ApiError as JSON."""
    localize = Localizer(language).text
    values = {name: value for name, value in error.values.items() if name != "seconds"}
    detail, hint = localize(f"api.{error.key}", **values), localize(f"api.{error.key}.hint", **values)
    response = build_json_error(error.status, error.key, detail, hint, language)
    if error.status == 405:
        response.headers["Allow"] = ALLOWED_METHODS
    if error.status == 429:
        response.headers["Retry-After"] = str(error.values.get("seconds", 1))
    return response


def _build_store_error_response(error: ObservatoryError, language: Language) -> Response:
    """An error of the store or of the settings as JSON, without the paths of the server; or that many ask at once."""
    detail = Localizer(language).error_text(error.key, redact_error_values(error.values))
    hint = Localizer(language).text("api.busy.hint") if isinstance(error, BusyError) else "/readyz"
    response = build_json_error(503, error.key, detail, hint, language)
    seconds = error.values["seconds"] if isinstance(error, BusyError) else _STORE_RETRY_SECONDS
    response.headers["Retry-After"] = str(seconds)
    return response


def build_json_error(status: int, error: str, detail: str, hint: str, language: Language) -> Response:
    """An error response with a code, a sentence and a hint; never cached."""
    content = dump_json({"error": error, "detail": detail, "hint": hint})
    return Response(content, status, {"Cache-Control": "no-store", "Content-Language": language}, JSON_MEDIA_TYPE)
