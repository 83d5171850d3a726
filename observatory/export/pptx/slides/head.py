"""Head of a first slide, a large title with a sentence under it, and what several kinds share."""

from dataclasses import replace
from typing import Any

from pptx.util import Pt

from observatory.export.common.fonts import HEAD_FONT
from observatory.export.document import Document
from observatory.export.pptx.frame import add_slide
from observatory.export.pptx.parts import (
    CONTENT_WIDTH,
    MARGIN_LEFT,
    SlideParagraph,
    add_textbox,
    fit_paragraph,
    measure_height,
    measure_width,
    palette_rgb,
    to_emu,
)
from observatory.export.pptx.shapes import remove_shadow

_TITLE_TOP, _TITLE_HEIGHT = 50.0, 76.0  # points, as all sizes here: two lines of the largest title
_TITLE_SIZES = (24.0, 21.0, 18.0, 16.0, 14.0, 12.0)
_TITLE_SIZE = 28.0
_LEAD_SIZES = (13.0, 12.0, 11.0, 10.0)
TEXT_SIZES = (13.0, 12.0, 11.0, 10.0, 9.0, 8.0)
GAP = 30.0  # between two columns


def start_slide(deck: Any, document: Document, title: str, lead: str) -> tuple[Any, float]:
    """A slide with a large title and a sentence under it, and the height at which both end."""
    slide = add_slide(deck, document, title)
    row = _fit_title(title)
    height = measure_height([row], CONTENT_WIDTH)
    shape = slide.shapes.title
    shape.left, shape.top, shape.width, shape.height = to_emu((MARGIN_LEFT, _TITLE_TOP, CONTENT_WIDTH, height))
    shape.text_frame.paragraphs[0].runs[0].font.size = Pt(row.size)
    top = _TITLE_TOP + height + 4
    if lead:
        text = fit_paragraph(SlideParagraph(lead, 14, space_after=0), CONTENT_WIDTH, 38, _LEAD_SIZES)
        add_textbox(slide.shapes, (MARGIN_LEFT, top, CONTENT_WIDTH, 38), [text])
        top += measure_height([text], CONTENT_WIDTH) + 8
    return slide, top


def _fit_title(title: str) -> SlideParagraph:
    """A title in the largest size that fits, and on one line where a size a little smaller makes it so."""
    row = SlideParagraph(title, _TITLE_SIZE, HEAD_FONT, space_after=0)
    fitted = fit_paragraph(row, CONTENT_WIDTH, _TITLE_HEIGHT, _TITLE_SIZES)
    for size in (fitted.size, *_TITLE_SIZES[:2]):
        if size <= fitted.size and measure_width(title, size, HEAD_FONT) <= CONTENT_WIDTH:
            return replace(fitted, size=size)
    return fitted


def add_triangle(shapes: Any, left: float, top: float) -> None:
    """The sign of a caution."""
    builder = shapes.build_freeform(Pt(left + 6), Pt(top))
    builder.add_line_segments([(Pt(left + 12), Pt(top + 10.5)), (Pt(left), Pt(top + 10.5))], close=True)
    shape = remove_shadow(builder.convert_to_shape())
    shape.fill.background()
    shape.line.color.rgb, shape.line.width = palette_rgb("caution"), Pt(1.25)
