"""How wide the columns of a table are, and which of them hold figures: the same for pages and slides."""

from collections.abc import Sequence

from observatory.briefs.common.model import TextTable
from observatory.export.common import fonts
from observatory.export.common.cell_values import holds_years, is_empty, parse_cell
from observatory.export.common.fonts import TEXT_FONT
from observatory.language import Language

_MIN_COLUMN_WIDTH = 26.0  # points
_HEADER_SHARES = (
    0.55,
    0.38,
    0.0,
)  # of the length of a head that its column is at least wide: two lines, three, as it comes


def _transpose(table: TextTable) -> list[list[str]]:
    """A table by column, each with its head first."""
    return [list(column) for column in zip(table.headers, *table.rows, strict=True)]


def find_numeric_columns(table: TextTable, language: Language) -> list[bool]:
    """For each column whether it stands to the right: it holds figures, and is not the first."""
    return [place > 0 and _is_numeric(column[1:], language) for place, column in enumerate(_transpose(table))]


def _is_numeric(column: Sequence[str], language: Language) -> bool:
    told = [cell for cell in column if not is_empty(cell)]
    return bool(told) and not holds_years(told) and all(parse_cell(cell, language) for cell in told)


def compute_widths(table: TextTable, max_width: float, font_size: float, padding: float) -> list[float]:
    """What each column would like, in points; heads give way first, then the widest columns, to the same width."""
    wanted: list[float] = []
    for part in _HEADER_SHARES:
        wanted = [_measure_column(column, part, font_size) + padding for column in _transpose(table)]
        if sum(wanted) <= max_width:
            return wanted
    low, high = 0.0, max_width
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if sum(min(want, middle) for want in wanted) > max_width else (middle, high)
    return [min(want, low) for want in wanted]


def _measure_column(column: Sequence[str], header_share: float, font_size: float) -> float:
    """The width of the longest cell, of the longest word of the head, and of a part of the head."""
    head, *cells = column
    longest = max((fonts.measure_text(cell, TEXT_FONT, font_size) for cell in cells), default=0.0)
    word = max((fonts.measure_text(piece, TEXT_FONT, font_size) for piece in head.split(" ")), default=0.0)
    return max(longest, word, fonts.measure_text(head, TEXT_FONT, font_size) * header_share, _MIN_COLUMN_WIDTH)
