"""Risk-return chart of mixes: probability of decline against expected growth, the current mix in ink."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from observatory.charts.base import ChartBuilder, Layer, build_tick_label, compute_round_ticks
from observatory.charts.palette import css_var

_HEIGHT_PX = 300
_LABEL_SHARE = 0.12  # of the width, for the label of the rightmost mark


@dataclass(frozen=True, repr=False)
class RiskReturnPoint:
    """A mix: its probability of decline and expected growth, both in per cent, and its label."""

    decline_percent: float
    growth_percent: float
    label: str


def build_risk_return_chart(
    current: RiskReturnPoint,
    others: Sequence[RiskReturnPoint],
    efficient: Sequence[RiskReturnPoint],
    axis_title: str,
    language: str,
) -> dict[str, Any]:
    """The specification: mixes after a change in magenta, the current mix in ink."""
    points = [current, *others, *efficient]
    declines = [point.decline_percent for point in points]
    growths = [point.growth_percent for point in points]
    xs = compute_round_ticks(min(declines) - 0.5, max(declines) + 0.5, 5)
    ys = compute_round_ticks(min(growths) - 0.1, max(growths) + 0.1, 5)
    xs = [max(0.0, xs[0]), *xs[1:]]
    x_axis = alt.Axis(values=xs, labelExpr=build_tick_label(xs), title=axis_title, titleFontWeight=400)
    x_axis.titleAnchor, x_axis.titleColor, x_axis.titleFontSize, x_axis.titleFont = "end", css_var("muted"), 13, "B612"
    plot = ChartBuilder(
        alt.Scale(domain=[xs[0], xs[-1] + _LABEL_SHARE * (xs[-1] - xs[0])], nice=False, zero=False),
        x_axis,
        alt.Scale(domain=[ys[0], ys[-1]], nice=False, zero=False),
        alt.Axis(values=ys, labelExpr=build_tick_label(ys, signed=True)),
    )
    style = {"filled": True, "aria": False}
    layers: list[Layer] = []
    for group, mark in (
        (others, {"color": css_var("forecast"), "size": 36, "opacity": 0.55}),
        (efficient, {"color": css_var("forecast"), "size": 120, "opacity": 1}),
        ([current], {"color": css_var("ink"), "size": 120, "opacity": 1}),
    ):
        rows = [{"x": round(point.decline_percent, 2), "y": round(point.growth_percent, 3)} for point in group]
        if rows:
            layers.append(plot.layer(rows).mark("point", **style, **mark).encode(x=plot.x(), y=plot.y()))
    for group, colour in ((efficient, "forecast"), ([current], "ink")):
        texts = [
            {"x": round(point.decline_percent, 2), "y": round(point.growth_percent, 3), "text": point.label}
            for point in group
        ]
        if texts:
            layers += plot.text_layers(
                texts, colour, align="left", baseline="middle", dx=9, fontSize=13, fontWeight=700
            )
    return plot.build_spec(layers, _HEIGHT_PX, language, top=10, right=14)
