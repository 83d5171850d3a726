"""The rule of the calls, the same for every segment, in two sentences.

How often did this market grow over such a span, recent years counting more, pulled towards the rate of all markets
while its own record is short? Then: moved up or down by what its monthly indicators did in the last three months
compared with a year before. Everything fitted at an origin uses only outcomes published by then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from observatory.memo import remember
from observatory.outlook.calls.signals import MAX_MOMENTUM, IndicatorSignals
from observatory.settings import CALL_THRESHOLDS, HORIZONS
from observatory.timeseries import FloatArray, SeriesKey

EVENTS = ("grew", "grew_clearly", "shrank_clearly")  # growth above 0, above the flat band, below minus the band
_RIDGE_PENALTY = 3.0
_VOLATILITY_PRIOR_YEARS = 4.0  # pseudo-years of the usual move of all indicators


@dataclass(frozen=True)
class MarketSignals:
    """Signals of a segment over all origins: its index and its momentum; arrays have one value an origin."""

    segment: str
    members: Sequence[IndicatorSignals]
    weights: FloatArray  # members x origins, zero where a member is not usable
    future_growth: Mapping[int, FloatArray]  # log growth a year of the index over the next h years
    published_month: Mapping[int, FloatArray]  # month in which that was published
    past_growth: Mapping[int, FloatArray]  # log growth a year of the index over the last h years
    volatility: FloatArray  # usual yearly move of the index
    momentum: FloatArray
    family_count: NDArray[np.int64]  # market families in the index


@dataclass(frozen=True)
class RuleForecast:
    """Forecasts of the rule at every origin for one horizon: probabilities by event, growth a year and its interval."""

    probabilities: Mapping[str, FloatArray]
    growth: FloatArray
    low: FloatArray
    high: FloatArray
    outcome_count: FloatArray  # known, non-overlapping outcomes of the segment itself
    own_rate: FloatArray = field(default_factory=lambda: np.empty(0))
    pooled_rate: FloatArray = field(default_factory=lambda: np.empty(0))
    past_pace: FloatArray = field(default_factory=lambda: np.empty(0))  # mean past growth, pulled to that of all
    shift: FloatArray = field(default_factory=lambda: np.empty(0))  # by recent months, in usual moves


def shrink_volatility(signals: Sequence[IndicatorSignals], origins: int) -> dict[SeriesKey, FloatArray]:
    """Usual yearly move of each series at each origin, shrunk to the median of all (4 pseudo-years)."""
    own = np.array([row.volatility for row in signals]).reshape(len(signals), origins)
    counts = np.array([row.volatility_years for row in signals]).reshape(len(signals), origins)
    columns = [column[np.isfinite(column)] for column in own.T]
    middle = np.array([np.median(column) if len(column) else np.nan for column in columns])
    shrunk = (np.nan_to_num(own) * counts + _VOLATILITY_PRIOR_YEARS * middle) / (counts + _VOLATILITY_PRIOR_YEARS)
    return {row.history.key: np.maximum(shrunk[place], 1e-4) for place, row in enumerate(signals)}


def _family_weights(
    signals: Sequence[IndicatorSignals], usable: NDArray[np.bool_], scale: Mapping[SeriesKey, FloatArray]
) -> FloatArray:
    """Weight 1/s of each row, the rows of one family sharing one weight; zero where not usable."""
    families = [row.indicator.family for row in signals]
    weights = np.zeros(usable.shape)
    for name in set(families):
        mates = [place for place, family in enumerate(families) if family == name]
        count = usable[mates].sum(axis=0)
        for place in mates:
            weights[place] = np.where(
                usable[place], 1 / (scale[signals[place].history.key] * np.maximum(count, 1)), 0.0
            )
    return np.nan_to_num(weights)


def build_market_signals(
    segment: str, signals: Sequence[IndicatorSignals], volatility: Mapping[SeriesKey, FloatArray], origins: int
) -> MarketSignals:
    """The index of a segment (mean growth of its market indicators, weight 1/s) and its momentum (all roles)."""
    members = [row for row in signals if row.indicator.role == "market"]
    usable = np.array([row.latest_month >= 0 for row in members]).reshape(len(members), origins)
    weights = _family_weights(members, usable, volatility)
    growth, published, past = {}, {}, {}
    for horizon in HORIZONS:
        each = np.array([row.future_growth[horizon] for row in members]).reshape(len(members), origins)
        present = np.where(np.isfinite(each), weights, 0.0)
        growth[horizon] = _weighted_mean(each, weights) / horizon
        past[horizon] = (
            _weighted_mean(np.array([row.past_growth[horizon] for row in members]).reshape(each.shape), weights)
            / horizon
        )
        dates = np.array([row.published_month[horizon] for row in members]).reshape(len(members), origins)
        published[horizon] = np.where(present > 0, dates, -np.inf).max(axis=0, initial=-np.inf)
        published[horizon] = np.where(np.isfinite(growth[horizon]), published[horizon], np.inf)
    moving = [row for row in signals if np.isfinite(row.momentum).any()]
    recent = np.array(
        [np.clip(row.momentum / volatility[row.history.key], -MAX_MOMENTUM, MAX_MOMENTUM) for row in moving]
    )
    recent = recent.reshape(len(moving), origins)
    shares = _family_weights(moving, np.isfinite(recent), {row.history.key: np.ones(origins) for row in moving})
    momentum = (shares * np.nan_to_num(recent)).sum(axis=0) / (shares.sum(axis=0) + 1)
    names = [row.indicator.family for row in members]
    families = np.array(
        [len({name for name, present in zip(names, column, strict=True) if present}) for column in (weights > 0).T],
        dtype=np.int64,
    )
    if not members:
        families = np.zeros(origins, dtype=np.int64)
    pull = np.array([volatility[row.history.key] for row in members]).reshape(len(members), origins)
    total = np.maximum(weights.sum(axis=0), 1e-12)
    pulled = (weights * pull).sum(axis=0) / total
    return MarketSignals(segment, members, weights, growth, published, past, pulled, momentum, families)


def _weighted_mean(each: FloatArray, weights: FloatArray) -> FloatArray:
    """The weighted mean over members (first axis) of what is known; NaN where nothing is."""
    present = np.where(np.isfinite(each), weights, 0.0)
    total = present.sum(axis=0)
    return np.where(total > 0, (present * np.nan_to_num(each)).sum(axis=0) / np.maximum(total, 1e-300), np.nan)


def _encode_outcomes(growth: FloatArray, event: str) -> FloatArray:
    """Outcomes of an event from growth a year: 1 happened, 0 did not, NaN unknown."""
    band = np.log1p(CALL_THRESHOLDS.flat_band)
    outcome = {"grew": growth > 0, "grew_clearly": growth > band, "shrank_clearly": growth < -band}[event]
    return np.where(np.isfinite(growth), outcome.astype(float), np.nan)


def fit_horizon(markets: Sequence[MarketSignals], origins: NDArray[np.int64], horizon: int) -> dict[str, RuleForecast]:
    """Fits the rule at every origin for one horizon, on expanding windows; by segment."""
    growth = np.array([row.future_growth[horizon] for row in markets])
    published = np.array([row.published_month[horizon] for row in markets])
    momentum = np.array([row.momentum for row in markets])
    move = np.array([row.volatility for row in markets])
    present = np.array([(row.weights > 0).any(axis=0) for row in markets])
    probability: dict[str, FloatArray] = {}
    own: FloatArray = np.full(growth.shape, np.nan)
    pooled: FloatArray = np.full(growth.shape, np.nan)
    for event in EVENTS:
        outcome = _encode_outcomes(growth, event)
        rate, own_rate, pooled_rate = _estimate_rates(outcome, published, origins, horizon)
        if event == "grew":
            own, pooled = own_rate, pooled_rate
        sign = -1.0 if event == "shrank_clearly" else 1.0
        slope = _fit_slopes(rate, outcome, published, momentum * sign, origins, horizon)
        logit = np.log(rate / (1 - rate)) + slope * momentum * sign
        probability[event] = np.where(
            present,
            np.clip(
                1 / (1 + np.exp(-logit)), 1 - CALL_THRESHOLDS.highest_probability, CALL_THRESHOLDS.highest_probability
            ),
            np.nan,
        )
    past_pace, shift, low, high = _forecast_growth(growth, published, momentum, move, origins, horizon)
    centre = past_pace + shift * move
    counts = _count_outcomes(growth, published, origins, horizon)
    return {
        row.segment: RuleForecast(
            {event: probability[event][place] for event in EVENTS},
            np.where(present[place], centre[place], np.nan),
            low[place],
            high[place],
            counts[place],
            own[place],
            pooled[place],
            past_pace[place],
            shift[place],
        )
        for place, row in enumerate(markets)
    }


def _weigh_outcomes(
    outcome: FloatArray, published: FloatArray, origins: NDArray[np.int64], horizon: int
) -> tuple[NDArray[np.bool_], FloatArray]:
    """Which outcomes are known at each origin, and their weights: origins x markets x origins of the outcomes.

    A weight is halved every `half_life_years`; those of overlapping outcomes of one span add up to that of one.
    """
    usable = (published <= origins[:, None, None]) & np.isfinite(outcome)
    age_weights = 0.5 ** ((origins[:, None] - origins) / 12 / CALL_THRESHOLDS.half_life_years)
    return usable, np.where(usable, age_weights[:, None, :] / (2 * horizon), 0.0)


def _estimate_rates(
    outcome: FloatArray, published: FloatArray, origins: NDArray[np.int64], horizon: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Shrunk rate, plain own rate and plain pooled rate of an event at each origin, markets x origins."""
    usable, weights = _weigh_outcomes(outcome, published, origins, horizon)
    outcomes = np.nan_to_num(outcome)
    total, ups = weights.sum(axis=2), (weights * outcomes).sum(axis=2)
    pooled = (ups.sum(axis=1) + 1) / (total.sum(axis=1) + 2)
    rate = (ups + CALL_THRESHOLDS.prior_outcomes * pooled[:, None]) / (total + CALL_THRESHOLDS.prior_outcomes)
    plain, happened = usable.sum(axis=2), np.where(usable, outcomes, 0).sum(axis=2)
    own_rate = (happened / (2 * horizon) + 0.5) / (plain / (2 * horizon) + 1)
    pooled_rate = (happened.sum(axis=1) + 1) / (plain.sum(axis=1) + 2)
    return (
        np.ascontiguousarray(rate.T),
        np.ascontiguousarray(own_rate.T),
        np.tile(pooled_rate, (len(outcome), 1)),
    )


