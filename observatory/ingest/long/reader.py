"""Streaming reader of long files (`unique_id, ds, y`; CSV or Parquet): blocks of rows with their lines."""

import codecs
import csv
import io
import math
import re
from bisect import insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from observatory.errors import ObservatoryError, SeriesFileError
from observatory.timeseries import FloatArray, IntArray

_REQUIRED_COLUMNS = ("unique_id", "ds", "y")
BLOCK_BYTES = 1 << 22  # bytes read at a time; a single row cannot be longer
_MAX_LISTED_ROWS = 10_000  # rows of the wrong width that are listed; the others are counted
INVALID_BYTE_MARK = "\x1a"  # replaces each byte that is not UTF-8 (SUBSTITUTE in ASCII)
_NUMBER_PATTERN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)

codecs.register_error("observatory.not_text", lambda error: (INVALID_BYTE_MARK * (error.end - error.start), error.end))  # type: ignore[attr-defined]


@dataclass(frozen=True)
class DictionaryColumn:
    """A dictionary-encoded text column: row k is `categories[codes[k]]`; a code of -1 is an empty cell."""

    codes: NDArray[np.int32]
    categories: list[str]


@dataclass(frozen=True)
class RowBlock:
    """A block of rows: `values` is NaN for empty cells and for `invalid_values` (row, text)."""

    lines: IntArray
    ids: DictionaryColumn
    periods: DictionaryColumn
    values: FloatArray
    invalid_values: list[tuple[int, str]]
    done_share: float


@dataclass(frozen=True)
class MalformedRow:
    """A row with too few or too many fields."""

    line: int
    text: str
    field_count: int
    expected_count: int


@dataclass
class LongFile:
    """A long file; `iterate_blocks`, which runs once, fills in the malformed rows and counts the unlisted."""

    path: Path
    malformed_rows: list[MalformedRow] = field(default_factory=list)
    omitted_count: int = 0

    def iterate_blocks(self) -> Iterator[RowBlock]:
        """The rows of the file. Raises ObservatoryError if it cannot be opened, SeriesFileError if it is no table."""
        try:
            with self.path.open("rb") as file:
                magic = file.read(4)
                file.seek(0)
                yield from _read_parquet(self.path, file) if magic == b"PAR1" else _CsvReader(self).iterate_blocks(file)
        except OSError as error:
            raise ObservatoryError("error.file", path=str(self.path), why=error.strerror or str(error)) from error


class _Utf8Stream(io.RawIOBase):
    """Stream of valid UTF-8, so that an invalid byte affects its own row only."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.decoder = codecs.getincrementaldecoder("utf-8")("observatory.not_text")

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes: those read and up to three that the decoder holds."""
        while True:
            data = self.file.read(max(size - 3, 1) if size >= 0 else -1)
            text = self.decoder.decode(data, final=not data).encode()
            if text or not data:
                return text


