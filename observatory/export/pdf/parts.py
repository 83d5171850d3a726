"""Building blocks of PDF pages: text styles, rules with bookmarks, charts, call chips, tables."""

from collections.abc import Mapping
from functools import lru_cache
from html import escape
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, Paragraph, Table, TableStyle

from observatory.briefs.common.model import TextTable
from observatory.charts.palette import COLOUR_TOKENS
from observatory.export.common import fonts
from observatory.export.common.column_widths import compute_widths, find_numeric_columns
from observatory.export.common.fonts import FALLBACK_FONT, HEAD_FONT, TEXT_FONT, TEXT_FONT_BOLD
from observatory.export.common.scripts import set_visually
from observatory.export.common.vega import render_svg
from observatory.export.pdf.vector import draw_svg, measure_svg
from observatory.language import Language
from observatory.typography import NARROW_NBSP, NBSP

POINTS_PER_PX, NARROW_POINTS_PER_PX = 0.7, 0.58  # of a chart over the page, and of one in half its width
INK, MUTED, RULE, FORECAST = (HexColor(COLOUR_TOKENS[name][0]) for name in ("ink", "muted", "rule", "forecast"))
_PADDING = 4.0
_CELL_FONT_SIZE, _FINE_FONT_SIZE = 8.2, 7.2  # points, of a table and of one in fine print
_COLUMN_PADDING = _PADDING * 1.5 + 2  # points between the columns of a table


@lru_cache(maxsize=1)
def _paragraph_styles() -> Mapping[str, ParagraphStyle]:
    """The text styles by name, sizes in points."""
    fonts.register_fonts()
    rows = {
        "lead": (HEAD_FONT, 19, 22, INK, 6),
        "title": (HEAD_FONT, 13, 15, INK, 1),
        "head": (HEAD_FONT, 10.5, 12.5, INK, 2),
        "kicker": (TEXT_FONT_BOLD, 9, 12, MUTED, 3),
        "unit": (TEXT_FONT, 8.5, 11, MUTED, 4),
        "text": (TEXT_FONT, 10, 13.5, INK, 4),
        "strong": (TEXT_FONT_BOLD, 10, 13, INK, 3),
        "term": (TEXT_FONT_BOLD, 9.5, 12.5, INK, 1),
        "small": (TEXT_FONT, 8.5, 11.5, INK, 3),
        "note": (TEXT_FONT, 8.2, 10.6, INK, 2.2),
        "note_strong": (TEXT_FONT_BOLD, 8.2, 10.6, INK, 1),
        "source": (TEXT_FONT, 7.5, 10, MUTED, 2),
        "cell": (TEXT_FONT, _CELL_FONT_SIZE, 10.2, INK, 0),
        "fine": (TEXT_FONT, _FINE_FONT_SIZE, 9, INK, 0),
        "cellhead": (TEXT_FONT, 7.5, 9.4, MUTED, 0),
    }
    styles = {
        name: ParagraphStyle(name, fontName=font, fontSize=size, leading=lead, textColor=colour, spaceAfter=after)
        for name, (font, size, lead, colour, after) in rows.items()
    }
    for name in ("cell", "fine", "cellhead"):
        styles[f"{name}_right"] = ParagraphStyle(f"{name}_right", parent=styles[name], alignment=TA_RIGHT)
    return styles


def _to_markup(text: str, font: str = TEXT_FONT) -> str:
    """Text as markup of a paragraph; the narrow space, at which reportlab breaks lines, becomes the usual one."""
    drawable = fonts.replace_undrawable(set_visually(text.replace(NARROW_NBSP, NBSP)))
    parts = fonts.split_fonts(drawable, font)
    return "".join(
        f'<font name="{name}">{escape(part, quote=False)}</font>'
        if name == FALLBACK_FONT
        else escape(part, quote=False)
        for name, part in parts
    )


def build_paragraph(text: str, style: str) -> Paragraph:
    """A paragraph of plain text."""
    chosen = _paragraph_styles()[style]
    return Paragraph(_to_markup(text, HEAD_FONT if chosen.fontName == HEAD_FONT else TEXT_FONT), chosen)


def build_link_paragraph(text: str, url: str, style: str) -> Paragraph:
    """A paragraph that ends with a clickable address."""
    link = f'<a href="{escape(url, quote=True)}">{_to_markup(url)}</a>'
    return Paragraph(f"{_to_markup(text)} {link}", _paragraph_styles()[style])


class HorizontalRule(Flowable):  # type: ignore[misc]
    """A line over the whole width; with a name, the target of a bookmark."""

    def __init__(self, thickness: float, colour: Any = INK, bookmark: str = "", name: str = "", level: int = 0) -> None:
        super().__init__()
        self._thickness, self._colour = thickness, colour
        self._bookmark, self._name, self._level = bookmark, name, level

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """The whole width."""
        self.width = width
        return width, self._thickness + _PADDING

    def draw(self) -> None:
        """Draws the line and sets the bookmark."""
        self.canv.setStrokeColor(self._colour)
        self.canv.setLineWidth(self._thickness)
        self.canv.line(0, _PADDING + self._thickness / 2, self.width, _PADDING + self._thickness / 2)
        if self._bookmark:
            self.canv.bookmarkHorizontal(self._name, 0, 30)
            self.canv.addOutlineEntry(self._bookmark, self._name, self._level)


