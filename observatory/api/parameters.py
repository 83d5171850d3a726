"""The parameters of the interface, and reading them: through the Selection, and nothing that is not meant passes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches

from observatory import selection as selections
from observatory.api.models import Address, Asked, Parameter, Problem, Schema
from observatory.catalogue.models import Catalogue
from observatory.language import LANGUAGES
from observatory.selection import VALID_YEARS, Selection
from observatory.settings import HORIZONS, MAX_ECHOED_CHARS

DEFAULT_LIMIT, LARGEST_LIMIT, LARGEST_OFFSET = 1_000, 100_000, 10_000_000
DIALECTS = ("international", "fr")
LISTED = 12  # values that a hint lists in full

# Exactly the texts that `asof` takes: an edition (e1), or a year, month or day that exists, 1900 to 2100.
_YEAR = "(?:19[0-9]{2}|20[0-9]{2}|2100)"
_MONTHS = (
    "(?:0[13578]|1[02])(?:-(?:0[1-9]|[12][0-9]|3[01]))?|(?:0[469]|11)(?:-(?:0[1-9]|[12][0-9]|30))?"
    "|02(?:-(?:0[1-9]|1[0-9]|2[0-8]))?"
)
_LEAP_DAYS = "(?:(?:19|20)(?:0[48]|[2468][048]|[13579][26])|2000)-02-29"
ASOF = f"^(?:e[1-9][0-9]{{0,5}}|{_YEAR}(?:-(?:{_MONTHS}))?|{_LEAP_DAYS})$"


def _enum(values: Sequence[str]) -> Schema:
    return {"type": "string", "enum": list(values)}


def _between(first: int, last: int) -> Schema:
    return {"type": "integer", "minimum": first, "maximum": last}


LANG = Parameter(
    "lang",
    lambda _catalogue: _enum(LANGUAGES) | {"default": "fr"},
    "Language of titles, units, licences and errors. Codes are the same in both.",
)
SEGMENT = Parameter("segment", lambda catalogue: _enum(tuple(catalogue.segments)), "Only this market.")
INDICATOR = Parameter("indicator", lambda catalogue: _enum(tuple(catalogue.indicators)), "Only this indicator.")
GEO = Parameter("geo", lambda catalogue: _enum(tuple(catalogue.geographies)), "Only this place.")
ITEM = Parameter("item", lambda catalogue: _enum(tuple(catalogue.items)), "Only this item, where there are several.")
HORIZON = Parameter(
    "horizon", lambda _catalogue: {"type": "integer", "enum": list(HORIZONS)}, "Only calls that many years ahead."
)
FIRST = Parameter(
    "from", lambda _catalogue: _between(VALID_YEARS[0], VALID_YEARS[-1]), "Only periods of this year or later."
)
LAST = Parameter(
    "to", lambda _catalogue: _between(VALID_YEARS[0], VALID_YEARS[-1]), "Only periods of this year or earlier."
)
ASOF_PARAMETER = Parameter(
    "asof",
    lambda _catalogue: {"type": "string", "pattern": ASOF},
    "What was known then: an edition by its number (`e1`; such an answer never changes), or the end of a day, month or"
    " year (`2026-11-22`, `2026-11`, `2026`). Before the first edition, from 1990, a past month is rebuilt, one at a"
    " time. Without it: the newest edition.",
)
DIALECT = Parameter(
    "dialect",
    lambda _catalogue: _enum(DIALECTS) | {"default": DIALECTS[0]},
    "`international`: comma and decimal point. `fr`: semicolon, decimal comma and a byte order mark, as Excel set to"
    " French wants them.",
)
LIMIT = Parameter(
    "limit",
    lambda _catalogue: _between(1, LARGEST_LIMIT),
    f"At most so many rows. Default: {DEFAULT_LIMIT} in JSON, all in CSV. The address of the following rows is in"
    " `meta.next` and in the `Link` header.",
)
OFFSET = Parameter(
    "offset", lambda _catalogue: _between(0, LARGEST_OFFSET) | {"default": 0}, "How many rows to leave out first."
)

OWN = ("dialect", "limit", "offset")  # the rest are parts of a Selection


def single(pairs: Sequence[tuple[str, str]], address: Address) -> dict[str, str]:
    """The parameters by name. Raises Problem for one that the address does not know or that is given twice."""
    known = [row.name for row in address.parameters]
    found: dict[str, str] = {}
    for name, value in pairs:
        if name not in known:
            near = get_close_matches(name, known, 1)
            shown = ", ".join(near or known) or "-"
            raise Problem(400, "unknown_parameter", name=_shown(name), known=shown)
        if name in found:
            raise Problem(400, "twice", name=name)
        found[name] = value
    return found


def selected(given: Mapping[str, str], catalogue: Catalogue, address: Address) -> tuple[Selection, bool]:
    """The Selection of the parameters, and whether no year can be both after `from` and before `to`.

    Raises Problem for a value that is none, and for an indicator that is not of the segment asked for.
    """
    schemas = {row.name: row for row in address.parameters}
    parts = {name: value for name, value in given.items() if name not in OWN}
    chosen, notices = selections.parse_selection(parts, catalogue)
    for notice in notices:
        if notice.key == "notice.elsewhere":
            raise Problem(404, "no_series", known=catalogue.indicators[given["indicator"]].segment)
        if notice.name in schemas and notice.key != "notice.years":
            raise bad(schemas[notice.name], given[notice.name], catalogue)
    return chosen, any(notice.key == "notice.years" for notice in notices)


def bad(parameter: Parameter, value: str, catalogue: Catalogue) -> Problem:
    """What is wrong with a value, and which values there are, or which one comes near."""
    schema = parameter.schema(catalogue)
    if "enum" in schema:
        allowed = [str(row) for row in schema["enum"]]
        near = allowed if len(allowed) <= LISTED else get_close_matches(value.lower(), allowed, 5, 0.5)
        known = ", ".join(near) or f"{allowed[0]}, {allowed[1]}, ... (/api/openapi.json)"
    elif "pattern" in schema:
        known = "e1, 2026-11-22, 2026-11, 2026"
    else:
        known = f"{schema['minimum']} .. {schema['maximum']}"
    return Problem(400, "bad_value", name=parameter.name, value=_shown(value) or "-", known=known)


def with_own(asked: Asked, address: Address) -> Asked:
    """The request with its own parameters read: dialect, limit, offset. Raises Problem for a bad value."""
    values: dict[str, int] = {}
    schemas = {row.name: row for row in address.parameters}
    for name in OWN:
        text = asked.given.get(name)
        if text is None:
            continue
        schema = schemas[name].schema(asked.outlook.catalogue)
        if name == "dialect":
            if text not in schema["enum"]:
                raise bad(schemas[name], text, asked.outlook.catalogue)
            continue
        number = int(text) if re.fullmatch(r"0|[1-9]\d{0,8}", text, re.ASCII) else -1
        if not schema["minimum"] <= number <= schema["maximum"]:
            raise bad(schemas[name], text, asked.outlook.catalogue)
        values[name] = number
    return replace(
        asked,
        french=asked.given.get("dialect") == "fr",
        limit=values.get("limit"),
        offset=values.get("offset", 0),
    )


def _shown(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in text[:MAX_ECHOED_CHARS])
