"""Time series: observations on a calendar, panels, yearly levels, growth, forecasts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from observatory.catalogue.periods import (
    MONTHS_PER_PERIOD,
    PERIODS_PER_YEAR,
    Frequency,
    last_month_ordinal,
    ordinal_to_period,
    parse_frequency,
    period_to_ordinal,
)
from observatory.settings import INTERVAL_LEVELS

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
SeriesKey = tuple[str, str, str]


class StoredObservation(NamedTuple):
    """One observation, as the store gives it."""

    indicator: str
    geo: str
    item: str
    period: str
    value: float


ForecastStatus = Literal["pool", "reference", "too_short", "stopped"]


@dataclass(frozen=True)
class TimeSeries:
    """A series on the calendar: `values[k]` is that of period `first + k`, NaN where it is absent."""

    key: SeriesKey
    frequency: Frequency
    first: int
    values: FloatArray

    @property
    def last(self) -> int:
        """The ordinal of the last period."""
        return self.first + len(self.values) - 1

    @property
    def observed_count(self) -> int:
        """How many values there are, absent periods left out."""
        return int(np.isfinite(self.values).sum())

    def truncate(self, last: int) -> "TimeSeries | None":
        """The history as it stood at a period: up to its last value not after `last`; None if there is none."""
        values = self.values[: max(0, last - self.first + 1)]
        finite_places = np.flatnonzero(np.isfinite(values))
        return (
            None
            if not finite_places.size
            else TimeSeries(self.key, self.frequency, self.first, values[: finite_places[-1] + 1])
        )


NORMAL_QUANTILES = tuple(
    {50: 0.6745, 80: 1.2816, 95: 1.96}[level] for level in INTERVAL_LEVELS
)  # of the levels, as normal scores


class PastError(NamedTuple):
    """A past error as a normal score (NORMAL_EDGES at the limits shown): the year of its origin, the years ahead."""

    origin_year: int
    years_ahead: int
    normal_score: float


class PastForecasts(NamedTuple):
    """Past forecasts as they would have been shown: their origins, and origins x steps x quantiles in rising order."""

    origins: IntArray
    quantiles: NDArray[np.float32]


_NO_PAST_FORECASTS = PastForecasts(
    np.empty(0, dtype=np.int64), np.empty((0, 0, 2 * len(INTERVAL_LEVELS) + 1), dtype=np.float32)
)


@dataclass(frozen=True)
class Forecast:
    """Forecast of a series, and the skill and coverage of such forecasts in the past.

    `median` has one value a step, `low` and `high` steps x LEVELS; all are empty where nothing is forecast
    (status too_short or stopped). `gain` is 1 - mean absolute error / that of the reference; `hits` and `judged`
    count, by level, past values inside the interval; both over rolling origins, up to three years ahead. `surprises`
    are the past errors from which joint paths are drawn, `earlier` the past forecasts themselves; neither is stored.
    """

    key: SeriesKey
    frequency: Frequency
    status: ForecastStatus
    origin: int
    points: int
    reference: str
    median: FloatArray = field(default_factory=lambda: np.empty(0))
    low: FloatArray = field(default_factory=lambda: np.empty((0, len(INTERVAL_LEVELS))))
    high: FloatArray = field(default_factory=lambda: np.empty((0, len(INTERVAL_LEVELS))))
    gain: float | None = None
    hits: tuple[int, ...] = (0,) * len(INTERVAL_LEVELS)
    judged: int = 0
    folds: int = 0
    past_errors: tuple[PastError, ...] = ()
    past_forecasts: PastForecasts = field(default=_NO_PAST_FORECASTS, compare=False, repr=False)

    @property
    def model(self) -> str:
        """What is shown: "mean" of the pool, or the id of the reference."""
        return "mean" if self.status == "pool" else self.reference


@dataclass(frozen=True)
class RaggedPanel:
    """Many series of one frequency on the calendar, end to end, in the order in which their file names them.

    Series k is `values[offsets[k] : offsets[k + 1]]` from period `first[k]`, NaN where a value is absent. It begins and
    ends with a known value, and is empty if there is none. `lines[k]` is the first line of the file that names it.
    """

    frequency: Frequency
    ids: tuple[str, ...]
    first_lines: IntArray
    first_ordinals: IntArray
    offsets: IntArray
    values: FloatArray

    @classmethod
    def from_series(cls, frequency: Frequency, rows: Iterable[TimeSeries]) -> "RaggedPanel":
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
    def lengths(self) -> IntArray:
        """Periods from the first to the last value of each series."""
        return np.asarray(np.diff(self.offsets))

    @property
    def observed_counts(self) -> IntArray:
        """How many values each series has, absent periods left out."""
        total = np.concatenate([[0], np.cumsum(np.isfinite(self.values))])
        return np.asarray(np.diff(total[self.offsets]))

    def right_aligned(self, indices: IntArray) -> FloatArray:
        """Some series as rows, aligned on the right: the last column has the last value of each, NaN what is absent."""
        starts, ends = self.offsets[indices], self.offsets[indices + 1]
        return right_align([self.values[start:end] for start, end in zip(starts, ends, strict=True)])


def right_align(rows: Sequence[FloatArray]) -> FloatArray:
    """Rows of several lengths as one matrix: the last column has the last value of each, NaN before it began."""
    aligned = np.full((len(rows), max((len(row) for row in rows), default=1)), np.nan)
    for place, row in enumerate(rows):
        aligned[place, aligned.shape[1] - len(row) :] = row
    return aligned


def build_panel(rows: Iterable[StoredObservation]) -> dict[SeriesKey, TimeSeries]:
    """Observations as histories by key; the calendar is completed with NaN, nothing is filled in."""
    grouped: dict[SeriesKey, list[tuple[int, float]]] = {}
    frequencies: dict[SeriesKey, Frequency] = {}
    for row in rows:
        key = (row.indicator, row.geo, row.item)
        if key not in grouped:
            grouped[key] = []
            frequencies[key] = parse_frequency(row.period) or "A"
        grouped[key].append((period_to_ordinal(row.period), row.value))
    panel: dict[SeriesKey, TimeSeries] = {}
    for key, points in grouped.items():
        first, last = min(points)[0], max(points)[0]
        values = np.full(last - first + 1, np.nan)
        for number, value in points:
            values[number - first] = value
        values.flags.writeable = False  # shared by editions, and digested once
        panel[key] = TimeSeries(key, frequencies[key], first, values)
    return panel


def find_value(panel: Mapping[SeriesKey, TimeSeries], key: SeriesKey, period: str) -> float | None:
    """The value of a series for a period; None where it is absent."""
    history = panel.get(key)
    if history is None or parse_frequency(period) != history.frequency:
        return None
    place = period_to_ordinal(period) - history.first
    if not 0 <= place < len(history.values) or not np.isfinite(history.values[place]):
        return None
    return float(history.values[place])


def apply_changes(
    panel: Mapping[SeriesKey, TimeSeries], changes: Iterable[tuple[SeriesKey, str, float | None]]
) -> dict[SeriesKey, TimeSeries]:
    """A panel with changed values (None takes one away); series that no change names are the very same objects."""
    touched: dict[SeriesKey, dict[str, float | None]] = {}
    for key, when, value in changes:
        touched.setdefault(key, {})[when] = value
    changed = {key: history for key, history in panel.items() if key not in touched}
    for key, new in touched.items():
        old = panel.get(key)
        rows = (
            {}
            if old is None
            else {
                ordinal_to_period(old.first + place, old.frequency): float(value)
                for place, value in enumerate(old.values)
                if np.isfinite(value)
            }
        )
        changed |= build_panel(
            StoredObservation(*key, when, value) for when, value in {**rows, **new}.items() if value is not None
        )
    return dict(sorted(changed.items()))


def compute_yearly_levels(history: TimeSeries, kind: str) -> tuple[int, FloatArray]:
    """The level of a year at the end of each month: (first month, one value a month, NaN where unknown).

    A flow is the sum of the latest 12 months (4 quarters), an index, price, rate or ratio their mean, a stock its
    last value. A window with a hole gives no level; an annual series has a level in its last month only.
    """
    window = PERIODS_PER_YEAR[history.frequency]
    if history.frequency == "A" or kind == "stock":
        levels = history.values
    else:
        total = np.convolve(history.values, np.ones(window), "full")[: len(history.values)]
        total[: window - 1] = np.nan
        levels = total if kind == "flow" else total / window
    step = MONTHS_PER_PERIOD[history.frequency]
    first = last_month_ordinal(history.first, history.frequency)
    grid = np.full((len(levels) - 1) * step + 1, np.nan)
    grid[::step] = levels
    return first, grid


def compute_growth(before: FloatArray, after: FloatArray) -> FloatArray:
    """Growth as a log ratio; where a value is not positive, the symmetric rate 2(b-a)/(|a|+|b|)."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        positive = (before > 0) & (after > 0)
        ratio = np.where(positive, after, 1.0) / np.where(positive, before, 1.0)
        log = np.log(np.clip(ratio, 1e-300, 1e300))
        size = np.abs(before) + np.abs(after)
        symmetric = np.where(size > 0, 2 * (after - before) / size, 0.0)
    result = np.where(positive, log, symmetric)
    return np.where(np.isfinite(before) & np.isfinite(after), result, np.nan)


def find_last_places(panel: Mapping[SeriesKey, TimeSeries]) -> dict[str, int]:
    """The ordinal of the newest period of each indicator, over all its series."""
    last: dict[str, int] = {}
    for (indicator, _geo, _item), history in panel.items():
        last[indicator] = max(last.get(indicator, history.last), history.last)
    return last
