"""Score differences: our score less that of each baseline, with its range; left of zero we do better."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from observatory.charts.base import (
    ChartBuilder,
    Layer,
    build_row_axis,
    build_tick_label,
    compute_round_ticks,
    stack_groups,
)
from observatory.charts.palette import css_var

_ROW_HEIGHT_PX = 27
_RIGHT_PADDING_PX = 30  # for the figures on the right


@dataclass(frozen=True)
class ScoreDifference:
    """Our score less that of a baseline over some calls: value, range, and the value as text."""

    label: str
    value: float
    low: float
    high: float
    text: str


@dataclass(frozen=True)
class BaselineDifferences:
    """A baseline and the differences from it."""

    label: str
    differences: Sequence[ScoreDifference]


def build_score_differences_chart(
    baselines: Sequence[BaselineDifferences], better_label: str, worse_label: str, language: str
) -> dict[str, Any]:
    """The specification; rows run downwards from zero. A range that leaves out the zero line is a difference."""
    starts, positions, row_count = stack_groups([len(baseline.differences) for baseline in baselines])
    rows = [row for baseline in baselines for row in baseline.differences]
    ticks = compute_round_ticks(min(row.low for row in rows), max(0.0, *(row.high for row in rows)), 6)
    row_axis = build_row_axis([position for group in positions for position in group], [row.label for row in rows])
    plot = _build_axes(ticks, row_axis, row_count)
    layers: list[Layer] = [
        plot.layer([{"x": 0, "y": 0.95, "y2": row_count}])
        .mark("rule", color=css_var("ink"), strokeWidth=1.5, aria=False)
        .encode(x=plot.x(), y=plot.y(), y2=plot.y2())
    ]
    style = {"fontSize": 12, "baseline": "middle"}
    layers += plot.text_layers([{"x": 0, "y": 0.5, "text": better_label}], "muted", align="right", dx=-8, **style)
    layers += plot.text_layers([{"x": 0, "y": 0.5, "text": worse_label}], "muted", align="left", dx=8, **style)
    for baseline, start, group in zip(baselines, starts, positions, strict=True):
        name = [{"x": ticks[0], "y": start + 0.5, "text": baseline.label}]
        layers += plot.text_layers(name, "ink", align="left", baseline="middle", dx=2, fontSize=13, fontWeight=700)
        for difference, position in zip(baseline.differences, group, strict=True):
            layers += _build_row_layers(plot, difference, position, ticks[-1])
    return plot.build_spec(layers, row_count * _ROW_HEIGHT_PX + 34, language, top=2, right=_RIGHT_PADDING_PX)


def _build_axes(ticks: Sequence[float], row_axis: alt.Axis, row_count: int) -> ChartBuilder:
    return ChartBuilder(
        alt.Scale(domain=[ticks[0], ticks[-1]], nice=False, zero=False),
        alt.Axis(values=list(ticks), labelExpr=build_tick_label(ticks, signed=True), grid=True, labelOverlap="greedy"),
        alt.Scale(domain=[row_count, 0], nice=False, zero=False),
        row_axis,
    )


def _build_row_layers(plot: ChartBuilder, difference: ScoreDifference, position: float, right: float) -> list[Layer]:
    span = plot.layer([{"x": round(difference.low, 4), "x2": round(difference.high, 4), "y": position}])
    caps = plot.layer([{"x": round(end, 4), "y": position} for end in (difference.low, difference.high)])
    centre = [{"x": round(difference.value, 4), "y": position}]
    dot = plot.layer(centre).mark("point", color=css_var("ink"), filled=True, size=80, opacity=1, aria=False)
    cap = caps.mark("tick", color=css_var("ink"), thickness=2, size=11, orient="vertical", aria=False)
    return [
        span.mark("rule", color=css_var("ink"), strokeWidth=2, aria=False).encode(x=plot.x(), x2=plot.x2(), y=plot.y()),
        *(layer.encode(x=plot.x(), y=plot.y()) for layer in (cap, dot)),
        *plot.text_layers(
            [{"x": right, "y": position, "text": difference.text}],
            "ink",
            align="left",
            baseline="middle",
            dx=6,
            fontSize=13,
            fontWeight=700,
        ),
    ]
