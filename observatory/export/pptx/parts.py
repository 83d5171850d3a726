"""What slides are put together from: text boxes, rules, the mark of a call, tables; sizes in points."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_LINE
from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from observatory.briefs.common.model import Table
from observatory.charts.palette import TOKENS
from observatory.export.common import fonts
from observatory.export.common.column_widths import aside, widths
from observatory.export.common.fonts import FIGURES, FIGURES_BOLD, TEXT, TEXT_BOLD
from observatory.language import Language

WIDE, TALL = 960.0, 540.0  # points of a slide, 16:9
LEFT, RIGHT = 38.0, 38.0
ROOM = WIDE - LEFT - RIGHT
FACES = {
    FIGURES: ("B612", False),
    FIGURES_BOLD: ("B612", True),
    TEXT: ("IBM Plex Sans", False),
    TEXT_BOLD: ("IBM Plex Sans", True),
}
SPACING = 1.32  # of a line
CAUTION = 1.1  # letters of a face that stands in for ours may be that much wider
INSIDE = 5.0  # points of room beside and 3 above the text of a cell

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Said:
    """A paragraph: text, size in points, face, colour of the palette, room after it, and where it leads to."""

    text: str
    size: float
    face: str = TEXT
    colour: str = "ink"
    after: float = 4.0
    link: str = ""


def tone(name: str) -> Any:
    """A colour of the palette, as it is in light."""
    return RGBColor.from_string(TOKENS[name][0].removeprefix("#"))


def box_of(box: Box) -> tuple[Any, Any, Any, Any]:
    """A box in points as slides count."""
    left, top, wide, tall = (Pt(side) for side in box)
    return left, top, wide, tall


def height(said: Sequence[Said], room: float) -> float:
    """How tall paragraphs are in a room, in points."""
    return sum(
        len(fonts.wrapped(row.text, row.face, row.size * CAUTION, room)) * row.size * SPACING + row.after
        for row in said
    )


def write(shapes: Any, box: Box, said: Sequence[Said], align: Any = None, anchor: Any = MSO_ANCHOR.TOP) -> Any:
    """A text box with paragraphs."""
    shape = shapes.add_textbox(*box_of(box))
    frame = shape.text_frame
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    fill(frame, said, align)
    frame.vertical_anchor = anchor
    return shape


def fill(frame: Any, said: Sequence[Said], align: Any = None) -> None:
    """Writes paragraphs into a frame that has one, empty."""
    frame.word_wrap = True
    for place, row in enumerate(said):
        paragraph = frame.paragraphs[0] if not place else frame.add_paragraph()
        paragraph.space_after = Pt(row.after)
        if align is not None:
            paragraph.alignment = align
        run = paragraph.add_run()
        run.text = row.text
        font = run.font
        font.size, font.color.rgb = Pt(row.size), tone(row.colour)
        family, font.bold = FACES[row.face]
        _face(run, family)
        if row.link:
            run.hyperlink.address = row.link


def _face(run: Any, family: str) -> None:
    """The family, and that a plain one may stand in where it is not installed (34: without serifs)."""
    properties = run._r.get_or_add_rPr()
    for old in properties.findall(qn("a:latin")):
        properties.remove(old)
    latin = parse_xml(f'<a:latin {nsdecls("a")} typeface="{family}" pitchFamily="34" charset="0"/>')
    after = properties.find(qn("a:hlinkClick"))
    if after is not None:
        after.addprevious(latin)
    else:
        properties.append(latin)


def flat(shape: Any) -> Any:
    """A shape without the shadow that the theme of an Office file gives it."""
    style = shape._element.find(qn("p:style"))
    if style is not None:
        shape._element.remove(style)
    return shape


def rule(shapes: Any, left: float, top: float, wide: float, thick: float, colour: str = "ink") -> None:
    """A horizontal line."""
    line = flat(shapes.add_connector(MSO_CONNECTOR.STRAIGHT, Pt(left), Pt(top), Pt(left + wide), Pt(top)))
    line.line.color.rgb, line.line.width = tone(colour), Pt(thick)


def brand(shapes: Any, left: float, top: float, name: str) -> None:
    """The mark, a ring in ink with a magenta needle, and the name."""
    ring = flat(shapes.add_shape(MSO_SHAPE.OVAL, *box_of((left, top, 12, 12))))
    ring.fill.background()
    ring.line.color.rgb, ring.line.width = tone("ink"), Pt(1.8)
    ends = (Pt(left + 5.2), Pt(top + 6.8), Pt(left + 12.2), Pt(top - 0.2))
    needle = flat(shapes.add_connector(MSO_CONNECTOR.STRAIGHT, *ends))
    needle.line.color.rgb, needle.line.width = tone("forecast"), Pt(1.8)
    write(shapes, (left + 19, top - 2, 300, 16), [Said(name, 12, FIGURES_BOLD)])


def chip(shapes: Any, call: str, left: float, top: float, side: float) -> None:
    """The mark of a call: a white shape on a filled square; unclear is a diamond in a dashed, empty one."""
    clear = call == "unclear"
    square = flat(shapes.add_shape(MSO_SHAPE.RECTANGLE, *box_of((left, top, side, side))))
    kinds = {"growing": MSO_SHAPE.ISOSCELES_TRIANGLE, "shrinking": MSO_SHAPE.ISOSCELES_TRIANGLE}
    kinds |= {"flat": MSO_SHAPE.RECTANGLE, "unclear": MSO_SHAPE.DIAMOND}
    inset = side * 0.22
    tall = side * 0.18 if call == "flat" else side - 2 * inset
    inner = (left + inset, top + (side - tall) / 2, side - 2 * inset, tall)
    mark = flat(shapes.add_shape(kinds[call], *box_of(inner)))
    mark.rotation = 180 if call == "shrinking" else 0
    for shape, full in ((square, not clear), (mark, not clear)):
        if full:
            shape.fill.solid()
            shape.fill.fore_color.rgb = tone(call) if shape is square else RGBColor(255, 255, 255)
            shape.line.fill.background()
        else:
            shape.fill.background()
            shape.line.color.rgb, shape.line.width = tone(call), Pt(1.25)
    if clear:
        square.line.dash_style = MSO_LINE.DASH


def rows_that_fit(table: Table, room: float, tall: float, size: float) -> tuple[list[float], list[int]]:
    """Widths of the columns, and how many rows go on each slide."""
    wide = widths(table, room, size * CAUTION, 2 * INSIDE + 2)
    head = _row_height(table.heads, wide, size)
    counts, used, count = [], head, 0
    for row in table.rows:
        needed = _row_height(row, wide, size)
        if count and used + needed > tall:
            counts.append(count)
            used, count = head, 0
        used, count = used + needed, count + 1
    return wide, [*counts, count]


def table_height(table: Table, wide: Sequence[float], size: float) -> float:
    """How tall a table is, its head included, in points."""
    return sum(_row_height(cells, wide, size) for cells in (table.heads, *table.rows))


def _row_height(cells: Sequence[str], wide: Sequence[float], size: float) -> float:
    lines = max(
        len(fonts.wrapped(cell, TEXT, size * CAUTION, room - 2 * INSIDE))
        for cell, room in zip(cells, wide, strict=True)
    )
    return lines * size * SPACING + 7


def add_table(
    shapes: Any, left: float, top: float, table: Table, wide: Sequence[float], language: Language, size: float
) -> None:
    """A table that can be edited: a line under its head, thin ones between rows, figures to the right."""
    frame = shapes.add_table(len(table.rows) + 1, len(table.heads), *box_of((left, top, sum(wide), 20)))
    made = frame.table
    made.first_row, made.horz_banding = True, False
    style = frame._element.graphic.graphicData.tbl.tblPr.find(qn("a:tableStyleId"))
    if style is not None:
        style.text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # no style, no grid
    for column, points in zip(made.columns, wide, strict=True):
        column.width = Pt(points)
    right = aside(table, language)
    for place, cells in enumerate((table.heads, *table.rows)):
        made.rows[place].height = Pt(_row_height(cells, wide, size))
        for column, text in enumerate(cells):
            _cell(made.cell(place, column), text, size, not place, right[column])


def _cell(cell: Any, text: str, size: float, head: bool, right: bool) -> None:
    cell.margin_left = cell.margin_right = Pt(INSIDE)
    cell.margin_top = cell.margin_bottom = Pt(3)
    cell.vertical_anchor = MSO_ANCHOR.BOTTOM if head else MSO_ANCHOR.TOP
    fill(
        cell.text_frame,
        [Said(text, size, colour="muted" if head else "ink", after=0)],
        PP_ALIGN.RIGHT if right else None,
    )
    colour, thick = (TOKENS["ink"][0], 12700) if head else (TOKENS["rule"][0], 6350)
    properties = cell._tc.get_or_add_tcPr()
    edge = f'<a:lnB {nsdecls("a")} w="{thick}"><a:solidFill><a:srgbClr val="{colour[1:]}"/></a:solidFill></a:lnB>'
    properties.insert(0, parse_xml(edge))
