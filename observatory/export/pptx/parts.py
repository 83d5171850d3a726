"""Building blocks of slides: paragraphs, text boxes and tables, with sizes in points."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from observatory.briefs.common.model import TextTable
from observatory.charts.palette import COLOUR_TOKENS
from observatory.export.common.column_widths import compute_widths, find_numeric_columns
from observatory.export.common.fonts import (
    ELLIPSIS,
    FIGURE_FONT_BOLD,
    HEAD_FONT,
    TEXT_FONT,
    TEXT_FONT_BOLD,
    measure_text,
    wrap_lines,
)
from observatory.language import Language

SLIDE_WIDTH, SLIDE_HEIGHT = 960.0, 540.0  # points of a slide, 16:9
MARGIN_LEFT, _MARGIN_RIGHT = 38.0, 38.0
CONTENT_WIDTH = SLIDE_WIDTH - MARGIN_LEFT - _MARGIN_RIGHT
# Slides have live text in fonts that nearly every computer has. Where they are missing, the widest common substitute is
# DejaVu: texts are measured with a font of ours, times how much wider the letters of DejaVu are.
SLIDE_FONT, SLIDE_HEAD_FONT = "Arial", "Georgia"
_FONTS = {
    HEAD_FONT: (SLIDE_HEAD_FONT, True),
    TEXT_FONT: (SLIDE_FONT, False),
    TEXT_FONT_BOLD: (SLIDE_FONT, True),
}
_MEASURES = {HEAD_FONT: (FIGURE_FONT_BOLD, 1.18), TEXT_FONT: (TEXT_FONT, 1.17), TEXT_FONT_BOLD: (TEXT_FONT_BOLD, 1.27)}
_PITCH_FAMILIES = {SLIDE_FONT: 34, SLIDE_HEAD_FONT: 18}  # which kind of substitute: without serifs, with serifs
_LINE_HEIGHT = 1.2
_CELL_MARGIN = 5.0  # points left and right of the text of a cell

PointBox = tuple[float, float, float, float]


@dataclass(frozen=True)
class SlideParagraph:
    """A paragraph: text, size in points, font, colour token, space after it in points, and link address.

    `tail` follows on the same line in plain text of `tail_size`, as a unit follows its figure.
    """

    text: str
    size: float
    font: str = TEXT_FONT
    colour: str = "ink"
    space_after: float = 4.0
    link: str = ""
    tail: str = ""
    tail_size: float = 0.0


def palette_rgb(name: str) -> Any:
    """The light colour of a token of the palette."""
    return RGBColor.from_string(COLOUR_TOKENS[name][0].removeprefix("#"))


def to_emu(box: PointBox) -> tuple[Any, Any, Any, Any]:
    """A box in English Metric Units, from one in points."""
    left, top, width, height = (Pt(side) for side in box)
    return left, top, width, height


def measure_height(paragraphs: Sequence[SlideParagraph], width: float) -> float:
    """The height of paragraphs at a width, both in points."""
    return sum(
        _measure_lines(row.text, row.font, row.size, width) * row.size * _LINE_HEIGHT + row.space_after
        for row in paragraphs
    )


def fit_paragraph(row: SlideParagraph, width: float, height: float, sizes: Sequence[float]) -> SlideParagraph:
    """A paragraph in its size, else in the largest of some sizes that fits a box; cut where none does."""
    for size in (row.size, *sizes):
        if _measure_lines(row.text, row.font, size, width) * size * _LINE_HEIGHT <= height:
            return replace(row, size=size)
    smallest = sizes[-1]
    lines = max(int(height / (smallest * _LINE_HEIGHT)), 1)
    low, high = 0, len(row.text)
    while low < high:
        middle = (low + high + 1) // 2
        fits = _measure_lines(row.text[:middle] + ELLIPSIS, row.font, smallest, width) <= lines
        low, high = (middle, high) if fits else (low, middle - 1)
    return replace(row, size=smallest, text=row.text[:low].rstrip() + ELLIPSIS)


def _measure_lines(text: str, font: str, size: float, width: float) -> int:
    """How many lines a text takes; a word wider than a line is broken, as presentation programs do."""
    measured, wider = _MEASURES[font]
    lines = wrap_lines(text, measured, size * wider, width)
    return sum(max(1, ceil(measure_text(line, measured, size * wider) / width)) for line in lines)


def measure_width(text: str, size: float, font: str = TEXT_FONT) -> float:
    """The width of a text on one line in the widest font that may draw it, in points."""
    measured, wider = _MEASURES[font]
    return measure_text(text, measured, size * wider)


def fit_paragraphs(
    rows: Sequence[SlideParagraph], width: float, height: float, sizes: Sequence[float]
) -> list[SlideParagraph]:
    """Paragraphs in the largest of some sizes in which all fit a box; without the last ones where none does."""
    fitted = list(rows)
    for size in sizes:
        fitted = [replace(row, size=size) for row in rows]
        if measure_height(fitted, width) - fitted[-1].space_after <= height:
            return fitted
    while len(fitted) > 1 and measure_height(fitted, width) > height:
        fitted.pop()
    return fitted


def add_textbox(
    shapes: Any, box: PointBox, paragraphs: Sequence[SlideParagraph], align: Any = None, anchor: Any = MSO_ANCHOR.TOP
) -> Any:
    """A text box with paragraphs."""
    shape = shapes.add_textbox(*to_emu(box))
    frame = shape.text_frame
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    fill_frame(frame, paragraphs, align)
    frame.vertical_anchor = anchor
    return shape


def fill_frame(frame: Any, paragraphs: Sequence[SlideParagraph], align: Any = None) -> None:
    """Writes paragraphs into a text frame that holds one empty paragraph."""
    frame.word_wrap = True
    for index, row in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if not index else frame.add_paragraph()
        paragraph.space_after = Pt(row.space_after)
        if align is not None:
            paragraph.alignment = align
        run = paragraph.add_run()
        run.text = row.text
        font = run.font
        font.size, font.color.rgb = Pt(row.size), palette_rgb(row.colour)
        family, font.bold = _FONTS[row.font]
        _set_font(run, family)
        if row.link:
            run.hyperlink.address = row.link
        if row.tail:
            unit = paragraph.add_run()
            unit.text = f" {row.tail}"
            unit.font.size, unit.font.bold = Pt(row.tail_size), False
            unit.font.color.rgb = palette_rgb("muted" if row.colour == "ink" else row.colour)
            _set_font(unit, SLIDE_FONT)


def _set_font(run: Any, family: str) -> None:
    """Sets the font family, and which kind of substitute stands for it where it is not installed."""
    properties = run._r.get_or_add_rPr()
    for old in properties.findall(qn("a:latin")):
        properties.remove(old)
    latin = parse_xml(
        f'<a:latin {nsdecls("a")} typeface="{family}" pitchFamily="{_PITCH_FAMILIES[family]}" charset="0"/>'
    )
    link = properties.find(qn("a:hlinkClick"))
    if link is not None:
        link.addprevious(latin)
    else:
        properties.append(latin)


def paginate_table(
    table: TextTable, max_width: float, max_height: float, font_size: float
) -> tuple[list[float], list[int]]:
    """The widths of the columns, and the number of rows on each slide."""
    widths = compute_widths(table, max_width, font_size * _MEASURES[TEXT_FONT][1], 2 * _CELL_MARGIN + 2)
    header_height = _measure_row(table.headers, widths, font_size)
    counts, used, count = [], header_height, 0
    for row in table.rows:
        needed = _measure_row(row, widths, font_size)
        if count and used + needed > max_height:
            counts.append(count)
            used, count = header_height, 0
        used, count = used + needed, count + 1
    return widths, [*counts, count]


def measure_table(table: TextTable, column_widths: Sequence[float], font_size: float) -> float:
    """The height of a table with its header, in points."""
    return sum(_measure_row(cells, column_widths, font_size) for cells in (table.headers, *table.rows))


def _measure_row(cells: Sequence[str], column_widths: Sequence[float], font_size: float) -> float:
    lines = max(
        _measure_lines(cell, TEXT_FONT, font_size, width - 2 * _CELL_MARGIN) if cell else 0
        for cell, width in zip(cells, column_widths, strict=True)
    )
    return lines * font_size * _LINE_HEIGHT + 7


def add_table(
    shapes: Any, top: float, table: TextTable, column_widths: Sequence[float], language: Language, font_size: float
) -> None:
    """An editable table at the left margin: a line under its header, thin ones between rows, figures to the right."""
    box = (MARGIN_LEFT, top, sum(column_widths), 20)
    frame = shapes.add_table(len(table.rows) + 1, len(table.headers), *to_emu(box))
    grid = frame.table
    grid.first_row, grid.horz_banding = True, False
    style = frame._element.graphic.graphicData.tbl.tblPr.find(qn("a:tableStyleId"))
    if style is not None:
        style.text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # no style, no grid
    for column, points in zip(grid.columns, column_widths, strict=True):
        column.width = Pt(points)
    right = find_numeric_columns(table, language)
    for row, cells in enumerate((table.headers, *table.rows)):
        grid.rows[row].height = Pt(_measure_row(cells, column_widths, font_size))
        for column, text in enumerate(cells):
            _fill_cell(grid.cell(row, column), text, font_size, is_header=not row, is_numeric=right[column])


def _fill_cell(cell: Any, text: str, size: float, *, is_header: bool, is_numeric: bool) -> None:
    cell.margin_left = cell.margin_right = Pt(_CELL_MARGIN)
    cell.margin_top = cell.margin_bottom = Pt(3)
    cell.vertical_anchor = MSO_ANCHOR.BOTTOM if is_header else MSO_ANCHOR.TOP
    fill_frame(
        cell.text_frame,
        [SlideParagraph(text, size, colour="muted" if is_header else "ink", space_after=0)],
        PP_ALIGN.RIGHT if is_numeric else None,
    )
    colour, thickness = (COLOUR_TOKENS["ink"][0], 12700) if is_header else (COLOUR_TOKENS["rule"][0], 6350)
    properties = cell._tc.get_or_add_tcPr()
    edge = f'<a:lnB {nsdecls("a")} w="{thickness}"><a:solidFill><a:srgbClr val="{colour[1:]}"/></a:solidFill></a:lnB>'
    properties.insert(0, parse_xml(edge))
