"""Interval coverage: how often ranges contained the outcome, by level and frequency, with a fine tick per series."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from observatory.charts.base import ChartBuilder, Layer, build_row_axis, stack_groups
from observatory.charts.palette import css_var

_ROW_HEIGHT_PX = 27
_RIGHT_PADDING_PX = 12  # beyond the figures on the right: Vega measures them before the web font has loaded
_FULL_PERCENT = 100.0


@dataclass(frozen=True)
class CoverageStrip:
    """One frequency at one level: coverage of each series, of all together, and the latter as text; in per cent."""

    label: str
    series_coverage: Sequence[float]
    coverage: float
    coverage_text: str


@dataclass(frozen=True)
class CoverageLevel:
    """One nominal level in per cent, its label and its strips."""

    nominal: float
    label: str
    strips: Sequence[CoverageStrip]


@dataclass(frozen=True)
class CoverageLabels:
    """Labels of the heading row: on the left, on the right, and above the figures."""

    narrow: str
    wide: str
    coverage: str


def build_interval_coverage_chart(
    levels: Sequence[CoverageLevel], labels: CoverageLabels, language: str
) -> dict[str, Any]:
    """The specification: nominal levels in magenta, observed coverage in ink. Rows run downwards from zero."""
    starts, positions, row_count = stack_groups([len(level.strips) for level in levels])
    plot = _build_axes(
        [position for rows in positions for position in rows],
        [strip.label for level in levels for strip in level.strips],
        row_count,
    )
    layers: list[Layer] = [*_build_head_layers(plot, labels)]
    for level, start, rows in zip(levels, starts, positions, strict=True):
        layers += _build_nominal_layers(plot, level, start, rows[-1] + 0.5)
        for strip, position in zip(level.strips, rows, strict=True):
            layers += _build_strip_layers(plot, strip, position)
    return plot.build_spec(layers, row_count * _ROW_HEIGHT_PX + 34, language, top=2, right=_RIGHT_PADDING_PX)


def _build_axes(positions: Sequence[float], labels: Sequence[str], row_count: int) -> ChartBuilder:
    x_scale = alt.Scale(domain=[0, _FULL_PERCENT], nice=False, zero=False)
    y_scale = alt.Scale(domain=[row_count, 0], nice=False, zero=False)
    x_axis = alt.Axis(values=[0, 20, 40, 60, 80, 100], labelExpr="format(datum.value, 'd')", grid=True)
    return ChartBuilder(x_scale, x_axis, y_scale, build_row_axis(positions, labels))


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


def _build_strip_layers(plot: ChartBuilder, strip: CoverageStrip, position: float) -> list[Layer]:
    each = plot.layer([{"x": round(share, 2), "y": position} for share in strip.series_coverage])
    total = [{"x": round(strip.coverage, 2), "y": position}]
    tick = each.mark("tick", color=css_var("ink"), opacity=0.3, thickness=1.5, size=13, orient="vertical", aria=False)
    ring = plot.layer(total).mark("point", color=css_var("paper"), filled=True, size=190, opacity=1, aria=False)
    dot = plot.layer(total).mark("point", color=css_var("ink"), filled=True, size=90, opacity=1, aria=False)
    label = [{"x": _FULL_PERCENT, "y": position, "text": strip.coverage_text}]
    return [
        *(layer.encode(x=plot.x(), y=plot.y()) for layer in (tick, ring, dot)),
        *plot.text_layers(label, "ink", align="left", baseline="middle", dx=8, fontSize=13, fontWeight=700),
    ]
