"""A file as a table of cells, whether it came as text or as a workbook."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200e\u200f\u2060\ufeff"))  # no override: it turns digits round


class Percent(float):
    """A number of a sheet that is shown as a percentage: 12.4 where the sheet keeps 0.124 and shows 12,4 %."""


Scalar = str | float | date  # a cell: text files hold text only; "" is an empty cell
Line = tuple[int, list[Scalar]]  # the file's own line (or row of a sheet), from 1, and its cells


@dataclass(frozen=True)
class Merge:
    """Cells of a sheet that are one: the first line and column (from 0), the last line, the range as in Excel."""

    line: int
    column: int
    last: int
    text: str


@dataclass(frozen=True)
class Table:
    """A head and the rows below it; blank rows, and empty cells to the right of the head, are left out.

    `broken` is the line and the beginning of a row that cannot be cut into cells; nothing after it is known. `padded`
    says that missing cells at the end of a row are empty cells, as in a sheet. `sheets` are those of a workbook, of
    which `missing` was asked for; `hidden` are lines that Excel does not show. `overflow` says that reading stopped at
    a limit.
    """

    head: tuple[Scalar, ...] = ()
    line: int = 1
    rows: tuple[Line, ...] = ()
    inferred: Mapping[str, str] = field(default_factory=dict)
    broken: tuple[int, str] | None = None
    padded: bool = False
    sheets: tuple[str, ...] = ()
    missing: str = ""
    merges: tuple[Merge, ...] = ()
    hidden: frozenset[int] = frozenset()
    overflow: bool = False

    @cached_property
    def heads(self) -> tuple[str, ...]:
        """The heads of the columns as written."""
        return tuple(written(cell) for cell in self.head)


def tidy(text: str) -> str:
    """The text of a cell without spaces around it and marks that change nothing of what is seen (of width or order)."""
    return (text if text.isascii() else text.translate(_UNSEEN)).strip()


def written(cell: Scalar) -> str:
    """A cell as text: a number with all its digits, a day as 2024-01-31."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, Percent):
        return f"{float(cell)!r} %"
    return str(int(cell)) if cell == int(cell) and abs(cell) < 1e15 else repr(cell)


def letters(place: int) -> str:
    """What a spreadsheet calls a column (from 0): A, Z, AA."""
    before, last = divmod(place, 26)
    return (letters(before - 1) if before else "") + chr(ord("A") + last)


def table_of(lines: list[Line], inferred: Mapping[str, str]) -> Table:
    """Lines as a table: the first one that is not blank is the head."""
    filled = [(line, cells) for line, cells in lines if filled_width(cells)]
    if not filled:
        return Table(inferred=inferred)
    line, head = filled[0]
    width = filled_width(head)
    rows = tuple((number, cells[: max(width, filled_width(cells))]) for number, cells in filled[1:])
    return Table(tuple(head[:width]), line, rows, inferred)


def filled_width(cells: list[Scalar]) -> int:
    """How many cells a row has up to the last one that is not empty."""
    width = len(cells)
    while width and cells[width - 1] == "":
        width -= 1
    return width
