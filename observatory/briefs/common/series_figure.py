"""One series as a Figure: chart, takeaway, honest sentence, source, table."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from observatory.briefs.common.chart_context import came, shades, what_came
from observatory.briefs.common.disclosure import credit, honesty, notes_of, source_line, takeaway
from observatory.briefs.common.methodology import how, of_forecast, one
from observatory.briefs.common.methodology import series as named
from observatory.briefs.common.model import Figure, Spark, Table, Terms
from observatory.briefs.common.plots import series_plot
from observatory.briefs.common.series_view import View, runs_of, shown_until, steps_shown, view_of
from observatory.briefs.common.units import Unit, amount, number, span, unit_of
from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import PER_YEAR, middle, period
from observatory.charts.fan import Fan, Step, fan
from observatory.language import Speaker
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection
from observatory.settings import LEVELS
from observatory.timeseries import Forecast, History, Key

SPARK_YEARS = 12
COMMON_PLACES = ("WORLD", "EMU")  # common nouns: no capital inside a line
SMALL = 300  # px; smaller charts repeat nothing that the page has said


def figure(
    outlook: Outlook, key: Key, selection: Selection, speaker: Speaker, height: int, base_year: int, today: date
) -> Figure:
    """The Figure of a series. Its forecast runs to the end of `base_year` + the horizon, or as far as one is stored."""
    row = outlook.catalogue.indicators[key[0]]
    history, forecast = outlook.panel[key], outlook.forecasts.get(key)
    unit = unit_of(row, history.values, speaker)
    steps = steps_shown(history, forecast, selection, base_year, row.seasonal)
    display = selection.unit
    notes = [] if display != "log" or float(np.nanmin(history.values)) > 0 else [speaker.say("figure.no_log")]
    display = "level" if notes else display
    view = view_of(history, forecast, steps, selection, display, unit)
    end = period(history.last + steps, history.frequency) if steps else ""
    afterwards = came(outlook, key, steps, selection, display, unit) if selection.after else ()
    spec = _spec(outlook, row, history, view, display, unit, speaker, height, afterwards)
    said = _subtitle(outlook, row, key, unit, display, view, spec, speaker)
    plot = series_plot(row, history, view, display, unit, afterwards, selection, speaker) if spec else None
    if afterwards:
        notes.append(what_came(outlook, key, history.last + steps, unit, speaker))
    whole, history = history, shown_until(history, selection)
    return Figure(
        indicator=key[0],
        geo=key[1],
        item=key[2],
        role=row.role,
        title=title_of(outlook, key, speaker),
        subtitle=" ".join((said, *_tints(view, selection, speaker))),
        spec=spec,
        alt=_alt(outlook, key, unit, history, forecast, steps, end, selection, speaker),
        takeaway=takeaway(unit, history, history is not whole, forecast, steps, end, selection, speaker),
        honesty=honesty(forecast, selection, speaker) if steps or not selection.last else (),
        notes=tuple(notes) + notes_of(row, history, bool(steps), height > SMALL, speaker),
        source_line=source_line(outlook, row, history, speaker, today),
        credit=credit(outlook, row, speaker),
        table=_table(row, history, view, display, unit, selection, speaker),
        places=_places(outlook, key, speaker),
        items=_items(outlook, key, speaker),
        plot=replace(plot, subtitle=" ".join((said, *_tints(view, selection, speaker, alone=True)))) if plot else None,
        how=_how(outlook, key, display, steps, speaker),
    )


def _how(outlook: Outlook, key: Key, display: str, steps: int, speaker: Speaker) -> Terms:
    """The series, the edition, where observed and expected values come from, and the display that was chosen."""
    place = speaker.of(outlook.catalogue.geographies[key[1]], "short")
    inputs = named((one(title_of(outlook, key, speaker), place, speaker),), speaker)
    forecast = outlook.forecasts.get(key) if steps else None
    shown = [] if display == "level" else [(speaker.say(f"how.{display}"), speaker.say(f"how.{display}.text"))]
    return how(inputs, (*of_forecast(forecast, speaker), *shown), outlook, speaker)


def title_of(outlook: Outlook, key: Key, speaker: Speaker) -> str:
    """The title of a series: its indicator, then its item after a dash."""
    title = speaker.of(outlook.catalogue.indicators[key[0]], "title")
    return f"{title} \u2013 {speaker.of(outlook.catalogue.items[key[2]], 'title')}" if key[2] else title


def _spec(
    outlook: Outlook,
    row: Indicator,
    history: History,
    view: View,
    display: str,
    unit: Unit,
    speaker: Speaker,
    height: int,
    afterwards: Sequence[tuple[float, float]],
) -> Mapping[str, Any] | None:
    runs = runs_of(view, history)
    if sum(len(run) for run in runs) < 2:
        return None
    steps = [
        Step(
            middle(at, history.frequency),
            *(float(part[place]) for part in (view.median, view.inner_low, view.inner_high, view.low, view.high)),
        )
        for place, at in enumerate(view.ahead)
        if np.isfinite(view.median[place])
    ]
    signed = display == "growth"
    whole = unit.whole and display in ("level", "log")
    last_number = max(at for at, value in zip(view.numbers, view.past, strict=True) if np.isfinite(value))
    last_value = runs[-1][-1][1]
    when = speaker.period_in(period(last_number, history.frequency))
    label = f"{_figure(last_value, signed, whole, speaker, exact=True)} {when}"
    ends = None
    if steps:
        end = steps[-1]
        low, high = (_figure(value, signed, whole, speaker) for value in (end.low, end.high))
        ends = (_figure(end.median, signed, whole, speaker), low, high)
    return fan(
        Fan(
            runs=runs,
            steps=steps,
            shades=shades(outlook, speaker, history.frequency == "A", bool(afterwards)),
            came=afterwards,
            annual=history.frequency == "A",
            role=row.role,
            last_label=label,
            end_labels=ends,
            from_zero=row.from_zero and display == "level",
            logarithmic=display == "log",
            language=speaker.language,
            height=height,
            signed=signed,
        )
    )


def starts_at_zero(spec: Mapping[str, Any]) -> bool:
    """Whether the axis of values of a fan chart starts at zero or below."""
    lines = [layer["encoding"]["y"] for layer in spec["layer"] if layer.get("mark", {}).get("type") == "line"]
    return bool(lines) and lines[0]["scale"]["domain"][0] <= 0


def _figure(value: float, signed: bool, whole: bool, speaker: Speaker, exact: bool = False) -> str:
    return speaker.growth(value / 100) if signed else number(value, speaker, whole=whole, exact=exact)


def _subtitle(
    outlook: Outlook,
    row: Indicator,
    key: Key,
    unit: Unit,
    display: str,
    view: View,
    spec: Mapping[str, Any] | None,
    speaker: Speaker,
) -> str:
    place = speaker.of(outlook.catalogue.geographies[key[1]], "short")
    place = place[:1].lower() + place[1:] if key[1] in COMMON_PLACES else place
    if display == "growth":
        parts = [speaker.say("figure.growth", place=place)]
    elif display == "index":
        known = [at for at, value in zip(view.numbers, view.past, strict=True) if np.isfinite(value)]
        when = speaker.period(period(known[0], row.frequency)) if known else "-"
        parts = [speaker.say("figure.index", place=place, period=when)]
    else:
        noun = unit.noun
        if row.kind == "flow":
            noun = speaker.say(f"unit.per.{row.frequency}", unit=noun)
        parts = [speaker.say("figure.unit", unit=noun[:1].upper() + noun[1:], place=place)]
        if display == "log":
            parts.append(speaker.say("figure.log"))
        elif spec is not None and not starts_at_zero(spec):
            parts.append(speaker.say("figure.not_from_zero"))
    return " ".join(parts)


def _tints(view: View, selection: Selection, speaker: Speaker, alone: bool = False) -> tuple[str, ...]:
    """What the tints of the fan mean; `alone` where only the outer one is drawn."""
    if not len(view.ahead):
        return ()
    inner = LEVELS[max(LEVELS.index(selection.level) - 1, 0)]
    outer = speaker.say(f"chances.of.{selection.level}")
    if alone or inner == selection.level:
        return (speaker.say("figure.tint", outer=outer),)
    return (speaker.say("figure.tints", inner=speaker.say(f"chances.of.{inner}"), outer=outer),)


def _alt(
    outlook: Outlook,
    key: Key,
    unit: Unit,
    history: History,
    forecast: Forecast | None,
    steps: int,
    end: str,
    selection: Selection,
    speaker: Speaker,
) -> str:
    title = title_of(outlook, key, speaker)
    last = amount(float(history.values[-1]), unit, speaker)
    said = speaker.say(
        "alt.past", title=title, last=last, period_in=speaker.period_in(period(history.last, history.frequency))
    )
    if forecast is None or not steps:
        return said
    low, high, _unit = span(forecast, steps, selection.level, unit, speaker)
    expected = amount(float(forecast.median[steps - 1]), unit, speaker, exact=False)
    return (
        said + " " + speaker.say("alt.ahead", expected=expected, period_in=speaker.period_in(end), low=low, high=high)
    )


def _table(
    row: Indicator, history: History, view: View, display: str, unit: Unit, selection: Selection, speaker: Speaker
) -> Table:
    """The figures of the chart, newest first: expected ones with their range, then observed ones."""
    signed = display == "growth"
    whole = unit.whole and display in ("level", "log")
    rows = []
    for place in range(len(view.ahead) - 1, -1, -1):
        figures = [float(part[place]) for part in (view.median, view.low, view.high)]
        if np.isfinite(figures[0]):
            median, low, high = (_figure(value, signed, whole, speaker) for value in figures)
            rows.append(
                (
                    speaker.period(period(view.ahead[place], history.frequency)),
                    speaker.say("table.expected"),
                    median,
                    low,
                    high,
                )
            )
    for at, value in zip(reversed(view.numbers), view.past[::-1], strict=True):
        shown = _exact(float(value), signed, speaker) if np.isfinite(value) else speaker.say("table.missing")
        rows.append((speaker.period(period(at, history.frequency)), speaker.say("table.observed"), shown, "", ""))
    return Table(speaker.of(row, "title"), heads(selection.level, speaker), tuple(rows))


def heads(level: int, speaker: Speaker) -> tuple[str, ...]:
    """The heads of a table of observed and expected values."""
    first = tuple(speaker.say(f"table.{name}") for name in ("period", "nature", "value"))
    return first + tuple(speaker.say(f"table.{side}", level=level) for side in ("low", "high"))


def _exact(value: float, signed: bool, speaker: Speaker) -> str:
    if signed:
        return speaker.growth(value / 100)
    return speaker.number(value) if value == round(value) or abs(value) >= 1e5 else number(value, speaker, 5)


def _places(outlook: Outlook, key: Key, speaker: Speaker) -> tuple[tuple[str, str], ...]:
    places = dict.fromkeys(geo for _indicator, geo, _item in outlook.series(key[0]))
    return tuple((geo, speaker.of(outlook.catalogue.geographies[geo], "short")) for geo in places)


def _items(outlook: Outlook, key: Key, speaker: Speaker) -> tuple[tuple[str, str], ...]:
    found = [item for _indicator, geo, item in outlook.series(key[0]) if geo == key[1]]
    total = speaker.say("control.total")
    return tuple((item, speaker.of(outlook.catalogue.items[item], "title") if item else total) for item in found)


def spark_of(history: History, forecast: Forecast | None, label: str) -> Spark | None:
    """The sparkline of a series: the latest 12 years (its last value of each), then the years expected."""
    per_year = PER_YEAR[history.frequency]
    past = history.values[::-1][::per_year][:SPARK_YEARS][::-1]
    past = past[np.isfinite(past)]
    if len(past) < 3:
        return None
    return Spark(tuple(float(value) for value in past), _years_ahead(forecast, per_year), label)


def _years_ahead(forecast: Forecast | None, per_year: int) -> tuple[tuple[float, float, float], ...]:
    """Median, low and high of a forecast at the end of each of its first three years."""
    if forecast is None:
        return ()
    at = LEVELS.index(80)
    steps = range(per_year - 1, min(len(forecast.median), 3 * per_year), per_year)
    paths = (forecast.median, forecast.low[:, at], forecast.high[:, at])
    return tuple((float(paths[0][step]), float(paths[1][step]), float(paths[2][step])) for step in steps)
