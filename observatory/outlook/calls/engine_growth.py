"""The engine's forecast of each demand indicator's growth, as it stood at every origin, in quantiles.

Each series is forecast on its own clock (by month, quarter or year), from its figures up to the latest yearly level
that the call is based on. Periods are then summed to years, quantile by quantile, as on the pages.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from observatory.catalogue.periods import MONTHS_PER_PERIOD, PERIODS_PER_YEAR, Frequency
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
        places = {row.history.key: np.flatnonzero(_has_base(row, origins)) for row in chosen}
        cases = [(row, int(base)) for row in chosen for base in np.unique(row.latest_month[places[row.history.key]])]
        if not cases:
            continue
        grown = _forecast_cases(cases, frequency)
        by_case = {(row.history.key, base): grown[index] for index, (row, base) in enumerate(cases)}
        for row in chosen:
            for place in places[row.history.key]:
                result[row.history.key][place] = by_case[row.history.key, int(row.latest_month[place])]
    return result


def _has_base(member: IndicatorSignals, origins: NDArray[np.int64]) -> NDArray[np.bool_]:
    return np.asarray((member.latest_month >= 0) & (origins >= FIRST_ORIGIN_MONTH))


def _forecast_cases(cases: Sequence[tuple[IndicatorSignals, int]], frequency: Frequency) -> FloatArray:
    """Quantiles of log growth a year of each series from a month: cases x horizons x levels."""
    per_year, length = PERIODS_PER_YEAR[frequency], MONTHS_PER_PERIOD[frequency]
    rows = []
    for member, base in cases:
        end = (base + 1) // length - member.history.first
        rows.append(member.history.values[max(0, end - _MAX_HISTORY_YEARS * per_year) : end])
    paths = np.concatenate([_forecast_piece(piece, per_year) for piece in split_pieces(right_align(rows), per_year)])
    years = paths.reshape(len(cases), -1, per_year, len(GROWTH_LEVELS))
    kinds = np.array([member.indicator.kind for member, _base in cases])[:, None, None]
    totals = np.where(kinds == "flow", years.sum(axis=2), years.mean(axis=2))
    totals = np.where(kinds == "stock", years[:, :, -1], totals)
    later = totals[:, [horizon - 1 for horizon in HORIZONS]]
    now = np.array([_find_level(member, base) for member, base in cases])[:, None, None]
    grown = np.clip(compute_growth(np.broadcast_to(now, later.shape), later), -MAX_LOG_GROWTH, MAX_LOG_GROWTH)
    return np.asarray(np.maximum.accumulate(grown, axis=2) / np.array(HORIZONS)[None, :, None])


@remember(size=24)
def _forecast_piece(piece: FloatArray, per_year: int) -> FloatArray:
    """Quantiles in units: rows x periods x levels, within the bounds of the engine."""
    expected = forecast_scaled(prepare_histories(piece, per_year), load_parameters(per_year), max(HORIZONS) * per_year)
    lower, upper = compute_bounds(piece)
    units = expected.scale.to_units(expected.quantiles(GROWTH_LEVELS))
    return np.asarray(np.clip(units, lower[:, None, None], upper[:, None, None]))


def _find_level(member: IndicatorSignals, base: int) -> float:
    first, levels = compute_yearly_levels(member.history, member.indicator.kind)
    return float(level_at(levels, first, np.array([base]))[0])
