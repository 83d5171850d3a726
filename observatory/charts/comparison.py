"""Comparison chart: several series on one scale, a letter at each line's end, forecasts dashed with a range bar."""

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
    build_crisis_layers,
    build_tick_label,
    build_y_scale,
    compute_year_ticks,
    round_value,
    space_labels,
)
from observatory.charts.palette import css_var

# Four lines can be distinguished by their colours; all further ones are grey.
LINE_TOKENS = ("market", "leading", "activity", "cost")
# On and off in px: the dashes tell eight lines apart without colour, and the grey ones from each other.
_LINE_DASHES = ((), (12, 3), (2, 2), (12, 3, 2, 3), (6, 6), (12, 3, 2, 3, 2, 3), (2, 6), (18, 8))
LETTER_GAP_PX = 16
_RANGE_GAP_PX = 7
_PHONE_WIDTH_PX = 300  # of the plot on a phone, from which the padding on the right is computed


@dataclass(frozen=True)
class ComparisonLine:
    """One series: its letter, runs of history without a gap, and the forecast as (x, median, low, high)."""

    letter: str
    runs: Sequence[Sequence[tuple[float, float]]]
    forecast: Sequence[tuple[float, float, float, float]] = ()

    @property
    def end(self) -> tuple[float, float]:
        """The last point that is drawn as a line."""
        return self.forecast[-1][:2] if self.forecast else self.runs[-1][-1]


@dataclass(frozen=True)
class ComparisonScale:
    """How values are drawn: signed growth, logarithmic, from zero, and the common base level (0: none)."""

    signed: bool = False
    logarithmic: bool = False
    from_zero: bool = False
    base_level: float = 0.0


def get_line_token(index: int) -> str:
    """The colour token of the series at an index of a comparison."""
    return LINE_TOKENS[index] if index < len(LINE_TOKENS) else "muted"


def get_line_dash(index: int) -> tuple[int, ...]:
    """The dashes of the series at an index of a comparison, in px on and off; () for a solid line."""
    return _LINE_DASHES[index]


def build_comparison_chart(
    series: Sequence[ComparisonLine], shades: Sequence[CrisisShade], scale: ComparisonScale, language: str, height: int
) -> dict[str, Any]:
    """The specification; each yearly point stands at the middle of its year. `height` is in px."""
    points = [point for line in series for run in line.runs for point in run]
    ranges = [(x, value) for line in series for x, *values in line.forecast for value in values]
    xs = [x for x, _y in points + ranges]
    first, last = min(xs), max(xs)
    span = max(last - first, 1.0)
    bars = _RANGE_GAP_PX * len(series) if ranges else 0
    padding = span * (2 * _RANGE_GAP_PX + bars + 14) / _PHONE_WIDTH_PX
    ticks, y_scale = build_y_scale(
        [y for _x, y in points + ranges], logarithmic=scale.logarithmic, from_zero=scale.from_zero
    )
    years = [year for year in compute_year_ticks(int(first), int(last), 7) if first <= year + 0.5 <= last + 0.01]
    x_axis = alt.Axis(
        values=[year + 0.5 for year in years],
        labelExpr="format(datum.value - 0.5, 'd')",
        labelOverlap="greedy",
        labelSeparation=8,
    )
    x_scale = alt.Scale(domain=[first - span * 0.01, last + padding], nice=False, zero=False)
    y_axis = alt.Axis(values=ticks, labelExpr=build_tick_label(ticks, signed=scale.signed))
    plot = ChartBuilder(x_scale, x_axis, y_scale, y_axis)
    layers: list[Layer] = [*build_crisis_layers(plot, shades, first, last), *_build_base_layers(plot, ticks, scale)]
    for index in reversed(range(len(series))):
        bar_position = last + span * _RANGE_GAP_PX * (index + 1) / _PHONE_WIDTH_PX
        layers += _build_series_layers(plot, series[index], index, bar_position)
    layers += _build_letter_layers(plot, series, y_scale, last + padding * 0.98, scale, height)
    return plot.build_spec(layers, height, language)


