"""The edge of each page of a PDF: mark and name above, edition and number below; and what the file says of itself."""

import io
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from observatory.export.common import fonts
from observatory.export.common.fonts import FIGURES_BOLD, TEXT
from observatory.export.document import Document
from observatory.export.pdf.parts import FORECAST, INK, MUTED, RULE
from observatory.language import Speaker

TOTAL = "total"
HEAD, FOOT = 32.0, 34.0  # points from the edge of the paper
SMALL = 7.5


def metadata(document: Document) -> dict[str, str]:
    """Title, author, subject, language: what a reader of PDF shows beside the text."""
    return {
        "title": f"{document.title} \u00b7 {document.edition}",
        "author": Speaker(document.language).say("app.name"),
        "subject": document.lead,
        "keywords": document.link,
        "lang": document.language,
    }


def dated(canvas: Canvas, document: Document) -> None:
    """Dates the file by its edition: the same document gives the same bytes."""
    canvas.setDateFormatter(lambda *_now: f"D:{document.day:%Y%m%d}000000+00'00'")


def canvas_of(document: Document, out: io.BytesIO) -> Canvas:
    """An empty file that says what it is."""
    said = metadata(document)
    canvas = Canvas(out, pagesize=A4, invariant=1, lang=said["lang"])
    canvas.setTitle(said["title"])
    canvas.setAuthor(said["author"])
    canvas.setSubject(said["subject"])
    canvas.setKeywords(said["keywords"])
    return canvas


def edge(canvas: Canvas, document: Document, left: float, room: float, numbered: bool = True) -> None:
    """Draws what stands around the text of a page."""
    dated(canvas, document)
    canvas.showOutline()
    top = A4[1] - HEAD
    canvas.saveState()
    brand(canvas, left, top, Speaker(document.language).say("app.name"))
    canvas.setFont(TEXT, SMALL + 0.5)
    canvas.setFillColor(MUTED)
    canvas.drawRightString(left + room, top, fonts.drawable(document.kicker))
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(2)
    canvas.line(left, top - 7, left + room, top - 7)
    canvas.setStrokeColor(RULE)
    canvas.setLineWidth(0.5)
    canvas.line(left, FOOT + 11, left + room, FOOT + 11)
    canvas.setFont(TEXT, SMALL)
    canvas.drawString(left, FOOT, fonts.drawable(f"{document.title} \u00b7 {document.edition}"))
    if numbered:
        _number(canvas, document, left + room)
    canvas.restoreState()


def brand(canvas: Canvas, x: float, y: float, name: str) -> None:
    """The mark, a ring in ink with a magenta needle, and the name."""
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(1.6)
    canvas.circle(x + 5, y + 3.5, 4.6)
    canvas.setStrokeColor(FORECAST)
    canvas.line(x + 4, y + 2.5, x + 9.5, y + 8)
    canvas.setFillColor(INK)
    canvas.setFont(FIGURES_BOLD, 10.5)
    canvas.drawString(x + 15, y, name)


def _number(canvas: Canvas, document: Document, right: float) -> None:
    """The number of the page; how many there are is known at the end, and drawn here as a form."""
    said = Speaker(document.language).say("export.page", n=canvas.getPageNumber(), total="")
    digits = fonts.width("00", TEXT, SMALL)
    canvas.drawRightString(right - digits, FOOT, said)
    canvas.saveState()
    canvas.translate(right - digits, FOOT)
    canvas.doForm(TOTAL)
    canvas.restoreState()


class TotalPages(Flowable):  # type: ignore[misc]
    """Stands last in a story: writes how many pages there are where all of them show it."""

    def wrap(self, _room: float, _height: float) -> tuple[float, float]:
        """No room at all."""
        return 0, 0

    def draw(self) -> None:
        """The form that the pages show."""
        canvas: Any = self.canv
        total = str(canvas.getPageNumber())
        canvas.beginForm(TOTAL)
        canvas.setFont(TEXT, SMALL)
        canvas.setFillColor(MUTED)
        canvas.drawString(0, 0, total)
        canvas.endForm()
