"""The replay: what this very rule would have said at every past origin, and what came; one row a call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from observatory.outlook.calls.calls import Evidence, verdict_at
from observatory.outlook.calls.rule import Market
from observatory.settings import CALLING, HORIZONS

SINCE = 1990
DIGITS = 8  # fewer, and a growth just above the flat band would be stored on it


@dataclass(frozen=True)
class Past:
    """A call of the replay: origin and `known` are months (ordinals), growth is a plain yearly rate.

    `grew` is what came, `known` when that was published; both None while nobody knows. `own`, `pooled` and `trend` are
    the probabilities of growth that the baselines gave: the market's own rate, that of all markets, the last trend.
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

    @property
    def counts(self) -> bool:
        """Whether it enters the scores: enough outcomes known then, and an outcome now."""
        return self.grew is not None and self.outcomes >= CALLING.minimum_outcomes

    @property
    def right(self) -> bool | None:
        """Whether what it said came; None if it was unclear or nobody knows yet."""
        if self.grew is None or self.call == "unclear":
            return None
        band = CALLING.flat_band
        came = "growing" if self.grew > band else "shrinking" if self.grew < -band else "flat"
        return came == self.call


def replay(seen: Evidence) -> tuple[Past, ...]:
    """Every call since 1990 but today's, market by market, horizon by horizon, oldest first."""
    places = [place for place, month in enumerate(seen.origins[:-1]) if month >= SINCE * 12]
    return tuple(
        row
        for market in seen.markets
        for horizon in HORIZONS
        for place in places
        if (row := _past(market, horizon, place, seen)) is not None
    )


def _past(market: Market, horizon: int, place: int, seen: Evidence) -> Past | None:
    judgement = seen.judgements[horizon][market.segment]
    probability = {event: float(values[place]) for event, values in judgement.probability.items()}
    if not np.isfinite(probability["grew"]):
        return None
    outcomes = float(judgement.outcomes[place])
    call, why = verdict_at(market, seen, probability, outcomes, place)
    trend, grew = float(market.past[horizon][place]), float(market.growth[horizon][place])
    return Past(
        market.segment,
        int(seen.origins[place]),
        horizon,
        call,
        why,
        probability["grew"],
        probability["grew_clearly"],
        _rate(judgement.growth[place]),
        _rate(judgement.low[place]),
        _rate(judgement.high[place]),
        outcomes,
        int(market.families[place]),
        float(judgement.own_rate[place]),
        float(judgement.pooled_rate[place]),
        float(trend > 0) if np.isfinite(trend) else None,
        _rate(grew),
        int(market.known[horizon][place]) if np.isfinite(grew) else None,
    )


def _rate(value: float) -> float | None:
    return float(np.expm1(value)) if np.isfinite(value) else None


def as_columns(rows: Sequence[Past]) -> dict[str, list[Any]]:
    """The rows as JSON values, column by column."""
    columns = {field.name: [getattr(row, field.name) for row in rows] for field in fields(Past)}
    return {
        name: [round(value, DIGITS) if isinstance(value, float) else value for value in values]
        for name, values in columns.items()
    }


def from_columns(columns: Mapping[str, Sequence[Any]]) -> tuple[Past, ...]:
    """The inverse of `as_columns`, but for digits that do not matter. Raises KeyError or TypeError on other JSON."""
    names = [field.name for field in fields(Past)]
    return tuple(Past(*values) for values in zip(*(columns[name] for name in names), strict=True))
