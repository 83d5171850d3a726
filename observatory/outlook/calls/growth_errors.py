"""Errors of past growth forecasts, and the spread that the next ones are drawn with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from observatory.memo import remember
from observatory.outlook.calls.engine_growth import GROWTH_LEVELS
from observatory.outlook.calls.rule import MarketSignals, RuleForecast
from observatory.timeseries import FloatArray, SeriesKey

_MIN_ERRORS = 30  # fewer past errors of the rule give no range
_MAX_COMMON_SHARE = 0.95  # else all indicators of a market would be one
_GRID = (np.arange(200) + 0.5) / 200
GRID_SCORES = np.array([NormalDist().inv_cdf(float(level)) for level in _GRID])
ENGINE_SCORES = np.array([NormalDist().inv_cdf(float(level)) for level in GROWTH_LEVELS])
KNOTS = np.union1d(GRID_SCORES, ENGINE_SCORES)  # both quantile functions are straight between them


@dataclass(frozen=True)
class MarketInputs:
    """A market with the usual moves of its members and their engine quantiles (origins x horizons x levels)."""

    market: MarketSignals
    moves: FloatArray  # members x origins
    engine: Sequence[FloatArray]


@dataclass(frozen=True)
class Spread:
    """What was known at an origin: quantiles of the errors of indicators, and the share of the common factor."""

    errors: FloatArray  # at KNOTS, in usual moves
    common_share: float


@dataclass(frozen=True)
class PastErrors:
    """Past errors of the rule, for one horizon: of indicators in their usual moves, and of markets in theirs."""

    indicator: Sequence[FloatArray]  # by market: members x origins
    indicator_published: Sequence[FloatArray]
    market: FloatArray  # markets x origins
    market_published: FloatArray
    spread: FloatArray  # squared error of a market's indicators, weighted
    concentration: FloatArray  # sum of squared weights


def _stack(market: MarketSignals, rows: Sequence[FloatArray]) -> FloatArray:
    return np.array(rows).reshape(len(market.members), len(market.momentum))


def gather_inputs(
    market: MarketSignals, volatility: Mapping[SeriesKey, FloatArray], engine: Mapping[SeriesKey, FloatArray]
) -> MarketInputs:
    """The inputs of a market, from the usual moves and the engine quantiles of all indicators."""
    keys = [member.history.key for member in market.members]
    return MarketInputs(market, _stack(market, [volatility[key] for key in keys]), [engine[key] for key in keys])


def collect_errors(rules: Mapping[str, RuleForecast], inputs: Sequence[MarketInputs], horizon: int) -> PastErrors:
    """The errors of the rule at past origins, for all indicators of all markets at one horizon."""
    markets = [row.market for row in inputs]
    indicator, published, spread, concentration = [], [], [], []
    for row, move in ((each.market, each.moves) for each in inputs):
        rule = rules[row.segment]
        growth = _stack(row, [member.future_growth[horizon] for member in row.members]) / horizon
        used = np.isfinite(growth) & (row.weights > 0)
        error = np.where(used, (growth - rule.past_pace) / move - rule.shift, np.nan)
        pull = np.where(used, row.weights * move, 0.0)
        share = pull / np.maximum(pull.sum(axis=0), 1e-300)
        indicator.append(error)
        published.append(_stack(row, [member.published_month[horizon] for member in row.members]))
        spread.append((share * np.nan_to_num(error) ** 2).sum(axis=0))
        concentration.append((share**2).sum(axis=0))
    return PastErrors(
        indicator,
        published,
        np.array([(row.future_growth[horizon] - rules[row.segment].growth) / row.volatility for row in markets]),
        np.array([row.published_month[horizon] for row in markets]),
        np.array(spread),
        np.array(concentration),
    )


def estimate_spread(errors: PastErrors, month: int) -> Spread | None:
    """The spread known by a month; None with too few past errors.

    The common share is the one that gives the markets the errors that they had, given those of their indicators.
    """
    past = np.isfinite(errors.market) & (errors.market_published <= month)
    if past.sum() < _MIN_ERRORS:
        return None
    rows = [
        error[np.isfinite(error) & (published <= month)]
        for error, published in zip(errors.indicator, errors.indicator_published, strict=True)
    ]
    values = _take_grid(np.concatenate(rows))
    alone = float(errors.concentration[past].mean())
    together = float((errors.market[past] ** 2).mean() / max(errors.spread[past].mean(), 1e-12))
    common = (together - alone) / max(1 - alone, 1e-6)
    knots = np.interp(KNOTS, GRID_SCORES, values - values.mean())
    return Spread(knots, float(np.clip(common, 0.0, _MAX_COMMON_SHARE)))


@remember(size=2048, pack=np.ndarray.tobytes)  # the origins and horizons of a few panels
def _take_grid(errors: FloatArray) -> FloatArray:
    return np.asarray(np.quantile(errors, _GRID))
