"""The fan chart: history in the colour of its role, crises shaded, the forecast in magenta with its intervals."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Any

import altair as alt

from observatory.charts.base import (
    RUN_CHANNEL,
    ChartBuilder,
    Layer,
    LayerBuilder,
    build_crisis_layers,
    build_tick_label,
    compute_round_ticks,
    compute_year_ticks,
)
from observatory.charts.palette import css_var

_LABEL_GAP_PX = 15  # px between end labels


@dataclass(frozen=True)
class FanStep:
    """One step of a forecast in the unit shown: place on the axis of years, median, inner and outer limits."""

    x: float
    median: float
    inner_low: float
    inner_high: float
    low: float
    high: float


@dataclass(frozen=True)
class CrisisShade:
    """A crisis behind the chart, in decimal years."""

    start: float
    end: float
    label: str


@dataclass(frozen=True)
class FanChart:
    """Everything that a fan chart draws; all words come ready. `runs` are pieces of history without a hole."""

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
    realized: Sequence[tuple[float, float]] = ()  # what came after the origin, where the reader asks for it
    annual: bool = False  # yearly points stand at the middle of their year, and so do the ticks
    threshold: tuple[float, str] | None = None  # a threshold across the chart, and its name


def build_fan_chart(chart: FanChart) -> dict[str, Any]:
    """The specification of a fan chart; its axes are settled here, from all that it shows."""
    points = [point for run in chart.runs for point in run]
    xs = [x for x, _y in points] + [step.x for step in chart.steps]
    ys = [y for _x, y in points] + [y for step in chart.steps for y in (step.low, step.high)]
    xs, ys = xs + [x for x, _y in chart.realized], ys + [y for _x, y in chart.realized]
    ys += [chart.threshold[0]] if chart.threshold else []
    first, last = min(xs), max(xs)
    ticks, scale = _build_y_scale(chart, ys)
    span = max(last - first, 1.0)
    room = span * (0.13 if chart.height < 300 else 0.075)
    across = alt.Scale(domain=[first - span * 0.01, last + room], nice=False, zero=False)
    count = 5 if chart.height < 300 else 8
    years = [
        year for year in compute_year_ticks(int(first), int(last), count) if first - 0.5 <= year + 0.5 <= last + room
    ]
    half = 0.5 if chart.annual else 0.0
    marks = [year + half for year in years]
    years_axis = alt.Axis(
        values=marks, labelExpr=f"format(datum.value - {half}, 'd')", labelOverlap="greedy", labelSeparation=8
    )
    plot = ChartBuilder(
        across, years_axis, scale, alt.Axis(values=ticks, labelExpr=build_tick_label(ticks, chart.signed))
    )
    layers: list[Layer] = [*_build_crisis_layers(plot, chart, first, last + room), *_build_zero_layers(plot, ticks)]
    layers += _build_forecast_layers(plot, chart, points[-1])
    layers += _build_realized_layers(plot, chart, points[-1])
    layers += _build_history_layers(plot, chart)
    layers += _build_threshold_layers(plot, chart, first)
    layers += _build_label_layers(plot, chart, points, scale)
    return plot.build_spec(layers, chart.height, chart.language)


def _build_y_scale(chart: FanChart, ys: Sequence[float]) -> tuple[list[float], alt.Scale]:
    low, high = min(ys), max(ys)
    if chart.logarithmic:
        ticks = [factor * 10.0**power for power in range(-9, 16) for factor in (1, 2, 5)]
        kept = [tick for tick in ticks if low * 0.8 <= tick <= high * 1.2]
        if len(kept) > 7:
            kept = [tick for tick in kept if str(f"{tick:e}")[0] == "1"]
        return kept, alt.Scale(type="log", domain=[low * 0.92, high * 1.08], nice=False)
    if chart.from_zero and low >= 0:
        low = 0.0
    ticks = compute_round_ticks(low, high)
    return ticks, alt.Scale(domain=[ticks[0], ticks[-1]], nice=False, zero=False)


def _build_crisis_layers(plot: ChartBuilder, chart: FanChart, first: float, last: float) -> list[Layer]:
    seen = [row for row in chart.shades if row.end > first and row.start < last]
    rows = [{"x": max(row.start, first), "x2": min(row.end, last), "text": row.label} for row in seen]
    return build_crisis_layers(plot, rows, rows if chart.height >= 300 else rows[-3:])


def _build_zero_layers(plot: ChartBuilder, ticks: Sequence[float]) -> list[Layer]:
    if not ticks or not ticks[0] < 0 < ticks[-1]:
        return []
    rule = plot.layer([{"y": 0}]).mark("rule", color=css_var("ink"), strokeWidth=1, aria=False)
    return [rule.encode(y=plot.y())]


def _build_forecast_layers(plot: ChartBuilder, chart: FanChart, joint: tuple[float, float]) -> list[Layer]:
    if not chart.steps:
        return []
    x, y = joint
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
    rows = [{name: _round_value(value) for name, value in row.items()} for row in rows]
    ink, data = css_var("forecast"), LayerBuilder(None)
    outer = data.mark("area", color=ink, opacity=0.16, aria=False)
    inner = data.mark("area", color=ink, opacity=0.22, aria=False)
    edge = data.mark("line", color=ink, strokeWidth=1, opacity=0.75, aria=False)
    middle = data.mark("line", color=ink, strokeWidth=2.25, strokeDash=[6, 3], aria=False)
    across = plot.x()
    layers = (
        outer.encode(x=across, y=plot.y("l"), y2=plot.y2("h")),
        inner.encode(x=across, y=plot.y("il"), y2=plot.y2("ih")),
        edge.encode(x=across, y=plot.y("l")),
        edge.encode(x=across, y=plot.y("h")),
        middle.encode(x=across, y=plot.y()),
    )
    return [plot.group_layers(rows, layers)]


def _build_realized_layers(plot: ChartBuilder, chart: FanChart, origin: tuple[float, float]) -> list[Layer]:
    """What came afterwards, in grey, from the last point known then."""
    if not chart.realized:
        return []
    rows = [{"x": round(x, 3), "y": _round_value(y)} for x, y in (origin, *chart.realized)]
    line = plot.layer(rows).mark("line", color=css_var("muted"), strokeWidth=2.25, strokeJoin="round", aria=False)
    return [line.encode(x=plot.x(), y=plot.y())]


def _build_threshold_layers(plot: ChartBuilder, chart: FanChart, first: float) -> list[Layer]:
    """The threshold that a reader set, dotted, its name at its left end."""
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
        {"x": round(px, 3), "y": _round_value(py), "run": number}
        for number, run in enumerate(chart.runs)
        for px, py in run
    ]
    line = plot.layer(rows).mark("line", color=css_var(chart.role), strokeWidth=2.25, strokeJoin="round", aria=False)
    layers = [line.encode(x=plot.x(), y=plot.y(), detail=RUN_CHANNEL)]
    lonely = [{"x": round(run[0][0], 3), "y": _round_value(run[0][1])} for run in chart.runs if len(run) == 1]
    if lonely:
        dots = plot.layer(lonely).mark("point", color=css_var(chart.role), filled=True, size=24, opacity=1, aria=False)
        layers.append(dots.encode(x=plot.x(), y=plot.y()))
    return layers


def _build_label_layers(
    plot: ChartBuilder, chart: FanChart, points: Sequence[tuple[float, float]], scale: alt.Scale
) -> list[Layer]:
    x, y = points[-1]
    dot = plot.layer([{"x": x, "y": y}]).mark(
        "point", color=css_var(chart.role), filled=True, size=60, opacity=1, aria=False
    )
    where = {"align": "right", "dx": -8, "dy": _offset_last_label(chart, points, scale)}
    role = chart.role if chart.role != "context" else "muted"
    layers: list[Layer] = [
        dot.encode(x=plot.x(), y=plot.y()),
        *plot.text_layers([{"x": x, "y": y, "text": chart.last_label}], role, fontSize=13, fontWeight=700, **where),
    ]
    if chart.end_labels and chart.steps:
        layers += _build_end_label_layers(plot, chart, scale)
    return layers


def _offset_last_label(chart: FanChart, points: Sequence[tuple[float, float]], scale: alt.Scale) -> float:
    """How far above (negative) or below its point the last label stands, clear of the line on its left, in px."""
    low, high = (float(end) for end in scale["domain"])
    room = chart.height - 46
    span = points[-1][0] - points[0][0]
    near = [y for x, y in points[:-1] if x >= points[-1][0] - span * (0.34 if chart.height < 300 else 0.2)] or [
        points[-1][1]
    ]
    if chart.logarithmic:
        return -12.0
    above = max(0.0, max(near) - points[-1][1]) / (high - low) * room
    below = max(0.0, points[-1][1] - min(near)) / (high - low) * room
    top = (high - points[-1][1]) / (high - low) * room
    if above <= below and above + 26 < top:
        return -12 - min(above, 60.0)
    return 16 + min(below, 60.0) if below < room - top - 26 else -12.0


def _build_end_label_layers(plot: ChartBuilder, chart: FanChart, scale: alt.Scale) -> list[Layer]:
    """Median and limits at the end of the fan, pushed apart; the limits are left out where there is no room."""
    assert chart.end_labels is not None
    end = chart.steps[-1]
    domain = scale["domain"]
    room = chart.height - 46

    def place(value: float) -> float:
        if chart.logarithmic:
            return room * log(value / domain[0]) / log(domain[1] / domain[0])
        return float(room * (value - domain[0]) / (domain[1] - domain[0]))

    median, low, high = chart.end_labels
    layers: list[Layer] = []
    for value, label, bold, sign in (
        (end.median, median, True, 0),
        (end.low, low, False, 1),
        (end.high, high, False, -1),
    ):
        gap = abs(place(value) - place(end.median))
        push = 0.0 if sign == 0 else sign * max(0.0, _LABEL_GAP_PX - gap)
        if sign and push and abs(push) > _LABEL_GAP_PX * 0.95 and chart.height < 300 and gap < 2:
            continue
        style = {"fontSize": 14 if bold else 12, "fontWeight": 700 if bold else 400}
        text = [{"x": end.x, "y": value, "text": label}]
        layers += plot.text_layers(text, "forecast", align="left", baseline="middle", dx=6, dy=push, **style)
    return layers


def _round_value(value: float) -> float:
    """Seven significant digits are finer than a pixel."""
    return float(f"{value:.7g}")
