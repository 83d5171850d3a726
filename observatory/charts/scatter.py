"""Scatter chart: past against expected growth, a mark per market with whiskers, in the shape and colour of its call."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from observatory.charts.base import ChartBuilder, Layer, build_tick_label, compute_round_ticks
from observatory.charts.palette import css_var

_CALL_SHAPES = {"growing": "triangle-up", "flat": "square", "shrinking": "triangle-down", "unclear": "diamond"}
_PLOT_SIZE_PX = (600, 360)  # what the label search assumes
_HEIGHT_PX = 410
_MAX_LABEL_OFFSET_PX = 14  # a label farther from its mark gets a line to it
_LETTER_WIDTH_PX = 7.4
_LABEL_POSITIONS = tuple(
    (side, 11 if side == "left" else -11, dy) for dy in (0, -13, 13, -26, 26, -40, 40) for side in ("left", "right")
)

_LabelPosition = tuple[str, int, int]  # alignment, dx and dy in px
_Rectangle = tuple[float, float, float, float]  # left, top, right, bottom in px


@dataclass(frozen=True)
class ScatterMark:
    """One market: past and expected growth per year with limits, in per cent."""

    label: str
    call: str
    past: float
    expected: float
    low: float
    high: float


def build_scatter_chart(marks: Sequence[ScatterMark], language: str, diagonal_label: str) -> dict[str, Any]:
    """The specification; a greedy search places each label among several positions around its mark."""
    xs = compute_round_ticks(min(0.0, *(mark.past for mark in marks)), max(mark.past for mark in marks) + 3, 6)
    ys = compute_round_ticks(min(0.0, *(mark.low for mark in marks)), max(mark.high for mark in marks), 8)
    plot = ChartBuilder(
        alt.Scale(domain=[xs[0], xs[-1]], nice=False, zero=False),
        alt.Axis(values=xs, labelExpr=build_tick_label(xs, signed=True)),
        alt.Scale(domain=[ys[0], ys[-1]], nice=False, zero=False),
        alt.Axis(values=ys, labelExpr=build_tick_label(ys, signed=True)),
    )
    layers: list[Layer] = _build_reference_layers(plot, xs, ys, diagonal_label)
    for mark in marks:
        layers += _build_mark_layers(plot, mark)
    for mark, position in zip(marks, _place_labels(marks, xs, ys), strict=True):
        layers += _build_label_layers(plot, mark, position, (xs[-1] - xs[0], ys[-1] - ys[0]))
    return plot.build_spec(layers, _HEIGHT_PX, language, top=10, right=16)


def _build_reference_layers(
    plot: ChartBuilder, xs: Sequence[float], ys: Sequence[float], diagonal_label: str
) -> list[Layer]:
    """The diagonal of unchanged growth with its label, and the line of no growth."""
    ends = [max(xs[0], ys[0]), min(xs[-1], ys[-1])]
    diagonal = plot.layer([{"x": end, "y": end} for end in ends])
    return [
        diagonal.mark("line", color=css_var("muted"), strokeDash=[2, 3], strokeWidth=1, aria=False).encode(
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


def _build_mark_layers(plot: ChartBuilder, mark: ScatterMark) -> list[Layer]:
    """The whisker of a market with its caps, and its point in the shape and colour of its call."""
    colour, shape = css_var(mark.call), _CALL_SHAPES[mark.call]
    whisker = plot.layer([{"x": mark.past, "y": mark.low, "y2": mark.high}])
    caps = plot.layer([{"x": mark.past, "y": mark.low}, {"x": mark.past, "y": mark.high}])
    point = plot.layer([{"x": mark.past, "y": mark.expected}])
    rule = whisker.mark("rule", color=colour, strokeWidth=2, aria=False)
    ticks = caps.mark("tick", color=colour, thickness=2, size=9, orient="horizontal", aria=False)
    symbol = point.mark("point", shape=shape, filled=True, size=110, opacity=1, color=colour, aria=False)
    return [
        rule.encode(x=plot.x(), y=plot.y(), y2=plot.y2()),
        ticks.encode(x=plot.x(), y=plot.y()),
        symbol.encode(x=plot.x(), y=plot.y()),
    ]


def _build_label_layers(
    plot: ChartBuilder, mark: ScatterMark, position: _LabelPosition, spans: tuple[float, float]
) -> list[Layer]:
    """The label of a mark, with a thin line to the mark if it is far from it; `spans` are those of the axes."""
    align, dx, dy = position
    x, y = mark.past + dx / _PLOT_SIZE_PX[0] * spans[0], mark.expected - dy / _PLOT_SIZE_PX[1] * spans[1]
    layers: list[Layer] = []
    if abs(dy) > _MAX_LABEL_OFFSET_PX:
        leader = plot.layer([{"x": mark.past, "y": mark.expected, "x2": x, "y2": y}])
        line = leader.mark("rule", color=css_var("muted"), strokeWidth=1, aria=False)
        layers.append(line.encode(x=plot.x(), y=plot.y(), x2=plot.x2(), y2=plot.y2()))
    text = [{"x": x, "y": y, "text": mark.label}]
    return layers + plot.text_layers(text, "ink", fontSize=12.5, align=align, baseline="middle")


def _place_labels(marks: Sequence[ScatterMark], xs: Sequence[float], ys: Sequence[float]) -> list[_LabelPosition]:
    """For each label the first position that overlaps nothing placed before it, else the least bad one."""
    width, height = _PLOT_SIZE_PX

    def to_px(value: float) -> float:
        return height - (value - ys[0]) / (ys[-1] - ys[0]) * height

    centres = [((mark.past - xs[0]) / (xs[-1] - xs[0]) * width, to_px(mark.expected)) for mark in marks]
    obstacles: list[_Rectangle] = [(x - 8, y - 8, x + 8, y + 8) for x, y in centres]
    obstacles += [
        (x - 5, to_px(mark.high), x + 5, to_px(mark.low)) for mark, (x, _y) in zip(marks, centres, strict=True)
    ]
    positions: list[_LabelPosition] = []
    labels: list[_Rectangle] = []
    for mark, (x, y) in zip(marks, centres, strict=True):
        label_width = _LETTER_WIDTH_PX * len(mark.label)
        best: tuple[float, _LabelPosition, _Rectangle] | None = None
        for align, dx, dy in _LABEL_POSITIONS:
            left = x + dx if align == "left" else x + dx - label_width
            box = (left, y + dy - 7, left + label_width, y + dy + 7)
            cost = sum(_overlap_area(box, other) for other in obstacles) + 4 * sum(
                _overlap_area(box, other) for other in labels
            )
            cost += abs(dy)  # near its mark, all else equal
            cost += 40 * (max(0.0, -box[0]) + max(0.0, box[2] - width - 10))  # outside the plot
            if best is None or cost < best[0] - 1e-9:
                best = (cost, (align, dx, dy), box)
        assert best is not None
        positions.append(best[1])
        labels.append(best[2])
    return positions


def _overlap_area(a: _Rectangle, b: _Rectangle) -> float:
    return max(0.0, min(a[2], b[2]) - max(a[0], b[0])) * max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
