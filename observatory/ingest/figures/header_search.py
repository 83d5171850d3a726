"""Search for the head of a table below titles and metadata, and for figures that have no head at all."""

from collections.abc import Sequence

from observatory.ingest.decode.name_index import (
    MAX_HEADER_SEARCH_ROWS,
    NameIndex,
    count_roles,
    find_role,
    is_knowhow_header_row,
)
from observatory.ingest.decode.periods import is_period_text, parse_part_of_year
from observatory.ingest.decode.series_block import find_first_figures, is_figure_row
from observatory.ingest.decode.table import CellTable, CellValue, NumberedRow, format_cell


def find_header_line(table: CellTable, name_index: NameIndex) -> int | None:
    """The line of what looks like the real header, if the first row of the table is a title; else None.

    A row that names roles; else, above the first figures, the row that has a text for most of their columns.
    """
    if is_header_row(table.header, name_index):
        return None
    named = (line for line, cells in table.rows[:MAX_HEADER_SEARCH_ROWS] if is_header_row(cells, name_index))
    line = next(named, None)
    return line if line is not None else _find_header_above(_list_rows(table))


def find_bare_figures_line(table: CellTable) -> int | None:
    """The line of the first figures of a table that has no header above them; None if it has one."""
    rows = _list_rows(table)
    start = find_first_figures(rows)
    if start is None or _find_header_above(rows) is not None:
        return None
    if start == 0:
        return rows[0][0]
    is_headed = start == 1 and _count_filled(rows[0][1][1:]) >= max(1, _count_filled(rows[1][1][1:]) // 2)
    return None if is_headed else rows[start][0]


def is_header_row(cells: Sequence[CellValue], name_index: NameIndex) -> bool:
    """Whether a row names two roles, know-how, or one role with an indicator, two periods or two months."""
    roles = count_roles(cells)
    if roles != 1:
        return roles > 1 or is_knowhow_header_row(cells)
    texts = [format_cell(cell) for cell in cells if cell != ""]
    periods = sum(map(is_period_text, texts))
    return (
        periods > 1
        or (periods == 1 and not any(find_role(text) == "period" for text in texts))
        or sum(parse_part_of_year(text) is not None for text in texts) > 1
        or is_knowhow_header_row(cells)
        or any(name_index.find_indicator(text) is not None for text in texts)
    )


def _find_header_above(rows: Sequence[NumberedRow]) -> int | None:
    """The line of the header above the first figures, unless it is the first row; None if there is none."""
    start = find_first_figures(rows)
    if start is None or start < 2:
        return None
    above = rows[start - 1][1]
    if above and find_role(format_cell(above[0])) == "period" and not is_figure_row(above):
        return rows[start - 1][0]
    columns = _count_filled(rows[start][1][1:])
    top = start
    while columns > 1 and top and 2 * _count_filled(rows[top - 1][1][1:]) >= columns:
        top -= 1
    return rows[top][0] if 0 < top < start else None


def _list_rows(table: CellTable) -> list[NumberedRow]:
    """All rows, the header among them, as far as a header is searched."""
    return [(table.header_line, list(table.header)), *table.rows[: 2 * MAX_HEADER_SEARCH_ROWS]]


def _count_filled(cells: Sequence[CellValue]) -> int:
    return sum(cell != "" for cell in cells)
