"""The engine's forecast of each demand indicator's growth, as it stood at every origin, in quantiles.

Each series is forecast on its own clock (by month, quarter or year), from its figures up to the latest yearly level
that the call is based on. Periods are then summed to years, quantile by quantile, as on the pages.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from observatory.catalogue.periods import MONTHS_PER_PERIOD, PERIODS_PER_YEAR, Frequency
from observatory.forecast.cross_validation import group_series
from observatory.forecast.engine import compute_bounds, forecast_scaled, split_pieces
from observatory.forecast.ensemble_weights import load_parameters
from observatory.forecast.preprocessing import prepare_histories
from observatory.memo import remember
from observatory.outlook.calls.signals import MAX_LOG_GROWTH, IndicatorSignals, level_at
from observatory.settings import HORIZONS
from observatory.timeseries import FloatArray, SeriesKey, compute_growth, compute_yearly_levels, right_align

FIRST_ORIGIN_MONTH = 1985 * 12  # month; before it nothing is judged
GROWTH_LEVELS = np.array([0.005, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.975, 0.995])
_MAX_HISTORY_YEARS = 60  # the engine reads no more of any series


def forecast_growth(members: Sequence[IndicatorSignals], origins: NDArray[np.int64]) -> dict[SeriesKey, FloatArray]:
    """Quantiles of the log growth a year of each series: origins x horizons x levels, NaN where it has no base."""
    result = {
        member.history.key: np.full((len(origins), len(HORIZONS), len(GROWTH_LEVELS)), np.nan) for member in members
    }
    for frequency in PERIODS_PER_YEAR:
        chosen = list({row.history.key: row for row in members if row.history.frequency == frequency}.values())
        for group in group_series([row.history.key for row in chosen]):
            _forecast_group([chosen[place] for place in group.tolist()], origins, frequency, result)
    return result


def _forecast_group(
    members: Sequence[IndicatorSignals],
    origins: NDArray[np.int64],
    frequency: Frequency,
    result: Mapping[SeriesKey, FloatArray],
) -> None:
    """Writes the quantiles of some series into `result`."""
    places = {row.history.key: np.flatnonzero(_has_base(row, origins)) for row in members}
    cases = [(row, int(base)) for row in members for base in np.unique(row.latest_month[places[row.history.key]])]
    if not cases:
        return
    grown = _forecast_cases(cases, frequency)
    by_case = {(row.history.key, base): grown[index] for index, (row, base) in enumerate(cases)}
    for row in members:
        for place in places[row.history.key]:
            result[row.history.key][place] = by_case[row.history.key, int(row.latest_month[place])]


def _has_base(member: IndicatorSignals, origins: NDArray[np.int64]) -> NDArray[np.bool_]:
    return np.asarray((member.latest_month >= 0) & (origins >= FIRST_ORIGIN_MONTH))


def _forecast_cases(cases: Sequence[tuple[IndicatorSignals, int]], frequency: Frequency) -> FloatArray:
    """Quantiles of log growth a year of each series from a month: cases x horizons x levels."""
    per_year, length = PERIODS_PER_YEAR[frequency], MONTHS_PER_PERIOD[frequency]
    rows = []
    for member, base in cases:
        end = (base + 1) // length - member.history.first
        rows.append(member.history.values[max(0, end - _MAX_HISTORY_YEARS * per_year) : end])
    kinds = [member.indicator.kind for member, _base in cases]
    parts: list[FloatArray] = []
    for piece in split_pieces(right_align(rows), per_year):
        start = sum(map(len, parts))
        parts.append(_forecast_levels(piece, per_year, kinds[start : start + len(piece)]))
    later = np.concatenate(parts)
    now = _find_levels(cases)[:, None, None]
    grown = np.clip(compute_growth(np.broadcast_to(now, later.shape), later), -MAX_LOG_GROWTH, MAX_LOG_GROWTH)
    return np.asarray(np.maximum.accumulate(grown, axis=2) / np.array(HORIZONS)[None, :, None])


@remember(size=256)  # the pieces of two panels of ten times the catalogue of 2026, 0.1 MB each
def _forecast_levels(piece: FloatArray, per_year: int, kinds: Sequence[str]) -> FloatArray:
    """Quantiles of the levels of years in units, within the bounds of the engine: rows x horizons x levels."""
    expected = forecast_scaled(prepare_histories(piece, per_year), load_parameters(per_year), max(HORIZONS) * per_year)
    lower, upper = compute_bounds(piece)
    units = expected.scale.to_units(expected.quantiles(GROWTH_LEVELS))
    paths = np.clip(units, lower[:, None, None], upper[:, None, None])
    years = paths.reshape(len(piece), -1, per_year, len(GROWTH_LEVELS))
    by_row = np.array(kinds)[:, None, None]
    totals = np.where(by_row == "flow", years.sum(axis=2), years.mean(axis=2))
    totals = np.where(by_row == "stock", years[:, :, -1], totals)
    return np.asarray(totals[:, [horizon - 1 for horizon in HORIZONS]])


def _find_levels(cases: Sequence[tuple[IndicatorSignals, int]]) -> FloatArray:
    """The level of each series in a month; the cases of one series follow one another."""
    parts = []
    for _key, group in groupby(cases, key=lambda case: case[0].history.key):
        own = list(group)
        member = own[0][0]
        first, levels = compute_yearly_levels(member.history, member.indicator.kind)
        parts.append(level_at(levels, first, np.array([base for _member, base in own])))
    return np.concatenate(parts)
