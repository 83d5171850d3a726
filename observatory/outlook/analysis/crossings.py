"""Threshold crossings: what an edition brings to a series that takes it past a level."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from observatory.catalogue.periods import find_last_month


@dataclass(frozen=True)
class Crossing:
    """The first period past a level, its value, and the period and value before it."""

    period: str
    value: float
    previous_period: str
    previous_value: float


def find_crossing(
    before: Mapping[str, float], after: Mapping[str, float], level: float, *, is_above: bool
) -> Crossing | None:
    """The newest crossing of a level that an edition brings to a series; None if it brings none.

    `before` and `after` are the values by period that were known before the edition and with it. A crossing is a
    value past the level after one that is not: among the new periods, or in the last known one if it was revised.
    """
    last = max(before, key=find_last_month, default="")
    if not last:
        return None
    steps = [(last, before[last])]
    steps += [
        (period, after[period])
        for period in sorted(after, key=find_last_month)
        if find_last_month(period) >= find_last_month(last)
    ]
    crossing = None
    for (previous_period, previous), (period, value) in pairwise(steps):
        if _is_past(value, level, is_above=is_above) and not _is_past(previous, level, is_above=is_above):
            crossing = Crossing(period, value, previous_period, previous)
    return crossing


def _is_past(value: float, level: float, *, is_above: bool) -> bool:
    return value > level if is_above else value < level
