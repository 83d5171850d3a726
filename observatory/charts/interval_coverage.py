"""Promised and held: how often ranges contained what came, by level and frequency, one fine tick a series."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from observatory.charts.base import ChartBuilder, Layer
from observatory.charts.palette import css_var

_ROW_HEIGHT_PX = 27  # px
_RIGHT_PADDING_PX = 12  # px beyond the figures on the right: they are measured before the web font has arrived
_FULL_PERCENT = 100.0


@dataclass(frozen=True)
class CoverageStrip:
    """One frequency at one level: the share of each of its series, of all together, and that one in words; per cent."""

    label: str
    series_coverage: Sequence[float]
    coverage: float
    coverage_text: str


@dataclass(frozen=True)
class CoverageLevel:
    """What ranges of one level promised, and its strips."""

    nominal: float
    label: str
    strips: Sequence[CoverageStrip]


@dataclass(frozen=True)
class CoverageLabels:
    """The words of the head line: on the left, on the right, and over the figures."""

    narrow: str
    wide: str
    coverage: str


def build_interval_coverage_chart(
    levels: Sequence[CoverageLevel], labels: CoverageLabels, language: str
) -> dict[str, Any]:
    """The specification: magenta is what was promised, ink what came. Rows run downwards from zero."""
    lines = 1 + sum(1 + len(level.strips) for level in levels)
    places, starts, at = [], [], 1.0
    for level in levels:
        starts.append(at)
        places.append([at + 1.5 + row for row in range(len(level.strips))])
        at += 1 + len(level.strips)
    plot = _build_axes(
        [place for rows in places for place in rows], [row.label for one in levels for row in one.strips], lines
    )
    layers: list[Layer] = [*_build_head_layers(plot, labels)]
    for level, start, rows in zip(levels, starts, places, strict=True):
        layers += _build_nominal_layers(plot, level, start, rows[-1] + 0.5)
        for strip, place in zip(level.strips, rows, strict=True):
            layers += _build_strip_layers(plot, strip, place)
    return plot.build_spec(layers, lines * _ROW_HEIGHT_PX + 34, language, top=2, right=_RIGHT_PADDING_PX)


def _build_axes(places: Sequence[float], labels: Sequence[str], row_count: int) -> ChartBuilder:
    across = alt.Scale(domain=[0, _FULL_PERCENT], nice=False, zero=False)
    upward = alt.Scale(domain=[row_count, 0], nice=False, zero=False)
    named = ", ".join(f"'{place}': '{label}'" for place, label in zip(places, labels, strict=True))
    x_axis = alt.Axis(values=[0, 20, 40, 60, 80, 100], labelExpr="format(datum.value, 'd')", grid=True)
    y_axis = alt.Axis(values=list(places), labelExpr=f"({{{named}}})[datum.value]", grid=False)
    return ChartBuilder(across, x_axis, upward, y_axis)


def _build_head_layers(plot: ChartBuilder, labels: CoverageLabels) -> list[Layer]:
    style = {"fontSize": 12, "baseline": "middle"}
    right = [{"x": _FULL_PERCENT, "y": 0.5, "text": labels.wide}]
    return [
        *plot.text_layers([{"x": 0, "y": 0.5, "text": labels.narrow}], "muted", align="left", dx=2, **style),
        *plot.text_layers(right, "muted", align="right", **style),
        *plot.text_layers(
            [{"x": _FULL_PERCENT, "y": 0.5, "text": labels.coverage}],
            "ink",
            align="left",
            dx=8,
            fontWeight=700,
            **style,
        ),
    ]


def _build_nominal_layers(plot: ChartBuilder, level: CoverageLevel, start: float, end: float) -> list[Layer]:
    x = level.nominal
    rule = plot.layer([{"x": x, "y": start + 0.95, "y2": end}])
    return [
        rule.mark("rule", color=css_var("forecast"), strokeWidth=2, aria=False).encode(
            x=plot.x(), y=plot.y(), y2=plot.y2()
        ),
        *plot.text_layers([{"x": x, "y": start + 0.5, "text": level.label}], "forecast", fontSize=13, fontWeight=700),
    ]


def _build_strip_layers(plot: ChartBuilder, strip: CoverageStrip, place: float) -> list[Layer]:
    each = plot.layer([{"x": round(share, 2), "y": place} for share in strip.series_coverage])
    total = [{"x": round(strip.coverage, 2), "y": place}]
    tick = each.mark("tick", color=css_var("ink"), opacity=0.3, thickness=1.5, size=13, orient="vertical", aria=False)
    ring = plot.layer(total).mark("point", color=css_var("paper"), filled=True, size=190, opacity=1, aria=False)
    dot = plot.layer(total).mark("point", color=css_var("ink"), filled=True, size=90, opacity=1, aria=False)
    said = [{"x": _FULL_PERCENT, "y": place, "text": strip.coverage_text}]
    return [
        *(layer.encode(x=plot.x(), y=plot.y()) for layer in (tick, ring, dot)),
        *plot.text_layers(said, "ink", align="left", baseline="middle", dx=8, fontSize=13, fontWeight=700),
    ]
