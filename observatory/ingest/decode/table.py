"""A file as a table of cells, whether it came as text or as a workbook."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

_INVISIBLE_CHARS = dict.fromkeys(map(ord, "\u00ad\u200b\u200e\u200f\u2060\ufeff"))  # no override: it turns digits round


class PercentValue(float):
    """A number of a sheet that is shown as a percentage: 12.4 where the sheet keeps 0.124 and shows 12,4 %."""


CellValue = str | float | date  # a cell: text files hold text only; "" is an empty cell
NumberedRow = tuple[int, list[CellValue]]  # the file's own line (or row of a sheet), from 1, and its cells


@dataclass(frozen=True)
class MergedRange:
    """Cells of a sheet that are one: the first line and column (from 0), the last line, the range as in Excel."""

    first_line: int
    column: int
    last_line: int
    reference: str


@dataclass(frozen=True)
class CellTable:
    """A head and the rows below it; blank rows, and empty cells to the right of the head, are left out.

    `broken` is the line and the beginning of a row that cannot be cut into cells; nothing after it is known. `padded`
    says that missing cells at the end of a row are empty cells, as in a sheet. `sheets` are those of a workbook, of
    which `missing` was asked for; `hidden` are lines that Excel does not show. `overflow` says that reading stopped at
    a limit.
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

    @cached_property
    def header_texts(self) -> tuple[str, ...]:
        """The heads of the columns as written."""
        return tuple(format_cell(cell) for cell in self.header)


def clean_cell_text(text: str) -> str:
    """The text of a cell without spaces around it and marks that change nothing of what is seen (of width or order)."""
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
    """What a spreadsheet calls a column (from 0): A, Z, AA."""
    before, last = divmod(place, 26)
    return (column_letters(before - 1) if before else "") + chr(ord("A") + last)


def build_table(numbered_rows: list[NumberedRow], inferred: Mapping[str, str]) -> CellTable:
    """Lines as a table: the first one that is not blank is the head."""
    filled = [(line, cells) for line, cells in numbered_rows if measure_row_width(cells)]
    if not filled:
        return CellTable(inferred=inferred)
    line, head = filled[0]
    width = measure_row_width(head)
    rows = tuple((number, cells[: max(width, measure_row_width(cells))]) for number, cells in filled[1:])
    return CellTable(tuple(head[:width]), line, rows, inferred)


def measure_row_width(cells: list[CellValue]) -> int:
    """How many cells a row has up to the last one that is not empty."""
    width = len(cells)
    while width and cells[width - 1] == "":
        width -= 1
    return width
