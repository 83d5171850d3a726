"""Backtest of the growth of each demand indicator: what the draws of its market had for it at every past origin."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from observatory.outlook.calls.backtest import BACKTEST_START_YEAR
from observatory.outlook.calls.growth_draws import GrowthSummary
from observatory.outlook.calls.rule import MarketSignals
from observatory.outlook.calls.verdict import FittedRule
from observatory.settings import CALL_THRESHOLDS, HORIZONS

RECENT_START_YEAR = 2005  # before and since then the record is also scored apart
_OUTSIDE_PENALTY = 2 / 0.2  # of the interval score of an 80 % range


@dataclass(frozen=True)
class ReplayedGrowth:
    """The growth of an indicator as expected at a past origin (month); all growth is in logs, a year.

    `rule` and `engine` are the two halves of the expectation; `engine` is None where there was no forecast. `outcome`
    is None until it is known. `is_judged` is False where the record of its market was too short for a call.
    """

    indicator: str
    origin: int
    horizon: int
    growth: float
    low: float
    high: float
    outcome: float | None
    engine: float | None
    rule: float
    is_judged: bool


@dataclass(frozen=True)
class GrowthScores:
    """Scores of expected growth, in logs a year: mean absolute errors, 80 % ranges that held, their interval score."""

    n: int
    error: float
    naive: float
    engine: float
    rule: float
    held: float
    interval_score: float


def replay_indicators(fitted: FittedRule) -> tuple[ReplayedGrowth, ...]:
    """Every demand indicator at every past origin since 1990, by market, horizon, then origin."""
    places = [place for place, month in enumerate(fitted.origins[:-1]) if month >= BACKTEST_START_YEAR * 12]
    return tuple(
        row
        for market in fitted.markets
        for horizon in HORIZONS
        for place in places
        if fitted.draws and (drawn := fitted.draws[horizon][market.segment][place]) is not None
        for row in _replay_members(market, fitted, drawn, horizon, place)
    )


def _replay_members(
    market: MarketSignals, fitted: FittedRule, drawn: GrowthSummary, horizon: int, place: int
) -> list[ReplayedGrowth]:
    outcomes = fitted.forecasts[horizon][market.segment].outcome_count[place]
    rows = []
    for column, member_place in enumerate(drawn.places):
        member = market.members[member_place]
        realized = float(member.future_growth[horizon][place]) / horizon
        rows.append(
            ReplayedGrowth(
                member.indicator.id,
                int(fitted.origins[place]),
                horizon,
                float(drawn.mean[column]),
                float(drawn.low[column]),
                float(drawn.high[column]),
                realized if np.isfinite(realized) else None,
                float(drawn.engine[column]) if np.isfinite(drawn.engine[column]) else None,
                float(drawn.rule[column]),
                bool(outcomes >= CALL_THRESHOLDS.minimum_outcomes),
            )
        )
    return rows


def score_growth(rows: Sequence[ReplayedGrowth]) -> GrowthScores | None:
    """The scores of the rows whose outcome is known and whose market had a call; None if there is none."""
    judged = [row for row in rows if row.outcome is not None and row.is_judged]
    if not judged:
        return None
    outcome = np.array([row.outcome for row in judged], dtype=float)
    low, high = np.array([row.low for row in judged]), np.array([row.high for row in judged])
    engine = np.array([np.nan if row.engine is None else row.engine for row in judged])
    outside = np.maximum(low - outcome, 0) + np.maximum(outcome - high, 0)
    return GrowthScores(
        len(judged),
        float(np.abs(outcome - [row.growth for row in judged]).mean()),
        float(np.abs(outcome).mean()),
        float(np.nanmean(np.abs(outcome - engine))),
        float(np.abs(outcome - [row.rule for row in judged]).mean()),
        float((outside == 0).mean()),
        float((high - low + _OUTSIDE_PENALTY * outside).mean()),
    )


def summarize_growth(rows: Sequence[ReplayedGrowth]) -> dict[str, Any]:
    """What is stored: the scores of all rows, of those before 2005 and since then, JSON values; empty without any."""
    first = RECENT_START_YEAR * 12
    scores = {
        "all": score_growth(rows),
        "early": score_growth([row for row in rows if row.origin < first]),
        "recent": score_growth([row for row in rows if row.origin >= first]),
    }
    return {
        name: {field: value if field == "n" else round(value, 5) for field, value in vars(row).items()}
        for name, row in scores.items()
        if row is not None
    }
