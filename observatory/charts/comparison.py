"""Several series on one scale: a letter at the end of each line, what is expected dashed, its range as a bar."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Any

import altair as alt

from observatory.charts.base import (
    RUN_CHANNEL,
    ChartBuilder,
    Layer,
    build_crisis_layers,
    build_tick_label,
    compute_round_ticks,
    compute_year_ticks,
    space_labels,
)
from observatory.charts.fan import CrisisShade
from observatory.charts.palette import css_var

LINE_TOKENS = (
    "market",
    "leading",
    "activity",
    "cost",
)  # the four lines that colour can tell apart; the others are grey
# On and off in px, by place: eight lines can be told apart without their colours, and grey ones among themselves.
_LINE_DASHES = ((), (12, 3), (2, 2), (12, 3, 2, 3), (6, 6), (12, 3, 2, 3, 2, 3), (2, 6), (18, 8))
LETTER_GAP_PX = 16  # px between letters
_RANGE_GAP_PX = 7  # px between the bars of two ranges
_PHONE_WIDTH_PX = 300  # px across on a phone, that the room on the right is measured by


@dataclass(frozen=True)
class ComparisonLine:
    """One series: its letter, pieces of history without a hole, and what is expected: (x, median, low, high)."""

    letter: str
    runs: Sequence[Sequence[tuple[float, float]]]
    forecast: Sequence[tuple[float, float, float, float]] = ()

    @property
    def end(self) -> tuple[float, float]:
        """Where its last line ends."""
        return self.forecast[-1][:2] if self.forecast else self.runs[-1][-1]


@dataclass(frozen=True)
class ComparisonScale:
    """How values are drawn: signed growth, a logarithmic scale, from zero, and the level that all start from (or 0)."""

    signed: bool = False
    logarithmic: bool = False
    from_zero: bool = False
    base_level: float = 0.0


def get_line_token(place: int) -> str:
    """The colour of the series at a place of a comparison."""
    return LINE_TOKENS[place] if place < len(LINE_TOKENS) else "muted"


def get_line_dash(place: int) -> tuple[int, ...]:
    """The dashes of the series at a place of a comparison, in px on and off; a whole line has none."""
    return _LINE_DASHES[place]


def build_comparison_chart(
    series: Sequence[ComparisonLine], shades: Sequence[CrisisShade], scale: ComparisonScale, language: str, height: int
) -> dict[str, Any]:
    """The specification; years stand at the middle of their year."""
    points = [point for row in series for run in row.runs for point in run]
    ranges = [(x, value) for row in series for x, *values in row.forecast for value in values]
    xs = [x for x, _y in points + ranges]
    first, last = min(xs), max(xs)
    span = max(last - first, 1.0)
    bars = _RANGE_GAP_PX * len(series) if ranges else 0
    room = span * (2 * _RANGE_GAP_PX + bars + 14) / _PHONE_WIDTH_PX
    ticks, upward = _build_y_scale([y for _x, y in points + ranges], scale)
    years = [year for year in compute_year_ticks(int(first), int(last), 7) if first <= year + 0.5 <= last + 0.01]
    axis = alt.Axis(
        values=[year + 0.5 for year in years],
        labelExpr="format(datum.value - 0.5, 'd')",
        labelOverlap="greedy",
        labelSeparation=8,
    )
    across = alt.Scale(domain=[first - span * 0.01, last + room], nice=False, zero=False)
    plot = ChartBuilder(across, axis, upward, alt.Axis(values=ticks, labelExpr=build_tick_label(ticks, scale.signed)))
    layers: list[Layer] = [*_build_crisis_layers(plot, shades, first, last), *_build_base_layers(plot, ticks, scale)]
    for place in reversed(range(len(series))):
        layers += _build_series_layers(
            plot, series[place], place, last, span * _RANGE_GAP_PX * (place + 1) / _PHONE_WIDTH_PX
        )
    layers += _build_letter_layers(plot, series, upward, last + room * 0.98, scale, height)
    return plot.build_spec(layers, height, language)


def _build_y_scale(ys: Sequence[float], scale: ComparisonScale) -> tuple[list[float], alt.Scale]:
    low, high = min(ys), max(ys)
    if scale.logarithmic:
        ticks = [factor * 10.0**power for power in range(-9, 16) for factor in (1, 2, 5)]
        kept = [tick for tick in ticks if low * 0.8 <= tick <= high * 1.2]
        if len(kept) > 7:
            kept = [tick for tick in kept if f"{tick:e}"[0] == "1"]
        return kept, alt.Scale(type="log", domain=[low * 0.92, high * 1.08], nice=False)
    steps = compute_round_ticks(0.0 if scale.from_zero and low >= 0 else low, high)
    return steps, alt.Scale(domain=[steps[0], steps[-1]], nice=False, zero=False)


def _build_crisis_layers(plot: ChartBuilder, shades: Sequence[CrisisShade], first: float, last: float) -> list[Layer]:
    seen = [row for row in shades if row.end > first and row.start < last]
    rows = [{"x": max(row.start, first), "x2": min(row.end, last), "text": row.label} for row in seen]
    return build_crisis_layers(plot, rows, rows)


def _build_base_layers(plot: ChartBuilder, ticks: Sequence[float], scale: ComparisonScale) -> list[Layer]:
    level = 0.0 if scale.signed else scale.base_level
    if not ticks or not ticks[0] < level < ticks[-1]:
        return []
    return [plot.layer([{"y": level}]).mark("rule", color=css_var("ink"), strokeWidth=1, aria=False).encode(y=plot.y())]


def _build_series_layers(
    plot: ChartBuilder, row: ComparisonLine, place: int, last: float, offset: float
) -> list[Layer]:
    rows = [{"x": round(x, 3), "y": _round_value(y), "run": k} for k, run in enumerate(row.runs) for x, y in run]
    colour, dashes = get_line_token(place), list(get_line_dash(place)) or [1, 0]
    style = {"color": css_var(colour), "strokeWidth": 2.25, "strokeDash": dashes, "strokeJoin": "round", "aria": False}
    line = plot.layer(rows).mark("line", **style)
    end = [{"x": rows[-1]["x"], "y": rows[-1]["y"]}]
    dot = plot.layer(end).mark("point", color=css_var(colour), filled=True, size=40, opacity=1, aria=False)
    layers: list[Layer] = [
        line.encode(x=plot.x(), y=plot.y(), detail=RUN_CHANNEL),
        dot.encode(x=plot.x(), y=plot.y()),
    ]
    if row.forecast:
        layers = [*_build_forecast_layers(plot, row, end[0], last + offset), *layers]
    return layers


def _build_forecast_layers(
    plot: ChartBuilder, line: ComparisonLine, origin: dict[str, float], bar_position: float
) -> list[Layer]:
    """The median as a dashed line, and the range at its end as a bar beside the plot, clear of those of the others."""
    ink = css_var("forecast")
    path = [origin, *({"x": round(x, 3), "y": _round_value(median)} for x, median, _low, _high in line.forecast)]
    _x, _median, low, high = line.forecast[-1]
    span = plot.layer([{"x": bar_position, "y": _round_value(low), "y2": _round_value(high)}])
    ends = plot.layer([{"x": bar_position, "y": _round_value(value)} for value in (low, high)])
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
    room = height - 46

    def place(value: float) -> float:
        if scale.logarithmic:
            return room * (1 - log(max(value, low) / low) / log(high / low))
        return room * (1 - (value - low) / (high - low))

    wanted = [place(row.end[1]) for row in series]
    found = space_labels(wanted, room, LETTER_GAP_PX)
    layers: list[Layer] = []
    for number, row in enumerate(series):
        spot = [{"x": x, "y": row.end[1], "text": row.letter}]
        style = {"align": "right", "baseline": "middle", "dy": found[number] - wanted[number]}
        layers += plot.text_layers(spot, get_line_token(number), fontSize=14, fontWeight=700, **style)
    return layers


def _round_value(value: float) -> float:
    """Seven significant digits are finer than a pixel."""
    return float(f"{value:.7g}")
