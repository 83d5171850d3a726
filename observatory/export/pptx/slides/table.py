"""Slide of a table: the first rows that have room, with what to beware of below."""

from dataclasses import replace
from typing import Any

from observatory.briefs.deck.model import TableSlide
from observatory.export.common.fonts import TEXT_FONT_BOLD
from observatory.export.document import Document
from observatory.export.pptx.frame import BODY_BOTTOM, write_notes
from observatory.export.pptx.parts import (
    CONTENT_WIDTH,
    MARGIN_LEFT,
    SlideParagraph,
    add_table,
    add_textbox,
    measure_height,
    paginate_table,
)
from observatory.export.pptx.shapes import add_box
from observatory.export.pptx.slides.head import add_triangle, start_slide
from observatory.language import Localizer

_FONT_SIZES = (14.0, 12.5, 11.0, 10.0)  # points: the largest at which all rows have room
_CAUTION_SIZE = 12.0


def add_table_slide(deck: Any, content: TableSlide, document: Document) -> None:
    """Adds a table over the whole width; rows that have no room are in the appendix."""
    slide, top = start_slide(deck, document, content.title, content.lead)
    shapes, width = slide.shapes, CONTENT_WIDTH - 40
    rows = [SlideParagraph(text, _CAUTION_SIZE, space_after=3) for text in content.cautions]
    if rows:
        rows = [SlideParagraph(content.cautions_title, _CAUTION_SIZE, TEXT_FONT_BOLD, space_after=2), *rows]
    caution_height = measure_height(rows, width) + 16 if rows else 0.0
    room = BODY_BOTTOM - top - caution_height - 12
    size = next(
        (size for size in _FONT_SIZES if len(paginate_table(content.table, CONTENT_WIDTH, room, size)[1]) == 1),
        _FONT_SIZES[-1],
    )
    widths, counts = paginate_table(content.table, CONTENT_WIDTH, room, size)
    shown = replace(content.table, rows=content.table.rows[: counts[0]])
    add_table(shapes, top + 4, shown, widths, document.language, size)
    if rows:
        caution_top = BODY_BOTTOM - caution_height
        add_box(shapes, (MARGIN_LEFT, caution_top, CONTENT_WIDTH, caution_height), "caution-wash")
        add_box(shapes, (MARGIN_LEFT, caution_top, 4, caution_height), "caution")
        add_triangle(shapes, MARGIN_LEFT + 10, caution_top + 10)
        add_textbox(shapes, (MARGIN_LEFT + 30, caution_top + 7, width, caution_height - 10), rows)
    lines = [Localizer(document.language).join_clauses(row) for row in content.table.rows]
    write_notes(slide, document, [content.title, content.lead, *lines, *content.cautions])
