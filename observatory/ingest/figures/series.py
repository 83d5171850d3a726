"""Series of a file, each with its published history."""

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
    """An unusual change, from the previous period (ordinal and value) to the value of a row.

    `factor` is 1,000 or 1,000,000 if the change is about that (a division if `is_decrease`), else 0;
    `largest_past_change` is a log ratio, NaN if the history is too short.
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

    `has_baseline` says whether anything is published to compare with, `has_siblings` whether other series of its
    indicator are.
    """

    key: SeriesKey
    indicator: Indicator
    rows: tuple[FigureRow, ...]
    history: TimeSeries | None
    has_baseline: bool
    has_siblings: bool

    @cached_property
    def first_rows(self) -> dict[int, FigureRow]:
        """The rows by ordinal, in the order of time; of a repeated period, the first."""
        row_by_ordinal: dict[int, FigureRow] = {}
        for row in self.rows:
            row_by_ordinal.setdefault(period_to_ordinal(row.period_cell.period), row)
        return dict(sorted(row_by_ordinal.items()))

    @cached_property
    def published_values(self) -> dict[int, float]:
        """The published values by ordinal, in the order of time."""
        if self.history is None:
            return {}
        observed_indices = np.flatnonzero(np.isfinite(self.history.values))
        return {self.history.first + int(index): float(self.history.values[index]) for index in observed_indices}

    @cached_property
    def merged_values(self) -> dict[int, float]:
        """The values by ordinal as they would be once published, in the order of time."""
        file_values = {number: row.number.value for number, row in self.first_rows.items()}
        return dict(sorted({**self.published_values, **file_values}.items()))

    @property
    def frequency(self) -> Frequency:
        """The frequency of its periods."""
        return self.indicator.frequency

    @cached_property
    def jumps(self) -> tuple[ValueJump, ...]:
        """Changes beyond the largest past change of the series.

        A value that returns from a jump to the previous level is none: the jump itself is the unusual one.
        """
        if not self.has_baseline:
            return ()
        past_changes = [
            abs(log_change)
            for a, b in pairwise(self.published_values.values())
            if (log_change := _log_change(a, b)) is not None
        ]
        largest = max(past_changes) if len(past_changes) >= settings.MIN_OBSERVATIONS else math.nan
        jumps: list[ValueJump] = []
        value_before_jump: float | None = None  # to which the next value may return
        for (previous_ordinal, previous_value), (number, value) in pairwise(self.merged_values.items()):
            row, log_change = self.first_rows.get(number), _log_change(previous_value, value)
            if row is None or log_change is None or not _is_unusual(log_change, largest):
                value_before_jump = None
                continue
            change_from_calm = _log_change(value_before_jump, value) if value_before_jump is not None else None
            if change_from_calm is not None and not _is_unusual(change_from_calm, largest):
                value_before_jump = None
                continue
            jumps.append(
                ValueJump(
                    row, previous_ordinal, previous_value, detect_unit_factor(log_change), log_change < 0, largest
                )
            )
            value_before_jump = previous_value
        return tuple(jumps)


def group_series(rows: Iterable[FigureRow], published: Mapping[SeriesKey, TimeSeries] | None) -> list[FileSeries]:
    """Rows without errors as series, in the order of the file."""
    grouped: dict[SeriesKey, list[FigureRow]] = {}
    for row in rows:
        grouped.setdefault(row.series_key, []).append(row)
    published_indicators = {key[0] for key in published or ()}
    series = []
    for key, series_rows in grouped.items():
        indicator = series_rows[0].indicator
        assert indicator is not None
        history = (published or {}).get(key)
        series.append(
            FileSeries(
                key, indicator, tuple(series_rows), history, published is not None, key[0] in published_indicators
            )
        )
    return series


def _log_change(before: float, after: float) -> float | None:
    """A change as a log ratio; None unless both values are positive."""
    return math.log(after) - math.log(before) if before > 0 and after > 0 else None


def _is_unusual(log_change: float, largest_past_change: float) -> bool:
    """Whether a change exceeds the largest past one; with too short a history, whether it is a factor of units."""
    if math.isnan(largest_past_change):
        return detect_unit_factor(log_change) > 0
    return abs(log_change) > max(settings.JUMP_FACTOR * largest_past_change, math.log1p(settings.MIN_JUMP))


def detect_unit_factor(log_change: float) -> int:
    """The power of a thousand that a change is close to; 0 if none."""
    return next((size for size in _UNIT_FACTORS if abs(abs(log_change) - math.log(size)) < _FACTOR_LOG_TOLERANCE), 0)
