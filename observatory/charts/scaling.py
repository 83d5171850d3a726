"""Scaling of a chart for a screen on a wall: the same specification with all lengths in pixels enlarged."""

from collections.abc import Mapping
from typing import Any

from observatory.charts.base import count_tick_decimals

_MIN_FONT_PX = 13.0  # before scaling; smaller labels are raised to it
FONT_PROPERTIES = ("fontSize", "labelFontSize", "titleFontSize")
_LENGTH_PROPERTIES = (
    *("strokeWidth", "thickness", "dx", "dy", "labelPadding", "titlePadding", "tickSize", "minExtent"),
    *("labelSeparation", "strokeDash", "gridWidth", "domainWidth", "tickWidth"),
)
_DIGIT_WIDTH_EM = 0.64  # of B612
# The defaults of Vega for what a specification leaves out.
_DEFAULT_LENGTHS_PX = {"gridWidth": 1, "domainWidth": 1, "tickWidth": 1, "titlePadding": 4}


def scale_chart(spec: Mapping[str, Any], factor: float, width: int, height: int) -> dict[str, Any]:
    """The specification at a size in pixels, with fonts, strokes, offsets, marks and padding times a factor.

    The size of a symbol is an area, that of a tick a length; sizes in the rows of a layer are areas.
    """
    scaled: dict[str, Any] = _scale_lengths(spec, factor)
    scaled["padding"] = {side: value * factor for side, value in spec["padding"].items()}
    scaled["config"]["axisY"]["minExtent"] = max(scaled["config"]["axisY"]["minExtent"], _measure_y_axis(spec, factor))
    scaled["config"]["axis"] |= {name: value * factor for name, value in _DEFAULT_LENGTHS_PX.items()}
    for layer in scaled["layer"]:
        _scale_marks(layer, factor)
    return {**scaled, "width": width, "height": height}


def _measure_y_axis(spec: Mapping[str, Any], factor: float) -> float:
    """The width of the longest figure on the vertical axis: Vega measures it before the web font has loaded."""
    axes = [
        layer["encoding"]["y"]["axis"] for layer in spec["layer"] if "axis" in layer.get("encoding", {}).get("y", {})
    ]
    longest = max((len(_write_tick(value)) for axis in axes for value in axis.get("values", ())), default=0)
    style = spec["config"]["axis"]
    return float((longest * _DIGIT_WIDTH_EM * style["labelFontSize"] + style["labelPadding"]) * factor)


def _write_tick(value: float) -> str:
    """A figure about as long as the axis writes it; a small one with all its decimals."""
    return f"{value:,.{count_tick_decimals([value])}f}" if 0 < abs(value) < 1e-4 else f"{value:,g}"


def _scale_lengths(part: Any, factor: float) -> Any:
    """A copy with scaled fonts and lengths; rows of data are shared, for they hold neither."""
    if isinstance(part, Mapping):
        return {
            name: value if name == "data" else _scale_length(name, _scale_lengths(value, factor), factor)
            for name, value in part.items()
        }
    return [_scale_lengths(value, factor) for value in part] if isinstance(part, list | tuple) else part


def _scale_length(name: str, value: Any, factor: float) -> Any:
    if name in FONT_PROPERTIES and isinstance(value, int | float):
        return max(float(value), _MIN_FONT_PX) * factor
    if name not in _LENGTH_PROPERTIES:
        return value
    if isinstance(value, list):
        return [length * factor for length in value]
    return value * factor if isinstance(value, int | float) else value


def _scale_marks(layer: dict[str, Any], factor: float) -> None:
    """Scales the symbols and ticks of a layer in place, in its mark and in its rows."""
    for inner in layer.get("layer", ()):
        _scale_marks(inner, factor)
    mark, size = layer.get("mark"), layer.get("encoding", {}).get("size")
    if isinstance(mark, dict) and "size" in mark:
        mark["size"] *= factor if mark["type"] == "tick" else factor**2
    if size is not None and "field" in size:
        field = size["field"]
        layer["data"] = {
            "values": [{**row, field: row[field] * factor**2} for row in layer["data"]["values"]],
        }
