"""The figures of a table, one by one: each with its series, its period and its value, or with what is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal, NamedTuple, Protocol

from observatory import settings
from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import MONTHS, Frequency, frequency_of, last_month, month_of, ordinal
from observatory.errors import Value
from observatory.ingest.decode import numbers
from observatory.ingest.decode import periods as period_formats
from observatory.ingest.decode.name_index import LOWEST_HEAD, Names, Role, bare, expected, fold, of_knowhow, roles_in
from observatory.ingest.decode.numbers import Number
from observatory.ingest.decode.table import Scalar, Table, written
from observatory.ingest.decode.units import UNIT_HEADS, in_brackets
from observatory.ingest.figures.layout import HEADED, Layout
from observatory.language import visible

WhenKind = Literal["period", "empty", "bad", "bad_date", "other", "inside", "serial", "open"]


class Fault(NamedTuple):
    """Where a rule is broken: the file's line, the head of the column as written, the text, and more to say."""

    line: int | None
    column: str
    value: str
    values: Mapping[str, Value]


class When(NamedTuple):
    """What a cell of a period says: a period, or why it is none ("open": a day whose frequency nobody knows).

    Of a day that is none ("inside" a period, or the "serial" number of one), `period` is the day. `tense` says whether
    the period has not begun ("future") or not ended ("running").
    """

    kind: WhenKind
    period: str = ""
    frequency: Frequency | None = None
    tense: Literal["", "future", "running"] = ""


@dataclass(frozen=True)
class Frame:
    """A table with what its columns hold: what rules on its layout look at, and what each row refers to."""

    table: Table
    layout: Layout
    names: Names
    today: date | None

    def head(self, place: int) -> str:
        """The head of a column as written."""
        return self.table.heads[place]

    @cached_property
    def head_below(self) -> int | None:
        """The line of what looks like the real head, if the first row of the table is a title; else None."""
        if self._is_head(self.table.head):
            return None
        return next((line for line, cells in self.table.rows[:LOWEST_HEAD] if self._is_head(cells)), None)

    def _is_head(self, cells: Sequence[Scalar]) -> bool:
        """Whether a row names two roles, know-how, or one role beside an indicator or two periods."""
        roles = roles_in(cells)
        if roles != 1:
            return roles > 1 or of_knowhow(cells)
        texts = [written(cell) for cell in cells if cell != ""]
        periods = sum(period_formats.elsewhere(text) for text in texts)
        return periods > 1 or of_knowhow(cells) or any(self.names.indicator(text) is not None for text in texts)

    @cached_property
    def units(self) -> tuple[int, ...]:
        """The columns that say the units of figures."""
        known = {fold(head) for head in UNIT_HEADS}
        return tuple(place for place in self.layout.ignored if fold(self.head(place)) in known)

    @cached_property
    def periods(self) -> list[Scalar]:
        """All that is written where periods stand: in their column, or in the heads."""
        column = self.layout.places.get("period")
        if column is None:
            cells = [self.table.head[place] for place in self.layout.values]
        else:
            cells = [row[column] for _line, row in self.table.rows if column < len(row) and row[column] != ""]
        return [written(cell) if isinstance(cell, float) else cell for cell in cells]

    @cached_property
    def form(self) -> period_formats.Format | None:
        """The format of the periods; None if they are days of a sheet."""
        return period_formats.usual(self.periods)

    @cached_property
    def example(self) -> str:
        """A period that is written as most are."""
        return next(
            (
                written(cell)
                for cell in self.periods
                if (isinstance(cell, date) if self.form is None else period_formats.fits(written(cell), self.form))
            ),
            "",
        )


