"""Tables of figures: observations, forecasts and calls of an outlook, as rows under named columns."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import numpy as np

from observatory.api.models import ApiError, ApiRequest, Field
from observatory.catalogue.periods import PERIODS_PER_YEAR, Frequency, ordinal_to_period
from observatory.export.csv import dialect
from observatory.outlook.calls.calls import Call
from observatory.settings import INTERVAL_LEVELS
from observatory.timeseries import SeriesKey

_MAX_LISTED_SERIES = 12

_SERIES_FIELDS = (
    Field("indicator", "string", "Code of the indicator."),
    Field("geo", "string", "Code of the place."),
    Field("item", "string", "Code of the item; empty for a series that has none."),
)
OBSERVATION_FIELDS = (
    *_SERIES_FIELDS,
    Field("period", "string", "Year (2024), quarter (2024-Q1) or month (2024-01)."),
    Field("value", "number", "The value, in the unit of the indicator."),
)
FORECAST_FIELDS = (
    *_SERIES_FIELDS,
    Field("origin", "string", "The last period that the forecast knew."),
    Field("period", "string", "The period that is forecast; empty if the series is not forecast.", nullable=True),
    Field("median", "number", "As likely above as below.", nullable=True),
    *(
        Field(
            f"{side}_{level}",
            "number",
            f"{word} end of the range that should hold {level} % of outcomes.",
            nullable=True,
        )
        for level in INTERVAL_LEVELS
        for side, word in (("low", "Lower"), ("high", "Upper"))
    ),
    Field("status", "string", "pool, reference, too_short or stopped: the last two have no forecast."),
    Field("reference", "string", "The plain forecast that ours is measured against, and shown where it is not beaten."),
)
CALL_FIELDS = (
    Field("segment", "string", "Code of the market."),
    Field("horizon", "integer", "Years ahead."),
    Field("call", "string", "growing, flat, shrinking or unclear."),
    Field("why", "string", "Why it is unclear: no_data, too_old, too_little, contradiction, not_sure; else empty."),
    Field("probability", "number", "That the market grows at all, 0 to 1.", nullable=True),
    Field("probability_clear", "number", "That it grows by more than 1 % a year.", nullable=True),
    Field("probability_shrinks", "number", "That it shrinks by more than 1 % a year.", nullable=True),
    Field("growth", "number", "Expected growth a year: 0.04 is 4 %.", nullable=True),
    Field("low", "number", "Lower end of its 80 % range.", nullable=True),
    Field("high", "number", "Upper end of its 80 % range.", nullable=True),
    Field("past", "number", "Growth a year over the last five years.", nullable=True),
    Field("base_year", "integer", "The year that the last year of the horizon will be compared with."),
    Field("due", "string", "The day by which the call can be judged."),
    Field("latest", "string", "The month up to which at least half of the index is known; empty if nothing is."),
    Field("outcomes", "number", "Known outcomes behind the probability, those that overlap counted once."),
    Field("families", "integer", "Independent families of indicators behind the call."),
)
PROVENANCE_FIELDS = (
    Field("unit", "string", "Unit of the value."),
    Field("source", "string", "Attribution that the publisher asks for."),
    Field("licence", "string", "Licence of the figures."),
    Field("vintage", "string", "Number and day of the edition; `reconstructed` for a past month before the first one."),
)

TableRow = tuple[Any, ...]


def _find_series(request: ApiRequest) -> list[SeriesKey]:
    """The requested series, by indicator, place and item. Raises ApiError if no series matches the filters."""
    chosen, outlook = request.selection, request.outlook
    rows = outlook.catalogue.indicators
    of_segment = "segment" in request.query_params
    keys = [
        key
        for key in outlook.panel
        if (not chosen.indicator or key[0] == chosen.indicator)
        and (not chosen.geo or key[1] == chosen.geo)
        and (not chosen.item or key[2] == chosen.item)
        and (not of_segment or rows[key[0]].segment == chosen.segment)
    ]
    if not keys and (chosen.indicator or chosen.geo or chosen.item):
        existing = sorted(key for key in outlook.panel if key[0] == chosen.indicator)
        series = (
            ", ".join("/".join(key[1:]).rstrip("/") for key in existing[:_MAX_LISTED_SERIES]) or "/api/v1/indicators"
        )
        raise ApiError(404, "no_series", known=series)
    return sorted(keys)


def build_observations(request: ApiRequest, start: int, count: int | None) -> tuple[list[TableRow], int]:
    """Rows from `start`, at most `count`, of OBSERVATION_FIELDS, and how many there are in all."""
    rows, total = iterate_observations(request, start, count)
    return list(rows), total


def iterate_observations(request: ApiRequest, start: int, count: int | None) -> tuple[Iterator[TableRow], int]:
    """The rows of `build_observations`, each made when it is asked for."""
    total, parts = 0, []
    for key in _find_series(request) if not request.is_contradictory else ():
        history = request.outlook.panel[key]
        first, last = _period_bounds(request, history.frequency)
        indices = np.flatnonzero(np.isfinite(history.values))
        ordinals = indices + history.first
        indices = indices[(ordinals >= first) & (ordinals <= last)]
        total += len(indices)
        parts.append((key, history, indices))
    rows = (
        (*key, ordinal_to_period(history.first + index, history.frequency), float(history.values[index]))
        for key, history, indices in parts
        for index in indices.tolist()
    )
    return islice(rows, start, None if count is None else start + count), total


def build_forecasts(request: ApiRequest, start: int, count: int | None) -> tuple[list[TableRow], int]:
    """Rows of FORECAST_FIELDS: one a step, or a single one without figures for a series that is not forecast."""
    rows = (
        []
        if request.is_contradictory
        else [row for key in _find_series(request) for row in _iter_forecast_rows(request, key)]
    )
    return _slice_rows(rows, start, count), len(rows)


def _iter_forecast_rows(request: ApiRequest, key: SeriesKey) -> Iterator[TableRow]:
    forecast = request.outlook.forecasts.get(key)
    if forecast is None:
        return
    head, tail = (*key, ordinal_to_period(forecast.origin, forecast.frequency)), (forecast.status, forecast.reference)
    if not len(forecast.median):
        yield (*head, *(None,) * (2 + 2 * len(INTERVAL_LEVELS)), *tail)
    first, last = _period_bounds(request, forecast.frequency)
    for step, median in enumerate(forecast.median):
        when = forecast.origin + step + 1
        if first <= when <= last:
            sides = [
                side[step, level] for level in range(len(INTERVAL_LEVELS)) for side in (forecast.low, forecast.high)
            ]
            yield (
                *head,
                ordinal_to_period(when, forecast.frequency),
                *(round_value(float(value)) for value in (median, *sides)),
                *tail,
            )


def build_calls(request: ApiRequest, start: int, count: int | None) -> tuple[list[TableRow], int]:
    """Rows of CALL_FIELDS, by market in their order and by horizon."""
    rows = [tuple(read_call(call).values()) for call in find_calls(request)]
    return _slice_rows(rows, start, count), len(rows)


def read_call(call: Call) -> dict[str, Any]:
    """The values of CALL_FIELDS of a call, by name."""
    return {column.name: round_value(getattr(call, column.name)) for column in CALL_FIELDS}


def find_calls(request: ApiRequest) -> list[Call]:
    """The requested calls, by market in the order of the catalogue and by horizon."""
    chosen, outlook = request.selection, request.outlook
    return [
        outlook.calls[segment, horizon]
        for segment in outlook.catalogue.segments
        for horizon in sorted({years for _name, years in outlook.calls})
        if (segment, horizon) in outlook.calls
        and (not chosen.segment or segment == chosen.segment)
        and ("horizon" not in request.query_params or horizon == chosen.horizon)
    ]


def round_value(value: Any) -> Any:
    """A computed figure to six significant digits; NaN and infinities are None, the rest stays as it is."""
    if not isinstance(value, float):
        return value
    return dialect.round_significant(value) if np.isfinite(value) else None


def build_provenance(request: ApiRequest, indicator: str) -> TableRow:
    """The columns of PROVENANCE_FIELDS of an indicator."""
    row = request.outlook.catalogue.indicators[indicator]
    source = request.outlook.catalogue.sources[row.source]
    language = request.localizer.language
    return (
        row.unit_fr if language == "fr" else row.unit_en,
        source.attribution,
        source.licence_fr if language == "fr" else source.licence_en,
        request.outlook.label,
    )


def _period_bounds(request: ApiRequest, frequency: Frequency) -> tuple[int, int]:
    """The first and last period of the requested years, as ordinals."""
    per_year, chosen = PERIODS_PER_YEAR[frequency], request.selection
    return chosen.first * per_year, (chosen.last + 1) * per_year - 1 if chosen.last else 10**6


def _slice_rows(rows: Iterable[TableRow], start: int, count: int | None) -> list[TableRow]:
    return list(islice(rows, start, None if count is None else start + count))
