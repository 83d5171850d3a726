"""The draws of a vintage as stored with it: each demand indicator of each market, for each horizon.

Draw k of every market and horizon is one and the same future, in the order of the joint draws of the markets.
"""

import base64
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from observatory.outlook.calls.growth_draws import GrowthDraws
from observatory.timeseries import FloatArray, IntArray

_DECIMALS = 3  # of stored draws, in logs a year; paces are stored in full
_STORED_TYPE = "<i2"


@dataclass(frozen=True)
class IndicatorGrowth:
    """Growth a year of an indicator for a horizon, plain rates: its pace, its 80 %, and the two halves of its pace.

    `weight` is its share of the market. `engine` is None where the engine has no forecast of it.
    """

    growth: float
    low: float
    high: float
    rule: float
    engine: float | None
    weight: float


@dataclass(frozen=True)
class MarketDraws:
    """The stored draws of a market for one horizon: its indicators, and their growth in logs, draws x indicators."""

    indicators: Mapping[str, IndicatorGrowth]
    growth: FloatArray

    @property
    def halves(self) -> tuple[float, float] | None:
        """Growth a year of the market by its past pace alone, and by its indicators alone; None without the second."""
        rule, engine = 0.0, 0.0
        for row in self.indicators.values():
            if row.engine is None:
                return None
            rule, engine = rule + row.weight * np.log1p(row.rule), engine + row.weight * np.log1p(row.engine)
        return float(np.expm1(rule)), float(np.expm1(engine))

    def as_json(self) -> dict[str, Any]:
        """What is stored."""
        numbers = np.round(self.growth * 10**_DECIMALS).astype(_STORED_TYPE).tobytes()
        return {
            "indicators": {name: vars(row) for name, row in self.indicators.items()},
            # Not packed here: the store keeps what changed in them, which is little, and packs that.
            "numbers": base64.b64encode(numbers).decode("ascii"),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "MarketDraws":
        """The inverse of `as_json`, but for the digits of draws that are not stored; those of 2026 were packed."""
        rows = {name: IndicatorGrowth(**row) for name, row in stored["indicators"].items()}
        content = base64.b64decode(stored["numbers"] if "numbers" in stored else stored["draws"])
        numbers = np.frombuffer(content if "numbers" in stored else zlib.decompress(content), dtype=_STORED_TYPE)
        return cls(rows, numbers.reshape(-1, len(rows)).astype(np.float64) / 10**_DECIMALS)


def summarize_draws(drawn: GrowthDraws, names: tuple[str, ...], order: IntArray) -> MarketDraws:
    """The draws of a market in an order, and what they say of each of its indicators."""
    centre = drawn.indicators.mean(axis=0)
    low, high = np.quantile(drawn.indicators, [0.1, 0.9], axis=0)
    rates = np.expm1(np.array([centre, low, high, drawn.rule, drawn.engine])).T.tolist()
    rows = {
        name: IndicatorGrowth(growth, below, above, rule, engine if np.isfinite(engine) else None, float(weight))
        for name, (growth, below, above, rule, engine), weight in zip(names, rates, drawn.weights, strict=True)
    }
    return MarketDraws(rows, drawn.indicators[order])
