"""The tables of the house: observations as histories on the calendar, yearly levels, growth."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from observatory.catalogue.periods import MONTHS, PER_YEAR, Frequency, frequency_of, last_month, ordinal, period
from observatory.settings import LEVELS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Key = tuple[str, str, str]


class Row(NamedTuple):
    """One observation, as the store gives it."""

    indicator: str
    geo: str
    item: str
    period: str
    value: float


Status = Literal["pool", "reference", "too_short", "stopped"]


@dataclass(frozen=True)
class History:
    """A series on the calendar: `values[k]` is that of period `first + k`, NaN where it is absent."""

    key: Key
    frequency: Frequency
    first: int
    values: Floats

    @property
    def last(self) -> int:
        """The ordinal of the last period."""
        return self.first + len(self.values) - 1

    @property
    def count(self) -> int:
        """How many values there are, absent periods left out."""
        return int(np.isfinite(self.values).sum())

    def until(self, last: int) -> "History | None":
        """The history as it stood at a period: up to its last value not after `last`; None if there is none."""
        values = self.values[: max(0, last - self.first + 1)]
        known = np.flatnonzero(np.isfinite(values))
        return None if not known.size else History(self.key, self.frequency, self.first, values[: known[-1] + 1])


NORMAL_EDGES = tuple({50: 0.6745, 80: 1.2816, 95: 1.96}[level] for level in LEVELS)  # of the levels, as normal scores


class Surprise(NamedTuple):
    """A past error as a normal score (NORMAL_EDGES at the limits shown): the year of its origin, the years ahead."""

    origin: int
    years: int
    score: float


class Earlier(NamedTuple):
    """Past forecasts as they would have been shown: their origins, and origins x steps x quantiles in rising order."""

    origins: Ints
    quantiles: NDArray[np.float32]


NO_EARLIER = Earlier(np.empty(0, dtype=np.int64), np.empty((0, 0, 2 * len(LEVELS) + 1), dtype=np.float32))


@dataclass(frozen=True)
class Forecast:
    """What is expected of a series, and what such forecasts were worth.

    `median` has one value a step, `low` and `high` steps x LEVELS; all are empty where nothing is forecast
    (status too_short or stopped). `gain` is 1 - mean absolute error / that of the reference; `hits` and `judged`
    count, by level, past values inside the interval; both over rolling origins, up to three years ahead. `surprises`
    are the past errors from which joint paths are drawn, `earlier` the past forecasts themselves; neither is stored.
    """

    key: Key
    frequency: Frequency
    status: Status
    origin: int
    points: int
    reference: str
    median: Floats = field(default_factory=lambda: np.empty(0))
    low: Floats = field(default_factory=lambda: np.empty((0, len(LEVELS))))
    high: Floats = field(default_factory=lambda: np.empty((0, len(LEVELS))))
    gain: float | None = None
    hits: tuple[int, ...] = (0,) * len(LEVELS)
    judged: int = 0
    folds: int = 0
    surprises: tuple[Surprise, ...] = ()
    earlier: Earlier = field(default=NO_EARLIER, compare=False, repr=False)

    @property
    def model(self) -> str:
        """What is shown: "mean" of the pool, or the id of the reference."""
        return "mean" if self.status == "pool" else self.reference


@dataclass(frozen=True)
class LongTable:
    """Many series of one frequency on the calendar, end to end, in the order in which their file names them.

    Series k is `values[offsets[k] : offsets[k + 1]]` from period `first[k]`, NaN where a value is absent. It begins and
    ends with a known value, and is empty if there is none. `lines[k]` is the first line of the file that names it.
    """

    frequency: Frequency
    ids: tuple[str, ...]
    lines: Ints
    first: Ints
    offsets: Ints
    values: Floats

    @classmethod
    def of(cls, frequency: Frequency, rows: Iterable[History]) -> "LongTable":
        """The histories of one frequency, end to end; a series is named by its key, joined by slashes."""
        chosen = [row for row in rows if row.frequency == frequency]
        return cls(
            frequency,
            tuple("/".join(row.key).rstrip("/") for row in chosen),
            np.zeros(len(chosen), dtype=np.int64),
            np.array([row.first for row in chosen], dtype=np.int64),
            np.cumsum([0, *(len(row.values) for row in chosen)], dtype=np.int64),
            np.concatenate([np.empty(0), *(row.values for row in chosen)]),
        )

    @property
    def lengths(self) -> Ints:
        """Periods from the first to the last value of each series."""
        return np.asarray(np.diff(self.offsets))

    @property
    def known(self) -> Ints:
        """How many values each series has, absent periods left out."""
        total = np.concatenate([[0], np.cumsum(np.isfinite(self.values))])
        return np.asarray(np.diff(total[self.offsets]))

    def matrix(self, places: Ints) -> Floats:
        """Some series as rows, aligned on the right: the last column has the last value of each, NaN what is absent."""
        starts, ends = self.offsets[places], self.offsets[places + 1]
        return right_aligned([self.values[start:end] for start, end in zip(starts, ends, strict=True)])


def right_aligned(rows: Sequence[Floats]) -> Floats:
    """Rows of several lengths as one matrix: the last column has the last value of each, NaN before it began."""
    found = np.full((len(rows), max((len(row) for row in rows), default=1)), np.nan)
    for place, row in enumerate(rows):
        found[place, found.shape[1] - len(row) :] = row
    return found


def histories(rows: Iterable[Row]) -> dict[Key, History]:
    """Observations as histories by key; the calendar is completed with NaN, nothing is filled in."""
    grouped: dict[Key, list[tuple[int, float]]] = {}
    frequencies: dict[Key, Frequency] = {}
    for row in rows:
        key = (row.indicator, row.geo, row.item)
        if key not in grouped:
            grouped[key] = []
            frequencies[key] = frequency_of(row.period) or "A"
        grouped[key].append((ordinal(row.period), row.value))
    found: dict[Key, History] = {}
    for key, points in grouped.items():
        first, last = min(points)[0], max(points)[0]
        values = np.full(last - first + 1, np.nan)
        for number, value in points:
            values[number - first] = value
        found[key] = History(key, frequencies[key], first, values)
    return found


def value_at(panel: Mapping[Key, History], key: Key, period: str) -> float | None:
    """The value of a series for a period; None where it is absent."""
    history = panel.get(key)
    if history is None or frequency_of(period) != history.frequency:
        return None
    place = ordinal(period) - history.first
    if not 0 <= place < len(history.values) or not np.isfinite(history.values[place]):
        return None
    return float(history.values[place])


def applied(panel: Mapping[Key, History], changes: Iterable[tuple[Key, str, float | None]]) -> dict[Key, History]:
    """A panel with changed values (None takes one away); series that no change names are the very same objects."""
    touched: dict[Key, dict[str, float | None]] = {}
    for key, when, value in changes:
        touched.setdefault(key, {})[when] = value
    found = {key: history for key, history in panel.items() if key not in touched}
    for key, new in touched.items():
        old = panel.get(key)
        rows = (
            {}
            if old is None
            else {
                period(old.first + place, old.frequency): float(value)
                for place, value in enumerate(old.values)
                if np.isfinite(value)
            }
        )
        found |= histories(Row(*key, when, value) for when, value in {**rows, **new}.items() if value is not None)
    return dict(sorted(found.items()))


def yearly(history: History, kind: str) -> tuple[int, Floats]:
    """The level of a year at the end of each month: (first month, one value a month, NaN where unknown).

    A flow is the sum of the latest 12 months (4 quarters), an index, price, rate or ratio their mean, a stock its
    last value. A window with a hole gives no level; an annual series has a level in its last month only.
    """
    window = PER_YEAR[history.frequency]
    if history.frequency == "A" or kind == "stock":
        levels = history.values
    else:
        total = np.convolve(history.values, np.ones(window), "full")[: len(history.values)]
        total[: window - 1] = np.nan
        levels = total if kind == "flow" else total / window
    step = MONTHS[history.frequency]
    first = last_month(history.first, history.frequency)
    grid = np.full((len(levels) - 1) * step + 1, np.nan)
    grid[::step] = levels
    return first, grid


def change(before: Floats, after: Floats) -> Floats:
    """Growth as a log ratio; where a value is not positive, the symmetric rate 2(b-a)/(|a|+|b|)."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        positive = (before > 0) & (after > 0)
        ratio = np.where(positive, after, 1.0) / np.where(positive, before, 1.0)
        log = np.log(np.clip(ratio, 1e-300, 1e300))
        size = np.abs(before) + np.abs(after)
        symmetric = np.where(size > 0, 2 * (after - before) / size, 0.0)
    result = np.where(positive, log, symmetric)
    return np.where(np.isfinite(before) & np.isfinite(after), result, np.nan)
