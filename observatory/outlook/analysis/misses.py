"""The worst misses of the backtest: what was known, what would have been shown, the outcome, and the events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

import numpy as np

from observatory.catalogue.models import Event
from observatory.outlook.calls.backtest import ReplayedCall
from observatory.outlook.calls.rule import build_market_signals, shrink_volatility
from observatory.outlook.calls.scores import find_worst_misses, select_scored
from observatory.outlook.calls.signals import compute_signals, select_call_series
from observatory.outlook.outlook import Outlook
from observatory.settings import HORIZONS

_YEARS_BEFORE = 5
_MIN_YEARS_AFTER = 3  # years after the origin that a picture shows, at least
_MAX_EVENTS = 3


@dataclass(frozen=True)
class IndexPoint:
    """A level of the market's index, 100 at the origin, so many years after it (before it: negative)."""

    years: int
    level: float


@dataclass(frozen=True)
class IndexBand:
    """The index that the backtest expected so many years after the origin, with its 80 % range."""

    years: int
    median: float
    low: float
    high: float


@dataclass(frozen=True)
class CallMiss:
    """A confident and wrong call of the backtest: the index before and after, the events in between."""

    call: ReplayedCall
    history: tuple[IndexPoint, ...]  # oldest first, ends with 100 at the origin
    expected: tuple[IndexBand, ...]
    outcome: tuple[IndexPoint, ...]
    events: tuple[Event, ...]


def find_misses(outlook: Outlook, count: int = 5) -> tuple[CallMiss, ...]:
    """The worst misses of an outlook's backtest, the largest first."""
    rows = {(row.segment, row.origin, row.horizon): row for row in outlook.replayed_calls}
    worst = find_worst_misses(select_scored(outlook.replayed_calls), count)
    return tuple(
        _build_miss(outlook, row, rows, before)
        for row, before in zip(worst, _build_histories(outlook, worst), strict=True)
    )


def _build_miss(
    outlook: Outlook,
    call: ReplayedCall,
    rows: dict[tuple[str, int, int], ReplayedCall],
    history: tuple[IndexPoint, ...],
) -> CallMiss:
    shown = [ahead for ahead in HORIZONS if ahead <= max(call.horizon, _MIN_YEARS_AFTER)]
    after = [row for ahead in shown if (row := rows.get((call.segment, call.origin, ahead))) is not None]
    return CallMiss(
        call,
        history,
        tuple(band for row in after if (band := _build_band(row)) is not None),
        tuple(IndexPoint(row.horizon, _index_level(row.grew, row.horizon)) for row in after if row.grew is not None),
        select_events(outlook.catalogue.events, call, outlook.day),
    )


def _index_level(rate: float, years: int) -> float:
    return float(100 * (1 + rate) ** years)


def _build_band(row: ReplayedCall) -> IndexBand | None:
    if row.growth is None or row.low is None or row.high is None:
        return None
    median, low, high = (_index_level(rate, row.horizon) for rate in (row.growth, row.low, row.high))
    return IndexBand(row.horizon, median, low, high)


def _build_histories(outlook: Outlook, calls: Sequence[ReplayedCall]) -> list[tuple[IndexPoint, ...]]:
    """The index up to the origin of each call, year by year, each step with what was known at its end."""
    catalogue = outlook.catalogue
    months = [past.origin - 12 * years for past in calls for years in range(_YEARS_BEFORE)]
    origins = np.array(months, dtype=np.int64)
    rows = {
        name: [
            compute_signals(row, history, origins)
            for row, history in select_call_series(catalogue.indicators_of_segment(name), outlook.panel)
        ]
        for name in (catalogue.markets if calls else ())
    }
    scale = shrink_volatility([row for group in rows.values() for row in group], len(origins))
    histories = []
    for place, past in enumerate(calls):
        own = slice(place * _YEARS_BEFORE, (place + 1) * _YEARS_BEFORE)
        index = build_market_signals(past.segment, rows.get(past.segment, []), scale, len(origins))
        levels = 100 * np.exp(-np.cumsum([0.0, *takewhile(np.isfinite, index.past_growth[1][own])]))
        histories.append(tuple(reversed([IndexPoint(-years, float(level)) for years, level in enumerate(levels)])))
    return histories


def select_events(events: Sequence[Event], call: ReplayedCall, day: date) -> tuple[Event, ...]:
    """The events that overlap the span of a call: named shocks first, then those that began in it, then the longest."""
    start = date(call.origin // 12, call.origin % 12 + 1, 1)
    end = start.replace(year=start.year + call.horizon)

    def rank(event: Event) -> tuple[bool, bool, int]:
        days = (min(event.end or day, end) - max(event.start, start)).days
        return not event.short_fr, event.start < start, -days

    overlapping = [event for event in events if event.start <= end and (event.end or day) >= start]
    return tuple(sorted(sorted(overlapping, key=rank)[:_MAX_EVENTS], key=lambda event: event.start))
