"""The figures of a table, one by one: each with its series, its period and its value, or with what is wrong."""

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
    MAX_HEADER_SEARCH_ROWS,
    ColumnRole,
    NameIndex,
    count_roles,
    fold_text,
    is_knowhow_header_row,
    load_forecast_labels,
    strip_formula_guard,
)
from observatory.ingest.decode.numbers import ParsedNumber
from observatory.ingest.decode.periods import (
    DAY_FORMATS,
    ParsedPeriod,
    PeriodFormat,
    detect_format,
    is_period_text,
    matches_format,
    parse_excel_serial,
    parse_period,
    to_series_period,
)
from observatory.ingest.decode.table import CellTable, CellValue, format_cell
from observatory.ingest.decode.units import UNIT_HEADERS, parse_bracketed_unit
from observatory.ingest.figures.layout import ROLE_OF_HEADERS, TableLayout
from observatory.language import escape_unprintable

PeriodKind = Literal["period", "empty", "bad", "bad_date", "other", "inside", "serial", "open"]


class Violation(NamedTuple):
    """Where a rule is broken: the file's line, the head of the column as written, the text, and more to say."""

    line: int | None
    column: str
    value: str
    values: Mapping[str, MessageValue]


class PeriodCell(NamedTuple):
    """What a cell of a period says: a period, or why it is none ("open": a day whose frequency nobody knows).

    Of a day that is none ("inside" a period, or the "serial" number of one), `period` is the day. `tense` says whether
    the period has not begun ("future") or not ended ("running").
    """

    kind: PeriodKind
    period: str = ""
    frequency: Frequency | None = None
    tense: Literal["", "future", "running"] = ""


@dataclass(frozen=True)
class TableContext:
    """A table with what its columns hold: what rules on its layout look at, and what each row refers to."""

    table: CellTable
    layout: TableLayout
    name_index: NameIndex
    today: date | None

    def header_text(self, column: int) -> str:
        """The head of a column as written."""
        return self.table.header_texts[column]

    @cached_property
    def real_header_line(self) -> int | None:
        """The line of what looks like the real head, if the first row of the table is a title; else None."""
        if self._is_header(self.table.header):
            return None
        return next((line for line, cells in self.table.rows[:MAX_HEADER_SEARCH_ROWS] if self._is_header(cells)), None)

    def _is_header(self, cells: Sequence[CellValue]) -> bool:
        """Whether a row names two roles, know-how, or one role beside an indicator or two periods."""
        roles = count_roles(cells)
        if roles != 1:
            return roles > 1 or is_knowhow_header_row(cells)
        texts = [format_cell(cell) for cell in cells if cell != ""]
        periods = sum(is_period_text(text) for text in texts)
        return (
            periods > 1
            or is_knowhow_header_row(cells)
            or any(self.name_index.find_indicator(text) is not None for text in texts)
        )

    @cached_property
    def unit_columns(self) -> tuple[int, ...]:
        """The columns that say the units of figures."""
        known = {fold_text(head) for head in UNIT_HEADERS}
        return tuple(place for place in self.layout.ignored_columns if fold_text(self.header_text(place)) in known)

    @cached_property
    def period_cells(self) -> list[CellValue]:
        """All that is written where periods stand: in their column, or in the heads."""
        column = self.layout.role_columns.get("period")
        if column is None:
            cells = [self.table.header[place] for place in self.layout.value_columns]
        else:
            cells = [row[column] for _line, row in self.table.rows if column < len(row) and row[column] != ""]
        return [format_cell(cell) if isinstance(cell, float) else cell for cell in cells]

    @cached_property
    def period_format(self) -> PeriodFormat | None:
        """The format of the periods; None if they are days of a sheet."""
        return detect_format(self.period_cells)

    @cached_property
    def example_period(self) -> str:
        """A period that is written as most are."""
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
    """One figure of a file. What could not be read is None, or says so itself; `place` is the column of the figure."""

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
        """The key of its series; only of a row without a fault."""
        assert self.indicator is not None
        assert self.geo is not None
        assert self.item is not None
        return self.indicator.id, self.geo, self.item

    def build_violation(self, role: ColumnRole, **values: MessageValue) -> Violation:
        """A fault of this row in the column of a role; the head of a wide table may be that column."""
        text, column = self.role_text(role)
        return Violation(self.line, column, escape_unprintable(text, settings.MAX_CELL_CHARS), values)

    @property
    def unit_text(self) -> str:
        """The unit that the file says: in the head of the figure, or in a column of units; empty if it says none."""
        said = parse_bracketed_unit(self.context.header_text(self.column))
        return said or next((format_cell(self.cells[place]) for place in self.context.unit_columns), "")

    def role_text(self, role: ColumnRole) -> tuple[str, str]:
        """What the file says for a role, and the head of the column where it does ("" if no column does)."""
        layout = self.context.layout
        if role == "value":
            return format_cell(self.cells[self.column]), self.context.header_text(self.column)
        place = layout.role_columns.get(role)
        if place is not None:
            return format_cell(self.cells[place]), self.context.header_text(place)
        if ROLE_OF_HEADERS.get(layout.shape) == role:
            head = self.context.header_text(self.column)
            return layout.defaults.get(role, head), head
        return layout.defaults.get(role, ""), ""


