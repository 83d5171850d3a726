"""Missed call: history in ink, the forecast range of that time in magenta, the outcome in grey."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from observatory.charts.base import (
    ChartBuilder,
    CrisisShade,
    Layer,
    build_crisis_band_layer,
    build_crisis_label_layer,
    build_tick_label,
    clip_shades,
    compute_round_ticks,
    compute_year_ticks,
)
from observatory.charts.palette import css_var

_HEIGHT_PX = 250
_YEAR_TICKS = 5
_LATE_SHARE = 0.72  # of the span; the names of crises that start later are right-aligned
_HEADROOM_SHARE = 0.08  # of the span, for the label above the range

YearLevel = tuple[float, float]  # decimal year, level


@dataclass(frozen=True)
class MissedCallChart:
    """Contents of the chart, its labels ready to print; history, band and outcome share the point of the origin.

    `band` has (year, median, low, high) from the origin on; the call was scored on `scored_point`.
    """

    history: Sequence[YearLevel]
    band: Sequence[tuple[float, float, float, float]]
    outcome: Sequence[YearLevel]
    scored_point: YearLevel
    shades: Sequence[CrisisShade]
    expected_label: str
    outcome_label: str
    language: str


def build_missed_call_chart(chart: MissedCallChart) -> dict[str, Any]:
    """The specification of one missed call."""
    ys = [y for _x, y in (*chart.history, *chart.outcome)] + [y for row in chart.band for y in row[1:]]
    xs = [x for x, *_rest in (*chart.history, *chart.band, *chart.outcome)]
    first, last = min(xs), max(xs)
    span = max(last - first, 1.0)
    right = last + span * 0.02
    ticks = compute_round_ticks(min(ys), max(ys) + (max(ys) - min(ys)) * _HEADROOM_SHARE, 4)
    years = [year for year in compute_year_ticks(int(first), int(last), _YEAR_TICKS) if year >= first]
    plot = ChartBuilder(
        alt.Scale(domain=[first, right], nice=False, zero=False),
        alt.Axis(values=years, labelExpr="format(datum.value, 'd')", labelOverlap="greedy", labelSeparation=8),
        alt.Scale(domain=[ticks[0], ticks[-1]], nice=False, zero=False),
        alt.Axis(values=ticks, labelExpr=build_tick_label(ticks)),
    )
    layers: list[Layer] = [*_build_crisis_layers(plot, chart.shades, first, right)]
    layers += _build_band_layers(plot, chart)
    layers += _build_line_layers(plot, chart.history, "market", 2.25)
    layers += _build_outcome_layers(plot, chart)
    layers += _build_label_layers(plot, chart, ticks[0])
    return plot.build_spec(layers, _HEIGHT_PX, chart.language)


def _encode_points(points: Sequence[YearLevel]) -> list[dict[str, float]]:
    return [{"x": round(x, 3), "y": round(y, 2)} for x, y in points]


def _build_crisis_layers(plot: ChartBuilder, shades: Sequence[CrisisShade], first: float, last: float) -> list[Layer]:
    clipped = clip_shades(shades, first, last)
    if not clipped:
        return []
    edge = first + (last - first) * _LATE_SHARE
    rows = [{"x": shade.start, "x2": shade.end, "text": shade.label} for shade in clipped]
    early = [{"x": shade.start, "text": shade.label} for shade in clipped if shade.start <= edge]
    late = [{"x": shade.end, "text": shade.label} for shade in clipped if shade.start > edge]
    return [
        build_crisis_band_layer(plot, rows),
        *([build_crisis_label_layer(plot, early, "left")] if early else []),
        *([build_crisis_label_layer(plot, late, "right")] if late else []),
    ]


def _build_band_layers(plot: ChartBuilder, chart: MissedCallChart) -> list[Layer]:
    colour = css_var("forecast")
    rows = [
        {"x": round(x, 3), "y": round(median, 2), "l": round(low, 2), "h": round(high, 2)}
        for x, median, low, high in chart.band
    ]
    area = plot.layer(rows).mark("area", color=colour, opacity=0.16, aria=False)
    edge = plot.layer(rows).mark("line", color=colour, strokeWidth=1, opacity=0.75, aria=False)
    middle = plot.layer(rows).mark("line", color=colour, strokeWidth=2.25, strokeDash=[6, 3], aria=False)
    return [
        area.encode(x=plot.x(), y=plot.y("l"), y2=plot.y2("h")),
        edge.encode(x=plot.x(), y=plot.y("l")),
        edge.encode(x=plot.x(), y=plot.y("h")),
        middle.encode(x=plot.x(), y=plot.y()),
    ]


def _build_line_layers(plot: ChartBuilder, points: Sequence[YearLevel], token: str, width: float) -> list[Layer]:
    line = plot.layer(_encode_points(points)).mark(
        "line", color=css_var(token), strokeWidth=width, strokeJoin="round", aria=False
    )
    return [line.encode(x=plot.x(), y=plot.y())]


def _build_outcome_layers(plot: ChartBuilder, chart: MissedCallChart) -> list[Layer]:
    """The outcome: a solid grey line with points, on a halo where it crosses the range; the scored point has a ring."""
    halo = plot.layer(_encode_points(chart.outcome)).mark(
        "line", color=css_var("paper"), strokeWidth=5, strokeJoin="round", aria=False
    )
    dots = plot.layer(_encode_points(chart.outcome[1:])).mark(
        "point", color=css_var("after"), filled=True, size=36, opacity=1, aria=False
    )
    ring = plot.layer(_encode_points([chart.scored_point])).mark(
        "point", color=css_var("after"), fill=css_var("paper"), size=110, strokeWidth=2.5, opacity=1, aria=False
    )
    origin = plot.layer(_encode_points(chart.history[-1:])).mark(
        "point", color=css_var("market"), filled=True, size=60, opacity=1, aria=False
    )
    return [
        halo.encode(x=plot.x(), y=plot.y()),
        *_build_line_layers(plot, chart.outcome, "after", 2.25),
        *(layer.encode(x=plot.x(), y=plot.y()) for layer in (dots, origin, ring)),
    ]


def _build_label_layers(plot: ChartBuilder, chart: MissedCallChart, bottom: float) -> list[Layer]:
    """Labels at the right edge: the forecast above its range, the outcome at the bottom, clear of all lines."""
    end, last_outcome = chart.band[-1], chart.outcome[-1]
    above = {"align": "right", "baseline": "bottom", "dy": -5, "fontSize": 12}
    foot = {"align": "right", "baseline": "bottom", "dy": -6, "fontSize": 13, "fontWeight": 700}
    return [
        *plot.text_layers([{"x": end[0], "y": end[3], "text": chart.expected_label}], "forecast", **above),
        *plot.text_layers([{"x": last_outcome[0], "y": bottom, "text": chart.outcome_label}], "muted", **foot),
    ]
