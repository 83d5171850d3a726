"""Calibration of the ranges of a file: wider where the past ranges of its own series were too narrow.

The series of a file often err together (a recession, a strike, another way to count), so that its past errors are few
judgements however many series it has. The errors of each past origin are therefore divided by their common size, and
that size is itself uncertain: log-normal, with a spread that begins at a prior and follows the origins of the file.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from observatory.forecast.engine import forecast_scaled, split_pieces
from observatory.forecast.ensemble_weights import EnsembleParameters, load_parameters
from observatory.forecast.intermittent import find_intermittent
from observatory.forecast.preprocessing import prepare_histories
from observatory.timeseries import FloatArray

# All chosen on the Observatory's own series, before anything was scored on others (docs/forecasting.md).
_MAX_ORIGINS = 12
_MIN_DISTANCE = {1: 4, 4: 8, 12: 12}  # periods between two origins, if the horizon is not longer
_MIN_VALUES = {1: 8, 4: 16, 12: 30}  # values before an origin
_MIN_ERRORS = 20  # fewer past errors widen nothing
_MAX_ERRORS = 1000  # more are thinned out evenly
_SIZE_LEVEL = 80  # the size of an error is relative to the range of this level
_MAX_RELATIVE_ERROR = 5.0  # cap of an error in the size of its origin
_MIN_SIZE = 0.05
_PRIOR_DEVIATION = 0.3  # of the log of the common size
_PRIOR_ORIGINS = 4.0  # the prior weighs as much as so many origins
_SHRINKAGE_ORIGINS = 4.0  # so many origins move a factor half-way
_MAX_FACTOR = 3.0
_NORMAL_SCORES = np.array([NormalDist().inv_cdf((rank + 0.5) / 100) for rank in range(100)])


@dataclass(frozen=True)
class _PastErrors:
    """Past errors over the distance of their limit, one a row: `sizes` by the _SIZE_LEVEL range, `ratios` by level."""

    origins: NDArray[np.intp]  # number of the origin, counted from the end
    is_log: NDArray[np.bool_]
    sizes: FloatArray
    ratios: FloatArray  # errors x levels


def calibrate_intervals(
    y: FloatArray, per_year: int, steps: int, levels: Sequence[int], parameters: EnsembleParameters | None = None
) -> FloatArray:
    """Factors of the ranges of some rows (right-aligned): 2 x levels, first of rows on their own scale, then on logs.

    Each is at least 1 and follows from the errors of the rows at up to 12 earlier origins, at least a horizon apart.
    Intermittent and constant rows count for nothing. `parameters` replace the shipped ones.
    """
    factors = np.ones((2, len(levels)))
    errors = _collect_errors(y, per_year, steps, levels, parameters or load_parameters(per_year))
    for kind in (0, 1):
        rows = errors.is_log == bool(kind)
        if rows.sum() >= _MIN_ERRORS:
            factors[kind] = _compute_factors(errors.origins[rows], errors.sizes[rows], errors.ratios[rows], levels)
    return factors


def _collect_errors(
    y: FloatArray, per_year: int, steps: int, levels: Sequence[int], parameters: EnsembleParameters
) -> _PastErrors:
    histories, outcomes, numbers = _cut_origins(y, per_year, steps)
    tails = np.array([(100 - level) / 200 for level in (_SIZE_LEVEL, *levels)])
    count = len(tails)
    parts = []
    start = 0
    for piece in split_pieces(histories, per_year):
        rows = slice(start, start + len(piece))
        start += len(piece)
        expected = forecast_scaled(prepare_histories(piece, per_year), parameters, steps)
        distances = np.abs(expected.quantiles(np.append(tails, 1 - tails)) - expected.path[:, :, None])
        error = expected.scale.to_scaled(outcomes[rows]) - expected.path
        limits = np.where(error[:, :, None] < 0, distances[:, :, :count], distances[:, :, count:])
        known = np.isfinite(error)
        ratios = np.abs(error[known])[:, None] / np.maximum(limits[known], 1e-9)
        row_of_error = np.nonzero(known)[0]
        parts.append((numbers[rows][row_of_error], expected.scale.is_log[row_of_error], ratios))
    if not parts:
        return _PastErrors(np.empty(0, int), np.empty(0, bool), np.empty(0), np.empty((0, len(levels))))
    origins, is_log, ratios = (np.concatenate([part[index] for part in parts]) for index in range(3))
    return _PastErrors(origins, is_log, ratios[:, 0], ratios[:, 1:])


def _cut_origins(y: FloatArray, per_year: int, steps: int) -> tuple[FloatArray, FloatArray, NDArray[np.intp]]:
    """Histories up to each past origin (right-aligned), the values that follow, and the number of the origin."""
    distance = max(steps, _MIN_DISTANCE[per_year])
    histories, outcomes, numbers = [np.empty((0, y.shape[1]))], [np.empty((0, steps))], [np.empty(0, int)]
    for number in range(1, _MAX_ORIGINS + 1):
        cut = y.shape[1] - number * distance
        if cut < _MIN_VALUES[per_year]:
            break
        history = y[:, :cut]
        known = np.isfinite(history)
        rows = np.flatnonzero(known[:, -1] & (known.sum(axis=1) >= _MIN_VALUES[per_year]))
        moves = np.where(known[rows], history[rows] - history[rows, -1:], 0.0)
        rows = rows[(moves != 0).any(axis=1) & ~find_intermittent(history[rows], per_year)]
        histories.append(np.pad(history[rows], ((0, 0), (y.shape[1] - cut, 0)), constant_values=np.nan))
        outcomes.append(y[rows, cut : cut + steps])
        numbers.append(np.full(len(rows), number))
    return np.concatenate(histories), np.concatenate(outcomes), np.concatenate(numbers)


def _compute_factors(
    origins: NDArray[np.intp], sizes: FloatArray, ratios: FloatArray, levels: Sequence[int]
) -> FloatArray:
    """The factor of each level: the quantile of a past error times an unseen common size, shrunk towards 1."""
    _numbers, index = np.unique(origins, return_inverse=True)
    weights = np.bincount(index).astype(float)
    count = weights.sum() ** 2 / (weights**2).sum()  # of origins: one that few series reach is a part of one
    means = np.bincount(index, np.minimum(sizes, _MAX_RELATIVE_ERROR)) / weights
    common = np.log(np.maximum(means, _MIN_SIZE))
    centre = np.average(common, weights=weights)
    squares = _PRIOR_ORIGINS * _PRIOR_DEVIATION**2 + count * np.average((common - centre) ** 2, weights=weights)
    deviation = np.sqrt(squares / (_PRIOR_ORIGINS + count - 1) * (1 + 1 / count))
    thinned = slice(None, None, -(-len(ratios) // _MAX_ERRORS))
    own = (np.log(np.maximum(ratios, 1e-3)) - common[index][:, None])[thinned]
    shifts = centre + deviation * _NORMAL_SCORES
    quantiles = np.array(
        [np.quantile(own[:, column, None] + shifts, level / 100) for column, level in enumerate(levels)]
    )
    return np.asarray(np.clip(np.exp(quantiles * count / (count + _SHRINKAGE_ORIGINS)), 1.0, _MAX_FACTOR))
