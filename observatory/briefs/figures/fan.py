"""Fan charts with their tables: what the figures of a series, a threshold, a basket and an index have in common."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import TextTable
from observatory.briefs.figures.chart_context import build_event_shades
from observatory.briefs.figures.series_view import SeriesView
from observatory.catalogue.periods import Frequency, midpoint_year, ordinal_to_period
from observatory.charts.fan import FanChart, FanStep, build_fan_chart
from observatory.language import Localizer

Format = Callable[[float], str]


@dataclass(frozen=True)
class FanFormats:
    """How values are written: at the end of the history and of the forecast in the chart, then in the table."""

    last: Format
    end: Format
    observed: Format
    expected: Format


@dataclass(frozen=True, kw_only=True)
class Fan:
    """Values of a fan chart in the unit shown, and how they are drawn.

    `level` is that of the outer interval, in per cent; `realized` are (decimal year, value) after the origin;
    `threshold` is a level and its label.
    """

    title: str
    view: SeriesView
    frequency: Frequency
    level: int
    formats: FanFormats
    role: str
    height: int
    realized: tuple[tuple[float, float], ...] = ()
    threshold: tuple[float, str] | None = None
    from_zero: bool = False
    logarithmic: bool = False
    signed: bool = False


def build_fan(context: Context, fan: Fan) -> tuple[Mapping[str, Any] | None, TextTable]:
    """The chart (Vega-Lite; None where fewer than two values were observed) and the table of its values."""
    return _build_spec(context, fan), _build_table(fan, context.localizer)


def _build_spec(context: Context, fan: Fan) -> Mapping[str, Any] | None:
    runs = _split_at_gaps(fan)
    if sum(len(run) for run in runs) < 2:
        return None
    localizer, view, formats = context.localizer, fan.view, fan.formats
    last = max(ordinal for ordinal, value in zip(view.ordinals, view.observed, strict=True) if np.isfinite(value))
    parts = (view.median, view.inner_low, view.inner_high, view.low, view.high)
    steps = [
        FanStep(midpoint_year(ordinal, fan.frequency), *(float(part[step]) for part in parts))
        for step, ordinal in enumerate(view.forecast_ordinals)
        if np.isfinite(view.median[step])
    ]
    end = steps[-1] if steps else None
    return build_fan_chart(
        FanChart(
            runs=runs,
            steps=steps,
            shades=build_event_shades(context, annual=fan.frequency == "A", show_realized=bool(fan.realized)),
            realized=fan.realized,
            annual=fan.frequency == "A",
            role=fan.role,
            last_label=f"{formats.last(runs[-1][-1][1])} "
            f"{localizer.period_phrase(ordinal_to_period(last, fan.frequency))}",
            end_labels=(formats.end(end.median), formats.end(end.low), formats.end(end.high)) if end else None,
            from_zero=fan.from_zero,
            logarithmic=fan.logarithmic,
            language=localizer.language,
            height=fan.height,
            signed=fan.signed,
            threshold=fan.threshold,
        )
    )


def _split_at_gaps(fan: Fan) -> list[list[tuple[float, float]]]:
    """The observed values as runs of (decimal year, value) without gaps: no line is drawn across a missing period."""
    runs: list[list[tuple[float, float]]] = [[]]
    for ordinal, value in zip(fan.view.ordinals, fan.view.observed, strict=True):
        if np.isfinite(value):
            runs[-1].append((midpoint_year(ordinal, fan.frequency), float(value)))
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _build_table(fan: Fan, localizer: Localizer) -> TextTable:
    """The values of the chart, newest first: expected ones with their interval, then observed ones."""
    view, formats = fan.view, fan.formats
    rows = []
    for step in range(len(view.forecast_ordinals) - 1, -1, -1):
        if np.isfinite(view.median[step]):
            period = localizer.period(ordinal_to_period(view.forecast_ordinals[step], fan.frequency))
            values = (formats.expected(float(part[step])) for part in (view.median, view.low, view.high))
            rows.append((period, localizer.text("table.expected"), *values))
    for ordinal, value in zip(reversed(view.ordinals), view.observed[::-1], strict=True):
        text = formats.observed(float(value)) if np.isfinite(value) else localizer.text("table.missing")
        period = localizer.period(ordinal_to_period(ordinal, fan.frequency))
        rows.append((period, localizer.text("table.observed"), text, "", ""))
    return TextTable(fan.title, build_table_headers(fan.level, localizer), tuple(rows))


def build_table_headers(level: int, localizer: Localizer) -> tuple[str, ...]:
    """The column headers of a table of observed and expected values, with an interval of `level` per cent."""
    first = tuple(localizer.text(f"table.{name}") for name in ("period", "nature", "value"))
    return first + tuple(localizer.text(f"table.{side}", level=level) for side in ("low", "high"))


def starts_at_zero(spec: Mapping[str, Any]) -> bool:
    """Whether the axis of values of a fan chart starts at zero or below."""
    lines = [layer["encoding"]["y"] for layer in spec["layer"] if layer.get("mark", {}).get("type") == "line"]
    return bool(lines) and lines[0]["scale"]["domain"][0] <= 0
