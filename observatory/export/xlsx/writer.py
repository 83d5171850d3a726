"""A document as a workbook: typed cells under frozen heads, charts of its own, a sheet of sources."""

import io
import re
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from observatory.briefs.common.model import Plot, Table
from observatory.catalogue.periods import frequency_of
from observatory.charts.palette import TOKENS
from observatory.export.common.cell_values import number_of, years_in
from observatory.export.common.fonts import FIGURES_BOLD, TEXT, wrapped
from observatory.export.common.plot_format import first_day, pattern
from observatory.export.common.reproducible_zip import dated
from observatory.export.common.sources import WHOLE, sources_table
from observatory.export.document import Document, Section, drawn
from observatory.export.xlsx.chart import add_chart
from observatory.language import Language, Speaker

INK, MUTED = (f"FF{TOKENS[name][0][1:]}" for name in ("ink", "muted"))
TITLE = Font(name="B612", size=13, bold=True, color=INK)
HEAD = Font(name="IBM Plex Sans", size=10, bold=True, color=INK)
CELL = Font(name="IBM Plex Sans", size=10, color=INK)
QUIET = Font(name="IBM Plex Sans", size=9, color=MUTED)
UNDER_HEAD = Border(bottom=Side("medium", color=INK))
WIDEST, NARROWEST, COVER = 60, 9, 110  # letters
POINTS, LEADING, CAUTION = 5.2, 1.4, 1.1  # of a letter; of a line; other faces may be wider
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
LONGEST_NAME = 31


def xlsx(document: Document) -> bytes:
    """The file; the same document gives the same bytes."""
    speaker = Speaker(document.language)
    book = Workbook()
    cover = book.active
    assert isinstance(cover, Worksheet)
    cover.title = speaker.say("export.sheet.cover")
    _printed(cover)
    _cover(cover, document, speaker)
    for section in document.sections:
        _section(book, section, document, speaker)
    sources = _sheet(book, speaker.say("export.sources"))
    _table(sources, 1, sources_table(document.sources, speaker, WHOLE), document.language)
    sources.freeze_panes = "A2"
    told = book.properties
    told.title, told.subject, told.creator = (
        f"{document.title} \u00b7 {document.edition}",
        document.lead,
        speaker.say("app.name"),
    )
    told.keywords, told.description, told.language = document.link, document.edition, document.language
    out = io.BytesIO()
    book.save(out)
    return dated(out.getvalue(), document.day)


def _cover(sheet: Worksheet, document: Document, speaker: Speaker) -> None:
    """The answer, the edition, the link, the method."""
    lines = [(document.kicker, QUIET), (document.lead, TITLE)]
    if document.call:
        lines.append((f"{document.call_label}. {document.call_line}", HEAD))
    lines += [(text, CELL) for text in document.under]
    lines += [("", CELL), (document.edition, HEAD), (speaker.say("export.link"), QUIET), (document.link, CELL)]
    lines += [("", CELL), (speaker.say("export.method"), HEAD), *((text, CELL) for text in document.method)]
    for place, (text, font) in enumerate(lines, 1):
        cell = _words(sheet, place, 1, text, font)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        lines_needed = len(wrapped(text, FIGURES_BOLD if font is TITLE else TEXT, font.size * CAUTION, COVER * POINTS))
        sheet.row_dimensions[place].height = max(lines_needed, 1) * font.size * LEADING
        if text == document.link:
            cell.hyperlink = document.link
    sheet.column_dimensions["A"].width = COVER


def _section(book: Workbook, section: Section, document: Document, speaker: Speaker) -> None:
    """A sheet for the figures of a chart, or for the tables and terms of a section; words alone stay on the page."""
    if section.figure is not None and section.figure.plot is not None and drawn(section):
        _figure(_sheet(book, section.title), section, section.figure.plot, document, speaker)
        return
    tables = list(section.tables)
    if section.terms:
        heads = (speaker.say("export.terms.term"), speaker.say("export.terms.text"))
        tables.append(Table(section.title, heads, section.terms))
    if not tables:
        return
    sheet = _sheet(book, section.title)
    row = _above(sheet, section, document)
    for place, table in enumerate(tables):
        if len(tables) > 1:
            _words(sheet, row, 1, table.caption, HEAD)
            row += 1
        row = _table(sheet, row, table, document.language)
        if not place:
            sheet.freeze_panes = f"A{row - len(table.rows)}"
        row += 1


