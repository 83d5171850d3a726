"""What pages of a PDF are put together from: text styles, rules, headings with bookmarks, charts, tables."""

from collections.abc import Mapping
from functools import lru_cache
from html import escape
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, Paragraph, TableStyle
from reportlab.platypus import Table as Grid

from observatory.briefs.common.model import Table
from observatory.charts.palette import TOKENS
from observatory.export.common import fonts
from observatory.export.common.column_widths import aside, widths
from observatory.export.common.fonts import FIGURES_BOLD, TEXT, TEXT_BOLD
from observatory.export.common.vega import svg_of
from observatory.export.pdf.vector import draw, size_of
from observatory.language import FIXED, THIN, Language

POINTS_PER_PX = 0.7
INK, MUTED, RULE, FORECAST = (HexColor(TOKENS[name][0]) for name in ("ink", "muted", "rule", "forecast"))
PAD = 4.0
CELL, FINE = 8.2, 7.2  # points of the letters of a table; in fine print
BESIDE = PAD * 1.5 + 2  # points between its columns


@lru_cache(maxsize=1)
def styles() -> Mapping[str, ParagraphStyle]:
    """The text styles of the house, in points."""
    fonts.registered()
    rows = {
        "lead": (FIGURES_BOLD, 17, 21, INK, 6),
        "title": (FIGURES_BOLD, 11.5, 14, INK, 1),
        "head": (FIGURES_BOLD, 9.5, 12, INK, 2),
        "kicker": (TEXT_BOLD, 9, 12, MUTED, 3),
        "unit": (TEXT, 8.5, 11, MUTED, 4),
        "text": (TEXT, 10, 13.5, INK, 4),
        "strong": (TEXT_BOLD, 10, 13, INK, 3),
        "term": (TEXT_BOLD, 9.5, 12.5, INK, 1),
        "small": (TEXT, 8.5, 11.5, INK, 3),
        "note": (TEXT, 8.2, 10.6, INK, 2.2),
        "source": (TEXT, 7.5, 10, MUTED, 2),
        "cell": (TEXT, CELL, 10.2, INK, 0),
        "fine": (TEXT, FINE, 9, INK, 0),
        "cellhead": (TEXT, 7.5, 9.4, MUTED, 0),
    }
    made = {
        name: ParagraphStyle(name, fontName=font, fontSize=size, leading=lead, textColor=colour, spaceAfter=after)
        for name, (font, size, lead, colour, after) in rows.items()
    }
    for name in ("cell", "fine", "cellhead"):
        made[f"{name}_right"] = ParagraphStyle(f"{name}_right", parent=made[name], alignment=TA_RIGHT)
    return made


def words(text: str) -> str:
    """Text as paragraphs take it: the narrow space, at which they would break a line, becomes the usual one."""
    return escape(fonts.drawable(text.replace(THIN, FIXED)), quote=False)


def said(text: str, style: str) -> Paragraph:
    """A paragraph of plain text."""
    return Paragraph(words(text), styles()[style])


def linked(text: str, address: str, style: str) -> Paragraph:
    """A paragraph that ends with an address that can be clicked."""
    link = f'<a href="{escape(address, quote=True)}">{words(address)}</a>'
    return Paragraph(f"{words(text)} {link}", styles()[style])


class Rule(Flowable):  # type: ignore[misc]
    """A line over the whole width; with a name, the place that a bookmark leads to."""

    def __init__(self, thick: float, colour: Any = INK, bookmark: str = "", name: str = "", level: int = 0) -> None:
        super().__init__()
        self._thick, self._colour, self._bookmark, self._name, self._level = thick, colour, bookmark, name, level

    def wrap(self, room: float, _height: float) -> tuple[float, float]:
        """As wide as the room."""
        self.width = room
        return room, self._thick + PAD

    def draw(self) -> None:
        """The line, and the bookmark."""
        self.canv.setStrokeColor(self._colour)
        self.canv.setLineWidth(self._thick)
        self.canv.line(0, PAD + self._thick / 2, self.width, PAD + self._thick / 2)
        if self._bookmark:
            self.canv.bookmarkHorizontal(self._name, 0, 30)
            self.canv.addOutlineEntry(self._bookmark, self._name, self._level)


