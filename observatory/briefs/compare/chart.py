"""The large chart of a comparison: all its series on one scale, and the same figures as a table."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

import numpy as np

from observatory.briefs.common.chart_context import shades
from observatory.briefs.common.levels import Shown
from observatory.briefs.common.model import Figure, Plot, Run, Table, computed
from observatory.briefs.common.series_figure import title_of
from observatory.briefs.common.series_search import told_apart
from observatory.charts.comparison import Drawn, Scale, lines, token
from observatory.language import Speaker
from observatory.outlook.analysis.yearly_series import DECEMBER, Line
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection

HEIGHT = 380
Span = tuple[int, int, int]  # first year, last year of history, last year ahead


def chart(
    outlook: Outlook,
    rows: Sequence[Line],
    letters: str,
    shown: Shown,
    span: Span,
    selection: Selection,
    speaker: Speaker,
) -> Figure:
    """The chart of a comparison as a Figure; series that cannot be drawn are named in its notes."""
    since, until, _end = span
    drawn = [_drawn(line, letter, shown, span, selection) for line, letter in zip(rows, letters, strict=True)]
    kept = [row for row in drawn if row is not None]
    spec: dict[str, Any] | None = None
    if any(len(run) > 1 for row in kept for run in row.runs):
        scale = Scale(
            signed=shown.signed,
            logarithmic=shown.display == "log",
            from_zero=shown.display == "level" and all(line.indicator.from_zero for line in rows),
            base=100.0 if shown.unit is None and not shown.signed else 0.0,
        )
        spec = lines(kept, shades(outlook, speaker, annual=True), scale, speaker.language, HEIGHT)
    left_out = [letter for letter, row in zip(letters, drawn, strict=True) if row is None]
    summed = any(line.summed and line.ahead for line in rows)
    return computed(
        name="compare",
        title=speaker.say(f"compare.chart.{_name(shown)}", base=shown.base),
        subtitle=_subtitle(rows, shown, selection, speaker, any(row.ahead for row in kept)),
        spec=spec,
        alt=_alt(outlook, rows, letters, shown, speaker),
        takeaway=speaker.say(
            "compare.take" if any(row.ahead for row in kept) else "compare.take.past", first=since, last=until
        ),
        source_line=_sources(outlook, rows, speaker),
        notes=(
            *([speaker.say("compare.note.base", list=", ".join(left_out), base=shown.base)] if left_out else []),
            *([speaker.say("compare.note.summed")] if summed else []),
        ),
        table=_table(rows, letters, shown, span, selection, speaker),
        plot=_plot(outlook, rows, letters, shown, span, selection, speaker),
    )


def _name(shown: Shown) -> str:
    """The key of the title: a logarithmic index is one as well."""
    if shown.display == "log":
        return "log" if shown.unit is not None else "log_index"
    return shown.display


def _at(month: int) -> float:
    """Where twelve months that end with one stand on an axis of years: their middle."""
    return (month + 1) / 12 - 0.5


def _drawn(line: Line, letter: str, shown: Shown, span: Span, selection: Selection) -> Drawn | None:
    since, until, _end = span
    runs: list[list[tuple[float, float]]] = [[]]
    for month, _level in line.points(since, until):
        value = shown.value(line, month)
        if np.isfinite(value) and not (shown.display == "log" and value <= 0):
            runs[-1].append((_at(month), value))
        elif runs[-1]:
            runs.append([])
    runs = [run for run in runs if run]
    if not runs:
        return None
    ahead = []
    if line.last // 12 <= until and runs[-1][-1][0] == _at(line.last) and not selection.last:
        for step in line.ahead:
            values = [shown.expected(line, step.month, value) for value in (step.median, step.low, step.high)]
            if all(np.isfinite(value) and (value > 0 or shown.display != "log") for value in values):
                ahead.append((_at(step.month), *values))
    return Drawn(letter, runs, ahead)  # type: ignore[arg-type]


def _subtitle(rows: Sequence[Line], shown: Shown, selection: Selection, speaker: Speaker, expected: bool) -> str:
    said = []
    if shown.unit is not None:
        noun = shown.unit.noun
        said.append(f"{noun[:1].upper()}{noun[1:]}.")
    elif selection.unit == "level":
        said.append(speaker.say("compare.units_differ"))
    if shown.display == "log":
        said.append(speaker.say("figure.log"))
    if len({row.indicator.frequency for row in rows}) > 1 or any(row.indicator.frequency != "A" for row in rows):
        said.append(speaker.say("compare.yearly"))
    if expected:
        said.append(speaker.say("compare.tint", chances=speaker.say(f"chances.of.{selection.level}")))
    return " ".join(said)


def _alt(outlook: Outlook, rows: Sequence[Line], letters: str, shown: Shown, speaker: Speaker) -> str:
    parts = [
        speaker.say(
            "compare.alt.series",
            letter=letter,
            title=title_of(outlook, line.key, speaker),
            value=shown.text(shown.value(line, line.last), speaker),
            year=line.last // 12,
        )
        for letter, line in zip(letters, rows, strict=True)
        if line.last >= 0
    ]
    return speaker.say("compare.alt", list=" ; ".join(parts) if speaker.language == "fr" else "; ".join(parts))


def _sources(outlook: Outlook, rows: Sequence[Line], speaker: Speaker) -> str:
    publishers = dict.fromkeys(
        speaker.of(outlook.catalogue.sources[line.indicator.source], "publisher") for line in rows
    )
    taken = speaker.day(max(line.indicator.accessed for line in rows))
    return speaker.say("compare.sources", list=" ; ".join(publishers), date=taken)


def _table(
    rows: Sequence[Line], letters: str, shown: Shown, span: Span, selection: Selection, speaker: Speaker
) -> Table:
    """One line a year, newest first, one column a series; what is expected stands with its range."""
    since, until, _end = span
    expected = {
        (place, step.month): (step.median, step.low, step.high)
        for place, line in enumerate(rows)
        for step in line.ahead
        if not selection.last and line.last // 12 <= until
    }
    months = {month for line in rows for month, _level in line.points(since, until)} | {at for _p, at in expected}
    lines_of = []
    for month in sorted(months, reverse=True):
        cells = []
        for place, line in enumerate(rows):
            if (place, month) in expected:
                texts = [shown.text(shown.expected(line, month, value), speaker) for value in expected[place, month]]
                cells.append(speaker.say("compare.cell", median=texts[0], low=texts[1], high=texts[2]))
            else:
                there = month % 12 == DECEMBER or month == line.last
                cells.append(shown.text(shown.value(line, month), speaker, exact=True) if there else "")
        if any(cells):
            year, part = divmod(month, 12)
            when = str(year) if part == DECEMBER else speaker.period_short(f"{year}-{part + 1:02d}")
            label = when if part == DECEMBER else speaker.say("compare.until", period=when)
            lines_of.append((label, *cells))
    return Table(speaker.say("compare.table"), (speaker.say("table.period"), *letters), tuple(lines_of))


def _plot(
    outlook: Outlook,
    rows: Sequence[Line],
    letters: str,
    shown: Shown,
    span: Span,
    selection: Selection,
    speaker: Speaker,
) -> Plot:
    """The calendar years of the chart as numbers: what was observed of each series, then what is expected of it."""
    since, until, end = span
    years = range(since, max(until, end) + 1)
    names = told_apart(outlook, [line.key for line in rows], speaker)
    runs = []
    for place, line in enumerate(rows):
        past = [_figure(shown.value(line, _december(year))) if since <= year <= until else None for year in years]
        name = f"{letters[place]} {names[place]}"
        runs.append(Run("observed", name, tuple(past), tone=token(place), place=place))
        steps = {step.month: step for step in line.ahead if not selection.last and line.last // 12 <= until}
        if any(_december(year) in steps for year in years):
            sides = [
                tuple(
                    _figure(shown.expected(line, step.month, value(step)))
                    if (step := steps.get(_december(year))) is not None
                    else None
                    for year in years
                )
                for value in (attrgetter("median"), attrgetter("low"), attrgetter("high"))
            ]
            expected = speaker.say("compare.plot.expected", name=name)
            runs.append(Run("expected", expected, sides[0], sides[1], sides[2]))
    return Plot(
        kind="line",
        labels=tuple(str(year) for year in years),
        runs=tuple(runs),
        unit="%" if shown.signed else shown.unit.noun if shown.unit is not None else speaker.say("export.plot.index"),
        decimals=1 if shown.signed or shown.unit is not None else 0,
        signed=shown.signed,
        codes=tuple(str(year) for year in years),
        from_zero=shown.display == "level" and all(line.indicator.from_zero for line in rows),
        logarithmic=shown.display == "log",
        several=True,
    )


def _december(year: int) -> int:
    return year * 12 + DECEMBER


def _figure(value: float) -> float | None:
    return float(f"{value:.10g}") if np.isfinite(value) else None
