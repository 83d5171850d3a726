"""One series as a Figure: chart, takeaway, honest sentence, source, table."""

from collections.abc import Mapping, Sequence
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
from observatory.briefs.common.methodology import build_forecast_terms, build_methodology, series_list_text, series_text
from observatory.briefs.common.model import Figure, Sparkline, Terms, TextTable
from observatory.briefs.common.plots import build_series_plot
from observatory.briefs.common.series_view import (
    SeriesView,
    build_series_view,
    count_shown_steps,
    split_at_gaps,
    truncate_to_selection,
)
from observatory.briefs.common.units import DisplayUnit, choose_unit, format_amount, format_interval, format_number
from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import PERIODS_PER_YEAR, midpoint_year, ordinal_to_period
from observatory.charts.fan import FanChart, FanStep, build_fan_chart
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection
from observatory.settings import INTERVAL_LEVELS
from observatory.timeseries import Forecast, SeriesKey, TimeSeries

_SPARKLINE_YEARS = 12
COMMON_NOUN_PLACES = ("WORLD", "EMU")  # common nouns: no capital inside a line
_SMALL_HEIGHT_PX = 300  # px; smaller charts repeat nothing that the page has said


def build_series_figure(context: Context, key: SeriesKey, height: int, base_year: int) -> Figure:
    """The Figure of a series. Its forecast runs to the end of `base_year` + the horizon, or as far as one is stored."""
    outlook, selection, localizer = context.outlook, context.selection, context.localizer
    row = outlook.catalogue.indicators[key[0]]
    history, forecast = outlook.panel[key], outlook.forecasts.get(key)
    unit = choose_unit(row, history.values, localizer)
    steps = count_shown_steps(history, forecast, selection, base_year, row.is_seasonal)
    display = selection.unit
    notes = [] if display != "log" or float(np.nanmin(history.values)) > 0 else [localizer.text("figure.no_log")]
    display = "level" if notes else display
    view = build_series_view(history, forecast, steps, selection, display, unit)
    end = ordinal_to_period(history.last + steps, history.frequency) if steps else ""
    afterwards = build_realized_points(outlook, key, steps, selection, display, unit) if selection.after else ()
    spec = _build_spec(context, row, history, view, display, unit, height, afterwards)
    said = _subtitle_text(context, row, key, unit, display, view, spec)
    plot = build_series_plot(row, history, view, display, unit, afterwards, selection, localizer) if spec else None
    if afterwards:
        notes.append(realized_text(context, key, history.last + steps, unit))
    whole, history = history, truncate_to_selection(history, selection)
    return Figure(
        indicator=key[0],
        geo=key[1],
        item=key[2],
        role=row.role,
        title=format_series_title(outlook, key, localizer),
        subtitle=" ".join((said, *_tint_texts(view, selection, localizer))),
        spec=spec,
        alt=_alt_text(context, key, unit, history, forecast, steps, end),
        takeaway=takeaway_text(unit, history, history is not whole, forecast, steps, end, selection, localizer),
        disclosures=build_disclosures(forecast, selection, localizer) if steps or not selection.last else (),
        notes=tuple(notes) + build_notes(row, history, bool(steps), height > _SMALL_HEIGHT_PX, localizer),
        source_line=source_line_text(context, row, history),
        provenance=build_provenance(context, row),
        table=_build_table(row, history, view, display, unit, selection, localizer),
        geo_options=_list_geo_options(context, key),
        item_options=_list_item_options(context, key),
        plot_data=replace(plot, subtitle=" ".join((said, *_tint_texts(view, selection, localizer, outer_only=True))))
        if plot
        else None,
        methodology=_build_methodology(context, key, display, steps),
    )


def _build_methodology(context: Context, key: SeriesKey, display: str, steps: int) -> Terms:
    """The series, the edition, where observed and expected values come from, and the display that was chosen."""
    outlook, localizer = context.outlook, context.localizer
    place = localizer.field_text(outlook.catalogue.geographies[key[1]], "short")
    inputs = series_list_text((series_text(format_series_title(outlook, key, localizer), place, localizer),), localizer)
    forecast = outlook.forecasts.get(key) if steps else None
    shown = [] if display == "level" else [(localizer.text(f"how.{display}"), localizer.text(f"how.{display}.text"))]
    return build_methodology(context, inputs, (*build_forecast_terms(forecast, localizer), *shown))


def format_series_title(outlook: Outlook, key: SeriesKey, localizer: Localizer) -> str:
    """The title of a series: its indicator, then its item after a dash."""
    title = localizer.field_text(outlook.catalogue.indicators[key[0]], "title")
    return f"{title} \u2013 {localizer.field_text(outlook.catalogue.items[key[2]], 'title')}" if key[2] else title


