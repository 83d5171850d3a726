"""Magnitude of a forecast of others beside the last year of its series: thousands where units were meant."""

import math
from collections.abc import Mapping

import numpy as np

from observatory.catalogue.external_forecasts import ExternalForecast
from observatory.catalogue.models import Catalogue
from observatory.catalogue.periods import MONTHS_PER_PERIOD
from observatory.errors import Finding
from observatory.ingest.figures.series import detect_unit_factor
from observatory.timeseries import SeriesKey, TimeSeries

_LEVEL_MEASURES = ("level", "total", "mean")  # in the unit of the series; the others are rates


def find_wrong_magnitude(
    row: ExternalForecast, panel: Mapping[SeriesKey, TimeSeries] | None, catalogue: Catalogue
) -> Finding | None:
    """A warning where a level is about a thousand or a million times, or a fraction of, what its series last was.

    Rates, forecasts without a series and series without a positive last year are left alone.
    """
    if panel is None or row.measure not in _LEVEL_MEASURES or not row.series:
        return None
    years = 1 if row.measure == "mean" else (row.target_span[1] - row.target_span[0] + 1) / 12
    levels = [_measure_last_year(panel.get(key), years, catalogue) for key in row.series]
    figure = row.scale * float(np.mean([one for one in row.figures if one is not None]))
    if None in levels or figure <= 0:
        return None
    last = float(np.mean([one for one in levels if one is not None]))
    factor = detect_unit_factor(math.log(figure / last)) if last > 0 else 0
    if not factor:
        return None
    column = next(name for name, one in zip(("value", "low", "high"), _ordered(row), strict=True) if one is not None)
    values = {"figure": f"{figure:.6g}", "last": f"{last:.6g}", "factor": f"{factor:d}"}
    return Finding("warning", "external_magnitude", "", row.line, column, f"{figure / row.scale:.12g}", values)


def _ordered(row: ExternalForecast) -> tuple[float | None, ...]:
    return row.value, row.low, row.high


def _measure_last_year(history: TimeSeries | None, years: float, catalogue: Catalogue) -> float | None:
    """The level of the last twelve months known: of a flow their sum, for as many years; of other kinds the mean."""
    if history is None:
        return None
    periods = 12 // MONTHS_PER_PERIOD[history.frequency]
    last = history.values[-periods:]
    known = last[np.isfinite(last)]
    if not len(known):
        return None
    mean = float(known.mean())
    return mean * periods * years if catalogue.indicators[history.key[0]].kind == "flow" else mean
