"""What every chart of the house has in common: size, fonts, axes, locale; and the parts they share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import isclose
from typing import Any

import altair as alt
from altair.utils import schemapi

from observatory.charts.palette import css_var

NUMBER_LOCALES: Mapping[str, Mapping[str, Any]] = {
    "fr": {"decimal": ",", "thousands": "\u202f", "grouping": [3], "currency": ["", "\u00a0€"], "minus": "\u2212"},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["€", ""], "minus": "\u2212"},
}


# One configuration for all charts, written as it stands in a specification: copying it through Altair costs more
# than the rest of a chart.
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


Layer = dict[str, Any]  # of a specification, as plain data
TEXT_CHANNEL, RUN_CHANNEL = (part.to_dict() for part in (alt.Text("text:N"), alt.Detail("run:N")))

# What is built in a reader's time is not checked while it is built: a test validates every kind of chart.
schemapi.disable_debug_mode()


@dataclass(frozen=True, repr=False)
class LayerBuilder:
    """Rows, and the mark that draws them: a layer to be."""

    rows: Sequence[Mapping[str, Any]] | None  # None: those of the group that the layer is in
    mark_properties: Mapping[str, Any] = field(default_factory=dict)

    def mark(self, kind: str, **properties: Any) -> "LayerBuilder":
        """Drawn as a line, a rule, a point..., with the properties of that mark."""
        return LayerBuilder(self.rows, {"type": kind, **properties})

    def encode(self, **channels: Any) -> Layer:
        """The layer: what a Plot gives for x and y, and channels of Altair."""
        plain = {
            name: channel if isinstance(channel, dict) else channel.to_dict(validate=False)
            for name, channel in channels.items()
        }
        data = {} if self.rows is None else {"data": {"values": self.rows}}
        return {**data, "mark": dict(self.mark_properties), "encoding": plain}


class ChartBuilder:
    """The axes of a chart and its layers, joined as plain data: copies and checks of Altair would cost 30 ms a chart.

    Axes, scales and channels are Altair's, and a test validates every kind of chart. Rows stand inside their layers,
    which spares the server a conversion at each page view.
    """

    def __init__(self, x_scale: alt.Scale, x_axis: alt.Axis, y_scale: alt.Scale, y_axis: alt.Axis) -> None:
        self._x_scale, self._x_axis, self._y_scale, self._y_axis = (
            part.to_dict(validate=False) for part in (x_scale, x_axis, y_scale, y_axis)
        )

    def x(self, field: str = "x") -> dict[str, Any]:
        """A horizontal encoding; every layer has the same scale and axis, else Vega-Lite merges defaults in."""
        return {"field": field, "type": "quantitative", "scale": dict(self._x_scale), "axis": dict(self._x_axis)}

    def y(self, field: str = "y") -> dict[str, Any]:
        """A vertical encoding, with the scale and axis of all."""
        return {"field": field, "type": "quantitative", "scale": dict(self._y_scale), "axis": dict(self._y_axis)}

    def x2(self) -> dict[str, Any]:
        """The far end of a horizontal span."""
        return {"field": "x2"}

    def y2(self, field: str = "y2") -> dict[str, Any]:
        """The far end of a vertical span."""
        return {"field": field}

    def layer(self, rows: Sequence[Mapping[str, Any]]) -> LayerBuilder:
        """A layer to be, on its own rows."""
        return LayerBuilder(rows)

    def group_layers(self, rows: Sequence[Mapping[str, Any]], layers: Sequence[Layer]) -> Layer:
        """Layers that share their rows."""
        return {"data": {"values": rows}, "layer": list(layers)}

    def text_layers(self, rows: Sequence[Mapping[str, Any]], colour: str, **mark: Any) -> list[Layer]:
        """Text at (x, y) with a halo of paper behind it, so that it can be read on lines."""
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
        """Layers as a finished specification: fixed height, width of the container, SVG, the reader's numbers."""
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


def build_crisis_layers(
    plot: ChartBuilder, rows: Sequence[Mapping[str, Any]], labels: Sequence[Mapping[str, Any]]
) -> list[Layer]:
    """Crises: bands from x to x2, and above them the names, each row of which is aligned on its x (`text`)."""
    band = plot.layer(rows).mark("rect", color=css_var("crisis"), opacity=0.16, aria=False)
    layers = [band.encode(x=plot.x(), x2=plot.x2())] if rows else []
    if labels:
        style: dict[str, Any] = {"baseline": "bottom", "dy": -3, "fontSize": 11, "font": "B612", "aria": False}
        text = plot.layer(labels).mark("text", align="left", color=css_var("muted"), **style)
        layers.append(text.encode(x=plot.x(), y=alt.value(0), text=TEXT_CHANNEL))
    return layers


def build_tick_label(ticks: Sequence[float], signed: bool = False) -> str:
    """The expression that writes ticks, with the decimals that each of them has; with a plus sign if asked."""
    shown = f"format(datum.value, ',.{count_tick_decimals(ticks)}f')"
    return f"(datum.value > 0 ? '+' : '') + {shown}" if signed else shown


def count_tick_decimals(ticks: Sequence[float]) -> int:
    """As many decimals as it takes to write every tick as it is: 2.5 is not 3."""
    exact = (places for places in range(9) if all(isclose(round(tick, places), tick) for tick in ticks))
    return next(exact, 9)


def space_labels(wanted: Sequence[float], height: float, gap: float) -> list[float]:
    """Heights near those that are wanted, a gap between any two, none below the room that there is."""
    order = sorted(range(len(wanted)), key=lambda place: (wanted[place], place))
    found = list(wanted)
    for before, after in pairwise(order):
        found[after] = max(found[after], found[before] + gap)
    ceiling = max(height, gap * (len(wanted) - 1))
    for place in reversed(order):
        found[place] = min(found[place], ceiling)
        ceiling = found[place] - gap
    return found


def compute_round_ticks(low: float, high: float, count: int = 5) -> list[float]:
    """About `count` round values that span a range, its ends included."""
    if high <= low:
        high = low + 1
    raw = (high - low) / count
    size = 10.0 ** _floor_log10(raw)
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= raw * 0.999)
    first, last = int(_floor(low / step)), int(-_floor(-high / step))
    return [round(place * step, 10) for place in range(first, last + 1)]


def compute_year_ticks(first: int, last: int, count: int) -> list[int]:
    """Years on round steps counted back from the last one."""
    span = max(last - first, 1)
    step = next((size for size in (1, 2, 3, 5, 10, 20, 25, 50) if span / size <= count), 100)
    return sorted(range(last, first - 1, -step))


def _floor(value: float) -> float:
    return value // 1


def _floor_log10(value: float) -> int:
    exponent = 0
    while value >= 10:
        value, exponent = value / 10, exponent + 1
    while value < 1:
        value, exponent = value * 10, exponent - 1
    return exponent
