"""A table with its layout, the context of each of its rows; violations of rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from observatory.errors import MessageValue
from observatory.ingest.decode.heads import is_head
from observatory.ingest.decode.name_index import NameIndex
from observatory.ingest.decode.periods import PeriodFormat, detect_format, matches_format
from observatory.ingest.decode.series_block import is_figure_row
from observatory.ingest.decode.table import CellTable, CellValue, format_cell
from observatory.ingest.figures.header_search import find_bare_figures_line, find_header_line
from observatory.ingest.figures.layout import TableLayout


class Violation(NamedTuple):
    """A violation of a rule: line of the file, header of the column, text of the cell, values of the message."""

    line: int | None
    column: str
    value: str
    values: Mapping[str, MessageValue]


@dataclass(frozen=True)
class TableContext:
    """A table with its layout: the subject of rules on the layout, and the context of each row."""

    table: CellTable
    layout: TableLayout
    name_index: NameIndex
    today: date | None

    def header_text(self, column: int) -> str:
        """The header of a column as written."""
        return self.table.header_texts[column]

    @cached_property
    def real_header_line(self) -> int | None:
        """The line of what looks like the real header, if the first row of the table is a title; else None."""
        return find_header_line(self.table, self.name_index)

    @cached_property
    def bare_figures_line(self) -> int | None:
        """The line of the first figures, if a table whose roles are missing has no header above them; else None."""
        is_unread = bool(self.layout.missing_roles) or is_figure_row(self.table.header)
        return find_bare_figures_line(self.table) if is_unread and self.real_header_line is None else None

    @cached_property
    def unit_columns(self) -> tuple[int, ...]:
        """The columns of units."""
        return tuple(column for column in self.layout.ignored_columns if is_head(self.header_text(column), "units"))

    @cached_property
    def period_cells(self) -> list[CellValue]:
        """The period cells: of the period column, or the headers of a wide table."""
        column = self.layout.role_columns.get("period")
        if column is None:
            cells = [self.table.header[value_column] for value_column in self.layout.value_columns]
        elif self.layout.shape == "matrix":
            return []
        else:
            cells = [row[column] for _line, row in self.table.rows if column < len(row) and row[column] != ""]
        return [format_cell(cell) if isinstance(cell, float) else cell for cell in cells]

    @cached_property
    def period_format(self) -> PeriodFormat | None:
        """The format of the periods; None if they are date cells of a sheet."""
        return detect_format(self.period_cells)

    @cached_property
    def example_period(self) -> str:
        """A period in the format of the file, for messages."""
        return next(
            (
                format_cell(cell)
                for cell in self.period_cells
                if (
                    isinstance(cell, date)
                    if self.period_format is None
                    else matches_format(format_cell(cell), self.period_format)
                )
            ),
            "",
        )
