"""The price of an input in euros: its past, and its joint paths with the dollar."""

from dataclasses import dataclass, replace

import numpy as np

from observatory.catalogue.models import Indicator
from observatory.outlook.outlook import Outlook
from observatory.outlook.purchasing.price_paths import PATH_MONTHS, get_price_paths
from observatory.outlook.purchasing.quotes import DOLLAR_RATE, convert_to_euros, read_quote
from observatory.settings import INTERVAL_LEVELS
from observatory.timeseries import FloatArray, Forecast, TimeSeries


@dataclass(frozen=True)
class PricePaths:
    """A price with its past, its forecast, and the paths (paths x months after the past); None without stored ones."""

    history: TimeSeries
    forecast: Forecast
    paths: FloatArray | None


def build_published_price(outlook: Outlook, indicator: Indicator) -> PricePaths:
    """The price of an input as it is published."""
    key = outlook.headline_key(indicator)
    return PricePaths(outlook.panel[key], outlook.forecasts[key], get_price_paths(outlook, indicator.id))


def build_euro_price(outlook: Outlook, indicator: Indicator) -> PricePaths | None:
    """The price of an input in euros; None if it cannot be converted, or the edition stores no joint paths.

    Its past ends in the last month that price and rate both know. From there on a path is the price of that path
    divided by the rate of the same path; a month that only one of the two knows has one value of it in all paths.
    Its forecast has the median and the ranges of these paths; nothing is known of how such ranges held in the past.
    """
    cache = outlook.price_cache
    if ("euros", indicator.id) not in cache:
        cache["euros", indicator.id] = _convert_price(outlook, indicator)
    price: PricePaths | None = cache["euros", indicator.id]
    return price


def _convert_price(outlook: Outlook, indicator: Indicator) -> PricePaths | None:
    quote = read_quote(indicator)
    if not quote.is_convertible:
        return None
    published = build_published_price(outlook, indicator)
    rate = outlook.catalogue.indicators.get(DOLLAR_RATE) if quote.kind == "dollars" else indicator
    if rate is None or outlook.headline_key(rate) not in outlook.forecasts:
        return None
    dollar = build_published_price(outlook, rate)
    if published.paths is None or dollar.paths is None:
        return None
    base = min(published.history.last, dollar.history.last)
    first = max(published.history.first, dollar.history.first)
    if base - first < 1:
        return None
    months = base - first + 1 + PATH_MONTHS
    values, rates = (_join(row.history, row.paths, first, months) for row in (published, dollar) if row.paths is not None)
    with np.errstate(divide="ignore", invalid="ignore"):
        costs = convert_to_euros(quote.kind, values, rates)
    past, paths = costs[0, : base - first + 1], costs[:, base - first + 1 :]
    if not np.isfinite(past[-1]) or not np.isfinite(paths).all():
        return None
    history = TimeSeries(published.history.key, published.history.frequency, first, past)
    return PricePaths(history, _summarize(published.forecast, base, paths), paths)


def _join(history: TimeSeries, paths: FloatArray, first: int, months: int) -> FloatArray:
    """Past and paths of a series as one table (paths x months) that begins in a month."""
    past = np.tile(history.values[first - history.first :], (len(paths), 1))
    return np.concatenate([past, paths], axis=1)[:, :months]


def _summarize(published: Forecast, origin: int, paths: FloatArray) -> Forecast:
    """A forecast with the median and the ranges of some paths, and no record."""
    edges = [np.percentile(paths, [50 - level / 2, 50 + level / 2], axis=0) for level in INTERVAL_LEVELS]
    return replace(
        published,
        origin=origin,
        median=np.median(paths, axis=0),
        low=np.stack([row[0] for row in edges], axis=1),
        high=np.stack([row[1] for row in edges], axis=1),
        gain=None,
        hits=(0,) * len(INTERVAL_LEVELS),
        judged=0,
    )


def convert_later_values(outlook: Outlook, indicator: Indicator) -> TimeSeries | None:
    """What an input cost in euros after the day of a reconstructed outlook, past included; None if it is not known."""
    quote, rate = read_quote(indicator), outlook.catalogue.indicators.get(DOLLAR_RATE)
    if quote.kind == "rate":
        rate = indicator
    price = outlook.later_panel.get(outlook.headline_key(indicator))
    dollar = None if rate is None else outlook.later_panel.get(outlook.headline_key(rate))
    if price is None or dollar is None:
        return None
    first, last = max(price.first, dollar.first), min(price.last, dollar.last)
    if last < first:
        return None
    values, rates = (row.values[first - row.first : last - row.first + 1] for row in (price, dollar))
    with np.errstate(divide="ignore", invalid="ignore"):
        return TimeSeries(price.key, price.frequency, first, convert_to_euros(quote.kind, values, rates))