def _sheet(book: Workbook, title: str) -> Worksheet:
    """A new sheet under a name that a workbook can have, and that no other sheet has."""
    number = len(book.sheetnames)
    name = _NOT_IN_NAMES.sub(" ", f"{number} {title}")[:LONGEST_NAME].strip()
    sheet: Worksheet = book.create_sheet(name)
    _printed(sheet)
    return sheet


def _printed(sheet: Worksheet) -> None:
    """No grid on the screen; on paper one page wide."""
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0


def _above(sheet: Worksheet, section: Section, document: Document) -> int:
    """Title, unit, sentences, source and edition; says in which row the heads come."""
    plot = section.figure.plot if section.figure is not None else None
    subtitle = plot.subtitle if plot is not None and plot.subtitle else section.subtitle
    lines = [(section.title, TITLE), (subtitle, QUIET), *((text, CELL) for text in section.text)]
    lines += [(section.source, QUIET), (document.edition, QUIET)]
    row = 0
    for text, font in lines:
        if text:
            row += 1
            _words(sheet, row, 1, text, font)
    return row + 2


def _figure(sheet: Worksheet, section: Section, plot: Plot, document: Document, speaker: Speaker) -> None:
    """The figures of a chart with a column a run, and the chart beside them."""
    top = _above(sheet, section, document)
    columns: list[tuple[str, Sequence[Any], str]] = [_labels(plot, speaker)]
    shown = pattern(plot)
    for run in plot.runs:
        columns.append((run.name, run.values, shown))
        if run.low:
            columns.append((speaker.say("table.low", level=80), run.low, shown))
            columns.append((speaker.say("table.high", level=80), run.high, shown))
    for place, (head, values, form) in enumerate(columns, 1):
        _head(sheet, top, place, f"{head} ({plot.unit})" if place > 1 and plot.unit else head)
        for row, value in enumerate(values, top + 1):
            if value is not None:
                cell = sheet.cell(row, place)
                _put(cell, value)
                cell.number_format, cell.font = form, CELL
        sheet.column_dimensions[get_column_letter(place)].width = 16 if place > 1 else _wide([head, *map(str, values)])
    sheet.freeze_panes = sheet.cell(top + 1, 2)
    add_chart(sheet, plot, top, len(columns))


def _labels(plot: Plot, speaker: Speaker) -> tuple[str, Sequence[Any], str]:
    """The first column: years as numbers, other periods as dates, names as text."""
    if not plot.codes:
        return speaker.say("export.label"), plot.labels, "@"
    if frequency_of(plot.codes[0]) == "A":
        return speaker.say("table.period"), [int(code) for code in plot.codes], "0"
    return speaker.say("table.period"), [first_day(code) for code in plot.codes], "mmm yyyy"


def _table(sheet: Worksheet, top: int, table: Table, language: Language) -> int:
    """A table from a row on; says in which row it ends, one past the last."""
    for column, head in enumerate(table.heads, 1):
        _head(sheet, top, column, head)
        cells = [row[column - 1] for row in table.rows]
        years = years_in(cells)
        for row, cell in enumerate(cells, top + 1):
            _typed(sheet, row, column, cell, language, years)
        letter = get_column_letter(column)
        known = sheet.column_dimensions[letter].width if letter in sheet.column_dimensions else 0
        sheet.column_dimensions[letter].width = max(known, _wide([head, *cells]))
    return top + len(table.rows) + 1


def _typed(sheet: Worksheet, row: int, column: int, text: str, language: Language, year: bool) -> None:
    """A figure as a number that shows itself as on the page; anything else as text."""
    found = number_of(text, language)
    if found is None:
        cell = _words(sheet, row, column, text, CELL)
        cell.alignment = Alignment(wrap_text=len(text) > WIDEST, vertical="top")
        return
    cell = sheet.cell(row, column)
    cell.value, cell.font = int(found.value) if year else found.value, CELL
    cell.number_format = "0" if year else found.format


def _words(sheet: Worksheet, row: int, column: int, text: str, font: Font) -> Any:
    """Text that stays text, also where it begins like a formula."""
    cell = sheet.cell(row, column)
    _put(cell, text)
    cell.font = font
    return cell


def _put(cell: Any, value: Any) -> None:
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"


def _head(sheet: Worksheet, row: int, column: int, text: str) -> None:
    cell = _words(sheet, row, column, text, HEAD)
    cell.border = UNDER_HEAD
    cell.alignment = Alignment(wrap_text=True, vertical="bottom")


def _wide(cells: Sequence[str]) -> float:
    return min(max(NARROWEST, *(len(cell) + 2 for cell in cells)), WIDEST)
