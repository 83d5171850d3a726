"""Comovement of series and the lead of one over another, pair by pair, corrected for the number of pairs tested."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from observatory.outlook.analysis.yearly_series import YearlySeries
from observatory.outlook.leads.lead_lag import (
    LeadLagPair,
    LeadLagTest,
    build_growth_series,
    compute_q_values,
    run_permutation_test,
)
from observatory.outlook.leads.leads import FALSE_DISCOVERY_RATE
from observatory.outlook.leads.validation import validate_lead
from observatory.timeseries import FloatArray

ComovementState = Literal["same", "short", "chance", "together", "ahead", "useful"]
_MIN_EFFECTIVE_YEARS = 3  # independent years that anything is worth at least
_MIN_LAG_ADVANTAGE = (
    0.1  # by which the correlation at a lag must exceed that of the same year, or the lag counts for nothing
)


@dataclass(frozen=True)
class Comovement:
    """Comovement of two series of a comparison; `one` and `two` are their positions in it.

    `state`: same quantity; short, too few common years; chance, no more alike than chance allows; together, in the same
    year; ahead, `one` was before `two` by `lag` months; useful, and knowing it would have helped to forecast `two`.
    `same_year` is the correlation of their growth in the same year, `best` that at the lag; `q` the rate of false
    discoveries at which the pair would pass among all that were compared; `years` are in common, worth `worth`
    independent ones, since what a year does the next one often repeats.
    """

    first: int
    second: int
    state: ComovementState
    lag_months: int = 0
    best_correlation: float | None = None
    same_year_correlation: float | None = None
    q_value: float | None = None
    common_years: int = 0
    effective_years: int = 0


def find_comovements(series: Sequence[YearlySeries]) -> tuple[Comovement, ...]:
    """Every pair of a comparison, most significant first: tested in both directions, over lags of up to three years."""
    tests: dict[tuple[int, int], LeadLagTest] = {}
    bare: list[Comovement] = []
    for one, two in combinations(range(len(series)), 2):
        a, b = series[one], series[two]
        if a.indicator.family == b.indicator.family and a.key[1:] == b.key[1:]:
            bare.append(Comovement(one, two, "same"))
            continue
        for first, second in ((one, two), (two, one)):
            test = run_permutation_test(_build_pair(series[first], series[second]))
            if test is not None:
                tests[first, second] = test
        if (one, two) not in tests and (two, one) not in tests:
            bare.append(Comovement(one, two, "short", common_years=_count_common_years(a, b)))
    rates = dict(zip(tests, compute_q_values([test.p_value for test in tests.values()]), strict=True))
    made = [
        _classify_pair(both, tests, {place: float(value) for place, value in rates.items()})
        for both in combinations(range(len(series)), 2)
        if both in tests or both[::-1] in tests
    ]
    order = ("useful", "ahead", "together", "chance")
    made.sort(
        key=lambda tie: (order.index(tie.state), tie.q_value if tie.q_value is not None else 1.0, tie.first, tie.second)
    )
    return (*made, *sorted(bare, key=lambda tie: (tie.state != "short", tie.first, tie.second)))


def _build_pair(lead: YearlySeries, led: YearlySeries) -> LeadLagPair:
    per_year = (
        1 if "A" in (lead.indicator.frequency, led.indicator.frequency) or lead.denominator or led.denominator else 4
    )
    return LeadLagPair(
        *(build_growth_series(line.indicator, line.first_month, line.levels, per_year) for line in (lead, led))
    )


def _classify_pair(
    places: tuple[int, int], tests: dict[tuple[int, int], LeadLagTest], q_values: dict[tuple[int, int], float]
) -> Comovement:
    """The pair in its more significant direction; where both are equal, in that of the higher correlation."""
    ways = [way for way in (places, places[::-1]) if way in tests]
    way = min(ways, key=lambda way: (q_values[way], -tests[way].correlation))
    test, q_value = tests[way], q_values[way]
    lag = test.lag * 12 // test.pair.per_year
    same, years, worth = _measure_overlap(test)
    state: ComovementState = "chance"
    if q_value <= FALSE_DISCOVERY_RATE:
        state = "together"
        if lag and test.correlation - (same or 0.0) >= _MIN_LAG_ADVANTAGE:
            proved = validate_lead(test.pair)
            state = "useful" if proved is not None and proved.is_useful else "ahead"
    if state in ("chance", "together"):
        way, lag = places, 0
    return Comovement(way[0], way[1], state, lag, test.correlation, same, q_value, years, worth)


def _measure_overlap(test: LeadLagTest) -> tuple[float | None, int, int]:
    """Correlation in the same year, number of common years, effective sample size (Bretherton and others, 1999)."""
    x, y = test.pair.lead.detrended, test.pair.market.detrended
    size = min(len(x), len(y))
    both = np.isfinite(x[:size]) & np.isfinite(y[:size])
    count = int(both.sum())
    if count < _MIN_EFFECTIVE_YEARS:
        return None, count // test.pair.per_year, _MIN_EFFECTIVE_YEARS
    a, b = x[:size][both], y[:size][both]
    spread = float(a.std() * b.std())
    same = float(np.corrcoef(a, b)[0, 1]) if spread > 0 else None
    shared = _autocorrelation(a) * _autocorrelation(b)
    years = count // test.pair.per_year
    worth = round(count * (1 - shared) / (1 + shared))
    return same, years, int(np.clip(worth, _MIN_EFFECTIVE_YEARS, max(years, _MIN_EFFECTIVE_YEARS)))


def _autocorrelation(values: FloatArray) -> float:
    """First-order autocorrelation."""
    calm = values - values.mean()
    total = float((calm**2).sum())
    return float(np.clip((calm[1:] * calm[:-1]).sum() / total, -0.95, 0.95)) if total > 0 else 0.0


def _count_common_years(one: YearlySeries, two: YearlySeries) -> int:
    """Number of calendar years in which the growth of both is known."""
    years = range(max(one.first_month, two.first_month) // 12, min(one.last_month, two.last_month) // 12 + 1)
    both = [
        all(np.isfinite(line.level_of_year(year)) and np.isfinite(line.level_of_year(year - 1)) for line in (one, two))
        for year in years
    ]
    return sum(both)
