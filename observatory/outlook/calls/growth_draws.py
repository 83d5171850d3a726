"""Joint draws of the growth of a market and of its demand indicators: the one set of numbers that everything reads.

Each indicator's centre is half the rule (the market's past growth, moved by recent months in the indicator's own usual
moves), half the engine's mean. Its draws spread half as past errors of the rule, half as the engine's quantiles, both
by one normal score, which has a factor in common with the other indicators of the market. Draws are weighted so that
they give the probabilities that the rule publishes. In each draw the market is the weighted mean of its indicators.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from observatory.memo import remember
from observatory.outlook.calls.engine_growth import FIRST_ORIGIN_MONTH, forecast_growth
from observatory.outlook.calls.growth_errors import (
    ENGINE_SCORES,
    GRID_SCORES,
    KNOTS,
    MarketInputs,
    Spread,
    collect_errors,
    estimate_spread,
    gather_inputs,
)
from observatory.outlook.calls.rule import MarketSignals, RuleForecast
from observatory.settings import CALL_THRESHOLDS, HORIZONS
from observatory.timeseries import FloatArray, SeriesKey

DRAW_COUNT = 501  # of a market's draws, as many as are stored; the 10th, 50th and 90th per cent each fall on a draw
_COMPUTED_COUNT = 2000  # draws that are weighted; the DRAW_COUNT are a systematic sample of them
_SEED = 7
_MIN_FACTOR, _MAX_FACTOR = 0.05, 20.0  # limits of a draw's weight
_SAMPLE_LEVELS = (np.arange(DRAW_COUNT) + 0.5) / DRAW_COUNT


@dataclass(frozen=True)
class GrowthDraws:
    """The draws of a market for one horizon at one origin: log growth a year, in rising order of the market.

    `places` are the members drawn (of the market's members), `indicators` draws x those; `weights` sum to one.
    `rule` and `engine` are the two halves of each indicator's centre before weighting.
    """

    places: NDArray[np.int64]
    weights: FloatArray
    indicators: FloatArray
    rule: FloatArray
    engine: FloatArray

    @cached_property
    def market(self) -> FloatArray:
        """The market in each draw."""
        return np.asarray(self.indicators @ self.weights)

    def summarize(self) -> "GrowthSummary":
        """What is kept of the draws of a past origin."""
        market, limits = self.market, np.quantile(self.indicators, [0.1, 0.9], axis=0)
        return GrowthSummary(
            self.places,
            market,
            (float(market.mean()), *np.quantile(market, [0.1, 0.9]).tolist()),
            np.array([self.indicators[:, column].mean() for column in range(len(self.places))]),
            limits[0],
            limits[1],
            self.rule,
            self.engine,
            float(self.rule @ self.weights),
            float(self.engine @ self.weights),
        )


@dataclass(frozen=True)
class GrowthSummary:
    """The draws of a market at a past origin: those of the market, and the mean and 80 % of each indicator.

    `market_range` is the mean, the 10th and the 90th per cent of `market`; `market_rule` and `market_engine` what each
    half alone expects of it, NaN where the engine has no forecast of an indicator.
    """

    places: NDArray[np.int64]
    market: FloatArray
    market_range: tuple[float, float, float]
    mean: FloatArray
    low: FloatArray
    high: FloatArray
    rule: FloatArray
    engine: FloatArray
    market_rule: float
    market_engine: float


Draws = Mapping[int, Mapping[str, Sequence[GrowthSummary | None]]]  # by horizon and segment, one an origin
LatestDraws = Mapping[int, Mapping[str, GrowthDraws | None]]


@dataclass(frozen=True)
class _DrawRequest:
    """All that the draws of one market for one horizon at one origin depend on.

    `quantiles` are those of the engine, members x levels; `odds` those of the rule, empty where it has too few
    outcomes to be followed.
    """

    segment: str
    indicators: tuple[str, ...]
    places: NDArray[np.int64]
    weights: FloatArray
    moves: FloatArray
    quantiles: FloatArray
    past_pace: float
    shift: float
    odds: Mapping[str, float]
    spread: "Spread"


def draw_growth(
    forecasts: Mapping[int, Mapping[str, RuleForecast]],
    markets: Sequence[MarketSignals],
    volatility: Mapping[SeriesKey, FloatArray],
    origins: NDArray[np.int64],
) -> tuple[Draws, LatestDraws]:
    """The draws of every market at every origin, and in full those at the last one; None where there are none."""
    engine = forecast_growth([member for market in markets for member in market.members], origins)
    inputs = [gather_inputs(market, volatility, engine) for market in markets]
    result: dict[int, dict[str, list[GrowthSummary | None]]] = {}
    latest: dict[int, dict[str, GrowthDraws | None]] = {}
    for horizon in HORIZONS:
        rules = forecasts[horizon]
        errors = collect_errors(rules, inputs, horizon)
        result[horizon] = {row.segment: [None] * len(origins) for row in markets}
        latest[horizon] = dict.fromkeys(result[horizon])
        for place in np.flatnonzero(origins >= FIRST_ORIGIN_MONTH):
            spread = estimate_spread(errors, int(origins[place]))
            for row in inputs if spread is not None else ():
                segment = row.market.segment
                if spread is None or not (row.market.weights[:, place] > 0).any():
                    continue
                request = _build_request(row, rules[segment], spread, horizon, int(place))
                result[horizon][segment][place] = _summarize_request(request)
                if place == len(origins) - 1:
                    latest[horizon][segment] = _draw_market(request)
    return result, latest


def take_from_draws(
    forecasts: Mapping[int, Mapping[str, RuleForecast]], draws: Draws
) -> dict[int, dict[str, RuleForecast]]:
    """Forecasts whose growth and range are the mean and the 80 % of the draws, where there are draws."""
    result: dict[int, dict[str, RuleForecast]] = {}
    for horizon, rows in forecasts.items():
        result[horizon] = {}
        for segment, row in rows.items():
            figures = np.array([row.growth, row.low, row.high])
            for place, drawn in enumerate(draws[horizon][segment]):
                if drawn is not None:
                    figures[:, place] = drawn.market_range
            result[horizon][segment] = replace(row, growth=figures[0], low=figures[1], high=figures[2])
    return result


@lru_cache(maxsize=256)
def _draw_scores(name: str) -> FloatArray:
    """Normal scores, one a draw: each name has noise of its own, whichever other members a market has."""
    half = np.random.default_rng([_SEED, zlib.crc32(name.encode())]).standard_normal(_COMPUTED_COUNT // 2)
    return np.concatenate([half, -half])


def _build_request(inputs: MarketInputs, rule: RuleForecast, spread: Spread, horizon: int, place: int) -> _DrawRequest:
    market, column = inputs.market, HORIZONS.index(horizon)
    used = np.flatnonzero(market.weights[:, place] > 0)
    is_judged = rule.outcome_count[place] >= CALL_THRESHOLDS.minimum_outcomes
    return _DrawRequest(
        market.segment,
        tuple(market.members[row].indicator.id for row in used.tolist()),
        used,
        market.weights[used, place] / market.weights[used, place].sum(),
        inputs.moves[used, place],
        np.array([inputs.engine[row][place, column] for row in used.tolist()]),
        float(rule.past_pace[place]),
        float(rule.shift[place]),
        {name: float(values[place]) for name, values in rule.probabilities.items()} if is_judged else {},
        spread,
    )


def _pack_request(request: _DrawRequest) -> bytes:
    """The content of a request: texts and lengths as text, then all numbers."""
    texts = (request.segment, request.indicators, request.quantiles.shape, tuple(request.odds))
    numbers = (request.past_pace, request.shift, request.spread.common_share, *request.odds.values())
    arrays = (request.places, request.weights, request.moves, request.quantiles, request.spread.errors)
    return b"".join([repr(texts).encode(), np.array(numbers).tobytes(), *(row.tobytes() for row in arrays)])


# Some two thousand a panel; all but the latest ones stay when a figure is added.
@remember(size=4096, pack=_pack_request)
def _summarize_request(request: _DrawRequest) -> GrowthSummary:
    return _draw_market(request).summarize()


def _draw_market(request: _DrawRequest) -> GrowthDraws:
    """The draws of one market for one horizon at one origin."""
    weights, moves, spread = request.weights, request.moves, request.spread
    quantiles = np.array([np.interp(KNOTS, ENGINE_SCORES, row) for row in request.quantiles])
    engine = np.array([np.interp(GRID_SCORES, KNOTS, row).mean() for row in quantiles])
    has_engine = np.isfinite(engine)
    expected = request.past_pace + request.shift * moves
    centres = np.where(has_engine, (expected + engine) / 2, expected)
    knots = moves[:, None] * spread.errors
    knots = np.where(has_engine[:, None], (knots + quantiles) / 2, knots)
    common = np.sqrt(spread.common_share) * _draw_scores(request.segment)
    own = np.sqrt(1 - spread.common_share)
    drawn = np.stack(
        [
            np.interp(common + own * _draw_scores(name), KNOTS, row)
            for name, row in zip(request.indicators, knots, strict=True)
        ],
        axis=1,
    )
    drawn += centres - drawn.mean(axis=0)
    factors = np.full(_COMPUTED_COUNT, 1 / _COMPUTED_COUNT)
    if request.odds:
        factors = weigh_draws(drawn @ weights, request.odds)
    return GrowthDraws(request.places, weights, _sample(drawn, weights, factors), expected, engine)


def weigh_draws(growth: FloatArray, odds: Mapping[str, float]) -> FloatArray:
    """Weights of a market's draws that give the probabilities of the rule, as far as a draw's weight may go; sum 1.

    Bins: below minus the flat band, up to zero, up to the band, above it.
    """
    band = float(np.log1p(CALL_THRESHOLDS.flat_band))
    low = float(np.log1p(-CALL_THRESHOLDS.flat_band))
    bins = np.searchsorted([low, 0.0, band], growth)
    target = np.array(
        [
            odds["shrank_clearly"],
            1 - odds["grew"] - odds["shrank_clearly"],
            odds["grew"] - odds["grew_clearly"],
            odds["grew_clearly"],
        ]
    )
    target = np.maximum(target, 0.0)
    share = np.bincount(bins, minlength=4) / len(growth)
    factor = np.clip(target / target.sum() / np.maximum(share, 1e-12), _MIN_FACTOR, _MAX_FACTOR)
    weights = factor[bins]
    return np.asarray(weights / weights.sum())


def _sample(drawn: FloatArray, weights: FloatArray, factors: FloatArray) -> FloatArray:
    """DRAW_COUNT of the weighted draws, evenly over the market's growth, with the means of all of them."""
    market = drawn @ weights
    order = np.argsort(market, kind="stable")
    chosen = order[np.minimum(np.searchsorted(np.cumsum(factors[order]), _SAMPLE_LEVELS), len(order) - 1)]
    sample = drawn[chosen]
    return np.asarray(sample + (factors @ drawn - sample.mean(axis=0)))
