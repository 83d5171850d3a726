"""Changes of mix: odds of decline across, expected growth upwards; the mix as it is in ink, the best few numbered."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from observatory.charts.base import ChartBuilder, Layer, build_tick_label, compute_round_ticks
from observatory.charts.palette import css_var

_HEIGHT_PX = 300
_LABEL_SHARE = 0.12  # of the width, for a name beside the rightmost mark


@dataclass(frozen=True, repr=False)
class RiskReturnPoint:
    """A mix: the odds of decline and the expected growth, in per cent, and what stands beside it."""

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
    """The specification: magenta is what is expected after a change, ink the mix as it is."""
    every = [current, *others, *efficient]
    xs = compute_round_ticks(
        min(spot.decline_percent for spot in every) - 0.5, max(spot.decline_percent for spot in every) + 0.5, 5
    )
    ys = compute_round_ticks(
        min(spot.growth_percent for spot in every) - 0.1, max(spot.growth_percent for spot in every) + 0.1, 5
    )
    xs = [max(0.0, xs[0]), *xs[1:]]
    across = alt.Axis(values=xs, labelExpr=build_tick_label(xs), title=axis_title, titleFontWeight=400)
    across.titleAnchor, across.titleColor, across.titleFontSize, across.titleFont = "end", css_var("muted"), 13, "B612"
    plot = ChartBuilder(
        alt.Scale(domain=[xs[0], xs[-1] + _LABEL_SHARE * (xs[-1] - xs[0])], nice=False, zero=False),
        across,
        alt.Scale(domain=[ys[0], ys[-1]], nice=False, zero=False),
        alt.Axis(values=ys, labelExpr=build_tick_label(ys, signed=True)),
    )
    style = {"filled": True, "aria": False}
    layers: list[Layer] = []
    for spots, mark in (
        (others, {"color": css_var("forecast"), "size": 36, "opacity": 0.55}),
        (efficient, {"color": css_var("forecast"), "size": 120, "opacity": 1}),
        ([current], {"color": css_var("ink"), "size": 120, "opacity": 1}),
    ):
        rows = [{"x": round(spot.decline_percent, 2), "y": round(spot.growth_percent, 3)} for spot in spots]
        if rows:
            layers.append(plot.layer(rows).mark("point", **style, **mark).encode(x=plot.x(), y=plot.y()))
    for spots, colour in ((efficient, "forecast"), ([current], "ink")):
        words = [
            {"x": round(spot.decline_percent, 2), "y": round(spot.growth_percent, 3), "text": spot.label}
            for spot in spots
        ]
        if words:
            layers += plot.text_layers(
                words, colour, align="left", baseline="middle", dx=9, fontSize=13, fontWeight=700
            )
    return plot.build_spec(layers, _HEIGHT_PX, language, top=10, right=14)
