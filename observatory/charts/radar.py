"""Radar of weak signals: half a disc with a sector per market, rings from now to ten years, areas for the impact."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Any

import altair as alt

from observatory.charts.base import RUN_CHANNEL, ChartBuilder, Layer
from observatory.charts.palette import css_var

_HEIGHT_PX = 440
_RING_EDGES = (0.0, 0.52, 0.78, 1.0)  # radii; the nearest ring holds most topics
_IMPACT_AREAS_PX2 = {"low": 90, "medium": 220, "high": 420}
_ARC_SEGMENTS = 60
_URL_CHANNEL = {"field": "url", "type": "nominal"}


@dataclass(frozen=True)
class Blip:
    """One topic: its sector, ring (0 is the nearest), impact, label, whether its evidence is thin, and its address."""

    sector: int
    ring: int
    impact: str
    label: str
    has_thin_evidence: bool
    url: str


def build_radar_chart(
    blips: Sequence[Blip], sectors: Sequence[str], rings: Sequence[str], language: str
) -> dict[str, Any]:
    """The specification; a hollow mark has thin evidence. Sectors run from left to right, distance is time."""
    x_scale = alt.Scale(domain=[-1.22, 1.22], nice=False, zero=False)
    y_scale = alt.Scale(domain=[-0.06, 1.12], nice=False, zero=False)
    edges = _compute_sector_edges(blips, len(sectors))
    plot = ChartBuilder(x_scale, alt.Axis(values=[], domain=False), y_scale, alt.Axis(values=[], minExtent=0))
    layers: list[Layer] = _build_grid_layers(plot, edges)
    layers += _build_name_layers(plot, edges, sectors, rings)
    positions = _place_blips(blips, edges)
    layers += [_build_blip_layer(plot, blip, x, y) for blip, (x, y) in zip(blips, positions, strict=True)]
    for blip, (x, y) in zip(blips, positions, strict=True):
        dy = (_IMPACT_AREAS_PX2[blip.impact] / pi) ** 0.5 + 4
        label = [{"x": x, "y": y, "text": blip.label, "url": blip.url}]
        align, dx = ("right", 12) if x > 0.72 else ("left", -12) if x < -0.72 or x > 0.1 else ("center", 0)
        halo, text = plot.text_layers(label, "ink", fontSize=12.5, baseline="top", align=align, dx=dx, dy=dy)
        layers += [halo, {**text, "encoding": {**text["encoding"], "href": _URL_CHANNEL}}]
    return plot.build_spec(layers, _HEIGHT_PX, language, top=8)


def _build_name_layers(
    plot: ChartBuilder, edges: Sequence[float], sectors: Sequence[str], rings: Sequence[str]
) -> list[Layer]:
    """The names of the sectors around the disc, and of the rings on both sides of its base."""
    layers: list[Layer] = []
    for number, name in enumerate(sectors):
        x, y = _to_cartesian((edges[number] + edges[number + 1]) / 2, 1.04)
        side = "center" if abs(x) < 0.3 else "left" if x > 0 else "right"
        spot = [{"x": x, "y": y, "text": name}]
        layers += plot.text_layers(spot, "muted", fontSize=13, fontWeight=700, align=side, baseline="bottom")
    for number, name in enumerate(rings):
        spot = [
            {"x": side * (_RING_EDGES[number] + _RING_EDGES[number + 1]) / 2, "y": 0, "text": name} for side in (-1, 1)
        ]
        layers += plot.text_layers(spot, "muted", fontSize=12, align="center", baseline="top", dy=4)
    return layers


def _to_cartesian(turn: float, radius: float) -> tuple[float, float]:
    """A point of the half disc: `turn` from 0 (left) to 1 (right), `radius` from 0 (centre) to 1 (edge)."""
    angle = pi * (1 - turn)
    return round(radius * cos(angle), 4), round(radius * sin(angle), 4)


def _build_grid_layers(plot: ChartBuilder, sector_edges: Sequence[float]) -> list[Layer]:
    arcs = [
        {"x": x, "y": y, "run": ring, "k": k}
        for ring, edge in enumerate(_RING_EDGES[1:])
        for k in range(_ARC_SEGMENTS + 1)
        for x, y in [_to_cartesian(k / _ARC_SEGMENTS, edge)]
    ]
    line = plot.layer(arcs).mark("line", color=css_var("rule"), strokeWidth=1.25, aria=False)
    spokes = [{"x": 0, "y": 0, "x2": x, "y2": y} for turn in sector_edges for x, y in [_to_cartesian(turn, 1)]]
    rule = plot.layer(spokes).mark("rule", color=css_var("rule"), strokeWidth=1, aria=False)
    return [
        line.encode(x=plot.x(), y=plot.y(), detail=RUN_CHANNEL, order=alt.Order("k:Q")),
        rule.encode(x=plot.x(), y=plot.y(), x2=plot.x2(), y2=plot.y2()),
    ]


def _build_blip_layer(plot: ChartBuilder, blip: Blip, x: float, y: float) -> Layer:
    mark = plot.layer([{"x": x, "y": y, "url": blip.url}]).mark(
        "point",
        shape="circle",
        size=_IMPACT_AREAS_PX2[blip.impact],
        filled=True,
        opacity=1,
        color=css_var("paper" if blip.has_thin_evidence else "ink"),
        stroke=css_var("ink"),
        strokeWidth=2,
        strokeDash=[3, 2] if blip.has_thin_evidence else [1, 0],
        aria=False,
    )
    return mark.encode(x=plot.x(), y=plot.y(), href=_URL_CHANNEL)


def drop_links(spec: Mapping[str, Any]) -> dict[str, Any]:
    """The chart without its links: in a file an address within the site leads nowhere."""
    layers = []
    for layer in spec["layer"]:
        encoding = {name: channel for name, channel in layer.get("encoding", {}).items() if name != "href"}
        rows = [{name: value for name, value in row.items() if name != "url"} for row in layer["data"]["values"]]
        layers.append({**layer, "data": {"values": rows}, **({"encoding": encoding} if "encoding" in layer else {})})
    return {**spec, "layer": layers}


def _place_blips(blips: Sequence[Blip], sector_edges: Sequence[float]) -> list[tuple[float, float]]:
    """The position of each topic: those of one sector and ring share its arc, at radii that keep labels apart."""
    groups: dict[tuple[int, int], list[int]] = {}
    for number, blip in enumerate(blips):
        groups.setdefault((blip.sector, blip.ring), []).append(number)
    positions = [(0.0, 0.0)] * len(blips)
    for (sector, ring), members in groups.items():
        for k, number in enumerate(members):
            turn = sector_edges[sector] + (k + 0.5) / len(members) * (sector_edges[sector + 1] - sector_edges[sector])
            middle, width = (_RING_EDGES[ring] + _RING_EDGES[ring + 1]) / 2, _RING_EDGES[ring + 1] - _RING_EDGES[ring]
            sway = 0.0 if len(members) == 1 else 0.2 * width * (-1 if k % 2 else 1)
            positions[number] = _to_cartesian(turn, middle + (0.22 * width if ring == 0 else 0.05) + sway)
    return positions


def _compute_sector_edges(blips: Sequence[Blip], sector_count: int) -> list[float]:
    """The edges of the sectors, from 0 to 1: those with more topics are wider."""
    sizes = [0.7 + sum(blip.sector == sector for blip in blips) for sector in range(sector_count)]
    return [sum(sizes[:k]) / sum(sizes) for k in range(sector_count + 1)]
