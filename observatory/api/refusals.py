"""Refusals of parameters: a sentence for each value or name that an endpoint does not accept."""

from collections.abc import Callable, Collection, Iterable, Mapping
from difflib import get_close_matches
from functools import cache

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel

from observatory.api.models import ApiError, Schema
from observatory.api.parameters import Query
from observatory.briefs.feed.model import MAX_THRESHOLDS, ThresholdError
from observatory.catalogue.models import Catalogue
from observatory.settings import MAX_ECHOED_CHARS

_MAX_LISTED_VALUES = 12  # values that a hint lists in full

CODES: Mapping[str, Callable[[Catalogue], Iterable[str]]] = {
    "segment": lambda catalogue: catalogue.segments,
    "indicator": lambda catalogue: catalogue.indicators,
    "geo": lambda catalogue: catalogue.geographies,
    "item": lambda catalogue: catalogue.items,
}


def refuse_repetition(names: Iterable[str], query: type[BaseModel]) -> None:
    """Raises ApiError for a parameter that is given twice, unless it takes a list."""
    earlier: set[str] = set()
    properties = _read_properties(query)
    for name in names:
        if name in earlier and properties.get(name, {}).get("type") != "array":
            raise ApiError(400, "twice", name=_escape(name))
        earlier.add(name)


def translate_error(error: RequestValidationError, query: type[BaseModel]) -> ApiError:
    """The first thing that is wrong with a query: a name that its model does not know, else a value, `asof` first."""
    rows = [(str(row["loc"][-1]), row) for row in error.errors()]
    for name, row in rows:
        if row["type"] == "extra_forbidden":
            return _refuse_name(name, list(list_names(query)))
    name, row = next((pair for pair in rows if pair[0] == "asof"), rows[0])
    return refuse_value(name, str(row["input"]), _read_properties(query)[name])


def refuse_code(name: str, value: str, catalogue: Catalogue) -> ApiError:
    """The error of a code that a catalogue does not hold."""
    return refuse_value(name, value, {"enum": list(CODES[name](catalogue))})


def refuse_threshold(error: ThresholdError) -> ApiError:
    """The error of a threshold that cannot be read."""
    return ApiError(400, error.key, **{name: _escape(value) or "-" for name, value in error.values.items()})


def refuse_thresholds() -> ApiError:
    """The error of too many thresholds."""
    return ApiError(400, "too_many_thresholds", most=MAX_THRESHOLDS)


def refuse_value(name: str, value: str, schema: Schema) -> ApiError:
    """The error of a value, with the possible values or the nearest ones."""
    if "enum" in schema:
        allowed = [str(row) for row in schema["enum"]]
        near = allowed if len(allowed) <= _MAX_LISTED_VALUES else get_close_matches(value.lower(), allowed, 5, 0.5)
        hint = ", ".join(near) or f"{allowed[0]}, {allowed[1]}, ... (/api/openapi.json)"
    elif "pattern" in schema:
        hint = "e1, 2026-11-22, 2026-11, 2026"
    else:
        hint = f"{schema['minimum']} .. {schema['maximum']}"
    return ApiError(400, "bad_value", name=name, value=_escape(value) or "-", known=hint)


def list_own_names(query: BaseModel) -> Collection[str]:
    """The names of parameters that are no part of a Selection."""
    return query.own_names if isinstance(query, Query) else ()


def list_names(query: type[BaseModel]) -> Collection[str]:
    """The names of the parameters of a query."""
    return _read_properties(query).keys()


def _refuse_name(name: str, names: list[str]) -> ApiError:
    hint = ", ".join(get_close_matches(name, names, 1) or names) or "-"
    return ApiError(400, "unknown_parameter", name=_escape(name), known=hint)


@cache
def _read_properties(query: type[BaseModel]) -> Mapping[str, Schema]:
    """The JSON Schema of each parameter, by its name in the query."""
    properties: Mapping[str, Schema] = query.model_json_schema().get("properties", {})
    return properties


def _escape(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in text[:MAX_ECHOED_CHARS])
