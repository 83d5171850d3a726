"""One input against the reader's threshold: its chart with the line of the threshold, and the chances of others."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from observatory.briefs.common.chart_context import came, shades, what_came
from observatory.briefs.common.disclosure import credit, honesty, notes_of, source_line, takeaway
from observatory.briefs.common.model import Figure, Table
from observatory.briefs.common.number_input import written
from observatory.briefs.common.plots import series_plot
from observatory.briefs.common.series_figure import heads
from observatory.briefs.common.series_view import view_of
from observatory.briefs.common.units import number
from observatory.briefs.purchasing.methodology import of_input
from observatory.briefs.purchasing.model import Asked, brief_odds, digits_of, level, odds
from observatory.catalogue.periods import middle, period
from observatory.charts.fan import Fan, Step, fan
from observatory.language import Speaker, decimals_for, round_to
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection
from observatory.settings import LEVELS

HEIGHT = 340
YEARS = 10
FARTHEST = 1.0  # times the height of what is drawn: a threshold beyond would flatten it
LADDER = (-0.3, -0.2, -0.1, -0.05, 0.05, 0.1, 0.2, 0.3)


def _threshold(ask: Asked, selection: Selection, speaker: Speaker) -> str:
    if selection.threshold:
        return written(selection.threshold, speaker)
    return speaker.number(ask.threshold, min(decimals_for(ask.threshold, 3), 3))


def until_in(ask: Asked, speaker: Speaker) -> str:
    """The month asked for, as a sentence says when."""
    return speaker.period_in(ask.until)


def goal_of(ask: Asked, selection: Selection, speaker: Speaker) -> dict[str, str]:
    """What every sentence about it names: the input, the threshold with its unit, the month."""
    noun = ask.unit.noun
    return {
        "title": speaker.of(ask.indicator, "title"),
        "threshold": _threshold(ask, selection, speaker),
        "unit": f"({noun})" if ask.unit.bracketed else noun,
        "until": speaker.period(ask.until),
        "until_in": until_in(ask, speaker),
    }


def goal_figure(outlook: Outlook, ask: Asked, selection: Selection, speaker: Speaker, today: date) -> Figure:
    """The past ten years and what is expected, with the threshold across."""
    chosen = replace(selection, unit="level", last=0, first=selection.first or ask.history.last // 12 - YEARS + 1)
    view = view_of(ask.history, ask.forecast, ask.step, chosen, "level", ask.unit)
    goal = goal_of(ask, selection, speaker)
    parts = (view.median, view.inner_low, view.inner_high, view.low, view.high)
    steps = [Step(middle(at, "M"), *(float(part[place]) for part in parts)) for place, at in enumerate(view.ahead)]
    key = outlook.headline(ask.indicator)
    afterwards = came(outlook, key, ask.step, chosen, "level", ask.unit) if selection.after else ()
    runs = [
        [
            (middle(at, "M"), float(value))
            for at, value in zip(view.numbers, view.past, strict=True)
            if np.isfinite(value)
        ]
    ]
    line, far = _line(ask, runs, steps, goal["threshold"], speaker)
    row, last = ask.indicator, period(ask.history.last, "M")
    digits = digits_of(ask.unit)
    ends = tuple(number(value, speaker, digits) for value in (steps[-1].median, steps[-1].low, steps[-1].high))
    spec = fan(
        Fan(
            runs=runs,
            steps=steps,
            shades=shades(outlook, speaker, annual=False, afterwards=bool(afterwards)),
            came=afterwards,
            role="cost",
            last_label=f"{number(view.past[-1], speaker, digits, exact=True)} {speaker.period_in(last)}",
            end_labels=(ends[0], ends[1], ends[2]),
            from_zero=False,
            logarithmic=False,
            language=speaker.language,
            height=HEIGHT,
            line=line,
        )
    )
    said = takeaway(ask.unit, ask.history, False, ask.forecast, ask.step, ask.until, selection, speaker, digits)
    found = ask.odds()
    chance = (
        ""
        if found is None
        else speaker.say("purchasing.alt.odds", threshold=goal["threshold"], odds=odds(found[1], speaker))
    )
    table = _values(ask, view, selection, speaker, digits)
    inner = LEVELS[max(LEVELS.index(selection.level) - 1, 0)]
    noun = ask.unit.noun
    subtitle = speaker.say(
        "purchasing.subtitle",
        unit=noun[:1].upper() + noun[1:],
        inner=speaker.say(f"chances.of.{inner}"),
        outer=speaker.say(f"chances.of.{selection.level}"),
    )
    later = (what_came(outlook, key, ask.history.last + ask.step, ask.unit, speaker),) if afterwards else ()
    return Figure(
        indicator=row.id,
        geo=row.headline_geo,
        item=row.headline_item,
        role=row.role,
        title=speaker.of(row, "title"),
        subtitle=subtitle,
        spec=spec,
        alt=f"{speaker.of(row, 'title')}. {said} {chance}".strip(),
        takeaway=said,
        honesty=honesty(ask.forecast, selection, speaker),
        notes=(*far, *later, *notes_of(row, ask.history, True, False, speaker)),
        source_line=source_line(outlook, row, ask.history, speaker, today),
        credit=credit(outlook, row, speaker),
        table=table,
        plot=series_plot(row, ask.history, view, "level", ask.unit, afterwards, selection, speaker),
        how=of_input(outlook, row, speaker),
    )


def _line(
    ask: Asked, runs: list[list[tuple[float, float]]], steps: list[Step], threshold: str, speaker: Speaker
) -> tuple[tuple[float, str] | None, tuple[str, ...]]:
    """The line of the threshold; one too far from what is drawn is said instead."""
    drawn = [value for run in runs for _at, value in run] + [value for step in steps for value in (step.low, step.high)]
    low, high = min(drawn), max(drawn)
    at, room = ask.unit.shown(ask.threshold), FARTHEST * (high - low)
    if low - room <= at <= high + room:
        return (at, speaker.say("purchasing.threshold.label", threshold=threshold)), ()
    return None, (speaker.say("purchasing.threshold.far", threshold=threshold),)


def _values(ask: Asked, view: Any, selection: Selection, speaker: Speaker, digits: int) -> Table:
    """The figures of the chart, newest first."""
    rows = []
    for place in range(len(view.ahead) - 1, -1, -1):
        figures = (number(float(part[place]), speaker, digits) for part in (view.median, view.low, view.high))
        rows.append((speaker.period(period(view.ahead[place], "M")), speaker.say("table.expected"), *figures))
    for at, value in zip(reversed(view.numbers), view.past[::-1], strict=True):
        text = number(float(value), speaker, 5) if np.isfinite(value) else speaker.say("table.missing")
        rows.append((speaker.period(period(at, "M")), speaker.say("table.observed"), text, "", ""))
    return Table(speaker.of(ask.indicator, "title"), heads(selection.level, speaker), tuple(rows))


def ladder(ask: Asked, speaker: Speaker) -> Table | None:
    """The chances of several thresholds on both sides of the last value."""
    if ask.paths is None:
        return None
    rows = []
    for away in LADDER:
        value = round_to(ask.now * (1 + away), digits_of(ask.unit))  # as it is written beside its chance
        there = replace(ask, threshold=value, above=away > 0).odds()
        assert there is not None
        rows.append(
            (
                speaker.say(
                    "purchasing.ladder.above" if away > 0 else "purchasing.ladder.below",
                    value=level(value, ask.unit, speaker),
                    away=speaker.growth(away).replace(",0", "").replace(".0", ""),
                ),
                brief_odds(there[0], speaker),
                brief_odds(there[1], speaker),
            )
        )
    until = speaker.period(ask.until)
    names = (speaker.say(f"purchasing.ladder.head.{name}", until=until) for name in ("threshold", "some", "then"))
    return Table(
        speaker.say("purchasing.ladder.caption", title=speaker.of(ask.indicator, "title")), tuple(names), tuple(rows)
    )
