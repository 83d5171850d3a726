"""Row statistics that skip absent values (NaN), and the outlier limit of a row."""

import numpy as np

from observatory.timeseries import FloatArray

_OUTLIER_FACTOR = (
    4.0  # a move beyond four usual ones is cut to that where a scale or a season is measured (spring 2020)
)


def nan_last(values: FloatArray) -> FloatArray:
    """The last finite value of each row; NaN where there is none."""
    is_known = np.isfinite(values)
    last_index = values.shape[1] - 1 - np.argmax(is_known[:, ::-1], axis=1)
    return np.asarray(values[np.arange(len(values)), last_index])


def nan_mean(values: FloatArray, axis: int = 1) -> FloatArray:
    """The mean of the finite values along an axis; NaN where there is none."""
    is_known = np.isfinite(values)
    count = is_known.sum(axis=axis)
    return np.where(count > 0, np.where(is_known, values, 0.0).sum(axis=axis) / np.maximum(count, 1), np.nan)


def fit_slope(values: FloatArray, decay: float) -> FloatArray:
    """Least-squares slope per period of each row, a period weighing `decay` times the one after it."""
    age = np.arange(values.shape[1]) - values.shape[1] + 1.0
    weight = np.isfinite(values) * decay**-age
    total = np.maximum(weight.sum(axis=1), 1e-300)
    filled = np.where(np.isfinite(values), values, 0.0)
    x = age - ((weight * age).sum(axis=1) / total)[:, None]
    spread = (weight * x**2).sum(axis=1)
    level = ((weight * filled).sum(axis=1) / total)[:, None]
    return np.where(spread > 0, (weight * x * (filled - level)).sum(axis=1) / np.maximum(spread, 1e-12), 0.0)


def compute_outlier_limit(changes: FloatArray) -> FloatArray:
    """Size beyond which a change of its row is an outlier: _OUTLIER_FACTOR times a robust spread, by row."""
    size = np.abs(changes)
    mean_square = np.sqrt(nan_mean(size**2))
    robust = 1.4826 * nan_median(size)
    # Where most changes are zero (launches of one country by month) the median is zero too: a part of the mean is not.
    return np.asarray(_OUTLIER_FACTOR * np.maximum(np.nan_to_num(robust), 0.25 * np.nan_to_num(mean_square)) + 1e-12)


def nan_median(values: FloatArray) -> FloatArray:
    """The median of the finite values of each row; NaN where there is none."""
    ordered = np.sort(values, axis=1)
    count = np.isfinite(values).sum(axis=1)
    low, high = np.maximum((count - 1) // 2, 0), np.minimum(count // 2, values.shape[1] - 1)
    rows = np.arange(len(values))
    return np.asarray((ordered[rows, low] + ordered[rows, high]) / 2)
