"""Builds the price index of the reader's basket of inputs: past, forecast, how often its ranges held."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from observatory.briefs.common.chart_context import build_event_shades
from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Figure, TextTable
from observatory.briefs.common.plots import build_index_plot
from observatory.briefs.common.series_figure import build_table_headers
from observatory.briefs.purchasing.methodology import build_part_methodology
from observatory.briefs.purchasing.model import (
    BasketShare,
    ThresholdQuery,
    find_inner_level,
    list_forecast_inputs,
    odds_text,
)
from observatory.catalogue.periods import midpoint_year, ordinal_to_period
from observatory.charts.fan import FanChart, FanStep, build_fan_chart
from observatory.language import Localizer
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
    steps = _build_steps(index, months_ahead, selection.level)
    base = localizer.period(ordinal_to_period(index.base_month, "M"))
    observed = {
        index.first_month + position: float(value) for position, value in enumerate(index.history) if np.isfinite(value)
    }
    expected = {
        index.base_month + position: (step.median, step.low, step.high) for position, step in enumerate(steps, 1)
    }
    takeaway = _takeaway_text(context, index, steps)
    return Figure(
        indicator="basket",
        title=localizer.text("purchasing.basket.title"),
        subtitle=localizer.text(
            "purchasing.basket.subtitle",
            base=base,
            inner=localizer.text(f"chances.of.{find_inner_level(selection.level)}"),
            outer=localizer.text(f"chances.of.{selection.level}"),
        ),
        spec=_build_spec(context, index, steps),
        alt=takeaway,
        takeaway=takeaway,
        disclosures=_coverage_texts(context),
        notes=(localizer.text("purchasing.basket.how"),),
        source_line=localizer.text("purchasing.basket.source", base=base),
        table=_build_table(index, steps, selection, localizer),
        plot_data=build_index_plot(
            observed, expected, {}, lambda month: ordinal_to_period(month, "M"), localizer, decimals=1
        ),
    )


def _build_steps(index: BasketIndex, months_ahead: int, level: int) -> list[FanStep]:
    """Median and ranges of the simulated index, one step a month."""
    inner = find_inner_level(level)
    percentiles = [50, 50 - inner / 2, 50 + inner / 2, 50 - level / 2, 50 + level / 2]
    parts = np.percentile(index.paths[:, :months_ahead], percentiles, axis=0)
    return [
        FanStep(midpoint_year(index.base_month + 1 + position, "M"), *(float(part[position]) for part in parts))
        for position in range(months_ahead)
    ]


def _build_spec(context: Context, index: BasketIndex, steps: Sequence[FanStep]) -> dict[str, Any]:
    localizer = context.localizer
    base, last = ordinal_to_period(index.base_month, "M"), steps[-1]
    runs = [
        [
            (midpoint_year(index.first_month + position, "M"), float(value))
            for position, value in enumerate(index.history)
            if np.isfinite(value)
        ]
    ]
    return build_fan_chart(
        FanChart(
            runs=runs,
            steps=steps,
            shades=build_event_shades(context, annual=False),
            role="cost",
            last_label=f"100 {localizer.period_phrase(base)}",
            end_labels=(localizer.number(last.median), localizer.number(last.low), localizer.number(last.high)),
            from_zero=False,
            logarithmic=False,
            language=localizer.language,
            height=_HEIGHT_PX,
        )
    )


def _takeaway_text(context: Context, index: BasketIndex, steps: Sequence[FanStep]) -> str:
    """The range at the last step, the odds of a dearer basket, the lowest and highest level so far."""
    selection, localizer = context.selection, context.localizer
    months_ahead = len(steps)
    positions = np.flatnonzero(np.isfinite(index.history))
    least, most = positions[index.history[positions].argmin()], positions[index.history[positions].argmax()]
    return localizer.text(
        "purchasing.basket.takeaway",
        base_in=localizer.period_phrase(ordinal_to_period(index.base_month, "M")),
        until_in=localizer.period_phrase(ordinal_to_period(index.base_month + months_ahead, "M")),
        low=localizer.number(steps[-1].low),
        high=localizer.number(steps[-1].high),
        chances=localizer.text(f"chances.{selection.level}"),
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


def _build_table(index: BasketIndex, steps: list[FanStep], selection: Selection, localizer: Localizer) -> TextTable:
    """The values of the chart as a table, newest first."""
    rows = [
        (
            localizer.period(ordinal_to_period(index.base_month + 1 + k, "M")),
            localizer.text("table.expected"),
            *(localizer.number(value, 1) for value in (step.median, step.low, step.high)),
        )
        for k, step in reversed(list(enumerate(steps)))
    ]
    rows += [
        (
            localizer.period(ordinal_to_period(index.first_month + k, "M")),
            localizer.text("table.observed"),
            localizer.number(value, 1),
            "",
            "",
        )
        for k, value in reversed(list(enumerate(index.history)))
        if np.isfinite(value)
    ]
    return TextTable(
        localizer.text("purchasing.basket.title"), build_table_headers(selection.level, localizer), tuple(rows)
    )
