"""Panels that tests change."""

from collections.abc import Mapping

import numpy as np

from observatory.catalogue.periods import PERIODS_PER_YEAR
from observatory.timeseries import SeriesKey, TimeSeries


def noisy_after(panel: Mapping[SeriesKey, TimeSeries], year: int, seed: int) -> dict[SeriesKey, TimeSeries]:
    """A panel whose values after a year are multiplied by noise; values up to its end are untouched."""
    random = np.random.default_rng(seed)
    changed = {}
    for key, history in panel.items():
        values = history.values.copy()
        later = (history.first + np.arange(len(values))) // PERIODS_PER_YEAR[history.frequency] > year
        values[later] *= np.exp(random.normal(0, 1, later.sum()))
        changed[key] = TimeSeries(key, history.frequency, history.first, values)
    return changed
