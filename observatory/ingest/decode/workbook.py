"""A workbook to a table: one sheet, cell by cell, with guards against what a sheet can cost."""

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
from observatory.ingest.decode.table import Line, Merge, Percent, Scalar, Table, table_of, tidy

_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_HIDDEN = re.compile(rb'<(?:\w+:)?row\s(?=[^<>]*?\bhidden="(?:1|true)")[^<>]*?\br="(\d{1,7})"')
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')  # parts of a number format that are shown as they stand
_DIGITS = 15  # of a number that Excel shows; what a sum leaves behind them (7.680000000000001) is nobody's figure
_TAGS_PER_CELL = 4
_EXCEL_ROWS = 1_048_576


def read(content: bytes, chosen: str) -> Table | None:
    """The table of a sheet (`chosen`, or the first one); None if the workbook is damaged.

    The caller has looked at the sizes in the directory, which Python's zipfile enforces.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells what it leaves out: styles, validation, drawings
        try:
            return _read(content, chosen)
        except Exception:  # noqa: BLE001 - whatever openpyxl stumbles over is damage, and ends in one sentence
            return None


def _read(content: bytes, chosen: str) -> Table:
    reader = ExcelReader(io.BytesIO(content), read_only=True, keep_links=False)
    archive = reader.archive
    tags = sum(archive.read(row).count(b"<") for row in archive.infolist() if row.filename.endswith(".xml"))
    if tags > settings.MOST_CELLS * _TAGS_PER_CELL:
        return Table(overflow=True)
    reader.read()
    sheets = {sheet.title: sheet for sheet in reader.wb.worksheets}
    names = tuple(sheets)
    shown = (name for name, sheet in sheets.items() if sheet.sheet_state == "visible")
    name = chosen or next(shown, names[0])
    if name not in sheets:
        return Table(sheets=names, missing=name)
    sheet = sheets[name]
    sheet.reset_dimensions()  # some writers say a wrong size
    lines, overflow = _lines(sheet.iter_rows())
    parts = {row.name: part.target for row, part in reader.parser.find_sheets()}
    inferred = {"sheet": name} | ({"sheets": ", ".join(names)} if len(names) > 1 else {})
    written = archive.read(parts[name])
    return replace(
        table_of(lines, inferred),
        padded=True,
        sheets=names,
        merges=tuple(filter(None, (_merge(found.decode()) for found in _MERGE.findall(written)))),
        hidden=frozenset(int(found) for found in _HIDDEN.findall(written)),
        overflow=overflow,
    )


def _lines(rows: Iterable[Any]) -> tuple[list[Line], bool]:
    """The rows that are not blank, and whether reading stopped at a limit."""
    lines: list[Line] = []
    cells = 0
    for number, row in enumerate(rows, 1):
        cells += len(row)
        if number > _EXCEL_ROWS or len(lines) > settings.MOST_ROWS or cells > settings.MOST_CELLS:
            return lines, True
        values = [_scalar(cell) for cell in row]
        if any(value != "" for value in values):
            lines.append((number, values))
    return lines, False


def _scalar(cell: Any) -> Scalar:
    """A cell as text, number or day; a formula as its text, a percentage as it is shown."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _shown(float(f"{value:.{_DIGITS}g}"), str(cell.number_format))
    if isinstance(value, datetime):
        return value.date() if value == datetime.combine(value.date(), datetime.min.time()) else value.isoformat(" ")
    if isinstance(value, date):
        return value
    if cell.data_type == "f" and not isinstance(value, str):  # an array formula or a table of data
        return f"={getattr(value, 'text', None) or ''}".replace("==", "=")
    return tidy(str(value))


def _shown(value: float, form: str) -> float:
    """A number, or what a percentage shows; a sign of per cent that is quoted in the format scales nothing."""
    if "%" not in form:
        return value
    return Percent(Decimal(repr(value)).scaleb(2) if "%" in _QUOTED.sub("", form) else value)


def _merge(text: str) -> Merge | None:
    try:
        column, line, _, last = range_boundaries(text)
    except ValueError:
        return None
    return Merge(int(line or 1), int(column or 1) - 1, int(last or 1), text)
