"""One input against the reader's threshold: its chart with the line of the threshold, and the chances of others."""

from dataclasses import replace

import numpy as np

from observatory.briefs.common.chart_context import build_event_shades, build_realized_points, realized_text
from observatory.briefs.common.context import Context
from observatory.briefs.common.disclosure import (
    build_disclosures,
    build_notes,
    build_provenance,
    source_line_text,
    takeaway_text,
)
from observatory.briefs.common.model import Figure, TextTable
from observatory.briefs.common.number_input import format_grouped
from observatory.briefs.common.plots import build_series_plot
from observatory.briefs.common.series_figure import build_table_headers
from observatory.briefs.common.series_view import DisplayedSeries, SeriesView, ShownForecast, build_series_view
from observatory.briefs.common.units import format_number
from observatory.briefs.purchasing.methodology import build_input_methodology
from observatory.briefs.purchasing.model import ThresholdQuery, count_digits, odds_text, price_text, short_odds_text
from observatory.catalogue.periods import midpoint_year, ordinal_to_period
from observatory.charts.fan import FanChart, FanStep, build_fan_chart
from observatory.language import Localizer, count_decimals, round_significant
from observatory.selection import Selection
from observatory.settings import INTERVAL_LEVELS

_HEIGHT_PX = 340
_HISTORY_YEARS = 10
_MAX_LINE_DISTANCE = 1.0  # times the height of what is drawn: a threshold beyond would flatten it
_LADDER_CHANGES = (-0.3, -0.2, -0.1, -0.05, 0.05, 0.1, 0.2, 0.3)


def _threshold_text(query: ThresholdQuery, selection: Selection, localizer: Localizer) -> str:
    if selection.threshold:
        return format_grouped(selection.threshold, localizer)
    return localizer.number(query.threshold, min(count_decimals(query.threshold, 3), 3))


def deadline_text(query: ThresholdQuery, localizer: Localizer) -> str:
    """The month asked for, as a sentence says when."""
    return localizer.period_phrase(query.deadline)


def describe_threshold(query: ThresholdQuery, selection: Selection, localizer: Localizer) -> dict[str, str]:
    """What every sentence about it names: the input, the threshold with its unit, the month."""
    noun = query.unit.noun
    return {
        "title": localizer.field_text(query.indicator, "title"),
        "threshold": _threshold_text(query, selection, localizer),
        "unit": f"({noun})" if query.unit.is_bracketed else noun,
        "until": localizer.period(query.deadline),
        "until_in": deadline_text(query, localizer),
    }


def build_threshold_figure(context: Context, query: ThresholdQuery) -> Figure:
    """The past ten years and what is expected, with the threshold across."""
    selection, localizer = context.selection, context.localizer
    chosen = replace(
        selection, unit="level", last=0, first=selection.first or query.history.last // 12 - _HISTORY_YEARS + 1
    )
    view = build_series_view(query.history, query.forecast, query.months_ahead, chosen, "level", query.unit)
    goal = describe_threshold(query, selection, localizer)
    parts = (view.median, view.inner_low, view.inner_high, view.low, view.high)
    steps = [
        FanStep(midpoint_year(at, "M"), *(float(part[place]) for part in parts))
        for place, at in enumerate(view.forecast_ordinals)
    ]
    key = context.outlook.headline_key(query.indicator)
    afterwards = (
        build_realized_points(context.outlook, key, query.months_ahead, chosen, "level", query.unit)
        if selection.after
        else ()
    )
    runs = [
        [
            (midpoint_year(at, "M"), float(value))
            for at, value in zip(view.ordinals, view.observed, strict=True)
            if np.isfinite(value)
        ]
    ]
    line, far = _build_threshold_line(query, runs, steps, goal["threshold"], localizer)
    row, last = query.indicator, ordinal_to_period(query.history.last, "M")
    digits = count_digits(query.unit)
    ends = tuple(format_number(value, localizer, digits) for value in (steps[-1].median, steps[-1].low, steps[-1].high))
    spec = build_fan_chart(
        FanChart(
            runs=runs,
            steps=steps,
            shades=build_event_shades(context, annual=False, show_realized=bool(afterwards)),
            realized=afterwards,
            role="cost",
            last_label=f"{format_number(view.observed[-1], localizer, digits, exact=True)} "
            f"{localizer.period_phrase(last)}",
            end_labels=(ends[0], ends[1], ends[2]),
            from_zero=False,
            logarithmic=False,
            language=localizer.language,
            height=_HEIGHT_PX,
            threshold=line,
        )
    )
    ahead = ShownForecast(query.forecast, query.months_ahead, query.deadline)
    said = takeaway_text(context, query.history, query.unit, ahead, digits=digits)
    found = query.compute_odds()
    chance = (
        ""
        if found is None
        else localizer.text("purchasing.alt.odds", threshold=goal["threshold"], odds=odds_text(found[1], localizer))
    )
    table = _build_values_table(query, view, selection, localizer, digits)
    inner = INTERVAL_LEVELS[max(INTERVAL_LEVELS.index(selection.level) - 1, 0)]
    noun = query.unit.noun
    subtitle = localizer.text(
        "purchasing.subtitle",
        unit=noun[:1].upper() + noun[1:],
        inner=localizer.text(f"chances.of.{inner}"),
        outer=localizer.text(f"chances.of.{selection.level}"),
    )
    later = (realized_text(context, key, query.history.last + query.months_ahead, query.unit),) if afterwards else ()
    return Figure(
        indicator=row.id,
        geo=row.headline_geo,
        item=row.headline_item,
        role=row.role,
        title=localizer.field_text(row, "title"),
        subtitle=subtitle,
        spec=spec,
        alt=f"{localizer.field_text(row, 'title')}. {said} {chance}".strip(),
        takeaway=said,
        disclosures=build_disclosures(query.forecast, selection, localizer),
        notes=(*far, *later, *build_notes(row, query.history, localizer, has_forecast=True, is_standalone=False)),
        source_line=source_line_text(context, row, query.history),
        provenance=build_provenance(context, row),
        table=table,
        plot_data=build_series_plot(
            DisplayedSeries(row, query.history, view, "level", query.unit), afterwards, selection.level, localizer
        ),
        methodology=build_input_methodology(context, row),
    )


