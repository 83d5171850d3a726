"""A long file (`unique_id, ds, y`; CSV or Parquet) in blocks of a few megabytes, each row with its line."""

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

from observatory.errors import ObservatoryError, TableError
from observatory.timeseries import Floats, Ints

COLUMNS = ("unique_id", "ds", "y")
BLOCK = 1 << 22  # bytes read at a time; a single row cannot be longer
KEPT = 10_000  # rows of the wrong width that are kept to be named; the rest is counted
NOT_TEXT = "\x1a"  # stands for a byte that is not UTF-8 ("substitute" of ASCII), one for one
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)

codecs.register_error("observatory.not_text", lambda error: (NOT_TEXT * (error.end - error.start), error.end))  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Coded:
    """A column of text: row k says `words[codes[k]]`; a code of -1 is an empty cell."""

    codes: NDArray[np.int32]
    words: list[str]


@dataclass(frozen=True)
class Block:
    """Some rows: `values` is NaN for an empty cell and for each of `bad` (row, text); `done` is the part read."""

    lines: Ints
    ids: Coded
    periods: Coded
    values: Floats
    bad: list[tuple[int, str]]
    done: float


@dataclass(frozen=True)
class Ragged:
    """A row with too few or too many fields."""

    line: int
    text: str
    found: int
    wanted: int


@dataclass
class Source:
    """A file being read: `blocks` may be walked once; then `ragged` and `more` tell the rows that are no rows."""

    path: Path
    ragged: list[Ragged] = field(default_factory=list)
    more: int = 0

    def blocks(self) -> Iterator[Block]:
        """The rows of the file. Raises ObservatoryError if it cannot be opened, TableError if it is no table."""
        try:
            with self.path.open("rb") as file:
                magic = file.read(4)
                file.seek(0)
                yield from _parquet(self.path, file) if magic == b"PAR1" else _Csv(self).blocks(file)
        except OSError as error:
            raise ObservatoryError("error.file", path=str(self.path), why=error.strerror or str(error)) from error


class _Text(io.RawIOBase):
    """The bytes of a file as UTF-8 and nothing else, so that one bad byte spoils its own row only."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.decoder = codecs.getincrementaldecoder("utf-8")("observatory.not_text")

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes: up to three that wait in the decoder come on top of those read."""
        while True:
            data = self.file.read(max(size - 3, 1) if size >= 0 else -1)
            text = self.decoder.decode(data, final=not data).encode()
            if text or not data:
                return text