def _fit_slopes(
    rate: FloatArray,
    outcome: FloatArray,
    published: FloatArray,
    momentum: FloatArray,
    origins: NDArray[np.int64],
    horizon: int,
) -> FloatArray:
    """The coefficient of momentum at each origin: logistic, offset logit of the rate, no intercept, ridge."""
    slopes = np.zeros(len(origins))
    offset = np.log(rate / (1 - rate))
    slope = 0.0
    for place in range(len(origins)):
        usable = (published <= origins[place]) & np.isfinite(outcome) & (momentum != 0)
        if usable.any():
            slope = _refine_slope(momentum[usable], outcome[usable], offset[usable], slope, horizon)
        slopes[place] = slope
    return slopes


def _pack_slope(x: FloatArray, y: FloatArray, base: FloatArray, slope: float, horizon: int) -> bytes:
    return b"".join([np.array([len(x), slope, horizon]).tobytes(), x.tobytes(), y.tobytes(), base.tobytes()])


@remember(size=4096, pack=_pack_slope)  # the origins, horizons and events of two panels
def _refine_slope(x: FloatArray, y: FloatArray, base: FloatArray, slope: float, horizon: int) -> float:
    """Eight steps of Newton's method from the slope of the origin before."""
    for _ in range(8):
        p = 1 / (1 + np.exp(-(base + slope * x)))
        step = ((x * (y - p)).sum() / horizon - _RIDGE_PENALTY * slope) / (
            (x**2 * p * (1 - p)).sum() / horizon + _RIDGE_PENALTY
        )
        slope = float(np.clip(slope + step, -3, 3))
    return slope


