"""Figures of a table, one row each: series, period and value, or what could not be read."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

from observatory import settings
from observatory.catalogue.models import Indicator
from observatory.errors import MessageValue
from observatory.ingest.decode import numbers
from observatory.ingest.decode.aliases import ALIAS_KINDS, AliasKind
from observatory.ingest.decode.name_index import ColumnRole, NameIndex
from observatory.ingest.decode.numbers import ParsedNumber
from observatory.ingest.decode.table import CellValue, format_cell
from observatory.ingest.decode.units import parse_bracketed_unit
from observatory.ingest.figures.context import TableContext, Violation
from observatory.ingest.figures.layout import ROLE_OF_HEADERS
from observatory.ingest.figures.period_cells import PeriodCell
from observatory.ingest.report import UnknownName
from observatory.typography import escape_unprintable


class Multiplier(NamedTuple):
    """The power of ten of a figure as its file says it (`text`, "" if it says none), and what was made of it.

    `shift` is the power of ten by which the figure was multiplied. `problem` says why it was not: a text that is no
    power of ten ("unknown"), no unit to compare it with ("unsettled"), a history that says otherwise ("contradicted").
    """

    text: str = ""
    header: str = ""
    shift: int = 0
    problem: Literal["", "unknown", "unsettled", "contradicted"] = ""


NO_MULTIPLIER = Multiplier()


@dataclass(slots=True)
class FigureRow:
    """One figure of a file, in `column`; what could not be read is None or of a kind that says why."""

    context: TableContext
    line: int
    cells: list[CellValue]
    column: int
    indicator: Indicator | None
    geo: str | None
    item: str | None
    period_cell: PeriodCell
    candidates: numbers.NumberCandidates | None
    number: ParsedNumber
    multiplier: Multiplier = NO_MULTIPLIER

    @property
    def series_key(self) -> tuple[str, str, str]:
        """The key of the series; only for a row without errors."""
        assert self.indicator is not None
        assert self.geo is not None
        assert self.item is not None
        return self.indicator.id, self.geo, self.item

    def build_violation(self, role: ColumnRole, **values: MessageValue) -> Violation:
        """A violation by this row in the column of a role; in a wide table that may be a header."""
        text, column = self.role_text(role)
        return Violation(self.line, column, escape_unprintable(text, settings.MAX_CELL_CHARS), values)

    @property
    def unit_text(self) -> str:
        """The unit in the header of the figure, or in a column of units; empty if the file names none."""
        header_unit = parse_bracketed_unit(self.context.header_text(self.column))
        header_unit = self.context.table.column_units.get(self.column, header_unit)
        return header_unit or next(
            (format_cell(self.cells[unit_column]) for unit_column in self.context.unit_columns), ""
        )

    def role_text(self, role: ColumnRole) -> tuple[str, str]:
        """The text of a role, and the header of its column ("" if it has none)."""
        layout = self.context.layout
        if role == "value":
            return format_cell(self.cells[self.column]), self.context.header_text(self.column)
        role_column = layout.role_columns.get(role)
        if role_column is not None:
            return format_cell(self.cells[role_column]), self.context.header_text(role_column)
        if ROLE_OF_HEADERS.get(layout.shape) == role:
            header = self.context.header_text(self.column)
            return layout.defaults.get(role, header), header
        return layout.defaults.get(role, ""), ""


class RaggedRow(NamedTuple):
    """A line with too few or too many cells."""

    line: int
    cell_count: int
    first_extra_cell: str


class HasLine(Protocol):
    """Anything with a line of the file."""

    @property
    def line(self) -> int:
        """The line, from 1."""


class RowCollection(Protocol):
    """What was read below a header: rows, and lines of the wrong width."""

    @property
    def rows(self) -> Sequence[HasLine]:
        """The rows as wide as the header."""

    @property
    def ragged_rows(self) -> Sequence[RaggedRow]:
        """The lines with too few or too many cells."""


@dataclass
class FigureRows:
    """The rows of a table, the lines of the wrong width, and what was inferred or counted."""

    rows: list[FigureRow] = field(default_factory=list)
    ragged_rows: list[RaggedRow] = field(default_factory=list)
    missing_count: int = 0
    forecast_count: int = 0
    has_short_years: bool = False
    status_flags: set[str] = field(default_factory=set)
    inferred_geo: dict[str, str] = field(default_factory=dict)
    inferred_item: dict[str, str] = field(default_factory=dict)


def pad_row(cells: list[CellValue], width: int, *, is_padded: bool) -> list[CellValue]:
    """The cells of a row, padded with empty cells to `width` if `is_padded`."""
    return cells + [""] * (width - len(cells)) if is_padded and len(cells) < width else cells


def build_ragged_row(line: int, cells: Sequence[CellValue], width: int) -> RaggedRow:
    """A line of the wrong width, with its first extra cell."""
    return RaggedRow(line, len(cells), format_cell(cells[width]) if len(cells) > width else "")


def list_unknown_indicators(figures: FigureRows) -> tuple[str, ...]:
    """The names of indicators that the catalogue lacks, each once, in order of appearance."""
    texts = (row.role_text("indicator")[0].strip() for row in figures.rows if row.indicator is None)
    return tuple(dict.fromkeys(text for text in texts if text))


def list_unknown_names(figures: FigureRows) -> tuple[UnknownName, ...]:
    """The names that the catalogue lacks, each once, those of indicators first.

    A country that the world knows and the catalogue lacks is not one of them: no other place can stand for it.
    """
    found: dict[tuple[AliasKind, str], None] = {}
    for row in figures.rows:
        entities: dict[AliasKind, object] = {"indicator": row.indicator, "geo": row.geo, "item": row.item}
        for kind, entity in entities.items():
            if entity is None and (text := row.role_text(kind)[0].strip()):
                found[kind, text] = None
    index = figures.rows[0].context.name_index if figures.rows else None
    return tuple(
        build_unknown_name(kind, text, index)
        for kind, text in sorted(found, key=lambda key: ALIAS_KINDS.index(key[0]))
        if index is not None and not (kind == "geo" and index.find_place(text))
    )


def build_unknown_name(kind: AliasKind, text: str, index: NameIndex) -> UnknownName:
    """A name that the catalogue lacks, with similar ones."""
    return UnknownName(kind, text, index.suggest_ids(text, kind))
