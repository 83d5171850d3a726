"""Shapes of slides: boxes, rules, the brand and call chips, with sizes in points."""

import io
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_LINE
from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.oxml.ns import qn
from pptx.util import Pt

from observatory.export.common.brand_logo import read_file_brand
from observatory.export.common.fonts import HEAD_FONT, measure_text
from observatory.export.pptx.parts import PointBox, SlideParagraph, add_textbox, palette_rgb, to_emu

_LOGO_HEIGHT, _LOGO_WIDTH = 18.0, 150.0  # points, at most


def remove_shadow(shape: Any) -> Any:
    """The shape without the shadow that the Office theme gives it."""
    style = shape._element.find(qn("p:style"))
    if style is not None:
        shape._element.remove(style)
    return shape


def add_box(shapes: Any, box: PointBox, colour: str) -> Any:
    """A filled rectangle, which it returns."""
    shape = remove_shadow(shapes.add_shape(MSO_SHAPE.RECTANGLE, *to_emu(box)))
    shape.fill.solid()
    shape.fill.fore_color.rgb = palette_rgb(colour)
    shape.line.fill.background()
    return shape


def add_rule(shapes: Any, left: float, top: float, width: float, thickness: float, colour: str = "ink") -> None:
    """A horizontal line."""
    line = remove_shadow(shapes.add_connector(MSO_CONNECTOR.STRAIGHT, Pt(left), Pt(top), Pt(left + width), Pt(top)))
    line.line.color.rgb, line.line.width = palette_rgb(colour), Pt(thickness)


def add_brand(shapes: Any, left: float, top: float, name: str) -> None:
    """The logo, a ring in ink with a magenta needle, and the name."""
    ring = remove_shadow(shapes.add_shape(MSO_SHAPE.OVAL, *to_emu((left, top, 12, 12))))
    ring.fill.background()
    ring.line.color.rgb, ring.line.width = palette_rgb("ink"), Pt(1.8)
    ends = (Pt(left + 5.2), Pt(top + 6.8), Pt(left + 12.2), Pt(top - 0.2))
    needle = remove_shadow(shapes.add_connector(MSO_CONNECTOR.STRAIGHT, *ends))
    needle.line.color.rgb, needle.line.width = palette_rgb("forecast"), Pt(1.8)
    add_textbox(shapes, (left + 19, top - 2, 300, 16), [SlideParagraph(name, 12, HEAD_FONT)])
    logo = read_file_brand()
    if logo.png:
        width, height = logo.fit_logo(_LOGO_WIDTH, _LOGO_HEIGHT)
        after = left + 19 + measure_text(name, HEAD_FONT, 12) + 14
        shapes.add_picture(io.BytesIO(logo.png), *to_emu((after, top - 3, width, height)))


def add_chip(shapes: Any, call: str, left: float, top: float, side: float) -> None:
    """The chip of a call: a white shape on a filled square; for "unclear" a diamond in an empty dashed one."""
    is_unclear = call == "unclear"
    square = remove_shadow(shapes.add_shape(MSO_SHAPE.RECTANGLE, *to_emu((left, top, side, side))))
    kinds = {"growing": MSO_SHAPE.ISOSCELES_TRIANGLE, "shrinking": MSO_SHAPE.ISOSCELES_TRIANGLE}
    kinds |= {"flat": MSO_SHAPE.RECTANGLE, "unclear": MSO_SHAPE.DIAMOND}
    inset = side * 0.22
    height = side * 0.18 if call == "flat" else side - 2 * inset
    inner = (left + inset, top + (side - height) / 2, side - 2 * inset, height)
    mark = remove_shadow(shapes.add_shape(kinds[call], *to_emu(inner)))
    mark.rotation = 180 if call == "shrinking" else 0
    for shape in (square, mark):
        if not is_unclear:
            shape.fill.solid()
            shape.fill.fore_color.rgb = palette_rgb(call) if shape is square else RGBColor(255, 255, 255)
            shape.line.fill.background()
        else:
            shape.fill.background()
            shape.line.color.rgb, shape.line.width = palette_rgb(call), Pt(1.25)
    if is_unclear:
        square.line.dash_style = MSO_LINE.DASH
