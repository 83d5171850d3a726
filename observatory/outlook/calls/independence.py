"""How many independent markets the markets are worth: those that move together count less than their number."""

from collections.abc import Mapping

import numpy as np

from observatory.outlook.calls.calls import Call

_MIN_COMMON_YEARS = 5  # shared years; fewer say nothing of a correlation


def count_independent_markets(calls: Mapping[tuple[str, int], Call], horizon: int) -> tuple[int, float]:
    """Markets that have an index, and how many independent ones they are worth: n / (1 + (n - 1) r).

    `r` is the mean correlation of their yearly growth over the years of the published indices, pair by pair, not below
    zero. (n, n) where nothing can be said.
    """
    growth: dict[str, dict[int, float]] = {}
    for (segment, ahead), call in calls.items():
        if ahead == horizon and len(call.index) > _MIN_COMMON_YEARS and min(call.index) > 0:
            steps = np.diff(np.log(call.index))
            growth[segment] = {call.index_last - place: float(step) for place, step in enumerate(reversed(steps))}
    names = sorted(growth)
    found = []
    for place, one in enumerate(names):
        for other in names[place + 1 :]:
            years = sorted(growth[one].keys() & growth[other].keys())
            pair = np.array([[growth[name][year] for year in years] for name in (one, other)])
            if len(years) >= _MIN_COMMON_YEARS and pair.std(axis=1).min() > 0:
                found.append(float(np.corrcoef(pair)[0, 1]))
    if not found:
        return len(names), float(len(names))
    together = max(float(np.mean(found)), 0.0)
    return len(names), len(names) / (1 + (len(names) - 1) * together)
