"""What went wrong, as JSON with a sentence and a cure, in the language of the query: no route answers anything else."""

import logging
from collections.abc import Awaitable
from datetime import UTC, datetime

from starlette.datastructures import QueryParams
from starlette.responses import Response
from starlette.types import Scope

from observatory.api.models import Problem
from observatory.api.serializers import JSON, as_json
from observatory.errors import ObservatoryError, redact_error_values
from observatory.language import Language, Localizer

METHODS = "GET, HEAD, OPTIONS"

log = logging.getLogger("observatory.api")


async def answered(answer: Awaitable[Response], path: str, scope: Scope) -> Response:
    """An answer, or what kept it from being made; what nobody foresaw is logged under its path."""
    try:
        return await answer
    except Problem as problem:
        return refused(problem, language_of(scope))
    except ObservatoryError as error:
        return unusable(error, language_of(scope))
    except Exception:
        log.exception("%s could not be answered", path)
        at = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
        return refused(Problem(500, "failed", at=at), language_of(scope))


def language_of(scope: Scope) -> Language:
    """The language of an error: that of the query, else French."""
    return "en" if QueryParams(scope.get("query_string", b"")).get("lang") == "en" else "fr"


def refused(problem: Problem, language: Language) -> Response:
    """A problem as JSON."""
    say = Localizer(language).text
    values = {name: value for name, value in problem.values.items() if name != "seconds"}
    detail, hint = say(f"api.{problem.key}", **values), say(f"api.{problem.key}.hint", **values)
    answer = told(problem.status, problem.key, detail, hint, language)
    if problem.status == 405:
        answer.headers["Allow"] = METHODS
    if problem.status == 429:
        answer.headers["Retry-After"] = str(problem.values.get("seconds", 1))
    return answer


def unusable(error: ObservatoryError, language: Language) -> Response:
    """An error of the store or of the settings as JSON, without the paths of the server."""
    answer = told(
        503,
        error.key,
        Localizer(language).error_text(error.key, redact_error_values(error.values)),
        "/readyz",
        language,
    )
    answer.headers["Retry-After"] = "30"
    return answer


def told(status: int, error: str, detail: str, hint: str, language: Language) -> Response:
    """A code, what is wrong and how to mend it; no cache keeps it."""
    content = as_json({"error": error, "detail": detail, "hint": hint})
    return Response(content, status, {"Cache-Control": "no-store", "Content-Language": language}, JSON)
