"""Whether series move together, and whether one is ahead: pairs, with all of those that were compared in the count."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from observatory.outlook.analysis.yearly_series import Line
from observatory.outlook.leads.lead_lag import Pair, Tested, false_discovery, tested, wave_of
from observatory.outlook.leads.leads import DISCOVERY
from observatory.outlook.leads.validation import proof
from observatory.timeseries import Floats

State = Literal["same", "short", "chance", "together", "ahead", "useful"]
FEWEST = 3  # independent years that anything is worth at least
CLEARLY = 0.1  # by which the correlation at a lag must exceed that of the same year, or the lag says nothing


@dataclass(frozen=True)
class Tie:
    """What two series of a comparison have to do with one another; `one` and `two` are their places in it.

    `state`: same quantity; short, too few common years; chance, no more alike than chance allows; together, in the same
    year; ahead, `one` was before `two` by `lag` months; useful, and knowing it would have helped to forecast `two`.
    `same_year` is the correlation of their growth in the same year, `best` that at the lag; `q` the rate of false
    discoveries at which the pair would pass among all that were compared; `years` are in common, worth `worth`
    independent ones, since what a year does the next one often repeats.
    """

    one: int
    two: int
    state: State
    lag: int = 0
    best: float | None = None
    same_year: float | None = None
    q: float | None = None
    years: int = 0
    worth: int = 0


def ties(lines: Sequence[Line]) -> tuple[Tie, ...]:
    """All the pairs of a comparison, the surest first: tested in both directions, over lags of up to three years."""
    found: dict[tuple[int, int], Tested] = {}
    bare: list[Tie] = []
    for one, two in combinations(range(len(lines)), 2):
        a, b = lines[one], lines[two]
        if a.indicator.family == b.indicator.family and a.key[1:] == b.key[1:]:
            bare.append(Tie(one, two, "same"))
            continue
        for first, second in ((one, two), (two, one)):
            seen = tested(_pair(lines[first], lines[second]))
            if seen is not None:
                found[first, second] = seen
        if (one, two) not in found and (two, one) not in found:
            bare.append(Tie(one, two, "short", years=common_years(a, b)))
    rates = dict(zip(found, false_discovery([seen.p for seen in found.values()]), strict=True))
    made = [
        _tie(both, found, {place: float(value) for place, value in rates.items()})
        for both in combinations(range(len(lines)), 2)
        if both in found or both[::-1] in found
    ]
    order = ("useful", "ahead", "together", "chance")
    made.sort(key=lambda tie: (order.index(tie.state), tie.q if tie.q is not None else 1.0, tie.one, tie.two))
    return (*made, *sorted(bare, key=lambda tie: (tie.state != "short", tie.one, tie.two)))


def _pair(lead: Line, led: Line) -> Pair:
    per_year = 1 if "A" in (lead.indicator.frequency, led.indicator.frequency) or lead.over or led.over else 4
    return Pair(*(wave_of(line.indicator, line.first, line.levels, per_year) for line in (lead, led)))


def _tie(both: tuple[int, int], found: dict[tuple[int, int], Tested], rates: dict[tuple[int, int], float]) -> Tie:
    """The pair in the direction that is surer; of two that are equally sure, the one with the higher correlation."""
    ways = [way for way in (both, both[::-1]) if way in found]
    way = min(ways, key=lambda way: (rates[way], -found[way].correlation))
    seen, q = found[way], rates[way]
    lag = seen.lag * 12 // seen.pair.per_year
    same, years, worth = _in_common(seen)
    state: State = "chance"
    if q <= DISCOVERY:
        state = "together"
        if lag and seen.correlation - (same or 0.0) >= CLEARLY:
            proved = proof(seen.pair)
            state = "useful" if proved is not None and proved.helps else "ahead"
    if state in ("chance", "together"):
        way, lag = both, 0
    return Tie(way[0], way[1], state, lag, seen.correlation, same, q, years, worth)


def _in_common(seen: Tested) -> tuple[float | None, int, int]:
    """The correlation in the same year, the years in common, and what they are worth (Bretherton and others, 1999)."""
    x, y = seen.pair.lead.swing, seen.pair.market.swing
    size = min(len(x), len(y))
    both = np.isfinite(x[:size]) & np.isfinite(y[:size])
    count = int(both.sum())
    if count < FEWEST:
        return None, count // seen.pair.per_year, FEWEST
    a, b = x[:size][both], y[:size][both]
    spread = float(a.std() * b.std())
    same = float(np.corrcoef(a, b)[0, 1]) if spread > 0 else None
    shared = _again(a) * _again(b)
    years = count // seen.pair.per_year
    worth = round(count * (1 - shared) / (1 + shared))
    return same, years, int(np.clip(worth, FEWEST, max(years, FEWEST)))


def _again(values: Floats) -> float:
    """How much a step repeats the one before it (first autocorrelation)."""
    calm = values - values.mean()
    total = float((calm**2).sum())
    return float(np.clip((calm[1:] * calm[:-1]).sum() / total, -0.95, 0.95)) if total > 0 else 0.0


def common_years(one: Line, two: Line) -> int:
    """In how many calendar years the growth of both is known."""
    years = range(max(one.first, two.first) // 12, min(one.last, two.last) // 12 + 1)
    both = [
        all(np.isfinite(line.of_year(year)) and np.isfinite(line.of_year(year - 1)) for line in (one, two))
        for year in years
    ]
    return sum(both)
