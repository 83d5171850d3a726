"""Builds the chart of one input with the reader's threshold as a line, and the table of odds of other thresholds."""

from dataclasses import replace

import numpy as np

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Figure, TextTable
from observatory.briefs.common.number_input import format_grouped
from observatory.briefs.common.units import format_number
from observatory.briefs.figures.chart_context import build_realized_points, realized_text
from observatory.briefs.figures.disclosure import (
    build_disclosures,
    build_notes,
    build_provenance,
    source_line_text,
    takeaway_text,
)
from observatory.briefs.figures.fan import Fan, FanFormats, build_fan
from observatory.briefs.figures.plots import build_series_plot
from observatory.briefs.figures.series_view import DisplayedSeries, SeriesView, ShownForecast, build_series_view
from observatory.briefs.purchasing.methodology import build_input_methodology
from observatory.briefs.purchasing.model import (
    ThresholdQuery,
    find_inner_level,
)
from observatory.briefs.purchasing.odds import odds_text, short_odds_text
from observatory.briefs.purchasing.price_units import count_digits, price_text, price_title
from observatory.language import Localizer, count_decimals, round_significant
from observatory.outlook.purchasing.euro_prices import convert_later_values
from observatory.selection import Selection
from observatory.typography import capitalize_first

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
        "title": price_title(query.indicator, localizer, is_converted=query.is_converted),
        "threshold": _threshold_text(query, selection, localizer),
        "unit": f"({noun})" if query.unit.is_bracketed else noun,
        "until": localizer.period(query.deadline),
        "until_in": deadline_text(query, localizer),
        "last": localizer.period(query.find_month(0)),
    }


def build_threshold_figure(context: Context, query: ThresholdQuery) -> Figure:
    """Chart of the last ten years and the forecast of one input, with the threshold as a horizontal line."""
    selection, localizer = context.selection, context.localizer
    first = selection.first or query.history.last // 12 - _HISTORY_YEARS + 1
    chosen = replace(selection, unit="level", last=0, first=first)
    view = build_series_view(query.history, query.forecast, query.months_ahead, chosen, "level", query.unit)
    row, key = query.indicator, context.outlook.headline_key(query.indicator)
    digits = count_digits(query.unit)
    shown = _show_later_values(context, query)
    realized = (
        build_realized_points(shown.outlook, key, query.months_ahead, chosen, "level", query.unit)
        if selection.after
        else ()
    )
    line, threshold_notes = _build_threshold_line(query, view, selection, localizer)
    title = _title_text(query, localizer)
    fan = Fan(
        title=title,
        view=view,
        frequency="M",
        level=selection.level,
        formats=_build_formats(digits, localizer),
        role="cost",
        height=_HEIGHT_PX,
        realized=realized,
        threshold=line,
    )
    spec, table = build_fan(context, fan)
    shown_forecast = ShownForecast(query.forecast, query.months_ahead, query.deadline)
    takeaway = takeaway_text(context, query.history, query.unit, shown_forecast, digits=digits)
    return Figure(
        indicator=row.id,
        geo=row.headline_geo,
        item=row.headline_item,
        role=row.role,
        title=title,
        subtitle=_subtitle_text(query, selection, localizer),
        spec=spec,
        alt=f"{title}. {takeaway} {_alt_odds_text(query, selection, localizer)}".strip(),
        takeaway=takeaway,
        disclosures=_list_disclosures(context, query),
        notes=(*threshold_notes, *_list_notes(context, query, shown if realized else None)),
        source_line=source_line_text(context, row, context.outlook.panel[key]),
        provenance=build_provenance(context, row),
        table=table,
        plot_data=build_series_plot(
            DisplayedSeries("level", row, query.history, view, query.unit), realized, selection.level, localizer
        ),
        methodology=build_input_methodology(context, row),
    )


def _list_notes(context: Context, query: ThresholdQuery, later: Context | None) -> tuple[str, ...]:
    """What followed, if `later` has it; how the price was converted; what is to be known of the series."""
    key, last = context.outlook.headline_key(query.indicator), query.history.last + query.months_ahead
    return (
        *(() if later is None else (realized_text(later, key, last, query.unit),)),
        *((conversion_text(context, query),) if query.is_converted else ()),
        *build_notes(query.indicator, query.history, context.localizer, has_forecast=True, is_standalone=False),
    )


