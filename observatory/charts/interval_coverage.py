"""Promised and held: how often ranges contained what came, by level and frequency, one fine tick a series."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from observatory.charts.base import Layer, Plot
from observatory.charts.palette import var

ROW = 27  # px
ROOM = 12  # px beyond the figures on the right: they are measured before the web font has arrived
WHOLE = 100.0


@dataclass(frozen=True)
class Strip:
    """One frequency at one level: the share of each of its series, of all together, and that one in words; per cent."""

    label: str
    each: Sequence[float]
    held: float
    shown: str


@dataclass(frozen=True)
class Level:
    """What ranges of one level promised, and its strips."""

    promised: float
    label: str
    strips: Sequence[Strip]


@dataclass(frozen=True)
class Words:
    """The words of the head line: on the left, on the right, and over the figures."""

    narrow: str
    wide: str
    held: str


def ranges(levels: Sequence[Level], words: Words, language: str) -> dict[str, Any]:
    """The specification: magenta is what was promised, ink what came. Rows run downwards from zero."""
    lines = 1 + sum(1 + len(level.strips) for level in levels)
    places, starts, at = [], [], 1.0
    for level in levels:
        starts.append(at)
        places.append([at + 1.5 + row for row in range(len(level.strips))])
        at += 1 + len(level.strips)
    plot = _plot(
        [place for rows in places for place in rows], [row.label for one in levels for row in one.strips], lines
    )
    layers: list[Layer] = [*_head(plot, words)]
    for level, start, rows in zip(levels, starts, places, strict=True):
        layers += _promise(plot, level, start, rows[-1] + 0.5)
        for strip, place in zip(level.strips, rows, strict=True):
            layers += _strip(plot, strip, place)
    return plot.finish(layers, lines * ROW + 34, language, top=2, right=ROOM)


def _plot(places: Sequence[float], labels: Sequence[str], lines: int) -> Plot:
    across = alt.Scale(domain=[0, WHOLE], nice=False, zero=False)
    upward = alt.Scale(domain=[lines, 0], nice=False, zero=False)
    named = ", ".join(f"'{place}': '{label}'" for place, label in zip(places, labels, strict=True))
    x_axis = alt.Axis(values=[0, 20, 40, 60, 80, 100], labelExpr="format(datum.value, 'd')", grid=True)
    y_axis = alt.Axis(values=list(places), labelExpr=f"({{{named}}})[datum.value]", grid=False)
    return Plot(across, x_axis, upward, y_axis)


def _head(plot: Plot, words: Words) -> list[Layer]:
    style = {"fontSize": 12, "baseline": "middle"}
    right = [{"x": WHOLE, "y": 0.5, "text": words.wide}]
    return [
        *plot.words([{"x": 0, "y": 0.5, "text": words.narrow}], "muted", align="left", dx=2, **style),
        *plot.words(right, "muted", align="right", **style),
        *plot.words([{"x": WHOLE, "y": 0.5, "text": words.held}], "ink", align="left", dx=8, fontWeight=700, **style),
    ]


def _promise(plot: Plot, level: Level, start: float, end: float) -> list[Layer]:
    x = level.promised
    rule = plot.on([{"x": x, "y": start + 0.95, "y2": end}])
    return [
        rule.mark("rule", color=var("forecast"), strokeWidth=2, aria=False).encode(
            x=plot.x(), y=plot.y(), y2=plot.y2()
        ),
        *plot.words([{"x": x, "y": start + 0.5, "text": level.label}], "forecast", fontSize=13, fontWeight=700),
    ]


def _strip(plot: Plot, strip: Strip, place: float) -> list[Layer]:
    each = plot.on([{"x": round(share, 2), "y": place} for share in strip.each])
    total = [{"x": round(strip.held, 2), "y": place}]
    tick = each.mark("tick", color=var("ink"), opacity=0.3, thickness=1.5, size=13, orient="vertical", aria=False)
    ring = plot.on(total).mark("point", color=var("paper"), filled=True, size=190, opacity=1, aria=False)
    dot = plot.on(total).mark("point", color=var("ink"), filled=True, size=90, opacity=1, aria=False)
    said = [{"x": WHOLE, "y": place, "text": strip.shown}]
    return [
        *(layer.encode(x=plot.x(), y=plot.y()) for layer in (tick, ring, dot)),
        *plot.words(said, "ink", align="left", baseline="middle", dx=8, fontSize=13, fontWeight=700),
    ]