def _build_base_layers(plot: ChartBuilder, ticks: Sequence[float], scale: ComparisonScale) -> list[Layer]:
    level = 0.0 if scale.signed else scale.base_level
    if not ticks or not ticks[0] < level < ticks[-1]:
        return []
    return [plot.layer([{"y": level}]).mark("rule", color=css_var("ink"), strokeWidth=1, aria=False).encode(y=plot.y())]


def _build_series_layers(plot: ChartBuilder, line: ComparisonLine, index: int, bar_position: float) -> list[Layer]:
    rows = [{"x": round(x, 3), "y": round_value(y), "run": k} for k, run in enumerate(line.runs) for x, y in run]
    colour, dashes = get_line_token(index), list(get_line_dash(index)) or [1, 0]
    style = {"color": css_var(colour), "strokeWidth": 2.25, "strokeDash": dashes, "strokeJoin": "round", "aria": False}
    history = plot.layer(rows).mark("line", **style)
    end = [{"x": rows[-1]["x"], "y": rows[-1]["y"]}]
    dot = plot.layer(end).mark("point", color=css_var(colour), filled=True, size=40, opacity=1, aria=False)
    layers: list[Layer] = [
        history.encode(x=plot.x(), y=plot.y(), detail=RUN_CHANNEL),
        dot.encode(x=plot.x(), y=plot.y()),
    ]
    if line.forecast:
        layers = [*_build_forecast_layers(plot, line, end[0], bar_position), *layers]
    return layers


def _build_forecast_layers(
    plot: ChartBuilder, line: ComparisonLine, origin: dict[str, float], bar_position: float
) -> list[Layer]:
    """The median as a dashed line, and its last range as a bar right of the plot, at the position of this series."""
    ink = css_var("forecast")
    path = [origin, *({"x": round(x, 3), "y": round_value(median)} for x, median, _low, _high in line.forecast)]
    _x, _median, low, high = line.forecast[-1]
    span = plot.layer([{"x": bar_position, "y": round_value(low), "y2": round_value(high)}])
    ends = plot.layer([{"x": bar_position, "y": round_value(value)} for value in (low, high)])
    dash = plot.layer(path).mark("line", color=ink, strokeWidth=2, strokeDash=[6, 3], aria=False)
    bar = span.mark("rule", color=ink, strokeWidth=2, aria=False)
    cap = ends.mark("tick", color=ink, thickness=2, size=6, orient="horizontal", aria=False)
    return [
        dash.encode(x=plot.x(), y=plot.y()),
        bar.encode(x=plot.x(), y=plot.y(), y2=plot.y2()),
        cap.encode(x=plot.x(), y=plot.y()),
    ]


def _build_letter_layers(
    plot: ChartBuilder,
    series: Sequence[ComparisonLine],
    y_scale: alt.Scale,
    x: float,
    scale: ComparisonScale,
    height: int,
) -> list[Layer]:
    low, high = (float(end) for end in y_scale["domain"])
    plot_height = height - AXIS_HEIGHT_PX

    def to_px(value: float) -> float:
        if scale.logarithmic:
            return plot_height * (1 - log(max(value, low) / low) / log(high / low))
        return plot_height * (1 - (value - low) / (high - low))

    wanted = [to_px(line.end[1]) for line in series]
    spaced = space_labels(wanted, plot_height, LETTER_GAP_PX)
    layers: list[Layer] = []
    for index, line in enumerate(series):
        rows = [{"x": x, "y": line.end[1], "text": line.letter}]
        style = {"align": "right", "baseline": "middle", "dy": spaced[index] - wanted[index]}
        layers += plot.text_layers(rows, get_line_token(index), fontSize=14, fontWeight=700, **style)
    return layers
