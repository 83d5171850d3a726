"""Difference of the figures of two panels: values revised, added and withdrawn, by series."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from observatory.catalogue.periods import Frequency
from observatory.timeseries import FloatArray, IntArray, SeriesKey, TimeSeries


class Revision(NamedTuple):
    """One revised period of a series (its ordinal): figures in the unit of the indicator."""

    key: SeriesKey
    frequency: Frequency
    period: int
    old: float
    new: float

    @property
    def change(self) -> float | None:
        """The change as a share of the old figure (0.04 is 4 %); None from zero."""
        return (self.new - self.old) / abs(self.old) if self.old else None


@dataclass(frozen=True)
class SeriesFigures:
    """Figures of one series, added or withdrawn: ordinals of their periods, oldest first, and their values."""

    key: SeriesKey
    frequency: Frequency
    periods: tuple[int, ...]
    values: tuple[float, ...]


FigureDiff = tuple[tuple[SeriesFigures, ...], tuple[Revision, ...], tuple[SeriesFigures, ...]]


def diff_figures(before: Mapping[SeriesKey, TimeSeries], after: Mapping[SeriesKey, TimeSeries]) -> FigureDiff:
    """Figures added, revised (largest relative change first) and withdrawn."""
    added, withdrawn, revised = [], [], []
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        if old is None or new is None or old.frequency != new.frequency:
            withdrawn += [_all_figures(old)] if old else []
            added += [_all_figures(new)] if new else []
            continue
        if old is new or _is_same(old, new):
            continue
        first = min(old.first, new.first)
        one, two = _align((old, new), first, max(old.last, new.last))
        was, here = np.isfinite(one), np.isfinite(two)
        for rows, places, values in ((added, here & ~was, two), (withdrawn, was & ~here, one)):
            if places.any():
                rows.append(_pick_figures(new, first, np.flatnonzero(places), values))
        other = np.flatnonzero(was & here & (one != two))
        revised += [
            Revision(key, new.frequency, first + place, *pair)
            for place, *pair in zip(other.tolist(), one[other].tolist(), two[other].tolist(), strict=True)
        ]
    return tuple(added), _sort_by_size(revised), tuple(withdrawn)


def _is_same(old: TimeSeries, new: TimeSeries) -> bool:
    return old.first == new.first and np.array_equal(old.values, new.values, equal_nan=True)


def _align(pair: Sequence[TimeSeries], first: int, last: int) -> list[FloatArray]:
    pairs = []
    for history in pair:
        values = np.full(last - first + 1, np.nan)
        values[history.first - first : history.last - first + 1] = history.values
        pairs.append(values)
    return pairs


def _all_figures(history: TimeSeries) -> SeriesFigures:
    return _pick_figures(history, history.first, np.flatnonzero(np.isfinite(history.values)), history.values)


def _pick_figures(history: TimeSeries, first: int, places: IntArray, values: FloatArray) -> SeriesFigures:
    return SeriesFigures(
        history.key, history.frequency, tuple((first + places).tolist()), tuple(values[places].tolist())
    )


def _sort_by_size(rows: list[Revision]) -> tuple[Revision, ...]:
    old, new = (np.array([row[place] for row in rows], dtype=float) for place in (3, 4))
    with np.errstate(divide="ignore", over="ignore"):
        sizes = np.abs(new - old) / np.abs(old)
    return tuple(rows[place] for place in np.argsort(-sizes, kind="stable").tolist())
