"""Backtest of the calls: those that the current rule would have made at every past origin, with their outcomes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from observatory.memo import remember
from observatory.outlook.calls.rule import MarketSignals
from observatory.outlook.calls.verdict import FittedRule, decide_verdict
from observatory.settings import CALL_THRESHOLDS, HORIZONS

BACKTEST_START_YEAR = 1990
_HALVES = ("rule", "engine")  # columns that editions before them do not have
_STORED_DECIMALS = 8  # fewer, and a growth just above the flat band would be stored on it


@dataclass(frozen=True)
class ReplayedCall:
    """A call of the backtest: origin and `known` are months (ordinals), growth is a plain yearly rate.

    `grew` is the realized growth, `known` the month of its publication; both None until then. `own`, `pooled` and
    `trend` are the baselines' probabilities of growth: the market's own rate, that of all markets, the last trend.
    `rule` and `engine` are the two halves of `growth`, the past pace of the market and its indicators alone; None in an
    edition that did not draw both together.
    """

    segment: str
    origin: int
    horizon: int
    call: str
    why: str
    chance: float  # of any growth
    clear: float  # of growth beyond the flat band
    growth: float | None
    low: float | None
    high: float | None
    outcomes: float
    families: int
    own: float
    pooled: float
    trend: float | None
    grew: float | None
    known: int | None
    rule: float | None = None
    engine: float | None = None

    @property
    def is_scored(self) -> bool:
        """Whether the call is scored: enough outcomes were known then, and its own is known now."""
        return self.grew is not None and self.outcomes >= CALL_THRESHOLDS.minimum_outcomes

    @property
    def is_right(self) -> bool | None:
        """Whether it came true; None if it was unclear or the outcome is not known yet."""
        if self.grew is None or self.call == "unclear":
            return None
        band = CALL_THRESHOLDS.flat_band
        outcome = "growing" if self.grew > band else "shrinking" if self.grew < -band else "flat"
        return outcome == self.call


@remember(size=3)
def run_backtest(fitted: FittedRule) -> tuple[ReplayedCall, ...]:
    """Every replayed call since 1990, today's left out, by market, then horizon, oldest first."""
    places = [place for place, month in enumerate(fitted.origins[:-1]) if month >= BACKTEST_START_YEAR * 12]
    return tuple(
        row
        for market in fitted.markets
        for horizon in HORIZONS
        for place in places
        if (row := _replay_call(market, horizon, place, fitted)) is not None
    )


def _replay_call(market: MarketSignals, horizon: int, origin_index: int, fitted: FittedRule) -> ReplayedCall | None:
    judgement = fitted.forecasts[horizon][market.segment]
    probability = {event: float(values[origin_index]) for event, values in judgement.probabilities.items()}
    if not np.isfinite(probability["grew"]):
        return None
    outcomes = float(judgement.outcome_count[origin_index])
    call, why = decide_verdict(market, fitted, probability, outcomes, origin_index)
    trend, grew = float(market.past_growth[horizon][origin_index]), float(market.future_growth[horizon][origin_index])
    return ReplayedCall(
        market.segment,
        int(fitted.origins[origin_index]),
        horizon,
        call,
        why,
        probability["grew"],
        probability["grew_clearly"],
        _to_plain_rate(judgement.growth[origin_index]),
        _to_plain_rate(judgement.low[origin_index]),
        _to_plain_rate(judgement.high[origin_index]),
        outcomes,
        int(market.family_count[origin_index]),
        float(judgement.own_rate[origin_index]),
        float(judgement.pooled_rate[origin_index]),
        float(trend > 0) if np.isfinite(trend) else None,
        _to_plain_rate(grew),
        int(market.published_month[horizon][origin_index]) if np.isfinite(grew) else None,
        *_find_halves(market.segment, horizon, origin_index, fitted),
    )


def _find_halves(segment: str, horizon: int, place: int, fitted: FittedRule) -> tuple[float | None, float | None]:
    drawn = fitted.draws[horizon][segment][place] if fitted.draws else None
    if drawn is None:
        return None, None
    return _to_plain_rate(drawn.market_rule), _to_plain_rate(drawn.market_engine)


def _to_plain_rate(value: float) -> float | None:
    return float(np.expm1(value)) if np.isfinite(value) else None


def as_columns(rows: Sequence[ReplayedCall]) -> dict[str, list[Any]]:
    """The rows as JSON values, column by column."""
    names = [field.name for field in fields(ReplayedCall)]
    if all(row.rule is None for row in rows):
        names = [name for name in names if name not in _HALVES]
    columns = {name: [getattr(row, name) for row in rows] for name in names}
    return {
        name: [round(value, _STORED_DECIMALS) if isinstance(value, float) else value for value in values]
        for name, values in columns.items()
    }


def from_columns(columns: Mapping[str, Sequence[Any]]) -> tuple[ReplayedCall, ...]:
    """The inverse of `as_columns`, but for digits that do not matter. Raises KeyError or TypeError on other JSON."""
    names = [field.name for field in fields(ReplayedCall) if field.name not in _HALVES or field.name in columns]
    return tuple(ReplayedCall(*values) for values in zip(*(columns[name] for name in names), strict=True))
