"""A series as it is shown: cut to the years asked for, in the display asked for, on the calendar."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from observatory.briefs.common.units import Unit
from observatory.catalogue.periods import PER_YEAR, middle
from observatory.selection import Selection
from observatory.settings import LEVELS
from observatory.timeseries import Floats, Forecast, History

YEARS_SHOWN = 20  # unless the reader asks for others
ALL_YEARS = 1900


@dataclass(frozen=True)
class View:
    """A series as it is shown: history and forecast in the display that the reader chose, on the calendar."""

    numbers: tuple[int, ...]
    past: Floats
    ahead: tuple[int, ...]
    median: Floats
    low: Floats
    high: Floats
    inner_low: Floats
    inner_high: Floats


def steps_to(history: History, forecast: Forecast | None, year: int, seasonal: bool) -> int:
    """How many stored steps reach to the end of a year (0 where nothing is forecast).

    With a season only whole years ahead are shown, so that June is set beside June and not beside December.
    """
    if forecast is None or not len(forecast.median):
        return 0
    per_year = PER_YEAR[history.frequency]
    steps = max(0, min((year + 1) * per_year - 1 - forecast.origin, len(forecast.median)))
    return steps // per_year * per_year if seasonal and steps >= per_year else steps


def steps_shown(
    history: History, forecast: Forecast | None, selection: Selection, base_year: int, seasonal: bool
) -> int:
    """How many steps of a forecast a selection shows: to the end of the horizon, or of the last year asked for."""
    until = base_year + selection.horizon
    if selection.last:
        if _cut(history, selection):
            return 0
        until = min(until, selection.last)
    return steps_to(history, forecast, until, seasonal)


def _cut(history: History, selection: Selection) -> bool:
    """Whether the years asked for end before the history does: then no forecast starts where they end."""
    return bool(selection.last) and (selection.last + 1) * PER_YEAR[history.frequency] - 1 < history.last


def shown_until(history: History, selection: Selection) -> History:
    """The history up to the last year asked for; the whole of it if it holds no value by then."""
    if not _cut(history, selection):
        return history
    return history.until((selection.last + 1) * PER_YEAR[history.frequency] - 1) or history


def view_of(
    history: History, forecast: Forecast | None, steps: int, selection: Selection, display: str, unit: Unit
) -> View:
    """A series cut and converted as a selection asks: level, index 100, growth or log."""
    per_year = PER_YEAR[history.frequency]
    first_year = selection.first or history.last // per_year - YEARS_SHOWN + 1
    begin = max(history.first, first_year * per_year)
    end = min(history.last, (selection.last + 1) * per_year - 1) if selection.last else history.last
    numbers = tuple(range(begin, end + 1))
    past = history.values[begin - history.first : end - history.first + 1] if numbers else np.empty(0)
    at = LEVELS.index(selection.level)
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
        past = _growth(history, numbers)
        paths = [_growth_ahead(history, path) for path in paths]
    elif display == "index":
        base = next((value for value in past if np.isfinite(value) and value != 0), np.nan)
        past, paths = past / base * 100, [path / base * 100 for path in paths]
    else:
        past, paths = past * unit.factor, [path * unit.factor for path in paths]
    return View(numbers, past, ahead, *paths)


def _growth(history: History, numbers: Sequence[int]) -> Floats:
    """Growth over one year, in per cent; NaN where either end is absent or the base is not positive."""
    per_year = PER_YEAR[history.frequency]
    found = []
    for at in numbers:
        place = at - history.first
        before = history.values[place - per_year] if place >= per_year else np.nan
        found.append((history.values[place] / before - 1) * 100 if np.isfinite(before) and before > 0 else np.nan)
    return np.array(found)


def _growth_ahead(history: History, path: Floats) -> Floats:
    """Mean yearly growth, in per cent, since the same period of the last known year: marginal limits allow no other."""
    per_year = PER_YEAR[history.frequency]
    found = []
    for step, value in enumerate(path):
        years = step // per_year + 1
        base = history.values[len(history.values) + step - years * per_year]
        rate = (max(value, 0) / base) ** (1 / years) - 1 if np.isfinite(base) and base > 0 else np.nan
        found.append(rate * 100)
    return np.array(found)


def runs_of(view: View, history: History) -> list[list[tuple[float, float]]]:
    """History in pieces without a hole: a missing period is a gap in the line, never a straight bridge."""
    runs: list[list[tuple[float, float]]] = [[]]
    for at, value in zip(view.numbers, view.past, strict=True):
        if np.isfinite(value):
            runs[-1].append((middle(at, history.frequency), float(value)))
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]
