"""Excel workbook of a document: typed cells under frozen headers, native charts, a sheet of sources."""

import io
import re
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from observatory.briefs.common.model import PlotData, TextTable
from observatory.catalogue.periods import parse_frequency
from observatory.charts.palette import COLOUR_TOKENS
from observatory.export.common.cell_values import holds_years, parse_cell
from observatory.export.common.fonts import FIGURE_FONT_BOLD, TEXT_FONT, wrap_lines
from observatory.export.common.plot_format import build_number_format, first_day, localize_format
from observatory.export.common.reproducible_zip import fix_zip_dates
from observatory.export.common.sources import ALL_SOURCE_COLUMNS, build_sources_table
from observatory.export.document import Document, Section, has_chart
from observatory.export.xlsx.chart import add_chart
from observatory.language import Language, Localizer

_INK, _MUTED = (f"FF{COLOUR_TOKENS[name][0][1:]}" for name in ("ink", "muted"))
# As on slides: fonts that nearly every computer has.
_TITLE_FONT = Font(name="Georgia", size=14, bold=True, color=_INK)
_HEADER_FONT = Font(name="Arial", size=10, bold=True, color=_INK)
_FIGURE_WIDTH = 16  # of a column of figures, in characters, at least
_CELL_FONT = Font(name="Arial", size=10, color=_INK)
_MUTED_FONT = Font(name="Arial", size=9, color=_MUTED)
_LINK_FONT = Font(name="Arial", size=10, color=_INK, underline="single")
_HEADER_BORDER = Border(bottom=Side("medium", color=_INK))
_MAX_COLUMN_WIDTH, _MIN_COLUMN_WIDTH, _COVER_WIDTH = 60, 9, 110  # characters
_POINTS_PER_LETTER, _LINE_HEIGHT = 5.2, 1.4
_WIDTH_SAFETY = 1.1  # a substitute font may be wider
_FORBIDDEN_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
_MAX_SHEET_NAME_LENGTH = 31


def write_xlsx(document: Document) -> bytes:
    """The file; the same document gives the same bytes."""
    localizer = Localizer(document.language)
    book = Workbook()
    cover = book.active
    assert isinstance(cover, Worksheet)
    cover.title = localizer.text("export.sheet.cover")
    _set_up_page(cover)
    _write_cover(cover, document, localizer)
    for section in document.sections:
        _write_section(book, section, document, localizer)
    sources = _add_sheet(book, localizer.text("export.sources"))
    _write_table(sources, 1, build_sources_table(document.sources, localizer, ALL_SOURCE_COLUMNS), document.language)
    sources.freeze_panes = "A2"
    _write_index(cover, book, localizer)
    _set_properties(book, document, localizer)
    out = io.BytesIO()
    book.save(out)
    return fix_zip_dates(out.getvalue(), document.day)


def _set_properties(book: Workbook, document: Document, localizer: Localizer) -> None:
    properties = book.properties
    properties.title = f"{document.title} \u00b7 {document.edition_text}"
    properties.subject, properties.creator = document.lead, localizer.text("app.name")
    properties.keywords, properties.description = document.link, document.edition_text
    properties.language = document.language


def _write_cover(sheet: Worksheet, document: Document, localizer: Localizer) -> None:
    """The answer, the edition, the link, the method."""
    lines = [(document.kicker, _MUTED_FONT), (document.lead, _TITLE_FONT)]
    if document.call:
        lines.append((f"{document.call_label}. {document.call_line}", _HEADER_FONT))
    lines += [(text, _CELL_FONT) for text in document.under]
    lines += [
        ("", _CELL_FONT),
        (document.edition_text, _HEADER_FONT),
        (localizer.text("export.link"), _MUTED_FONT),
        (document.link, _CELL_FONT),
    ]
    lines += [
        ("", _CELL_FONT),
        (localizer.text("export.method"), _HEADER_FONT),
        *((text, _CELL_FONT) for text in document.method),
    ]
    for row, (text, font) in enumerate(lines, 1):
        cell = _write_text(sheet, row, 1, text, font)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        font_name = FIGURE_FONT_BOLD if font is _TITLE_FONT else TEXT_FONT
        wrapped = wrap_lines(text, font_name, font.size * _WIDTH_SAFETY, _COVER_WIDTH * _POINTS_PER_LETTER)
        sheet.row_dimensions[row].height = max(len(wrapped), 1) * font.size * _LINE_HEIGHT
        if text == document.link:
            cell.hyperlink = document.link
    sheet.column_dimensions["A"].width = _COVER_WIDTH


def _write_index(sheet: Worksheet, book: Workbook, localizer: Localizer) -> None:
    """Names every other sheet below the cover, each name a link to it."""
    row = sheet.max_row + 2
    _write_text(sheet, row, 1, localizer.text("export.sheet.index"), _HEADER_FONT)
    for other in book.worksheets[1:]:
        row += 1
        cell = _write_text(sheet, row, 1, other.title, _LINK_FONT)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"{quote_sheetname(other.title)}!A1")


def _write_section(book: Workbook, section: Section, document: Document, localizer: Localizer) -> None:
    """A sheet for the figures of a chart, or for the tables and terms of a section; none for text alone."""
    if section.figure is not None and section.figure.plot_data is not None and has_chart(section):
        _write_figure(_add_sheet(book, section.title), section, section.figure.plot_data, document, localizer)
        return
    tables = list(section.tables)
    if section.terms:
        headers = (localizer.text("export.terms.term"), localizer.text("export.terms.text"))
        tables.append(TextTable(section.title, headers, section.terms))
    if not tables:
        return
    sheet = _add_sheet(book, section.title)
    row = _write_heading(sheet, section, document)
    for index, table in enumerate(tables):
        if len(tables) > 1:
            _write_text(sheet, row, 1, table.caption, _HEADER_FONT)
            row += 1
        row = _write_table(sheet, row, table, document.language)
        if not index:
            sheet.freeze_panes = f"A{row - len(table.rows)}"
        row += 1


