"""Series as charts show them: restricted to the years of the selection and converted to its display."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from observatory.briefs.common.units import Display, DisplayUnit
from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import PERIODS_PER_YEAR
from observatory.selection import Selection
from observatory.settings import INTERVAL_LEVELS
from observatory.timeseries import FloatArray, Forecast, TimeSeries

DEFAULT_YEARS_SHOWN = 20  # of history, unless the reader chooses a first year
EARLIEST_YEAR = 1900  # the first year that a reader can choose


@dataclass(frozen=True)
class SeriesView:
    """History and forecast of a series in the display that the reader chose, by period (ordinal); NaN for no value.

    `low` and `high` are the ends of the interval of the selection's level, `inner_low` and `inner_high` those of the
    next narrower level.
    """

    ordinals: tuple[int, ...]
    observed: FloatArray
    forecast_ordinals: tuple[int, ...]
    median: FloatArray
    low: FloatArray
    high: FloatArray
    inner_low: FloatArray
    inner_high: FloatArray


@dataclass(frozen=True)
class DisplayedSeries(Display):
    """A series with its view; `unit` is the unit of its levels."""

    indicator: Indicator
    history: TimeSeries
    view: SeriesView
    unit: DisplayUnit

    @property
    def is_whole(self) -> bool:
        """Whether values are counts, which have no decimals."""
        return self.unit.whole and self.display in ("level", "log")


@dataclass(frozen=True)
class ShownForecast:
    """A forecast and how many of its steps (at least one) are shown; `end_period` is the code of the last one."""

    forecast: Forecast
    steps: int
    end_period: str


def count_steps_to_year(history: TimeSeries, forecast: Forecast | None, year: int, *, seasonal: bool) -> int:
    """Number of stored forecast steps up to the end of a year (0 where nothing is forecast).

    A seasonal series is shown for whole years ahead only, so that a reader compares June with June, not with December.
    """
    if forecast is None or not len(forecast.median):
        return 0
    per_year = PERIODS_PER_YEAR[history.frequency]
    steps = max(0, min((year + 1) * per_year - 1 - forecast.origin, len(forecast.median)))
    return steps // per_year * per_year if seasonal and steps >= per_year else steps


def count_shown_steps(
    history: TimeSeries, forecast: Forecast | None, selection: Selection, base_year: int, *, seasonal: bool
) -> int:
    """Number of forecast steps that a selection shows: up to its horizon, or to its last year if that is earlier."""
    until = base_year + selection.horizon
    if selection.last:
        if _ends_before_history(history, selection):
            return 0
        until = min(until, selection.last)
    return count_steps_to_year(history, forecast, until, seasonal=seasonal)


def _ends_before_history(history: TimeSeries, selection: Selection) -> bool:
    """Whether the last year of the selection is before the end of the history, so that no forecast is shown."""
    return bool(selection.last) and (selection.last + 1) * PERIODS_PER_YEAR[history.frequency] - 1 < history.last


def truncate_to_selection(history: TimeSeries, selection: Selection) -> TimeSeries:
    """The history up to the last year of the selection; the whole history if it has no value by then."""
    if not _ends_before_history(history, selection):
        return history
    return history.truncate((selection.last + 1) * PERIODS_PER_YEAR[history.frequency] - 1) or history


def build_series_view(
    history: TimeSeries, forecast: Forecast | None, steps: int, selection: Selection, display: str, unit: DisplayUnit
) -> SeriesView:
    """Restricts a series to the years of a selection and converts it to a display (level, index, growth or log).

    An index is 100 at the first value shown that is not zero.
    """
    per_year = PERIODS_PER_YEAR[history.frequency]
    first_year = selection.first or history.last // per_year - DEFAULT_YEARS_SHOWN + 1
    first = max(history.first, first_year * per_year)
    last = min(history.last, (selection.last + 1) * per_year - 1) if selection.last else history.last
    ordinals = tuple(range(first, last + 1))
    past = history.values[first - history.first : last - history.first + 1] if ordinals else np.empty(0)
    level_index = INTERVAL_LEVELS.index(selection.level)
    inner_index = max(level_index - 1, 0)
    paths = [np.empty(0)] * 5
    if forecast is not None and steps and last == history.last:
        paths = [
            part[:steps]
            for part in (
                forecast.median,
                forecast.low[:, level_index],
                forecast.high[:, level_index],
                forecast.low[:, inner_index],
                forecast.high[:, inner_index],
            )
        ]
    forecast_ordinals = tuple(range(history.last + 1, history.last + 1 + len(paths[0])))
    if display == "growth":
        past = _compute_growth(history, ordinals)
        paths = [_compute_expected_growth(history, path) for path in paths]
    elif display == "index":
        base = next((value for value in past if np.isfinite(value) and value != 0), np.nan)
        past, paths = past / base * 100, [path / base * 100 for path in paths]
    else:
        past, paths = past * unit.factor, [path * unit.factor for path in paths]
    return SeriesView(ordinals, past, forecast_ordinals, *paths)


def _compute_growth(history: TimeSeries, ordinals: Sequence[int]) -> FloatArray:
    """Growth over one year, in per cent; NaN where either end is absent or the base is not positive."""
    per_year = PERIODS_PER_YEAR[history.frequency]
    rates = []
    for ordinal in ordinals:
        position = ordinal - history.first
        base = history.values[position - per_year] if position >= per_year else np.nan
        rates.append((history.values[position] / base - 1) * 100 if np.isfinite(base) and base > 0 else np.nan)
    return np.array(rates)


def _compute_expected_growth(history: TimeSeries, path: FloatArray) -> FloatArray:
    """Mean growth a year, in per cent, from the same period of the last observed year to each step of a path.

    The ends of an interval hold for one step each, hence they allow no growth from one step to the next.
    """
    per_year = PERIODS_PER_YEAR[history.frequency]
    rates = []
    for step, value in enumerate(path):
        years = step // per_year + 1
        base = history.values[len(history.values) + step - years * per_year]
        rate = (max(value, 0) / base) ** (1 / years) - 1 if np.isfinite(base) and base > 0 else np.nan
        rates.append(rate * 100)
    return np.array(rates)
