"""Against the baselines: by how much the score differs from each, with its range; left of zero we do better."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from observatory.charts.base import ChartBuilder, Layer, build_tick_label, compute_round_ticks
from observatory.charts.palette import css_var

_ROW_HEIGHT_PX = 27  # px
_RIGHT_PADDING_PX = 30  # px for the figures on the right


@dataclass(frozen=True)
class ScoreDifference:
    """Our score less that of a baseline, over some calls: value, range, and the value in words."""

    label: str
    value: float
    low: float
    high: float
    text: str


@dataclass(frozen=True)
class BaselineDifferences:
    """A baseline, and the differences to it."""

    label: str
    differences: Sequence[ScoreDifference]


def build_score_differences_chart(
    baselines: Sequence[BaselineDifferences], better_label: str, worse_label: str, language: str
) -> dict[str, Any]:
    """The specification; rows run downwards from zero. A range that does not touch the zero line is a difference."""
    places, starts, at = [], [], 1.0
    for rival in baselines:
        starts.append(at)
        places.append([at + 1.5 + row for row in range(len(rival.differences))])
        at += 1 + len(rival.differences)
    lines = int(at)
    every = [row for rival in baselines for row in rival.differences]
    steps = compute_round_ticks(min(row.low for row in every), max(0.0, *(row.high for row in every)), 6)
    plot = _build_axes([place for rows in places for place in rows], [row.label for row in every], steps, lines)
    layers: list[Layer] = [
        plot.layer([{"x": 0, "y": 0.95, "y2": lines}])
        .mark("rule", color=css_var("ink"), strokeWidth=1.5, aria=False)
        .encode(x=plot.x(), y=plot.y(), y2=plot.y2())
    ]
    head = {"fontSize": 12, "baseline": "middle"}
    layers += plot.text_layers([{"x": 0, "y": 0.5, "text": better_label}], "muted", align="right", dx=-8, **head)
    layers += plot.text_layers([{"x": 0, "y": 0.5, "text": worse_label}], "muted", align="left", dx=8, **head)
    for rival, start, rows in zip(baselines, starts, places, strict=True):
        name = [{"x": steps[0], "y": start + 0.5, "text": rival.label}]
        layers += plot.text_layers(name, "ink", align="left", baseline="middle", dx=2, fontSize=13, fontWeight=700)
        for row, place in zip(rival.differences, rows, strict=True):
            layers += _build_row_layers(plot, row, place, steps[-1])
    return plot.build_spec(layers, lines * _ROW_HEIGHT_PX + 34, language, top=2, right=_RIGHT_PADDING_PX)


def _build_axes(places: Sequence[float], labels: Sequence[str], steps: Sequence[float], row_count: int) -> ChartBuilder:
    named = ", ".join(f"'{place}': '{label}'" for place, label in zip(places, labels, strict=True))
    return ChartBuilder(
        alt.Scale(domain=[steps[0], steps[-1]], nice=False, zero=False),
        alt.Axis(values=list(steps), labelExpr=build_tick_label(steps, signed=True), grid=True, labelOverlap="greedy"),
        alt.Scale(domain=[row_count, 0], nice=False, zero=False),
        alt.Axis(values=list(places), labelExpr=f"({{{named}}})[datum.value]", grid=False),
    )


def _build_row_layers(plot: ChartBuilder, difference: ScoreDifference, place: float, right: float) -> list[Layer]:
    span = plot.layer([{"x": round(difference.low, 4), "x2": round(difference.high, 4), "y": place}])
    caps = plot.layer([{"x": round(end, 4), "y": place} for end in (difference.low, difference.high)])
    at = [{"x": round(difference.value, 4), "y": place}]
    dot = plot.layer(at).mark("point", color=css_var("ink"), filled=True, size=80, opacity=1, aria=False)
    cap = caps.mark("tick", color=css_var("ink"), thickness=2, size=11, orient="vertical", aria=False)
    return [
        span.mark("rule", color=css_var("ink"), strokeWidth=2, aria=False).encode(x=plot.x(), x2=plot.x2(), y=plot.y()),
        *(layer.encode(x=plot.x(), y=plot.y()) for layer in (cap, dot)),
        *plot.text_layers(
            [{"x": right, "y": place, "text": difference.text}],
            "ink",
            align="left",
            baseline="middle",
            dx=6,
            fontSize=13,
            fontWeight=700,
        ),
    ]
