"""Past shocks month by month: the one looked at in ink, the others muted, each named at its end; 100 at the start."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from observatory.charts.base import Layer, Plot, apart, round_steps, tick_label
from observatory.charts.palette import var

HEIGHT = 300
FIRST, LAST = -12, 60  # months from the start
ROOM = 15  # months kept for the names
GAP = 15  # px between names
WHOLE = 100.0
DASHES = ([6, 3], [2, 3])  # of the muted lines, which are told apart without their tint


@dataclass(frozen=True, repr=False)
class Course:
    """A shock: its name and its points (months from the start, level)."""

    name: str
    points: Sequence[tuple[int, float]]
    chosen: bool


def courses(lines: Sequence[Course], years: Sequence[str], language: str) -> dict[str, Any]:
    """The specification; `years` name the start and the end of each year after it."""
    levels = [level for line in lines for _month, level in line.points]
    ticks = round_steps(min(levels), max(levels), 5)
    named = {12 * place: text for place, text in enumerate(years)}
    labels = ", ".join(f"'{month}': '{text}'" for month, text in named.items())
    plot = Plot(
        alt.Scale(domain=[FIRST, LAST + ROOM], nice=False, zero=False),
        alt.Axis(values=[*named], labelExpr=f"({{{labels}}})[datum.value]", labelOverlap="greedy", labelSeparation=6),
        alt.Scale(domain=[ticks[0], ticks[-1]], nice=False, zero=False),
        alt.Axis(values=ticks, labelExpr=tick_label(ticks)),
    )
    whole = plot.on([{"y": WHOLE}]).mark("rule", color=var("ink"), strokeWidth=1, aria=False)
    layers: list[Layer] = [whole.encode(y=plot.y())] if ticks[0] <= WHOLE <= ticks[-1] else []
    dashes = dict(zip((line.name for line in lines if not line.chosen), DASHES, strict=False))
    for line in sorted(lines, key=lambda line: line.chosen):
        spots = [{"x": month, "y": round(level, 2)} for month, level in line.points]
        mark = plot.on(spots).mark(
            "line",
            color=var("ink" if line.chosen else "muted"),
            strokeWidth=2.5 if line.chosen else 1.75,
            strokeDash=dashes.get(line.name, [1, 0]),
            strokeJoin="round",
            aria=False,
        )
        layers.append(mark.encode(x=plot.x(), y=plot.y()))
    for chosen, colour, weight in ((False, "muted", 400), (True, "ink", 700)):
        rows = [
            {"x": line.points[-1][0], "y": round(at, 2), "text": line.name}
            for line, at in zip(lines, _apart(lines, ticks[0], ticks[-1]), strict=True)
            if line.chosen is chosen
        ]
        if rows:
            style: dict[str, Any] = {"align": "left", "baseline": "middle", "dx": 6, "fontSize": 12}
            layers += plot.words(rows, colour, fontWeight=weight, **style)
    return plot.finish(layers, HEIGHT, language, top=8)


def _apart(lines: Sequence[Course], low: float, high: float) -> list[float]:
    """The level at which each name stands: its line's end, or as far from it as the other names need."""
    room = HEIGHT - 46.0
    per = room / (high - low)
    found = apart([(high - line.points[-1][1]) * per for line in lines], room, GAP)
    return [high - place / per for place in found]