class _CsvReader:
    """CSV reader that records skipped rows and line breaks inside quotes, from which lines of the file follow."""

    def __init__(self, source: LongFile) -> None:
        self.source = source
        self.skipped_rows: list[int] = []  # numbers of rows of the wrong width; the header is row 1
        self.line_breaks: list[tuple[int, int]] = []  # row number, line breaks inside its quotes
        self.row_count = 0  # valid rows so far

    def iterate_blocks(self, file: IO[bytes]) -> Iterator[RowBlock]:
        from pyarrow import csv as reader  # at first use; `csv` is the standard library's

        names, separator = _read_header(self.source.path, file)
        column_indices = _find_columns(self.source.path, names)
        if not file.read(1):
            return
        file.seek(0)
        columns = [str(index) for index in range(len(names))]
        coded = pa.dictionary(pa.int32(), pa.string())
        types = {name: coded if int(name) in column_indices[:2] else pa.string() for name in columns}
        size = max(self.source.path.stat().st_size, 1)
        try:
            batches = reader.open_csv(
                _Utf8Stream(file),
                read_options=reader.ReadOptions(
                    use_threads=False, block_size=BLOCK_BYTES, column_names=columns, skip_rows=1
                ),
                parse_options=reader.ParseOptions(
                    delimiter=separator,
                    newlines_in_values=True,
                    ignore_empty_lines=False,  # they count for line numbers
                    invalid_row_handler=self._skip_row,
                ),
                convert_options=reader.ConvertOptions(column_types=types, null_values=[""], strings_can_be_null=True),
            )
            for batch in batches:
                yield self._build_block(batch, column_indices, file.tell() / size)
        except pa.ArrowInvalid as error:
            if "Empty CSV" in str(error):  # a header and nothing else
                return
            line = int(self._to_file_lines(np.array([self.row_count + len(self.skipped_rows) + 2]))[0])
            raise SeriesFileError("error.table.broken", path=str(self.source.path), line=line) from error
        finally:
            self._resolve_lines()

    def _skip_row(self, row: Any) -> str:
        self.skipped_rows.append(row.number)
        break_count = row.text.count("\n")
        if break_count:
            insort(self.line_breaks, (row.number, break_count))
        if row.text.strip():
            if len(self.source.malformed_rows) < _MAX_LISTED_ROWS:
                self.source.malformed_rows.append(
                    MalformedRow(row.number, row.text, row.actual_columns, row.expected_columns)
                )
            else:
                self.source.omitted_count += 1
        return "skip"

    def _resolve_lines(self) -> None:
        """Converts row numbers to lines, once all line breaks are known."""
        for index, row in enumerate(self.source.malformed_rows):
            line = int(self._to_file_lines(np.array([row.line]))[0])
            self.source.malformed_rows[index] = MalformedRow(line, row.text, row.field_count, row.expected_count)

    def _build_block(self, batch: Any, columns: list[int], done_share: float) -> RowBlock:
        count = batch.num_rows
        good_rows = np.arange(self.row_count, self.row_count + count)
        skipped = np.array(self.skipped_rows, dtype=np.int64)
        numbers = good_rows + 2 + np.searchsorted(skipped - 2 - np.arange(len(skipped)), good_rows, side="right")
        self.row_count += count
        for column in batch.columns:
            self._record_line_breaks(column, numbers)
        ids, periods = (_to_dictionary_column(batch.column(column)) for column in columns[:2])
        values, invalid_values = _parse_floats(batch.column(columns[2]))
        return RowBlock(self._to_file_lines(numbers), ids, periods, values, invalid_values, done_share)

    def _record_line_breaks(self, column: Any, numbers: IntArray) -> None:
        strings = column.dictionary if pa.types.is_dictionary(column.type) else column
        text_buffer = strings.buffers()[2]
        if text_buffer is None or b"\n" not in text_buffer.to_pybytes():
            return
        for number, word in zip(numbers, column.to_pylist(), strict=True):
            if word and "\n" in word:
                insort(self.line_breaks, (int(number), word.count("\n")))

    def _to_file_lines(self, numbers: IntArray) -> IntArray:
        if not self.line_breaks:
            return numbers
        rows = np.array([row for row, _inside in self.line_breaks])
        cumulative_breaks = np.cumsum([0, *(break_count for _row, break_count in self.line_breaks)])
        return np.asarray(numbers + cumulative_breaks[np.searchsorted(rows, numbers, side="left")])


def _read_header(path: Path, file: IO[bytes]) -> tuple[list[str], str]:
    """The names of the columns, and the separator."""
    text = file.readline(BLOCK_BYTES).decode("utf-8-sig", "replace")
    first = re.split(r"[\r\n]", text)[0]
    if not first.strip():
        raise SeriesFileError("error.table.empty", path=str(path))
    separator = ";" if first.count(";") > first.count(",") else ","
    try:
        return next(csv.reader([first], delimiter=separator)), separator
    except csv.Error as error:
        raise SeriesFileError("error.table.broken", path=str(path), line=1) from error