class ChartFlowable(Flowable):  # type: ignore[misc]
    """A chart as vector graphics with searchable text, `width` points wide."""

    def __init__(
        self, spec: Mapping[str, Any], width: float, height: float = 0.0, scale: float = POINTS_PER_PX
    ) -> None:
        super().__init__()
        sized_spec = dict(spec) | ({"height": round(height / scale)} if height else {})
        self._svg, self._scale = render_svg(sized_spec, round(width / scale)), scale
        self.width, self.height = (side * scale for side in measure_svg(self._svg))

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Its own size."""
        return self.width, self.height

    def draw(self) -> None:
        """Draws the chart, cut at its edges: a map goes on beyond them."""
        self.canv.saveState()
        edges = self.canv.beginPath()
        edges.rect(0, 0, self.width, self.height)
        self.canv.clipPath(edges, stroke=0, fill=0)
        draw_svg(self.canv, self._svg, 0, 0, self._scale)
        self.canv.restoreState()


class CallChip(Flowable):  # type: ignore[misc]
    """The chip of a call and its label; colour, shape and fill each identify the call alone."""

    SIDE = 13.0

    def __init__(self, call: str, label: str) -> None:
        super().__init__()
        self._call, self._label = call, label
        self.width = self.SIDE + 6 + fonts.measure_text(label, TEXT_FONT_BOLD, 10.5)
        self.height = self.SIDE + 3

    def draw(self) -> None:
        """Draws a filled square with a white shape; for "unclear" a diamond in an empty dashed square."""
        _draw_chip(self.canv, self._call, 0, 1.5, self.SIDE)
        self.canv.setFillColor(INK)
        self.canv.setFont(TEXT_FONT_BOLD, 10.5)
        self.canv.drawString(self.SIDE + 6, 4.5, fonts.replace_undrawable(self._label))


def _draw_chip(canvas: Any, call: str, x: float, y: float, side: float) -> None:
    """Draws the chip of a call in a square with its lower left corner at (x, y)."""
    shapes = {
        "growing": ((0.5, 0.8), (0.82, 0.24), (0.18, 0.24)),
        "shrinking": ((0.5, 0.2), (0.82, 0.76), (0.18, 0.76)),
        "flat": ((0.18, 0.4), (0.82, 0.4), (0.82, 0.6), (0.18, 0.6)),
        "unclear": ((0.5, 0.8), (0.8, 0.5), (0.5, 0.2), (0.2, 0.5)),
    }
    colour = HexColor(COLOUR_TOKENS[call][0])
    canvas.saveState()
    canvas.setFillColor(colour)
    canvas.setStrokeColor(colour)
    canvas.setLineWidth(1.2)
    is_unclear = call == "unclear"
    if is_unclear:
        canvas.setDash([2, 1.5])
    canvas.rect(x, y, side, side, stroke=int(is_unclear), fill=int(not is_unclear))
    canvas.setDash([])
    canvas.setFillColor(HexColor("#FFFFFF"))
    path = canvas.beginPath()
    for index, (px, py) in enumerate(shapes[call]):
        (path.lineTo if index else path.moveTo)(x + px * side, y + py * side)
    path.close()
    canvas.drawPath(path, stroke=int(is_unclear), fill=int(not is_unclear))
    canvas.restoreState()


def fits_width(table: TextTable, max_width: float) -> bool:
    """Whether a table in fine print fits a width with none of its columns cut."""
    return sum(compute_widths(table, max_width, _FINE_FONT_SIZE, _COLUMN_PADDING)) < max_width - 1


def build_grid(table: TextTable, language: Language, max_width: float, *, fine: bool = False) -> Table:
    """A table as wide as its texts, at most `max_width`; figures right-aligned, the header repeated on each page."""
    kind = "fine" if fine else "cell"
    right = find_numeric_columns(table, language)
    style_names = [["cellhead_right" if figures else "cellhead" for figures in right]]
    style_names += [[f"{kind}_right" if figures else kind for figures in right]] * len(table.rows)
    cells = [
        [build_paragraph(cell, style) for cell, style in zip(row, names, strict=True)]
        for row, names in zip((table.headers, *table.rows), style_names, strict=True)
    ]
    style = TableStyle(
        [
            ("FONTNAME", (0, 0), (-1, -1), TEXT_FONT),  # else reportlab names Helvetica
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
            ("LINEBELOW", (0, 0), (-1, 0), 0.8, INK),
            ("LINEBELOW", (0, 1), (-1, -1), 0.4, RULE),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), _PADDING * 1.5),
            ("TOPPADDING", (0, 0), (-1, -1), 2.2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2.2),
        ]
    )
    return Table(
        cells,
        colWidths=compute_widths(table, max_width, _FINE_FONT_SIZE if fine else _CELL_FONT_SIZE, _COLUMN_PADDING),
        style=style,
        repeatRows=1,
        hAlign="LEFT",
        spaceAfter=6,
    )