def _build_spec(
    context: Context,
    indicator: Indicator,
    history: TimeSeries,
    view: SeriesView,
    display: str,
    unit: DisplayUnit,
    height: int,
    realized: Sequence[tuple[float, float]],
) -> Mapping[str, Any] | None:
    localizer = context.localizer
    runs = split_at_gaps(view, history)
    if sum(len(run) for run in runs) < 2:
        return None
    steps = [
        FanStep(
            midpoint_year(at, history.frequency),
            *(float(part[place]) for part in (view.median, view.inner_low, view.inner_high, view.low, view.high)),
        )
        for place, at in enumerate(view.forecast_ordinals)
        if np.isfinite(view.median[place])
    ]
    signed = display == "growth"
    whole = unit.whole and display in ("level", "log")
    last_number = max(at for at, value in zip(view.ordinals, view.observed, strict=True) if np.isfinite(value))
    last_value = runs[-1][-1][1]
    when = localizer.period_phrase(ordinal_to_period(last_number, history.frequency))
    label = f"{_format_value(last_value, signed, whole, localizer, exact=True)} {when}"
    ends = None
    if steps:
        end = steps[-1]
        low, high = (_format_value(value, signed, whole, localizer) for value in (end.low, end.high))
        ends = (_format_value(end.median, signed, whole, localizer), low, high)
    return build_fan_chart(
        FanChart(
            runs=runs,
            steps=steps,
            shades=build_event_shades(context, history.frequency == "A", bool(realized)),
            realized=realized,
            annual=history.frequency == "A",
            role=indicator.role,
            last_label=label,
            end_labels=ends,
            from_zero=indicator.starts_at_zero and display == "level",
            logarithmic=display == "log",
            language=localizer.language,
            height=height,
            signed=signed,
        )
    )


def starts_at_zero(spec: Mapping[str, Any]) -> bool:
    """Whether the axis of values of a fan chart starts at zero or below."""
    lines = [layer["encoding"]["y"] for layer in spec["layer"] if layer.get("mark", {}).get("type") == "line"]
    return bool(lines) and lines[0]["scale"]["domain"][0] <= 0


def _format_value(value: float, signed: bool, whole: bool, localizer: Localizer, exact: bool = False) -> str:
    return localizer.growth(value / 100) if signed else format_number(value, localizer, whole=whole, exact=exact)


def _subtitle_text(
    context: Context,
    indicator: Indicator,
    key: SeriesKey,
    unit: DisplayUnit,
    display: str,
    view: SeriesView,
    spec: Mapping[str, Any] | None,
) -> str:
    localizer = context.localizer
    place = localizer.field_text(context.outlook.catalogue.geographies[key[1]], "short")
    place = place[:1].lower() + place[1:] if key[1] in COMMON_NOUN_PLACES else place
    if display == "growth":
        parts = [localizer.text("figure.growth", place=place)]
    elif display == "index":
        known = [at for at, value in zip(view.ordinals, view.observed, strict=True) if np.isfinite(value)]
        when = localizer.period(ordinal_to_period(known[0], indicator.frequency)) if known else "-"
        parts = [localizer.text("figure.index", place=place, period=when)]
    else:
        noun = unit.noun
        if indicator.kind == "flow":
            noun = localizer.text(f"unit.per.{indicator.frequency}", unit=noun)
        parts = [localizer.text("figure.unit", unit=noun[:1].upper() + noun[1:], place=place)]
        if display == "log":
            parts.append(localizer.text("figure.log"))
        elif spec is not None and not starts_at_zero(spec):
            parts.append(localizer.text("figure.not_from_zero"))
    return " ".join(parts)


def _tint_texts(
    view: SeriesView, selection: Selection, localizer: Localizer, outer_only: bool = False
) -> tuple[str, ...]:
    """What the tints of the fan mean; `alone` where only the outer one is drawn."""
    if not len(view.forecast_ordinals):
        return ()
    inner = INTERVAL_LEVELS[max(INTERVAL_LEVELS.index(selection.level) - 1, 0)]
    outer = localizer.text(f"chances.of.{selection.level}")
    if outer_only or inner == selection.level:
        return (localizer.text("figure.tint", outer=outer),)
    return (localizer.text("figure.tints", inner=localizer.text(f"chances.of.{inner}"), outer=outer),)


