"""A chart for a wall: the same specification with all that is measured in pixels made larger."""

from collections.abc import Mapping
from typing import Any

SMALLEST = 13.0  # px before enlarging; smaller labels are raised to it
FONTS = ("fontSize", "labelFontSize", "titleFontSize")
LENGTHS = (
    *("strokeWidth", "thickness", "dx", "dy", "labelPadding", "titlePadding", "tickSize", "minExtent"),
    *("labelSeparation", "strokeDash", "gridWidth", "domainWidth", "tickWidth"),
)
EM = 0.64  # width of a figure of B612, in its size
WIDTHS = {"gridWidth": 1, "domainWidth": 1, "tickWidth": 1, "titlePadding": 4}  # what Vega draws where nothing is said


def enlarged(spec: Mapping[str, Any], factor: float, width: int, height: int) -> dict[str, Any]:
    """The specification at a size in pixels: fonts, strokes, offsets, marks and padding times a factor.

    A symbol is measured by its area, a tick by its length; sizes that stand in the rows of a layer are areas too.
    """
    made: dict[str, Any] = _scaled(spec, factor)
    made["padding"] = {side: value * factor for side, value in spec["padding"].items()}
    made["config"]["axisY"]["minExtent"] = max(made["config"]["axisY"]["minExtent"], _room(spec, factor))
    made["config"]["axis"] |= {name: value * factor for name, value in WIDTHS.items()}
    for layer in made["layer"]:
        _sizes(layer, factor)
    return {**made, "width": width, "height": height}


def _room(spec: Mapping[str, Any], factor: float) -> float:
    """The width of the longest figure on the vertical axis: Vega measures it before the web font is there."""
    axes = [
        layer["encoding"]["y"]["axis"] for layer in spec["layer"] if "axis" in layer.get("encoding", {}).get("y", {})
    ]
    longest = max((len(f"{value:,g}") for axis in axes for value in axis.get("values", ())), default=0)
    style = spec["config"]["axis"]
    return float((longest * EM * style["labelFontSize"] + style["labelPadding"]) * factor)


def _scaled(part: Any, factor: float) -> Any:
    """A copy with fonts and lengths enlarged; rows of data are shared, for they hold none."""
    if isinstance(part, Mapping):
        return {
            name: value if name == "data" else _length(name, _scaled(value, factor), factor)
            for name, value in part.items()
        }
    return [_scaled(value, factor) for value in part] if isinstance(part, list | tuple) else part


def _length(name: str, value: Any, factor: float) -> Any:
    if name in FONTS and isinstance(value, int | float):
        return max(float(value), SMALLEST) * factor
    if name not in LENGTHS:
        return value
    if isinstance(value, list):
        return [each * factor for each in value]
    return value * factor if isinstance(value, int | float) else value


def _sizes(layer: dict[str, Any], factor: float) -> None:
    """Enlarges the symbols and ticks of a layer, in its mark and in its rows."""
    for inner in layer.get("layer", ()):
        _sizes(inner, factor)
    mark, size = layer.get("mark"), layer.get("encoding", {}).get("size")
    if isinstance(mark, dict) and "size" in mark:
        mark["size"] *= factor if mark["type"] == "tick" else factor**2
    if size is not None and "field" in size:
        field = size["field"]
        layer["data"] = {
            "values": [{**row, field: row[field] * factor**2} for row in layer["data"]["values"]],
        }
