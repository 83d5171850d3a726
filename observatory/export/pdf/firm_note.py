"""Note about a firm as a PDF of one page, with our fonts in it."""

import io
from datetime import date
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from observatory.briefs.firm_note import FirmNote
from observatory.export.common.fonts import TEXT_FONT, measure_text, register_fonts, replace_undrawable, split_fonts
from observatory.export.common.qr_code import build_modules
from observatory.export.common.scripts import set_visually
from observatory.export.firm_note.layout import PAGE_HEIGHT, PAGE_WIDTH, lay_out_note
from observatory.export.firm_note.shapes import (
    FONTS,
    TAIL_GAP,
    BoxShape,
    CodeShape,
    PictureShape,
    TextShape,
    colour_hex,
)
from observatory.language import Language

_ASCENT = 0.98  # of the size: from the top of a line to where its letters stand


def write_note_pdf(note: FirmNote, link: str, day: date, language: Language) -> bytes:
    """The file; the same note gives the same bytes."""
    register_fonts()
    out = io.BytesIO()
    size = (PAGE_WIDTH, PAGE_HEIGHT)
    canvas = Canvas(out, pagesize=size, invariant=1, lang=language, initialFontName=TEXT_FONT)
    canvas.setDateFormatter(lambda *_now: f"D:{day:%Y%m%d}000000+00'00'")
    canvas.setTitle(note.dated)
    canvas.setSubject(note.title)
    for shape in lay_out_note(note, link):
        if isinstance(shape, TextShape):
            _draw_text(canvas, shape)
        elif isinstance(shape, BoxShape):
            _draw_box(canvas, shape)
        elif isinstance(shape, PictureShape):
            picture = ImageReader(io.BytesIO(shape.png))
            bottom = PAGE_HEIGHT - shape.top - shape.height
            canvas.drawImage(picture, shape.left, bottom, shape.width, shape.height, mask="auto")
        else:
            _draw_code(canvas, shape)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _draw_text(canvas: Any, shape: TextShape) -> None:
    font = FONTS[shape.role]
    for index, line in enumerate(shape.lines):
        shown = replace_undrawable(set_visually(line))
        rest = shape.width - measure_text(shown, font, shape.size)
        shift = {"left": 0.0, "center": rest / 2, "right": rest}[shape.align]
        top = shape.top + index * shape.leading + shape.size * _ASCENT
        text = canvas.beginText(shape.left + shift, PAGE_HEIGHT - top)
        text.setFillColor(HexColor(colour_hex(shape.colour)))
        for name, part in split_fonts(shown, font):
            text.setFont(name, shape.size)
            text.textOut(part)
        if shape.tail:
            text.moveCursor(measure_text(shown, font, shape.size) + TAIL_GAP, 0)
            text.setFont(FONTS["text"], shape.tail_size)
            text.textOut(replace_undrawable(shape.tail))
        canvas.drawText(text)


def _draw_box(canvas: Any, shape: BoxShape) -> None:
    canvas.saveState()
    if shape.fill:
        canvas.setFillColor(HexColor(colour_hex(shape.fill)))
    if shape.dashed:
        canvas.setStrokeColor(HexColor(colour_hex(shape.dashed)))
        canvas.setLineWidth(0.6)
        canvas.setDash([3, 2])
    bottom = PAGE_HEIGHT - shape.top - shape.height
    canvas.rect(
        shape.left, bottom, shape.width, shape.height, stroke=int(bool(shape.dashed)), fill=int(bool(shape.fill))
    )
    canvas.restoreState()


def _draw_code(canvas: Any, shape: CodeShape) -> None:
    """Draws the dark modules of each row as runs, and makes the code a link."""
    rows = build_modules(shape.url)
    side = shape.side / len(rows)
    top = PAGE_HEIGHT - shape.top
    canvas.setFillColor(HexColor(colour_hex("ink")))
    path = canvas.beginPath()
    for index, row in enumerate(rows):
        for place, dark in enumerate(row):
            if dark:
                path.rect(shape.left + place * side, top - (index + 1) * side, side, side)
    canvas.drawPath(path, stroke=0, fill=1)
    canvas.linkURL(shape.url, (shape.left, top - shape.side, shape.left + shape.side, top))