def _count_outcomes(growth: FloatArray, published: FloatArray, origins: NDArray[np.int64], horizon: int) -> FloatArray:
    """Known outcomes of each segment that do not overlap: those of half-year origins, over twice the horizon."""
    usable = np.isfinite(growth)[:, None, :] & (published[:, None, :] <= origins[None, :, None])
    return np.asarray(usable.sum(axis=2) / (2 * horizon))


def _forecast_growth(
    growth: FloatArray,
    published: FloatArray,
    momentum: FloatArray,
    move: FloatArray,
    origins: NDArray[np.int64],
    horizon: int,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """The two parts of the expected log growth a year and its 80 % interval at each origin, markets x origins.

    Centre: the segment's own mean growth (recent years counting more, pulled to the mean of all) plus a common
    multiple of momentum times the usual move. Interval: quantiles of past errors in units of the usual move.
    """
    past_pace, shift, centre, low, high = (np.full(growth.shape, np.nan) for _ in range(5))
    known, known_weights = _weigh_outcomes(growth, published, origins, horizon)
    total, sums = known_weights.sum(axis=2), (known_weights * np.nan_to_num(growth)).sum(axis=2)
    pooled = sums.sum(axis=1) / np.maximum(total.sum(axis=1), 1e-9)
    means = (sums + CALL_THRESHOLDS.prior_outcomes * pooled[:, None]) / (total + CALL_THRESHOLDS.prior_outcomes)
    for place, (usable, weights, mean) in enumerate(zip(known, known_weights, means, strict=True)):
        past = usable & np.isfinite(centre)
        pull = np.where(past, momentum * move, 0.0)
        slope = (weights * pull * np.nan_to_num(growth - mean[:, None])).sum() / ((weights * pull**2).sum() + 0.05)
        past_pace[:, place], shift[:, place] = mean, slope * momentum[:, place]
        centre[:, place] = mean + shift[:, place] * move[:, place]
        if past.sum() >= 30:
            errors = ((growth - centre) / move)[past]
            cuts = np.quantile(errors, [0.07, 0.93])
            low[:, place] = centre[:, place] + cuts[0] * move[:, place]
            high[:, place] = centre[:, place] + cuts[1] * move[:, place]
    return past_pace, shift, low, high
