"""Figure of one series: chart, takeaway, disclosures on its forecasts, source, data table."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Figure, PlotData, Sparkline, Terms
from observatory.briefs.common.series_names import format_series_title, inputs_text
from observatory.briefs.common.units import DisplayUnit, choose_unit, format_amount, format_interval, format_number
from observatory.briefs.figures.chart_context import build_realized_points, realized_text
from observatory.briefs.figures.disclosure import (
    build_disclosures,
    build_notes,
    build_provenance,
    part_of_drawn_note,
    source_line_text,
    takeaway_text,
)
from observatory.briefs.figures.fan import Fan, FanFormats, build_fan, starts_at_zero
from observatory.briefs.figures.methodology import build_forecast_terms, build_methodology
from observatory.briefs.figures.plots import build_series_plot
from observatory.briefs.figures.series_view import (
    DisplayedSeries,
    SeriesView,
    ShownForecast,
    build_series_view,
    count_shown_steps,
    truncate_to_selection,
)
from observatory.catalogue.periods import PERIODS_PER_YEAR, ordinal_to_period
from observatory.language import Localizer
from observatory.selection import Selection
from observatory.settings import INTERVAL_LEVELS
from observatory.timeseries import Forecast, SeriesKey, TimeSeries
from observatory.typography import capitalize_first, lowercase_first

_SPARKLINE_YEARS = 12
COMMON_NOUN_PLACES = ("WORLD", "EMU")  # geographies whose name is a common noun: no capital inside a sentence
_SMALL_HEIGHT_PX = 300  # charts up to this height omit the notes that their page shows already


def build_series_figure(context: Context, key: SeriesKey, height: int, base_year: int) -> Figure:
    """The Figure of a series, `height` px high; its forecast ends `base_year` + the horizon, or where it is stored to.

    A display on a logarithmic axis falls back to levels, with a note, where a value is not positive.
    """
    outlook, selection, localizer = context.outlook, context.selection, context.localizer
    indicator = outlook.catalogue.indicators[key[0]]
    history, forecast = outlook.panel[key], outlook.forecasts.get(key)
    unit = choose_unit(indicator, history.values, localizer)
    steps = count_shown_steps(history, forecast, selection, base_year, seasonal=indicator.is_seasonal)
    display = selection.unit
    notes = [] if display != "log" or float(np.nanmin(history.values)) > 0 else [localizer.text("figure.no_log")]
    display = "level" if notes else display
    view = build_series_view(history, forecast, steps, selection, display, unit)
    shown = DisplayedSeries(display, indicator, history, view, unit)
    end_period = ordinal_to_period(history.last + steps, history.frequency) if steps else ""
    ahead = ShownForecast(forecast, steps, end_period) if forecast is not None and steps else None
    realized = build_realized_points(outlook, key, steps, selection, display, unit) if selection.after else ()
    if realized:
        notes.append(realized_text(context, key, history.last + steps, unit))
    spec, table = build_fan(context, _describe_fan(shown, selection.level, realized, height, localizer))
    subtitle = _subtitle_text(context, shown, spec)
    past = truncate_to_selection(history, selection)
    return Figure(
        indicator=key[0],
        geo=key[1],
        item=key[2],
        role=indicator.role,
        title=format_series_title(outlook, key, localizer),
        subtitle=" ".join((subtitle, *_interval_shade_texts(view, selection, localizer))),
        spec=spec,
        alt=_alt_text(context, past, unit, ahead),
        takeaway=takeaway_text(context, past, unit, ahead, is_truncated=past is not history),
        disclosures=_build_disclosures(context, key) if steps or not selection.last else (),
        notes=tuple(notes)
        + (part_of_drawn_note(context, key) if steps else ())
        + build_notes(indicator, past, localizer, has_forecast=bool(steps), is_standalone=height > _SMALL_HEIGHT_PX),
        source_line=source_line_text(context, indicator, past),
        provenance=build_provenance(context, indicator),
        table=table,
        geo_options=_list_geo_options(context, key),
        item_options=_list_item_options(context, key),
        plot_data=_build_plot(context, shown, realized, subtitle) if spec else None,
        methodology=_build_methodology(context, key, display, steps),
    )


def _build_disclosures(context: Context, key: SeriesKey) -> tuple[str, ...]:
    outlook = context.outlook
    scores = outlook.study.growth_scores.get("all") if key in outlook.drawn_series else None
    return build_disclosures(outlook.forecasts.get(key), context.selection, context.localizer, scores)


def _build_plot(
    context: Context, shown: DisplayedSeries, realized: Sequence[tuple[float, float]], subtitle: str
) -> PlotData:
    """The chart of slides and workbooks, which draws the outer interval alone."""
    selection, localizer = context.selection, context.localizer
    plot = build_series_plot(shown, realized, selection.level, localizer)
    shade_texts = _interval_shade_texts(shown.view, selection, localizer, outer_only=True)
    return replace(plot, subtitle=" ".join((subtitle, *shade_texts)))


def _build_methodology(context: Context, key: SeriesKey, display: str, steps: int) -> Terms:
    """The series, the edition, the origin of observed and expected values, and the display if it is not the level."""
    localizer = context.localizer
    forecast = context.outlook.forecasts.get(key) if steps else None
    terms = build_forecast_terms(forecast, localizer, is_drawn=key in context.outlook.drawn_series)
    if display != "level":
        terms.append((localizer.text(f"how.{display}"), localizer.text(f"how.{display}.text")))
    return build_methodology(context, inputs_text(context, (key,)), terms)


def _describe_fan(
    shown: DisplayedSeries, level: int, realized: tuple[tuple[float, float], ...], height: int, localizer: Localizer
) -> Fan:
    """The fan of a series in the display that the reader chose."""
    formats = FanFormats(
        last=lambda value: _format_value(value, shown, localizer, exact=True),
        end=lambda value: _format_value(value, shown, localizer),
        observed=lambda value: _format_observed(value, shown, localizer),
        expected=lambda value: _format_value(value, shown, localizer),
    )
    return Fan(
        title=localizer.field_text(shown.indicator, "title"),
        view=shown.view,
        frequency=shown.history.frequency,
        level=level,
        formats=formats,
        role=shown.indicator.role,
        height=height,
        realized=realized,
        from_zero=shown.indicator.starts_at_zero and shown.display == "level",
        logarithmic=shown.display == "log",
        signed=shown.is_growth,
    )


def _format_value(value: float, shown: DisplayedSeries, localizer: Localizer, *, exact: bool = False) -> str:
    """A value of the display in words, without its unit."""
    if shown.is_growth:
        return localizer.growth(value / 100)
    return format_number(value, localizer, whole=shown.is_whole, exact=exact)


def _subtitle_text(context: Context, shown: DisplayedSeries, spec: Mapping[str, Any] | None) -> str:
    """The unit of the values and the geography, then what to know about the axis."""
    localizer, indicator, view = context.localizer, shown.indicator, shown.view
    geo = shown.history.key[1]
    place = localizer.field_text(context.outlook.catalogue.geographies[geo], "short")
    place = lowercase_first(place) if geo in COMMON_NOUN_PLACES else place
    if shown.is_growth:
        parts = [localizer.text("figure.growth", place=place)]
    elif shown.display == "index":
        ordinals = [ordinal for ordinal, value in zip(view.ordinals, view.observed, strict=True) if np.isfinite(value)]
        when = localizer.period(ordinal_to_period(ordinals[0], indicator.frequency)) if ordinals else "-"
        parts = [localizer.text("figure.index", place=place, period=when)]
    else:
        noun = shown.unit.noun
        if indicator.kind == "flow":
            noun = localizer.text(f"unit.per.{indicator.frequency}", unit=noun)
        parts = [localizer.text("figure.unit", unit=capitalize_first(noun), place=place)]
        if shown.display == "log":
            parts.append(localizer.text("figure.log"))
        elif spec is not None and not starts_at_zero(spec):
            parts.append(localizer.text("figure.not_from_zero"))
    return " ".join(parts)


def _interval_shade_texts(
    view: SeriesView, selection: Selection, localizer: Localizer, *, outer_only: bool = False
) -> tuple[str, ...]:
    """Which intervals the shades of the fan stand for; `outer_only` where the inner one is not drawn."""
    if not len(view.forecast_ordinals):
        return ()
    inner = INTERVAL_LEVELS[max(INTERVAL_LEVELS.index(selection.level) - 1, 0)]
    outer = localizer.chances(selection.level)
    if outer_only or inner == selection.level:
        return (localizer.text("figure.tint", outer=outer),)
    return (localizer.text("figure.tints", inner=localizer.chances(inner), outer=outer),)


def _alt_text(context: Context, history: TimeSeries, unit: DisplayUnit, ahead: ShownForecast | None) -> str:
    """The text alternative of a chart: its title, the last value, the value expected at the end."""
    localizer = context.localizer
    past_text = localizer.text(
        "alt.past",
        title=format_series_title(context.outlook, history.key, localizer),
        last=format_amount(float(history.values[-1]), unit, localizer),
        period_in=localizer.period_phrase(ordinal_to_period(history.last, history.frequency)),
    )
    if ahead is None:
        return past_text
    low, high, _high_amount = format_interval(ahead.forecast, ahead.steps, context.selection.level, unit, localizer)
    ahead_text = localizer.text(
        "alt.ahead",
        expected=format_amount(float(ahead.forecast.median[ahead.steps - 1]), unit, localizer, exact=False),
        period_in=localizer.period_phrase(ahead.end_period),
        low=low,
        high=high,
    )
    return f"{past_text} {ahead_text}"


def _format_observed(value: float, shown: DisplayedSeries, localizer: Localizer) -> str:
    """An observed value with all its digits where they are few, else with five significant ones."""
    if shown.is_growth:
        return localizer.growth(value / 100)
    return localizer.number(value) if value == round(value) or abs(value) >= 1e5 else format_number(value, localizer, 5)


def _list_geo_options(context: Context, key: SeriesKey) -> tuple[tuple[str, str], ...]:
    places = dict.fromkeys(geo for _indicator, geo, _item in context.outlook.list_series(key[0]))
    return tuple(
        (geo, context.localizer.field_text(context.outlook.catalogue.geographies[geo], "short")) for geo in places
    )


def _list_item_options(context: Context, key: SeriesKey) -> tuple[tuple[str, str], ...]:
    items = [item for _indicator, geo, item in context.outlook.list_series(key[0]) if geo == key[1]]
    total = context.localizer.text("control.total")
    return tuple(
        (item, context.localizer.field_text(context.outlook.catalogue.items[item], "title") if item else total)
        for item in items
    )


def build_sparkline(history: TimeSeries, forecast: Forecast | None, label: str) -> Sparkline | None:
    """The sparkline of a series: a value a year over the last 12 years, then its forecast; None below three values."""
    per_year = PERIODS_PER_YEAR[history.frequency]
    past = history.values[::-1][::per_year][:_SPARKLINE_YEARS][::-1]
    past = past[np.isfinite(past)]
    if len(past) < 3:
        return None
    return Sparkline(tuple(float(value) for value in past), _select_year_ends(forecast, per_year), label)


def _select_year_ends(forecast: Forecast | None, per_year: int) -> tuple[tuple[float, float, float], ...]:
    """Median, low and high (80 %) of a forecast at the end of each of its first three years."""
    if forecast is None:
        return ()
    level_index = INTERVAL_LEVELS.index(80)
    steps = range(per_year - 1, min(len(forecast.median), 3 * per_year), per_year)
    paths = (forecast.median, forecast.low[:, level_index], forecast.high[:, level_index])
    return tuple((float(paths[0][step]), float(paths[1][step]), float(paths[2][step])) for step in steps)
