"""Lead-lag pairs of an indicator and a market: growth on a common grid, and a permutation test of each pair."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from observatory.catalogue.models import Catalogue, Indicator, IndicatorRole
from observatory.memo import remember
from observatory.outlook.calls.signals import MAX_LOG_GROWTH, select_call_series
from observatory.timeseries import FloatArray, SeriesKey, TimeSeries, compute_growth, compute_yearly_levels

_LEAD_ROLES: tuple[IndicatorRole, ...] = ("leading", "activity")  # what may lead the demand of its own market
# What may lead another market (its segment, the role there, the segment led, the role led): semiconductors -> avionics,
# traffic -> production. Orders -> deliveries are inside a market already.
CROSS_SEGMENT_LEADS: tuple[tuple[str, IndicatorRole, str, IndicatorRole], ...] = (
    ("electronics", "market", "embedded_systems", "market"),
    ("air_transport", "market", "commercial_aircraft", "activity"),
)
MAX_PAIRS = 400  # tested of each led market; all pairs would grow with the square of the catalogue
_GRID_START_YEAR = 1900
MAX_LAG_YEARS = 3  # years
_TREND_YEARS = 10  # growth is measured against its mean over so many years, up to then
_MIN_TREND_YEARS = 3  # with fewer years there is no such mean
MIN_COMMON_YEARS = 10  # fewer common years prove nothing
PERMUTATION_BLOCK_YEARS = 3  # shuffled in pieces of that length or longer, so that a piece keeps its ups and downs
_FIRST_PERMUTATIONS, _MORE_PERMUTATIONS = 500, 4500  # more for the pairs that the first ones leave possible
_EARLY_STOP_P_VALUE = 0.02
_SEED = 20101015


@dataclass(frozen=True)
class GrowthSeries:
    """The yearly growth of a series on a grid of years or quarters since 1900, NaN where unknown.

    `growth` is the log growth over a year; `swing` the same less its mean of the last ten years, so without its trend.
    """

    indicator: Indicator
    per_year: int
    growth: FloatArray
    detrended: FloatArray


@dataclass(frozen=True)
class LeadLagPair:
    """A candidate lead and the market that it may lead, on the coarser of their two calendars."""

    lead: GrowthSeries
    market: GrowthSeries

    @property
    def per_year(self) -> int:
        """Steps a year."""
        return self.lead.per_year

    @property
    def publication_delay(self) -> int:
        """Steps by which the market is published after the lead."""
        months = self.market.indicator.publication_lag_months - self.lead.indicator.publication_lag_months
        return max(-(-months * self.per_year // 12), 0)


@remember(size=8192)  # the series in calls of a few panels
def _build_series_growth(row: Indicator, history: TimeSeries, per_year: int) -> GrowthSeries:
    """The growth and swing of a series at the end of each year (1) or quarter (4)."""
    return build_growth_series(row, *compute_yearly_levels(history, row.kind), per_year)


def build_growth_series(row: Indicator, first: int, levels: FloatArray, per_year: int) -> GrowthSeries:
    """The growth of yearly levels, one a month from `first` on."""
    step = 12 // per_year
    growth = np.full(max((first + len(levels)) // step + 1 - _GRID_START_YEAR * per_year, 1), np.nan)
    moves = np.clip(compute_growth(levels[:-12], levels[12:]), -MAX_LOG_GROWTH, MAX_LOG_GROWTH)
    months = first + 12 + np.arange(len(moves))
    chosen = months % step == step - 1
    growth[months[chosen] // step - _GRID_START_YEAR * per_year] = moves[chosen]
    return GrowthSeries(row, per_year, growth, growth - _trailing_mean(growth, per_year))


def _trailing_mean(growth: FloatArray, per_year: int) -> FloatArray:
    """The mean of the last ten years at each step, NaN with fewer than three."""
    present = np.isfinite(growth)
    width = _TREND_YEARS * per_year
    sums, counts = (
        np.concatenate([np.zeros(width), np.cumsum(part)]) for part in (np.where(present, growth, 0.0), present * 1.0)
    )
    count = counts[width:] - counts[:-width]
    mean = (sums[width:] - sums[:-width]) / np.maximum(count, 1)
    return np.where(count >= _MIN_TREND_YEARS * per_year, mean, np.nan)


@dataclass(frozen=True)
class PairSelection:
    """The pairs to test, and how many more each led market would have (`left_out`; a market without any is absent)."""

    pairs: list[LeadLagPair]
    left_out: Mapping[str, int]


def select_pairs(catalogue: Catalogue, panel: Mapping[SeriesKey, TimeSeries]) -> PairSelection:
    """The pairs to test, among the series that count in calls: lead or activity -> demand, and two families across.

    Two series of one family are the same quantity, never a pair. Of a market with more than MAX_PAIRS those are taken
    whose two indicators the catalogue ranks first: the rule looks at no figure, so it favours no lead that did well.
    """
    rows = {name: select_call_series(catalogue.indicators_of_segment(name), panel) for name in catalogue.markets}
    made: dict[tuple[str, int], GrowthSeries] = {}

    def on(row: Indicator, history: TimeSeries, per_year: int) -> GrowthSeries:
        if (row.id, per_year) not in made:
            made[row.id, per_year] = _build_series_growth(row, history, per_year)
        return made[row.id, per_year]

    candidates = [pair for pair in _iterate_candidates(rows) if pair.lead[0].family != pair.market[0].family]
    chosen, left_out = _keep_first_ranked(candidates)
    pairs = []
    for (lead, before), (led, after) in ((pair.lead, pair.market) for pair in chosen):
        per_year = 1 if "A" in (lead.frequency, led.frequency) else 4
        pairs.append(LeadLagPair(on(lead, before, per_year), on(led, after, per_year)))
    return PairSelection(pairs, left_out)


class _Candidate(NamedTuple):
    """A pair that may be tested; `rank` is the lower of the places of its two indicators among those of their role."""

    lead: tuple[Indicator, TimeSeries]
    market: tuple[Indicator, TimeSeries]
    rank: int


def _iterate_candidates(rows: Mapping[str, Sequence[tuple[Indicator, TimeSeries]]]) -> Iterator[_Candidate]:
    families = [(name, role, name, "market") for name in rows for role in _LEAD_ROLES]
    for source, role, target, led in [*families, *CROSS_SEGMENT_LEADS]:
        leads = [row for row in rows.get(source, ()) if row[0].role == role]
        markets = [row for row in rows.get(target, ()) if row[0].role == led]
        for place, one in enumerate(leads):
            for other_place, other in enumerate(markets):
                yield _Candidate(one, other, max(place, other_place))


def _keep_first_ranked(candidates: Sequence[_Candidate]) -> tuple[list[_Candidate], dict[str, int]]:
    """The candidates within MAX_PAIRS of each led market, in their order; and how many others each market has."""
    by_market: dict[str, list[int]] = {}
    for place, row in enumerate(candidates):
        by_market.setdefault(row.market[0].segment, []).append(place)
    kept: list[int] = []
    for places in by_market.values():
        kept += sorted(places, key=lambda place: candidates[place].rank)[:MAX_PAIRS]
    left_out = {name: len(places) - MAX_PAIRS for name, places in by_market.items() if len(places) > MAX_PAIRS}
    return [candidates[place] for place in sorted(kept)], left_out


@dataclass(frozen=True)
class LeadLagTest:
    """Permutation test of a pair over its whole past: the lag with the highest correlation, and its p-value."""

    pair: LeadLagPair
    lag: int  # steps
    correlation: float
    p_value: float
    permutations: int


@remember(size=8192)  # all pairs of two panels
def run_permutation_test(pair: LeadLagPair) -> LeadLagTest | None:
    """The highest correlation over lags of 0 to 3 years against that of shuffled pasts; None with too little in common.

    The lead is cut into pieces of three years or more that are put in another order; each shuffled past may choose
    its best lag too, so the search over lags is inside the test. The share of draws that do as well is p.
    """
    x, later = _align_overlap(pair)
    if x is None:
        return None
    least = MIN_COMMON_YEARS * pair.per_year
    observed = _correlate(x[None, :], later, least)[0]
    if not np.isfinite(observed).any():
        return None
    lag = int(np.argmax(observed))
    best, above, draws = float(observed[lag]), 0, 0
    for count in (_FIRST_PERMUTATIONS, _MORE_PERMUTATIONS):
        if draws and (above + 1) / (draws + 1) > _EARLY_STOP_P_VALUE:
            break
        order = draw_block_permutations(len(x), PERMUTATION_BLOCK_YEARS * pair.per_year, count)
        above += int((_correlate(x[order], later, least).max(axis=1) >= best - 1e-6).sum())
        draws += count
    return LeadLagTest(pair, lag, best, (above + 1) / (draws + 1), draws)


def _align_overlap(pair: LeadLagPair) -> tuple[FloatArray | None, FloatArray]:
    """Growth of the lead where that of the market is known up to three years later; and the latter, steps x lags."""
    reach = MAX_LAG_YEARS * pair.per_year
    size = max(len(pair.lead.detrended), len(pair.market.detrended))
    x, y = (np.full(size + reach, np.nan) for _ in range(2))
    x[: len(pair.lead.detrended)], y[: len(pair.market.detrended)] = pair.lead.detrended, pair.market.detrended
    later = np.column_stack([y[lag : size + lag] for lag in range(reach + 1)])
    x = x[:size]
    both = np.flatnonzero(np.isfinite(x) & np.isfinite(later).any(axis=1))
    if len(both) < MIN_COMMON_YEARS * pair.per_year:
        return None, later
    inside = slice(int(both[0]), int(both[-1]) + 1)
    return _standardize(x[inside]), _standardize(later[inside])


def _standardize(values: FloatArray) -> FloatArray:
    """Values on a scale of one, so that single precision is enough."""
    spread = float(np.nanstd(values)) or 1.0
    return np.asarray((values - np.nanmean(values)) / spread)


def _correlate(x: FloatArray, later: FloatArray, min_count: int) -> NDArray[np.float32]:
    """Pearson's correlation of each row of `x` with each column of `later` over what both know; -inf: too little."""
    present, later_present = np.isfinite(x).astype(np.float32), np.isfinite(later).astype(np.float32)
    if present.all():
        present = present[:1]  # the same for every order
    a, b = np.nan_to_num(x).astype(np.float32), np.nan_to_num(later).astype(np.float32)
    count = present @ later_present
    many = np.maximum(count, 1)
    mean_a, mean_b = a @ later_present / many, present @ b / many
    spread = ((a * a) @ later_present / many - mean_a**2) * (present @ (b * b) / many - mean_b**2)
    together = a @ b / many - mean_a * mean_b
    usable = (count >= min_count) & (spread > 1e-9)
    return np.where(usable, together / np.sqrt(np.where(usable, spread, 1.0)), np.float32(-np.inf))