class _Csv:
    """A CSV being read: which rows were skipped and which hold line breaks, for lines that a person can look up."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.skipped: list[int] = []  # numbers of rows of the wrong width; the header is row 1
        self.breaks: list[tuple[int, int]] = []  # row, line breaks inside its quotes
        self.rows = 0  # good rows given so far

    def blocks(self, file: IO[bytes]) -> Iterator[Block]:
        from pyarrow import csv as reader

        names, separator = _header(self.source.path, file)
        places = _places(self.source.path, names)
        if not file.read(1):
            return
        file.seek(0)
        columns = [str(place) for place in range(len(names))]
        coded = pa.dictionary(pa.int32(), pa.string())
        types = {name: coded if int(name) in places[:2] else pa.string() for name in columns}
        size = max(self.source.path.stat().st_size, 1)
        try:
            batches = reader.open_csv(
                _Text(file),
                read_options=reader.ReadOptions(use_threads=False, block_size=BLOCK, column_names=columns, skip_rows=1),
                parse_options=reader.ParseOptions(
                    delimiter=separator,
                    newlines_in_values=True,
                    ignore_empty_lines=False,  # so that every line has its number
                    invalid_row_handler=self._skip,
                ),
                convert_options=reader.ConvertOptions(column_types=types, null_values=[""], strings_can_be_null=True),
            )
            for batch in batches:
                yield self._block(batch, places, file.tell() / size)
        except pa.ArrowInvalid as error:
            if "Empty CSV" in str(error):  # a header and nothing else
                return
            line = int(self._lines(np.array([self.rows + len(self.skipped) + 2]))[0])
            raise TableError("error.table.broken", path=str(self.source.path), line=line) from error
        finally:
            self._tell()

    def _skip(self, row: Any) -> str:
        self.skipped.append(row.number)
        inside = row.text.count("\n")
        if inside:
            insort(self.breaks, (row.number, inside))
        if row.text.strip():
            if len(self.source.ragged) < KEPT:
                self.source.ragged.append(Ragged(row.number, row.text, row.actual_columns, row.expected_columns))
            else:
                self.source.more += 1
        return "skip"

    def _tell(self) -> None:
        """Puts lines for numbers: only now are all line breaks known."""
        for place, row in enumerate(self.source.ragged):
            line = int(self._lines(np.array([row.line]))[0])
            self.source.ragged[place] = Ragged(line, row.text, row.found, row.wanted)

    def _block(self, batch: Any, places: list[int], done: float) -> Block:
        count = batch.num_rows
        good = np.arange(self.rows, self.rows + count)
        before = np.array(self.skipped, dtype=np.int64)
        numbers = good + 2 + np.searchsorted(before - 2 - np.arange(len(before)), good, side="right")
        self.rows += count
        for column in batch.columns:
            self._note_breaks(column, numbers)
        ids, periods = (_coded(batch.column(place)) for place in places[:2])
        values, bad = _floats(batch.column(places[2]))
        return Block(self._lines(numbers), ids, periods, values, bad, done)

    def _note_breaks(self, column: Any, numbers: Ints) -> None:
        words = column.dictionary if pa.types.is_dictionary(column.type) else column
        text = words.buffers()[2]
        if text is None or b"\n" not in text.to_pybytes():
            return
        for number, word in zip(numbers, column.to_pylist(), strict=True):
            if word and "\n" in word:
                insort(self.breaks, (int(number), word.count("\n")))

    def _lines(self, numbers: Ints) -> Ints:
        if not self.breaks:
            return numbers
        rows = np.array([row for row, _inside in self.breaks])
        total = np.cumsum([0, *(inside for _row, inside in self.breaks)])
        return np.asarray(numbers + total[np.searchsorted(rows, numbers, side="left")])


def _header(path: Path, file: IO[bytes]) -> tuple[list[str], str]:
    """The names of the columns, and the separator."""
    text = file.readline(BLOCK).decode("utf-8-sig", "replace")
    first = re.split(r"[\r\n]", text)[0]
    if not first.strip():
        raise TableError("error.table.empty", path=str(path))
    separator = ";" if first.count(";") > first.count(",") else ","
    try:
        return next(csv.reader([first], delimiter=separator)), separator
    except csv.Error as error:
        raise TableError("error.table.broken", path=str(path), line=1) from error


def _places(path: Path, names: list[str]) -> list[int]:
    """Where the three columns stand. Raises TableError if one is missing or stands twice."""
    found = [name.strip().lower() for name in names]
    for name in COLUMNS:
        if found.count(name) != 1:
            shown = ", ".join(found)[:200]
            raise TableError("error.table.column", path=str(path), name=name, columns=shown)
    return [found.index(name) for name in COLUMNS]


def _parquet(path: Path, file: IO[bytes]) -> Iterator[Block]:
    """The rows of a Parquet file; their "line" is their number, from 1."""
    from pyarrow import parquet

    try:
        opened = parquet.ParquetFile(file)
        names = opened.schema_arrow.names
        wanted = [names[place] for place in _places(path, names)]
        rows = 0
        for batch in opened.iter_batches(batch_size=1 << 17, columns=wanted):
            lines = np.arange(rows + 1, rows + 1 + batch.num_rows)
            rows += batch.num_rows
            columns = [batch.column(name) for name in wanted]
            ids, periods = (_coded(_as_text(column)) for column in columns[:2])
            values, bad = _floats(columns[2])
            yield Block(lines, ids, periods, values, bad, rows / max(opened.metadata.num_rows, 1))
    except pa.ArrowException as error:
        raise TableError("error.file", path=str(path), why=str(error).splitlines()[0][:200]) from error


def _as_text(column: Any) -> Any:
    """Numbers, days and texts of a Parquet column as a column of coded text."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    found = column.dictionary_encode()
    return pa.DictionaryArray.from_arrays(found.indices, found.dictionary.cast(pa.string()))


def _coded(column: Any) -> Coded:
    return Coded(_plain(column.indices, np.dtype(np.int32), -1), column.dictionary.to_pylist())


def _floats(column: Any) -> tuple[Floats, list[tuple[int, str]]]:
    """A column of numbers: all at once if they are all numbers, one by one if not."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    try:
        values = _plain(column.cast(pa.float64()), np.dtype(np.float64), math.nan)
        wrong = {int(row) for row in np.flatnonzero(np.isinf(values))}
        texts = column.take(_array(np.array(sorted(wrong)))).to_pylist() if wrong else []
        bad = [(row, str(text)) for row, text in zip(sorted(wrong), texts, strict=True)]
    except pa.ArrowInvalid:
        read = [_number(text or "") for text in column.to_pylist()]
        values = np.array([math.nan if value is None else value for value in read])
        bad = [(row, str(column[row].as_py())) for row, value in enumerate(read) if value is None]
    values[[row for row, _text in bad]] = math.nan
    return values, bad


def _number(text: str) -> float | None:
    """A number with a point; NaN for an empty cell or "NaN"; None for anything else."""
    text = text.strip()
    if text.lower() in ("", "nan"):
        return math.nan
    value = float(text) if _NUMBER.fullmatch(text) else math.inf
    return value if math.isfinite(value) else None


def _plain(array: Any, kind: np.dtype[Any], missing: float) -> NDArray[Any]:
    """An arrow array as a numpy array of our own; arrow's `fill_null` and `pa.array` would import pandas."""
    mask, data = array.buffers()
    end = array.offset + len(array)
    values = np.frombuffer(data, dtype=kind)[array.offset : end].copy() if len(array) else np.empty(0, kind)
    if mask is not None and array.null_count:
        bits = np.unpackbits(np.frombuffer(mask, dtype=np.uint8), bitorder="little")[array.offset : end]
        values[bits == 0] = missing
    return values


def _array(values: Ints) -> Any:
    return pa.Array.from_buffers(pa.int64(), len(values), [None, pa.py_buffer(np.ascontiguousarray(values))])
