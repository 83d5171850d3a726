"""Period cells: the period of a cell, or why it is none."""

from datetime import date
from typing import Literal, NamedTuple

from observatory.catalogue.periods import (
    MONTHS_PER_PERIOD,
    Frequency,
    last_month_ordinal,
    month_ordinal,
    parse_frequency,
    period_to_ordinal,
)
from observatory.ingest.decode.name_index import strip_formula_guard
from observatory.ingest.decode.periods import (
    DAY_FORMATS,
    ParsedPeriod,
    PeriodFormat,
    is_period_text,
    matches_format,
    parse_excel_serial,
    parse_period,
    to_series_period,
)
from observatory.ingest.decode.table import CellValue, format_cell

PeriodKind = Literal["period", "empty", "bad", "bad_date", "other", "inside", "serial", "open"]


class PeriodCell(NamedTuple):
    """The content of a period cell: a period, or why it is none ("open": a day without a known frequency).

    For a day "inside" a period, or the "serial" number of a day, `period` is the day. `tense` says whether the period
    has not begun ("future") or not ended ("running"). `day` is the day that the cell gives, if it gives one.
    """

    kind: PeriodKind
    period: str = ""
    frequency: Frequency | None = None
    tense: Literal["", "future", "running"] = ""
    day: date | None = None

    def to_enclosing(self, today: date | None) -> "PeriodCell":
        """The period around the day, wherever in it the day lies."""
        if self.day is None or self.frequency is None:
            return self
        first = date(self.day.year, find_first_month(self.day, self.frequency), 1)
        period = to_series_period(first, self.frequency)
        assert period is not None
        return PeriodCell("period", period, self.frequency, classify_tense(period, self.frequency, today), self.day)


def find_first_month(day: date, frequency: Frequency) -> int:
    """The first month of the period around a day."""
    months = MONTHS_PER_PERIOD[frequency]
    return (day.month - 1) // months * months + 1


def parse_period_cell(
    cell: CellValue, period_format: PeriodFormat | None, frequency: Frequency | None, today: date | None
) -> PeriodCell:
    """The content of a cell in the format of its column (None: date cells of a sheet).

    `frequency` is that of its indicator, None if the indicator is unknown.
    """
    text = strip_formula_guard(format_cell(cell)).removeprefix("'")
    if isinstance(cell, date):
        parsed = ParsedPeriod(cell) if period_format is None else None
    else:
        parsed = parse_period(text, period_format) if period_format is not None else None
    if parsed is None:
        return _explain_failure(cell, text, period_format)
    if isinstance(parsed.period_or_day, date):
        return _place_day(parsed.period_or_day, frequency, today)
    written_frequency = parse_frequency(parsed.period_or_day)
    if written_frequency is None:
        return PeriodCell("bad")
    tense = classify_tense(parsed.period_or_day, written_frequency, today)
    return PeriodCell("period", parsed.period_or_day, written_frequency, tense)


def has_short_year(cell: CellValue, period_format: PeriodFormat | None) -> bool:
    """Whether a cell is a period whose year has two digits."""
    if isinstance(cell, date) or period_format is None:
        return False
    parsed = parse_period(strip_formula_guard(format_cell(cell)).removeprefix("'"), period_format)
    return parsed is not None and parsed.has_short_year


def _explain_failure(cell: CellValue, text: str, period_format: PeriodFormat | None) -> PeriodCell:
    """Why a cell is no period in the format of its column."""
    if not text:
        return PeriodCell("empty")
    if (day := parse_excel_serial(text)) is not None:
        return PeriodCell("serial", day.isoformat())
    if period_format is not None and period_format.name in DAY_FORMATS and matches_format(text, period_format):
        return PeriodCell("bad_date")
    return PeriodCell("other" if isinstance(cell, date) or is_period_text(text) else "bad")


def _place_day(day: date, frequency: Frequency | None, today: date | None) -> PeriodCell:
    """The period that a day begins or ends, or that it lies inside of one."""
    if frequency is None:
        return PeriodCell("open")
    if parse_frequency(f"{day.year:04d}") is None:
        return PeriodCell("bad")
    period = to_series_period(day, frequency)
    if period is None:
        return PeriodCell("inside", day.isoformat(), frequency, day=day)
    return PeriodCell("period", period, frequency, classify_tense(period, frequency, today), day)


def classify_tense(period: str, frequency: Frequency, today: date | None) -> Literal["", "future", "running"]:
    """Whether a period has not begun, or not ended; today is None for curated files, which have a day of their own."""
    if today is None:
        return ""
    last_month, current_month = last_month_ordinal(period_to_ordinal(period), frequency), month_ordinal(today)
    if last_month < current_month:
        return ""
    return "future" if last_month - MONTHS_PER_PERIOD[frequency] + 1 > current_month else "running"