def _find_columns(path: Path, names: list[str]) -> list[int]:
    """The indices of the required columns. Raises SeriesFileError if one is missing or occurs twice."""
    headers = [name.strip().lower() for name in names]
    for name in _REQUIRED_COLUMNS:
        if headers.count(name) != 1:
            shown = ", ".join(headers)[:200]
            raise SeriesFileError("error.table.column", path=str(path), name=name, columns=shown)
    return [headers.index(name) for name in _REQUIRED_COLUMNS]


def _read_parquet(path: Path, file: IO[bytes]) -> Iterator[RowBlock]:
    """The rows of a Parquet file; their "line" is their number, from 1."""
    from pyarrow import parquet  # heavy: CSV files do not need it

    try:
        parquet_file = parquet.ParquetFile(file)
        names = parquet_file.schema_arrow.names
        column_names = [names[index] for index in _find_columns(path, names)]
        rows = 0
        for batch in parquet_file.iter_batches(batch_size=1 << 17, columns=column_names):
            lines = np.arange(rows + 1, rows + 1 + batch.num_rows)
            rows += batch.num_rows
            columns = [batch.column(name) for name in column_names]
            ids, periods = (_to_dictionary_column(_encode_as_text(column)) for column in columns[:2])
            values, invalid_values = _parse_floats(columns[2])
            yield RowBlock(lines, ids, periods, values, invalid_values, rows / max(parquet_file.metadata.num_rows, 1))
    except pa.ArrowException as error:
        raise SeriesFileError("error.file", path=str(path), why=str(error).splitlines()[0][:200]) from error


def _encode_as_text(column: Any) -> Any:
    """A Parquet column of any type as dictionary-encoded text."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    encoded = column.dictionary_encode()
    return pa.DictionaryArray.from_arrays(encoded.indices, encoded.dictionary.cast(pa.string()))


def _to_dictionary_column(column: Any) -> DictionaryColumn:
    return DictionaryColumn(_to_numpy(column.indices, np.dtype(np.int32), -1), column.dictionary.to_pylist())


def _parse_floats(column: Any) -> tuple[FloatArray, list[tuple[int, str]]]:
    """The numbers of a column, NaN where invalid, and the invalid cells (row, text); vectorised if all are numbers."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    try:
        values = _to_numpy(column.cast(pa.float64()), np.dtype(np.float64), math.nan)
        infinite_rows = {int(row) for row in np.flatnonzero(np.isinf(values))}
        texts = column.take(_to_arrow(np.array(sorted(infinite_rows)))).to_pylist() if infinite_rows else []
        invalid_values = [(row, str(text)) for row, text in zip(sorted(infinite_rows), texts, strict=True)]
    except pa.ArrowInvalid:
        parsed = [_parse_number(text or "") for text in column.to_pylist()]
        values = np.array([math.nan if value is None else value for value in parsed])
        invalid_values = [(row, str(column[row].as_py())) for row, value in enumerate(parsed) if value is None]
    values[[row for row, _text in invalid_values]] = math.nan
    return values, invalid_values


def _parse_number(text: str) -> float | None:
    """A number with a point; NaN for an empty cell or "NaN"; None for anything else."""
    text = text.strip()
    if text.lower() in ("", "nan"):
        return math.nan
    value = float(text) if _NUMBER_PATTERN.fullmatch(text) else math.inf
    return value if math.isfinite(value) else None


def _to_numpy(array: Any, dtype: np.dtype[Any], missing: float) -> NDArray[Any]:
    """An Arrow array as a NumPy array; Arrow's own `fill_null` and `pa.array` would import pandas."""
    mask, data = array.buffers()
    end = array.offset + len(array)
    values = np.frombuffer(data, dtype=dtype)[array.offset : end].copy() if len(array) else np.empty(0, dtype)
    if mask is not None and array.null_count:
        bits = np.unpackbits(np.frombuffer(mask, dtype=np.uint8), bitorder="little")[array.offset : end]
        values[bits == 0] = missing
    return values


def _to_arrow(values: IntArray) -> Any:
    return pa.Array.from_buffers(pa.int64(), len(values), [None, pa.py_buffer(np.ascontiguousarray(values))])
