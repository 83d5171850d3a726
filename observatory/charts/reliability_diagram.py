"""Reliability diagram: forecast probability against observed frequency, a dot per bin sized by its calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from observatory.charts.base import ChartBuilder, Layer
from observatory.charts.palette import css_var

_HEIGHT_PX = 380
_MAX_DOT_AREA_PX2 = 900  # of the fullest bin
_MIN_DOT_AREA_PX2 = 40
_EDGE_PERCENT = 5  # between a dot and the axes


@dataclass(frozen=True)
class ReliabilityDot:
    """One bin: mean forecast probability and observed frequency (in per cent), number of calls, and its label."""

    mean_probability: float
    observed_frequency: float
    call_count: int
    label: str


@dataclass(frozen=True)
class ReliabilityLabels:
    """Labels on the diagonal, above and below it, and of the horizontal axis."""

    diagonal: str
    above: str
    below: str
    axis: str


def build_reliability_diagram(
    dots: Sequence[ReliabilityDot], labels: ReliabilityLabels, language: str
) -> dict[str, Any]:
    """The specification: dots in ink, for they are facts; the dotted diagonal is perfect calibration."""
    low = min(40.0, *((min(dot.mean_probability, dot.observed_frequency) - _EDGE_PERCENT) // 10 * 10 for dot in dots))
    ticks = list(range(int(low), 101, 10))
    scale = alt.Scale(domain=[low, 100], nice=False, zero=False)
    x_axis = alt.Axis(values=ticks, labelExpr="format(datum.value, 'd')", title=labels.axis, titleFontWeight=400)
    x_axis.titleAnchor, x_axis.titleColor, x_axis.titleFontSize, x_axis.titleFont = "end", css_var("muted"), 13, "B612"
    plot = ChartBuilder(scale, x_axis, scale, alt.Axis(values=ticks, labelExpr="format(datum.value, 'd')"))
    max_count = max(dot.call_count for dot in dots)
    rows = [
        {
            "x": round(dot.mean_probability, 2),
            "y": round(dot.observed_frequency, 2),
            "s": max(_MAX_DOT_AREA_PX2 * dot.call_count / max_count, _MIN_DOT_AREA_PX2),
        }
        for dot in dots
    ]
    size = alt.Size("s:Q", scale=None, legend=None)
    points = plot.layer(rows).mark("point", color=css_var("ink"), filled=True, opacity=1, aria=False)
    layers: list[Layer] = [*_build_diagonal_layers(plot, low, labels)]
    layers.append(points.encode(x=plot.x(), y=plot.y(), size=size))
    for dot, row in zip(dots, rows, strict=True):
        distance = (row["s"] / 3.14) ** 0.5 + 6
        text = [{"x": row["x"], "y": row["y"], "text": dot.label}]
        side = (
            {"align": "left", "dx": distance}
            if dot.observed_frequency <= dot.mean_probability
            else {"align": "right", "dx": -distance}
        )
        layers += plot.text_layers(text, "ink", baseline="middle", fontSize=13, fontWeight=700, **side)
    return plot.build_spec(layers, _HEIGHT_PX, language, top=8, right=14)


def _build_diagonal_layers(plot: ChartBuilder, low: float, labels: ReliabilityLabels) -> list[Layer]:
    line = plot.layer([{"x": low, "y": low}, {"x": 100, "y": 100}])
    return [
        line.mark("line", color=css_var("muted"), strokeDash=[2, 3], strokeWidth=1.5, aria=False).encode(
            x=plot.x(), y=plot.y()
        ),
        *plot.text_layers(
            [{"x": low, "y": 100, "text": labels.above}], "muted", align="left", dx=10, dy=14, fontSize=12
        ),
        *plot.text_layers(
            [{"x": 100, "y": low, "text": labels.below}], "muted", align="right", dx=-10, dy=-12, fontSize=12
        ),
        *plot.text_layers(
            [{"x": 100, "y": 100, "text": labels.diagonal}], "muted", align="right", dx=-22, dy=6, fontSize=12
        ),
    ]
