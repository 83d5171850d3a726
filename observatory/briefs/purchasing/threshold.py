"""Builds the chart of one input with the reader's threshold as a line, and the table of odds of other thresholds."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

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
from observatory.briefs.purchasing.model import (
    ThresholdQuery,
    count_digits,
    find_inner_level,
    odds_text,
    price_text,
    short_odds_text,
)
from observatory.catalogue.periods import midpoint_year, ordinal_to_period
from observatory.charts.fan import FanChart, FanStep, build_fan_chart
from observatory.language import Localizer, capitalize_first, count_decimals, round_significant
from observatory.selection import Selection

_HEIGHT_PX = 340
_HISTORY_YEARS = 10
_MAX_LINE_DISTANCE = 1.0  # in heights of the plotted values: a threshold farther off would flatten them
_LADDER_CHANGES = (-0.3, -0.2, -0.1, -0.05, 0.05, 0.1, 0.2, 0.3)


def _threshold_text(query: ThresholdQuery, selection: Selection, localizer: Localizer) -> str:
    if selection.threshold:
        return format_grouped(selection.threshold, localizer)
    return localizer.number(query.threshold, count_decimals(query.threshold, 3))


def deadline_text(query: ThresholdQuery, localizer: Localizer) -> str:
    """The deadline as a phrase within a sentence."""
    return localizer.period_phrase(query.deadline)


def describe_threshold(query: ThresholdQuery, selection: Selection, localizer: Localizer) -> dict[str, str]:
    """Values of the placeholders that all sentences on a threshold share: input, threshold, unit, deadline."""
    noun = query.unit.noun
    return {
        "title": localizer.field_text(query.indicator, "title"),
        "threshold": _threshold_text(query, selection, localizer),
        "unit": f"({noun})" if query.unit.is_bracketed else noun,
        "until": localizer.period(query.deadline),
        "until_in": deadline_text(query, localizer),
    }


def build_threshold_figure(context: Context, query: ThresholdQuery) -> Figure:
    """Chart of the last ten years and the forecast of one input, with the threshold as a horizontal line."""
    selection, localizer = context.selection, context.localizer
    chosen = replace(
        selection, unit="level", last=0, first=selection.first or query.history.last // 12 - _HISTORY_YEARS + 1
    )
    view = build_series_view(query.history, query.forecast, query.months_ahead, chosen, "level", query.unit)
    row, key = query.indicator, context.outlook.headline_key(query.indicator)
    digits = count_digits(query.unit)
    realized = (
        build_realized_points(context.outlook, key, query.months_ahead, chosen, "level", query.unit)
        if selection.after
        else ()
    )
    spec, threshold_notes = _build_spec(context, query, view, realized)
    shown_forecast = ShownForecast(query.forecast, query.months_ahead, query.deadline)
    takeaway = takeaway_text(context, query.history, query.unit, shown_forecast, digits=digits)
    realized_notes = (
        (realized_text(context, key, query.history.last + query.months_ahead, query.unit),) if realized else ()
    )
    return Figure(
        indicator=row.id,
        geo=row.headline_geo,
        item=row.headline_item,
        role=row.role,
        title=localizer.field_text(row, "title"),
        subtitle=_subtitle_text(query, selection, localizer),
        spec=spec,
        alt=f"{localizer.field_text(row, 'title')}. {takeaway} {_alt_odds_text(query, selection, localizer)}".strip(),
        takeaway=takeaway,
        disclosures=build_disclosures(query.forecast, selection, localizer),
        notes=(
            *threshold_notes,
            *realized_notes,
            *build_notes(row, query.history, localizer, has_forecast=True, is_standalone=False),
        ),
        source_line=source_line_text(context, row, query.history),
        provenance=build_provenance(context, row),
        table=_build_values_table(query, view, selection, localizer, digits),
        plot_data=build_series_plot(
            DisplayedSeries(row, query.history, view, "level", query.unit), realized, selection.level, localizer
        ),
        methodology=build_input_methodology(context, row),
    )


def _build_spec(
    context: Context, query: ThresholdQuery, view: SeriesView, realized: Sequence[tuple[float, float]]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The chart, and the note that replaces the line of a threshold too far from the plotted values."""
    localizer = context.localizer
    forecast_parts = (view.median, view.inner_low, view.inner_high, view.low, view.high)
    steps = [
        FanStep(midpoint_year(month, "M"), *(float(part[index]) for part in forecast_parts))
        for index, month in enumerate(view.forecast_ordinals)
    ]
    runs = [
        [
            (midpoint_year(month, "M"), float(value))
            for month, value in zip(view.ordinals, view.observed, strict=True)
            if np.isfinite(value)
        ]
    ]
    line, notes = _build_threshold_line(
        query, runs, steps, _threshold_text(query, context.selection, localizer), localizer
    )
    digits, last = count_digits(query.unit), ordinal_to_period(query.history.last, "M")
    ends = tuple(format_number(value, localizer, digits) for value in (steps[-1].median, steps[-1].low, steps[-1].high))
    spec = build_fan_chart(
        FanChart(
            runs=runs,
            steps=steps,
            shades=build_event_shades(context, annual=False, show_realized=bool(realized)),
            realized=realized,
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
    return spec, notes


def _subtitle_text(query: ThresholdQuery, selection: Selection, localizer: Localizer) -> str:
    """The unit, and which ranges are shaded."""
    return localizer.text(
        "purchasing.subtitle",
        unit=capitalize_first(query.unit.noun),
        inner=localizer.text(f"chances.of.{find_inner_level(selection.level)}"),
        outer=localizer.text(f"chances.of.{selection.level}"),
    )


def _alt_odds_text(query: ThresholdQuery, selection: Selection, localizer: Localizer) -> str:
    """The odds at the deadline, for the text alternative; empty where no price paths were stored."""
    odds = query.compute_odds()
    if odds is None:
        return ""
    return localizer.text(
        "purchasing.alt.odds",
        threshold=_threshold_text(query, selection, localizer),
        odds=odds_text(odds[1], localizer),
    )


def _build_threshold_line(
    query: ThresholdQuery,
    runs: list[list[tuple[float, float]]],
    steps: list[FanStep],
    threshold: str,
    localizer: Localizer,
) -> tuple[tuple[float, str] | None, tuple[str, ...]]:
    """The line of the threshold, or the note that replaces one too far from the plotted values."""
    plotted = [value for run in runs for _at, value in run]
    plotted += [value for step in steps for value in (step.low, step.high)]
    low, high = min(plotted), max(plotted)
    level, margin = query.unit.convert(query.threshold), _MAX_LINE_DISTANCE * (high - low)
    if low - margin <= level <= high + margin:
        return (level, localizer.text("purchasing.threshold.label", threshold=threshold)), ()
    return None, (localizer.text("purchasing.threshold.far", threshold=threshold),)


def _build_values_table(
    query: ThresholdQuery, view: SeriesView, selection: Selection, localizer: Localizer, digits: int
) -> TextTable:
    """The values of the chart as a table, newest first."""
    rows = []
    for index in range(len(view.forecast_ordinals) - 1, -1, -1):
        cells = (format_number(float(part[index]), localizer, digits) for part in (view.median, view.low, view.high))
        period = localizer.period(ordinal_to_period(view.forecast_ordinals[index], "M"))
        rows.append((period, localizer.text("table.expected"), *cells))
    for month, value in zip(reversed(view.ordinals), view.observed[::-1], strict=True):
        text = format_number(float(value), localizer, 5) if np.isfinite(value) else localizer.text("table.missing")
        rows.append((localizer.period(ordinal_to_period(month, "M")), localizer.text("table.observed"), text, "", ""))
    return TextTable(
        localizer.field_text(query.indicator, "title"), build_table_headers(selection.level, localizer), tuple(rows)
    )


def build_threshold_ladder(query: ThresholdQuery, localizer: Localizer) -> TextTable | None:
    """Odds of several thresholds above and below the last value; None where no price paths were stored."""
    if query.paths is None:
        return None
    rows = []
    for change in _LADDER_CHANGES:
        # Rounded as the table shows it, so that the odds are those of the threshold in the row.
        value = round_significant(query.last_value * (1 + change), count_digits(query.unit))
        odds = replace(query, threshold=value, is_above=change > 0).compute_odds()
        assert odds is not None
        rows.append(
            (
                localizer.text(
                    "purchasing.ladder.above" if change > 0 else "purchasing.ladder.below",
                    value=price_text(value, query.unit, localizer),
                    away=localizer.growth(change).replace(",0", "").replace(".0", ""),
                ),
                short_odds_text(odds[0], localizer),
                short_odds_text(odds[1], localizer),
            )
        )
    until = localizer.period(query.deadline)
    names = (localizer.text(f"purchasing.ladder.head.{name}", until=until) for name in ("threshold", "some", "then"))
    return TextTable(
        localizer.text("purchasing.ladder.caption", title=localizer.field_text(query.indicator, "title")),
        tuple(names),
        tuple(rows),
    )