@dataclass(slots=True)
class Row:
    """One figure of a file. What could not be read is None, or says so itself; `place` is the column of the figure."""

    frame: Frame
    line: int
    cells: list[Scalar]
    place: int
    indicator: Indicator | None
    geo: str | None
    item: str | None
    when: When
    found: numbers.Reading | None
    number: Number

    @property
    def key(self) -> tuple[str, str, str]:
        """The key of its series; only of a row without a fault."""
        assert self.indicator is not None
        assert self.geo is not None
        assert self.item is not None
        return self.indicator.id, self.geo, self.item

    def fault(self, role: Role, **values: Value) -> Fault:
        """A fault of this row in the column of a role; the head of a wide table may be that column."""
        text, column = self.said(role)
        return Fault(self.line, column, visible(text, settings.CELL_SHOWN), values)

    @property
    def unit(self) -> str:
        """The unit that the file says: in the head of the figure, or in a column of units; empty if it says none."""
        said = in_brackets(self.frame.head(self.place))
        return said or next((written(self.cells[place]) for place in self.frame.units), "")

    def said(self, role: Role) -> tuple[str, str]:
        """What the file says for a role, and the head of the column where it does ("" if no column does)."""
        layout = self.frame.layout
        if role == "value":
            return written(self.cells[self.place]), self.frame.head(self.place)
        place = layout.places.get(role)
        if place is not None:
            return written(self.cells[place]), self.frame.head(place)
        if HEADED.get(layout.shape) == role:
            head = self.frame.head(self.place)
            return layout.given.get(role, head), head
        return layout.given.get(role, ""), ""


class Ragged(NamedTuple):
    """A line with too few or too many cells."""

    line: int
    found: int
    text: str


class Placed(Protocol):
    """What stands in a line of the file."""

    @property
    def line(self) -> int:
        """The line, from 1."""


class Lines(Protocol):
    """What was read below a head: rows, and the lines that are none."""

    @property
    def rows(self) -> Sequence[Placed]:
        """The rows that could be read."""

    @property
    def ragged(self) -> Sequence[Ragged]:
        """The lines with too few or too many cells."""


@dataclass
class Figures:
    """The rows of a table, the lines that are no rows, and what was found out on the way."""

    rows: list[Row] = field(default_factory=list)
    ragged: list[Ragged] = field(default_factory=list)
    empty: int = 0
    expected: int = 0
    short_years: bool = False
    flags: set[str] = field(default_factory=set)
    inferred_geo: dict[str, str] = field(default_factory=dict)
    inferred_item: dict[str, str] = field(default_factory=dict)


def figures(frame: Frame) -> Figures:
    """All figures of a table; their values are settled later, once the decimal sign is known."""
    return _Reader(frame).read()


