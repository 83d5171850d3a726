"""Shock paths: past shocks by month from 100 at their start, the chosen one in ink, the others muted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from observatory.charts.base import (
    AXIS_HEIGHT_PX,
    ChartBuilder,
    Layer,
    build_tick_label,
    compute_round_ticks,
    space_labels,
)
from observatory.charts.palette import css_var

_HEIGHT_PX = 300
_FIRST_MONTH, _LAST_MONTH = -12, 60  # from the start of the shock
_LABEL_MONTHS = 15  # on the right, for the names
_LABEL_GAP_PX = 15
_START_LEVEL = 100.0
_MUTED_DASHES = ([6, 3], [2, 3])  # tell the muted lines apart without their tint


@dataclass(frozen=True, repr=False)
class ShockPathLine:
    """A shock: its name, its points (months from the start, level), and whether the reader chose it."""

    name: str
    points: Sequence[tuple[int, float]]
    is_chosen: bool


def build_shock_paths_chart(
    paths: Sequence[ShockPathLine], year_labels: Sequence[str], language: str
) -> dict[str, Any]:
    """The specification; `year_labels` name the start and the end of each year after it."""
    levels = [level for line in paths for _month, level in line.points]
    ticks = compute_round_ticks(min(levels), max(levels), 5)
    year_starts = {12 * year: text for year, text in enumerate(year_labels)}
    labels = ", ".join(f"'{month}': '{text}'" for month, text in year_starts.items())
    plot = ChartBuilder(
        alt.Scale(domain=[_FIRST_MONTH, _LAST_MONTH + _LABEL_MONTHS], nice=False, zero=False),
        alt.Axis(
            values=[*year_starts],
            labelExpr=f"({{{labels}}})[datum.value]",
            labelOverlap="greedy",
            labelSeparation=6,
        ),
        alt.Scale(domain=[ticks[0], ticks[-1]], nice=False, zero=False),
        alt.Axis(values=ticks, labelExpr=build_tick_label(ticks)),
    )
    start = plot.layer([{"y": _START_LEVEL}]).mark("rule", color=css_var("ink"), strokeWidth=1, aria=False)
    layers: list[Layer] = [start.encode(y=plot.y())] if ticks[0] <= _START_LEVEL <= ticks[-1] else []
    dashes = dict(zip((line.name for line in paths if not line.is_chosen), _MUTED_DASHES, strict=False))
    for line in sorted(paths, key=lambda line: line.is_chosen):
        rows = [{"x": month, "y": round(level, 2)} for month, level in line.points]
        mark = plot.layer(rows).mark(
            "line",
            color=css_var("ink" if line.is_chosen else "muted"),
            strokeWidth=2.5 if line.is_chosen else 1.75,
            strokeDash=dashes.get(line.name, [1, 0]),
            strokeJoin="round",
            aria=False,
        )
        layers.append(mark.encode(x=plot.x(), y=plot.y()))
    for is_chosen, colour, weight in ((False, "muted", 400), (True, "ink", 700)):
        texts = [
            {"x": line.points[-1][0], "y": round(level, 2), "text": line.name}
            for line, level in zip(paths, _space_names(paths, ticks[0], ticks[-1]), strict=True)
            if line.is_chosen is is_chosen
        ]
        if texts:
            style: dict[str, Any] = {"align": "left", "baseline": "middle", "dx": 6, "fontSize": 12}
            layers += plot.text_layers(texts, colour, fontWeight=weight, **style)
    return plot.build_spec(layers, _HEIGHT_PX, language, top=8)


def _space_names(paths: Sequence[ShockPathLine], low: float, high: float) -> list[float]:
    """The level of each name: that of its line's end, moved as far as the other names need."""
    plot_height = float(_HEIGHT_PX - AXIS_HEIGHT_PX)
    px_per_level = plot_height / (high - low)
    spaced = space_labels([(high - line.points[-1][1]) * px_per_level for line in paths], plot_height, _LABEL_GAP_PX)
    return [high - position / px_per_level for position in spaced]
