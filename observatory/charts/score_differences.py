"""Against the baselines: by how much the score differs from each, with its range; left of zero we do better."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from observatory.charts.base import Layer, Plot, round_steps, tick_label
from observatory.charts.palette import var

ROW = 27  # px
ROOM = 30  # px for the figures on the right


@dataclass(frozen=True)
class Difference:
    """Our score less that of a baseline, over some calls: value, range, and the value in words."""

    label: str
    value: float
    low: float
    high: float
    shown: str


@dataclass(frozen=True)
class Rival:
    """A baseline, and the differences to it."""

    label: str
    rows: Sequence[Difference]


def against(rivals: Sequence[Rival], better: str, worse: str, language: str) -> dict[str, Any]:
    """The specification; rows run downwards from zero. A range that does not touch the zero line is a difference."""
    places, starts, at = [], [], 1.0
    for rival in rivals:
        starts.append(at)
        places.append([at + 1.5 + row for row in range(len(rival.rows))])
        at += 1 + len(rival.rows)
    lines = int(at)
    every = [row for rival in rivals for row in rival.rows]
    steps = round_steps(min(row.low for row in every), max(0.0, *(row.high for row in every)), 6)
    plot = _plot([place for rows in places for place in rows], [row.label for row in every], steps, lines)
    layers: list[Layer] = [
        plot.on([{"x": 0, "y": 0.95, "y2": lines}])
        .mark("rule", color=var("ink"), strokeWidth=1.5, aria=False)
        .encode(x=plot.x(), y=plot.y(), y2=plot.y2())
    ]
    head = {"fontSize": 12, "baseline": "middle"}
    layers += plot.words([{"x": 0, "y": 0.5, "text": better}], "muted", align="right", dx=-8, **head)
    layers += plot.words([{"x": 0, "y": 0.5, "text": worse}], "muted", align="left", dx=8, **head)
    for rival, start, rows in zip(rivals, starts, places, strict=True):
        name = [{"x": steps[0], "y": start + 0.5, "text": rival.label}]
        layers += plot.words(name, "ink", align="left", baseline="middle", dx=2, fontSize=13, fontWeight=700)
        for row, place in zip(rival.rows, rows, strict=True):
            layers += _row(plot, row, place, steps[-1])
    return plot.finish(layers, lines * ROW + 34, language, top=2, right=ROOM)


def _plot(places: Sequence[float], labels: Sequence[str], steps: Sequence[float], lines: int) -> Plot:
    named = ", ".join(f"'{place}': '{label}'" for place, label in zip(places, labels, strict=True))
    return Plot(
        alt.Scale(domain=[steps[0], steps[-1]], nice=False, zero=False),
        alt.Axis(values=list(steps), labelExpr=tick_label(steps, signed=True), grid=True, labelOverlap="greedy"),
        alt.Scale(domain=[lines, 0], nice=False, zero=False),
        alt.Axis(values=list(places), labelExpr=f"({{{named}}})[datum.value]", grid=False),
    )


def _row(plot: Plot, row: Difference, place: float, right: float) -> list[Layer]:
    span = plot.on([{"x": round(row.low, 4), "x2": round(row.high, 4), "y": place}])
    caps = plot.on([{"x": round(end, 4), "y": place} for end in (row.low, row.high)])
    at = [{"x": round(row.value, 4), "y": place}]
    dot = plot.on(at).mark("point", color=var("ink"), filled=True, size=80, opacity=1, aria=False)
    cap = caps.mark("tick", color=var("ink"), thickness=2, size=11, orient="vertical", aria=False)
    return [
        span.mark("rule", color=var("ink"), strokeWidth=2, aria=False).encode(x=plot.x(), x2=plot.x2(), y=plot.y()),
        *(layer.encode(x=plot.x(), y=plot.y()) for layer in (cap, dot)),
        *plot.words(
            [{"x": right, "y": place, "text": row.shown}],
            "ink",
            align="left",
            baseline="middle",
            dx=6,
            fontSize=13,
            fontWeight=700,
        ),
    ]
