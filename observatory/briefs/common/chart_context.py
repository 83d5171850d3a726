"""What stands behind a chart: the crises of its years, and what came after the day of a rebuilt outlook."""

from dataclasses import replace
from datetime import date

import numpy as np

from observatory.briefs.common.series_view import YEARS_SHOWN, view_of
from observatory.briefs.common.units import Unit, amount
from observatory.catalogue.periods import PER_YEAR, middle, period
from observatory.charts.fan import Shade
from observatory.language import Speaker
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection
from observatory.timeseries import Key


def came(
    outlook: Outlook, key: Key, steps: int, selection: Selection, display: str, unit: Unit
) -> tuple[tuple[float, float], ...]:
    """What a reconstructed series became after its last known value, as far as its forecast goes, in the display."""
    known, later = outlook.panel[key], outlook.later.get(key)
    if later is None or not steps or selection.last:
        return ()
    whole = later.until(known.last + steps) or known
    chosen = replace(selection, first=selection.first or known.last // PER_YEAR[known.frequency] - YEARS_SHOWN + 1)
    view = view_of(whole, None, 0, chosen, display, unit)
    return tuple(
        (middle(at, known.frequency), float(value))
        for at, value in zip(view.numbers, view.past, strict=True)
        if at > known.last and np.isfinite(value)
    )


def what_came(outlook: Outlook, key: Key, last: int, unit: Unit, speaker: Speaker) -> str:
    """The sentence on the last value of a rebuilt series that came by a period."""
    whole = outlook.later[key].until(last)
    assert whole is not None
    when = speaker.period_in(period(whole.last, whole.frequency))
    return speaker.say("figure.came", amount=amount(float(whole.values[-1]), unit, speaker), period_in=when)


def shades(outlook: Outlook, speaker: Speaker, annual: bool, afterwards: bool = False) -> list[Shade]:
    """The crises that are shaded, in decimal years; one that has not ended runs to the day of the vintage.

    Behind yearly points they cover the whole years of which they fill at least half. Nobody knew then of a crisis that
    began after the day of the outlook: it is shaded only behind what came `afterwards`.
    """
    found = []
    for event in outlook.catalogue.events:
        name = speaker.of(event, "short")
        if name and (afterwards or event.start <= outlook.day):
            over = event.end if event.end and (afterwards or event.end <= outlook.day) else outlook.day
            start, end = _decimal(event.start), _decimal(max(over, event.start))
            if annual:
                start, end = float(round(start)), max(float(round(end)), round(start) + 1.0)
            found.append(Shade(start, max(end, start + 0.25), name))
    return found


def _decimal(day: date) -> float:
    return day.year + (day.timetuple().tm_yday - 1) / 365.25
