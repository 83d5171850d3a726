"""Common parts of all charts: size, fonts, axes, number locale, scales, ticks and crisis bands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import floor, isclose, log10
from typing import Any

import altair as alt
from altair.utils import schemapi

from observatory.charts.palette import css_var

NUMBER_LOCALES: Mapping[str, Mapping[str, Any]] = {
    "fr": {"decimal": ",", "thousands": "\u202f", "grouping": [3], "currency": ["", "\u00a0€"], "minus": "\u2212"},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["€", ""], "minus": "\u2212"},
}

# One configuration for all charts, as plain data: building it with Altair costs more than the rest of a chart.
BASE_CONFIG: Mapping[str, Any] = {
    "font": "B612",
    "view": {"stroke": None},
    "axis": {
        "labelFont": "B612",
        "labelFontSize": 13,
        "labelFontWeight": 400,
        "labelColor": css_var("muted"),
        "gridColor": css_var("rule"),
        "gridOpacity": 0.7,
        "domain": False,
        "ticks": False,
        "labelPadding": 6,
        "title": None,
    },
    "axisX": {
        "grid": False,
        "domain": True,
        "domainColor": css_var("ink"),
        "ticks": True,
        "tickSize": 4,
        "tickColor": css_var("ink"),
        "labelFlush": True,
    },
    "axisY": {"minExtent": 34},
}


AXIS_HEIGHT_PX = 46  # of padding and labels of the horizontal axis: the rest of the height is the plot
_MAX_LOG_TICKS = 7  # more of them on a logarithmic axis are thinned to powers of ten
_MAX_TICK_DECIMALS = 6  # beyond, each tick gets the decimals that it needs
_TICK_DIGITS = 12  # significant ones of a tick; the step has ten, further ones are noise of the arithmetic
_MAX_PLACES = 30
_MIN_RELATIVE_SPAN = 1e-9  # values nearer to each other are one value
_MIN_UNIT_SPAN, _MAX_UNIT_SPAN = 1e-2, 1e9  # the axis of one value between them is 1 high, else as high as the value
Layer = dict[str, Any]  # a layer of a specification, as plain data
TEXT_CHANNEL, RUN_CHANNEL = (part.to_dict() for part in (alt.Text("text:N"), alt.Detail("run:N")))

# Altair's validation is off while a reader waits: a test validates every kind of chart.
schemapi.disable_debug_mode()


@dataclass(frozen=True, repr=False)
class LayerBuilder:
    """Rows and the mark that draws them, before their encoding."""

    rows: Sequence[Mapping[str, Any]] | None  # None: the rows of the enclosing group
    mark_properties: Mapping[str, Any] = field(default_factory=dict)

    def mark(self, kind: str, **properties: Any) -> "LayerBuilder":
        """The same rows with a mark (line, rule, point, ...) and its properties."""
        return LayerBuilder(self.rows, {"type": kind, **properties})

    def encode(self, **channels: Any) -> Layer:
        """The finished layer; a channel is what a ChartBuilder gives for x and y, or a channel of Altair."""
        encoding = {
            name: channel if isinstance(channel, dict) else channel.to_dict(validate=False)
            for name, channel in channels.items()
        }
        data = {} if self.rows is None else {"data": {"values": self.rows}}
        return {**data, "mark": dict(self.mark_properties), "encoding": encoding}


class ChartBuilder:
    """Joins axes and layers as plain data: Altair's copies and checks would cost 30 ms a chart.

    Axes, scales and channels are Altair's, and a test validates every kind of chart. Rows stand inside their layers,
    which saves a conversion at each page view.
    """

    def __init__(self, x_scale: alt.Scale, x_axis: alt.Axis, y_scale: alt.Scale, y_axis: alt.Axis) -> None:
        self._x_scale, self._x_axis, self._y_scale, self._y_axis = (
            part.to_dict(validate=False) for part in (x_scale, x_axis, y_scale, y_axis)
        )

    def x(self, field: str = "x") -> dict[str, Any]:
        """The x encoding; every layer repeats the scale and axis, or Vega-Lite would merge defaults into them."""
        return {"field": field, "type": "quantitative", "scale": dict(self._x_scale), "axis": dict(self._x_axis)}

    def y(self, field: str = "y") -> dict[str, Any]:
        """The y encoding, with the common scale and axis."""
        return {"field": field, "type": "quantitative", "scale": dict(self._y_scale), "axis": dict(self._y_axis)}

    def x2(self) -> dict[str, Any]:
        """The encoding of the end of a horizontal span."""
        return {"field": "x2"}

    def y2(self, field: str = "y2") -> dict[str, Any]:
        """The encoding of the end of a vertical span."""
        return {"field": field}

    def layer(self, rows: Sequence[Mapping[str, Any]]) -> LayerBuilder:
        """A builder of a layer with rows of its own."""
        return LayerBuilder(rows)

    def group_layers(self, rows: Sequence[Mapping[str, Any]], layers: Sequence[Layer]) -> Layer:
        """One layer whose inner layers share its rows."""
        return {"data": {"values": rows}, "layer": list(layers)}

    def text_layers(self, rows: Sequence[Mapping[str, Any]], colour: str, **mark: Any) -> list[Layer]:
        """Text at (x, y) over a halo in the colour of the paper, so that it can be read on lines."""
        base = {"font": "B612", "aria": False, **mark}
        encoding = {"x": self.x(), "y": self.y(), "text": TEXT_CHANNEL}
        halo = self.layer(rows).mark(
            "text", **base, stroke=css_var("paper"), strokeWidth=4, strokeJoin="round", color=css_var("paper")
        )
        return [
            halo.encode(**encoding),
            self.layer(rows).mark("text", **base, color=css_var(colour)).encode(**encoding),
        ]

    def build_spec(
        self, layers: Sequence[Layer], height: int, language: str, top: int = 22, right: int = 6
    ) -> dict[str, Any]:
        """The finished specification: height in px, width of the container, SVG, numbers in the language's locale."""
        return {
            "$schema": alt.SCHEMA_URL,
            "layer": list(layers),
            "height": height,
            "width": "container",
            "background": "transparent",
            "padding": {"left": 2, "right": right, "top": top, "bottom": 2},
            "autosize": {"type": "fit", "contains": "padding"},
            "usermeta": {"embedOptions": {"renderer": "svg"}},
            "config": {**BASE_CONFIG, "locale": {"number": NUMBER_LOCALES[language]}},
        }


