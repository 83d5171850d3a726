"""Query parameters of the API: pydantic models that FastAPI checks and describes."""

import re
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from observatory.briefs.feed.model import MAX_THRESHOLDS
from observatory.selection import VALID_YEARS
from observatory.settings import HORIZONS

DEFAULT_LIMIT, _MAX_LIMIT, _MAX_OFFSET = 1_000, 100_000, 10_000_000

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
