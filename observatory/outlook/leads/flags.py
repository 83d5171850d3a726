"""Flags on single indicators, turning and changing pace, each with how often it was raised in the past for nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from observatory.catalogue.models import Catalogue, Indicator
from observatory.outlook.calls.signals import LONGEST_MOVE, Signals, counted, level_at, origins_until, recent, signals
from observatory.settings import CALLING
from observatory.timeseries import Floats, History, Key, change, yearly

STEEP = 0.8  # a change of pace is flagged beyond that quantile of those known before
FEWEST_PAST = 10  # half-years known before a quantile means something
FEWEST_RAISED = 8  # raised less often, a flag has no record
KINDS = {"turning_up": 1, "turning_down": -1, "accelerating": 1, "slowing": -1}

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Track:
    """One flag of one indicator over all origins, the last one being now.

    `raised` whether it stood; `known` whether what came is known, `came` whether it was what the flag announces.
    """

    indicator: str
    kind: str
    raised: NDArray[np.bool_]
    known: NDArray[np.bool_]
    came: NDArray[np.bool_]

    @property
    def fresh(self) -> NDArray[np.bool_]:
        """Known origins at which it was raised anew: a flag that stands for two half-years is one flag."""
        before = np.concatenate([[False], self.raised[:-1]])
        return np.asarray(self.raised & ~before & self.known)

    def record(self) -> dict[str, Any]:
        """How often it was raised, how often that was followed, and how often the same came at any origin."""
        total, known = int(self.fresh.sum()), int(self.known.sum())
        return {
            "raised": total,
            "followed": int((self.fresh & self.came).sum()),
            "origins": known,
            "base": float(self.came[self.known].mean()) if known else None,
        }


def flags(catalogue: Catalogue, panel: Mapping[Key, History], day: date) -> dict[str, Any]:
    """The flags that stand on `day` and the record of each, as plain JSON values.

    `now` has one row a flag that stands: indicator, kind, raised, followed, base, origins, and whether it is `shown`,
    which takes a record of eight or more that beats the base rate, for the indicator and for the kind as a whole.
    `kinds` are the records over all indicators.
    """
    tracks = track(catalogue, panel, day)
    kinds = {kind: _pooled([row for row in tracks if row.kind == kind]) for kind in KINDS}
    now = []
    for row in tracks:
        if row.raised[-1]:
            record = row.record()
            shown = record["raised"] >= FEWEST_RAISED and beats(record) and beats(kinds[row.kind])
            now.append({"indicator": row.indicator, "kind": row.kind, **record, "shown": shown})
    return {"now": now, "kinds": kinds, "series": len({row.indicator for row in tracks})}


def beats(record: Mapping[str, Any]) -> bool:
    """Whether what a flag announces came more often after it than at any other time."""
    return bool(record["raised"] and record["followed"] > record["raised"] * record["base"])


def track(catalogue: Catalogue, panel: Mapping[Key, History], day: date) -> list[Track]:
    """Every flag of every series that counts in calls, at each June and December since 1960 and on `day`."""
    origins = origins_until(day)
    rows = [pair for name in catalogue.markets for pair in counted(catalogue.of_segment(name), panel)]
    return [each for row, history in rows for each in _tracks(signals(row, history, origins), origins)]


def _tracks(seen: Signals, origins: Ints) -> list[Track]:
    row, history = seen.indicator, seen.history
    year = seen.past[1]
    ahead = np.clip(seen.growth[1], -LONGEST_MOVE, LONGEST_MOVE)
    cut = origins - row.publication_lag_months
    annual = row.frequency == "A"
    move = year if annual else seen.momentum
    before = _year(row, history, seen.base - 12) if annual else recent(history, cut - 12)
    turned = _turned(move, before)
    found = [(f"turning_{name}", turned == sign, np.sign(ahead) == sign) for name, sign in (("up", 1), ("down", -1))]
    if not annual:
        gap = (move - year) / seen.move
        steep = _steep(np.abs(gap), seen.base)
        found += [
            (name, steep & (np.sign(gap) == KINDS[name]), np.sign(ahead - year) == KINDS[name])
            for name in ("accelerating", "slowing")
        ]
    usable = np.isfinite(ahead) & np.isfinite(year) & np.isfinite(move) & np.isfinite(before)
    return [Track(row.id, kind, raised, usable, came) for kind, raised, came in found]


def _year(row: Indicator, history: History, base: Ints) -> Floats:
    """Log growth over the year up to each month, NaN where unknown."""
    first, levels = yearly(history, row.kind)
    ends, starts = (level_at(levels, first, months) for months in (base, base - 12))
    return np.where(base >= 0, np.clip(change(starts, ends), -LONGEST_MOVE, LONGEST_MOVE), np.nan)


def _turned(move: Floats, before: Floats) -> Ints:
    """1 where growth is clear now and decline was clear a year before, -1 the other way round, else 0."""
    band = CALLING.flat_band
    up, down = (move > band) & (before < -band), (move < -band) & (before > band)
    return np.asarray(up.astype(np.int64) - down.astype(np.int64))


def _steep(size: Floats, base: Ints) -> NDArray[np.bool_]:
    """Whether each size passes the quantile of the different ones known before it."""
    found = np.zeros(len(size), dtype=bool)
    past: list[float] = []
    last = -1
    for place, value in enumerate(size):
        if not np.isfinite(value):
            continue
        if len(past) >= FEWEST_PAST:
            found[place] = value > np.quantile(past, STEEP)
        if base[place] != last:
            past.append(float(value))
            last = int(base[place])
    return found


def _pooled(tracks: Sequence[Track]) -> dict[str, Any]:
    """The record of a kind over all indicators; its base is what would have come had each been raised at random."""
    rows = [record for row in tracks if (record := row.record())["raised"]]
    raised = sum(row["raised"] for row in rows)
    expected = sum(row["raised"] * row["base"] for row in rows)
    return {
        "raised": raised,
        "followed": sum(row["followed"] for row in rows),
        "origins": sum(row["origins"] for row in rows),
        "base": expected / raised if raised else None,
    }