@dataclass(frozen=True)
class CrisisShade:
    """A crisis to be shaded behind a chart, in decimal years."""

    start: float
    end: float
    label: str


def clip_shades(shades: Sequence[CrisisShade], first: float, last: float) -> list[CrisisShade]:
    """The crises that overlap a span, cut at its ends."""
    return [
        CrisisShade(max(shade.start, first), min(shade.end, last), shade.label)
        for shade in shades
        if shade.end > first and shade.start < last
    ]


def build_crisis_layers(
    plot: ChartBuilder, shades: Sequence[CrisisShade], first: float, last: float, *, max_labels: int | None = None
) -> list[Layer]:
    """Bands for the crises of a span, with their names above them; with `max_labels`, only the last ones are named."""
    rows = [{"x": shade.start, "x2": shade.end, "text": shade.label} for shade in clip_shades(shades, first, last)]
    if not rows:
        return []
    labels = rows if max_labels is None else rows[-max_labels:]
    return [build_crisis_band_layer(plot, rows), build_crisis_label_layer(plot, labels, "left")]


def build_crisis_band_layer(plot: ChartBuilder, rows: Sequence[Mapping[str, Any]]) -> Layer:
    """Bands from x to x2 over the whole height."""
    band = plot.layer(rows).mark("rect", color=css_var("crisis"), opacity=0.16, aria=False)
    return band.encode(x=plot.x(), x2=plot.x2())


def build_crisis_label_layer(plot: ChartBuilder, rows: Sequence[Mapping[str, Any]], align: str) -> Layer:
    """The names of crises above the plot, each aligned on its x ("left" or "right")."""
    style: dict[str, Any] = {"baseline": "bottom", "dy": -3, "fontSize": 11, "font": "B612", "aria": False}
    text = plot.layer(rows).mark("text", align=align, color=css_var("muted"), **style)
    return text.encode(x=plot.x(), y=alt.value(0), text=TEXT_CHANNEL)


def stack_groups(sizes: Sequence[int]) -> tuple[list[float], list[list[float]], int]:
    """Groups of rows below each other, under one heading row: where each group starts, its rows, the row count."""
    starts: list[float] = []
    positions: list[list[float]] = []
    top = 1.0
    for size in sizes:
        starts.append(top)
        positions.append([top + 1.5 + row for row in range(size)])
        top += 1 + size
    return starts, positions, int(top)


