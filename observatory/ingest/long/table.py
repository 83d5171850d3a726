"""A long file of series (`unique_id, ds, y`) as a LongTable, with every row that could not be taken, and why."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from observatory.catalogue.periods import MONTHS, Frequency, period
from observatory.errors import Finding, TableError, Value
from observatory.ingest.long.dates import FITS, MONTH, QUARTER, month_of
from observatory.ingest.long.reader import NOT_TEXT, Block, Source
from observatory.settings import SHOWN
from observatory.timeseries import Floats, LongTable

Number = TypeVar("Number", bound=np.generic)

LISTED = 10_000  # findings that are kept to be named; the rest is counted
SPAN = 12 * 3000  # more months than there are in the years 0 to 2999


@dataclass(frozen=True)
class Reading:
    """What a long file holds: its table, how many rows it has, and what could not be taken.

    `inferred` says that the frequency was found in the file; `more` counts the findings beyond those that are kept.
    """

    table: LongTable
    rows: int
    inferred: bool
    findings: tuple[Finding, ...]
    more: int


def read(path: Path, frequency: Frequency | None = None, progress: Callable[[float], None] = lambda _: None) -> Reading:
    """Reads a long file in blocks. Raises TableError if it is no table of series at all."""
    gathered = _Gathered(str(path.name))
    source = Source(path)
    for block in source.blocks():
        gathered.take(block)
        progress(min(block.done, 1.0))
    for row in source.ragged:
        code = "long_quote" if "\n" in row.text else "long_fields"
        gathered.findings.add(row.line, code, "", row.text, found=row.found, wanted=row.wanted)
    gathered.findings.more += source.more
    rows = gathered.rows + len(source.ragged) + source.more
    table = _table(gathered, frequency)
    kept = sorted(gathered.findings.kept, key=lambda row: row.line or 0)
    return Reading(table, rows, frequency is None, tuple(kept), gathered.findings.more)


@dataclass
class _Findings:
    """The findings on a file: the first ones in full, the others as a number."""

    file: str
    kept: list[Finding] = field(default_factory=list)
    more: int = 0

    def add(self, line: int, code: str, column: str, value: str, **values: Value) -> None:
        if len(self.kept) >= LISTED:
            self.more += 1
        else:
            shown = value.replace("\n", " ").replace(NOT_TEXT, "\ufffd")
            shown = shown if len(shown) <= SHOWN else shown[:SHOWN] + "..."
            self.kept.append(Finding("error", code, self.file, line, column, shown, values))

    def each(self, rows: NDArray[np.intp], add: Callable[[int], None]) -> None:
        """Adds a finding for each row, as far as they are kept at all."""
        room = max(LISTED - len(self.kept), 0)
        for row in rows[:room]:
            add(int(row))
        self.more += len(rows[room:])


class _Gathered:
    """The rows taken so far as arrays, 20 bytes each; ids and dates as numbers, in the order of their appearance."""

    def __init__(self, file: str) -> None:
        self.findings = _Findings(file)
        self.rows = 0
        self.ids: dict[str, int] = {}
        self.first_lines: list[int] = []
        self.dates: dict[str, int] = {}
        self.months: list[int] = []
        self.forms: list[int] = []
        self.series: list[NDArray[np.int32]] = [np.empty(0, np.int32)]
        self.when: list[NDArray[np.int32]] = [np.empty(0, np.int32)]
        self.values: list[Floats] = [np.empty(0)]
        self.lines: list[NDArray[np.int32]] = [np.empty(0, np.int32)]

    def take(self, block: Block) -> None:
        """Takes the good rows of a block, and names the others."""
        lines, values = block.lines, block.values
        series = self._series(block)
        dates = np.array([*(self._date(word) for word in block.periods.words), -1], np.int32)[block.periods.codes]
        wrong = np.zeros(len(values), dtype=bool)
        wrong[[row for row, _text in block.bad]] = True
        blank = (block.ids.codes < 0) & (block.periods.codes < 0) & np.isnan(values) & ~wrong
        self.rows += int((~blank).sum())
        self._name_ids(block, np.flatnonzero((series < 0) & ~blank))
        self._name_dates(block, np.flatnonzero((dates < 0) & ~blank))
        for row, text in block.bad:
            self.findings.add(int(lines[row]), "long_number", "y", text, series=self._name(block, row))
        good = (series >= 0) & (dates >= 0) & ~wrong
        self.series.append(series[good])
        self.when.append(dates[good])
        self.values.append(values[good])
        self.lines.append(lines[good].astype(np.int32))

    def _series(self, block: Block) -> NDArray[np.int32]:
        """The number of the series of each row, -1 where there is none; new ids get the next numbers."""
        words = [word.strip() for word in block.ids.words]
        fresh = [k for k, word in enumerate(words) if word and NOT_TEXT not in word and word not in self.ids]
        if fresh:
            used, where = np.unique(block.ids.codes, return_index=True)
            line_of = dict(zip(used.tolist(), block.lines[where].tolist(), strict=True))
            for k in fresh:
                if words[k] not in self.ids and k in line_of:
                    self.ids[words[k]] = len(self.ids)
                    self.first_lines.append(line_of[k])
        return np.array([*(self.ids.get(word, -1) for word in words), -1], np.int32)[block.ids.codes]

    def _date(self, word: str) -> int:
        """The number of a date, -1 if it is none."""
        found = self.dates.get(word)
        if found is None:
            read = month_of(word)
            found = -1 if read is None else len(self.months)
            if read is not None:
                self.months.append(read[0])
                self.forms.append(read[1])
            if read is not None or len(self.dates) < LISTED:
                self.dates[word] = found
        return found

    def _name(self, block: Block, row: int) -> str:
        code = int(block.ids.codes[row])
        return block.ids.words[code].strip().replace(NOT_TEXT, "\ufffd")[:SHOWN] if code >= 0 else "-"

    def _name_ids(self, block: Block, rows: NDArray[np.intp]) -> None:
        def add(row: int) -> None:
            name, line = self._name(block, row), int(block.lines[row])
            code = "long_encoding" if name.strip("- ") else "long_id"
            self.findings.add(line, code, "unique_id", "" if code == "long_id" else name)

        self.findings.each(rows, add)

    def _name_dates(self, block: Block, rows: NDArray[np.intp]) -> None:
        def add(row: int) -> None:
            code = int(block.periods.codes[row])
            word = block.periods.words[code] if code >= 0 else ""
            self.findings.add(int(block.lines[row]), "long_period", "ds", word, series=self._name(block, row))

        self.findings.each(rows, add)


@dataclass
class _Rows:
    """Good rows, ordered by series and month (and line): arrays of the same length."""

    series: NDArray[np.int32]
    dates: NDArray[np.int32]
    months: NDArray[np.int32]
    values: Floats
    lines: NDArray[np.int32]

    def only(self, keep: NDArray[np.bool_]) -> "_Rows":
        """The rows to keep."""
        if keep.all():
            return self
        return _Rows(self.series[keep], self.dates[keep], self.months[keep], self.values[keep], self.lines[keep])


def _table(gathered: _Gathered, asked: Frequency | None) -> LongTable:
    rows = _ordered(gathered)
    forms = np.array(gathered.forms, dtype=np.int8)
    frequency = asked or _frequency(rows, forms, gathered.findings.file)
    words = {number: word for word, number in gathered.dates.items() if number >= 0}
    names = tuple(gathered.ids)
    rows = _fitting(rows, forms, frequency, names, words, gathered.findings)
    numbers = rows.months // MONTHS[frequency]
    again = np.zeros(len(numbers), dtype=bool)
    again[1:] = (numbers[1:] == numbers[:-1]) & (rows.series[1:] == rows.series[:-1])
    firsts = np.flatnonzero(~again)

    def add(row: int) -> None:
        kept = int(rows.lines[firsts[np.searchsorted(firsts, row, side="right") - 1]])
        what = {"series": names[rows.series[row]][:SHOWN], "period": period(int(numbers[row]), frequency), "kept": kept}
        gathered.findings.add(int(rows.lines[row]), "long_repeated", "ds", words[int(rows.dates[row])], **what)

    gathered.findings.each(np.flatnonzero(again), add)
    rows = rows.only(~again & np.isfinite(rows.values))
    return _on_calendar(gathered, frequency, rows.series, rows.months // MONTHS[frequency], rows.values)


def _ordered(gathered: _Gathered) -> _Rows:
    """All rows by series, then month, then line; each array is put together and its parts let go before the next."""
    series, dates = _joined(gathered.series), _joined(gathered.when)
    values, lines = _joined(gathered.values), _joined(gathered.lines)
    months = np.array([*gathered.months, 0], dtype=np.int32)[dates]
    key = series.astype(np.int64) * SPAN + months
    if (key[1:] >= key[:-1]).all():
        return _Rows(series, dates, months, values, lines)
    order = np.argsort(key, kind="stable")
    del key
    return _Rows(series[order], dates[order], months[order], values[order], lines[order])


def _joined(parts: list[NDArray[Number]]) -> NDArray[Number]:
    found = np.concatenate(parts)
    parts.clear()
    return found


def _frequency(rows: _Rows, forms: NDArray[np.int8], file: str) -> Frequency:
    """What most dates say by their form or, if they say days or months, by the usual distance between two of them."""
    if not len(rows.series):
        return "A"
    usual = int(np.bincount(forms[rows.dates], minlength=3).argmax())
    if usual != MONTH:
        return "Q" if usual == QUARTER else "A"
    same = rows.series[1:] == rows.series[:-1]
    steps = np.bincount(np.diff(rows.months)[same], minlength=1)
    if steps[0] * 2 > max(steps.sum(), 1):
        raise TableError("error.table.too_fine", path=file)
    steps[0] = 0
    usual = int(steps.argmax()) if steps.any() else 1
    return "A" if usual % 12 == 0 else "Q" if usual % 3 == 0 else "M"


def _fitting(
    rows: _Rows,
    forms: NDArray[np.int8],
    frequency: Frequency,
    names: tuple[str, ...],
    words: dict[int, str],
    findings: _Findings,
) -> _Rows:
    """The rows whose date fits the frequency: its form does, and its month is the one that the series keeps to.

    A yearly series may end in June, a quarterly one may be dated by the first or the last month of its quarters.
    """
    if not len(rows.series):
        return rows
    every = MONTHS[frequency]
    form = forms[rows.dates]
    phase = rows.months % every
    counts = np.bincount(rows.series[form == MONTH].astype(np.int64) * every + phase[form == MONTH])
    counts.resize(len(names) * every, refcheck=False)
    usual = counts.reshape(-1, every).argmax(axis=1)
    fits = np.isin(form, FITS[frequency]) & ((form != MONTH) | (phase == usual[rows.series]))

    def add(row: int) -> None:
        what = {"series": names[rows.series[row]][:SHOWN], "expected": frequency}
        findings.add(int(rows.lines[row]), "long_frequency", "ds", words[int(rows.dates[row])], **what)

    findings.each(np.flatnonzero(~fits), add)
    return rows.only(fits)


def _on_calendar(
    gathered: _Gathered, frequency: Frequency, series: NDArray[np.int32], numbers: NDArray[np.int32], values: Floats
) -> LongTable:
    """Known values, ordered by series and period, end to end with NaN for the periods between them."""
    count = len(gathered.ids)
    starts, ends = (np.searchsorted(series, np.arange(count), side=side) for side in ("left", "right"))
    known = ends > starts
    first, last = np.zeros(count, dtype=np.int64), np.full(count, -1, dtype=np.int64)
    first[known], last[known] = numbers[starts[known]], numbers[ends[known] - 1]
    offsets = np.concatenate([[0], np.cumsum(last - first + 1)])
    flat = np.full(int(offsets[-1]), np.nan)
    flat[(offsets[:-1] - first)[series] + numbers] = values
    return LongTable(frequency, tuple(gathered.ids), np.array(gathered.first_lines, np.int64), first, offsets, flat)
