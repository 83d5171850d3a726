"""What each indicator said at each moment: its latest yearly level, usual move, later growth, recent months."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import MONTHS, month_of
from observatory.settings import CALLING, HORIZONS, STOPPED_AFTER_MONTHS
from observatory.timeseries import Floats, History, Key, change, yearly

FIRST_ORIGIN = 1960  # year
LONGEST_MOVE = 2.0  # growth is clipped there, in logs: from near zero (2020) a rate means nothing
FEWEST_MONTHS = 60  # a younger series says nothing yet
STEEPEST = 3.0  # recent months are clipped at so many usual moves


@dataclass(frozen=True)
class Signals:
    """One indicator over all origins (months, ordinals); arrays have one value an origin, NaN where unknown.

    `growth[h]` is the log growth of its next h years after the latest figure known then, `known[h]` the month in
    which that was published, `past[h]` the log growth of the h years before it; `moves` its yearly growth known at
    the origin, as (squares sum, count) cumulated.
    """

    indicator: Indicator
    history: History
    base: NDArray[np.int64]  # month of the latest yearly level known, -1 where none or stopped
    move: Floats  # usual yearly move, own record only
    moves: Floats  # how many yearly moves that is measured on
    growth: Mapping[int, Floats]
    known: Mapping[int, Floats]
    past: Mapping[int, Floats]
    momentum: Floats  # latest 3 months against a year before, log, not scaled


def origins_until(day: date) -> NDArray[np.int64]:
    """Each June and December since 1960, as months, and the month of a day, which is the last one."""
    now = month_of(day)
    halves = [year * 12 + month for year in range(FIRST_ORIGIN, day.year + 1) for month in (5, 11)]
    return np.array([month for month in halves if month < now] + [now], dtype=np.int64)


def signals(indicator: Indicator, history: History, origins: NDArray[np.int64]) -> Signals:
    """The signals of one series, each origin cut at the indicator's publication lag."""
    first, levels = yearly(history, indicator.kind)
    months = first + np.arange(len(levels))
    seen = months[np.isfinite(levels)]
    cut = origins - indicator.publication_lag_months
    place = np.searchsorted(seen, cut, side="right") - 1
    base = np.where(place >= 0, seen[np.maximum(place, 0)] if seen.size else -1, -1)
    late = cut - base - MONTHS[indicator.frequency]
    young = length_known(history, cut) < FEWEST_MONTHS
    base = np.where((base >= 0) & (late <= STOPPED_AFTER_MONTHS) & ~young, base, -1)
    here = level_at(levels, first, base)
    growth, known, past = {}, {}, {}
    for horizon in HORIZONS:
        later = base + 12 * horizon
        gained = np.clip(change(here, level_at(levels, first, later)), -LONGEST_MOVE, LONGEST_MOVE)
        growth[horizon] = np.where(base >= 0, gained, np.nan)
        known[horizon] = np.where(np.isfinite(growth[horizon]), later + indicator.publication_lag_months, np.inf)
        came = np.clip(change(level_at(levels, first, base - 12 * horizon), here), -LONGEST_MOVE, LONGEST_MOVE)
        past[horizon] = np.where(base >= 0, came, np.nan)
    move, moves = _usual_move(levels, first, cut)
    move, moves = np.where(young, np.nan, move), np.where(young, 0.0, moves)
    latest = np.where(young, np.nan, recent(history, cut))
    return Signals(indicator, history, base, move, moves, growth, known, past, latest)


def length_known(history: History, months: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many months a series covered by the end of each month."""
    size = MONTHS[history.frequency]
    last = np.minimum((months + 1) // size - 1, history.last)
    return np.asarray(np.maximum(last - history.first + 1, 0) * size)


def level_at(levels: Floats, first: int, months: NDArray[np.int64]) -> Floats:
    """The yearly level at the end of each month, NaN where there is none."""
    place = months - first
    inside = (place >= 0) & (place < len(levels))
    return np.where(inside, levels[np.clip(place, 0, len(levels) - 1)], np.nan)


def _usual_move(levels: Floats, first: int, cut: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Root mean square of yearly growth up to each cut, capped at 2 x robust spread + 2 %; and how many moves."""
    steps = np.full(len(levels), np.nan)
    steps[12:] = np.clip(change(levels[:-12], levels[12:]), -LONGEST_MOVE, LONGEST_MOVE)
    yearly_steps = [(first + place, steps[place]) for place in range(len(steps)) if np.isfinite(steps[place])]
    move, count = np.full(len(cut), np.nan), np.zeros(len(cut))
    ends = np.array([month for month, _step in yearly_steps])
    values = np.array([step for _month, step in yearly_steps])
    for place, limit in enumerate(cut):
        past = values[: np.searchsorted(ends, limit, side="right")] if len(ends) else values
        if len(past):
            spread = 1.4826 * np.median(np.abs(past - np.median(past)))
            move[place] = min(np.sqrt(np.mean(past**2)), 2 * spread + 0.02)
            years = {int(month) // 12 for month in ends[: len(past)]}
            count[place] = len(years)
    return move, count


def recent(history: History, cut: NDArray[np.int64]) -> Floats:
    """The latest three months (or quarter) against the same ones a year before; NaN if old, absent or annual."""
    if history.frequency == "A":
        return np.full(len(cut), np.nan)
    width, step = (3, 12) if history.frequency == "M" else (1, 4)
    values = history.values
    means = np.convolve(values, np.ones(width) / width, "full")[: len(values)]
    means[: width - 1] = np.nan
    gained = np.full(len(values), np.nan)
    gained[step:] = change(means[:-step], means[step:])
    length = MONTHS[history.frequency]
    ends = (history.first + np.arange(len(values)) + 1) * length - 1
    usable = np.flatnonzero(np.isfinite(gained))
    place = np.searchsorted(ends[usable], cut, side="right") - 1
    found = np.where(place >= 0, usable[np.maximum(place, 0)] if usable.size else 0, 0)
    late = cut - ends[found] - length
    fresh = (place >= 0) & (late <= CALLING.momentum_overdue_months)
    return np.where(fresh, gained[found], np.nan)


def counted(indicators: Sequence[Indicator], panel: Mapping[Key, History]) -> list[tuple[Indicator, History]]:
    """The series that enter the calls of a segment: the headline of each indicator that counts, five years at least."""
    found = []
    for row in indicators:
        history = panel.get((row.id, row.headline_geo, row.headline_item))
        if row.in_call and history is not None and len(history.values) * MONTHS[row.frequency] >= FEWEST_MONTHS:
            found.append((row, history))
    return found