def build_row_axis(positions: Sequence[float], labels: Sequence[str]) -> alt.Axis:
    """A vertical axis that names rows by their positions."""
    names = ", ".join(f"'{position}': '{label}'" for position, label in zip(positions, labels, strict=True))
    return alt.Axis(values=list(positions), labelExpr=f"({{{names}}})[datum.value]", grid=False)


def build_y_scale(
    values: Sequence[float], *, logarithmic: bool = False, from_zero: bool = False
) -> tuple[list[float], alt.Scale]:
    """The ticks and the scale of a vertical axis that shows all values, linear or logarithmic."""
    low, high = min(values), max(values)
    if logarithmic:
        return _compute_log_ticks(low, high), alt.Scale(type="log", domain=[low * 0.92, high * 1.08], nice=False)
    ticks = compute_round_ticks(0.0 if from_zero and low >= 0 else low, high)
    return ticks, alt.Scale(domain=[ticks[0], ticks[-1]], nice=False, zero=False)


def _compute_log_ticks(low: float, high: float) -> list[float]:
    """1, 2 and 5 times the powers of ten of a range; of a wide one the powers alone, of a wider one some of them."""
    powers = range(floor(log10(low)) - 1, floor(log10(high)) + 2)
    candidates = [float(f"{factor}e{power}") for power in powers for factor in (1, 2, 5)]
    ticks = [tick for tick in candidates if low * 0.8 <= tick <= high * 1.2]
    if len(ticks) > _MAX_LOG_TICKS:
        ticks = [tick for tick in ticks if f"{tick:e}"[0] == "1"]
    return ticks[:: -(-len(ticks) // _MAX_LOG_TICKS) or 1]


def round_value(value: float) -> float:
    """A value to seven significant digits, which is finer than a pixel."""
    return float(f"{value:.7g}")


def build_tick_label(ticks: Sequence[float], *, signed: bool = False) -> str:
    """The Vega expression that formats ticks with as many decimals as they need, and a plus sign if `signed`."""
    decimals = count_tick_decimals(ticks)
    specifier = f",.{decimals}f" if decimals <= _MAX_TICK_DECIMALS else f",.{_TICK_DIGITS}~r"
    text = f"format(datum.value, '{specifier}')"
    return f"(datum.value > 0 ? '+' : '') + {text}" if signed else text


def count_tick_decimals(ticks: Sequence[float]) -> int:
    """The number of decimals that write every tick exactly: 1 for (0, 2.5, 5)."""
    exact = (places for places in range(_MAX_PLACES) if all(isclose(round(tick, places), tick) for tick in ticks))
    return next(exact, _MAX_PLACES)


def space_labels(wanted: Sequence[float], height: float, gap: float) -> list[float]:
    """Positions near the wanted ones, at least `gap` apart and at most `height`, all in px."""
    order = sorted(range(len(wanted)), key=lambda index: (wanted[index], index))
    positions = list(wanted)
    for before, after in pairwise(order):
        positions[after] = max(positions[after], positions[before] + gap)
    ceiling = max(height, gap * (len(wanted) - 1))
    for index in reversed(order):
        positions[index] = min(positions[index], ceiling)
        ceiling = positions[index] - gap
    return positions


def compute_round_ticks(low: float, high: float, count: int = 5) -> list[float]:
    """About `count` round values that cover a range, its ends included."""
    if high - low <= _MIN_RELATIVE_SPAN * max(abs(low), abs(high)):
        low = float(f"{low:.9g}")  # what is beyond is noise of the arithmetic
        high = low + (abs(low) if abs(low) >= _MAX_UNIT_SPAN or 0 < abs(low) < _MIN_UNIT_SPAN else 1)
    raw_step = (high - low) / count
    magnitude = 10.0 ** _floor_log10(raw_step)
    step = next(magnitude * factor for factor in (1, 2, 2.5, 5, 10) if magnitude * factor >= raw_step * 0.999)
    first, last = int(_floor(low / step)), int(-_floor(-high / step))
    places = max(_TICK_DIGITS - 2, _TICK_DIGITS - 2 - _floor_log10(step))
    return [round(index * step, places) + 0.0 for index in range(first, last + 1)]


def compute_year_ticks(first: int, last: int, count: int) -> list[int]:
    """At most about `count` years at a round step, counted back from the last one."""
    span = max(last - first, 1)
    step = next((size for size in (1, 2, 3, 5, 10, 20, 25, 50) if span / size <= count), 100)
    return sorted(range(last, first - 1, -step))


def _floor(value: float) -> float:
    return value // 1


def _floor_log10(value: float) -> int:
    return floor(log10(value) + 1e-12)  # a power of ten is its own
