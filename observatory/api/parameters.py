"""Query parameters of the API: pydantic models that FastAPI checks and describes."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Annotated, Any, ClassVar, Literal

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from observatory.api.models import ApiError, Schema
from observatory.briefs.feed.model import MAX_THRESHOLDS, ThresholdError
from observatory.catalogue.models import Catalogue
from observatory.selection import VALID_YEARS
from observatory.settings import HORIZONS, MAX_ECHOED_CHARS

DEFAULT_LIMIT, _MAX_LIMIT, _MAX_OFFSET = 1_000, 100_000, 10_000_000
_MAX_LISTED_VALUES = 12  # values that a hint lists in full

# Exactly the texts that `asof` takes: an edition (e1), with or without the last record of notes (e1.n2), or a year,
# month or day that exists, 1900 to 2100, with or without the edition from whose figures it is rebuilt (2010-10.e2).
_YEAR = "(?:19[0-9]{2}|20[0-9]{2}|2100)"
_MONTHS = (
    "(?:0[13578]|1[02])(?:-(?:0[1-9]|[12][0-9]|3[01]))?|(?:0[469]|11)(?:-(?:0[1-9]|[12][0-9]|30))?"
    "|02(?:-(?:0[1-9]|1[0-9]|2[0-8]))?"
)
_LEAP_DAYS = "(?:(?:19|20)(?:0[48]|[2468][048]|[13579][26])|2000)-02-29"
_EDITION = "e[1-9][0-9]{0,5}"
_NOTES = "n[1-9][0-9]{0,5}"
_AS_OF_PATTERN = f"^(?:{_EDITION}(?:\\.{_NOTES})?|(?:{_YEAR}(?:-(?:{_MONTHS}))?|{_LEAP_DAYS})(?:\\.{_EDITION})?)$"


def _parse_integer(value: Any) -> int:
    """Decimal digits alone: pydantic would also take "+1", "1_000", "1.0", "01" and blanks around them."""
    if not re.fullmatch(r"0|[1-9]\d{0,8}", str(value), re.ASCII):
        raise ValueError("not a whole number")
    return int(value)


def _parse_horizon(value: Any) -> int:
    horizon = _parse_integer(value)
    if horizon not in HORIZONS:
        raise ValueError("not a horizon")
    return horizon


# A default from a factory stays out of the OpenAPI document: an omitted parameter is neither an empty text nor zero.
_CODE = Field(default_factory=str)
_NUMBER = Field(default_factory=int)
_WHOLE = BeforeValidator(_parse_integer)

_Lang = Annotated[
    Literal["fr", "en"],
    Field(description="Language of titles, units, licences and errors. Codes are the same in both."),
]
_Segment = Annotated[str, _CODE, Field(description="Only this market.")]
_Indicator = Annotated[str, _CODE, Field(description="Only this indicator.")]
_Geo = Annotated[str, _CODE, Field(description="Only this place.")]
_Item = Annotated[str, _CODE, Field(description="Only this item, where there are several.")]
_Horizon = Annotated[
    int,
    _NUMBER,
    Field(description="Only calls that many years ahead.", json_schema_extra={"enum": list(HORIZONS)}),
    BeforeValidator(_parse_horizon),
]
_Year = Annotated[int, _NUMBER, Field(ge=VALID_YEARS[0], le=VALID_YEARS[-1]), _WHOLE]
_From = Annotated[_Year, Field(alias="from", description="Only periods of this year or later.")]
_To = Annotated[_Year, Field(alias="to", description="Only periods of this year or earlier.")]
_AsOf = Annotated[
    str,
    _CODE,
    Field(
        pattern=_AS_OF_PATTERN,
        description="What was known then: an edition by its number (`e1`; such an answer never changes), with or"
        " without the last record of the cluster's notes that it shows (`e1.n2`; else those before it), or the end of"
        " a day, month or year (`2026-11-22`, `2026-11`, `2026`). Before the first edition, from 1990, a past month"
        " is rebuilt, one at a time. Without it: the newest edition.",
    ),
]
_Dialect = Annotated[
    Literal["international", "fr"],
    Field(
        description="`international`: comma and decimal point. `fr`: semicolon, decimal comma and a byte order mark, as"
        " Excel set to French wants them."
    ),
]
_Flips = Annotated[
    Literal["0", "1"], Field(description="`1`: the editions that changed the verdict of a call on any market.")
]
_FollowedSegment = Annotated[
    str, _CODE, Field(description="The editions that changed the verdict of a call on this market.")
]
_FollowedIndicator = Annotated[
    str, _CODE, Field(description="The editions that brought new figures of this indicator.")
]
_Thresholds = Annotated[
    list[str],
    Field(
        default_factory=list,
        description="The editions in which a series passed a level: `brent_price>90` for the main series of an"
        " indicator, `airbus_deliveries.WORLD<60` for another (indicator, place, item). The level is in the unit of the"
        f" indicator, in plain digits or in those of `lang`. May be given several times, {MAX_THRESHOLDS} at most.",
        json_schema_extra={"maxItems": MAX_THRESHOLDS},
    ),
]
_Limit = Annotated[
    int,
    _NUMBER,
    Field(
        ge=1,
        le=_MAX_LIMIT,
        description=f"At most so many rows. Default: {DEFAULT_LIMIT} in JSON, all in CSV. The address of the following"
        " rows is in `meta.next` and in the `Link` header.",
    ),
    _WHOLE,
]
_Offset = Annotated[int, Field(ge=0, le=_MAX_OFFSET, description="How many rows to leave out first."), _WHOLE]


class Query(BaseModel):
    """The query of an endpoint; a parameter that its model does not name is refused."""

    model_config = ConfigDict(extra="forbid")

    own_names: ClassVar[tuple[str, ...]] = ("dialect", "limit", "offset")  # those that are no part of a Selection


class FeedQuery(Query):
    """What a feed is narrowed to; what is in it meets one of these, not all."""

    own_names: ClassVar[tuple[str, ...]] = ("segment", "indicator", "flips", "threshold")

    lang: _Lang = "fr"
    segment: _FollowedSegment
    indicator: _FollowedIndicator
    flips: _Flips = "0"
    threshold: _Thresholds


class AsOfQuery(Query):
    """The edition alone."""

    asof: _AsOf


class VintagesQuery(Query):
    """A list of editions, by pages."""

    lang: _Lang = "fr"
    limit: _Limit
    offset: _Offset = 0


class ListQuery(Query):
    """A list as of an edition, by pages."""

    asof: _AsOf
    lang: _Lang = "fr"
    limit: _Limit
    offset: _Offset = 0


class IndicatorsQuery(Query):
    """Indicators, all or of a segment."""

    segment: _Segment
    asof: _AsOf
    lang: _Lang = "fr"
    limit: _Limit
    offset: _Offset = 0


class NotesQuery(Query):
    """Notes, all or on a market or a place."""

    segment: _Segment
    geo: _Geo
    asof: _AsOf
    lang: _Lang = "fr"
    limit: _Limit
    offset: _Offset = 0


class OutlookPublishersQuery(ListQuery):
    """Publishers of forecasts of others, in a dialect of CSV."""

    dialect: _Dialect = "international"


class OutlooksCsvQuery(IndicatorsQuery):
    """Forecasts of others, all or of a segment, in a dialect of CSV."""

    dialect: _Dialect = "international"


class SeriesQuery(Query):
    """Figures of series, by segment, indicator, place, item and years."""

    segment: _Segment
    indicator: _Indicator
    geo: _Geo
    item: _Item
    first: _From
    last: _To
    asof: _AsOf
    lang: _Lang = "fr"
    limit: _Limit
    offset: _Offset = 0


class SeriesCsvQuery(SeriesQuery):
    """Figures of series, in a dialect of CSV."""

    dialect: _Dialect = "international"


class CallsQuery(Query):
    """Calls, by segment and horizon."""

    segment: _Segment
    horizon: _Horizon
    asof: _AsOf
    lang: _Lang = "fr"
    limit: _Limit
    offset: _Offset = 0


class CallsCsvQuery(CallsQuery):
    """Calls, in a dialect of CSV."""

    dialect: _Dialect = "international"


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
