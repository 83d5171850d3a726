"""Streaming reader of long files (`unique_id, ds, y`; CSV or Parquet): blocks of rows with their lines."""

import codecs
import io
from bisect import insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from observatory.errors import ObservatoryError, SeriesFileError
from observatory.ingest.decode.table import CellTable, format_cell
from observatory.ingest.long.dialect import Dialect, detect_dialect, detect_kind, find_columns, read_sheet
from observatory.ingest.long.values import (
    DecimalDetector,
    ParsedValues,
    collect_evidence,
    parse_cells,
    parse_column,
    to_numpy,
)
from observatory.ingest.report import Choices
from observatory.timeseries import IntArray

BLOCK_BYTES = 1 << 22  # bytes read at a time; a single row cannot be longer
_MAX_LISTED_ROWS = 10_000  # rows of the wrong width that are listed; the others are counted
INVALID_BYTE_MARK = "\x1a"  # replaces each byte that is no text in the encoding of the file (SUBSTITUTE in ASCII)
_MAX_UTF8_BYTES = 3  # that one or two bytes of another encoding become

codecs.register_error("observatory.not_text", lambda error: (INVALID_BYTE_MARK * (error.end - error.start), error.end))  # type: ignore[attr-defined]


@dataclass(frozen=True)
class DictionaryColumn:
    """A dictionary-encoded text column: row k is `categories[codes[k]]`; a code of -1 is an empty cell."""

    codes: NDArray[np.int32]
    categories: list[str]


@dataclass(frozen=True)
class RowBlock:
    """A block of rows: their lines, series, dates and numbers."""

    lines: IntArray
    ids: DictionaryColumn
    periods: DictionaryColumn
    numbers: ParsedValues
    done_share: float


@dataclass(frozen=True)
class _RawBlock:
    """A block of rows whose numbers wait for the decimal separator, as a column of Arrow."""

    lines: IntArray
    ids: DictionaryColumn
    periods: DictionaryColumn
    column: Any
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
    choices: Choices = Choices()  # noqa: RUF009 - frozen
    malformed_rows: list[MalformedRow] = field(default_factory=list)
    omitted_count: int = 0

    def iterate_blocks(self) -> Iterator[RowBlock]:
        """The rows of the file. Raises ObservatoryError if it cannot be opened, SeriesFileError if it is no table."""
        try:
            with self.path.open("rb") as file:
                kind = detect_kind(self.path, file)
                file.seek(0)
                if kind == "workbook":
                    yield from _read_workbook(self, read_sheet(self.path, file, self.choices.sheet))
                elif kind == "parquet":
                    yield from self._parse_numbers(_read_parquet(self.path, file), "")
                else:
                    dialect = detect_dialect(self.path, file)
                    blocks = _CsvReader(self, dialect).iterate_blocks(file)
                    yield from self._parse_numbers(blocks, dialect.separator)
        except OSError as error:
            raise ObservatoryError("error.file", path=str(self.path), why=error.strerror or str(error)) from error

    def _parse_numbers(self, blocks: Iterator[_RawBlock], separator: str) -> Iterator[RowBlock]:
        """Blocks with their numbers; those that depend on the decimal separator wait until a block decides it."""
        detector = DecimalDetector(str(self.path), separator, self.choices.decimal)
        waiting: list[_RawBlock] = []
        for block in blocks:
            is_independent = detector.decided is None and collect_evidence(block.column, detector)
            if detector.decided is None and (waiting or not is_independent):
                waiting.append(block)
                continue
            yield from (_parse_block(earlier, detector) for earlier in waiting)
            waiting.clear()
            yield _parse_block(block, detector)
        detector.decide()
        yield from (_parse_block(earlier, detector) for earlier in waiting)


def _parse_block(block: _RawBlock, detector: DecimalDetector) -> RowBlock:
    values = parse_column(block.column, detector.decided or ".")
    return RowBlock(block.lines, block.ids, block.periods, values, block.done_share)


