"""SVG of charts as PDF vector graphics: lines stay lines, and text can be searched.

Reads the subset that Vega writes (groups, paths, lines, rectangles and texts with a translation).
"""

import math
import re
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from observatory.export.common.fonts import (
    FIGURE_FONT,
    FIGURE_FONT_BOLD,
    TEXT_FONT,
    TEXT_FONT_BOLD,
    measure_text,
    replace_undrawable,
    split_fonts,
)
from observatory.export.common.scripts import set_visually

_NAMESPACE = "{http://www.w3.org/2000/svg}"
_TRANSLATE = re.compile(r"translate\(([-\d.e]+)(?:[, ]+([-\d.e]+))?\)")
_ROTATE = re.compile(r"rotate\(([-\d.e]+)")
_PATH_TOKEN = re.compile(r"[MLHVCAZmlhvcaz]|-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?")
_ARGUMENT_COUNTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "A": 7, "Z": 0}
_INHERITED = ("fill", "stroke", "stroke-width", "stroke-dasharray", "font-family", "font-size", "font-weight")
_CIRCLE_HANDLE = 0.5522847498  # of the radius: Bézier handles of a quarter circle

_SvgStyle = dict[str, str]


def measure_svg(svg: str) -> tuple[float, float]:
    """Width and height of an SVG, in px."""
    root = fromstring(svg)
    return float(root.get("width", "0")), float(root.get("height", "0"))


def draw_svg(canvas: Any, svg: str, left: float, bottom: float, scale: float) -> None:
    """Draws an SVG of Vega with its lower left corner at (left, bottom), `scale` points per px."""
    root = fromstring(svg)
    canvas.saveState()
    canvas.translate(left, bottom + float(root.get("height", "0")) * scale)
    canvas.scale(scale, -scale)
    _draw_children(canvas, root, {"fill": "none", "stroke": "none"}, 1.0)
    canvas.restoreState()


def _draw_children(canvas: Any, parent: Element, style: _SvgStyle, opacity: float) -> None:
    for element in parent:
        if element.get("display") == "none":
            continue
        name = element.tag.removeprefix(_NAMESPACE)
        own = {**style, **{key: value for key in _INHERITED if (value := element.get(key)) is not None}}
        own_opacity = opacity * float(element.get("opacity", "1"))
        canvas.saveState()
        _apply_transform(canvas, element.get("transform", ""))
        if name == "g":
            _draw_children(canvas, element, own, own_opacity)
        elif name in ("path", "rect", "line"):
            _draw_shape(canvas, element, name, own, own_opacity)
        elif name == "text":
            _draw_text(canvas, element, own, own_opacity)
        canvas.restoreState()


def _apply_transform(canvas: Any, transform: str) -> None:
    if translation := _TRANSLATE.search(transform):
        canvas.translate(float(translation[1]), float(translation[2] or 0))
    if rotation := _ROTATE.search(transform):
        canvas.rotate(float(rotation[1]))


def _draw_shape(canvas: Any, element: Element, name: str, style: _SvgStyle, opacity: float) -> None:
    fill, stroke = _parse_colour(style["fill"]), _parse_colour(style["stroke"])
    path = canvas.beginPath()
    if name == "line":
        path.moveTo(float(element.get("x1", "0")), float(element.get("y1", "0")))
        path.lineTo(float(element.get("x2", "0")), float(element.get("y2", "0")))
        fill = ""
    elif name == "rect":
        path.rect(*(float(element.get(key, "0")) for key in ("x", "y", "width", "height")))
    else:
        _trace_path(path, element.get("d", ""))
    if not (fill or stroke):
        return
    if fill:
        canvas.setFillColor(fill)
        canvas.setFillAlpha(opacity * float(element.get("fill-opacity", "1")))
    if stroke:
        canvas.setStrokeColor(stroke)
        canvas.setStrokeAlpha(opacity * float(element.get("stroke-opacity", "1")))
        canvas.setLineWidth(float(style.get("stroke-width", "1")))
        canvas.setLineJoin(1 if element.get("stroke-linejoin") == "round" else 0)
        dashes = style.get("stroke-dasharray", "")
        canvas.setDash([float(part) for part in re.split("[, ]+", dashes)] if dashes not in ("", "none") else [])
    canvas.drawPath(path, stroke=int(bool(stroke)), fill=int(bool(fill)))