class Chart(Flowable):  # type: ignore[misc]
    """A chart drawn in lines and words, as wide as it is asked to be."""

    def __init__(self, spec: Mapping[str, Any], points: float, height: float = 0.0) -> None:
        super().__init__()
        drawn = dict(spec) | ({"height": round(height / POINTS_PER_PX)} if height else {})
        self._svg = svg_of(drawn, round(points / POINTS_PER_PX))
        self.width, self.height = (side * POINTS_PER_PX for side in size_of(self._svg))

    def wrap(self, _room: float, _height: float) -> tuple[float, float]:
        """Its own size."""
        return self.width, self.height

    def draw(self) -> None:
        """The drawing."""
        draw(self.canv, self._svg, 0, 0, POINTS_PER_PX)


class Chip(Flowable):  # type: ignore[misc]
    """The mark of a call: colour, shape and fill, each saying it alone; its word stands beside it."""

    SIDE = 13.0

    def __init__(self, call: str, label: str) -> None:
        super().__init__()
        self._call, self._label = call, label
        self.width = self.SIDE + 6 + fonts.width(label, TEXT_BOLD, 10.5)
        self.height = self.SIDE + 3

    def draw(self) -> None:
        """A filled square with a white shape; unclear is a diamond in a dashed, empty square."""
        chip(self.canv, self._call, 0, 1.5, self.SIDE)
        self.canv.setFillColor(INK)
        self.canv.setFont(TEXT_BOLD, 10.5)
        self.canv.drawString(self.SIDE + 6, 4.5, fonts.drawable(self._label))


def chip(canvas: Any, call: str, x: float, y: float, side: float) -> None:
    """Draws the mark of a call in a square with its lower left corner there."""
    shapes = {
        "growing": ((0.5, 0.8), (0.82, 0.24), (0.18, 0.24)),
        "shrinking": ((0.5, 0.2), (0.82, 0.76), (0.18, 0.76)),
        "flat": ((0.18, 0.4), (0.82, 0.4), (0.82, 0.6), (0.18, 0.6)),
        "unclear": ((0.5, 0.8), (0.8, 0.5), (0.5, 0.2), (0.2, 0.5)),
    }
    colour = HexColor(TOKENS[call][0])
    canvas.saveState()
    canvas.setFillColor(colour)
    canvas.setStrokeColor(colour)
    canvas.setLineWidth(1.2)
    clear = call == "unclear"
    if clear:
        canvas.setDash([2, 1.5])
    canvas.rect(x, y, side, side, stroke=int(clear), fill=int(not clear))
    canvas.setDash([])
    canvas.setFillColor(HexColor("#FFFFFF"))
    path = canvas.beginPath()
    for place, (px, py) in enumerate(shapes[call]):
        (path.lineTo if place else path.moveTo)(x + px * side, y + py * side)
    path.close()
    canvas.drawPath(path, stroke=int(clear), fill=int(not clear))
    canvas.restoreState()


def roomy(table: Table, room: float) -> bool:
    """Whether the columns of a table in fine print have all the room that they would like."""
    return sum(widths(table, room, FINE, BESIDE)) < room - 1


def grid(table: Table, language: Language, room: float, fine: bool = False) -> Grid:
    """A table as wide as its words need, at most the room; figures to the right, the head repeated on each page."""
    kind = "fine" if fine else "cell"
    right = aside(table, language)
    styled = [["cellhead_right" if figures else "cellhead" for figures in right]]
    styled += [[f"{kind}_right" if figures else kind for figures in right]] * len(table.rows)
    cells = [
        [said(cell, style) for cell, style in zip(row, named, strict=True)]
        for row, named in zip((table.heads, *table.rows), styled, strict=True)
    ]
    style = TableStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
            ("LINEBELOW", (0, 0), (-1, 0), 0.8, INK),
            ("LINEBELOW", (0, 1), (-1, -1), 0.4, RULE),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), PAD * 1.5),
            ("TOPPADDING", (0, 0), (-1, -1), 2.2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2.2),
        ]
    )
    return Grid(
        cells,
        colWidths=widths(table, room, FINE if fine else CELL, BESIDE),
        style=style,
        repeatRows=1,
        hAlign="LEFT",
        spaceAfter=6,
    )
