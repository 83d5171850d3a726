"""Builds the price index of the reader's basket of inputs: past, forecast, how often its ranges held."""

from dataclasses import replace

import numpy as np

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Figure
from observatory.briefs.figures.fan import Fan, FanFormats, build_fan
from observatory.briefs.figures.plots import build_index_plot
from observatory.briefs.figures.series_view import SeriesView
from observatory.briefs.purchasing.methodology import build_part_methodology
from observatory.briefs.purchasing.model import (
    BasketShare,
    ThresholdQuery,
    find_inner_level,
    list_forecast_inputs,
)
from observatory.briefs.purchasing.odds import odds_text
from observatory.catalogue.periods import ordinal_to_period
from observatory.outlook.outlook import Outlook
from observatory.outlook.purchasing.baskets import BasketIndex, build_basket
from observatory.outlook.purchasing.price_paths import input_code
from observatory.selection import Selection, parse_basket
from observatory.settings import INTERVAL_LEVELS

_EXAMPLE_SHARES = {"aluminium": 40, "brent": 30, "usd": 30}  # shown until the reader enters a basket
_HEIGHT_PX = 300
_DEARER_INDEX = 110.0


def _choose_shares(outlook: Outlook, selection: Selection) -> dict[str, int]:
    """Shares of the reader's basket, restricted to inputs with a forecast; the example basket where none is left."""
    codes = {input_code(row.id) for row in list_forecast_inputs(outlook)}
    entered = {code: share for code, share in parse_basket(selection.basket).items() if code in codes}
    return entered or {code: share for code, share in _EXAMPLE_SHARES.items() if code in codes}


def build_basket_shares(context: Context) -> tuple[BasketShare, ...]:
    """The shares as the form of the basket shows them."""
    titles = {
        input_code(row.id): context.localizer.field_text(row, "title") for row in list_forecast_inputs(context.outlook)
    }
    return tuple(
        BasketShare(code, titles[code], share)
        for code, share in _choose_shares(context.outlook, context.selection).items()
    )


def build_basket_figure(context: Context, query: ThresholdQuery) -> tuple[Figure | None, tuple[str, ...]]:
    """Chart of the basket (None where no common price paths exist), and the sentences above it."""
    outlook, localizer = context.outlook, context.localizer
    shares = _choose_shares(outlook, context.selection)
    ids = {input_code(row.id): row.id for row in list_forecast_inputs(outlook)}
    index = build_basket(outlook, {ids[code]: share for code, share in shares.items()})
    sentences = [localizer.text("purchasing.basket.link")]
    if shares != parse_basket(context.selection.basket):
        sentences.insert(0, localizer.text("purchasing.basket.example"))
    elif sum(shares.values()) != 100:
        sentences.insert(0, localizer.text("purchasing.basket.sum", sum=sum(shares.values())))
    if index is None:
        return None, (*sentences, localizer.text("purchasing.basket.none"))
    step = min(query.history.last + query.months_ahead - index.base_month, index.paths.shape[1])
    rows = [outlook.catalogue.indicators[ids[code]] for code in shares]
    figure = _build_index_figure(context, index, max(step, 1))
    return replace(figure, methodology=build_part_methodology(context, "basket", rows)), tuple(sentences)


def _build_index_figure(context: Context, index: BasketIndex, months_ahead: int) -> Figure:
    selection, localizer = context.selection, context.localizer
    view, title = _build_view(index, months_ahead, selection.level), localizer.text("purchasing.basket.title")
    base = localizer.period(ordinal_to_period(index.base_month, "M"))
    observed = dict(zip(view.ordinals, view.observed.tolist(), strict=True))
    paths = zip(view.median.tolist(), view.low.tolist(), view.high.tolist(), strict=True)
    expected = dict(zip(view.forecast_ordinals, paths, strict=True))
    fan = Fan(
        title=title,
        view=view,
        frequency="M",
        level=selection.level,
        formats=FanFormats(localizer.number, localizer.number, *(lambda value: localizer.number(value, 1),) * 2),
        role="cost",
        height=_HEIGHT_PX,
    )
    spec, table = build_fan(context, fan)
    takeaway = _takeaway_text(context, index, view)
    return Figure(
        indicator="basket",
        title=title,
        subtitle=localizer.text(
            "purchasing.basket.subtitle",
            base=base,
            inner=localizer.chances(find_inner_level(selection.level)),
            outer=localizer.chances(selection.level),
        ),
        spec=spec,
        alt=takeaway,
        takeaway=takeaway,
        disclosures=_coverage_texts(context),
        notes=(localizer.text("purchasing.basket.how"),),
        source_line=localizer.text("purchasing.basket.source", base=base),
        table=table,
        plot_data=build_index_plot(
            observed, expected, {}, lambda month: ordinal_to_period(month, "M"), localizer, decimals=1
        ),
    )


def _build_view(index: BasketIndex, months_ahead: int, level: int) -> SeriesView:
    """The months in which the index is known; median and ranges of the simulated index, one step a month."""
    positions = np.flatnonzero(np.isfinite(index.history))
    inner = find_inner_level(level)
    percentiles = [50, 50 - level / 2, 50 + level / 2, 50 - inner / 2, 50 + inner / 2]
    paths = np.percentile(index.paths[:, :months_ahead], percentiles, axis=0)
    forecast_ordinals = tuple(range(index.base_month + 1, index.base_month + months_ahead + 1))
    ordinals = tuple(index.first_month + int(position) for position in positions)
    return SeriesView(ordinals, index.history[positions], forecast_ordinals, *paths)


def _takeaway_text(context: Context, index: BasketIndex, view: SeriesView) -> str:
    """The range at the last step, the odds of a dearer basket, the lowest and highest level so far."""
    selection, localizer = context.selection, context.localizer
    months_ahead = len(view.forecast_ordinals)
    positions = np.flatnonzero(np.isfinite(index.history))
    least, most = positions[index.history[positions].argmin()], positions[index.history[positions].argmax()]
    return localizer.text(
        "purchasing.basket.takeaway",
        base_in=localizer.period_phrase(ordinal_to_period(index.base_month, "M")),
        until_in=localizer.period_phrase(ordinal_to_period(index.base_month + months_ahead, "M")),
        low=localizer.number(view.low[-1]),
        high=localizer.number(view.high[-1]),
        chances=localizer.chances(selection.level),
        odds=odds_text(float((index.paths[:, months_ahead - 1] >= _DEARER_INDEX).mean()), localizer),
        least=localizer.number(float(index.history[least])),
        least_in=localizer.period_phrase(ordinal_to_period(index.first_month + int(least), "M")),
        most=localizer.number(float(index.history[most])),
        most_in=localizer.period_phrase(ordinal_to_period(index.first_month + int(most), "M")),
    )


def _coverage_texts(context: Context) -> tuple[str, ...]:
    """How often ranges of past baskets held a year ahead; empty where none was evaluated."""
    outlook, selection, localizer = context.outlook, context.selection, context.localizer
    record = outlook.study.purchasing.basket_record
    counts = record.interval_hits.get(12) if record is not None else None
    if record is None or not counts or not counts[0]:
        return ()
    share = counts[1 + INTERVAL_LEVELS.index(selection.level)] / counts[0]
    sentence = localizer.text(
        "purchasing.basket.held",
        level=selection.level,
        coverage=localizer.percent_digits(share),
        baskets=localizer.number(record.baskets),
        dates=localizer.number(record.dates),
    )
    if share < selection.level / 100 - 0.05:
        sentence = f"{sentence} {localizer.text('honesty.too_narrow')}"
    return (sentence,)