def _build_threshold_line(
    query: ThresholdQuery,
    runs: list[list[tuple[float, float]]],
    steps: list[FanStep],
    threshold: str,
    localizer: Localizer,
) -> tuple[tuple[float, str] | None, tuple[str, ...]]:
    """The line of the threshold; one too far from what is drawn is said instead."""
    drawn = [value for run in runs for _at, value in run] + [value for step in steps for value in (step.low, step.high)]
    low, high = min(drawn), max(drawn)
    at, room = query.unit.convert(query.threshold), _MAX_LINE_DISTANCE * (high - low)
    if low - room <= at <= high + room:
        return (at, localizer.text("purchasing.threshold.label", threshold=threshold)), ()
    return None, (localizer.text("purchasing.threshold.far", threshold=threshold),)


def _build_values_table(
    query: ThresholdQuery, view: SeriesView, selection: Selection, localizer: Localizer, digits: int
) -> TextTable:
    """The figures of the chart, newest first."""
    rows = []
    for place in range(len(view.forecast_ordinals) - 1, -1, -1):
        figures = (format_number(float(part[place]), localizer, digits) for part in (view.median, view.low, view.high))
        period = localizer.period(ordinal_to_period(view.forecast_ordinals[place], "M"))
        rows.append((period, localizer.text("table.expected"), *figures))
    for at, value in zip(reversed(view.ordinals), view.observed[::-1], strict=True):
        text = format_number(float(value), localizer, 5) if np.isfinite(value) else localizer.text("table.missing")
        rows.append((localizer.period(ordinal_to_period(at, "M")), localizer.text("table.observed"), text, "", ""))
    return TextTable(
        localizer.field_text(query.indicator, "title"), build_table_headers(selection.level, localizer), tuple(rows)
    )


def build_threshold_ladder(query: ThresholdQuery, localizer: Localizer) -> TextTable | None:
    """The chances of several thresholds on both sides of the last value."""
    if query.paths is None:
        return None
    rows = []
    for away in _LADDER_CHANGES:
        value = round_significant(
            query.last_value * (1 + away), count_digits(query.unit)
        )  # as it is written beside its chance
        there = replace(query, threshold=value, is_above=away > 0).compute_odds()
        assert there is not None
        rows.append(
            (
                localizer.text(
                    "purchasing.ladder.above" if away > 0 else "purchasing.ladder.below",
                    value=price_text(value, query.unit, localizer),
                    away=localizer.growth(away).replace(",0", "").replace(".0", ""),
                ),
                short_odds_text(there[0], localizer),
                short_odds_text(there[1], localizer),
            )
        )
    until = localizer.period(query.deadline)
    names = (localizer.text(f"purchasing.ladder.head.{name}", until=until) for name in ("threshold", "some", "then"))
    return TextTable(
        localizer.text("purchasing.ladder.caption", title=localizer.field_text(query.indicator, "title")),
        tuple(names),
        tuple(rows),
    )
