"""How wide the columns of a table are, and which of them hold figures: the same for pages and slides."""

from collections.abc import Sequence

from observatory.briefs.brief import Table
from observatory.export import typefaces
from observatory.export.cells import empty, number_of, years_in
from observatory.export.typefaces import TEXT
from observatory.language import Language

NARROWEST = 34.0  # points
HEAD = 0.55  # of the length of a head that its column is at least wide: two lines


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
    """What each column would like, in points; where that is too much, the widest give way to the same width."""
    wanted = []
    for head, *cells in columns_of(table):
        longest = max((typefaces.width(cell, TEXT, size) for cell in cells), default=0.0)
        word = max((typefaces.width(part, TEXT, size) for part in head.split(" ")), default=0.0)
        halved = typefaces.width(head, TEXT, size) * HEAD
        wanted.append(max(longest, word, halved, NARROWEST) + pad)
    if sum(wanted) <= room:
        return wanted
    low, high = 0.0, room
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if sum(min(want, middle) for want in wanted) > room else (middle, high)
    return [min(want, low) for want in wanted]
