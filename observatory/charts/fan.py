"""Fan chart: history in the colour of its role, crises shaded, the forecast in magenta with its intervals."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Any

import altair as alt

from observatory.charts.base import (
    AXIS_HEIGHT_PX,
    RUN_CHANNEL,
    ChartBuilder,
    CrisisShade,
    Layer,
    LayerBuilder,
    build_crisis_layers,
    build_tick_label,
    build_y_scale,
    compute_year_ticks,
    round_value,
)
from observatory.charts.palette import css_var

_LABEL_GAP_PX = 15
_PHONE_PLOT_PX = 230  # between the axis and the labels of the end of a fan, on a phone of 390 px
_LABEL_CHARACTER_PX = 7.0  # of the last label, in bold
_SMALL_HEIGHT_PX = 300  # charts below this height get fewer ticks and labels
_MAX_SMALL_CRISIS_LABELS = 3


@dataclass(frozen=True)
class FanStep:
    """One step of a forecast in the unit shown: x in decimal years, median, inner and outer interval limits."""

    x: float
    median: float
    inner_low: float
    inner_high: float
    low: float
    high: float


@dataclass(frozen=True)
class FanChart:
    """Contents of a fan chart, its labels ready to print. `runs` are pieces of history without a gap."""

    runs: Sequence[Sequence[tuple[float, float]]]
    steps: Sequence[FanStep]
    shades: Sequence[CrisisShade]
    role: str
    last_label: str
    end_labels: tuple[str, str, str] | None
    from_zero: bool
    logarithmic: bool
    language: str
    height: int
    signed: bool = False
    realized: Sequence[tuple[float, float]] = ()  # values after the origin, if the reader asks for them
    annual: bool = False  # yearly points and ticks stand at the middle of their year
    threshold: tuple[float, str] | None = None  # its level and its name

    @property
    def is_small(self) -> bool:
        """Whether there is little height for ticks and labels."""
        return self.height < _SMALL_HEIGHT_PX


def build_fan_chart(chart: FanChart) -> dict[str, Any]:
    """The specification; its axes cover all that it shows."""
    points = [point for run in chart.runs for point in run]
    xs = [x for x, _y in points] + [step.x for step in chart.steps]
    ys = [y for _x, y in points] + [y for step in chart.steps for y in (step.low, step.high)]
    xs, ys = xs + [x for x, _y in chart.realized], ys + [y for _x, y in chart.realized]
    ys += [chart.threshold[0]] if chart.threshold else []
    first, last = min(xs), max(xs)
    ticks, y_scale = build_y_scale(ys, logarithmic=chart.logarithmic, from_zero=chart.from_zero)
    span = max(last - first, 1.0)
    right = last + span * (0.13 if chart.is_small else 0.075)
    x_scale = alt.Scale(domain=[first - span * 0.01, right], nice=False, zero=False)
    y_axis = alt.Axis(values=ticks, labelExpr=build_tick_label(ticks, signed=chart.signed))
    plot = ChartBuilder(x_scale, _build_year_axis(chart, first, last, right), y_scale, y_axis)
    max_labels = _MAX_SMALL_CRISIS_LABELS if chart.is_small else None
    layers: list[Layer] = [
        *build_crisis_layers(plot, chart.shades, first, right, max_labels=max_labels),
        *_build_zero_layers(plot, ticks),
    ]
    layers += _build_forecast_layers(plot, chart, points[-1])
    layers += _build_realized_layers(plot, chart, points[-1])
    layers += _build_history_layers(plot, chart)
    layers += _build_threshold_layers(plot, chart, first)
    layers += _build_label_layers(plot, chart, points, y_scale)
    return plot.build_spec(layers, chart.height, chart.language)


def _build_year_axis(chart: FanChart, first: float, last: float, right: float) -> alt.Axis:
    """Labels on round years, at the middle of the year where points stand there."""
    years = compute_year_ticks(int(first), int(last), 5 if chart.is_small else 8)
    shift = 0.5 if chart.annual else 0.0
    return alt.Axis(
        values=[year + shift for year in years if first - 0.5 <= year + 0.5 <= right],
        labelExpr=f"format(datum.value - {shift}, 'd')",
        labelOverlap="greedy",
        labelSeparation=8,
    )


def _build_zero_layers(plot: ChartBuilder, ticks: Sequence[float]) -> list[Layer]:
    if not ticks or not ticks[0] < 0 < ticks[-1]:
        return []
    rule = plot.layer([{"y": 0}]).mark("rule", color=css_var("ink"), strokeWidth=1, aria=False)
    return [rule.encode(y=plot.y())]


def _build_forecast_layers(plot: ChartBuilder, chart: FanChart, origin: tuple[float, float]) -> list[Layer]:
    if not chart.steps:
        return []
    x, y = origin
    rows = [{"x": x, "y": y, "l": y, "h": y, "il": y, "ih": y}]
    for step in chart.steps:
        row = {
            "x": step.x,
            "y": step.median,
            "l": step.low,
            "h": step.high,
            "il": step.inner_low,
            "ih": step.inner_high,
        }
        rows.append(row)
    rows = [{name: round_value(value) for name, value in row.items()} for row in rows]
    colour, data = css_var("forecast"), LayerBuilder(None)
    outer = data.mark("area", color=colour, opacity=0.16, aria=False)
    inner = data.mark("area", color=colour, opacity=0.22, aria=False)
    edge = data.mark("line", color=colour, strokeWidth=1, opacity=0.75, aria=False)
    middle = data.mark("line", color=colour, strokeWidth=2.25, strokeDash=[6, 3], aria=False)
    shared_x = plot.x()
    layers = (
        outer.encode(x=shared_x, y=plot.y("l"), y2=plot.y2("h")),
        inner.encode(x=shared_x, y=plot.y("il"), y2=plot.y2("ih")),
        edge.encode(x=shared_x, y=plot.y("l")),
        edge.encode(x=shared_x, y=plot.y("h")),
        middle.encode(x=shared_x, y=plot.y()),
    )
    return [plot.group_layers(rows, layers)]


def _build_realized_layers(plot: ChartBuilder, chart: FanChart, origin: tuple[float, float]) -> list[Layer]:
    """The values realized after the origin, in grey, from the last point of history."""
    if not chart.realized:
        return []
    rows = [{"x": round(x, 3), "y": round_value(y)} for x, y in (origin, *chart.realized)]
    line = plot.layer(rows).mark("line", color=css_var("muted"), strokeWidth=2.25, strokeJoin="round", aria=False)
    return [line.encode(x=plot.x(), y=plot.y())]


def _build_threshold_layers(plot: ChartBuilder, chart: FanChart, first: float) -> list[Layer]:
    """The threshold set by the reader: a dotted line, its name at its left end."""
    if chart.threshold is None:
        return []
    rule = plot.layer([{"y": chart.threshold[0]}]).mark(
        "rule", color=css_var("ink"), strokeWidth=1.5, strokeDash=[2, 3], aria=False
    )
    text = [{"x": first, "y": chart.threshold[0], "text": chart.threshold[1]}]
    return [
        rule.encode(y=plot.y()),
        *plot.text_layers(text, "ink", fontSize=12, align="left", baseline="bottom", dy=-4),
    ]


def _build_history_layers(plot: ChartBuilder, chart: FanChart) -> list[Layer]:
    rows = [
        {"x": round(x, 3), "y": round_value(y), "run": number} for number, run in enumerate(chart.runs) for x, y in run
    ]
    line = plot.layer(rows).mark("line", color=css_var(chart.role), strokeWidth=2.25, strokeJoin="round", aria=False)
    layers = [line.encode(x=plot.x(), y=plot.y(), detail=RUN_CHANNEL)]
    isolated = [{"x": round(run[0][0], 3), "y": round_value(run[0][1])} for run in chart.runs if len(run) == 1]
    if isolated:
        dots = plot.layer(isolated).mark(
            "point", color=css_var(chart.role), filled=True, size=24, opacity=1, aria=False
        )
        layers.append(dots.encode(x=plot.x(), y=plot.y()))
    return layers


def _build_label_layers(
    plot: ChartBuilder, chart: FanChart, points: Sequence[tuple[float, float]], scale: alt.Scale
) -> list[Layer]:
    x, y = points[-1]
    dot = plot.layer([{"x": x, "y": y}]).mark(
        "point", color=css_var(chart.role), filled=True, size=60, opacity=1, aria=False
    )
    is_short = _has_little_history(chart, points)
    position: dict[str, Any] = {
        "align": "right",
        "dx": -8,
        "dy": _offset_last_label(chart, points, scale, is_short=is_short),
    }
    if is_short:
        position |= {"align": "left", "dx": 0}
    role = chart.role if chart.role != "context" else "muted"
    layers: list[Layer] = [
        dot.encode(x=plot.x(), y=plot.y()),
        *plot.text_layers(
            [{"x": points[0][0] if is_short else x, "y": y, "text": chart.last_label}],
            role,
            fontSize=13,
            fontWeight=700,
            **position,
        ),
    ]
    if chart.end_labels and chart.steps:
        layers += _build_end_label_layers(plot, chart, scale)
    return layers


def _has_little_history(chart: FanChart, points: Sequence[tuple[float, float]]) -> bool:
    """Whether the last label does not fit between the axis and its point on a phone: it then starts at the axis."""
    ends = [points[-1][0], *(step.x for step in chart.steps), *(x for x, _y in chart.realized)]
    share = (points[-1][0] - points[0][0]) / max(max(ends) - points[0][0], 1.0)
    return len(chart.last_label) * _LABEL_CHARACTER_PX > share * _PHONE_PLOT_PX


def _offset_last_label(
    chart: FanChart, points: Sequence[tuple[float, float]], scale: alt.Scale, *, is_short: bool
) -> float:
    """The offset of the last label from its point, in px (negative: above), clear of the line on its left.

    A short history (`is_short`) has the label above or below all of it.
    """
    if chart.logarithmic:
        return -12.0
    low, high = (float(end) for end in scale["domain"])
    plot_height = chart.height - AXIS_HEIGHT_PX
    span = points[-1][0] - points[0][0]
    start = points[0][0] if is_short else points[-1][0] - span * (0.34 if chart.is_small else 0.2)
    near = [y for x, y in points[:-1] if x >= start] or [points[-1][1]]
    above = max(0.0, max(near) - points[-1][1]) / (high - low) * plot_height
    below = max(0.0, points[-1][1] - min(near)) / (high - low) * plot_height
    top = (high - points[-1][1]) / (high - low) * plot_height
    if above <= below and above + 26 < top:
        return -12 - min(above, 60.0)
    return 16 + min(below, 60.0) if below < plot_height - top - 26 else -12.0


def _build_end_label_layers(plot: ChartBuilder, chart: FanChart, scale: alt.Scale) -> list[Layer]:
    """Median and limits at the end of the fan, pushed apart; limits without enough space are left out."""
    assert chart.end_labels is not None
    end = chart.steps[-1]
    domain = scale["domain"]
    plot_height = chart.height - AXIS_HEIGHT_PX

    def to_px(value: float) -> float:
        if chart.logarithmic:
            return plot_height * log(value / domain[0]) / log(domain[1] / domain[0])
        return float(plot_height * (value - domain[0]) / (domain[1] - domain[0]))

    median, low, high = chart.end_labels
    layers: list[Layer] = []
    for value, label, bold, sign in (
        (end.median, median, True, 0),
        (end.low, low, False, 1),
        (end.high, high, False, -1),
    ):
        gap = abs(to_px(value) - to_px(end.median))
        push = 0.0 if sign == 0 else sign * max(0.0, _LABEL_GAP_PX - gap)
        if sign and push and abs(push) > _LABEL_GAP_PX * 0.95 and chart.is_small and gap < 2:
            continue
        style = {"fontSize": 14 if bold else 12, "fontWeight": 700 if bold else 400}
        text = [{"x": end.x, "y": value, "text": label}]
        layers += plot.text_layers(text, "forecast", align="left", baseline="middle", dx=6, dy=push, **style)
    return layers