class _Utf8Stream(io.RawIOBase):
    """Stream of a text as valid UTF-8, so that an invalid byte affects its own row only."""

    def __init__(self, file: IO[bytes], encoding: str) -> None:
        self.file = file
        self.growth = 1 if encoding == "utf-8" else _MAX_UTF8_BYTES
        self.decoder = codecs.getincrementaldecoder(encoding)("observatory.not_text")

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes: those read and up to three that the decoder holds."""
        while True:
            data = self.file.read(max((size - 3) // self.growth, 1) if size >= 0 else -1)
            text = self.decoder.decode(data, final=not data).encode()
            if text or not data:
                return text


class _CsvReader:
    """CSV reader that records skipped rows and line breaks inside quotes, from which lines of the file follow."""

    def __init__(self, source: LongFile, dialect: Dialect) -> None:
        self.source = source
        self.dialect = dialect
        self.skipped_rows: list[int] = []  # numbers of rows of the wrong width
        self.line_breaks: list[tuple[int, int]] = []  # row number, line breaks inside its quotes
        self.row_count = 0  # valid rows so far
        self.first_row = dialect.header_line + 1  # the number of the row below the header

    def iterate_blocks(self, file: IO[bytes]) -> Iterator[_RawBlock]:
        from pyarrow import csv as reader  # at first use

        column_indices = find_columns(self.source.path, self.dialect.header)
        if not self.dialect.has_rows:
            return
        columns = [str(index) for index in range(len(self.dialect.header))]
        coded = pa.dictionary(pa.int32(), pa.string())
        types = {name: coded if int(name) in column_indices[:2] else pa.string() for name in columns}
        size = max(self.source.path.stat().st_size, 1)
        file.seek(0)
        try:
            batches = reader.open_csv(
                _Utf8Stream(file, self.dialect.encoding),
                read_options=reader.ReadOptions(
                    use_threads=False,
                    block_size=BLOCK_BYTES,
                    column_names=columns,
                    skip_rows=self.dialect.header_line,
                ),
                parse_options=reader.ParseOptions(
                    delimiter=self.dialect.separator,
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
            line = int(self._to_file_lines(np.array([self.row_count + len(self.skipped_rows) + self.first_row]))[0])
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

    def _build_block(self, batch: Any, columns: list[int], done_share: float) -> _RawBlock:
        count = batch.num_rows
        good_rows = np.arange(self.row_count, self.row_count + count)
        skipped = np.array(self.skipped_rows, dtype=np.int64)
        skipped_before = np.searchsorted(skipped - self.first_row - np.arange(len(skipped)), good_rows, side="right")
        numbers = good_rows + self.first_row + skipped_before
        self.row_count += count
        for column in batch.columns:
            self._record_line_breaks(column, numbers)
        ids, periods = (_to_dictionary_column(batch.column(column)) for column in columns[:2])
        return _RawBlock(self._to_file_lines(numbers), ids, periods, batch.column(columns[2]), done_share)

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


def _read_workbook(source: LongFile, table: CellTable) -> Iterator[RowBlock]:
    """The rows of a sheet as one block."""
    columns = find_columns(source.path, table.header_texts)
    width = len(table.header)
    rows = [(line, [*cells, *[""] * (width - len(cells))]) for line, cells in table.rows]
    detector = DecimalDetector(str(source.path), "", source.choices.decimal)
    cells = [row[columns[2]] for _line, row in rows]
    detector.add(cells)
    ids, periods = (_encode_texts([format_cell(row[place]) for _line, row in rows]) for place in columns[:2])
    lines = np.array([line for line, _row in rows], dtype=np.int64)
    yield RowBlock(lines, ids, periods, parse_cells(cells, detector.decide()), 1.0)


def _encode_texts(texts: list[str]) -> DictionaryColumn:
    numbers = {text: number for number, text in enumerate(dict.fromkeys(filter(None, texts)))}
    return DictionaryColumn(np.array([numbers.get(text, -1) for text in texts], dtype=np.int32), list(numbers))


def _read_parquet(path: Path, file: IO[bytes]) -> Iterator[_RawBlock]:
    """The rows of a Parquet file; their "line" is their number, from 1."""
    from pyarrow import parquet  # heavy: CSV files do not need it

    try:
        parquet_file = parquet.ParquetFile(file)
        names = parquet_file.schema_arrow.names
        column_names = [names[index] for index in find_columns(path, names)]
        rows = 0
        for batch in parquet_file.iter_batches(batch_size=1 << 17, columns=column_names):
            lines = np.arange(rows + 1, rows + 1 + batch.num_rows)
            rows += batch.num_rows
            columns = [batch.column(name) for name in column_names]
            ids, periods = (_to_dictionary_column(_encode_as_text(column)) for column in columns[:2])
            yield _RawBlock(lines, ids, periods, columns[2], rows / max(parquet_file.metadata.num_rows, 1))
    except pa.ArrowException as error:
        raise SeriesFileError("error.file", path=str(path), why=str(error).splitlines()[0][:200]) from error


def _encode_as_text(column: Any) -> Any:
    """A Parquet column of any type as dictionary-encoded text."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    encoded = column.dictionary_encode()
    return pa.DictionaryArray.from_arrays(encoded.indices, encoded.dictionary.cast(pa.string()))


def _to_dictionary_column(column: Any) -> DictionaryColumn:
    return DictionaryColumn(to_numpy(column.indices, np.dtype(np.int32), -1), column.dictionary.to_pylist())
