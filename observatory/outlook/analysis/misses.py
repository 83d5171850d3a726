"""The worst misses of the replay: what was known, what would have been shown, what came, and what happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

import numpy as np

from observatory.catalogue.models import Event
from observatory.outlook.calls.backtest import Past
from observatory.outlook.calls.rule import market, scales
from observatory.outlook.calls.scores import counted, worst
from observatory.outlook.calls.signals import counted as chosen
from observatory.outlook.calls.signals import signals
from observatory.outlook.outlook import Outlook
from observatory.settings import HORIZONS

YEARS_BEFORE = 5
FARTHEST = 3  # years after the origin that a picture shows, at least
MOST_EVENTS = 3


@dataclass(frozen=True)
class Point:
    """A level of the market's index, 100 at the origin, so many years after it (before it: negative)."""

    years: int
    level: float


@dataclass(frozen=True)
class Band:
    """The index that the replay expected so many years after the origin, with its 80 % range."""

    years: int
    median: float
    low: float
    high: float


@dataclass(frozen=True)
class Miss:
    """A call of the replay that was surest and wrong: the index before and after, the events in between."""

    past: Past
    before: tuple[Point, ...]  # oldest first, ends with 100 at the origin
    expected: tuple[Band, ...]
    came: tuple[Point, ...]
    events: tuple[Event, ...]


def misses(outlook: Outlook, count: int = 5) -> tuple[Miss, ...]:
    """The worst misses of an outlook's replay, the largest first."""
    rows = {(row.segment, row.origin, row.horizon): row for row in outlook.past}
    found = worst(counted(outlook.past), count)
    return tuple(_miss(outlook, row, rows, before) for row, before in zip(found, _before(outlook, found), strict=True))


def _miss(outlook: Outlook, past: Past, rows: dict[tuple[str, int, int], Past], before: tuple[Point, ...]) -> Miss:
    shown = [ahead for ahead in HORIZONS if ahead <= max(past.horizon, FARTHEST)]
    after = [row for ahead in shown if (row := rows.get((past.segment, past.origin, ahead))) is not None]
    return Miss(
        past,
        before,
        tuple(band for row in after if (band := _band(row)) is not None),
        tuple(Point(row.horizon, _level(row.grew, row.horizon)) for row in after if row.grew is not None),
        between(outlook.catalogue.events, past, outlook.day),
    )


def _level(rate: float, years: int) -> float:
    return float(100 * (1 + rate) ** years)


def _band(row: Past) -> Band | None:
    if row.growth is None or row.low is None or row.high is None:
        return None
    median, low, high = (_level(rate, row.horizon) for rate in (row.growth, row.low, row.high))
    return Band(row.horizon, median, low, high)


def _before(outlook: Outlook, pasts: Sequence[Past]) -> list[tuple[Point, ...]]:
    """The index up to the origin of each call, year by year, each step with what was known at its end."""
    catalogue = outlook.catalogue
    months = [past.origin - 12 * years for past in pasts for years in range(YEARS_BEFORE)]
    origins = np.array(months, dtype=np.int64)
    rows = {
        name: [signals(row, history, origins) for row, history in chosen(catalogue.of_segment(name), outlook.panel)]
        for name in (catalogue.markets if pasts else ())
    }
    scale = scales([row for group in rows.values() for row in group], len(origins))
    found = []
    for place, past in enumerate(pasts):
        own = slice(place * YEARS_BEFORE, (place + 1) * YEARS_BEFORE)
        index = market(past.segment, rows.get(past.segment, []), scale, len(origins))
        levels = 100 * np.exp(-np.cumsum([0.0, *takewhile(np.isfinite, index.past[1][own])]))
        found.append(tuple(reversed([Point(-years, float(level)) for years, level in enumerate(levels)])))
    return found


def between(events: Sequence[Event], past: Past, day: date) -> tuple[Event, ...]:
    """The events that overlap the span of a call: named shocks first, then those that began in it, then the longest."""
    start = date(past.origin // 12, past.origin % 12 + 1, 1)
    end = start.replace(year=start.year + past.horizon)

    def rank(event: Event) -> tuple[bool, bool, int]:
        days = (min(event.end or day, end) - max(event.start, start)).days
        return not event.short_fr, event.start < start, -days

    there = [event for event in events if event.start <= end and (event.end or day) >= start]
    return tuple(sorted(sorted(there, key=rank)[:MOST_EVENTS], key=lambda event: event.start))
