"""Past against expected growth: one mark a market, with whiskers, shape and colour of its call."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from observatory.charts.base import ChartBuilder, Layer, build_tick_label, compute_round_ticks
from observatory.charts.palette import css_var

_CALL_SHAPES = {"growing": "triangle-up", "flat": "square", "shrinking": "triangle-down", "unclear": "diamond"}
_PLOT_SIZE_PX = (600, 360)  # px that the label search assumes
_HEIGHT_PX = 410
_MAX_LABEL_OFFSET_PX = 14  # px; a label farther from its mark hangs on a thread
_LABEL_POSITIONS = tuple(
    (side, 11 if side == "left" else -11, dy) for dy in (0, -13, 13, -26, 26, -40, 40) for side in ("left", "right")
)


@dataclass(frozen=True)
class ScatterMark:
    """One market: past and expected growth a year with limits, in per cent."""

    label: str
    call: str
    past: float
    expected: float
    low: float
    high: float


def build_scatter_chart(marks: Sequence[ScatterMark], language: str, diagonal_label: str) -> dict[str, Any]:
    """The specification of the scatter; labels are placed by a greedy search over the spots beside it."""
    xs = compute_round_ticks(min(0.0, *(mark.past for mark in marks)), max(mark.past for mark in marks) + 3, 6)
    ys = compute_round_ticks(min(0.0, *(mark.low for mark in marks)), max(mark.high for mark in marks), 8)
    across = alt.Scale(domain=[xs[0], xs[-1]], nice=False, zero=False)
    upward = alt.Scale(domain=[ys[0], ys[-1]], nice=False, zero=False)
    ends = [max(xs[0], ys[0]), min(xs[-1], ys[-1])]
    plot = ChartBuilder(
        across,
        alt.Axis(values=xs, labelExpr=build_tick_label(xs, signed=True)),
        upward,
        alt.Axis(values=ys, labelExpr=build_tick_label(ys, signed=True)),
    )
    line = plot.layer([{"x": end, "y": end} for end in ends])
    layers: list[Layer] = [
        line.mark("line", color=css_var("muted"), strokeDash=[2, 3], strokeWidth=1, aria=False).encode(
            x=plot.x(), y=plot.y()
        ),
        plot.layer([{"y": 0}]).mark("rule", color=css_var("ink"), strokeWidth=1, aria=False).encode(y=plot.y()),
        *plot.text_layers(
            [{"x": ends[1], "y": ends[1], "text": diagonal_label}],
            "muted",
            fontSize=12,
            align="right",
            dx=-6,
            dy=-8 if ends[1] < ys[-1] else 12,
        ),
    ]
    for mark in marks:
        colour = css_var(mark.call)
        row = [{"x": mark.past, "y": mark.low, "y2": mark.high}]
        layers.append(
            plot.layer(row)
            .mark("rule", color=colour, strokeWidth=2, aria=False)
            .encode(x=plot.x(), y=plot.y(), y2=plot.y2())
        )
        caps = [{"x": mark.past, "y": mark.low}, {"x": mark.past, "y": mark.high}]
        cap = plot.layer(caps).mark("tick", color=colour, thickness=2, size=9, orient="horizontal", aria=False)
        layers.append(cap.encode(x=plot.x(), y=plot.y()))
        centre = plot.layer([{"x": mark.past, "y": mark.expected}])
        dot = centre.mark(
            "point", shape=_CALL_SHAPES[mark.call], filled=True, size=110, opacity=1, color=colour, aria=False
        )
        layers.append(dot.encode(x=plot.x(), y=plot.y()))
    for mark, (align, dx, dy) in zip(marks, _place_labels(marks, xs, ys), strict=True):
        spot = {
            "x": mark.past + dx / _PLOT_SIZE_PX[0] * (xs[-1] - xs[0]),
            "y": mark.expected - dy / _PLOT_SIZE_PX[1] * (ys[-1] - ys[0]),
        }
        if abs(dy) > _MAX_LABEL_OFFSET_PX:
            lead = [{"x": mark.past, "y": mark.expected, "x2": spot["x"], "y2": spot["y"]}]
            thread = plot.layer(lead).mark("rule", color=css_var("muted"), strokeWidth=1, aria=False)
            layers.append(thread.encode(x=plot.x(), y=plot.y(), x2=plot.x2(), y2=plot.y2()))
        layers += plot.text_layers([{**spot, "text": mark.label}], "ink", fontSize=12.5, align=align, baseline="middle")
    return plot.build_spec(layers, _HEIGHT_PX, language, top=10, right=16)


def _place_labels(marks: Sequence[ScatterMark], xs: Sequence[float], ys: Sequence[float]) -> list[tuple[str, int, int]]:
    """For each label the first of its spots that overlaps nothing placed before it, else the least bad one."""
    width, height = _PLOT_SIZE_PX
    at = [
        ((mark.past - xs[0]) / (xs[-1] - xs[0]) * width, height - (mark.expected - ys[0]) / (ys[-1] - ys[0]) * height)
        for mark in marks
    ]
    taken = [(x - 8, y - 8, x + 8, y + 8) for x, y in at]
    for mark, (x, _y) in zip(marks, at, strict=True):
        low, high = (height - (value - ys[0]) / (ys[-1] - ys[0]) * height for value in (mark.low, mark.high))
        taken.append((x - 5, high, x + 5, low))
    placed: list[tuple[str, int, int]] = []
    labels: list[tuple[float, float, float, float]] = []
    for mark, (x, y) in zip(marks, at, strict=True):
        long = 7.4 * len(mark.label)
        best: tuple[float, tuple[str, int, int], tuple[float, float, float, float]] | None = None
        for align, dx, dy in _LABEL_POSITIONS:
            start = x + dx if align == "left" else x + dx - long
            box = (start, y + dy - 7, start + long, y + dy + 7)
            clash = sum(_overlap_area(box, other) for other in taken) + 4 * sum(
                _overlap_area(box, other) for other in labels
            )
            clash += abs(dy)  # near its mark, all else equal
            outside = max(0.0, -box[0]) + max(0.0, box[2] - width - 10)
            cost = clash + 40 * outside
            if best is None or cost < best[0] - 1e-9:
                best = (cost, (align, dx, dy), box)
        assert best is not None
        placed.append(best[1])
        labels.append(best[2])
    return placed


def _overlap_area(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> float:
    return max(0.0, min(a[2], b[2]) - max(a[0], b[0])) * max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
