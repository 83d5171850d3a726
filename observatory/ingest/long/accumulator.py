"""Row accumulator: the rows of a long file as arrays, with a finding for each that cannot be used."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from observatory.errors import Finding, MessageValue
from observatory.ingest.decode.table import clean_cell_text
from observatory.ingest.long.reader import INVALID_BYTE_MARK, RowBlock
from observatory.settings import MAX_ECHOED_CHARS
from observatory.timeseries import FloatArray

MAX_LISTED_FINDINGS = 10_000  # the others are counted
_MAX_WORDS = 1 << 20  # distinct dates; further ones are none
_WARNINGS = ("long_sentinel",)  # findings on rows that are used all the same


@dataclass
class FindingCollector:
    """Collector of findings: lists the first ones, counts the others."""

    file: str
    listed: list[Finding] = field(default_factory=list)
    omitted_count: int = 0

    def add(self, line: int, code: str, column: str, value: str, **values: MessageValue) -> None:
        """Adds a finding; its level is that of its code."""
        level: Literal["error", "warning"] = "warning" if code in _WARNINGS else "error"
        if len(self.listed) >= MAX_LISTED_FINDINGS:
            self.omitted_count += 1
        else:
            echoed = value.replace("\n", " ").replace(INVALID_BYTE_MARK, "\ufffd")
            echoed = echoed if len(echoed) <= MAX_ECHOED_CHARS else echoed[:MAX_ECHOED_CHARS] + "..."
            self.listed.append(Finding(level, code, self.file, line, column, echoed, values))

    def add_each(self, rows: NDArray[np.intp], add: Callable[[int], None]) -> None:
        """Calls `add` for each row up to the limit; counts the others."""
        free_count = max(MAX_LISTED_FINDINGS - len(self.listed), 0)
        for row in rows[:free_count]:
            add(int(row))
        self.omitted_count += len(rows[free_count:])


class RowAccumulator:
    """Accumulator of valid rows as arrays, 20 bytes a row; ids and dates are numbered in order of appearance."""

    def __init__(self, file: str) -> None:
        self.findings = FindingCollector(file)
        self.row_count = 0
        self.id_numbers: dict[str, int] = {}
        self.first_lines: list[int] = []
        self.number_by_date: dict[str, int] = {}
        self.series_numbers: list[NDArray[np.int32]] = [np.empty(0, np.int32)]
        self.date_numbers: list[NDArray[np.int32]] = [np.empty(0, np.int32)]
        self.values: list[FloatArray] = [np.empty(0)]
        self.lines: list[NDArray[np.int32]] = [np.empty(0, np.int32)]

    def add_block(self, block: RowBlock) -> None:
        """Adds the valid rows of a block, and findings on the others."""
        lines, (values, invalid_values) = block.lines, block.numbers
        series = self._number_series(block)
        dates = np.array([*(self._number_date(word) for word in block.periods.categories), -1], np.int32)[
            block.periods.codes
        ]
        is_invalid = np.zeros(len(values), dtype=bool)
        is_invalid[[row for row, _text in invalid_values]] = True
        is_blank = (block.ids.codes < 0) & (block.periods.codes < 0) & np.isnan(values) & ~is_invalid
        self.row_count += int((~is_blank).sum())
        self._report_invalid_ids(block, np.flatnonzero((series < 0) & ~is_blank))
        self._report_missing_dates(block, np.flatnonzero((dates < 0) & ~is_blank))
        for row, text in invalid_values:
            self.findings.add(int(lines[row]), "long_number", "y", text, series=self._get_series_name(block, row))
        is_good = (series >= 0) & (dates >= 0) & ~is_invalid
        self.series_numbers.append(series[is_good])
        self.date_numbers.append(dates[is_good])
        self.values.append(values[is_good])
        self.lines.append(lines[is_good].astype(np.int32))

    def _number_series(self, block: RowBlock) -> NDArray[np.int32]:
        """The number of the series of each row, -1 where there is none; new ids get the next numbers."""
        ids = [clean_cell_text(series_id) for series_id in block.ids.categories]
        new_codes = [
            code
            for code, series_id in enumerate(ids)
            if series_id and INVALID_BYTE_MARK not in series_id and series_id not in self.id_numbers
        ]
        if new_codes:
            used_codes, first_rows = np.unique(block.ids.codes, return_index=True)
            line_of = dict(zip(used_codes.tolist(), block.lines[first_rows].tolist(), strict=True))
            for code in new_codes:
                if ids[code] not in self.id_numbers and code in line_of:
                    self.id_numbers[ids[code]] = len(self.id_numbers)
                    self.first_lines.append(line_of[code])
        return np.array([*(self.id_numbers.get(series_id, -1) for series_id in ids), -1], np.int32)[block.ids.codes]

    def _number_date(self, word: str) -> int:
        """The number of a date as it is written; -1 for an empty one."""
        number = self.number_by_date.get(word)
        if number is None:
            number = len(self.number_by_date) if word.strip() and len(self.number_by_date) < _MAX_WORDS else -1
            if number >= 0:
                self.number_by_date[word] = number
        return number

    def _get_series_name(self, block: RowBlock, row: int) -> str:
        code = int(block.ids.codes[row])
        return (
            clean_cell_text(block.ids.categories[code]).replace(INVALID_BYTE_MARK, "\ufffd")[:MAX_ECHOED_CHARS]
            if code >= 0
            else "-"
        )

    def _report_invalid_ids(self, block: RowBlock, rows: NDArray[np.intp]) -> None:
        def add(row: int) -> None:
            name, line = self._get_series_name(block, row), int(block.lines[row])
            code = "long_encoding" if name.strip("- ") else "long_id"
            self.findings.add(line, code, "unique_id", "" if code == "long_id" else name)

        self.findings.add_each(rows, add)

    def _report_missing_dates(self, block: RowBlock, rows: NDArray[np.intp]) -> None:
        def add(row: int) -> None:
            code = int(block.periods.codes[row])
            word = block.periods.categories[code] if code >= 0 else ""
            self.findings.add(
                int(block.lines[row]), "long_period", "ds", word, series=self._get_series_name(block, row)
            )

        self.findings.add_each(rows, add)
