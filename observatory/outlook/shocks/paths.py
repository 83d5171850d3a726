"""The course of a market through a past shock, on one calendar, so that the courses of several can be added up."""

from collections.abc import Mapping, Sequence

import numpy as np

from observatory.catalogue.models import Indicator
from observatory.settings import CALLING
from observatory.timeseries import Floats, History, yearly

BEFORE = 12  # months before the start in which the level to fall from is sought
FALLING = 36  # months from the start in which a trough is sought; later falls have other causes
AFTER = 60  # months that are followed
FEWEST_SERIES = 2  # one series is not a market
DIGITS = 4
FARTHEST = 1e6  # times the level at the start; what is beyond is no level of a market

Course = list[float | None]  # the level of each month from BEFORE before the start, 1 in the month of the start


def course(series: Sequence[tuple[Indicator, History]], start: int) -> Course | None:
    """The median of some series month by month, each 1 in a month (ordinal); None with fewer than two series.

    Levels are those of a year up to each month; between the figures of an annual series they are drawn straight. Once
    a series has stopped, the others go on from where all stood.
    """
    lines = [line for row, history in series if (line := _line(row, history, start)) is not None]
    if len(lines) < FEWEST_SERIES:
        return None
    every = np.array(lines)
    there = np.isfinite(every)
    whole = np.flatnonzero(there.all(axis=0))
    last = int(whole[-1])
    path = np.full(every.shape[1], np.nan)
    path[whole] = np.median(every[:, whole], axis=0)
    for month in range(last + 1, every.shape[1]):
        on = there[:, month]
        if on.sum() < FEWEST_SERIES:
            break
        path[month] = path[last] * np.median(every[on, month] / every[on, last])
    return [round(float(value), DIGITS) if np.isfinite(value) else None for value in path]


def _line(row: Indicator, history: History, start: int) -> Floats | None:
    first, levels = yearly(history, row.kind)
    known = np.flatnonzero(np.isfinite(levels))
    months = np.arange(start - BEFORE, start + AFTER + 1) - first
    line = np.interp(months, known, levels[known], left=np.nan, right=np.nan)
    base = line[BEFORE]
    if not np.isfinite(base) or base <= 0:
        return None
    with np.errstate(over="ignore"):
        found = line / base
    return np.where(np.abs(found) < FARTHEST, found, np.nan)


def mixed(courses: Mapping[str, Course], shares: Mapping[str, float]) -> Floats:
    """The course of a mix (shares of one) that nothing rebalances: NaN in months that a market does not know."""
    lines = [
        shares[name] * np.array([np.nan if value is None else value for value in courses[name]], dtype=np.float64)
        for name in shares
    ]
    return np.asarray(np.sum(lines, axis=0))


def fall(path: Floats) -> tuple[float, int, int | None] | None:
    """Depth (share of the peak), months from the peak to the trough, months back to its level (None: not seen).

    The peak is the highest level of the year up to the start, the trough the lowest of the three years after it; None
    where less than the flat band was lost.
    """
    before = path[: BEFORE + 1]
    if not np.isfinite(before).any() or not np.isfinite(path[BEFORE : BEFORE + FALLING + 1]).all():
        return None
    peak = BEFORE - int(np.nanargmax(before[::-1]))
    top = float(path[peak])
    trough = peak + int(np.nanargmin(path[peak : BEFORE + FALLING + 1]))
    depth = 1 - float(path[trough]) / top
    if depth <= CALLING.flat_band:
        return None
    back = np.flatnonzero(path[trough:] >= top)
    return depth, trough - peak, int(back[0]) if back.size else None