def _title_text(query: ThresholdQuery, localizer: Localizer) -> str:
    title = price_title(query.indicator, localizer, is_converted=query.is_converted)
    return localizer.text("purchasing.title.euros", title=title) if query.is_converted else title


def _build_formats(digits: int, localizer: Localizer) -> FanFormats:
    return FanFormats(
        last=lambda value: format_number(value, localizer, digits, exact=True),
        end=lambda value: format_number(value, localizer, digits),
        observed=lambda value: format_number(value, localizer, 5),
        expected=lambda value: format_number(value, localizer, digits),
    )


def _show_later_values(context: Context, query: ThresholdQuery) -> Context:
    """The context with the values that followed the day of a reconstructed outlook in the currency of the query."""
    if not query.is_converted:
        return context
    key, later = query.history.key, convert_later_values(context.outlook, query.indicator)
    later_panel = {} if later is None else {key: later}
    return replace(context, outlook=replace(context.outlook, panel={key: query.history}, later_panel=later_panel))


def _list_disclosures(context: Context, query: ThresholdQuery) -> tuple[str, ...]:
    """How past forecasts did; those of a converted price were only judged as published."""
    published = context.outlook.forecasts[context.outlook.headline_key(query.indicator)]
    judged = build_disclosures(published, context.selection, context.localizer)
    if not query.is_converted:
        return judged
    return (context.localizer.text("purchasing.euros.unjudged"), *judged)


def conversion_text(context: Context, query: ThresholdQuery) -> str:
    """How a price was put in euros, or why it is in no other currency."""
    localizer, quote = context.localizer, query.quote
    month = localizer.period(query.find_month(0))
    published = context.outlook.panel[context.outlook.headline_key(query.indicator)]
    value = float(published.values[query.history.last - published.first]) if query.is_converted else 0.0
    if quote.kind == "rate" and query.is_converted:
        rate = format_number(value, localizer, 4)
        return localizer.text("purchasing.conversion.rate", code=quote.per, rate=rate, month=month)
    if query.is_converted:
        return localizer.text(
            "purchasing.conversion.dollars",
            price=format_number(value, localizer, 3, exact=True),
            rate=format_number(value / query.last_value, localizer, 4),
            month=month,
        )
    if quote.is_convertible:
        return localizer.text("purchasing.conversion.published")
    return localizer.text(f"purchasing.conversion.{quote.kind}")


def _subtitle_text(query: ThresholdQuery, selection: Selection, localizer: Localizer) -> str:
    """The unit, and which ranges are shaded."""
    return localizer.text(
        "purchasing.subtitle",
        unit=capitalize_first(query.unit.noun),
        inner=localizer.chances(find_inner_level(selection.level)),
        outer=localizer.chances(selection.level),
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
    query: ThresholdQuery, view: SeriesView, selection: Selection, localizer: Localizer
) -> tuple[tuple[float, str] | None, tuple[str, ...]]:
    """The line of the threshold, or the note that replaces one too far from the plotted values."""
    threshold = _threshold_text(query, selection, localizer)
    plotted = np.concatenate([view.observed, view.low, view.high])
    low, high = float(np.nanmin(plotted)), float(np.nanmax(plotted))
    level, margin = query.unit.convert(query.threshold), _MAX_LINE_DISTANCE * (high - low)
    if low - margin <= level <= high + margin:
        return (level, localizer.text("purchasing.threshold.label", threshold=threshold)), ()
    return None, (localizer.text("purchasing.threshold.far", threshold=threshold),)


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
    since, until = (localizer.period(query.find_month(step)) for step in (query.first_step, query.months_ahead))
    heads = (
        localizer.text("purchasing.ladder.head.threshold"),
        localizer.text("purchasing.ladder.head.some", since=since, until=until),
        localizer.text("purchasing.ladder.head.then", until=until),
    )
    return TextTable(
        localizer.text(
            "purchasing.ladder.caption", title=price_title(query.indicator, localizer, is_converted=query.is_converted)
        ),
        heads,
        tuple(rows),
    )
