"""Long files (`unique_id, ds, y`) to a RaggedPanel, with a finding for every rejected row."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from observatory.catalogue.periods import MONTHS_PER_PERIOD, Frequency, ordinal_to_period
from observatory.errors import Finding, SeriesFileError
from observatory.ingest.long.accumulator import FindingCollector, RowAccumulator
from observatory.ingest.long.dates import MONTH, QUARTER, UNREAD, YEAR, ParsedDates, parse_dates
from observatory.ingest.long.reader import LongFile
from observatory.ingest.long.sentinels import find_sentinels
from observatory.ingest.report import Choices
from observatory.settings import MAX_ECHOED_CHARS
from observatory.timeseries import FloatArray, RaggedPanel

_NumberT = TypeVar("_NumberT", bound=np.generic)

_MAX_MONTHS = 12 * 3000  # more months than there are in the years 0 to 2999
_ALLOWED_DATE_FORMS: dict[Frequency, tuple[int, ...]] = {"A": (MONTH, YEAR), "Q": (MONTH, QUARTER), "M": (MONTH,)}
_CALENDAR_PHASES = (0, 11)  # January and December: years that begin or end with the calendar's


@dataclass(frozen=True)
class LongFileResult:
    """The series of a long file, its number of rows, and findings on the rejected ones.

    `is_frequency_inferred` says that the file decided the frequency; `omitted_count` counts findings beyond the limit.
    """

    table: RaggedPanel
    row_count: int
    is_frequency_inferred: bool
    findings: tuple[Finding, ...]
    omitted_count: int


def read_long_file(
    path: Path,
    frequency: Frequency | None = None,
    progress: Callable[[float], None] = lambda _: None,
    *,
    choices: Choices = Choices(),  # noqa: B008 - frozen
    missing: tuple[float, ...] = (),
) -> LongFileResult:
    """Reads a long file in blocks; the values `missing` stand for absent ones.

    Raises SeriesFileError if it is no table of series, or if it leaves a question open.
    """
    accumulator = RowAccumulator(str(path.name))
    source = LongFile(path, choices)
    for block in source.iterate_blocks():
        accumulator.add_block(block)
        progress(min(block.done_share, 1.0))
    for row in source.malformed_rows:
        code = "long_quote" if "\n" in row.text else "long_fields"
        accumulator.findings.add(row.line, code, "", row.text, found=row.field_count, wanted=row.expected_count)
    accumulator.findings.omitted_count += source.omitted_count
    row_count = accumulator.row_count + len(source.malformed_rows) + source.omitted_count
    if not row_count:
        raise SeriesFileError("error.table.header_only", path=str(path))
    dates = parse_dates(list(accumulator.number_by_date), choices, str(path))
    table = _build_table(accumulator, dates, _Request(str(path), frequency, choices.fiscal_year, missing))
    listed = sorted(accumulator.findings.listed, key=lambda row: row.line or 0)
    is_inferred = frequency is None and bool(len(table.values))
    return LongFileResult(table, row_count, is_inferred, tuple(listed), accumulator.findings.omitted_count)


class _Request(NamedTuple):
    """What a person said of a file: its frequency, the year that names its fiscal years, the marks of absent values."""

    path: str
    frequency: Frequency | None
    fiscal_year: str
    missing: tuple[float, ...]


@dataclass
class _SortedRows:
    """Valid rows, sorted by series, month and line: arrays of the same length."""

    series: NDArray[np.int32]
    dates: NDArray[np.int32]
    months: NDArray[np.int32]
    values: FloatArray
    lines: NDArray[np.int32]

    def select(self, mask: NDArray[np.bool_]) -> "_SortedRows":
        """The rows of a mask."""
        if mask.all():
            return self
        return _SortedRows(self.series[mask], self.dates[mask], self.months[mask], self.values[mask], self.lines[mask])


def _build_table(accumulator: RowAccumulator, dates: ParsedDates, request: _Request) -> RaggedPanel:
    names, words = tuple(accumulator.id_numbers), tuple(accumulator.number_by_date)
    rows = _sort_rows(accumulator, dates.months)
    rows = _select_readable(rows, dates.forms, names, words, accumulator.findings)
    frequency = request.frequency or _infer_frequency(rows, dates, words, request)
    rows = _select_fitting(rows, dates.forms, frequency, names, words, accumulator.findings)
    numbers = rows.months // MONTHS_PER_PERIOD[frequency]
    is_repeated = np.zeros(len(numbers), dtype=bool)
    is_repeated[1:] = (numbers[1:] == numbers[:-1]) & (rows.series[1:] == rows.series[:-1])
    first_rows = np.flatnonzero(~is_repeated)

    def add(row: int) -> None:
        kept_line = int(rows.lines[first_rows[np.searchsorted(first_rows, row, side="right") - 1]])
        values = {
            "series": names[rows.series[row]][:MAX_ECHOED_CHARS],
            "period": ordinal_to_period(int(numbers[row]), frequency),
            "kept": kept_line,
        }
        accumulator.findings.add(int(rows.lines[row]), "long_repeated", "ds", words[int(rows.dates[row])], **values)

    accumulator.findings.add_each(np.flatnonzero(is_repeated), add)
    rows = rows.select(~is_repeated & np.isfinite(rows.values) & ~np.isin(rows.values, request.missing))
    for row in find_sentinels(rows.series, rows.values):
        name, value = names[rows.series[row]][:MAX_ECHOED_CHARS], f"{rows.values[row]:.15g}"
        accumulator.findings.add(int(rows.lines[row]), "long_sentinel", "y", value, series=name)
    return _fill_calendar(accumulator, frequency, rows.series, rows.months // MONTHS_PER_PERIOD[frequency], rows.values)


def _sort_rows(accumulator: RowAccumulator, months_by_date: NDArray[np.int32]) -> _SortedRows:
    """All rows by series, then month, then line; parts are released array by array to limit memory."""
    series, dates = _concatenate_parts(accumulator.series_numbers), _concatenate_parts(accumulator.date_numbers)
    values, lines = _concatenate_parts(accumulator.values), _concatenate_parts(accumulator.lines)
    months = np.append(months_by_date, np.int32(0))[dates]
    key = series.astype(np.int64) * _MAX_MONTHS + months
    if (key[1:] >= key[:-1]).all():
        return _SortedRows(series, dates, months, values, lines)
    order = np.argsort(key, kind="stable")
    del key
    return _SortedRows(series[order], dates[order], months[order], values[order], lines[order])


def _concatenate_parts(parts: list[NDArray[_NumberT]]) -> NDArray[_NumberT]:
    whole = np.concatenate(parts)
    parts.clear()
    return whole


def _select_readable(
    rows: _SortedRows,
    forms: NDArray[np.int8],
    names: tuple[str, ...],
    words: tuple[str, ...],
    findings: FindingCollector,
) -> _SortedRows:
    """The rows whose date can be read."""
    is_readable = np.append(forms, np.int8(UNREAD))[rows.dates] != UNREAD

    def add(row: int) -> None:
        name, word = names[rows.series[row]][:MAX_ECHOED_CHARS], words[int(rows.dates[row])]
        findings.add(int(rows.lines[row]), "long_period", "ds", word, series=name)

    findings.add_each(np.flatnonzero(~is_readable), add)
    return rows.select(is_readable)


def _infer_frequency(rows: _SortedRows, dates: ParsedDates, words: tuple[str, ...], request: _Request) -> Frequency:
    """The frequency by the form of most dates or, for days and months, by the usual distance between two of them."""
    if not len(rows.series):
        return "A"
    usual_form = int(np.bincount(dates.forms[rows.dates], minlength=3).argmax())
    if usual_form != MONTH:
        return "Q" if usual_form == QUARTER else "A"
    is_same_series = rows.series[1:] == rows.series[:-1]
    steps = np.bincount(np.diff(rows.months)[is_same_series], minlength=1)
    if steps[0] * 2 > max(steps.sum(), 1):
        is_slashed = dates.period_format is not None and dates.period_format.name == "day_month_year"
        key = "error.table.day_first" if is_slashed else "error.table.too_fine"
        raise SeriesFileError(key, path=request.path, value=words[int(rows.dates[0])])
    steps[0] = 0
    usual_step = int(steps.argmax()) if steps.any() else 1
    if usual_step % 12 == 0 and not request.fiscal_year:
        _require_calendar_years(rows, words, request.path)
    return "A" if usual_step % 12 == 0 else "Q" if usual_step % 3 == 0 else "M"


def _require_calendar_years(rows: _SortedRows, words: tuple[str, ...], path: str) -> None:
    """Raises SeriesFileError if most dates of a yearly file are in a month at which no calendar year begins or ends."""
    usual_phase = int(np.bincount(rows.months % 12, minlength=12).argmax())
    if usual_phase not in _CALENDAR_PHASES:
        first, second = np.flatnonzero(rows.months % 12 == usual_phase)[[0, 1]]
        raise SeriesFileError(
            "error.table.fiscal_year",
            path=path,
            first=words[int(rows.dates[first])],
            second=words[int(rows.dates[second])],
        )


def _select_fitting(
    rows: _SortedRows,
    forms: NDArray[np.int8],
    frequency: Frequency,
    names: tuple[str, ...],
    words: tuple[str, ...],
    findings: FindingCollector,
) -> _SortedRows:
    """The rows whose date fits the frequency, by its form and by the usual month of the series.

    A yearly series may end in June, a quarterly one may be dated by the first or the last month of its quarters.
    """
    if not len(rows.series):
        return rows
    months_per_period = MONTHS_PER_PERIOD[frequency]
    form = forms[rows.dates]
    phase = rows.months % months_per_period
    counts = np.bincount(rows.series[form == MONTH].astype(np.int64) * months_per_period + phase[form == MONTH])
    counts.resize(len(names) * months_per_period, refcheck=False)
    usual_phase = counts.reshape(-1, months_per_period).argmax(axis=1)
    fits = np.isin(form, _ALLOWED_DATE_FORMS[frequency]) & ((form != MONTH) | (phase == usual_phase[rows.series]))

    def add(row: int) -> None:
        values = {"series": names[rows.series[row]][:MAX_ECHOED_CHARS], "expected": frequency}
        findings.add(int(rows.lines[row]), "long_frequency", "ds", words[int(rows.dates[row])], **values)

    findings.add_each(np.flatnonzero(~fits), add)
    return rows.select(fits)


def _fill_calendar(
    accumulator: RowAccumulator,
    frequency: Frequency,
    series: NDArray[np.int32],
    numbers: NDArray[np.int32],
    values: FloatArray,
) -> RaggedPanel:
    """The panel of sorted values, with NaN for absent periods."""
    count = len(accumulator.id_numbers)
    starts, ends = (np.searchsorted(series, np.arange(count), side=side) for side in ("left", "right"))
    is_observed = ends > starts
    first, last = np.zeros(count, dtype=np.int64), np.full(count, -1, dtype=np.int64)
    first[is_observed], last[is_observed] = numbers[starts[is_observed]], numbers[ends[is_observed] - 1]
    offsets = np.concatenate([[0], np.cumsum(last - first + 1)])
    calendar_values = np.full(int(offsets[-1]), np.nan)
    calendar_values[(offsets[:-1] - first)[series] + numbers] = values
    return RaggedPanel(
        frequency,
        tuple(accumulator.id_numbers),
        np.array(accumulator.first_lines, np.int64),
        first,
        offsets,
        calendar_values,
    )
