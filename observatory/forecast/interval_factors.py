"""How much intervals are stretched so that past ones would have had their nominal coverage, at every past origin."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from observatory.forecast.cross_validation import MIN_FOLDS, SCORED_YEARS, Folds, compute_gains
from observatory.memo import remember
from observatory.settings import INTERVAL_LEVELS
from observatory.timeseries import FloatArray

_MIN_ERRORS = 60  # fewer past errors change no interval
_SHRINKAGE_SPANS = 6.0  # non-overlapping spans of a series that weigh as much as all other series
_MIN_STRETCH, _MAX_STRETCH = 0.8, 3.0  # limits of the factor of an interval


@dataclass(frozen=True)
class PastRecord:
    """What the past origins of some series say of each other: which forecast is shown, and by how much it erred.

    `kinds` tells apart, by row, what shares its ranges (on logs or not, pool or reference shown). Of each error known,
    in the order of the month in which it was: that period, the kind of its row, and its size in units of each range
    (levels x errors). `own_quantiles` (rows x levels) and `own_weights` are those of `_compute_own_quantiles`.
    """

    gains: FloatArray
    is_pool_shown: NDArray[np.bool_]
    kinds: NDArray[np.int8]
    known_periods: NDArray[np.int32]
    known_kinds: NDArray[np.int8]
    known_ratios: FloatArray
    own_quantiles: FloatArray
    own_weights: FloatArray


@remember(size=None)
def compute_record(folds: Folds, scored_mask: NDArray[np.bool_] | None) -> PastRecord:
    """What the past origins of some series say; `scored_mask` is that of `panel.evaluate_folds`."""
    gains, row_gains = compute_gains(folds, scored_mask)
    is_pool_shown = np.isnan(row_gains) | (row_gains > 0)
    error = folds.actuals - np.where(is_pool_shown[:, None], folds.pool_paths, folds.reference_paths)
    level_count = len(INTERVAL_LEVELS)
    offsets = np.where(
        error[:, :, None] < 0, -folds.interval_offsets[:, :, :level_count], folds.interval_offsets[:, :, level_count:]
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.abs(error)[:, :, None] / np.maximum(offsets, 1e-12)
    is_known = np.isfinite(error) & ~folds.is_final[:, None]
    kinds = folds.scale.is_log.astype(np.int8) + 2 * is_pool_shown.astype(np.int8)
    own_quantiles, own_weights = np.ones((len(kinds), level_count)), np.zeros(len(kinds))
    for rows in folds.task_rows:
        own_quantiles[rows], own_weights[rows] = _compute_own_quantiles(
            ratio[rows], is_known[rows], folds.origins[rows], is_pool_shown[rows], folds.periods_per_year
        )
    periods = folds.target_ordinals[is_known]
    order = np.argsort(periods, kind="stable")
    return PastRecord(
        gains,
        is_pool_shown,
        kinds,
        periods[order].astype(np.int32),
        np.repeat(kinds, is_known.sum(axis=1))[order],
        np.ascontiguousarray(ratio[is_known][order].T),
        own_quantiles,
        own_weights,
    )


def compute_stretch_factors(parts: Sequence[Folds], records: Sequence[PastRecord]) -> list[FloatArray]:
    """Stretch factors of the intervals (rows x sides of levels) that give past intervals their nominal coverage.

    From the errors of all series of a kind (on logs or not, pool or reference shown) known at the start of the year of
    the origin; larger where the errors of the series itself were larger, in proportion to its number of origins.
    """
    per_year = parts[0].periods_per_year
    years = [part.origins // per_year for part in parts]
    factors = [np.ones((len(record.kinds), len(INTERVAL_LEVELS))) for record in records]
    for kind in np.unique(np.concatenate([record.kinds for record in records])):
        chosen = [record.known_kinds == kind for record in records]
        periods = np.concatenate([row.known_periods[mask] for row, mask in zip(records, chosen, strict=True)])
        order = np.argsort(periods, kind="stable")
        periods = periods[order]
        ratios = np.concatenate([row.known_ratios[:, mask] for row, mask in zip(records, chosen, strict=True)], axis=1)
        ratios = ratios[:, order]
        rows = [record.kinds == kind for record in records]
        for year in np.unique(np.concatenate([row[mask] for row, mask in zip(years, rows, strict=True)])):
            known = int(np.searchsorted(periods, year * per_year))
            if known >= _MIN_ERRORS:
                shared = np.maximum(_pool_quantiles(ratios[:, :known]), _MIN_STRETCH)
                for factor, own_years, mask in zip(factors, years, rows, strict=True):
                    factor[(own_years == year) & mask] = shared
    return [_stretch_own(*pair) for pair in zip(factors, records, strict=True)]


def _stretch_own(factors: FloatArray, record: PastRecord) -> FloatArray:
    """Factors of all series of a kind moved towards those of each series itself, for both sides of the intervals."""
    has_own = record.own_weights > 0
    own_stretch = np.maximum(record.own_quantiles[has_own] / factors[has_own], 1.0)
    factors[has_own] *= own_stretch ** record.own_weights[has_own, None]
    return np.minimum(np.tile(factors, 2), _MAX_STRETCH)


def _pool_quantiles(ratios: FloatArray) -> FloatArray:
    """Quantile `level` of each row of error ratios (levels x errors), as of `_quantiles_at_levels`."""
    position = np.array(INTERVAL_LEVELS) / 100 * (ratios.shape[1] - 1)
    lower = position.astype(int)
    upper = np.minimum(lower + 1, ratios.shape[1] - 1)
    fraction = position - lower
    ordered = [np.partition(*pair) for pair in zip(ratios, zip(lower, upper, strict=True), strict=True)]
    low, high = (np.array([row[at] for row, at in zip(ordered, places, strict=True)]) for places in (lower, upper))
    return np.asarray(low * (1 - fraction) + high * fraction)


@remember(size=2048)  # the series of a few panels
def _compute_own_quantiles(
    ratio: FloatArray,
    is_known: NDArray[np.bool_],
    origins: NDArray[np.intp],
    is_pool_shown: NDArray[np.bool_],
    periods_per_year: int,
) -> tuple[FloatArray, FloatArray]:
    """Of one series, at each of its origins: quantiles of the errors known by then (origins x levels), their weight.

    The weight is 0 where too few are known. `ratio` is origins x steps x levels, `is_known` origins x steps.
    """
    quantiles, weights = np.ones((len(origins), ratio.shape[2])), np.zeros(len(origins))
    targets = origins[:, None] + np.arange(1, ratio.shape[1] + 1)
    years = origins // periods_per_year
    for row, origin in enumerate(origins):
        earlier = np.flatnonzero((origins < origin) & (is_pool_shown == is_pool_shown[row]))
        past = is_known[earlier] & (targets[earlier] <= origin)
        if past.any(axis=1).sum() >= MIN_FOLDS:
            span_count = len(np.unique(years[earlier][past.any(axis=1)])) / SCORED_YEARS
            quantiles[row] = _quantiles_at_levels(ratio[earlier][past])
            weights[row] = span_count / (span_count + _SHRINKAGE_SPANS)
    return quantiles, weights


def _quantiles_at_levels(ratios: FloatArray) -> FloatArray:
    """Quantile `level` of each column of error ratios (errors x levels): the factor that gives exact coverage."""
    ordered = np.sort(ratios, axis=0)
    position = np.array(INTERVAL_LEVELS) / 100 * (len(ordered) - 1)
    lower, columns = position.astype(int), np.arange(len(INTERVAL_LEVELS))
    upper = np.minimum(lower + 1, len(ordered) - 1)
    fraction = position - lower
    return np.asarray(ordered[lower, columns] * (1 - fraction) + ordered[upper, columns] * fraction)