def _alt_text(
    context: Context,
    key: SeriesKey,
    unit: DisplayUnit,
    history: TimeSeries,
    forecast: Forecast | None,
    steps: int,
    end_period: str,
) -> str:
    localizer = context.localizer
    title = format_series_title(context.outlook, key, localizer)
    last = format_amount(float(history.values[-1]), unit, localizer)
    said = localizer.text(
        "alt.past",
        title=title,
        last=last,
        period_in=localizer.period_phrase(ordinal_to_period(history.last, history.frequency)),
    )
    if forecast is None or not steps:
        return said
    low, high, _unit = format_interval(forecast, steps, context.selection.level, unit, localizer)
    expected = format_amount(float(forecast.median[steps - 1]), unit, localizer, exact=False)
    return (
        said
        + " "
        + localizer.text(
            "alt.ahead", expected=expected, period_in=localizer.period_phrase(end_period), low=low, high=high
        )
    )


def _build_table(
    indicator: Indicator,
    history: TimeSeries,
    view: SeriesView,
    display: str,
    unit: DisplayUnit,
    selection: Selection,
    localizer: Localizer,
) -> TextTable:
    """The figures of the chart, newest first: expected ones with their range, then observed ones."""
    signed = display == "growth"
    whole = unit.whole and display in ("level", "log")
    rows = []
    for place in range(len(view.forecast_ordinals) - 1, -1, -1):
        figures = [float(part[place]) for part in (view.median, view.low, view.high)]
        if np.isfinite(figures[0]):
            median, low, high = (_format_value(value, signed, whole, localizer) for value in figures)
            rows.append(
                (
                    localizer.period(ordinal_to_period(view.forecast_ordinals[place], history.frequency)),
                    localizer.text("table.expected"),
                    median,
                    low,
                    high,
                )
            )
    for at, value in zip(reversed(view.ordinals), view.observed[::-1], strict=True):
        shown = (
            _format_observed(float(value), signed, localizer) if np.isfinite(value) else localizer.text("table.missing")
        )
        rows.append(
            (
                localizer.period(ordinal_to_period(at, history.frequency)),
                localizer.text("table.observed"),
                shown,
                "",
                "",
            )
        )
    return TextTable(
        localizer.field_text(indicator, "title"), build_table_headers(selection.level, localizer), tuple(rows)
    )


def build_table_headers(level: int, localizer: Localizer) -> tuple[str, ...]:
    """The heads of a table of observed and expected values."""
    first = tuple(localizer.text(f"table.{name}") for name in ("period", "nature", "value"))
    return first + tuple(localizer.text(f"table.{side}", level=level) for side in ("low", "high"))


def _format_observed(value: float, signed: bool, localizer: Localizer) -> str:
    if signed:
        return localizer.growth(value / 100)
    return localizer.number(value) if value == round(value) or abs(value) >= 1e5 else format_number(value, localizer, 5)


def _list_geo_options(context: Context, key: SeriesKey) -> tuple[tuple[str, str], ...]:
    places = dict.fromkeys(geo for _indicator, geo, _item in context.outlook.list_series(key[0]))
    return tuple(
        (geo, context.localizer.field_text(context.outlook.catalogue.geographies[geo], "short")) for geo in places
    )


def _list_item_options(context: Context, key: SeriesKey) -> tuple[tuple[str, str], ...]:
    found = [item for _indicator, geo, item in context.outlook.list_series(key[0]) if geo == key[1]]
    total = context.localizer.text("control.total")
    return tuple(
        (item, context.localizer.field_text(context.outlook.catalogue.items[item], "title") if item else total)
        for item in found
    )


def build_sparkline(history: TimeSeries, forecast: Forecast | None, label: str) -> Sparkline | None:
    """The sparkline of a series: the latest 12 years (its last value of each), then the years expected."""
    per_year = PERIODS_PER_YEAR[history.frequency]
    past = history.values[::-1][::per_year][:_SPARKLINE_YEARS][::-1]
    past = past[np.isfinite(past)]
    if len(past) < 3:
        return None
    return Sparkline(tuple(float(value) for value in past), _select_year_ends(forecast, per_year), label)


def _select_year_ends(forecast: Forecast | None, per_year: int) -> tuple[tuple[float, float, float], ...]:
    """Median, low and high of a forecast at the end of each of its first three years."""
    if forecast is None:
        return ()
    at = INTERVAL_LEVELS.index(80)
    steps = range(per_year - 1, min(len(forecast.median), 3 * per_year), per_year)
    paths = (forecast.median, forecast.low[:, at], forecast.high[:, at])
    return tuple((float(paths[0][step]), float(paths[1][step]), float(paths[2][step])) for step in steps)
