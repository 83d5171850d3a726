"""Several series on one scale: a letter at the end of each line, what is expected dashed, its range as a bar."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Any

import altair as alt

from observatory.charts.base import RUN, Layer, Plot, apart, round_steps, shade, tick_label, year_steps
from observatory.charts.fan import Shade
from observatory.charts.palette import var

TOKENS = ("market", "leading", "activity", "cost")  # the four lines that colour can tell apart; the others are grey
# On and off in px, by place: eight lines can be told apart without their colours, and grey ones among themselves.
DASHES = ((), (12, 3), (2, 2), (12, 3, 2, 3), (6, 6), (12, 3, 2, 3, 2, 3), (2, 6), (18, 8))
GAP = 16  # px between letters
BESIDE = 7  # px between the bars of two ranges
PLOT = 300  # px across on a phone, that the room on the right is measured by


@dataclass(frozen=True)
class Drawn:
    """One series: its letter, pieces of history without a hole, and what is expected: (x, median, low, high)."""

    letter: str
    runs: Sequence[Sequence[tuple[float, float]]]
    ahead: Sequence[tuple[float, float, float, float]] = ()

    @property
    def end(self) -> tuple[float, float]:
        """Where its last line ends."""
        return self.ahead[-1][:2] if self.ahead else self.runs[-1][-1]


@dataclass(frozen=True)
class Scale:
    """How values are drawn: signed growth, a logarithmic scale, from zero, and the level that all start from (or 0)."""

    signed: bool = False
    logarithmic: bool = False
    from_zero: bool = False
    base: float = 0.0


def token(place: int) -> str:
    """The colour of the series at a place of a comparison."""
    return TOKENS[place] if place < len(TOKENS) else "muted"


def dash(place: int) -> tuple[int, ...]:
    """The dashes of the series at a place of a comparison, in px on and off; a whole line has none."""
    return DASHES[place]


def lines(series: Sequence[Drawn], shades: Sequence[Shade], scale: Scale, language: str, height: int) -> dict[str, Any]:
    """The specification; years stand at the middle of their year."""
    points = [point for row in series for run in row.runs for point in run]
    ranges = [(x, value) for row in series for x, *values in row.ahead for value in values]
    xs = [x for x, _y in points + ranges]
    first, last = min(xs), max(xs)
    span = max(last - first, 1.0)
    bars = BESIDE * len(series) if ranges else 0
    room = span * (2 * BESIDE + bars + 14) / PLOT
    ticks, upward = _vertical([y for _x, y in points + ranges], scale)
    years = [year for year in year_steps(int(first), int(last), 7) if first <= year + 0.5 <= last + 0.01]
    axis = alt.Axis(
        values=[year + 0.5 for year in years],
        labelExpr="format(datum.value - 0.5, 'd')",
        labelOverlap="greedy",
        labelSeparation=8,
    )
    across = alt.Scale(domain=[first - span * 0.01, last + room], nice=False, zero=False)
    plot = Plot(across, axis, upward, alt.Axis(values=ticks, labelExpr=tick_label(ticks, scale.signed)))
    layers: list[Layer] = [*_shades(plot, shades, first, last), *_rule(plot, ticks, scale)]
    for place in reversed(range(len(series))):
        layers += _series(plot, series[place], place, last, span * BESIDE * (place + 1) / PLOT)
    layers += _letters(plot, series, upward, last + room * 0.98, scale, height)
    return plot.finish(layers, height, language)


def _vertical(ys: Sequence[float], scale: Scale) -> tuple[list[float], alt.Scale]:
    low, high = min(ys), max(ys)
    if scale.logarithmic:
        ticks = [factor * 10.0**power for power in range(-9, 16) for factor in (1, 2, 5)]
        kept = [tick for tick in ticks if low * 0.8 <= tick <= high * 1.2]
        if len(kept) > 7:
            kept = [tick for tick in kept if f"{tick:e}"[0] == "1"]
        return kept, alt.Scale(type="log", domain=[low * 0.92, high * 1.08], nice=False)
    steps = round_steps(0.0 if scale.from_zero and low >= 0 else low, high)
    return steps, alt.Scale(domain=[steps[0], steps[-1]], nice=False, zero=False)


def _shades(plot: Plot, shades: Sequence[Shade], first: float, last: float) -> list[Layer]:
    seen = [row for row in shades if row.end > first and row.start < last]
    rows = [{"x": max(row.start, first), "x2": min(row.end, last), "text": row.label} for row in seen]
    return shade(plot, rows, rows)


def _rule(plot: Plot, ticks: Sequence[float], scale: Scale) -> list[Layer]:
    level = 0.0 if scale.signed else scale.base
    if not ticks or not ticks[0] < level < ticks[-1]:
        return []
    return [plot.on([{"y": level}]).mark("rule", color=var("ink"), strokeWidth=1, aria=False).encode(y=plot.y())]


def _series(plot: Plot, row: Drawn, place: int, last: float, beside: float) -> list[Layer]:
    rows = [{"x": round(x, 3), "y": _short(y), "run": k} for k, run in enumerate(row.runs) for x, y in run]
    colour, dashes = token(place), list(dash(place)) or [1, 0]
    style = {"color": var(colour), "strokeWidth": 2.25, "strokeDash": dashes, "strokeJoin": "round", "aria": False}
    line = plot.on(rows).mark("line", **style)
    end = [{"x": rows[-1]["x"], "y": rows[-1]["y"]}]
    dot = plot.on(end).mark("point", color=var(colour), filled=True, size=40, opacity=1, aria=False)
    layers: list[Layer] = [
        line.encode(x=plot.x(), y=plot.y(), detail=RUN),
        dot.encode(x=plot.x(), y=plot.y()),
    ]
    if row.ahead:
        layers = [*_ahead(plot, row, end[0], last + beside), *layers]
    return layers


def _ahead(plot: Plot, row: Drawn, joint: dict[str, float], at: float) -> list[Layer]:
    """The median as a dashed line, and the range at its end as a bar beside the plot, clear of those of the others."""
    ink = var("forecast")
    path = [joint, *({"x": round(x, 3), "y": _short(median)} for x, median, _low, _high in row.ahead)]
    _x, _median, low, high = row.ahead[-1]
    span = plot.on([{"x": at, "y": _short(low), "y2": _short(high)}])
    ends = plot.on([{"x": at, "y": _short(value)} for value in (low, high)])
    dash = plot.on(path).mark("line", color=ink, strokeWidth=2, strokeDash=[6, 3], aria=False)
    bar = span.mark("rule", color=ink, strokeWidth=2, aria=False)
    cap = ends.mark("tick", color=ink, thickness=2, size=6, orient="horizontal", aria=False)
    return [
        dash.encode(x=plot.x(), y=plot.y()),
        bar.encode(x=plot.x(), y=plot.y(), y2=plot.y2()),
        cap.encode(x=plot.x(), y=plot.y()),
    ]


def _letters(
    plot: Plot, series: Sequence[Drawn], upward: alt.Scale, x: float, scale: Scale, height: int
) -> list[Layer]:
    low, high = (float(end) for end in upward["domain"])
    room = height - 46

    def place(value: float) -> float:
        if scale.logarithmic:
            return room * (1 - log(max(value, low) / low) / log(high / low))
        return room * (1 - (value - low) / (high - low))

    wanted = [place(row.end[1]) for row in series]
    found = apart(wanted, room, GAP)
    layers: list[Layer] = []
    for number, row in enumerate(series):
        spot = [{"x": x, "y": row.end[1], "text": row.letter}]
        style = {"align": "right", "baseline": "middle", "dy": found[number] - wanted[number]}
        layers += plot.words(spot, token(number), fontSize=14, fontWeight=700, **style)
    return layers


def _short(value: float) -> float:
    """Seven significant digits are finer than a pixel."""
    return float(f"{value:.7g}")
