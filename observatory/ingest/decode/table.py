"""Table of cells, from a text file or a workbook."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

_INVISIBLE_CHARS = dict.fromkeys(
    map(ord, "\u00ad\u200b\u200e\u200f\u2060\ufeff")
)  # not the override, which reverses digits


class PercentValue(float):
    """A number that a sheet shows as a percentage: 12.4 where the sheet stores 0.124 and shows 12,4 %."""


CellValue = str | float | date  # text files hold text only; "" is an empty cell
NumberedRow = tuple[int, list[CellValue]]  # the file's own line (or row of a sheet), from 1, and its cells


@dataclass(frozen=True)
class MergedRange:
    """Merged cells of a sheet: first line, first column (from 0), last line, and the range as Excel writes it."""

    first_line: int
    column: int
    last_line: int
    reference: str


@dataclass(frozen=True)
class CellTable:
    """A header and the rows below it, without blank rows and without empty cells to the right of the header.

    `unparsable_row` is the line and the text of a row that cannot be split into cells; nothing after it is read.
    `is_padded` says that missing cells at the end of a row are empty cells, as in a sheet. `sheets` are those of a
    workbook, of which `missing_sheet` was requested but does not exist; `hidden_lines` are not shown by Excel.
    `is_truncated` says that reading stopped at a limit. `column_units` are the units that stand beside the heads, by
    column; `total_lines` those of rows of totals, which are not among the rows.
    """

    header: tuple[CellValue, ...] = ()
    header_line: int = 1
    rows: tuple[NumberedRow, ...] = ()
    inferred: Mapping[str, str] = field(default_factory=dict)
    unparsable_row: tuple[int, str] | None = None
    is_padded: bool = False
    sheets: tuple[str, ...] = ()
    missing_sheet: str = ""
    merged_ranges: tuple[MergedRange, ...] = ()
    hidden_lines: frozenset[int] = frozenset()
    is_truncated: bool = False
    column_units: Mapping[int, str] = field(default_factory=dict)
    total_lines: tuple[int, ...] = ()

    @cached_property
    def header_texts(self) -> tuple[str, ...]:
        """The headers of the columns as text."""
        return tuple(format_cell(cell) for cell in self.header)


def clean_cell_text(text: str) -> str:
    """The text of a cell without surrounding spaces and invisible characters."""
    return (text if text.isascii() else text.translate(_INVISIBLE_CHARS)).strip()


def format_cell(cell: CellValue) -> str:
    """A cell as text: a number with all its digits, a day as 2024-01-31."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, PercentValue):
        return f"{float(cell)!r} %"
    return str(int(cell)) if cell == int(cell) and abs(cell) < 1e15 else repr(cell)


def column_letters(place: int) -> str:
    """The letters of a column (from 0) in a spreadsheet: A, Z, AA."""
    prefix, letter = divmod(place, 26)
    return (column_letters(prefix - 1) if prefix else "") + chr(ord("A") + letter)


def build_table(numbered_rows: list[NumberedRow], inferred: Mapping[str, str]) -> CellTable:
    """Rows as a table: the first row that is not blank is the header."""
    filled = [(line, cells) for line, cells in numbered_rows if measure_row_width(cells)]
    if not filled:
        return CellTable(inferred=inferred)
    line, header = filled[0]
    width = measure_row_width(header)
    rows = tuple((row_line, cells[: max(width, measure_row_width(cells))]) for row_line, cells in filled[1:])
    return CellTable(tuple(header[:width]), line, rows, inferred)


def measure_row_width(cells: list[CellValue]) -> int:
    """The number of cells of a row up to the last one that is not empty."""
    width = len(cells)
    while width and cells[width - 1] == "":
        width -= 1
    return width