class _Reader:
    """Reads rows; each text of a name or period is looked up once."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.layout, self.names = frame.layout, frame.names
        self.found = Figures()
        self.indicators: dict[str, Indicator | None] = {}
        self.geos: dict[str, str | None] = {}
        self.items: dict[str, str | None] = {}
        self.periods: dict[tuple[Scalar, Frequency | None], When] = {}

    def read(self) -> Figures:
        """Every line that has as many cells as the head, figure by figure."""
        width = len(self.frame.table.head)
        padded = self.frame.table.padded
        needed = max((*self.layout.places.values(), *self.layout.values))
        for line, cells in self.frame.table.rows:
            cells = as_wide(cells, width, padded or len(cells) > needed)
            if len(cells) != width:
                self.found.ragged.append(ragged(line, cells, width))
                continue
            nature = self.layout.places.get("nature")
            if nature is not None and fold(written(cells[nature])) in expected():
                self.found.expected += 1
                continue
            for place in self.layout.values:
                if numbers.is_empty(cells[place]):
                    self.found.empty += 1
                else:
                    self.found.rows.append(self._row(line, cells, place))
        return self.found

    def _row(self, line: int, cells: list[Scalar], place: int) -> Row:
        indicator = self._indicator(cells, place)
        geo, item = self._geo(cells, place, indicator), self._item(cells, place, indicator)
        when = self._when(cells, place, indicator.frequency if indicator is not None else None)
        reading = numbers.reading(cells[place])
        if reading is not None and reading.flag:
            self.found.flags.add(reading.flag)
        return Row(self.frame, line, cells, place, indicator, geo, item, when, reading, _UNSETTLED)

    def _text(self, role: Role, cells: list[Scalar], place: int) -> str | None:
        """What a row says for a role, or its head does, or what is given for all rows; None if nothing does."""
        column = self.layout.places.get(role)
        if column is not None:
            return written(cells[column])
        given = self.layout.given.get(role)
        return self.frame.head(place) if given is None and HEADED.get(self.layout.shape) == role else given

    def _indicator(self, cells: list[Scalar], place: int) -> Indicator | None:
        text = self._text("indicator", cells, place) or ""
        if text not in self.indicators:
            self.indicators[text] = self.names.indicator(text)
        return self.indicators[text]

    def _geo(self, cells: list[Scalar], place: int, indicator: Indicator | None) -> str | None:
        text = self._text("geo", cells, place)
        if text is None:
            if indicator is not None:
                self.found.inferred_geo[indicator.id] = indicator.headline_geo
                return indicator.headline_geo
            return ""
        if text not in self.geos:
            self.geos[text] = self.names.geo(text)
        return self.geos[text]

    def _item(self, cells: list[Scalar], place: int, indicator: Indicator | None) -> str | None:
        text = self._text("item", cells, place)
        if text is None:
            if indicator is None or self.layout.shape not in ("wide_indicators", "wide_geos"):
                return ""
            if indicator.headline_item:
                self.found.inferred_item[indicator.id] = indicator.headline_item
            return indicator.headline_item
        if text not in self.items:
            self.items[text] = self.names.item(text)
        return self.items[text]

    def _when(self, cells: list[Scalar], place: int, frequency: Frequency | None) -> When:
        column = self.layout.places.get("period")
        cell = cells[column] if column is not None else self.frame.table.head[place]
        found = self.periods.get((cell, frequency))
        if found is None:
            found = self.periods[cell, frequency] = self._read_period(cell, frequency)
        return found

    def _read_period(self, cell: Scalar, frequency: Frequency | None) -> When:
        form = self.frame.form
        text = bare(written(cell)).removeprefix("'")
        if isinstance(cell, date):
            said = period_formats.Said(cell) if form is None else None
        else:
            said = period_formats.read(text, form) if form is not None else None
        if said is None:
            if not text:
                return When("empty")
            if (day := period_formats.serial(text)) is not None:
                return When("serial", day.isoformat())
            if form is not None and form.name in period_formats.DAYS and period_formats.fits(text, form):
                return When("bad_date")
            return When("other" if isinstance(cell, date) or period_formats.elsewhere(text) else "bad")
        self.found.short_years |= said.short
        if isinstance(said.when, date):
            if frequency is None:
                return When("open")
            period = period_formats.period_of(said.when, frequency)
            if period is None:
                possible = frequency_of(f"{said.when.year:04d}") is not None
                return When("inside", said.when.isoformat(), frequency) if possible else When("bad")
            return When("period", period, frequency, self._tense(period, frequency))
        found = frequency_of(said.when)
        return When("period", said.when, found, self._tense(said.when, found)) if found is not None else When("bad")

    def _tense(self, period: str, frequency: Frequency) -> Literal["", "future", "running"]:
        if self.frame.today is None:
            return ""
        last, now = last_month(ordinal(period), frequency), month_of(self.frame.today)
        if last < now:
            return ""
        return "future" if last - MONTHS[frequency] + 1 > now else "running"


def as_wide(cells: list[Scalar], width: int, padded: bool) -> list[Scalar]:
    """The cells of a row; in a sheet those that are missing at its end are empty."""
    return cells + [""] * (width - len(cells)) if padded and len(cells) < width else cells


def ragged(line: int, cells: Sequence[Scalar], width: int) -> Ragged:
    """A line that is not as wide as the head, with the first cell that is too many."""
    return Ragged(line, len(cells), written(cells[width]) if len(cells) > width else "")


_UNSETTLED = Number("text", 0.0)


def strangers(found: Figures) -> tuple[str, ...]:
    """What rows call an indicator that the catalogue lacks, each once."""
    texts = (row.said("indicator")[0].strip() for row in found.rows if row.indicator is None)
    return tuple(dict.fromkeys(text for text in texts if text))
