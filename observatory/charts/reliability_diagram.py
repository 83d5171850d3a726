"""Said and came: the reliability diagram, one dot a bin, its size and label the number of calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from observatory.charts.base import Layer, Plot
from observatory.charts.palette import var

HEIGHT = 380
LARGEST = 900  # px2, of the dot of the fullest bin
SMALLEST = 40
EDGE = 5  # per cent between a dot and the axes


@dataclass(frozen=True)
class Dot:
    """One bin: the mean probability said, how often it came (both per cent), how many calls, in words."""

    said: float
    came: float
    n: int
    label: str


@dataclass(frozen=True)
class Words:
    """What stands on the diagonal, above and below it, and under the horizontal axis."""

    diagonal: str
    above: str
    below: str
    axis: str


def said(dots: Sequence[Dot], words: Words, language: str) -> dict[str, Any]:
    """The specification: ink, for these are facts; on the dotted diagonal what is said is what comes."""
    low = min(40.0, *((min(dot.said, dot.came) - EDGE) // 10 * 10 for dot in dots))
    ticks = list(range(int(low), 101, 10))
    scale = alt.Scale(domain=[low, 100], nice=False, zero=False)
    x_axis = alt.Axis(values=ticks, labelExpr="format(datum.value, 'd')", title=words.axis, titleFontWeight=400)
    x_axis.titleAnchor, x_axis.titleColor, x_axis.titleFontSize, x_axis.titleFont = "end", var("muted"), 13, "B612"
    plot = Plot(scale, x_axis, scale, alt.Axis(values=ticks, labelExpr="format(datum.value, 'd')"))
    line = plot.on([{"x": low, "y": low}, {"x": 100, "y": 100}])
    most = max(dot.n for dot in dots)
    rows = [
        {"x": round(dot.said, 2), "y": round(dot.came, 2), "s": max(LARGEST * dot.n / most, SMALLEST)} for dot in dots
    ]
    size = alt.Size("s:Q", scale=None, legend=None)
    ring = plot.on(rows).mark("point", color=var("ink"), filled=True, opacity=1, aria=False)
    layers: list[Layer] = [
        line.mark("line", color=var("muted"), strokeDash=[2, 3], strokeWidth=1.5, aria=False).encode(
            x=plot.x(), y=plot.y()
        ),
        *plot.words([{"x": low, "y": 100, "text": words.above}], "muted", align="left", dx=10, dy=14, fontSize=12),
        *plot.words([{"x": 100, "y": low, "text": words.below}], "muted", align="right", dx=-10, dy=-12, fontSize=12),
        *plot.words([{"x": 100, "y": 100, "text": words.diagonal}], "muted", align="right", dx=-22, dy=6, fontSize=12),
        ring.encode(x=plot.x(), y=plot.y(), size=size),
    ]
    for dot, row in zip(dots, rows, strict=True):
        away = (row["s"] / 3.14) ** 0.5 + 6
        spot = [{"x": row["x"], "y": row["y"], "text": dot.label}]
        side = {"align": "left", "dx": away} if dot.came <= dot.said else {"align": "right", "dx": -away}
        layers += plot.words(spot, "ink", baseline="middle", fontSize=13, fontWeight=700, **side)
    return plot.finish(layers, HEIGHT, language, top=8, right=14)
