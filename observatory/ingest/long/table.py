"""A long file of series (`unique_id, ds, y`) as a LongTable, with every row that could not be taken, and why."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from observatory.catalogue.periods import MONTHS_PER_PERIOD, Frequency, ordinal_to_period
from observatory.errors import Finding, MessageValue, SeriesFileError
from observatory.ingest.long.reader import INVALID_BYTE_MARK, LongFile, RowBlock
from observatory.settings import MAX_ECHOED_CHARS
from observatory.timeseries import FloatArray, RaggedPanel

_NumberT = TypeVar("_NumberT", bound=np.generic)

MAX_LISTED_FINDINGS = 10_000  # findings that are kept to be named; the rest is counted
_MAX_MONTHS = 12 * 3000  # more months than there are in the years 0 to 2999
_MONTH, _QUARTER, _YEAR = 0, 1, 2  # forms of dates; a day counts as its month
_ALLOWED_DATE_FORMS: dict[Frequency, tuple[int, ...]] = {"A": (_MONTH, _YEAR), "Q": (_MONTH, _QUARTER), "M": (_MONTH,)}
_DATE_PATTERN = re.compile(
    r"(?P<year>[12]\d{3})(?:-?Q(?P<quarter>[1-4])|-(?P<month>\d\d)(?:-(?P<day>\d\d)"
    r"(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?)?)?",
    re.ASCII,
)


@dataclass(frozen=True)
class LongFileResult:
    """What a long file holds: its table, how many rows it has, and what could not be taken.

    `inferred` says that the frequency was found in the file; `more` counts the findings beyond those that are kept.
    """

    table: RaggedPanel
    row_count: int
    is_frequency_inferred: bool
    findings: tuple[Finding, ...]
    omitted_count: int


def read_long_file(
    path: Path, frequency: Frequency | None = None, progress: Callable[[float], None] = lambda _: None
) -> LongFileResult:
    """Reads a long file in blocks. Raises TableError if it is no table of series at all."""
    gathered = _RowAccumulator(str(path.name))
    source = LongFile(path)
    for block in source.iterate_blocks():
        gathered.add_block(block)
        progress(min(block.done_share, 1.0))
    for row in source.malformed_rows:
        code = "long_quote" if "\n" in row.text else "long_fields"
        gathered.findings.add(row.line, code, "", row.text, found=row.field_count, wanted=row.expected_count)
    gathered.findings.omitted_count += source.omitted_count
    rows = gathered.row_count + len(source.malformed_rows) + source.omitted_count
    table = _build_table(gathered, frequency)
    kept = sorted(gathered.findings.listed, key=lambda row: row.line or 0)
    return LongFileResult(table, rows, frequency is None, tuple(kept), gathered.findings.omitted_count)


@dataclass
class _FindingCollector:
    """The findings on a file: the first ones in full, the others as a number."""

    file: str
    listed: list[Finding] = field(default_factory=list)
    omitted_count: int = 0

    def add(self, line: int, code: str, column: str, value: str, **values: MessageValue) -> None:
        if len(self.listed) >= MAX_LISTED_FINDINGS:
            self.omitted_count += 1
        else:
            shown = value.replace("\n", " ").replace(INVALID_BYTE_MARK, "\ufffd")
            shown = shown if len(shown) <= MAX_ECHOED_CHARS else shown[:MAX_ECHOED_CHARS] + "..."
            self.listed.append(Finding("error", code, self.file, line, column, shown, values))

    def add_each(self, rows: NDArray[np.intp], add: Callable[[int], None]) -> None:
        """Adds a finding for each row, as far as they are kept at all."""
        room = max(MAX_LISTED_FINDINGS - len(self.listed), 0)
        for row in rows[:room]:
            add(int(row))
        self.omitted_count += len(rows[room:])


class _RowAccumulator:
    """The rows taken so far as arrays, 20 bytes each; ids and dates as numbers, in the order of their appearance."""

    def __init__(self, file: str) -> None:
        self.findings = _FindingCollector(file)
        self.row_count = 0
        self.id_numbers: dict[str, int] = {}
        self.first_lines: list[int] = []
        self.number_by_date: dict[str, int] = {}
        self.months: list[int] = []
        self.forms: list[int] = []
        self.series_numbers: list[NDArray[np.int32]] = [np.empty(0, np.int32)]
        self.date_numbers: list[NDArray[np.int32]] = [np.empty(0, np.int32)]
        self.values: list[FloatArray] = [np.empty(0)]
        self.lines: list[NDArray[np.int32]] = [np.empty(0, np.int32)]

    def add_block(self, block: RowBlock) -> None:
        """Takes the good rows of a block, and names the others."""
        lines, values = block.lines, block.values
        series = self._number_series(block)
        dates = np.array([*(self._number_date(word) for word in block.periods.categories), -1], np.int32)[
            block.periods.codes
        ]
        wrong = np.zeros(len(values), dtype=bool)
        wrong[[row for row, _text in block.invalid_values]] = True
        blank = (block.ids.codes < 0) & (block.periods.codes < 0) & np.isnan(values) & ~wrong
        self.row_count += int((~blank).sum())
        self._report_invalid_ids(block, np.flatnonzero((series < 0) & ~blank))
        self._report_invalid_dates(block, np.flatnonzero((dates < 0) & ~blank))
        for row, text in block.invalid_values:
            self.findings.add(int(lines[row]), "long_number", "y", text, series=self._get_series_name(block, row))
        good = (series >= 0) & (dates >= 0) & ~wrong
        self.series_numbers.append(series[good])
        self.date_numbers.append(dates[good])
        self.values.append(values[good])
        self.lines.append(lines[good].astype(np.int32))

    def _number_series(self, block: RowBlock) -> NDArray[np.int32]:
        """The number of the series of each row, -1 where there is none; new ids get the next numbers."""
        words = [word.strip() for word in block.ids.categories]
        fresh = [
            k for k, word in enumerate(words) if word and INVALID_BYTE_MARK not in word and word not in self.id_numbers
        ]
        if fresh:
            used, where = np.unique(block.ids.codes, return_index=True)
            line_of = dict(zip(used.tolist(), block.lines[where].tolist(), strict=True))
            for k in fresh:
                if words[k] not in self.id_numbers and k in line_of:
                    self.id_numbers[words[k]] = len(self.id_numbers)
                    self.first_lines.append(line_of[k])
        return np.array([*(self.id_numbers.get(word, -1) for word in words), -1], np.int32)[block.ids.codes]

    def _number_date(self, word: str) -> int:
        """The number of a date, -1 if it is none."""
        found = self.number_by_date.get(word)
        if found is None:
            read = _parse_month(word)
            found = -1 if read is None else len(self.months)
            if read is not None:
                self.months.append(read[0])
                self.forms.append(read[1])
            if read is not None or len(self.number_by_date) < MAX_LISTED_FINDINGS:
                self.number_by_date[word] = found
        return found

    def _get_series_name(self, block: RowBlock, row: int) -> str:
        code = int(block.ids.codes[row])
        return (
            block.ids.categories[code].strip().replace(INVALID_BYTE_MARK, "\ufffd")[:MAX_ECHOED_CHARS]
            if code >= 0
            else "-"
        )

    def _report_invalid_ids(self, block: RowBlock, rows: NDArray[np.intp]) -> None:
        def add(row: int) -> None:
            name, line = self._get_series_name(block, row), int(block.lines[row])
            code = "long_encoding" if name.strip("- ") else "long_id"
            self.findings.add(line, code, "unique_id", "" if code == "long_id" else name)

        self.findings.add_each(rows, add)

    def _report_invalid_dates(self, block: RowBlock, rows: NDArray[np.intp]) -> None:
        def add(row: int) -> None:
            code = int(block.periods.codes[row])
            word = block.periods.categories[code] if code >= 0 else ""
            self.findings.add(
                int(block.lines[row]), "long_period", "ds", word, series=self._get_series_name(block, row)
            )

        self.findings.add_each(rows, add)


@dataclass
class _SortedRows:
    """Good rows, ordered by series and month (and line): arrays of the same length."""

    series: NDArray[np.int32]
    dates: NDArray[np.int32]
    months: NDArray[np.int32]
    values: FloatArray
    lines: NDArray[np.int32]

    def select(self, mask: NDArray[np.bool_]) -> "_SortedRows":
        """The rows to keep."""
        if mask.all():
            return self
        return _SortedRows(self.series[mask], self.dates[mask], self.months[mask], self.values[mask], self.lines[mask])


def _build_table(accumulator: _RowAccumulator, requested: Frequency | None) -> RaggedPanel:
    rows = _sort_rows(accumulator)
    forms = np.array(accumulator.forms, dtype=np.int8)
    frequency = requested or _infer_frequency(rows, forms, accumulator.findings.file)
    words = {number: word for word, number in accumulator.number_by_date.items() if number >= 0}
    names = tuple(accumulator.id_numbers)
    rows = _select_fitting(rows, forms, frequency, names, words, accumulator.findings)
    numbers = rows.months // MONTHS_PER_PERIOD[frequency]
    again = np.zeros(len(numbers), dtype=bool)
    again[1:] = (numbers[1:] == numbers[:-1]) & (rows.series[1:] == rows.series[:-1])
    firsts = np.flatnonzero(~again)

    def add(row: int) -> None:
        kept = int(rows.lines[firsts[np.searchsorted(firsts, row, side="right") - 1]])
        what = {
            "series": names[rows.series[row]][:MAX_ECHOED_CHARS],
            "period": ordinal_to_period(int(numbers[row]), frequency),
            "kept": kept,
        }
        accumulator.findings.add(int(rows.lines[row]), "long_repeated", "ds", words[int(rows.dates[row])], **what)

    accumulator.findings.add_each(np.flatnonzero(again), add)
    rows = rows.select(~again & np.isfinite(rows.values))
    return _fill_calendar(accumulator, frequency, rows.series, rows.months // MONTHS_PER_PERIOD[frequency], rows.values)


def _sort_rows(accumulator: _RowAccumulator) -> _SortedRows:
    """All rows by series, then month, then line; each array is put together and its parts let go before the next."""
    series, dates = _concatenate_parts(accumulator.series_numbers), _concatenate_parts(accumulator.date_numbers)
    values, lines = _concatenate_parts(accumulator.values), _concatenate_parts(accumulator.lines)
    months = np.array([*accumulator.months, 0], dtype=np.int32)[dates]
    key = series.astype(np.int64) * _MAX_MONTHS + months
    if (key[1:] >= key[:-1]).all():
        return _SortedRows(series, dates, months, values, lines)
    order = np.argsort(key, kind="stable")
    del key
    return _SortedRows(series[order], dates[order], months[order], values[order], lines[order])


def _concatenate_parts(parts: list[NDArray[_NumberT]]) -> NDArray[_NumberT]:
    found = np.concatenate(parts)
    parts.clear()
    return found


def _infer_frequency(rows: _SortedRows, forms: NDArray[np.int8], file: str) -> Frequency:
    """What most dates say by their form or, if they say days or months, by the usual distance between two of them."""
    if not len(rows.series):
        return "A"
    usual = int(np.bincount(forms[rows.dates], minlength=3).argmax())
    if usual != _MONTH:
        return "Q" if usual == _QUARTER else "A"
    same = rows.series[1:] == rows.series[:-1]
    steps = np.bincount(np.diff(rows.months)[same], minlength=1)
    if steps[0] * 2 > max(steps.sum(), 1):
        raise SeriesFileError("error.table.too_fine", path=file)
    steps[0] = 0
    usual = int(steps.argmax()) if steps.any() else 1
    return "A" if usual % 12 == 0 else "Q" if usual % 3 == 0 else "M"


def _select_fitting(
    rows: _SortedRows,
    forms: NDArray[np.int8],
    frequency: Frequency,
    names: tuple[str, ...],
    words: dict[int, str],
    findings: _FindingCollector,
) -> _SortedRows:
    """The rows whose date fits the frequency: its form does, and its month is the one that the series keeps to.

    A yearly series may end in June, a quarterly one may be dated by the first or the last month of its quarters.
    """
    if not len(rows.series):
        return rows
    every = MONTHS_PER_PERIOD[frequency]
    form = forms[rows.dates]
    phase = rows.months % every
    counts = np.bincount(rows.series[form == _MONTH].astype(np.int64) * every + phase[form == _MONTH])
    counts.resize(len(names) * every, refcheck=False)
    usual = counts.reshape(-1, every).argmax(axis=1)
    fits = np.isin(form, _ALLOWED_DATE_FORMS[frequency]) & ((form != _MONTH) | (phase == usual[rows.series]))

    def add(row: int) -> None:
        what = {"series": names[rows.series[row]][:MAX_ECHOED_CHARS], "expected": frequency}
        findings.add(int(rows.lines[row]), "long_frequency", "ds", words[int(rows.dates[row])], **what)

    findings.add_each(np.flatnonzero(~fits), add)
    return rows.select(fits)


def _fill_calendar(
    accumulator: _RowAccumulator,
    frequency: Frequency,
    series: NDArray[np.int32],
    numbers: NDArray[np.int32],
    values: FloatArray,
) -> RaggedPanel:
    """Known values, ordered by series and period, end to end with NaN for the periods between them."""
    count = len(accumulator.id_numbers)
    starts, ends = (np.searchsorted(series, np.arange(count), side=side) for side in ("left", "right"))
    known = ends > starts
    first, last = np.zeros(count, dtype=np.int64), np.full(count, -1, dtype=np.int64)
    first[known], last[known] = numbers[starts[known]], numbers[ends[known] - 1]
    offsets = np.concatenate([[0], np.cumsum(last - first + 1)])
    flat = np.full(int(offsets[-1]), np.nan)
    flat[(offsets[:-1] - first)[series] + numbers] = values
    return RaggedPanel(
        frequency, tuple(accumulator.id_numbers), np.array(accumulator.first_lines, np.int64), first, offsets, flat
    )


def _parse_month(text: str) -> tuple[int, int] | None:
    """The first month (counted from year 0) and the form of a day, month, quarter or year; None for other texts."""
    match = _DATE_PATTERN.fullmatch(text.strip())
    if match is None:
        return None
    year = int(match["year"])
    if match["quarter"]:
        return year * 12 + 3 * (int(match["quarter"]) - 1), _QUARTER
    if not match["month"]:
        return year * 12, _YEAR
    try:
        day = date(year, int(match["month"]), int(match["day"] or 1))
    except ValueError:
        return None
    return day.year * 12 + day.month - 1, _MONTH
