"""Calls: the published verdict on each segment, with its probability, its reasons and the date of its judgement."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np

from observatory.language import round_decimals
from observatory.memo import remember
from observatory.outlook.calls.rule import (
    MarketSignals,
)
from observatory.outlook.calls.signals import (
    FIRST_ORIGIN_YEAR,
    MAX_MOMENTUM,
    IndicatorSignals,
)
from observatory.outlook.calls.verdict import FittedRule, UnclearCause, Verdict, decide_verdict
from observatory.settings import CALL_THRESHOLDS, HORIZONS
from observatory.timeseries import compute_growth, compute_yearly_levels

_INDEX_YEARS = 12
PAST_GROWTH_YEARS = 5
_DUE_LAG_MONTHS = 4  # months after the last year of the horizon, when yearly figures are out


@dataclass(frozen=True)
class CallReason:
    """Part of an indicator in a call: its share of the index (0 if it only moves the odds) and its latest moves."""

    indicator: str
    role: str
    share: float
    growth: float | None  # over the latest year, a rate
    momentum: float | None  # recent months in usual yearly moves


@dataclass(frozen=True)
class Call:
    """The verdict on a segment for a horizon. Rates are yearly and plain (0.04 is 4 %), probabilities 0 to 1.

    `why` is the cause of an unclear call. `index` are the yearly levels of the market ending in `index_last`, 100 at
    its first; `base_year` is the year that `due` compares the last year of the horizon with.
    """

    segment: str
    horizon: int
    call: Verdict
    why: UnclearCause
    probability: float | None
    probability_clear: float | None
    probability_shrinks: float | None
    growth: float | None
    low: float | None
    high: float | None
    past: float | None
    outcomes: float
    families: int
    momentum: float
    base_year: int
    due: str
    latest: str
    index_last: int
    index: tuple[float, ...]
    reasons: tuple[CallReason, ...]

    @property
    def target_year(self) -> int:
        """The year by which the market is expected to have grown."""
        return self.base_year + self.horizon

    def to_details(self) -> dict[str, Any]:
        """All but the key, as JSON values, for the store."""
        return {name: value for name, value in asdict(self).items() if name not in ("segment", "horizon", "call")}

    @classmethod
    def from_details(cls, segment: str, horizon: int, call: str, details: Mapping[str, Any]) -> "Call":
        """The inverse of `to_details`."""
        values = dict(details)
        values["reasons"] = tuple(CallReason(**row) for row in values["reasons"])
        values["index"] = tuple(values["index"])
        return cls(segment=segment, horizon=horizon, call=call, **values)  # type: ignore[arg-type]


@remember(size=3)
def compute_calls(fitted: FittedRule, day: date) -> tuple[Call, ...]:
    """The calls of `day` on every market, for every horizon."""
    return tuple(_build_call(row, fitted, horizon, day) for row in fitted.markets for horizon in HORIZONS)


def _build_call(market: MarketSignals, fitted: FittedRule, horizon: int, day: date) -> Call:
    judgement = fitted.forecasts[horizon][market.segment]
    probability = {event: float(values[-1]) for event, values in judgement.probabilities.items()}
    outcomes, families = float(judgement.outcome_count[-1]), int(market.family_count[-1])
    verdict, why = decide_verdict(market, fitted, probability, outcomes, -1)
    is_known = families > 0 and outcomes >= CALL_THRESHOLDS.minimum_outcomes
    base_year = day.year if day.month > 6 else day.year - 1
    last, index = _build_index(market)
    figures = [float(values[-1]) for values in (judgement.growth, judgement.low, judgement.high)]
    rates = [float(np.expm1(value)) if is_known and np.isfinite(value) else None for value in figures]
    gains = [after / before - 1 for before, after in pairwise(index)]
    past = (
        (index[-1] / index[-1 - PAST_GROWTH_YEARS]) ** (1 / PAST_GROWTH_YEARS) - 1
        if len(gains) >= PAST_GROWTH_YEARS
        else None
    )
    latest = _latest_month(market)
    year = base_year + horizon
    due = date(year + 1 + (_DUE_LAG_MONTHS == 12), _DUE_LAG_MONTHS % 12 + 1, 1).toordinal() - 1
    return Call(
        segment=market.segment,
        horizon=horizon,
        call=verdict,
        why=why,
        probability=probability["grew"] if is_known else None,
        probability_clear=probability["grew_clearly"] if is_known else None,
        probability_shrinks=probability["shrank_clearly"] if is_known else None,
        growth=rates[0],
        low=rates[1],
        high=rates[2],
        past=past,
        outcomes=outcomes,
        families=families,
        momentum=float(market.momentum[-1]),
        base_year=base_year,
        due=date.fromordinal(due).isoformat(),
        latest=f"{latest // 12:04d}-{latest % 12 + 1:02d}" if latest >= 0 else "",
        index_last=last,
        index=tuple(round_decimals(value, 4) for value in index),
        reasons=_build_reasons(market, fitted),
    )


def _latest_month(market: MarketSignals) -> int:
    """The month up to which at least half of the index is known; of a stopped market, its last month."""
    weighted_months = sorted(
        (int(member.latest_month[-1]), float(market.weights[place, -1]))
        for place, member in enumerate(market.members)
        if market.weights[place, -1] > 0
    )
    if not weighted_months:
        return max((_last_month(member) for member in market.members), default=-1)
    total, passed = sum(weight for _month, weight in weighted_months), 0.0
    for month, weight in reversed(weighted_months):
        passed += weight
        if passed >= total / 2:
            return month
    return weighted_months[0][0]


def _last_month(member: IndicatorSignals) -> int:
    first, levels = compute_yearly_levels(member.history, member.indicator.kind)
    return first + len(levels) - 1


def _build_reasons(market: MarketSignals, fitted: FittedRule) -> tuple[CallReason, ...]:
    total = float(market.weights[:, -1].sum()) if len(market.members) else 0.0
    shares = {
        member.indicator.id: float(market.weights[place, -1]) / total if total else 0.0
        for place, member in enumerate(market.members)
    }
    reasons = []
    for each in fitted.signals[market.segment]:
        base = int(each.latest_month[-1])
        first, levels = compute_yearly_levels(each.history, each.indicator.kind)
        growth = None
        if base >= 0 and base - first >= 12:
            moved = float(
                compute_growth(levels[base - first - 12 : base - first - 11], levels[base - first : base - first + 1])[
                    0
                ]
            )
            growth = float(np.expm1(moved)) if np.isfinite(moved) else None
        recent = float(each.momentum[-1] / fitted.volatility[each.history.key][-1])
        momentum = float(np.clip(recent, -MAX_MOMENTUM, MAX_MOMENTUM)) if np.isfinite(recent) else None
        share = shares.get(each.indicator.id, 0.0)
        if share > 0 or momentum is not None:
            reasons.append(CallReason(each.indicator.id, each.indicator.role, share, growth, momentum))
    return tuple(sorted(reasons, key=lambda reason: (-reason.share, reason.indicator)))


def _build_index(market: MarketSignals) -> tuple[int, Sequence[float]]:
    """The market's yearly index, 100 at its first of at most 12 years: (last year, levels).

    Each year's growth is the weighted mean of the indicators that have both years; it ends with the last year that
    indicators of at least half the weight cover.
    """
    members = [(place, member) for place, member in enumerate(market.members) if market.weights[place, -1] > 0]
    if not members:
        return 0, ()
    years = np.arange(FIRST_ORIGIN_YEAR, 2200)
    moves = np.full((len(members), len(years) - 1), np.nan)
    weights = np.array([market.weights[place, -1] for place, _member in members])
    for line, (_place, member) in enumerate(members):
        first, levels = compute_yearly_levels(member.history, member.indicator.kind)
        ends = years * 12 + 11 - first
        inside = (ends >= 0) & (ends < len(levels))
        level = np.where(inside, levels[np.clip(ends, 0, len(levels) - 1)], np.nan)
        moves[line] = compute_growth(level[:-1], level[1:])
    finite = np.isfinite(moves)
    covered = (finite * weights[:, None]).sum(axis=0)
    usable = np.flatnonzero(covered >= weights.sum() / 2)
    if not usable.size:
        return 0, ()
    last = int(usable[-1])
    first_year = max(last - _INDEX_YEARS + 2, 0)
    while first_year < last and covered[first_year] == 0:
        first_year += 1
    growth = (np.nan_to_num(moves) * weights[:, None]).sum(axis=0) / np.maximum(covered, 1e-12)
    path = np.concatenate([[0.0], np.cumsum(growth[first_year : last + 1])])
    return int(years[last + 1]), [float(value) for value in 100 * np.exp(path)]
