"""Forecasts of several authors on one scale: groups of rows, in each row a mark for each author, with its range."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

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

Author = Literal["theirs", "ours", "naive"]
_ROW_HEIGHT_PX = 30
_CHAR_WIDTH_PX = 7.2  # of a letter of the labels, about
_MAX_LABEL_PX = 180  # Vega cuts longer labels of an axis
_MAX_HEADING_PX = 330  # as wide as a phone: a longer heading would squeeze the plot
_MARK_PX, _KEY_GAP_PX = 18, 16  # of a mark of the key, and between two entries
_SHIFT = 0.16  # rows: the marks of an author lie above or below the middle, so that ranges do not cover each other
_SHAPES: dict[Author, tuple[str, str, bool, float]] = {  # shape, colour, filled, shift
    "theirs": ("diamond", "ink", True, -_SHIFT),
    "ours": ("circle", "forecast", True, _SHIFT),
    "naive": ("square", "muted", False, 0.0),
}


@dataclass(frozen=True)
class OutlookMark:
    """The figure of an author in a row, with its range if it has one."""

    author: Author
    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class OutlookRow:
    """A row: its label and its marks."""

    label: str
    marks: Sequence[OutlookMark]


@dataclass(frozen=True)
class OutlookGroup:
    """Rows under a heading."""

    label: str
    rows: Sequence[OutlookRow]


def build_outlook_comparison(
    groups: Sequence[OutlookGroup], author_labels: dict[Author, str], language: str, *, signed: bool
) -> dict[str, Any]:
    """The specification; the first line names the marks. `signed`: figures are growth, with a rule at zero."""
    starts, positions, row_count = stack_groups([len(group.rows) for group in groups])
    marks = [mark for group in groups for row in group.rows for mark in row.marks]
    ends = [end for mark in marks for end in (mark.value, mark.low, mark.high) if end is not None]
    ticks = compute_round_ticks(min(0.0, *ends), max(0.0, *ends), 5)
    plot = ChartBuilder(
        alt.Scale(domain=[ticks[0], ticks[-1]], nice=False, zero=False),
        alt.Axis(
            values=list(ticks), labelExpr=build_tick_label(ticks, signed=signed), grid=True, labelOverlap="greedy"
        ),
        alt.Scale(domain=[row_count, 0], nice=False, zero=False),
        build_row_axis(
            [position for group in positions for position in group],
            [row.label for group in groups for row in group.rows],
        ),
    )
    labels = [row.label for group in groups for row in group.rows]
    left = min(max(len(label) for label in labels) * _CHAR_WIDTH_PX, _MAX_LABEL_PX)  # where the labels begin
    layers = _build_key_layers(plot, author_labels, ticks[0], -left)
    if signed:
        zero = plot.layer([{"x": 0, "y": 0.95, "y2": row_count}])
        rule = zero.mark("rule", color=css_var("ink"), strokeWidth=1.5, aria=False)
        layers.append(rule.encode(x=plot.x(), y=plot.y(), y2=plot.y2()))
    for group, start, group_positions in zip(groups, starts, positions, strict=True):
        heading = [{"x": ticks[0], "y": start + 0.5, "text": group.label}]
        style = {"fontSize": 13, "fontWeight": 700, "baseline": "middle", "limit": _MAX_HEADING_PX}
        layers += plot.text_layers(heading, "ink", align="left", dx=-left, **style)
        for row, position in zip(group.rows, group_positions, strict=True):
            layers += [layer for mark in row.marks for layer in _build_mark_layers(plot, mark, position)]
    return plot.build_spec(layers, row_count * _ROW_HEIGHT_PX + 34, language, top=2, right=14)


def _build_key_layers(plot: ChartBuilder, author_labels: dict[Author, str], x: float, left: float) -> list[Layer]:
    """The key: each mark with its name, side by side from the left edge (`left` px from x) of the first line."""
    layers: list[Layer] = []
    for author, label in author_labels.items():
        shape, colour, filled, _shift = _SHAPES[author]
        point = plot.layer([{"x": x, "y": 0.5}]).mark(
            "point", shape=shape, color=css_var(colour), filled=filled, size=80, opacity=1, xOffset=left + 8, aria=False
        )
        layers.append(point.encode(x=plot.x(), y=plot.y()))
        style = {"fontSize": 12, "baseline": "middle"}
        layers += plot.text_layers(
            [{"x": x, "y": 0.5, "text": label}], colour, align="left", dx=left + _MARK_PX, **style
        )
        left += _MARK_PX + len(label) * _CHAR_WIDTH_PX + _KEY_GAP_PX
    return layers


def _build_mark_layers(plot: ChartBuilder, mark: OutlookMark, position: float) -> list[Layer]:
    shape, colour, filled, shift = _SHAPES[mark.author]
    y = position + shift
    layers: list[Layer] = []
    if mark.low is not None and mark.high is not None:
        span = plot.layer([{"x": round(mark.low, 4), "x2": round(mark.high, 4), "y": y}])
        rule = span.mark("rule", color=css_var(colour), strokeWidth=2, aria=False)
        layers.append(rule.encode(x=plot.x(), x2=plot.x2(), y=plot.y()))
    point = plot.layer([{"x": round(mark.value, 4), "y": y}]).mark(
        "point", shape=shape, color=css_var(colour), filled=filled, size=85, strokeWidth=2, opacity=1, aria=False
    )
    return [*layers, point.encode(x=plot.x(), y=plot.y())]
