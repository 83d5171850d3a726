"""Column widths of a table and its numeric columns, for PDF pages and slides."""

from collections.abc import Sequence

from observatory.briefs.common.model import TextTable
from observatory.export.common.cell_values import holds_years, is_empty, parse_cell
from observatory.export.common.fonts import TEXT_FONT, measure_text
from observatory.language import Language

_MIN_COLUMN_WIDTH = 26.0  # points
# The least width of a column as a share of its header: two lines, three, any number.
_HEADER_SHARES = (0.55, 0.38, 0.0)


def _transpose(table: TextTable) -> list[list[str]]:
    """The columns of a table, each with its header first."""
    return [list(column) for column in zip(table.headers, *table.rows, strict=True)]


def find_numeric_columns(table: TextTable, language: Language) -> list[bool]:
    """For each column whether it holds figures and is not the first: those are right-aligned."""
    return [index > 0 and _is_numeric(column[1:], language) for index, column in enumerate(_transpose(table))]


def _is_numeric(column: Sequence[str], language: Language) -> bool:
    filled = [cell for cell in column if not is_empty(cell)]
    return bool(filled) and not holds_years(filled) and all(parse_cell(cell, language) for cell in filled)


def compute_widths(table: TextTable, max_width: float, font_size: float, padding: float) -> list[float]:
    """The width of each column in points, at most `max_width` together.

    Headers are wrapped first; then the widest columns are cut to one common width.
    """
    widths: list[float] = []
    for share in _HEADER_SHARES:
        widths = [_measure_column(column, share, font_size) + padding for column in _transpose(table)]
        if sum(widths) <= max_width:
            return widths
    low, high = 0.0, max_width
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if sum(min(width, middle) for width in widths) > max_width else (middle, high)
    return [min(width, low) for width in widths]


def _measure_column(column: Sequence[str], header_share: float, font_size: float) -> float:
    """The width of the longest cell, the longest word of the header, or a share of the header."""
    header, *cells = column
    longest = max((measure_text(cell, TEXT_FONT, font_size) for cell in cells), default=0.0)
    word = max((measure_text(piece, TEXT_FONT, font_size) for piece in header.split(" ")), default=0.0)
    return max(longest, word, measure_text(header, TEXT_FONT, font_size) * header_share, _MIN_COLUMN_WIDTH)
