"""Sentinels in long files: numbers such as -9999 that stand for absent values in the files of some publishers."""

import numpy as np
from numpy.typing import NDArray

from observatory.timeseries import FloatArray

_SENTINELS = np.array([sign * (10.0**digits - 1) for digits in range(2, 10) for sign in (-1, 1)])  # 99, 999, ...
_MIN_POSITIVE = 999  # 99 may well be a count
_MIN_RATIO = 10  # of a positive sentinel to the largest of the other values


def find_sentinels(series: NDArray[np.int32], values: FloatArray) -> NDArray[np.intp]:
    """The rows of sorted series whose value is -99, 999, -9999, ... and far from all others of its series.

    A negative one is far where no other value is negative, a positive one where it is ten times the largest of them.
    """
    is_candidate = np.isin(values, _SENTINELS)
    found: list[int] = []
    for number in np.unique(series[is_candidate]):
        start, end = np.searchsorted(series, [number, number + 1])
        part, candidate = values[start:end], is_candidate[start:end]
        others = part[~candidate]
        if len(others) and others.min() >= 0:
            largest = others.max()
            is_far = (part < 0) | ((part >= _MIN_POSITIVE) & (part >= _MIN_RATIO * largest) & (largest > 0))
            found += (start + np.flatnonzero(candidate & is_far)).tolist()
    return np.array(found, dtype=np.intp)
