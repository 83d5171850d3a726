"""The radar of weak signals: half a disc, one sector a market, rings from now to ten years, size as impact."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Any

import altair as alt

from observatory.charts.base import RUN, Layer, Plot
from observatory.charts.palette import var

HEIGHT = 440
EDGES = (0.0, 0.52, 0.78, 1.0)  # of the rings: the nearest holds most topics
SIZES = {"low": 90, "medium": 220, "high": 420}  # px2
SEGMENTS_OF_ARC = 60


@dataclass(frozen=True)
class Blip:
    """One topic: its sector and ring (0 is the nearest), impact, label, and whether its evidence is thin."""

    sector: int
    ring: int
    impact: str
    label: str
    thin: bool


def radar(blips: Sequence[Blip], sectors: Sequence[str], rings: Sequence[str], language: str) -> dict[str, Any]:
    """The specification; thin evidence is a hollow mark. Angles run from left to right, distance is time."""
    across = alt.Scale(domain=[-1.22, 1.22], nice=False, zero=False)
    upward = alt.Scale(domain=[-0.06, 1.12], nice=False, zero=False)
    turns = _turns(blips, len(sectors))
    plot = Plot(across, alt.Axis(values=[], domain=False), upward, alt.Axis(values=[], minExtent=0))
    layers: list[Layer] = [*_grid(plot, turns)]
    for number, name in enumerate(sectors):
        x, y = _at((turns[number] + turns[number + 1]) / 2, 1.04)
        side = "center" if abs(x) < 0.3 else "left" if x > 0 else "right"
        spot = [{"x": x, "y": y, "text": name}]
        layers += plot.words(spot, "muted", fontSize=13, fontWeight=700, align=side, baseline="bottom")
    for number, name in enumerate(rings):
        spot = [{"x": side * (EDGES[number] + EDGES[number + 1]) / 2, "y": 0, "text": name} for side in (-1, 1)]
        layers += plot.words(spot, "muted", fontSize=12, align="center", baseline="top", dy=4)
    places = _places(blips, turns)
    layers += [_mark(plot, blip, x, y) for blip, (x, y) in zip(blips, places, strict=True)]
    for blip, (x, y) in zip(blips, places, strict=True):
        dy = (SIZES[blip.impact] / pi) ** 0.5 + 4
        label = [{"x": x, "y": y, "text": blip.label}]
        align, dx = ("right", 12) if x > 0.72 else ("left", -12) if x < -0.72 or x > 0.1 else ("center", 0)
        layers += plot.words(label, "ink", fontSize=12.5, baseline="top", align=align, dx=dx, dy=dy)
    return plot.finish(layers, HEIGHT, language, top=8)


def _at(turn: float, far: float) -> tuple[float, float]:
    """A place of the half disc: `turn` from 0 (left) to 1 (right), `far` from 0 (centre) to 1 (edge)."""
    angle = pi * (1 - turn)
    return round(far * cos(angle), 4), round(far * sin(angle), 4)


def _grid(plot: Plot, turns: Sequence[float]) -> list[Layer]:
    arcs = [
        {"x": x, "y": y, "run": ring, "k": k}
        for ring, edge in enumerate(EDGES[1:])
        for k in range(SEGMENTS_OF_ARC + 1)
        for x, y in [_at(k / SEGMENTS_OF_ARC, edge)]
    ]
    line = plot.on(arcs).mark("line", color=var("rule"), strokeWidth=1.25, aria=False)
    spokes = [{"x": 0, "y": 0, "x2": x, "y2": y} for turn in turns for x, y in [_at(turn, 1)]]
    rule = plot.on(spokes).mark("rule", color=var("rule"), strokeWidth=1, aria=False)
    return [
        line.encode(x=plot.x(), y=plot.y(), detail=RUN, order=alt.Order("k:Q")),
        rule.encode(x=plot.x(), y=plot.y(), x2=plot.x2(), y2=plot.y2()),
    ]


def _mark(plot: Plot, blip: Blip, x: float, y: float) -> Layer:
    mark = plot.on([{"x": x, "y": y}]).mark(
        "point",
        shape="circle",
        size=SIZES[blip.impact],
        filled=True,
        opacity=1,
        color=var("paper" if blip.thin else "ink"),
        stroke=var("ink"),
        strokeWidth=2,
        strokeDash=[3, 2] if blip.thin else [1, 0],
        aria=False,
    )
    placed: Layer = mark.encode(x=plot.x(), y=plot.y())
    return placed


def _places(blips: Sequence[Blip], edges: Sequence[float]) -> list[tuple[float, float]]:
    """Where each topic stands: those of one sector and ring share its arc, at distances that keep labels apart."""
    groups: dict[tuple[int, int], list[int]] = {}
    for number, blip in enumerate(blips):
        groups.setdefault((blip.sector, blip.ring), []).append(number)
    found = [(0.0, 0.0)] * len(blips)
    for (sector, ring), members in groups.items():
        for k, number in enumerate(members):
            turn = edges[sector] + (k + 0.5) / len(members) * (edges[sector + 1] - edges[sector])
            middle, width = (EDGES[ring] + EDGES[ring + 1]) / 2, EDGES[ring + 1] - EDGES[ring]
            sway = 0.0 if len(members) == 1 else 0.2 * width * (-1 if k % 2 else 1)
            found[number] = _at(turn, middle + (0.22 * width if ring == 0 else 0.05) + sway)
    return found


def _turns(blips: Sequence[Blip], sectors: int) -> list[float]:
    """Where the sectors begin and end, from 0 to 1: those with more topics are wider."""
    sizes = [0.7 + sum(blip.sector == sector for blip in blips) for sector in range(sectors)]
    return [sum(sizes[:k]) / sum(sizes) for k in range(sectors + 1)]
