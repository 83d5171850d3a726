"""Figures of a table, one row each: series, period and value, or what could not be read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal, NamedTuple, Protocol

from observatory import settings
from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import (
    MONTHS_PER_PERIOD,
    Frequency,
    last_month_ordinal,
    month_ordinal,
    parse_frequency,
    period_to_ordinal,
)
from observatory.errors import MessageValue
from observatory.ingest.decode import numbers
from observatory.ingest.decode.name_index import (
    ColumnRole,
    NameIndex,
    load_forecast_labels,
    strip_formula_guard,
)
from observatory.ingest.decode.numbers import ParsedNumber
from observatory.ingest.decode.periods import (
    DAY_FORMATS,
    ParsedPeriod,
    PeriodFormat,
    compose_period,
    detect_format,
    is_period_text,
    matches_format,
    parse_excel_serial,
    parse_period,
    to_series_period,
)
from observatory.ingest.decode.series_block import is_figure_row
from observatory.ingest.decode.table import CellTable, CellValue, format_cell
from observatory.ingest.decode.text import fold_text
from observatory.ingest.decode.units import UNIT_HEADERS, parse_bracketed_unit
from observatory.ingest.figures.header_search import find_bare_figures_line, find_header_line
from observatory.ingest.figures.layout import ROLE_OF_HEADERS, TableLayout
from observatory.language import escape_unprintable

PeriodKind = Literal["period", "empty", "bad", "bad_date", "other", "inside", "serial", "open"]


class Violation(NamedTuple):
    """A violation of a rule: line of the file, header of the column, text of the cell, values of the message."""

    line: int | None
    column: str
    value: str
    values: Mapping[str, MessageValue]


class PeriodCell(NamedTuple):
    """The content of a period cell: a period, or why it is none ("open": a day without a known frequency).

    For a day "inside" a period, or the "serial" number of a day, `period` is the day. `tense` says whether the period
    has not begun ("future") or not ended ("running").
    """

    kind: PeriodKind
    period: str = ""
    frequency: Frequency | None = None
    tense: Literal["", "future", "running"] = ""


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
        unit_headers = {fold_text(header) for header in UNIT_HEADERS}
        return tuple(
            column for column in self.layout.ignored_columns if fold_text(self.header_text(column)) in unit_headers
        )

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


def read_figures(context: TableContext) -> FigureRows:
    """All figures of a table; their numbers are resolved later, once the decimal separator is decided."""
    return _FigureReader(context).read()


class _FigureReader:
    """Reader of rows that looks up each name and each period once."""

    def __init__(self, context: TableContext) -> None:
        self.context = context
        self.layout, self.name_index = context.layout, context.name_index
        self.figures = FigureRows()
        self.indicators: dict[str, Indicator | None] = {}
        self.geos: dict[str, str | None] = {}
        self.items: dict[str, str | None] = {}
        self.period_cells: dict[tuple[CellValue, Frequency | None], PeriodCell] = {}

    def read(self) -> FigureRows:
        """Reads every line as wide as the header, figure by figure."""
        width = len(self.context.table.header)
        is_padded = self.context.table.is_padded
        last_used_column = max((*self.layout.role_columns.values(), *self.layout.value_columns))
        for line, cells in self.context.table.rows:
            cells = pad_row(cells, width, is_padded=is_padded or len(cells) > last_used_column)
            if len(cells) != width:
                self.figures.ragged_rows.append(build_ragged_row(line, cells, width))
                continue
            nature = self.layout.role_columns.get("nature")
            if nature is not None and fold_text(format_cell(cells[nature])) in load_forecast_labels():
                self.figures.forecast_count += 1
                continue
            for column in self.layout.value_columns:
                if numbers.is_missing(cells[column]):
                    self.figures.missing_count += 1
                else:
                    self.figures.rows.append(self._build_row(line, cells, column))
        return self.figures

    def _build_row(self, line: int, cells: list[CellValue], column: int) -> FigureRow:
        indicator = self._find_indicator(cells, column)
        geo, item = self._find_geography_id(cells, column, indicator), self._find_item_id(cells, column, indicator)
        period_cell = self._look_up_period(cells, column, indicator.frequency if indicator is not None else None)
        candidates = numbers.parse_candidates(cells[column])
        if candidates is not None and candidates.status_flag:
            self.figures.status_flags.add(candidates.status_flag)
        return FigureRow(
            self.context, line, cells, column, indicator, geo, item, period_cell, candidates, _UNRESOLVED_NUMBER
        )

    def _role_text(self, role: ColumnRole, cells: list[CellValue], value_column: int) -> str | None:
        """The text of a role in a row: of its column, its header, or the default of all rows; None without any."""
        column = self.layout.role_columns.get(role)
        if column is not None:
            return format_cell(cells[column])
        default = self.layout.defaults.get(role)
        return (
            self.context.header_text(value_column)
            if default is None and ROLE_OF_HEADERS.get(self.layout.shape) == role
            else default
        )

    def _find_indicator(self, cells: list[CellValue], column: int) -> Indicator | None:
        text = self._role_text("indicator", cells, column) or ""
        if text not in self.indicators:
            self.indicators[text] = self.name_index.find_indicator(text)
        return self.indicators[text]

    def _find_geography_id(self, cells: list[CellValue], column: int, indicator: Indicator | None) -> str | None:
        text = self._role_text("geo", cells, column)
        if text is None:
            if indicator is not None:
                self.figures.inferred_geo[indicator.id] = indicator.headline_geo
                return indicator.headline_geo
            return ""
        if text not in self.geos:
            self.geos[text] = self.name_index.find_geography_id(text)
        return self.geos[text]

    def _find_item_id(self, cells: list[CellValue], column: int, indicator: Indicator | None) -> str | None:
        text = self._role_text("item", cells, column)
        if text is None:
            if indicator is None or self.layout.shape not in ("wide_indicators", "wide_geos", "matrix"):
                return ""
            if indicator.headline_item:
                self.figures.inferred_item[indicator.id] = indicator.headline_item
            return indicator.headline_item
        if text not in self.items:
            self.items[text] = self.name_index.find_item_id(text)
        return self.items[text]

    def _look_up_period(self, cells: list[CellValue], value_column: int, frequency: Frequency | None) -> PeriodCell:
        column = self.layout.role_columns.get("period")
        cell = cells[column] if column is not None else self.context.table.header[value_column]
        if self.layout.shape == "matrix":
            cell = compose_period(format_cell(cell), self.context.header_text(value_column)) or cell
        period_cell = self.period_cells.get((cell, frequency))
        if period_cell is None:
            period_cell = self.period_cells[cell, frequency] = self._parse_period_cell(cell, frequency)
        return period_cell

    def _parse_period_cell(self, cell: CellValue, frequency: Frequency | None) -> PeriodCell:
        period_format = self.context.period_format
        text = strip_formula_guard(format_cell(cell)).removeprefix("'")
        if isinstance(cell, date):
            parsed = ParsedPeriod(cell) if period_format is None else None
        else:
            parsed = parse_period(text, period_format) if period_format is not None else None
        if parsed is None:
            if not text:
                return PeriodCell("empty")
            if (day := parse_excel_serial(text)) is not None:
                return PeriodCell("serial", day.isoformat())
            if period_format is not None and period_format.name in DAY_FORMATS and matches_format(text, period_format):
                return PeriodCell("bad_date")
            return PeriodCell("other" if isinstance(cell, date) or is_period_text(text) else "bad")
        self.figures.has_short_years |= parsed.has_short_year
        if isinstance(parsed.period_or_day, date):
            if frequency is None:
                return PeriodCell("open")
            period = to_series_period(parsed.period_or_day, frequency)
            if period is None:
                is_possible_year = parse_frequency(f"{parsed.period_or_day.year:04d}") is not None
                return (
                    PeriodCell("inside", parsed.period_or_day.isoformat(), frequency)
                    if is_possible_year
                    else PeriodCell("bad")
                )
            return PeriodCell("period", period, frequency, self._classify_tense(period, frequency))
        written_frequency = parse_frequency(parsed.period_or_day)
        return (
            PeriodCell(
                "period",
                parsed.period_or_day,
                written_frequency,
                self._classify_tense(parsed.period_or_day, written_frequency),
            )
            if written_frequency is not None
            else PeriodCell("bad")
        )

    def _classify_tense(self, period: str, frequency: Frequency) -> Literal["", "future", "running"]:
        if self.context.today is None:
            return ""
        last_month, current_month = (
            last_month_ordinal(period_to_ordinal(period), frequency),
            month_ordinal(self.context.today),
        )
        if last_month < current_month:
            return ""
        return "future" if last_month - MONTHS_PER_PERIOD[frequency] + 1 > current_month else "running"


def pad_row(cells: list[CellValue], width: int, *, is_padded: bool) -> list[CellValue]:
    """The cells of a row, padded with empty cells to `width` if `is_padded`."""
    return cells + [""] * (width - len(cells)) if is_padded and len(cells) < width else cells


def build_ragged_row(line: int, cells: Sequence[CellValue], width: int) -> RaggedRow:
    """A line of the wrong width, with its first extra cell."""
    return RaggedRow(line, len(cells), format_cell(cells[width]) if len(cells) > width else "")


_UNRESOLVED_NUMBER = ParsedNumber("text", 0.0)


def list_unknown_indicators(figures: FigureRows) -> tuple[str, ...]:
    """The names of indicators that the catalogue lacks, each once, in order of appearance."""
    texts = (row.role_text("indicator")[0].strip() for row in figures.rows if row.indicator is None)
    return tuple(dict.fromkeys(text for text in texts if text))
