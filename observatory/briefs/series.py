"""One series as a Figure: chart, takeaway, honest sentence, source, table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from observatory.briefs.brief import Credit, Figure, Spark, Table
from observatory.briefs.units import Unit, amount, number, span, unit_of
from observatory.catalogue.nouns import Event, Indicator
from observatory.catalogue.periods import PER_YEAR, last_month, middle, month_of, period
from observatory.charts.fan import Fan, Shade, Step, fan
from observatory.language import Speaker, whole_percent
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection
from observatory.settings import LEVELS, MINIMUM_POINTS
from observatory.tables import Floats, Forecast, History, Key

YEARS_SHOWN = 20  # unless the reader asks for others
ALL_YEARS = 1900
SPARK_YEARS = 12
FEWEST_JUDGED = 10  # fewer past values say nothing of how often a range held


@dataclass(frozen=True)
class View:
    """A series as it is shown: history and forecast in the display that the reader chose, on the calendar."""

    numbers: tuple[int, ...]
    past: Floats
    ahead: tuple[int, ...]
    median: Floats
    low: Floats
    high: Floats
    inner_low: Floats
    inner_high: Floats


def figure(
    outlook: Outlook, key: Key, selection: Selection, speaker: Speaker, height: int, base_year: int, today: date
) -> Figure:
    """The Figure of a series. Its forecast runs to the end of `base_year` + the horizon, or as far as one is stored."""
    row = outlook.catalogue.indicators[key[0]]
    history, forecast = outlook.panel[key], outlook.forecasts.get(key)
    unit = unit_of(row, history.values, speaker)
    steps = _steps(history, forecast, selection, base_year)
    display = selection.unit
    notes = [] if display != "log" or float(np.nanmin(history.values)) > 0 else [speaker.say("figure.no_log")]
    display = "level" if notes else display
    view = _view(history, forecast, steps, selection, display, unit)
    end = period(history.last + steps, history.frequency) if steps else ""
    return Figure(
        indicator=key[0],
        geo=key[1],
        item=key[2],
        role=row.role,
        title=title_of(outlook, key, speaker),
        subtitle=_subtitle(outlook, row, key, unit, display, view, selection, speaker),
        spec=_spec(outlook, row, history, view, display, unit, speaker, height) if len(view.numbers) > 1 else None,
        alt=_alt(outlook, key, unit, history, forecast, steps, end, selection, speaker),
        takeaway=_takeaway(row, unit, history, forecast, steps, end, selection, speaker),
        honesty=honesty(row, forecast, selection, speaker),
        notes=tuple(notes) + _notes(row, history, speaker),
        source_line=_source_line(outlook, row, history, speaker, today),
        credit=credit(outlook, row, speaker),
        table=_table(row, history, view, display, unit, selection, speaker),
        places=_places(outlook, key, speaker),
        items=_items(outlook, key, speaker),
    )


def title_of(outlook: Outlook, key: Key, speaker: Speaker) -> str:
    """The title of a series: its indicator, then its item after a dash."""
    title = speaker.of(outlook.catalogue.indicators[key[0]], "title")
    return f"{title} \u2013 {speaker.of(outlook.catalogue.items[key[2]], 'title')}" if key[2] else title


def steps_to(history: History, forecast: Forecast | None, year: int) -> int:
    """How many stored steps reach to the end of a year (0 where nothing is forecast)."""
    if forecast is None or not len(forecast.median):
        return 0
    wanted = (year + 1) * PER_YEAR[history.frequency] - 1 - forecast.origin
    return max(0, min(wanted, len(forecast.median)))


def _steps(history: History, forecast: Forecast | None, selection: Selection, base_year: int) -> int:
    until = base_year + selection.horizon
    return steps_to(history, forecast, min(until, selection.last) if selection.last else until)


def _view(
    history: History, forecast: Forecast | None, steps: int, selection: Selection, display: str, unit: Unit
) -> View:
    per_year = PER_YEAR[history.frequency]
    first_year = selection.first or history.last // per_year - YEARS_SHOWN + 1
    begin = max(history.first, first_year * per_year)
    end = min(history.last, (selection.last + 1) * per_year - 1) if selection.last else history.last
    numbers = tuple(range(begin, end + 1))
    past = history.values[begin - history.first : end - history.first + 1]
    at = LEVELS.index(selection.level)
    inner = max(at - 1, 0)
    paths = [np.empty(0)] * 5
    if forecast is not None and steps and end == history.last:
        paths = [
            part[:steps]
            for part in (
                forecast.median,
                forecast.low[:, at],
                forecast.high[:, at],
                forecast.low[:, inner],
                forecast.high[:, inner],
            )
        ]
    ahead = tuple(range(history.last + 1, history.last + 1 + len(paths[0])))
    if display == "growth":
        past = _growth(history, numbers)
        paths = [_growth_ahead(history, path) for path in paths]
    elif display == "index":
        base = next((value for value in past if np.isfinite(value) and value != 0), np.nan)
        past, paths = past / base * 100, [path / base * 100 for path in paths]
    else:
        past, paths = past * unit.factor, [path * unit.factor for path in paths]
    return View(numbers, past, ahead, *paths)


def _growth(history: History, numbers: Sequence[int]) -> Floats:
    """Growth over one year, in per cent; NaN where either end is absent or the base is not positive."""
    per_year = PER_YEAR[history.frequency]
    found = []
    for at in numbers:
        place = at - history.first
        before = history.values[place - per_year] if place >= per_year else np.nan
        found.append((history.values[place] / before - 1) * 100 if np.isfinite(before) and before > 0 else np.nan)
    return np.array(found)


def _growth_ahead(history: History, path: Floats) -> Floats:
    """Mean yearly growth, in per cent, since the same period of the last known year: marginal limits allow no other."""
    per_year = PER_YEAR[history.frequency]
    found = []
    for step, value in enumerate(path):
        years = step // per_year + 1
        base = history.values[len(history.values) + step - years * per_year]
        rate = (max(value, 0) / base) ** (1 / years) - 1 if np.isfinite(base) and base > 0 else np.nan
        found.append(rate * 100)
    return np.array(found)


def _runs(view: View, history: History) -> list[list[tuple[float, float]]]:
    """History in pieces without a hole: a missing period is a gap in the line, never a straight bridge."""
    runs: list[list[tuple[float, float]]] = [[]]
    for at, value in zip(view.numbers, view.past, strict=True):
        if np.isfinite(value):
            runs[-1].append((middle(at, history.frequency), float(value)))
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _spec(
    outlook: Outlook,
    row: Indicator,
    history: History,
    view: View,
    display: str,
    unit: Unit,
    speaker: Speaker,
    height: int,
) -> Mapping[str, Any] | None:
    runs = _runs(view, history)
    if sum(len(run) for run in runs) < 2:
        return None
    steps = [
        Step(middle(at, history.frequency), *(float(part[place]) for part in (view.median, view.inner_low, view.inner_high, view.low, view.high)))
        for place, at in enumerate(view.ahead)
        if np.isfinite(view.median[place])
    ]
    signed = display == "growth"
    whole = unit.whole and display in ("level", "log")
    last_number = max(at for at, value in zip(view.numbers, view.past, strict=True) if np.isfinite(value))
    last_value = runs[-1][-1][1]
    label = f"{_figure(last_value, signed, whole, speaker)} {speaker.period_in(period(last_number, history.frequency))}"
    ends = None
    if steps:
        end = steps[-1]
        low, high = (_figure(value, signed, whole, speaker) for value in (end.low, end.high))
        ends = (_figure(end.median, signed, whole, speaker), low, high)
    return fan(
        Fan(
            runs=runs,
            steps=steps,
            shades=shades(outlook.catalogue.events, speaker, outlook.day),
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


def shades(events: Sequence[Event], speaker: Speaker, day: date) -> list[Shade]:
    """The crises that are shaded, in decimal years; one that has not ended runs to the day of the vintage."""
    found = []
    for event in events:
        name = speaker.of(event, "short")
        if name:
            end = event.end or day
            found.append(Shade(_decimal(event.start), max(_decimal(end), _decimal(event.start) + 0.25), name))
    return found


def _decimal(day: date) -> float:
    return day.year + (day.timetuple().tm_yday - 1) / 365.25


def _figure(value: float, signed: bool, whole: bool, speaker: Speaker) -> str:
    return speaker.growth(value / 100) if signed else number(value, speaker, whole=whole)


def _subtitle(
    outlook: Outlook, row: Indicator, key: Key, unit: Unit, display: str, view: View, selection: Selection, speaker: Speaker
) -> str:
    place = speaker.of(outlook.catalogue.geographies[key[1]], "short")
    if display == "growth":
        parts = [speaker.say("figure.growth", place=place)]
    elif display == "index":
        first = next((at for at, value in zip(view.numbers, view.past, strict=True) if np.isfinite(value)), 0)
        parts = [speaker.say("figure.index", place=place, period=speaker.period(period(first, row.frequency)))]
    else:
        noun = unit.noun
        if row.kind == "flow":
            noun = speaker.say(f"unit.per.{row.frequency}", unit=noun)
        parts = [speaker.say("figure.unit", unit=noun[:1].upper() + noun[1:], place=place[:1].lower() + place[1:] if key[1] == "WORLD" else place)]
        if display == "log":
            parts.append(speaker.say("figure.log"))
        elif not row.from_zero:
            parts.append(speaker.say("figure.not_from_zero"))
    if len(view.ahead):
        inner = LEVELS[max(LEVELS.index(selection.level) - 1, 0)]
        key_name = "figure.tints" if inner != selection.level else "figure.tint"
        parts.append(
            speaker.say(key_name, inner=speaker.say(f"chances.of.{inner}"), outer=speaker.say(f"chances.of.{selection.level}"))
        )
    return " ".join(parts)


def _takeaway(
    row: Indicator,
    unit: Unit,
    history: History,
    forecast: Forecast | None,
    steps: int,
    end: str,
    selection: Selection,
    speaker: Speaker,
) -> str:
    last = speaker.period_in(period(history.last, history.frequency))
    now = speaker.say("figure.last", amount=amount(float(history.values[-1]), unit, speaker), period_in=last)
    if forecast is None or not steps:
        return now
    at = LEVELS.index(selection.level)
    low, high, noun = span(
        float(forecast.low[steps - 1, at]), float(forecast.high[steps - 1, at]), float(forecast.median[steps - 1]), unit, speaker
    )
    ahead = speaker.say(
        "honesty.range",
        chances=speaker.say(f"chances.{selection.level}"),
        period_in=speaker.period_in(end),
        low=low,
        high=high,
        unit=noun,
    )
    return f"{now} {ahead}"


def honesty(row: Indicator, forecast: Forecast | None, selection: Selection, speaker: Speaker) -> tuple[str, ...]:
    """What the forecasts of a series were worth, in the fixed sentences."""
    if forecast is None:
        return ()
    if forecast.status == "too_short":
        return (speaker.say("honesty.too_short", n=forecast.points, min=MINIMUM_POINTS),)
    if forecast.status == "stopped":
        return (speaker.say("honesty.stopped", period=speaker.period(period(forecast.origin, forecast.frequency))),)
    reference = reference_name(forecast, speaker)
    said = []
    if forecast.gain is None:
        said.append(speaker.say("honesty.untested", reference=reference))
    elif forecast.gain <= 0:
        said.append(speaker.say("honesty.not_better", reference=reference))
    elif whole_percent(forecast.gain) <= 5:
        said.append(speaker.say("honesty.barely", reference=reference, gain=max(whole_percent(forecast.gain), 1)))
    else:
        said.append(speaker.say("honesty.better", reference=reference, gain=whole_percent(forecast.gain)))
    at = LEVELS.index(selection.level)
    if forecast.judged >= FEWEST_JUDGED:
        share = forecast.hits[at] / forecast.judged
        said.append(
            speaker.say(
                "honesty.coverage",
                level=selection.level,
                coverage=whole_percent(share),
                hits=speaker.number(forecast.hits[at]),
                n=speaker.number(forecast.judged),
            )
        )
        if share < selection.level / 100 - 0.05:
            said.append(speaker.say("honesty.too_narrow"))
    return tuple(said)


def reference_name(forecast: Forecast, speaker: Speaker) -> str:
    """The reference forecast by its fixed name."""
    if forecast.reference == "seasonal_naive":
        return speaker.say("reference.seasonal")
    return speaker.say("reference.yearly" if forecast.frequency == "A" else "reference.last")


def _notes(row: Indicator, history: History, speaker: Speaker) -> tuple[str, ...]:
    notes = []
    if row.confidence == "low":
        notes.append(speaker.say("note.low_confidence"))
    if row.proxy:
        notes.append(speaker.say("note.proxy"))
    caveats = speaker.of(row, "caveats")
    if caveats:
        notes.append(caveats)
    holes = [
        speaker.period(gap.first) if gap.first == gap.last else speaker.say("note.gap_span", first=speaker.period(gap.first), last=speaker.period(gap.last))
        for gap in row.gaps
        if (gap.geo, gap.item) == history.key[1:]
    ]
    if holes:
        notes.append(speaker.say("note.gaps", gaps=", ".join(holes)))
    return tuple(notes)


def _source_line(outlook: Outlook, row: Indicator, history: History, speaker: Speaker, today: date) -> str:
    source = outlook.catalogue.sources[row.source]
    last = speaker.period(period(history.last, history.frequency))
    due = last_month(history.last + 1, history.frequency) + row.publication_lag_months - month_of(today)
    if due > 0:
        following = speaker.count("freshness.next", due)
    elif due > -2:
        following = speaker.say("freshness.now")
    else:
        following = speaker.count("freshness.late", -due)
    return speaker.say(
        "freshness",
        publisher=speaker.of(source, "publisher"),
        period=last,
        date=speaker.day(row.accessed),
        next=following,
    )


def credit(outlook: Outlook, row: Indicator, speaker: Speaker) -> Credit:
    """Where an indicator comes from."""
    source = outlook.catalogue.sources[row.source]
    return Credit(
        publisher=speaker.of(source, "publisher"),
        page=source.page,
        licence=speaker.of(source, "licence"),
        certainty=speaker.say(f"certainty.{source.licence_certainty}"),
        attribution=speaker.dress(source.attribution),
        taken=speaker.day(row.accessed),
        transformation=row.transformation,
        description=speaker.of(row, "description"),
        confidence=speaker.say(f"confidence.{row.confidence}"),
    )


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
    said = speaker.say("alt.past", title=title, last=last, period_in=speaker.period_in(period(history.last, history.frequency)))
    if forecast is None or not steps:
        return said
    at = LEVELS.index(selection.level)
    centre = float(forecast.median[steps - 1])
    low, high, _unit = span(float(forecast.low[steps - 1, at]), float(forecast.high[steps - 1, at]), centre, unit, speaker)
    expected = amount(centre, unit, speaker)
    return said + " " + speaker.say("alt.ahead", expected=expected, period_in=speaker.period_in(end), low=low, high=high)


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
            rows.append((speaker.period(period(view.ahead[place], history.frequency)), speaker.say("table.expected"), median, low, high))
    for at, value in zip(reversed(view.numbers), view.past[::-1], strict=True):
        shown = _exact(float(value), signed, speaker) if np.isfinite(value) else speaker.say("table.missing")
        rows.append((speaker.period(period(at, history.frequency)), speaker.say("table.observed"), shown, "", ""))
    heads = tuple(speaker.say(f"table.{name}") for name in ("period", "nature", "value"))
    limits = tuple(speaker.say(f"table.{side}", level=selection.level) for side in ("low", "high"))
    return Table(speaker.of(row, "title"), heads + limits, tuple(rows))


def _exact(value: float, signed: bool, speaker: Speaker) -> str:
    if signed:
        return speaker.growth(value / 100)
    return speaker.number(value) if value == round(value) or abs(value) >= 1e5 else number(value, speaker, 5)


def _places(outlook: Outlook, key: Key, speaker: Speaker) -> tuple[tuple[str, str], ...]:
    found = []
    for _indicator, geo, _item in outlook.series(key[0]):
        if geo not in [code for code, _title in found]:
            found.append((geo, speaker.of(outlook.catalogue.geographies[geo], "short")))
    return tuple(found)


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
    ahead: list[tuple[float, float, float]] = []
    if forecast is not None:
        at = LEVELS.index(80)
        for step in range(per_year - 1, min(len(forecast.median), 3 * per_year), per_year):
            ahead.append((float(forecast.median[step]), float(forecast.low[step, at]), float(forecast.high[step, at])))
    return Spark(tuple(float(value) for value in past), tuple(ahead), label)
