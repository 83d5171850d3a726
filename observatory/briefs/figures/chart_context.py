"""Context of a chart: crises as shaded spans, and values observed after the day of a reconstructed outlook."""

from dataclasses import replace
from datetime import date

import numpy as np

from observatory.briefs.common.context import Context
from observatory.briefs.common.units import DisplayUnit, format_amount
from observatory.briefs.figures.series_view import DEFAULT_YEARS_SHOWN, build_series_view
from observatory.catalogue.periods import PERIODS_PER_YEAR, midpoint_year, ordinal_to_period
from observatory.charts.base import CrisisShade
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection
from observatory.timeseries import SeriesKey


def build_realized_points(
    outlook: Outlook, key: SeriesKey, steps: int, selection: Selection, display: str, unit: DisplayUnit
) -> tuple[tuple[float, float], ...]:
    """Values (decimal year, value in the display) observed after the day of a reconstructed outlook.

    They cover the `steps` of the forecast that are shown; empty where nothing newer was observed, or where the
    selection ends in a year of its own.
    """
    history, later = outlook.panel[key], outlook.later_panel.get(key)
    if later is None or not steps or selection.last:
        return ()
    extended = later.truncate(history.last + steps) or history
    # The first year is that of the chart: counted back from the newer end, an index would have another base.
    default_first = history.last // PERIODS_PER_YEAR[history.frequency] - DEFAULT_YEARS_SHOWN + 1
    same_years = replace(selection, first=selection.first or default_first)
    view = build_series_view(extended, None, 0, same_years, display, unit)
    return tuple(
        (midpoint_year(ordinal, history.frequency), float(value))
        for ordinal, value in zip(view.ordinals, view.observed, strict=True)
        if ordinal > history.last and np.isfinite(value)
    )


def realized_text(context: Context, key: SeriesKey, last: int, unit: DisplayUnit) -> str:
    """The sentence on the last value that a reconstructed series had by the period `last` (ordinal)."""
    localizer = context.localizer
    realized = context.outlook.later_panel[key].truncate(last)
    assert realized is not None
    amount = format_amount(float(realized.values[-1]), unit, localizer)
    when = localizer.period_phrase(ordinal_to_period(realized.last, realized.frequency))
    return localizer.text("figure.came", amount=amount, period_in=when)


def build_event_shades(context: Context, *, annual: bool, show_realized: bool = False) -> list[CrisisShade]:
    """The crises to shade, in decimal years; one that has not ended runs to the day of the outlook.

    On a chart of yearly points a shade covers whole years: those of which the crisis fills at least half. A crisis that
    began after the day of the outlook was not known then: it is shaded only on a chart that shows realized values.
    """
    outlook = context.outlook
    shades = []
    for event in outlook.catalogue.events:
        name = context.localizer.field_text(event, "short")
        if name and (show_realized or event.start <= outlook.day):
            end_day = event.end if event.end and (show_realized or event.end <= outlook.day) else outlook.day
            start, end = _to_decimal_year(event.start), _to_decimal_year(max(end_day, event.start))
            if annual:
                start, end = float(round(start)), max(float(round(end)), round(start) + 1.0)
            shades.append(CrisisShade(start, max(end, start + 0.25), name))
    return shades


def _to_decimal_year(day: date) -> float:
    return day.year + (day.timetuple().tm_yday - 1) / 365.25