def _parse_colour(text: str) -> str:
    return text if text.startswith("#") else ""


def _trace_path(path: Any, d: str) -> None:
    """Draws the commands of a path; its arcs are half circles, as Vega writes circles."""
    tokens = _PATH_TOKEN.findall(d)
    position, x, y, start = 0, 0.0, 0.0, (0.0, 0.0)
    command = "M"
    while position < len(tokens):
        if tokens[position].isalpha():
            command, position = tokens[position], position + 1
        count = _ARGUMENT_COUNTS[command.upper()]
        values = [float(part) for part in tokens[position : position + count]]
        position += count
        dx, dy = (x, y) if command.islower() else (0.0, 0.0)
        kind = command.upper()
        if kind == "Z":
            path.close()
            x, y = start
        elif kind in "ML":
            x, y = values[0] + dx, values[1] + dy
            (path.moveTo if kind == "M" else path.lineTo)(x, y)
            start = (x, y) if kind == "M" else start
            command = {"M": "L", "m": "l"}.get(command, command)
        elif kind in "HV":
            x, y = (values[0] + dx, y) if kind == "H" else (x, values[0] + dy)
            path.lineTo(x, y)
        elif kind == "C":
            points = [value + (dy if index % 2 else dx) for index, value in enumerate(values)]
            path.curveTo(*points)
            x, y = points[4], points[5]
        else:
            end = (values[5] + dx, values[6] + dy)
            _trace_half_circle(path, (x, y), end, values[0], clockwise=bool(values[4]))
            x, y = end


def _trace_half_circle(
    path: Any, begin: tuple[float, float], end: tuple[float, float], radius: float, *, clockwise: bool
) -> None:
    """Draws half a circle from one point to the opposite one, as two quarters."""
    (ax, ay), (bx, by) = begin, end
    if math.hypot(bx - ax, by - ay) < 1.9 * radius:
        path.lineTo(bx, by)
        return
    mx, my = (ax + bx) / 2, (ay + by) / 2
    turn = 1 if clockwise else -1
    ux, uy = ax - mx, ay - my
    vx, vy = -uy * turn, ux * turn
    k = _CIRCLE_HANDLE
    path.curveTo(ax + k * vx, ay + k * vy, mx + vx + k * ux, my + vy + k * uy, mx + vx, my + vy)
    path.curveTo(mx + vx - k * ux, my + vy - k * uy, bx + k * vx, by + k * vy, bx, by)


def _draw_text(canvas: Any, element: Element, style: _SvgStyle, opacity: float) -> None:
    """Draws a text; with a stroke, each letter gets an outline."""
    content = replace_undrawable(set_visually("".join(element.itertext())))
    bold = style.get("font-weight", "400") in ("700", "600", "bold")
    family = (
        (FIGURE_FONT_BOLD if bold else FIGURE_FONT)
        if "B612" in style.get("font-family", "")
        else (TEXT_FONT_BOLD if bold else TEXT_FONT)
    )
    size = float(style.get("font-size", "11px").removesuffix("px"))
    shift = {"end": 1.0, "middle": 0.5}.get(element.get("text-anchor", "start"), 0.0) * measure_text(
        content, family, size
    )
    fill, stroke = _parse_colour(style["fill"]), _parse_colour(style["stroke"])
    canvas.scale(1, -1)  # the page is drawn upside down: turn the letters upright
    text = canvas.beginText(-shift, 0)
    if stroke:
        canvas.setStrokeColor(stroke)
        canvas.setLineWidth(float(style.get("stroke-width", "1")))
        canvas.setLineJoin(1)
        canvas.setStrokeAlpha(opacity)
    canvas.setFillColor(fill or stroke)
    canvas.setFillAlpha(opacity)
    text.setTextRenderMode(2 if stroke else 0)
    for name, part in split_fonts(content, family):
        text.setFont(name, size)
        text.textOut(part)
    canvas.drawText(text)
