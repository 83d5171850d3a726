"""Changes of mix: odds of decline across, expected growth upwards; the mix as it is in ink, the best few numbered."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from observatory.charts.base import Layer, Plot, round_steps, tick_label
from observatory.charts.palette import var

HEIGHT = 300
ROOM = 0.12  # of the width, for a name beside the rightmost mark


@dataclass(frozen=True, repr=False)
class Spot:
    """A mix: the odds of decline and the expected growth, in per cent, and what stands beside it."""

    decline: float
    growth: float
    label: str


def frontier(now: Spot, others: Sequence[Spot], named: Sequence[Spot], axis: str, language: str) -> dict[str, Any]:
    """The specification: magenta is what is expected after a change, ink the mix as it is."""
    every = [now, *others, *named]
    xs = round_steps(min(spot.decline for spot in every) - 0.5, max(spot.decline for spot in every) + 0.5, 5)
    ys = round_steps(min(spot.growth for spot in every) - 0.1, max(spot.growth for spot in every) + 0.1, 5)
    xs = [max(0.0, xs[0]), *xs[1:]]
    across = alt.Axis(values=xs, labelExpr=tick_label(xs), title=axis, titleFontWeight=400)
    across.titleAnchor, across.titleColor, across.titleFontSize, across.titleFont = "end", var("muted"), 13, "B612"
    plot = Plot(
        alt.Scale(domain=[xs[0], xs[-1] + ROOM * (xs[-1] - xs[0])], nice=False, zero=False),
        across,
        alt.Scale(domain=[ys[0], ys[-1]], nice=False, zero=False),
        alt.Axis(values=ys, labelExpr=tick_label(ys, signed=True)),
    )
    style = {"filled": True, "aria": False}
    layers: list[Layer] = []
    for spots, mark in (
        (others, {"color": var("forecast"), "size": 36, "opacity": 0.55}),
        (named, {"color": var("forecast"), "size": 120, "opacity": 1}),
        ([now], {"color": var("ink"), "size": 120, "opacity": 1}),
    ):
        rows = [{"x": round(spot.decline, 2), "y": round(spot.growth, 3)} for spot in spots]
        if rows:
            layers.append(plot.on(rows).mark("point", **style, **mark).encode(x=plot.x(), y=plot.y()))
    for spots, colour in ((named, "forecast"), ([now], "ink")):
        words = [{"x": round(spot.decline, 2), "y": round(spot.growth, 3), "text": spot.label} for spot in spots]
        if words:
            layers += plot.words(words, colour, align="left", baseline="middle", dx=9, fontSize=13, fontWeight=700)
    return plot.finish(layers, HEIGHT, language, top=10, right=14)