class RaggedRow(NamedTuple):
    """A line with too few or too many cells."""

    line: int
    cell_count: int
    first_extra_cell: str


class HasLine(Protocol):
    """What stands in a line of the file."""

    @property
    def line(self) -> int:
        """The line, from 1."""


class RowCollection(Protocol):
    """What was read below a head: rows, and the lines that are none."""

    @property
    def rows(self) -> Sequence[HasLine]:
        """The rows that could be read."""

    @property
    def ragged_rows(self) -> Sequence[RaggedRow]:
        """The lines with too few or too many cells."""


@dataclass
class FigureRows:
    """The rows of a table, the lines that are no rows, and what was found out on the way."""

    rows: list[FigureRow] = field(default_factory=list)
    ragged_rows: list[RaggedRow] = field(default_factory=list)
    missing_count: int = 0
    forecast_count: int = 0
    has_short_years: bool = False
    status_flags: set[str] = field(default_factory=set)
    inferred_geo: dict[str, str] = field(default_factory=dict)
    inferred_item: dict[str, str] = field(default_factory=dict)


def read_figures(context: TableContext) -> FigureRows:
    """All figures of a table; their values are settled later, once the decimal sign is known."""
    return _FigureReader(context).read()


class _FigureReader:
    """Reads rows; each text of a name or period is looked up once."""

    def __init__(self, context: TableContext) -> None:
        self.context = context
        self.layout, self.name_index = context.layout, context.name_index
        self.figures = FigureRows()
        self.indicators: dict[str, Indicator | None] = {}
        self.geos: dict[str, str | None] = {}
        self.items: dict[str, str | None] = {}
        self.period_cells: dict[tuple[CellValue, Frequency | None], PeriodCell] = {}

    def read(self) -> FigureRows:
        """Every line that has as many cells as the head, figure by figure."""
        width = len(self.context.table.header)
        padded = self.context.table.is_padded
        needed = max((*self.layout.role_columns.values(), *self.layout.value_columns))
        for line, cells in self.context.table.rows:
            cells = pad_row(cells, width, padded or len(cells) > needed)
            if len(cells) != width:
                self.figures.ragged_rows.append(build_ragged_row(line, cells, width))
                continue
            nature = self.layout.role_columns.get("nature")
            if nature is not None and fold_text(format_cell(cells[nature])) in load_forecast_labels():
                self.figures.forecast_count += 1
                continue
            for place in self.layout.value_columns:
                if numbers.is_missing(cells[place]):
                    self.figures.missing_count += 1
                else:
                    self.figures.rows.append(self._build_row(line, cells, place))
        return self.figures

    def _build_row(self, line: int, cells: list[CellValue], column: int) -> FigureRow:
        indicator = self._find_indicator(cells, column)
        geo, item = self._find_geography_id(cells, column, indicator), self._find_item_id(cells, column, indicator)
        when = self._look_up_period(cells, column, indicator.frequency if indicator is not None else None)
        reading = numbers.parse_candidates(cells[column])
        if reading is not None and reading.status_flag:
            self.figures.status_flags.add(reading.status_flag)
        return FigureRow(self.context, line, cells, column, indicator, geo, item, when, reading, _UNRESOLVED_NUMBER)

    def _role_text(self, role: ColumnRole, cells: list[CellValue], place: int) -> str | None:
        """What a row says for a role, or its head does, or what is given for all rows; None if nothing does."""
        column = self.layout.role_columns.get(role)
        if column is not None:
            return format_cell(cells[column])
        given = self.layout.defaults.get(role)
        return (
            self.context.header_text(place)
            if given is None and ROLE_OF_HEADERS.get(self.layout.shape) == role
            else given
        )

    def _find_indicator(self, cells: list[CellValue], place: int) -> Indicator | None:
        text = self._role_text("indicator", cells, place) or ""
        if text not in self.indicators:
            self.indicators[text] = self.name_index.find_indicator(text)
        return self.indicators[text]

    def _find_geography_id(self, cells: list[CellValue], place: int, indicator: Indicator | None) -> str | None:
        text = self._role_text("geo", cells, place)
        if text is None:
            if indicator is not None:
                self.figures.inferred_geo[indicator.id] = indicator.headline_geo
                return indicator.headline_geo
            return ""
        if text not in self.geos:
            self.geos[text] = self.name_index.find_geography_id(text)
        return self.geos[text]

    def _find_item_id(self, cells: list[CellValue], place: int, indicator: Indicator | None) -> str | None:
        text = self._role_text("item", cells, place)
        if text is None:
            if indicator is None or self.layout.shape not in ("wide_indicators", "wide_geos"):
                return ""
            if indicator.headline_item:
                self.figures.inferred_item[indicator.id] = indicator.headline_item
            return indicator.headline_item
        if text not in self.items:
            self.items[text] = self.name_index.find_item_id(text)
        return self.items[text]

    def _look_up_period(self, cells: list[CellValue], place: int, frequency: Frequency | None) -> PeriodCell:
        column = self.layout.role_columns.get("period")
        cell = cells[column] if column is not None else self.context.table.header[place]
        found = self.period_cells.get((cell, frequency))
        if found is None:
            found = self.period_cells[cell, frequency] = self._parse_period_cell(cell, frequency)
        return found

    def _parse_period_cell(self, cell: CellValue, frequency: Frequency | None) -> PeriodCell:
        form = self.context.period_format
        text = strip_formula_guard(format_cell(cell)).removeprefix("'")
        if isinstance(cell, date):
            said = ParsedPeriod(cell) if form is None else None
        else:
            said = parse_period(text, form) if form is not None else None
        if said is None:
            if not text:
                return PeriodCell("empty")
            if (day := parse_excel_serial(text)) is not None:
                return PeriodCell("serial", day.isoformat())
            if form is not None and form.name in DAY_FORMATS and matches_format(text, form):
                return PeriodCell("bad_date")
            return PeriodCell("other" if isinstance(cell, date) or is_period_text(text) else "bad")
        self.figures.has_short_years |= said.has_short_year
        if isinstance(said.period_or_day, date):
            if frequency is None:
                return PeriodCell("open")
            period = to_series_period(said.period_or_day, frequency)
            if period is None:
                possible = parse_frequency(f"{said.period_or_day.year:04d}") is not None
                return (
                    PeriodCell("inside", said.period_or_day.isoformat(), frequency) if possible else PeriodCell("bad")
                )
            return PeriodCell("period", period, frequency, self._classify_tense(period, frequency))
        found = parse_frequency(said.period_or_day)
        return (
            PeriodCell("period", said.period_or_day, found, self._classify_tense(said.period_or_day, found))
            if found is not None
            else PeriodCell("bad")
        )

    def _classify_tense(self, period: str, frequency: Frequency) -> Literal["", "future", "running"]:
        if self.context.today is None:
            return ""
        last, now = last_month_ordinal(period_to_ordinal(period), frequency), month_ordinal(self.context.today)
        if last < now:
            return ""
        return "future" if last - MONTHS_PER_PERIOD[frequency] + 1 > now else "running"


def pad_row(cells: list[CellValue], width: int, is_padded: bool) -> list[CellValue]:
    """The cells of a row; in a sheet those that are missing at its end are empty."""
    return cells + [""] * (width - len(cells)) if is_padded and len(cells) < width else cells


def build_ragged_row(line: int, cells: Sequence[CellValue], width: int) -> RaggedRow:
    """A line that is not as wide as the head, with the first cell that is too many."""
    return RaggedRow(line, len(cells), format_cell(cells[width]) if len(cells) > width else "")


_UNRESOLVED_NUMBER = ParsedNumber("text", 0.0)


def list_unknown_indicators(figures: FigureRows) -> tuple[str, ...]:
    """What rows call an indicator that the catalogue lacks, each once."""
    texts = (row.role_text("indicator")[0].strip() for row in figures.rows if row.indicator is None)
    return tuple(dict.fromkeys(text for text in texts if text))
