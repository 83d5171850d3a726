"""How wide the columns of a table are, and which of them hold figures: the same for pages and slides."""

from collections.abc import Sequence

from observatory.briefs.common.model import Table
from observatory.export.common import fonts
from observatory.export.common.cell_values import empty, number_of, years_in
from observatory.export.common.fonts import TEXT
from observatory.language import Language

NARROWEST = 26.0  # points
HEAD = (0.55, 0.38, 0.0)  # of the length of a head that its column is at least wide: two lines, three, as it comes


def columns_of(table: Table) -> list[list[str]]:
    """A table by column, each with its head first."""
    return [list(column) for column in zip(table.heads, *table.rows, strict=True)]


def aside(table: Table, language: Language) -> list[bool]:
    """For each column whether it stands to the right: it holds figures, and is not the first."""
    return [place > 0 and _figures(column[1:], language) for place, column in enumerate(columns_of(table))]


def _figures(column: Sequence[str], language: Language) -> bool:
    told = [cell for cell in column if not empty(cell)]
    return bool(told) and not years_in(told) and all(number_of(cell, language) for cell in told)


def widths(table: Table, room: float, size: float, pad: float) -> list[float]:
    """What each column would like, in points; heads give way first, then the widest columns, to the same width."""
    wanted: list[float] = []
    for part in HEAD:
        wanted = [_wanted(column, part, size) + pad for column in columns_of(table)]
        if sum(wanted) <= room:
            return wanted
    low, high = 0.0, room
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if sum(min(want, middle) for want in wanted) > room else (middle, high)
    return [min(want, low) for want in wanted]


def _wanted(column: Sequence[str], part: float, size: float) -> float:
    """The width of the longest cell, of the longest word of the head, and of a part of the head."""
    head, *cells = column
    longest = max((fonts.width(cell, TEXT, size) for cell in cells), default=0.0)
    word = max((fonts.width(piece, TEXT, size) for piece in head.split(" ")), default=0.0)
    return max(longest, word, fonts.width(head, TEXT, size) * part, NARROWEST)
