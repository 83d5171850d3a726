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
from observatory.catalogue.periods import Frequency, ordinal
from observatory.ingest.figures.rows import Row
from observatory.timeseries import History, Key

_THOUSANDS = (1_000, 1_000_000)
_ABOUT = math.log(2)  # "about a thousand times": within a factor of two


class Leap(NamedTuple):
    """A change that the series has never known: from `before` (its period's ordinal and value) to a row's value.

    `factor` is 1,000 or 1,000,000 if the change is about that (`down`: a division), else 0; `largest` is the largest
    change known, NaN where the past is too short to say.
    """

    row: Row
    before: int
    value_before: float
    factor: int
    down: bool
    largest: float


@dataclass(frozen=True)
class Series:
    """Rows of one series, in the order of the file, and its history as published (None: the series is new).

    `judged` says whether there is a past to compare with at all; where there is none, rules on the past are silent.
    """

    key: Key
    indicator: Indicator
    rows: tuple[Row, ...]
    history: History | None
    judged: bool
    siblings: bool

    @cached_property
    def first_rows(self) -> dict[int, Row]:
        """The rows by ordinal, in the order of time; of a period given twice, the first."""
        found: dict[int, Row] = {}
        for row in self.rows:
            found.setdefault(ordinal(row.when.period), row)
        return dict(sorted(found.items()))

    @cached_property
    def past(self) -> dict[int, float]:
        """The published values by ordinal, in the order of time."""
        if self.history is None:
            return {}
        places = np.flatnonzero(np.isfinite(self.history.values))
        return {self.history.first + int(place): float(self.history.values[place]) for place in places}

    @cached_property
    def line(self) -> dict[int, float]:
        """The values by ordinal as they would be once published, in the order of time."""
        new = {number: row.number.value for number, row in self.first_rows.items()}
        return dict(sorted({**self.past, **new}.items()))

    @property
    def frequency(self) -> Frequency:
        """The frequency of its periods."""
        return self.indicator.frequency

    @cached_property
    def leaps(self) -> tuple[Leap, ...]:
        """Values that are further from the one before than any change that the series has known.

        A value that comes back from a leap to where the series was is none: the leap itself is the odd one.
        """
        if not self.judged:
            return ()
        steps = [abs(step) for a, b in pairwise(self.past.values()) if (step := _step(a, b)) is not None]
        largest = max(steps) if len(steps) >= settings.MINIMUM_POINTS else math.nan
        found: list[Leap] = []
        calm: float | None = None  # the value before a leap, to which the next one may come back
        for (before, old), (number, new) in pairwise(self.line.items()):
            row, step = self.first_rows.get(number), _step(old, new)
            if row is None or step is None or not _odd(step, largest):
                calm = None
                continue
            away = _step(calm, new) if calm is not None else None
            if away is not None and not _odd(away, largest):
                calm = None
                continue
            found.append(Leap(row, before, old, _factor(step), step < 0, largest))
            calm = old
        return tuple(found)


def series_of(rows: Iterable[Row], known: Mapping[Key, History] | None) -> list[Series]:
    """Rows without a fault as series, in the order in which the file names them."""
    grouped: dict[Key, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row.key, []).append(row)
    watched = {key[0] for key in known or ()}
    found = []
    for key, group in grouped.items():
        indicator = group[0].indicator
        assert indicator is not None
        history = (known or {}).get(key)
        found.append(Series(key, indicator, tuple(group), history, known is not None, key[0] in watched))
    return found


def _step(before: float, after: float) -> float | None:
    """A change as a log ratio; None where one of the values is not positive, and nothing can be said."""
    return math.log(after) - math.log(before) if before > 0 and after > 0 else None


def _odd(step: float, largest: float) -> bool:
    """Whether a change is beyond the largest one known; with too short a past, whether it is a matter of units."""
    if math.isnan(largest):
        return _factor(step) > 0
    return abs(step) > max(settings.JUMP_MARGIN * largest, math.log1p(settings.JUMP_LEAST))


def _factor(step: float) -> int:
    """The power of a thousand that a change is close to; 0 if none."""
    return next((size for size in _THOUSANDS if abs(abs(step) - math.log(size)) < _ABOUT), 0)
