"""Monthly paths of markets through a past shock, on one calendar, so that those of several can be added up."""

from collections.abc import Mapping, Sequence

import numpy as np

from observatory.catalogue.models import Indicator
from observatory.settings import CALL_THRESHOLDS
from observatory.timeseries import FloatArray, TimeSeries, compute_yearly_levels

MONTHS_BEFORE = 12  # months before the start that are drawn
TROUGH_SEARCH_MONTHS = 36  # months from the start in which a trough is sought; later falls have other causes
MONTHS_AFTER = 60  # months that are followed
MIN_SERIES = 2  # one series is not a market
_STORED_DECIMALS = 4
_MAX_RELATIVE_LEVEL = 1e6  # times the level at the start; what is beyond is no level of a market

ShockPath = list[float | None]  # the level of each month from BEFORE before the start, 1 in the month of the start


def build_shock_path(series: Sequence[tuple[Indicator, TimeSeries]], start: int) -> ShockPath | None:
    """The median of some series month by month, each 1 in a month (ordinal); None with fewer than two series.

    Levels are those of a year up to each month; between the figures of an annual series they are drawn straight. Once
    a series has stopped, the others go on from where all stood.
    """
    lines = [line for row, history in series if (line := _relative_levels(row, history, start)) is not None]
    if len(lines) < MIN_SERIES:
        return None
    every = np.array(lines)
    present = np.isfinite(every)
    whole = np.flatnonzero(present.all(axis=0))
    last = int(whole[-1])
    path = np.full(every.shape[1], np.nan)
    path[whole] = np.median(every[:, whole], axis=0)
    for month in range(last + 1, every.shape[1]):
        on = present[:, month]
        if on.sum() < MIN_SERIES:
            break
        path[month] = path[last] * np.median(every[on, month] / every[on, last])
    return [round(float(value), _STORED_DECIMALS) if np.isfinite(value) else None for value in path]


def _relative_levels(row: Indicator, history: TimeSeries, start: int) -> FloatArray | None:
    first, levels = compute_yearly_levels(history, row.kind)
    finite_places = np.flatnonzero(np.isfinite(levels))
    months = np.arange(start - MONTHS_BEFORE, start + MONTHS_AFTER + 1) - first
    line = np.interp(months, finite_places, levels[finite_places], left=np.nan, right=np.nan)
    base = line[MONTHS_BEFORE]
    if not np.isfinite(base) or base <= 0:
        return None
    with np.errstate(over="ignore"):
        relative = line / base
    return np.where(np.abs(relative) < _MAX_RELATIVE_LEVEL, relative, np.nan)


def mix_paths(paths: Mapping[str, ShockPath], shares: Mapping[str, float]) -> FloatArray:
    """The path of a mix (shares of one) without rebalancing: NaN in months that one of its markets lacks."""
    lines = [
        shares[name] * np.array([np.nan if value is None else value for value in paths[name]], dtype=np.float64)
        for name in shares
    ]
    return np.asarray(np.sum(lines, axis=0))


def measure_drawdown(path: FloatArray) -> tuple[float, int, int | None] | None:
    """Depth (share of the level at the start), months to the trough, months from there back to it (None: not seen).

    The start is where the path is 1 and what a firm has today, so that its charts, shares and amounts have one base.
    The trough is the lowest level of the three years after it; None where less than the flat band was lost.
    """
    after = path[MONTHS_BEFORE:]
    searched = after[: TROUGH_SEARCH_MONTHS + 1]
    if not np.isfinite(searched).all():
        return None
    trough = int(np.argmin(searched))
    depth = 1 - float(after[trough]) / float(after[0])
    if depth <= CALL_THRESHOLDS.flat_band:
        return None
    back = np.flatnonzero(after[trough:] >= after[0])
    return depth, trough, int(back[0]) if back.size else None