@lru_cache(maxsize=64)
def draw_block_permutations(size: int, block: int, count: int) -> NDArray[np.int64]:
    """Orders of `size` places, count x size: turned like a ring by any number, cut into blocks, the blocks permuted."""
    rng = np.random.default_rng([_SEED, size, block, count])
    lengths = np.array([len(piece) for piece in np.array_split(np.arange(size), max(size // block, 1))])
    starts = np.cumsum(lengths) - lengths
    turns = rng.integers(size, size=(count, 1))
    orders = rng.permuted(np.tile(np.arange(len(lengths)), (count, 1)), axis=1)
    long = lengths[orders]
    shifts = starts[orders] - (np.cumsum(long, axis=1) - long)  # from where a piece is put to where it was
    places = np.repeat(shifts.ravel(), long.ravel()).reshape(count, size) + np.arange(size)
    return np.asarray((places + turns) % size)


def compute_q_values(p_values: Sequence[float]) -> FloatArray:
    """Benjamini and Hochberg (1995): the smallest false-discovery rate at which each of all tests would pass."""
    values = np.asarray(p_values, dtype=float)
    order = np.argsort(values, kind="stable")
    scaled = values[order] * len(values) / np.arange(1, len(values) + 1)
    q_values = np.empty(len(values))
    q_values[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return q_values
