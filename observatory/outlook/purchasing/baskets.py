"""Price index of a basket of inputs in euros (Laspeyres): history, joint paths, coverage of past ranges.

A price in dollars costs its value in euros; a currency costs what one unit of it costs in euros; a price in euros, or
an index, is taken as it is. Weights are shares of
what is spent in the base month, 100; quantities never change (Laspeyres).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray

from observatory.forecast.joint_paths import convert_ranks, draw_rank_paths
from observatory.memo import remember
from observatory.outlook.outlook import Outlook
from observatory.outlook.purchasing.price_paths import estimate_correlation, get_price_paths, list_inputs
from observatory.outlook.purchasing.quotes import DOLLAR_RATE, QuoteKind, convert_to_euros, read_quote
from observatory.settings import INTERVAL_LEVELS
from observatory.timeseries import FloatArray, Forecast, SeriesKey, TimeSeries

_HISTORY_YEARS = 15
_BASKET_SIZE = 3  # of the baskets of the record, in equal parts
_MAX_BASKETS = 2_000  # of the record; with more trios of inputs than that, a fixed sample of them is judged
_HORIZON_MONTHS = (12, 24)  # months
_SEED = 13


@dataclass(frozen=True)
class BasketIndex:
    """An index, 100 in the month `base` (ordinal): `past` ends there, `paths` (paths x months) follow it."""

    base_month: int
    first_month: int
    history: FloatArray
    paths: FloatArray


def build_basket(outlook: Outlook, weights: Mapping[str, int]) -> BasketIndex | None:
    """The basket of some indicators, weights as whole numbers of any sum; None if the vintage has no paths for it."""
    names = [row.id for row in list_inputs(outlook.catalogue)]
    wanted = [name for name in names if name in weights]
    needed = list(dict.fromkeys([*wanted, DOLLAR_RATE]))
    paths = {name: get_price_paths(outlook, name) for name in needed if name in outlook.catalogue.indicators}
    if len(paths) < len(needed) or any(row is None for row in paths.values()) or not wanted:
        return None
    histories = {name: outlook.panel[outlook.headline_key(outlook.catalogue.indicators[name])] for name in needed}
    base = min(row.last for row in histories.values())
    steps = min(len(row[0]) - (histories[name].last - base) for name, row in paths.items() if row is not None)
    first = max([base - 12 * _HISTORY_YEARS, *(row.first for row in histories.values())])
    whole = {
        name: np.concatenate(
            [np.tile(histories[name].values[first - histories[name].first :], (len(row), 1)), row], axis=1
        )[:, : base - first + 1 + steps]
        for name, row in paths.items()
        if row is not None
    }
    total = sum(weights[name] for name in wanted)
    kinds = {name: read_quote(outlook.catalogue.indicators[name]).kind for name in wanted}
    index = np.zeros_like(whole[DOLLAR_RATE])
    for name in wanted:
        cost = convert_to_euros(kinds[name], whole[name], whole[DOLLAR_RATE])
        index += weights[name] / total * 100 * cost / cost[:, base - first][:, None]
    return BasketIndex(base, first, index[0, : base - first + 1], index[:, base - first + 1 :])


def count_interval_hits(
    forecasts: Sequence[Forecast], panel: Mapping[SeriesKey, TimeSeries], kinds: Sequence[QuoteKind]
) -> dict[str, Any]:
    """How often past ranges of baskets of three inputs in equal parts held: by months ahead, JSON values.

    All baskets up to 23 inputs, a fixed sample of 2,000 from there on. `kinds` says how each of the inputs is quoted.
    """
    names = [row.key[0] for row in forecasts]
    if DOLLAR_RATE not in names or len(names) <= _BASKET_SIZE:
        return {}
    counts = {months: np.zeros(1 + len(INTERVAL_LEVELS), dtype=np.int64) for months in _HORIZON_MONTHS}
    base = forecasts[names.index(DOLLAR_RATE)].past_forecasts.origins
    dates = 0
    for origin in base:
        near = [_find_nearest(row, int(origin)) for row in forecasts]
        if all(place is not None for place in near):
            dates += 1
            prices = _collect_prices(forecasts, panel, [place for place in near if place is not None])
            for months, row in _count_hits(prices, kinds, names.index(DOLLAR_RATE)).items():
                counts[months] += row
    return {
        "baskets": len(select_trios(len(names))),
        "dates": dates,
        "held": {str(m): [int(n) for n in row] for m, row in counts.items()},
    }


@lru_cache(maxsize=4)
def select_trios(inputs: int) -> NDArray[np.int64]:
    """The baskets of the record, as places of inputs (baskets x 3): all of them, or as many as are judged.

    Their number grows with the cube of that of inputs, and so would the memory that they take.
    """
    if comb(inputs, _BASKET_SIZE) <= _MAX_BASKETS:
        return np.array(list(combinations(range(inputs), _BASKET_SIZE)))
    random, drawn = np.random.default_rng(_SEED), set[tuple[int, ...]]()
    while len(drawn) < _MAX_BASKETS:
        drawn.add(tuple(sorted(random.choice(inputs, _BASKET_SIZE, replace=False).tolist())))
    return np.array(sorted(drawn))


def _find_nearest(forecast: Forecast, origin: int) -> int | None:
    """The past forecast of a series made about then: calendars end a month or two apart."""
    if not len(forecast.past_forecasts.origins):
        return None
    gaps = np.abs(forecast.past_forecasts.origins - origin)
    place = int(gaps.argmin())
    return place if gaps[place] <= 2 else None


@dataclass(frozen=True)
class _PastPrices:
    """Inputs at a past date: last months known, quantiles, value then and later (inputs, months ahead being first)."""

    origins: tuple[int, ...]
    correlation: FloatArray
    quantiles: FloatArray
    now: FloatArray
    later: FloatArray


def _collect_prices(
    forecasts: Sequence[Forecast], panel: Mapping[SeriesKey, TimeSeries], near: Sequence[int]
) -> _PastPrices:
    histories = [panel[row.key] for row in forecasts]
    origins = [int(row.past_forecasts.origins[place]) for row, place in zip(forecasts, near, strict=True)]
    places = [origin - history.first for origin, history in zip(origins, histories, strict=True)]
    quantiles = [
        [row.past_forecasts.quantiles[place][months - 1] for row, place in zip(forecasts, near, strict=True)]
        for months in _HORIZON_MONTHS
    ]
    later = [
        [
            history.values[at + months] if at + months < len(history.values) else np.nan
            for history, at in zip(histories, places, strict=True)
        ]
        for months in _HORIZON_MONTHS
    ]
    return _PastPrices(
        tuple(origins),
        estimate_correlation(histories, min(origins)),
        np.array(quantiles, dtype=float),
        np.array([history.values[at] for history, at in zip(histories, places, strict=True)]),
        np.array(later),
    )


@remember(size=256)  # the dates of a few panels
def _count_hits(prices: _PastPrices, kinds: Sequence[QuoteKind], dollar: int) -> dict[int, list[int]]:
    """By months ahead: how many baskets, and how many inside each range. `dollar` is the place of the dollar rate."""
    ranks = draw_rank_paths(prices.origins, prices.correlation, max(_HORIZON_MONTHS), _SEED)
    trios = select_trios(len(kinds))
    counts = {}
    for column, months in enumerate(_HORIZON_MONTHS):
        drawn = [
            convert_ranks(ranks[place][:, months - 1 : months], quantiles[None, :])[:, 0] / prices.now[place]
            for place, quantiles in enumerate(prices.quantiles[column])
        ]
        realized = (prices.later[column] / prices.now)[:, None]
        costs = [convert_to_euros(kind, part, drawn[dollar]) for kind, part in zip(kinds, drawn, strict=True)]
        truth = [convert_to_euros(kind, part, realized[dollar])[0] for kind, part in zip(kinds, realized, strict=True)]
        real = np.array(truth)[trios].mean(axis=1)
        share = (np.array(costs)[trios].mean(axis=1) < real[:, None]).mean(axis=1)[np.isfinite(real)]
        inside = [int((np.abs(share - 0.5) <= level / 200).sum()) for level in INTERVAL_LEVELS]
        counts[months] = [len(share), *inside]
    return counts
