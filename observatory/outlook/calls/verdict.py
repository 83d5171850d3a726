"""Verdicts: the rule fitted at past origins, and what it decides for a market at one of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from observatory.catalogue.models import Catalogue
from observatory.memo import remember
from observatory.outlook.calls.growth_draws import Draws, LatestDraws, draw_growth, take_from_draws
from observatory.outlook.calls.growth_ranges import blend_ranges
from observatory.outlook.calls.rule import (
    MarketSignals,
    RuleForecast,
    build_market_signals,
    fit_horizon,
    shrink_volatility,
)
from observatory.outlook.calls.signals import (
    IndicatorSignals,
    compute_signals,
    list_origins,
    select_call_series,
)
from observatory.settings import CALL_THRESHOLDS, COHERENT_SINCE, HORIZONS
from observatory.timeseries import FloatArray, SeriesKey, TimeSeries

Verdict = Literal["growing", "flat", "shrinking", "unclear"]
VERDICTS: tuple[Verdict, ...] = ("growing", "flat", "shrinking", "unclear")
UnclearCause = Literal["", "no_data", "too_old", "too_little", "contradiction", "not_sure"]


@dataclass(frozen=True)
class FittedRule:
    """Fitted rule: its origins (months; the last one is now), the signals of markets, forecasts by horizon.

    `draws` are those that pace and ranges are read from, `latest_draws` those of now in full; empty before
    COHERENT_SINCE.
    """

    origins: NDArray[np.int64]
    markets: tuple[MarketSignals, ...]
    signals: Mapping[str, tuple[IndicatorSignals, ...]]
    volatility: Mapping[SeriesKey, FloatArray]
    forecasts: Mapping[int, Mapping[str, RuleForecast]]
    draws: Draws = field(default_factory=dict)
    latest_draws: LatestDraws = field(default_factory=dict)


def fit_rule(
    catalogue: Catalogue,
    panel: Mapping[SeriesKey, TimeSeries],
    day: date,
    progress: Callable[[float], None] = lambda _done: None,
) -> FittedRule:
    """Fits the rule at each June and December since 1960 and on `day`, each with only the data known by then."""
    origins = list_origins(day)
    rows = {}
    for done, name in enumerate(catalogue.markets):
        chosen = select_call_series(catalogue.indicators_of_segment(name), panel)
        rows[name] = tuple(
            compute_signals(row, history, origins, is_last_known=day >= COHERENT_SINCE) for row, history in chosen
        )
        progress(0.7 * (done + 1) / len(catalogue.markets))
    return _fit_signals(rows, origins, is_coherent=day >= COHERENT_SINCE)


@remember(size=3)  # 13 MB each with the catalogue of 2026
def _fit_signals(
    rows: Mapping[str, tuple[IndicatorSignals, ...]], origins: NDArray[np.int64], *, is_coherent: bool
) -> FittedRule:
    """The rule fitted on the signals of each market; `is_coherent` where pace and range are read from joint draws."""
    everything = [row for group in rows.values() for row in group]
    scale = shrink_volatility(everything, len(origins))
    markets = tuple(build_market_signals(name, group, scale, len(origins)) for name, group in rows.items())
    judged = {horizon: fit_horizon(markets, origins, horizon) for horizon in HORIZONS}
    if not is_coherent:
        return FittedRule(origins, markets, rows, scale, blend_ranges(judged, markets, origins))
    draws, latest_draws = draw_growth(judged, markets, scale, origins)
    return FittedRule(origins, markets, rows, scale, take_from_draws(judged, draws), draws, latest_draws)


def decide_verdict(
    market: MarketSignals, fitted: FittedRule, probability: Mapping[str, float], outcomes: float, origin_index: int
) -> tuple[Verdict, UnclearCause]:
    """The verdict at an origin (by index; -1 is now) and, where it is unclear, the reason."""
    if not market.members:
        return "unclear", "no_data"
    if market.family_count[origin_index] == 0:
        return "unclear", "too_old"
    if outcomes < CALL_THRESHOLDS.minimum_outcomes:
        return "unclear", "too_little"
    grew, shrank = probability["grew_clearly"], probability["shrank_clearly"]
    if grew >= CALL_THRESHOLDS.growing_from:
        return "growing", ""
    if shrank >= CALL_THRESHOLDS.growing_from:
        return "shrinking", ""
    if 1 - grew - shrank >= CALL_THRESHOLDS.growing_from:
        return "flat", ""
    return "unclear", "contradiction" if _has_contradiction(market, fitted, origin_index) else "not_sure"


def _has_contradiction(market: MarketSignals, fitted: FittedRule, origin_index: int) -> bool:
    """Whether, at an origin, recent demand and leading indicators clearly point in opposite directions."""
    means = []
    for role in ("market", "leading"):
        moves = [
            float(each.momentum[origin_index] / fitted.volatility[each.history.key][origin_index])
            for each in fitted.signals[market.segment]
            if each.indicator.role == role and np.isfinite(each.momentum[origin_index])
        ]
        if not moves:
            return False
        means.append(float(np.mean(moves)))
    return means[0] * means[1] < 0 and min(map(abs, means)) >= 0.25
