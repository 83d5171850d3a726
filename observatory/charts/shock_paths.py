"""Past shocks month by month: the one looked at in ink, the others muted, each named at its end; 100 at the start."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from observatory.charts.base import ChartBuilder, Layer, build_tick_label, compute_round_ticks, space_labels
from observatory.charts.palette import css_var

_HEIGHT_PX = 300
_FIRST_MONTH, _LAST_MONTH = -12, 60  # months from the start
_LABEL_MONTHS = 15  # months kept for the names
_LABEL_GAP_PX = 15  # px between names
_START_LEVEL = 100.0
_MUTED_DASHES = ([6, 3], [2, 3])  # of the muted lines, which are told apart without their tint


@dataclass(frozen=True, repr=False)
class ShockPathLine:
    """A shock: its name and its points (months from the start, level)."""

    name: str
    points: Sequence[tuple[int, float]]
    is_chosen: bool


def build_shock_paths_chart(
    paths: Sequence[ShockPathLine], year_labels: Sequence[str], language: str
) -> dict[str, Any]:
    """The specification; `years` name the start and the end of each year after it."""
    levels = [level for line in paths for _month, level in line.points]
    ticks = compute_round_ticks(min(levels), max(levels), 5)
    named = {12 * place: text for place, text in enumerate(year_labels)}
    labels = ", ".join(f"'{month}': '{text}'" for month, text in named.items())
    plot = ChartBuilder(
        alt.Scale(domain=[_FIRST_MONTH, _LAST_MONTH + _LABEL_MONTHS], nice=False, zero=False),
        alt.Axis(values=[*named], labelExpr=f"({{{labels}}})[datum.value]", labelOverlap="greedy", labelSeparation=6),
        alt.Scale(domain=[ticks[0], ticks[-1]], nice=False, zero=False),
        alt.Axis(values=ticks, labelExpr=build_tick_label(ticks)),
    )
    whole = plot.layer([{"y": _START_LEVEL}]).mark("rule", color=css_var("ink"), strokeWidth=1, aria=False)
    layers: list[Layer] = [whole.encode(y=plot.y())] if ticks[0] <= _START_LEVEL <= ticks[-1] else []
    dashes = dict(zip((line.name for line in paths if not line.is_chosen), _MUTED_DASHES, strict=False))
    for line in sorted(paths, key=lambda line: line.is_chosen):
        spots = [{"x": month, "y": round(level, 2)} for month, level in line.points]
        mark = plot.layer(spots).mark(
            "line",
            color=css_var("ink" if line.is_chosen else "muted"),
            strokeWidth=2.5 if line.is_chosen else 1.75,
            strokeDash=dashes.get(line.name, [1, 0]),
            strokeJoin="round",
            aria=False,
        )
        layers.append(mark.encode(x=plot.x(), y=plot.y()))
    for chosen, colour, weight in ((False, "muted", 400), (True, "ink", 700)):
        rows = [
            {"x": line.points[-1][0], "y": round(at, 2), "text": line.name}
            for line, at in zip(paths, _space_names(paths, ticks[0], ticks[-1]), strict=True)
            if line.is_chosen is chosen
        ]
        if rows:
            style: dict[str, Any] = {"align": "left", "baseline": "middle", "dx": 6, "fontSize": 12}
            layers += plot.text_layers(rows, colour, fontWeight=weight, **style)
    return plot.build_spec(layers, _HEIGHT_PX, language, top=8)


def _space_names(paths: Sequence[ShockPathLine], low: float, high: float) -> list[float]:
    """The level at which each name stands: its line's end, or as far from it as the other names need."""
    room = _HEIGHT_PX - 46.0
    per = room / (high - low)
    found = space_labels([(high - line.points[-1][1]) * per for line in paths], room, _LABEL_GAP_PX)
    return [high - place / per for place in found]
