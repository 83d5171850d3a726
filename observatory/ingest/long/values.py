"""Values of long files: columns of numbers, with the decimal separator that the file as a whole decides."""

import math
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from observatory.errors import SeriesFileError
from observatory.ingest.decode import numbers
from observatory.ingest.decode.numbers import DecimalSeparator, NumberCandidates
from observatory.ingest.decode.table import CellValue, clean_cell_text
from observatory.timeseries import FloatArray, IntArray


class ParsedValues(NamedTuple):
    """Numbers of some rows, NaN where a value is missing or invalid, and the invalid cells (row, text)."""

    values: FloatArray
    invalid: list[tuple[int, str]]


class DecimalDetector:
    """Detector of the decimal separator, fed with the cells of a file until one of them decides it.

    As in an upload: a number that only one separator can read decides, the majority of a block where there are both;
    else the separator of the fields, between which a decimal comma would be quoted.
    """

    def __init__(self, path: str, separator: str, choice: str) -> None:
        self.path = path
        self.separator = separator
        self.decided: DecimalSeparator | None = "," if choice == "," else "." if choice == "." else None
        self.ambiguous = ""  # the first number that both separators can read
        self.has_ambiguous_comma = False

    def add_plain(self, cells: Iterable[CellValue]) -> None:
        """Adds the evidence of numbers with points only: the first that needs its point decides."""
        for cell in cells if self.decided is None else ():
            candidates = self._parse(cell)
            if candidates is not None and candidates.only_separator == ".":
                self.decided = "."
                return

    def add(self, cells: Iterable[CellValue]) -> None:
        """Adds the evidence of a block of any cells."""
        if self.decided is None:
            evidence = numbers.count_separator_evidence([self._parse(cell) for cell in cells])
            if evidence[","] or evidence["."]:
                self.decided = "," if evidence[","] > evidence["."] else "."

    def _parse(self, cell: CellValue) -> NumberCandidates | None:
        candidates = numbers.parse_candidates(cell)
        if candidates is not None and candidates.is_ambiguous:
            self.ambiguous = self.ambiguous or str(cell)
            self.has_ambiguous_comma |= "," in str(cell)
        return candidates

    def decide(self) -> DecimalSeparator:
        """The decimal separator of a file that is read to its end. Raises SeriesFileError if nothing decides it."""
        if self.decided is None and self.ambiguous and (self.separator != "," or self.has_ambiguous_comma):
            both = numbers.parse_candidates(self.ambiguous)
            assert both is not None
            raise SeriesFileError(
                "error.table.decimal",
                path=self.path,
                value=self.ambiguous,
                comma=f"{both.comma:g}",
                point=f"{both.point:.10g}",
            )
        return self.decided or "."


def collect_evidence(column: Any, detector: DecimalDetector) -> bool:
    """Adds a column of an Arrow batch to the evidence; returns whether none of its numbers depends on the separator."""
    if not pa.types.is_string(column.type):
        return True
    data = column.buffers()[2]
    text = b"" if data is None else data.to_pybytes()
    if b"," not in text:
        if b"." in text:
            detector.add_plain(iterate_cells(column))
        return b"." not in text
    detector.add(iterate_cells(column))
    return False


def iterate_cells(column: Any) -> Iterator[str]:
    """The cells of a column of text, cleaned."""
    return (clean_cell_text(text or "") for text in column.to_pylist())


def parse_column(column: Any, decimal: DecimalSeparator) -> ParsedValues:
    """The numbers of a column of an Arrow batch; vectorised where all cells are plain numbers."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    plain = _replace_commas(column) if decimal == "," and pa.types.is_string(column.type) else column
    if plain is None:
        return parse_cells(list(iterate_cells(column)), decimal)
    try:
        values = to_numpy(plain.cast(pa.float64()), np.dtype(np.float64), math.nan)
    except pa.ArrowInvalid:
        return parse_cells(list(iterate_cells(column)), decimal)
    infinite = np.flatnonzero(np.isinf(values))
    texts = column.take(_to_arrow(infinite)).to_pylist() if len(infinite) else []
    values[infinite] = math.nan
    return ParsedValues(values, [(int(row), str(text)) for row, text in zip(infinite, texts, strict=True)])


def parse_cells(cells: list[CellValue], decimal: DecimalSeparator) -> ParsedValues:
    """The numbers of cells, by the same function as those of uploads."""
    values, invalid = np.full(len(cells), math.nan), []
    for row, cell in enumerate(cells):
        if numbers.is_missing(cell):
            continue
        number = numbers.resolve_number(cell, numbers.parse_candidates(cell), decimal)
        if number.kind in ("number", "huge") and math.isfinite(number.value):
            values[row] = number.value
        else:
            invalid.append((row, str(cell)))
    return ParsedValues(values, invalid)


def to_numpy(array: Any, dtype: np.dtype[Any], missing: float) -> NDArray[Any]:
    """An Arrow array as a NumPy array; Arrow's own `fill_null` and `pa.array` would import pandas."""
    mask, data = array.buffers()
    end = array.offset + len(array)
    values = np.frombuffer(data, dtype=dtype)[array.offset : end].copy() if len(array) else np.empty(0, dtype)
    if mask is not None and array.null_count:
        bits = np.unpackbits(np.frombuffer(mask, dtype=np.uint8), bitorder="little")[array.offset : end]
        values[bits == 0] = missing
    return values


def _replace_commas(column: Any) -> Any:
    """A column of text with points for its commas; None if it has points already."""
    mask, offsets, data = column.buffers()
    text = b"" if data is None else data.to_pybytes()
    if b"." in text:
        return None
    parts = [mask, offsets, pa.py_buffer(text.replace(b",", b"."))]
    return pa.Array.from_buffers(column.type, len(column), parts, offset=column.offset)


def _to_arrow(values: IntArray) -> Any:
    return pa.Array.from_buffers(pa.int64(), len(values), [None, pa.py_buffer(np.ascontiguousarray(values))])
