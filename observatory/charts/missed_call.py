"""A miss: what was known in ink, the range that would have been shown in magenta, what came in grey."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from observatory.charts.base import TEXT, Layer, Plot, round_steps, tick_label, year_steps
from observatory.charts.fan import Shade
from observatory.charts.palette import var

HEIGHT = 250
TICKS = 5
LATE = 0.72  # of the span; names of crises that start later end at the edge instead
HEADROOM = 0.08  # of the span, for the label above the range

Spot = tuple[float, float]  # decimal year, level


@dataclass(frozen=True)
class Missed:
    """Everything that the picture draws; words come ready. Series end to end share the point of the origin.

    `band` has (year, median, low, high) from the origin on, `judged` is the point that the call was judged on.
    """

    before: Sequence[Spot]
    band: Sequence[tuple[float, float, float, float]]
    came: Sequence[Spot]
    judged: Spot
    shades: Sequence[Shade]
    expected_label: str
    came_label: str
    language: str


def miss(chart: Missed) -> dict[str, Any]:
    """The specification of one miss."""
    ys = [y for _x, y in (*chart.before, *chart.came)] + [y for row in chart.band for y in row[1:]]
    xs = [x for x, *_rest in (*chart.before, *chart.band, *chart.came)]
    first, last = min(xs), max(xs)
    span = max(last - first, 1.0)
    right = last + span * 0.02
    ticks = round_steps(min(ys), max(ys) + (max(ys) - min(ys)) * HEADROOM, 4)
    years = [year for year in year_steps(int(first), int(last), TICKS) if year >= first]
    plot = Plot(
        alt.Scale(domain=[first, right], nice=False, zero=False),
        alt.Axis(values=years, labelExpr="format(datum.value, 'd')", labelOverlap="greedy", labelSeparation=8),
        alt.Scale(domain=[ticks[0], ticks[-1]], nice=False, zero=False),
        alt.Axis(values=ticks, labelExpr=tick_label(ticks)),
    )
    layers: list[Layer] = [*_shades(plot, chart.shades, first, right)]
    layers += _band(plot, chart)
    layers += _line(plot, chart.before, "market", 2.25)
    layers += _came(plot, chart)
    layers += _labels(plot, chart, ticks[0])
    return plot.finish(layers, HEIGHT, chart.language)


def _rows(spots: Sequence[Spot]) -> list[dict[str, float]]:
    return [{"x": round(x, 3), "y": round(y, 2)} for x, y in spots]


def _shades(plot: Plot, shades: Sequence[Shade], first: float, last: float) -> list[Layer]:
    seen = [shade for shade in shades if shade.end > first and shade.start < last]
    if not seen:
        return []
    edge = first + (last - first) * LATE
    ends = [(max(shade.start, first), min(shade.end, last), shade.label) for shade in seen]
    rows = [{"x": start, "x2": end, "text": label} for start, end, label in ends]
    band = plot.on(rows).mark("rect", color=var("crisis"), opacity=0.16, aria=False).encode(x=plot.x(), x2=plot.x2())
    style: dict[str, Any] = {"baseline": "bottom", "dy": -3, "fontSize": 11, "font": "B612", "aria": False}
    layers = [band]
    for align, rest in (
        ("left", [{"x": start, "text": label} for start, _end, label in ends if start <= edge]),
        ("right", [{"x": end, "text": label} for start, end, label in ends if start > edge]),
    ):
        text = plot.on(rest).mark("text", align=align, color=var("muted"), **style)
        layers += [text.encode(x=plot.x(), y=alt.value(0), text=TEXT)] if rest else []
    return layers


def _band(plot: Plot, chart: Missed) -> list[Layer]:
    ink = var("forecast")
    rows = [
        {"x": round(x, 3), "y": round(median, 2), "l": round(low, 2), "h": round(high, 2)}
        for x, median, low, high in chart.band
    ]
    area = plot.on(rows).mark("area", color=ink, opacity=0.16, aria=False)
    edge = plot.on(rows).mark("line", color=ink, strokeWidth=1, opacity=0.75, aria=False)
    middle = plot.on(rows).mark("line", color=ink, strokeWidth=2.25, strokeDash=[6, 3], aria=False)
    return [
        area.encode(x=plot.x(), y=plot.y("l"), y2=plot.y2("h")),
        edge.encode(x=plot.x(), y=plot.y("l")),
        edge.encode(x=plot.x(), y=plot.y("h")),
        middle.encode(x=plot.x(), y=plot.y()),
    ]


def _line(plot: Plot, spots: Sequence[Spot], token: str, width: float) -> list[Layer]:
    line = plot.on(_rows(spots)).mark("line", color=var(token), strokeWidth=width, strokeJoin="round", aria=False)
    return [line.encode(x=plot.x(), y=plot.y())]


def _came(plot: Plot, chart: Missed) -> list[Layer]:
    """What came: a solid grey line with points, on a halo where it crosses the range; the judged point is ringed."""
    halo = plot.on(_rows(chart.came)).mark("line", color=var("paper"), strokeWidth=5, strokeJoin="round", aria=False)
    dots = plot.on(_rows(chart.came[1:])).mark("point", color=var("after"), filled=True, size=36, opacity=1, aria=False)
    ring = plot.on(_rows([chart.judged])).mark(
        "point", color=var("after"), fill=var("paper"), size=110, strokeWidth=2.5, opacity=1, aria=False
    )
    origin = plot.on(_rows(chart.before[-1:])).mark(
        "point", color=var("market"), filled=True, size=60, opacity=1, aria=False
    )
    return [
        halo.encode(x=plot.x(), y=plot.y()),
        *_line(plot, chart.came, "after", 2.25),
        *(layer.encode(x=plot.x(), y=plot.y()) for layer in (dots, origin, ring)),
    ]


def _labels(plot: Plot, chart: Missed, bottom: float) -> list[Layer]:
    """At the right edge: the expected above its range, what came at the foot, clear of all lines."""
    end, came = chart.band[-1], chart.came[-1]
    above = {"align": "right", "baseline": "bottom", "dy": -5, "fontSize": 12}
    foot = {"align": "right", "baseline": "bottom", "dy": -6, "fontSize": 13, "fontWeight": 700}
    return [
        *plot.words([{"x": end[0], "y": end[3], "text": chart.expected_label}], "forecast", **above),
        *plot.words([{"x": came[0], "y": bottom, "text": chart.came_label}], "muted", **foot),
    ]
