"""Warning flags on indicators (turning points, steep changes), each with its false alarms in the past."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from observatory.catalogue.models import Catalogue, Indicator
from observatory.memo import remember
from observatory.outlook.calls.signals import (
    MAX_LOG_GROWTH,
    IndicatorSignals,
    compute_momentum,
    compute_signals,
    level_at,
    list_origins,
    select_call_series,
)
from observatory.settings import CALL_THRESHOLDS
from observatory.timeseries import FloatArray, SeriesKey, TimeSeries, compute_growth, compute_yearly_levels

_STEEP_QUANTILE = 0.8  # a change of pace is flagged beyond that quantile of those known before
_MIN_PAST_PERIODS = 10  # half-years known before a quantile means something
MIN_RAISED = 8  # raised less often, a flag has no record
FLAG_DIRECTIONS = {"turning_up": 1, "turning_down": -1, "accelerating": 1, "slowing": -1}

_Ints = NDArray[np.int64]


@dataclass(frozen=True)
class FlagHistory:
    """One flag of one indicator over all origins, the last one being now.

    `raised`: whether it was up; `known`: whether the outcome is known; `followed`: whether it was as announced.
    """

    indicator: str
    kind: str
    raised: NDArray[np.bool_]
    known: NDArray[np.bool_]
    followed: NDArray[np.bool_]

    @property
    def newly_raised(self) -> NDArray[np.bool_]:
        """Known origins at which it was raised anew: a flag that stands for two half-years is one flag."""
        before = np.concatenate([[False], self.raised[:-1]])
        return np.asarray(self.raised & ~before & self.known)

    def summarize(self) -> dict[str, Any]:
        """How often it was raised, how often that was followed, and the base rate over all origins."""
        total, known_count = int(self.newly_raised.sum()), int(self.known.sum())
        return {
            "raised": total,
            "followed": int((self.newly_raised & self.followed).sum()),
            "origins": known_count,
            "base": float(self.followed[self.known].mean()) if known_count else None,
        }


def compute_flags(catalogue: Catalogue, panel: Mapping[SeriesKey, TimeSeries], day: date) -> dict[str, Any]:
    """The flags that stand on `day` and the record of each, as plain JSON values.

    `now` has one row a flag that stands: indicator, kind, raised, followed, base, origins, and whether it is `shown`,
    which takes a record of eight or more that beats the base rate, for the indicator and for the kind as a whole.
    `kinds` are the records over all indicators.
    """
    tracks = track_flags(catalogue, panel, day)
    kinds = {kind: _pool_records([row for row in tracks if row.kind == kind]) for kind in FLAG_DIRECTIONS}
    now = []
    for row in tracks:
        if row.raised[-1]:
            record = row.summarize()
            shown = record["raised"] >= MIN_RAISED and beats_base_rate(record) and beats_base_rate(kinds[row.kind])
            now.append({"indicator": row.indicator, "kind": row.kind, **record, "shown": shown})
    return {"now": now, "kinds": kinds, "series": len({row.indicator for row in tracks})}


def beats_base_rate(record: Mapping[str, Any]) -> bool:
    """Whether the announced event followed the flag more often than at random times."""
    return bool(record["raised"] and record["followed"] > record["raised"] * record["base"])


def track_flags(catalogue: Catalogue, panel: Mapping[SeriesKey, TimeSeries], day: date) -> list[FlagHistory]:
    """Every flag of every series that counts in calls, at each June and December since 1960 and on `day`."""
    origins = list_origins(day)
    rows = [
        pair for name in catalogue.markets for pair in select_call_series(catalogue.indicators_of_segment(name), panel)
    ]
    return [each for row, history in rows for each in _track_series(compute_signals(row, history, origins), origins)]


@remember(size=16384)  # as many as of compute_signals
def _track_series(signals: IndicatorSignals, origins: _Ints) -> list[FlagHistory]:
    row, history = signals.indicator, signals.history
    year = signals.past_growth[1]
    ahead = np.clip(signals.future_growth[1], -MAX_LOG_GROWTH, MAX_LOG_GROWTH)
    cut = origins - row.publication_lag_months
    annual = row.frequency == "A"
    move = year if annual else signals.momentum
    before = (
        _growth_over_year(row, history, signals.latest_month - 12) if annual else compute_momentum(history, cut - 12)
    )
    turned = _detect_turns(move, before)
    flags = [(f"turning_{name}", turned == sign, np.sign(ahead) == sign) for name, sign in (("up", 1), ("down", -1))]
    if not annual:
        with np.errstate(divide="ignore", invalid="ignore"):  # a constant series has no volatility
            gap = (move - year) / signals.volatility
        steep = _detect_steep(np.abs(gap), signals.latest_month)
        flags += [
            (name, steep & (np.sign(gap) == FLAG_DIRECTIONS[name]), np.sign(ahead - year) == FLAG_DIRECTIONS[name])
            for name in ("accelerating", "slowing")
        ]
    usable = np.isfinite(ahead) & np.isfinite(year) & np.isfinite(move) & np.isfinite(before)
    return [FlagHistory(row.id, kind, raised, usable, followed) for kind, raised, followed in flags]


def _growth_over_year(row: Indicator, history: TimeSeries, base: _Ints) -> FloatArray:
    """Log growth over the year up to each month, NaN where unknown."""
    first, levels = compute_yearly_levels(history, row.kind)
    ends, starts = (level_at(levels, first, months) for months in (base, base - 12))
    return np.where(base >= 0, np.clip(compute_growth(starts, ends), -MAX_LOG_GROWTH, MAX_LOG_GROWTH), np.nan)


def _detect_turns(move: FloatArray, before: FloatArray) -> _Ints:
    """1 where growth is clear now and decline was clear a year before, -1 the other way round, else 0."""
    band = CALL_THRESHOLDS.flat_band
    up, down = (move > band) & (before < -band), (move < -band) & (before > band)
    return np.asarray(up.astype(np.int64) - down.astype(np.int64))


def _detect_steep(size: FloatArray, base: _Ints) -> NDArray[np.bool_]:
    """Whether each size passes the quantile of the different ones known before it."""
    steep = np.zeros(len(size), dtype=bool)
    past: list[float] = []
    last = -1
    for place, value in enumerate(size):
        if not np.isfinite(value):
            continue
        if len(past) >= _MIN_PAST_PERIODS:
            steep[place] = value > np.quantile(past, _STEEP_QUANTILE)
        if base[place] != last:
            past.append(float(value))
            last = int(base[place])
    return steep


def _pool_records(tracks: Sequence[FlagHistory]) -> dict[str, Any]:
    """The record of a kind of flag over all indicators; its base rate is that of flags raised at random."""
    rows = [record for row in tracks if (record := row.summarize())["raised"]]
    raised = sum(row["raised"] for row in rows)
    expected = sum(row["raised"] * row["base"] for row in rows)
    return {
        "raised": raised,
        "followed": sum(row["followed"] for row in rows),
        "origins": sum(row["origins"] for row in rows),
        "base": expected / raised if raised else None,
    }
