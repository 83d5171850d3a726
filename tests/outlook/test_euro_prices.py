"""Prices of inputs in euros: from the stored paths of price and dollar, and from nothing else."""

import base64
from dataclasses import replace
from itertools import pairwise
from statistics import NormalDist

import numpy as np
import pytest

from observatory.outlook.outlook import Outlook
from observatory.outlook.purchasing.baskets import build_basket, count_interval_hits
from observatory.outlook.purchasing.euro_prices import build_euro_price, build_published_price
from observatory.outlook.purchasing.quotes import Quote, convert_to_euros, read_quote
from observatory.timeseries import NORMAL_QUANTILES, FloatArray, PastForecasts, TimeSeries


def stored_paths(outlook: Outlook, indicator: str) -> FloatArray:
    """The paths of an input from the bytes that the edition stores, without the code that reads them for pages.

    A rank is a normal score; the logs of the published quantiles are interpolated at it, and go on beyond the last.
    """
    stored = outlook.study.purchasing.paths
    assert stored is not None
    place = [row[0] for row in stored.series].index(indicator)
    ranks = np.frombuffer(base64.b64decode(stored.ranks), np.uint8).reshape(len(stored.series), 256, stored.steps)
    scores = [NormalDist().inv_cdf((rank + 0.5) / 256) for rank in range(256)]
    edges = [*(-edge for edge in reversed(NORMAL_QUANTILES)), 0.0, *NORMAL_QUANTILES]
    forecast = outlook.forecasts[outlook.headline_key(outlook.catalogue.indicators[indicator])]
    paths = np.empty(ranks[place].shape)
    for step in range(stored.steps):
        levels = np.log([*forecast.low[step][::-1], forecast.median[step], *forecast.high[step]]).tolist()
        paths[:, step] = [np.exp(interpolate(scores[rank], edges, levels)) for rank in ranks[place][:, step]]
    return paths


def interpolate(score: float, edges: list[float], levels: list[float]) -> float:
    """A level at a score: on the line through the two known ones around it, the outer lines going on."""
    for (left, low), (right, high) in pairwise(zip(edges, levels, strict=True)):
        if score <= right or right == edges[-1]:
            return float(low + (score - left) / (right - left) * (high - low))
    raise AssertionError


def month_values(outlook: Outlook, indicator: str, months: range) -> list[float]:
    history = outlook.panel[outlook.headline_key(outlook.catalogue.indicators[indicator])]
    return [float(history.values[month - history.first]) for month in months]


@pytest.mark.slow
def test_a_price_in_euros_and_its_range_come_from_the_stored_paths(outlook: Outlook) -> None:
    """Aluminium: the last price by the rate of its month, each path by the rate of that path, or by a known one."""
    price = build_euro_price(outlook, outlook.catalogue.indicators["aluminium_price"])
    assert price is not None
    keys = {name: outlook.headline_key(outlook.catalogue.indicators[name]) for name in ("aluminium_price", "eur_usd")}
    metal, dollar = (outlook.panel[key] for key in keys.values())
    base = min(metal.last, dollar.last)
    assert price.history.last == base
    (cost,), (rate,) = (month_values(outlook, name, range(base, base + 1)) for name in keys)
    assert price.history.values[-1] == pytest.approx(cost / rate, rel=1e-12)
    tables = []
    for name, history in zip(keys, (metal, dollar), strict=True):
        known = month_values(outlook, name, range(base + 1, history.last + 1))
        tables.append(np.concatenate([np.tile(known, (256, 1)), stored_paths(outlook, name)], axis=1)[:, :36])
    costs = tables[0] / tables[1]
    assert price.paths is not None
    assert price.paths == pytest.approx(costs, rel=1e-9)
    for step in (0, 5, 17, 35):
        assert price.forecast.low[step, 1] == pytest.approx(np.quantile(costs[:, step], 0.1), rel=1e-9)
        assert price.forecast.high[step, 1] == pytest.approx(np.quantile(costs[:, step], 0.9), rel=1e-9)
        assert price.forecast.median[step] == pytest.approx(np.quantile(costs[:, step], 0.5), rel=1e-9)


def test_the_range_holds_what_the_dollar_may_do(outlook: Outlook) -> None:
    """The range in euros is not that in dollars divided by the last rate: the rate moves in it, with the price."""
    row = outlook.catalogue.indicators["aluminium_price"]
    euros, dollars = build_euro_price(outlook, row), build_published_price(outlook, row)
    assert euros is not None
    rate = dollars.history.values[euros.history.last - dollars.history.first] / euros.history.values[-1]
    ends = [dollars.forecast.low[17, 1] / rate, dollars.forecast.high[17, 1] / rate]
    assert euros.forecast.low[17, 1] != pytest.approx(ends[0], rel=1e-3)
    assert euros.forecast.high[17, 1] != pytest.approx(ends[1], rel=1e-3)


