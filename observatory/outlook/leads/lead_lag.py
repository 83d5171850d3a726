"""Pairs of a possible lead and a market: their growth on one grid, and whether they go together beyond chance."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from observatory.catalogue.models import Catalogue, Indicator, Role
from observatory.outlook.calls.signals import LONGEST_MOVE, counted
from observatory.timeseries import Floats, History, Key, change, yearly

ROLES: tuple[Role, ...] = ("leading", "activity")  # what may lead the demand of its own market
# What may lead another market (its segment, the role there, the segment led, the role led): semiconductors -> avionics,
# traffic -> production. Orders -> deliveries are inside a market already.
ACROSS: tuple[tuple[str, Role, str, Role], ...] = (
    ("electronics", "market", "embedded_systems", "market"),
    ("air_transport", "market", "commercial_aircraft", "activity"),
)
FIRST_YEAR = 1900
LONGEST_LAG = 3  # years
TREND_YEARS = 10  # growth is told from its mean over so many years, up to then
FEWEST_TREND = 3  # with fewer years there is no such mean
FEWEST_YEARS = 10  # fewer common years prove nothing
BLOCK_YEARS = 3  # shuffled in pieces of that length or longer, so that a piece keeps its ups and downs
DRAWS, MORE_DRAWS = 500, 4500  # more for the pairs that the first ones leave possible
POSSIBLE = 0.02
SEED = 20101015


@dataclass(frozen=True)
class Wave:
    """The yearly growth of a series on a grid of years or quarters since 1900, NaN where unknown.

    `growth` is the log growth over a year; `swing` the same less its mean of the last ten years, so without its trend.
    """

    indicator: Indicator
    per_year: int
    growth: Floats
    swing: Floats


@dataclass(frozen=True)
class Pair:
    """A possible lead and what it may lead, on the coarser of their two calendars."""

    lead: Wave
    market: Wave

    @property
    def per_year(self) -> int:
        """Steps a year."""
        return self.lead.per_year

    @property
    def late(self) -> int:
        """Steps by which the market is published after the lead."""
        months = self.market.indicator.publication_lag_months - self.lead.indicator.publication_lag_months
        return max(-(-months * self.per_year // 12), 0)


def wave(row: Indicator, history: History, per_year: int) -> Wave:
    """The growth and swing of a series at the end of each year (1) or quarter (4)."""
    return wave_of(row, *yearly(history, row.kind), per_year)


def wave_of(row: Indicator, first: int, levels: Floats, per_year: int) -> Wave:
    """The same of yearly levels that are known already, one a month from `first` on."""
    step = 12 // per_year
    growth = np.full(max((first + len(levels)) // step + 1 - FIRST_YEAR * per_year, 1), np.nan)
    moves = np.clip(change(levels[:-12], levels[12:]), -LONGEST_MOVE, LONGEST_MOVE)
    months = first + 12 + np.arange(len(moves))
    chosen = months % step == step - 1
    growth[months[chosen] // step - FIRST_YEAR * per_year] = moves[chosen]
    return Wave(row, per_year, growth, growth - _trend(growth, per_year))


def _trend(growth: Floats, per_year: int) -> Floats:
    """The mean of the last ten years at each step, NaN with fewer than three."""
    there = np.isfinite(growth)
    width = TREND_YEARS * per_year
    sums, counts = (
        np.concatenate([np.zeros(width), np.cumsum(part)]) for part in (np.where(there, growth, 0.0), there * 1.0)
    )
    count = counts[width:] - counts[:-width]
    mean = (sums[width:] - sums[:-width]) / np.maximum(count, 1)
    return np.where(count >= FEWEST_TREND * per_year, mean, np.nan)


def pairs(catalogue: Catalogue, panel: Mapping[Key, History]) -> list[Pair]:
    """All the pairs to test, among the series that count in calls: lead or activity -> demand, and two families across.

    Two series of one family are the same quantity, never a pair.
    """
    rows = {name: counted(catalogue.of_segment(name), panel) for name in catalogue.markets}
    made: dict[tuple[str, int], Wave] = {}

    def on(row: Indicator, history: History, per_year: int) -> Wave:
        if (row.id, per_year) not in made:
            made[row.id, per_year] = wave(row, history, per_year)
        return made[row.id, per_year]

    found = []
    for (lead, before), (led, after) in _candidates(rows):
        per_year = 1 if "A" in (lead.frequency, led.frequency) else 4
        if lead.family != led.family:
            found.append(Pair(on(lead, before, per_year), on(led, after, per_year)))
    return found


def _candidates(
    rows: Mapping[str, Sequence[tuple[Indicator, History]]],
) -> Iterator[tuple[tuple[Indicator, History], tuple[Indicator, History]]]:
    families = [(name, role, name, "market") for name in rows for role in ROLES]
    for source, role, target, led in [*families, *ACROSS]:
        for one in rows.get(source, ()):
            for other in rows.get(target, ()):
                if one[0].role == role and other[0].role == led:
                    yield one, other


@dataclass(frozen=True)
class Tested:
    """What a pair says over its whole past: the lag with the highest correlation, and how often chance does as well."""

    pair: Pair
    lag: int  # steps
    correlation: float
    p: float
    draws: int


def tested(pair: Pair) -> Tested | None:
    """The highest correlation over lags of 0 to 3 years against that of shuffled pasts; None with too little in common.

    The lead is cut into pieces of three years or more that are put in another order; each shuffled past may choose
    its best lag too, so the search over lags is inside the test. The share of draws that do as well is p.
    """
    x, later = _overlap(pair)
    if x is None:
        return None
    least = FEWEST_YEARS * pair.per_year
    seen = _correlations(x[None, :], later, least)[0]
    if not np.isfinite(seen).any():
        return None
    lag = int(np.argmax(seen))
    best, above, draws = float(seen[lag]), 0, 0
    for count in (DRAWS, MORE_DRAWS):
        if draws and (above + 1) / (draws + 1) > POSSIBLE:
            break
        order = shuffles(len(x), BLOCK_YEARS * pair.per_year, count)
        above += int((_correlations(x[order], later, least).max(axis=1) >= best - 1e-6).sum())
        draws += count
    return Tested(pair, lag, best, (above + 1) / (draws + 1), draws)


def _overlap(pair: Pair) -> tuple[Floats | None, Floats]:
    """The lead's swings where the market is known then or up to three years later; and the market's, steps x lags."""
    reach = LONGEST_LAG * pair.per_year
    size = max(len(pair.lead.swing), len(pair.market.swing))
    x, y = (np.full(size + reach, np.nan) for _ in range(2))
    x[: len(pair.lead.swing)], y[: len(pair.market.swing)] = pair.lead.swing, pair.market.swing
    later = np.column_stack([y[lag : size + lag] for lag in range(reach + 1)])
    x = x[:size]
    both = np.flatnonzero(np.isfinite(x) & np.isfinite(later).any(axis=1))
    if len(both) < FEWEST_YEARS * pair.per_year:
        return None, later
    inside = slice(int(both[0]), int(both[-1]) + 1)
    return _unit(x[inside]), _unit(later[inside])


def _unit(values: Floats) -> Floats:
    """Values on a scale of one, so that single precision is enough."""
    spread = float(np.nanstd(values)) or 1.0
    return np.asarray((values - np.nanmean(values)) / spread)


def _correlations(x: Floats, later: Floats, least: int) -> NDArray[np.float32]:
    """Pearson's correlation of each row of `x` with each column of `later` over what both know; -inf: too little."""
    there, known = np.isfinite(x).astype(np.float32), np.isfinite(later).astype(np.float32)
    if there.all():
        there = there[:1]  # the same for every order
    a, b = np.nan_to_num(x).astype(np.float32), np.nan_to_num(later).astype(np.float32)
    count = there @ known
    many = np.maximum(count, 1)
    mean_a, mean_b = a @ known / many, there @ b / many
    spread = ((a * a) @ known / many - mean_a**2) * (there @ (b * b) / many - mean_b**2)
    together = a @ b / many - mean_a * mean_b
    usable = (count >= least) & (spread > 1e-9)
    return np.where(usable, together / np.sqrt(np.where(usable, spread, 1.0)), np.float32(-np.inf))


@lru_cache(maxsize=64)
def shuffles(size: int, block: int, count: int) -> NDArray[np.int64]:
    """Orders of `size` places, count x size: turned like a ring by any number, cut into blocks, the blocks permuted."""
    rng = np.random.default_rng([SEED, size, block, count])
    lengths = np.array([len(piece) for piece in np.array_split(np.arange(size), max(size // block, 1))])
    starts = np.cumsum(lengths) - lengths
    turns = rng.integers(size, size=(count, 1))
    orders = rng.permuted(np.tile(np.arange(len(lengths)), (count, 1)), axis=1)
    long = lengths[orders]
    shifts = starts[orders] - (np.cumsum(long, axis=1) - long)  # from where a piece is put to where it was
    places = np.repeat(shifts.ravel(), long.ravel()).reshape(count, size) + np.arange(size)
    return np.asarray((places + turns) % size)


def false_discovery(p: Sequence[float]) -> Floats:
    """Benjamini and Hochberg (1995): the smallest false-discovery rate at which each of all tests would pass."""
    values = np.asarray(p, dtype=float)
    order = np.argsort(values, kind="stable")
    scaled = values[order] * len(values) / np.arange(1, len(values) + 1)
    found = np.empty(len(values))
    found[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return found