def _add_sheet(book: Workbook, title: str) -> Worksheet:
    """A new sheet with a valid and unique name."""
    number = len(book.sheetnames)
    name = _FORBIDDEN_IN_SHEET_NAME.sub(" ", f"{number} {title}")[:_MAX_SHEET_NAME_LENGTH].strip()
    sheet: Worksheet = book.create_sheet(name)
    _set_up_page(sheet)
    return sheet


def _set_up_page(sheet: Worksheet) -> None:
    """No gridlines on the screen; one page wide on paper."""
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0


def _write_heading(sheet: Worksheet, section: Section, document: Document) -> int:
    """Writes title, unit, paragraphs, source and edition; returns the row for the headers."""
    plot = section.figure.plot_data if section.figure is not None else None
    subtitle = plot.subtitle if plot is not None and plot.subtitle else section.subtitle
    lines = [
        (section.title, _TITLE_FONT),
        (subtitle, _MUTED_FONT),
        *((text, _CELL_FONT) for text in section.paragraphs),
    ]
    lines += [(section.source, _MUTED_FONT), (document.edition_text, _MUTED_FONT)]
    row = 0
    for text, font in lines:
        if text:
            row += 1
            _write_text(sheet, row, 1, text, font)
    return row + 2


def _write_figure(sheet: Worksheet, section: Section, plot: PlotData, document: Document, localizer: Localizer) -> None:
    """The figures of a chart with a column per series and its limits, and the chart next to them."""
    top = _write_heading(sheet, section, document)
    columns: list[tuple[str, Sequence[Any], str]] = [_build_label_column(plot, localizer)]
    number_format = localize_format(build_number_format(plot), document.language)
    for run in plot.series:
        columns.append((run.name, run.values, number_format))
        if run.low:
            columns.append((localizer.text("table.low", level=80), run.low, number_format))
            columns.append((localizer.text("table.high", level=80), run.high, number_format))
    for column, (header, values, column_format) in enumerate(columns, 1):
        _write_header(sheet, top, column, f"{header} ({plot.unit})" if column > 1 and plot.unit else header)
        for row, value in enumerate(values, top + 1):
            if value is not None:
                cell = sheet.cell(row, column)
                _set_value(cell, value)
                cell.number_format, cell.font = column_format, _CELL_FONT
        width = max(_FIGURE_WIDTH, *(len(f"{value:,.1f}") + 2 for value in values if isinstance(value, float)), 0)
        sheet.column_dimensions[get_column_letter(column)].width = (
            width if column > 1 else _compute_width([header, *map(str, values)])
        )
    sheet.freeze_panes = sheet.cell(top + 1, 2)
    add_chart(sheet, plot, top, len(columns))


def _build_label_column(plot: PlotData, localizer: Localizer) -> tuple[str, Sequence[Any], str]:
    """The first column: years as numbers, other periods as dates, names as text."""
    if not plot.period_codes:
        return localizer.text("export.label"), plot.labels, "@"
    if parse_frequency(plot.period_codes[0]) == "A":
        return localizer.text("table.period"), [int(code) for code in plot.period_codes], "0"
    months = localize_format("mmm yyyy", localizer.language)
    return localizer.text("table.period"), [first_day(code) for code in plot.period_codes], months


def _write_table(sheet: Worksheet, top: int, table: TextTable, language: Language) -> int:
    """Writes a table from row `top` on; returns the row after its last."""
    for column, header in enumerate(table.headers, 1):
        _write_header(sheet, top, column, header)
        cells = [row[column - 1] for row in table.rows]
        is_year = holds_years(cells)
        for row, cell in enumerate(cells, top + 1):
            _write_cell(sheet, row, column, cell, language, is_year=is_year)
        letter = get_column_letter(column)
        width = sheet.column_dimensions[letter].width if letter in sheet.column_dimensions else 0
        sheet.column_dimensions[letter].width = max(width, _compute_width([header, *cells]))
    return top + len(table.rows) + 1


def _write_cell(sheet: Worksheet, row: int, column: int, text: str, language: Language, *, is_year: bool) -> None:
    """A figure as a number with the format of the page; anything else as text."""
    number = parse_cell(text, language)
    if number is None:
        cell = _write_text(sheet, row, column, text, _CELL_FONT)
        cell.alignment = Alignment(wrap_text=len(text) > _MAX_COLUMN_WIDTH, vertical="top")
        return
    cell = sheet.cell(row, column)
    cell.value, cell.font = int(number.value) if is_year else number.value, _CELL_FONT
    cell.number_format = "0" if is_year else localize_format(number.format, language)


def _write_text(sheet: Worksheet, row: int, column: int, text: str, font: Font) -> Any:
    """Text that stays text, even if it begins like a formula."""
    cell = sheet.cell(row, column)
    _set_value(cell, text)
    cell.font = font
    return cell


def _set_value(cell: Any, value: Any) -> None:
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"


def _write_header(sheet: Worksheet, row: int, column: int, text: str) -> None:
    cell = _write_text(sheet, row, column, text, _HEADER_FONT)
    cell.border = _HEADER_BORDER
    cell.alignment = Alignment(wrap_text=True, vertical="bottom")


def _compute_width(cells: Sequence[str]) -> float:
    return min(max(_MIN_COLUMN_WIDTH, *(len(cell) + 2 for cell in cells)), _MAX_COLUMN_WIDTH)