def test_a_currency_costs_the_inverse_of_its_rate(outlook: Outlook) -> None:
    """A pound costs one euro by the pounds that a euro buys; what was the low end of the rate is the high end now."""
    row = outlook.catalogue.indicators["eur_gbp"]
    euros, rate = build_euro_price(outlook, row), build_published_price(outlook, row)
    assert euros is not None
    assert rate.paths is not None
    assert euros.history.values[-1] == pytest.approx(1 / rate.history.values[-1])
    assert euros.forecast.high[11, 1] == pytest.approx(np.quantile(1 / rate.paths[:, 11], 0.9))
    assert euros.forecast.high[11, 1] == pytest.approx(1 / rate.forecast.low[11, 1], rel=2e-2)


@pytest.mark.parametrize(
    ("unit", "quote"),
    [
        ("US dollars per tonne", Quote("dollars", "tonne")),
        ("current US dollars per ounce", Quote("dollars", "ounce")),
        ("euros per megawatt-hour", Quote("euros", "megawatt-hour")),
        ("USD per 1 EUR", Quote("rate", "USD")),
        ("CNY per 1 EUR", Quote("rate", "CNY")),
        ("index in euros, 2010 = 100", Quote("other")),
        ("index, 2021 = 100", Quote("other")),
        ("pounds sterling per tonne", Quote("other")),
        ("million current US dollars", Quote("other")),
    ],
)
def test_the_unit_says_how_an_input_is_quoted(outlook: Outlook, unit: str, quote: Quote) -> None:
    """Dollars per something are converted, a rate is inverted; what is in euros, an index, or other money is not."""
    row = replace(outlook.catalogue.indicators["aluminium_price"], unit_en=unit)
    assert read_quote(row) == quote
    assert quote.is_convertible == (quote.kind in ("dollars", "rate"))
    if not quote.is_convertible:
        assert build_euro_price(outlook, replace(row, id="another")) is None
        assert convert_to_euros(quote.kind, np.array([4.0]), np.array([2.0])).tolist() == [4.0]


def in_euros(outlook: Outlook, indicator: str) -> Outlook:
    """The outlook with the same figures of an input, now said to be in euros."""
    row = replace(outlook.catalogue.indicators[indicator], unit_en="euros per tonne", unit_fr="euros par tonne")
    return replace(
        outlook, catalogue=replace(outlook.catalogue, indicators={**outlook.catalogue.indicators, indicator: row})
    )


def test_a_basket_takes_a_price_in_euros_as_it_is(outlook: Outlook) -> None:
    """Of a basket of nickel alone the past in euros is nickel's own over its last value; in dollars, by the rate."""
    row = outlook.catalogue.indicators["nickel_price"]
    history = outlook.panel[outlook.headline_key(row)]
    for kind, changed in (("dollars", outlook), ("euros", in_euros(outlook, row.id))):
        basket = build_basket(changed, {row.id: 40})
        assert basket is not None
        months = range(basket.first_month, basket.base_month + 1)
        values = history.values[basket.first_month - history.first : basket.base_month - history.first + 1]
        rates = np.array(month_values(outlook, "eur_usd", months)) if kind == "dollars" else np.ones(len(months))
        assert basket.history == pytest.approx(values / rates / (values[-1] / rates[-1]) * 100)


def test_the_record_of_baskets_takes_a_price_in_euros_as_it_is(outlook: Outlook) -> None:
    """Of a metal whose price never moves in euros, no outcome is outside a range in euros that never moves either.

    The dollar rises by a half after each origin: a price in euros that was divided by it would leave its range.
    """
    names = ("nickel_price", "tin_price", "copper_price", "eur_usd")
    outlooks = [outlook]
    for name in names[:3]:
        outlooks.append(in_euros(outlooks[-1], name))
    months = np.arange(240)
    origins = np.arange(60, 200, 6)
    panel, forecasts = {}, []
    for name in names:
        key = outlook.headline_key(outlook.catalogue.indicators[name])
        values = 1.5 ** (months / 12) if name == "eur_usd" else np.full(240, 100.0)
        panel[key] = TimeSeries(key, "M", 0, values)
        spread = np.linspace(0.98, 1.02, 7)
        quantiles = np.stack([np.tile(values[origin] * spread, (24, 1)) for origin in origins]).astype(np.float32)
        forecasts.append(replace(outlook.forecasts[key], past_forecasts=PastForecasts(origins, quantiles)))
    counts = []
    for shown in (outlook, outlooks[-1]):
        kinds = [read_quote(shown.catalogue.indicators[name]).kind for name in names]
        counts.append(count_interval_hits(forecasts, panel, kinds)["held"]["12"])
    cases = len(origins)
    assert counts[1][:2] == [4 * cases, cases]  # of four baskets the one without the dollar holds, at 50 % already
    assert counts[0][1] == 0


def test_an_edition_without_paths_has_no_price_in_euros(outlook: Outlook) -> None:
    """Neither with paths of the price alone: the range needs the dollar of the same path."""
    without = {name: row for name, row in outlook.catalogue.indicators.items() if name != "eur_usd"}
    old = replace(outlook, catalogue=replace(outlook.catalogue, indicators=without))
    assert build_euro_price(old, outlook.catalogue.indicators["aluminium_price"]) is None
