"""Workbook to a table: one sheet, cell by cell, with limits on time and memory."""

import io
import re
import warnings
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.cell import range_boundaries

from observatory import settings
from observatory.ingest.decode.table import (
    CellTable,
    CellValue,
    MergedRange,
    NumberedRow,
    PercentValue,
    build_table,
    clean_cell_text,
)

_MERGE_TAG = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_HIDDEN_ROW_TAG = re.compile(rb'<(?:\w+:)?row\s(?=[^<>]*?\bhidden="(?:1|true)")[^<>]*?\br="(\d{1,7})"')
_FORMAT_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')  # literal parts of a number format
_SIGNIFICANT_DIGITS = 15  # that Excel shows; digits after them are rounding errors of sums (7.680000000000001)
_MAX_TAGS_PER_CELL = 4
_MAX_EXCEL_ROWS = 1_048_576


def read_workbook(content: bytes, sheet_name: str) -> CellTable | None:
    """The table of a sheet (the first visible one if `sheet_name` is empty); None if the workbook is damaged.

    The caller has checked the sizes in the zip directory, which Python's zipfile enforces.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # on what openpyxl ignores: styles, validation, drawings
        try:
            return _read_sheet(content, sheet_name)
        except Exception:  # noqa: BLE001 - openpyxl raises anything on a damaged file
            return None


def _read_sheet(content: bytes, sheet_name: str) -> CellTable:
    reader = ExcelReader(io.BytesIO(content), read_only=True, keep_links=False)
    archive = reader.archive
    tags = sum(archive.read(row).count(b"<") for row in archive.infolist() if row.filename.endswith(".xml"))
    if tags > settings.MAX_CELLS * _MAX_TAGS_PER_CELL:
        return CellTable(is_truncated=True)
    reader.read()
    sheets = {sheet.title: sheet for sheet in reader.wb.worksheets}
    names = tuple(sheets)
    visible_names = (name for name, sheet in sheets.items() if sheet.sheet_state == "visible")
    name = sheet_name or next(visible_names, names[0])
    if name not in sheets:
        return CellTable(sheets=names, missing_sheet=name)
    sheet = sheets[name]
    sheet.reset_dimensions()  # some writers store wrong dimensions
    rows, is_truncated = _read_rows(sheet.iter_rows())
    targets = {row.name: part.target for row, part in reader.parser.find_sheets()}
    inferred = {"sheet": name} | ({"sheets": ", ".join(names)} if len(names) > 1 else {})
    sheet_xml = archive.read(targets[name])
    return replace(
        build_table(rows, inferred),
        is_padded=True,
        sheets=names,
        merged_ranges=tuple(
            filter(None, (_parse_merged_range(found.decode()) for found in _MERGE_TAG.findall(sheet_xml)))
        ),
        hidden_lines=frozenset(int(found) for found in _HIDDEN_ROW_TAG.findall(sheet_xml)),
        is_truncated=is_truncated,
    )


def _read_rows(rows: Iterable[Any]) -> tuple[list[NumberedRow], bool]:
    """The rows that are not blank, and whether reading stopped at a limit."""
    numbered_rows: list[NumberedRow] = []
    cell_count = 0
    for number, row in enumerate(rows, 1):
        cell_count += len(row)
        if number > _MAX_EXCEL_ROWS or len(numbered_rows) > settings.MAX_ROWS or cell_count > settings.MAX_CELLS:
            return numbered_rows, True
        values = [_read_cell(cell) for cell in row]
        if any(value != "" for value in values):
            numbered_rows.append((number, values))
    return numbered_rows, False


def _read_cell(cell: Any) -> CellValue:
    """A cell as text, number or day; a formula as its text, a percentage as it is shown."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _apply_percent_format(float(f"{value:.{_SIGNIFICANT_DIGITS}g}"), str(cell.number_format))
    if isinstance(value, datetime):
        return value.date() if value == datetime.combine(value.date(), datetime.min.time()) else value.isoformat(" ")
    if isinstance(value, date):
        return value
    if cell.data_type == "f" and not isinstance(value, str):  # an array formula or a table of data
        return f"={getattr(value, 'text', None) or ''}".replace("==", "=")
    return clean_cell_text(str(value))


def _apply_percent_format(value: float, number_format: str) -> float:
    """A number as shown: a percent format multiplies by 100, unless its percent sign is a quoted literal."""
    if "%" not in number_format:
        return value
    return PercentValue(Decimal(repr(value)).scaleb(2) if "%" in _FORMAT_LITERAL.sub("", number_format) else value)


def _parse_merged_range(text: str) -> MergedRange | None:
    try:
        column, line, _, last = range_boundaries(text)
    except ValueError:
        return None
    return MergedRange(int(line or 1), int(column or 1) - 1, int(last or 1), text)
