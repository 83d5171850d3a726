"""The rows of a file as series, each beside its published past."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from observatory import settings
from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import Frequency, period_to_ordinal
from observatory.ingest.figures.rows import FigureRow
from observatory.timeseries import SeriesKey, TimeSeries

_UNIT_FACTORS = (1_000, 1_000_000)
_FACTOR_LOG_TOLERANCE = math.log(2)  # "about a thousand times": within a factor of two


class ValueJump(NamedTuple):
    """A change that the series has never known: from `before` (its period's ordinal and value) to a row's value.

    `factor` is 1,000 or 1,000,000 if the change is about that (`down`: a division), else 0; `largest` is the largest
    change known, NaN where the past is too short to say.
    """

    row: FigureRow
    previous_ordinal: int
    previous_value: float
    factor: int
    is_decrease: bool
    largest_past_change: float


@dataclass(frozen=True)
class FileSeries:
    """Rows of one series, in the order of the file, and its history as published (None: the series is new).

    `judged` says whether there is a past to compare with at all; where there is none, rules on the past are silent.
    """

    key: SeriesKey
    indicator: Indicator
    rows: tuple[FigureRow, ...]
    history: TimeSeries | None
    has_baseline: bool
    has_siblings: bool

    @cached_property
    def first_rows(self) -> dict[int, FigureRow]:
        """The rows by ordinal, in the order of time; of a period given twice, the first."""
        found: dict[int, FigureRow] = {}
        for row in self.rows:
            found.setdefault(period_to_ordinal(row.period_cell.period), row)
        return dict(sorted(found.items()))

    @cached_property
    def published_values(self) -> dict[int, float]:
        """The published values by ordinal, in the order of time."""
        if self.history is None:
            return {}
        places = np.flatnonzero(np.isfinite(self.history.values))
        return {self.history.first + int(place): float(self.history.values[place]) for place in places}

    @cached_property
    def merged_values(self) -> dict[int, float]:
        """The values by ordinal as they would be once published, in the order of time."""
        new = {number: row.number.value for number, row in self.first_rows.items()}
        return dict(sorted({**self.published_values, **new}.items()))

    @property
    def frequency(self) -> Frequency:
        """The frequency of its periods."""
        return self.indicator.frequency

    @cached_property
    def jumps(self) -> tuple[ValueJump, ...]:
        """Values that are further from the one before than any change that the series has known.

        A value that comes back from a leap to where the series was is none: the leap itself is the odd one.
        """
        if not self.has_baseline:
            return ()
        steps = [
            abs(step) for a, b in pairwise(self.published_values.values()) if (step := _log_change(a, b)) is not None
        ]
        largest = max(steps) if len(steps) >= settings.MIN_OBSERVATIONS else math.nan
        found: list[ValueJump] = []
        calm: float | None = None  # the value before a leap, to which the next one may come back
        for (before, old), (number, new) in pairwise(self.merged_values.items()):
            row, step = self.first_rows.get(number), _log_change(old, new)
            if row is None or step is None or not _is_unusual(step, largest):
                calm = None
                continue
            away = _log_change(calm, new) if calm is not None else None
            if away is not None and not _is_unusual(away, largest):
                calm = None
                continue
            found.append(ValueJump(row, before, old, _detect_unit_factor(step), step < 0, largest))
            calm = old
        return tuple(found)


def group_series(rows: Iterable[FigureRow], published: Mapping[SeriesKey, TimeSeries] | None) -> list[FileSeries]:
    """Rows without a fault as series, in the order in which the file names them."""
    grouped: dict[SeriesKey, list[FigureRow]] = {}
    for row in rows:
        grouped.setdefault(row.series_key, []).append(row)
    watched = {key[0] for key in published or ()}
    found = []
    for key, group in grouped.items():
        indicator = group[0].indicator
        assert indicator is not None
        history = (published or {}).get(key)
        found.append(FileSeries(key, indicator, tuple(group), history, published is not None, key[0] in watched))
    return found


def _log_change(before: float, after: float) -> float | None:
    """A change as a log ratio; None where one of the values is not positive, and nothing can be said."""
    return math.log(after) - math.log(before) if before > 0 and after > 0 else None


def _is_unusual(log_change: float, largest_past_change: float) -> bool:
    """Whether a change is beyond the largest one known; with too short a past, whether it is a matter of units."""
    if math.isnan(largest_past_change):
        return _detect_unit_factor(log_change) > 0
    return abs(log_change) > max(settings.JUMP_FACTOR * largest_past_change, math.log1p(settings.MIN_JUMP))


def _detect_unit_factor(log_change: float) -> int:
    """The power of a thousand that a change is close to; 0 if none."""
    return next((size for size in _UNIT_FACTORS if abs(abs(log_change) - math.log(size)) < _FACTOR_LOG_TOLERANCE), 0)
