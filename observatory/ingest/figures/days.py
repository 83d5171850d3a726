"""Days of a table: one in each period, which is that period, or several, which are added up or averaged on request."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from statistics import median
from typing import Literal, NamedTuple

from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import MONTHS_PER_PERIOD, Frequency
from observatory.ingest.decode.numbers import ParsedNumber
from observatory.ingest.decode.table import CellValue
from observatory.ingest.figures.period_cells import PeriodCell, find_first_month
from observatory.ingest.figures.rows import FigureRow

AggregationMethod = Literal["", "sum", "mean"]
_METHOD_BY_KIND: Mapping[str, AggregationMethod] = {"flow": "sum", "price": "mean", "rate": "mean", "stock": "mean"}
_MIN_SINGLE_DAYS = 3  # periods with one day each that show that a table has one row a period
_MAX_DAY_SPREAD = 10  # days by which the only days of periods may differ, from their beginning or their end
_MAX_DAILY_STEP = 4.0  # days between the rows of a daily table, weekends and holidays included
_MAX_HOLIDAYS = 4  # weekdays without a quotation in a complete month
_MEAN_DIGITS = 12  # significant digits of a mean
_SeriesText = tuple[str, str, str]


class IncompletePeriod(NamedTuple):
    """A period of a daily table that lacks days: its first row, how many days it has and how many it lacks."""

    row: FigureRow
    period: str
    days: int
    missing: int


@dataclass(frozen=True)
class DailyTable:
    """A table with several days inside a period of its indicators.

    `example` is a row of a period with `days` days, `method` the plain rule that makes a period of days ("": there is
    none for all its indicators), `is_requested` whether a person asked for it, `incomplete` the periods left out.
    """

    example: FigureRow
    days: int
    method: AggregationMethod
    is_requested: bool = False
    incomplete: tuple[IncompletePeriod, ...] = ()


def find_daily_table(rows: Sequence[FigureRow]) -> DailyTable | None:
    """What makes a table daily (or weekly): more than one day of a series inside a period; None if nothing does."""
    days_by_period: dict[tuple[_SeriesText, str], dict[date, FigureRow]] = defaultdict(dict)
    for row in rows:
        if row.period_cell.day is not None:
            key = (_series_text(row), row.period_cell.to_enclosing(None).period)
            days_by_period[key].setdefault(row.period_cell.day, row)
    crowded = [rows_by_day for rows_by_day in days_by_period.values() if len(rows_by_day) > 1]
    if not crowded:
        return None
    fullest = max(crowded, key=len)
    methods = {find_method(row.indicator) for by_day in crowded for row in by_day.values() if row.indicator is not None}
    steps = [(b - a).days for by_day in crowded for a, b in pairwise(sorted(by_day))]
    is_plain = len(methods) == 1 and median(steps) <= _MAX_DAILY_STEP
    return DailyTable(next(iter(fullest.values())), len(fullest), methods.pop() if is_plain else "")


def find_method(indicator: Indicator) -> AggregationMethod:
    """The rule by which days make a period of an indicator: flows add up, prices, rates and stocks are averaged."""
    return "" if "annual rate" in indicator.unit_en else _METHOD_BY_KIND.get(indicator.kind, "")


def settle_single_days(rows: Sequence[FigureRow], today: date | None) -> bool:
    """Takes days inside periods as their periods if every series has exactly one row a period; whether it did."""
    dated = [row for row in rows if row.period_cell.day is not None]
    inside = {row.period_cell.frequency for row in dated if row.period_cell.kind == "inside"}
    has_settled = False
    for frequency in inside:
        same = [row for row in dated if row.period_cell.frequency == frequency]
        if frequency is not None and _has_one_row_each(same, frequency):
            has_settled = True
            for row in same:
                row.period_cell = row.period_cell.to_enclosing(today)
    return has_settled


def _has_one_row_each(rows: Sequence[FigureRow], frequency: Frequency) -> bool:
    """Whether rows are one a period throughout, each about as far into its period as the others, or from its end."""
    keys = [(_series_text(row), row.period_cell.to_enclosing(None).period) for row in rows]
    days = [row.period_cell.day for row in rows if row.period_cell.day is not None]
    if len(set(keys)) < len(keys) or len({period for _series, period in keys}) < _MIN_SINGLE_DAYS:
        return False
    bounds = [_find_bounds(day, frequency) for day in days]
    from_start = [(day - first).days for day, (first, _last) in zip(days, bounds, strict=True)]
    to_end = [(last - day).days for day, (_first, last) in zip(days, bounds, strict=True)]
    return min(max(offsets) - min(offsets) for offsets in (from_start, to_end)) <= _MAX_DAY_SPREAD


def place_days(rows: Iterable[FigureRow], today: date | None) -> None:
    """Gives the rows of a daily table the periods around their days; a period that runs is incomplete anyway."""
    for row in rows:
        cell = row.period_cell.to_enclosing(today)
        row.period_cell = cell._replace(tense="") if cell.day is not None and cell.tense == "running" else cell


def aggregate_days(daily: DailyTable, rows: Iterable[FigureRow]) -> tuple[DailyTable, list[FigureRow]]:
    """One row for each complete period of valid daily rows, and the table with its incomplete periods.

    A period whose days are all there is complete; in a series without weekends, that has quotations, few weekdays may
    be holidays. A day that is there twice makes its period incomplete.
    """
    by_series: dict[_SeriesText, dict[str, list[FigureRow]]] = defaultdict(lambda: defaultdict(list))
    others = []
    for row in rows:
        if row.period_cell.day is None:
            others.append(row)
        else:
            by_series[_series_text(row)][row.period_cell.period].append(row)
    incomplete: list[IncompletePeriod] = []
    for by_period in by_series.values():
        all_days = {row.period_cell.day for same in by_period.values() for row in same if row.period_cell.day}
        for period, same in by_period.items():
            days = [row.period_cell.day for row in same if row.period_cell.day is not None]
            missing = _count_missing(days, all_days, same[0].period_cell.frequency or "M", daily.method)
            if missing or len(set(days)) < len(days):
                incomplete.append(IncompletePeriod(same[0], period, len(set(days)), missing))
            else:
                others.append(_merge_rows(same, daily.method))
    return replace(daily, incomplete=tuple(incomplete)), others


def _count_missing(days: Sequence[date], all_days: set[date], frequency: Frequency, method: AggregationMethod) -> int:
    """How many days a period lacks; 0 if it is complete."""
    first, last = _find_bounds(days[0], frequency)
    calendar = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    if any(day.weekday() >= 5 for day in all_days):
        return len(set(calendar) - set(days))
    weekdays = [day for day in calendar if day.weekday() < 5]
    absent = [day for day in weekdays if day not in set(days)]
    if method != "mean":
        return len(absent)
    is_cut = (weekdays[-2:] == absent[-2:] and max(all_days) <= last) or (
        weekdays[:2] == absent[:2] and min(all_days) >= first
    )
    holidays = _MAX_HOLIDAYS * MONTHS_PER_PERIOD[frequency]
    return len(absent) if is_cut or len(absent) > holidays else 0


def _merge_rows(rows: Sequence[FigureRow], method: AggregationMethod) -> FigureRow:
    """The rows of the days of a period as one."""
    total, first = math.fsum(row.number.value for row in rows), rows[0]
    value = total if method == "sum" else float(f"{total / len(rows):.{_MEAN_DIGITS}g}")
    cells: list[CellValue] = list(first.cells)
    cells[first.column] = value
    period_column = first.context.layout.role_columns.get("period")
    if period_column is not None:
        cells[period_column] = first.period_cell.period
    cell = PeriodCell("period", first.period_cell.period, first.period_cell.frequency)
    return replace(first, cells=cells, period_cell=cell, number=ParsedNumber("number", value))


def _series_text(row: FigureRow) -> _SeriesText:
    """What a row says of its series, also where that is unknown."""
    return row.role_text("indicator")[0], row.role_text("geo")[0], row.role_text("item")[0]


def _find_bounds(day: date, frequency: Frequency) -> tuple[date, date]:
    """The first and the last day of the period around a day."""
    month = find_first_month(day, frequency)
    after = month + MONTHS_PER_PERIOD[frequency]
    end = date(day.year, after, 1) - timedelta(days=1) if after <= 12 else date(day.year, 12, 31)
    return date(day.year, month, 1), end
