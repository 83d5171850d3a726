"""Frame of a PDF page: logo and name above, edition and page number below; and the metadata of the file."""

import io
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from observatory.export.common.brand_logo import read_file_brand
from observatory.export.common.fonts import (
    HEAD_FONT,
    TEXT_FONT,
    cut_text,
    measure_text,
    replace_undrawable,
    split_fonts,
)
from observatory.export.common.scripts import set_visually
from observatory.export.document import Document
from observatory.export.pdf.parts import FORECAST, INK, MUTED, RULE
from observatory.language import Localizer

_TOTAL_FORM = "total"
_HEADER_OFFSET, _FOOTER_OFFSET = 32.0, 34.0  # points from the edge of the page
_FONT_SIZE = 7.5
_KICKER_SHARE, _FOOTER_SHARE = 0.7, 0.85  # of the width, at most

_LOGO_HEIGHT, _LOGO_WIDTH = 16.0, 110.0  # points, at most


def build_metadata(document: Document) -> dict[str, str]:
    """Title, author, subject, keywords and language, by the arguments of reportlab."""
    return {
        "title": f"{document.title} \u00b7 {document.edition_text}",
        "author": Localizer(document.language).text("app.name"),
        "subject": document.lead,
        "keywords": document.link,
        "lang": document.language,
    }


def _set_date(canvas: Canvas, document: Document) -> None:
    """Sets the date of the file to that of its edition, so that the same document gives the same bytes."""
    canvas.setDateFormatter(lambda *_now: f"D:{document.day:%Y%m%d}000000+00'00'")


def create_canvas(document: Document, out: io.BytesIO) -> Canvas:
    """An empty PDF with its metadata."""
    metadata = build_metadata(document)
    canvas = Canvas(out, pagesize=A4, invariant=1, lang=metadata["lang"], initialFontName=TEXT_FONT)
    canvas.setTitle(metadata["title"])
    canvas.setAuthor(metadata["author"])
    canvas.setSubject(metadata["subject"])
    canvas.setKeywords(metadata["keywords"])
    return canvas


def draw_page_frame(canvas: Canvas, document: Document, left: float, width: float, *, numbered: bool = True) -> None:
    """Draws header and footer of a page."""
    _set_date(canvas, document)
    canvas.showOutline()
    top = A4[1] - _HEADER_OFFSET
    canvas.saveState()
    _draw_brand(canvas, left, top, Localizer(document.language).text("app.name"))
    canvas.setFont(TEXT_FONT, _FONT_SIZE + 0.5)
    canvas.setFillColor(MUTED)
    _draw_line(canvas, document.kicker, (left + width, top), _FONT_SIZE + 0.5, width * _KICKER_SHARE, is_right=True)
    accent = read_file_brand().accent
    canvas.setStrokeColor(HexColor(accent) if accent else INK)
    canvas.setLineWidth(2)
    canvas.line(left, top - 7, left + width, top - 7)
    canvas.setStrokeColor(RULE)
    canvas.setLineWidth(0.5)
    canvas.line(left, _FOOTER_OFFSET + 11, left + width, _FOOTER_OFFSET + 11)
    canvas.setFont(TEXT_FONT, _FONT_SIZE)
    footer = f"{document.title} \u00b7 {document.edition_text}"
    _draw_line(canvas, footer, (left, _FOOTER_OFFSET), _FONT_SIZE, width * _FOOTER_SHARE)
    if numbered:
        _draw_page_number(canvas, document, left + width)
    canvas.restoreState()


def _draw_line(
    canvas: Canvas, text: str, place: tuple[float, float], size: float, max_width: float, *, is_right: bool = False
) -> None:
    """Draws a text in one line from or up to a place, its beginning where it is too long."""
    x, y = place
    shown = cut_text(replace_undrawable(set_visually(text)), TEXT_FONT, size, max_width)
    drawn = canvas.beginText(x - measure_text(shown, TEXT_FONT, size) if is_right else x, y)
    for name, part in split_fonts(shown, TEXT_FONT):
        drawn.setFont(name, size)
        drawn.textOut(part)
    canvas.drawText(drawn)


def _draw_brand(canvas: Canvas, x: float, y: float, name: str) -> None:
    """Draws the logo, a ring in ink with a magenta needle, and the name."""
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(1.6)
    canvas.circle(x + 5, y + 3.5, 4.6)
    canvas.setStrokeColor(FORECAST)
    canvas.line(x + 4, y + 2.5, x + 9.5, y + 8)
    canvas.setFillColor(INK)
    canvas.setFont(HEAD_FONT, 12)
    canvas.drawString(x + 15, y, name)
    logo = read_file_brand()
    if logo.png:
        width, height = logo.fit_logo(_LOGO_WIDTH, _LOGO_HEIGHT)
        after = x + 15 + measure_text(name, HEAD_FONT, 12) + 12
        picture = ImageReader(io.BytesIO(logo.png))
        canvas.drawImage(picture, after, y - 4, width, height, mask="auto")


def _draw_page_number(canvas: Canvas, document: Document, right: float) -> None:
    """Draws the page number; the total is a form that PageTotal fills at the end."""
    text = Localizer(document.language).text("export.page", n=canvas.getPageNumber(), total="")
    digits = measure_text("00", TEXT_FONT, _FONT_SIZE)
    canvas.drawRightString(right - digits, _FOOTER_OFFSET, text)
    canvas.saveState()
    canvas.translate(right - digits, _FOOTER_OFFSET)
    canvas.doForm(_TOTAL_FORM)
    canvas.restoreState()


class PageTotal(Flowable):  # type: ignore[misc]
    """The last part of a story: fills in the number of pages that every page shows."""

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """No space at all."""
        return 0, 0

    def draw(self) -> None:
        """Draws the form that the pages refer to."""
        canvas: Any = self.canv
        total = str(canvas.getPageNumber())
        canvas.beginForm(_TOTAL_FORM)
        canvas.setFont(TEXT_FONT, _FONT_SIZE)
        canvas.setFillColor(MUTED)
        canvas.drawString(0, 0, total)
        canvas.endForm()
