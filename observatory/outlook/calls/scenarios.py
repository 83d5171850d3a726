"""Low, central and high scenarios of a market: its indicators together, from the same joint draws.

A scenario is not one low value beside another: it is where the indicators stand together when the market as a whole
does badly, as usual, or well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from observatory.catalogue.models import Catalogue
from observatory.catalogue.periods import PERIODS_PER_YEAR
from observatory.forecast.joint_paths import correlate_errors, draw_joint_paths
from observatory.outlook.calls.calls import Call
from observatory.outlook.calls.growth_draws import GrowthDraws
from observatory.outlook.calls.verdict import FittedRule
from observatory.settings import HORIZONS
from observatory.timeseries import FloatArray, Forecast, SeriesKey, TimeSeries, compute_growth

_DRAW_COUNT = 2000
_SEED = 1
SCENARIO_BANDS = {
    "low": (0.05, 0.15),
    "base": (0.45, 0.55),
    "high": (0.85, 0.95),
}  # of the market's growth: around 1 in 10
_ROLES = ("market", "leading", "activity")
_MAX_LOG_GROWTH = 2.0  # growth in logs is cut there, as in calls


def build_scenarios(
    catalogue: Catalogue, panel: Mapping[SeriesKey, TimeSeries], forecasts: Sequence[Forecast], calls: Sequence[Call]
) -> dict[str, Any]:
    """By market and horizon: what each indicator grows by a year in each scenario, plain rates, JSON values.

    The market is the mean of its demand indicators, weighted as in its index; "together" is the mean correlation of
    the past errors of its series. Nothing where fewer than two series are forecast.
    """
    forecast_by_key = {row.key: row for row in forecasts if len(row.median)}
    markets: dict[str, Any] = {}
    for segment in catalogue.markets:
        call = next((row for row in calls if row.segment == segment), None)
        shares = {row.indicator: row.share for row in call.reasons} if call else {}
        chosen = [
            (row.id, forecast_by_key[key])
            for row in catalogue.indicators_of_segment(segment)
            if row.role in _ROLES and (key := (row.id, row.headline_geo, row.headline_item)) in forecast_by_key
        ]
        weights = np.array([shares.get(name, 0.0) for name, _forecast in chosen])
        if len(chosen) >= 2 and weights.sum() > 0:
            markets[segment] = _build_market(chosen, weights / weights.sum(), panel)
    return markets


def _build_market(
    chosen: Sequence[tuple[str, Forecast]], weights: FloatArray, panel: Mapping[SeriesKey, TimeSeries]
) -> dict[str, Any]:
    together = correlate_errors([forecast.past_errors for _name, forecast in chosen])
    drawn = draw_joint_paths([_select_year_ends(forecast) for _name, forecast in chosen], together, _DRAW_COUNT, _SEED)
    off = together[~np.eye(len(together), dtype=bool)]
    horizons = {}
    for horizon in HORIZONS:
        now = np.array([panel[forecast.key].values[-1] for _name, forecast in chosen])
        later = drawn[:, :, horizon - 1]
        growth = (
            np.clip(compute_growth(np.broadcast_to(now, later.shape), later), -_MAX_LOG_GROWTH, _MAX_LOG_GROWTH)
            / horizon
        )
        present = np.where(np.isfinite(growth), weights, 0.0)
        market = (present * np.nan_to_num(growth)).sum(axis=1) / np.maximum(present.sum(axis=1), 1e-12)
        horizons[str(horizon)] = {
            "market": {name: _median_rate(market[_mask_band(market, band)]) for name, band in SCENARIO_BANDS.items()},
            "indicators": {
                row[0]: {
                    name: _median_rate(growth[_mask_band(market, band), place]) for name, band in SCENARIO_BANDS.items()
                }
                for place, row in enumerate(chosen)
            },
        }
    return {"together": round(float(off.mean()), 3), "horizons": horizons}


def read_scenarios(fitted: FittedRule, calls: Sequence[Call]) -> dict[str, Any]:
    """The scenarios of markets with a range, read from their draws of today; JSON values as of `build_scenarios`.

    The market has the low, the pace and the high of its call. Each demand indicator has its pace, and the mean of the
    draws in which the market does badly or well, so that the market is their weighted mean in each scenario.
    """
    markets: dict[str, Any] = {}
    for market in fitted.markets:
        horizons, together = {}, []
        for call in (row for row in calls if row.segment == market.segment):
            drawn = fitted.latest_draws[call.horizon][market.segment]
            if drawn is None or call.growth is None or call.low is None or call.high is None or len(drawn.places) < 2:
                continue
            correlation = np.atleast_2d(np.corrcoef(drawn.indicators.T))
            off = correlation[~np.eye(len(drawn.places), dtype=bool)]
            together.append(float(off.mean()))
            published = np.log1p([call.low, call.growth, call.high])
            rates = np.expm1(_read_bands(drawn, published))
            horizons[str(call.horizon)] = {
                "market": dict(zip(SCENARIO_BANDS, (call.low, call.growth, call.high), strict=True)),
                "indicators": {
                    market.members[place].indicator.id: dict(zip(SCENARIO_BANDS, row, strict=True))
                    for place, row in zip(drawn.places, rates.T.tolist(), strict=True)
                },
            }
        if horizons:
            markets[market.segment] = {"together": round(float(np.mean(together)), 3), "horizons": horizons}
    return markets


def _read_bands(drawn: GrowthDraws, published: FloatArray) -> FloatArray:
    """Growth of the indicators in each scenario: scenarios x indicators, their weighted mean being what is published.

    The central one is the mean of all draws; what the mean of a band misses of the market's limit is the same for all.
    """
    bands = [drawn.indicators[_mask_band(drawn.market, band)].mean(axis=0) for band in SCENARIO_BANDS.values()]
    bands[list(SCENARIO_BANDS).index("base")] = drawn.indicators.mean(axis=0)
    means = np.array(bands)
    return np.asarray(means + (published - means @ drawn.weights)[:, None])


def _select_year_ends(forecast: Forecast) -> Forecast:
    """A forecast at whole years ahead."""
    step = PERIODS_PER_YEAR[forecast.frequency]
    ends = slice(step - 1, None, step)
    return replace(forecast, median=forecast.median[ends], low=forecast.low[ends], high=forecast.high[ends])


def _mask_band(market: FloatArray, band: tuple[float, float]) -> NDArray[np.bool_]:
    low, high = np.quantile(market, band)
    return np.asarray((market >= low) & (market <= high))


def _median_rate(growth: FloatArray) -> float | None:
    finite = growth[np.isfinite(growth)]
    return round(float(np.expm1(np.median(finite))), 4) if finite.size else None
