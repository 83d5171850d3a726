"""A series as it is shown: cut to the years asked for, in the display asked for, on the calendar."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from observatory.briefs.common.units import DisplayUnit
from observatory.catalogue.periods import PERIODS_PER_YEAR, midpoint_year
from observatory.selection import Selection
from observatory.settings import INTERVAL_LEVELS
from observatory.timeseries import FloatArray, Forecast, TimeSeries

DEFAULT_YEARS_SHOWN = 20  # unless the reader asks for others
EARLIEST_YEAR = 1900


@dataclass(frozen=True)
class SeriesView:
    """A series as it is shown: history and forecast in the display that the reader chose, on the calendar."""

    ordinals: tuple[int, ...]
    observed: FloatArray
    forecast_ordinals: tuple[int, ...]
    median: FloatArray
    low: FloatArray
    high: FloatArray
    inner_low: FloatArray
    inner_high: FloatArray


def count_steps_to_year(history: TimeSeries, forecast: Forecast | None, year: int, seasonal: bool) -> int:
    """How many stored steps reach to the end of a year (0 where nothing is forecast).

    With a season only whole years ahead are shown, so that June is set beside June and not beside December.
    """
    if forecast is None or not len(forecast.median):
        return 0
    per_year = PERIODS_PER_YEAR[history.frequency]
    steps = max(0, min((year + 1) * per_year - 1 - forecast.origin, len(forecast.median)))
    return steps // per_year * per_year if seasonal and steps >= per_year else steps


def count_shown_steps(
    history: TimeSeries, forecast: Forecast | None, selection: Selection, base_year: int, seasonal: bool
) -> int:
    """How many steps of a forecast a selection shows: to the end of the horizon, or of the last year asked for."""
    until = base_year + selection.horizon
    if selection.last:
        if _ends_before_history(history, selection):
            return 0
        until = min(until, selection.last)
    return count_steps_to_year(history, forecast, until, seasonal)


def _ends_before_history(history: TimeSeries, selection: Selection) -> bool:
    """Whether the years asked for end before the history does: then no forecast starts where they end."""
    return bool(selection.last) and (selection.last + 1) * PERIODS_PER_YEAR[history.frequency] - 1 < history.last


def truncate_to_selection(history: TimeSeries, selection: Selection) -> TimeSeries:
    """The history up to the last year asked for; the whole of it if it holds no value by then."""
    if not _ends_before_history(history, selection):
        return history
    return history.truncate((selection.last + 1) * PERIODS_PER_YEAR[history.frequency] - 1) or history


def build_series_view(
    history: TimeSeries, forecast: Forecast | None, steps: int, selection: Selection, display: str, unit: DisplayUnit
) -> SeriesView:
    """A series cut and converted as a selection asks: level, index 100, growth or log."""
    per_year = PERIODS_PER_YEAR[history.frequency]
    first_year = selection.first or history.last // per_year - DEFAULT_YEARS_SHOWN + 1
    begin = max(history.first, first_year * per_year)
    end = min(history.last, (selection.last + 1) * per_year - 1) if selection.last else history.last
    numbers = tuple(range(begin, end + 1))
    past = history.values[begin - history.first : end - history.first + 1] if numbers else np.empty(0)
    at = INTERVAL_LEVELS.index(selection.level)
    inner = max(at - 1, 0)
    paths = [np.empty(0)] * 5
    if forecast is not None and steps and end == history.last:
        paths = [
            part[:steps]
            for part in (
                forecast.median,
                forecast.low[:, at],
                forecast.high[:, at],
                forecast.low[:, inner],
                forecast.high[:, inner],
            )
        ]
    ahead = tuple(range(history.last + 1, history.last + 1 + len(paths[0])))
    if display == "growth":
        past = _compute_growth(history, numbers)
        paths = [_compute_expected_growth(history, path) for path in paths]
    elif display == "index":
        base = next((value for value in past if np.isfinite(value) and value != 0), np.nan)
        past, paths = past / base * 100, [path / base * 100 for path in paths]
    else:
        past, paths = past * unit.factor, [path * unit.factor for path in paths]
    return SeriesView(numbers, past, ahead, *paths)


def _compute_growth(history: TimeSeries, ordinals: Sequence[int]) -> FloatArray:
    """Growth over one year, in per cent; NaN where either end is absent or the base is not positive."""
    per_year = PERIODS_PER_YEAR[history.frequency]
    found = []
    for at in ordinals:
        place = at - history.first
        before = history.values[place - per_year] if place >= per_year else np.nan
        found.append((history.values[place] / before - 1) * 100 if np.isfinite(before) and before > 0 else np.nan)
    return np.array(found)


def _compute_expected_growth(history: TimeSeries, path: FloatArray) -> FloatArray:
    """Mean yearly growth, in per cent, since the same period of the last known year: marginal limits allow no other."""
    per_year = PERIODS_PER_YEAR[history.frequency]
    found = []
    for step, value in enumerate(path):
        years = step // per_year + 1
        base = history.values[len(history.values) + step - years * per_year]
        rate = (max(value, 0) / base) ** (1 / years) - 1 if np.isfinite(base) and base > 0 else np.nan
        found.append(rate * 100)
    return np.array(found)


def split_at_gaps(view: SeriesView, history: TimeSeries) -> list[list[tuple[float, float]]]:
    """History in pieces without a hole: a missing period is a gap in the line, never a straight bridge."""
    runs: list[list[tuple[float, float]]] = [[]]
    for at, value in zip(view.ordinals, view.observed, strict=True):
        if np.isfinite(value):
            runs[-1].append((midpoint_year(at, history.frequency), float(value)))
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]
