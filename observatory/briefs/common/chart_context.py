"""What stands behind a chart: the crises of its years, and what came after the day of a rebuilt outlook."""

from dataclasses import replace
from datetime import date

import numpy as np

from observatory.briefs.common.context import Context
from observatory.briefs.common.series_view import DEFAULT_YEARS_SHOWN, build_series_view
from observatory.briefs.common.units import DisplayUnit, format_amount
from observatory.catalogue.periods import PERIODS_PER_YEAR, midpoint_year, ordinal_to_period
from observatory.charts.base import CrisisShade
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection
from observatory.timeseries import SeriesKey


def build_realized_points(
    outlook: Outlook, key: SeriesKey, steps: int, selection: Selection, display: str, unit: DisplayUnit
) -> tuple[tuple[float, float], ...]:
    """What a reconstructed series became after its last known value, as far as its forecast goes, in the display."""
    known, later = outlook.panel[key], outlook.later_panel.get(key)
    if later is None or not steps or selection.last:
        return ()
    whole = later.truncate(known.last + steps) or known
    chosen = replace(
        selection, first=selection.first or known.last // PERIODS_PER_YEAR[known.frequency] - DEFAULT_YEARS_SHOWN + 1
    )
    view = build_series_view(whole, None, 0, chosen, display, unit)
    return tuple(
        (midpoint_year(at, known.frequency), float(value))
        for at, value in zip(view.ordinals, view.observed, strict=True)
        if at > known.last and np.isfinite(value)
    )


def realized_text(context: Context, key: SeriesKey, last: int, unit: DisplayUnit) -> str:
    """The sentence on the last value of a rebuilt series that came by a period."""
    localizer = context.localizer
    whole = context.outlook.later_panel[key].truncate(last)
    assert whole is not None
    when = localizer.period_phrase(ordinal_to_period(whole.last, whole.frequency))
    return localizer.text("figure.came", amount=format_amount(float(whole.values[-1]), unit, localizer), period_in=when)


def build_event_shades(context: Context, annual: bool, show_realized: bool = False) -> list[CrisisShade]:
    """The crises that are shaded, in decimal years; one that has not ended runs to the day of the vintage.

    Behind yearly points they cover the whole years of which they fill at least half. Nobody knew then of a crisis that
    began after the day of the outlook: it is shaded only behind what came `afterwards`.
    """
    outlook = context.outlook
    found = []
    for event in outlook.catalogue.events:
        name = context.localizer.field_text(event, "short")
        if name and (show_realized or event.start <= outlook.day):
            over = event.end if event.end and (show_realized or event.end <= outlook.day) else outlook.day
            start, end = _to_decimal_year(event.start), _to_decimal_year(max(over, event.start))
            if annual:
                start, end = float(round(start)), max(float(round(end)), round(start) + 1.0)
            found.append(CrisisShade(start, max(end, start + 0.25), name))
    return found


def _to_decimal_year(day: date) -> float:
    return day.year + (day.timetuple().tm_yday - 1) / 365.25
