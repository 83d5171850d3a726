"""The reader's basket of inputs: its index in euros, past and expected, and what such ranges were worth."""

from dataclasses import replace

import numpy as np

from observatory.briefs.common.chart_context import build_event_shades
from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Figure, TextTable
from observatory.briefs.common.plots import build_index_plot
from observatory.briefs.common.series_figure import build_table_headers
from observatory.briefs.purchasing.methodology import build_part_methodology
from observatory.briefs.purchasing.model import BasketShare, ThresholdQuery, list_forecast_inputs, odds_text
from observatory.catalogue.periods import midpoint_year, ordinal_to_period
from observatory.charts.fan import FanChart, FanStep, build_fan_chart
from observatory.language import Localizer, round_percent
from observatory.outlook.outlook import Outlook
from observatory.outlook.purchasing.baskets import BasketIndex, build_basket
from observatory.outlook.purchasing.price_paths import input_code
from observatory.selection import Selection, parse_basket
from observatory.settings import INTERVAL_LEVELS

_EXAMPLE_SHARES = {"aluminium": 40, "brent": 30, "usd": 30}  # shown until the reader types a basket
_HEIGHT_PX = 300
_DEARER_INDEX = 110.0


def _choose_shares(outlook: Outlook, selection: Selection) -> dict[str, int]:
    """The shares of the reader's basket that we can follow, or the example."""
    known = {input_code(row.id) for row in list_forecast_inputs(outlook)}
    typed = {code: share for code, share in parse_basket(selection.basket).items() if code in known}
    return typed or {code: share for code, share in _EXAMPLE_SHARES.items() if code in known}


def build_basket_shares(context: Context) -> tuple[BasketShare, ...]:
    """The shares as they are shown and typed."""
    titles = {
        input_code(row.id): context.localizer.field_text(row, "title") for row in list_forecast_inputs(context.outlook)
    }
    return tuple(
        BasketShare(code, titles[code], share)
        for code, share in _choose_shares(context.outlook, context.selection).items()
    )


def build_basket_figure(context: Context, query: ThresholdQuery) -> tuple[Figure | None, tuple[str, ...]]:
    """The basket as a Figure, and what stands above it."""
    outlook, localizer = context.outlook, context.localizer
    shares = _choose_shares(outlook, context.selection)
    ids = {input_code(row.id): row.id for row in list_forecast_inputs(outlook)}
    made = build_basket(outlook, {ids[code]: share for code, share in shares.items()})
    said = [localizer.text("purchasing.basket.link")]
    if shares != parse_basket(context.selection.basket):
        said.insert(0, localizer.text("purchasing.basket.example"))
    elif sum(shares.values()) != 100:
        said.insert(0, localizer.text("purchasing.basket.sum", sum=sum(shares.values())))
    if made is None:
        return None, (*said, localizer.text("purchasing.basket.none"))
    step = min(query.history.last + query.months_ahead - made.base_month, made.paths.shape[1])
    rows = [outlook.catalogue.indicators[ids[code]] for code in shares]
    figure = _build_index_figure(context, made, max(step, 1))
    return replace(figure, methodology=build_part_methodology(context, "basket", rows)), tuple(said)


def _build_index_figure(context: Context, index: BasketIndex, months_ahead: int) -> Figure:
    selection, localizer = context.selection, context.localizer
    at = INTERVAL_LEVELS.index(selection.level)
    inner = INTERVAL_LEVELS[max(at - 1, 0)]
    sides = [50 - inner / 2, 50 + inner / 2, 50 - selection.level / 2, 50 + selection.level / 2]
    parts = np.percentile(index.paths[:, :months_ahead], [50, *sides], axis=0)
    steps = [
        FanStep(midpoint_year(index.base_month + 1 + k, "M"), *(float(part[k]) for part in parts))
        for k in range(months_ahead)
    ]
    runs = [
        [
            (midpoint_year(index.first_month + k, "M"), float(value))
            for k, value in enumerate(index.history)
            if np.isfinite(value)
        ]
    ]
    base, until = ordinal_to_period(index.base_month, "M"), ordinal_to_period(index.base_month + months_ahead, "M")
    low, high = localizer.number(steps[-1].low), localizer.number(steps[-1].high)
    spec = build_fan_chart(
        FanChart(
            runs=runs,
            steps=steps,
            shades=build_event_shades(context, annual=False),
            role="cost",
            last_label=f"100 {localizer.period_phrase(base)}",
            end_labels=(localizer.number(steps[-1].median), low, high),
            from_zero=False,
            logarithmic=False,
            language=localizer.language,
            height=_HEIGHT_PX,
        )
    )
    places = np.flatnonzero(np.isfinite(index.history))
    least, most = places[index.history[places].argmin()], places[index.history[places].argmax()]
    takeaway = localizer.text(
        "purchasing.basket.takeaway",
        base_in=localizer.period_phrase(base),
        until_in=localizer.period_phrase(until),
        low=low,
        high=high,
        chances=localizer.text(f"chances.{selection.level}"),
        odds=odds_text(float((index.paths[:, months_ahead - 1] >= _DEARER_INDEX).mean()), localizer),
        least=localizer.number(float(index.history[least])),
        least_in=localizer.period_phrase(ordinal_to_period(index.first_month + int(least), "M")),
        most=localizer.number(float(index.history[most])),
        most_in=localizer.period_phrase(ordinal_to_period(index.first_month + int(most), "M")),
    )
    known = {index.first_month + int(k): float(index.history[k]) for k in places}
    ahead = {index.base_month + 1 + k: (step.median, step.low, step.high) for k, step in enumerate(steps)}
    return Figure(
        indicator="basket",
        title=localizer.text("purchasing.basket.title"),
        subtitle=localizer.text(
            "purchasing.basket.subtitle",
            base=localizer.period(base),
            inner=localizer.text(f"chances.of.{inner}"),
            outer=localizer.text(f"chances.of.{selection.level}"),
        ),
        spec=spec,
        alt=takeaway,
        takeaway=takeaway,
        disclosures=_coverage_texts(context),
        notes=(localizer.text("purchasing.basket.how"),),
        source_line=localizer.text("purchasing.basket.source", base=localizer.period(base)),
        table=_build_table(index, steps, selection, localizer),
        plot_data=build_index_plot(
            known, ahead, {}, lambda month: ordinal_to_period(month, "M"), localizer, decimals=1
        ),
    )


def _coverage_texts(context: Context) -> tuple[str, ...]:
    outlook, selection, localizer = context.outlook, context.selection, context.localizer
    record = outlook.study.purchasing.basket_record
    counts = record.interval_hits.get(12) if record is not None else None
    if record is None or not counts or not counts[0]:
        return ()
    share = counts[1 + INTERVAL_LEVELS.index(selection.level)] / counts[0]
    said = localizer.text(
        "purchasing.basket.held",
        level=selection.level,
        coverage=round_percent(share),
        baskets=localizer.number(record.baskets),
        dates=localizer.number(record.dates),
    )
    if share < selection.level / 100 - 0.05:
        said = f"{said} {localizer.text('honesty.too_narrow')}"
    return (said,)


def _build_table(index: BasketIndex, steps: list[FanStep], selection: Selection, localizer: Localizer) -> TextTable:
    """The figures of the chart, newest first."""
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
