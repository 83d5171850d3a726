"""Dialect of a long file: kind, encoding, separator and header, found by the readers of uploads."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from observatory import settings
from observatory.errors import SeriesFileError
from observatory.ingest.decode.encodings import detect_encoding, find_control_character
from observatory.ingest.decode.file_kind import FileKind, InputFile
from observatory.ingest.decode.separators import detect_header
from observatory.ingest.decode.table import CellTable, clean_cell_text

REQUIRED_COLUMNS = ("unique_id", "ds", "y")
_SAMPLE_BYTES = 1 << 16  # in which header and separator are found
_MAX_LISTED_CHARS = 200  # of the columns that an error lists
_ZIP_START = b"PK"
_PARQUET_START = b"PAR1"


@dataclass(frozen=True)
class Dialect:
    """How a text file is written: its encoding, its separator, the line of its header and the cells of that line."""

    encoding: str
    separator: str
    header_line: int
    header: tuple[str, ...]
    has_rows: bool


def detect_kind(path: Path, file: IO[bytes]) -> FileKind | str:
    """The kind of a file by its first bytes: text, workbook or parquet. Raises SeriesFileError for any other."""
    start = file.read(_SAMPLE_BYTES)
    if start.startswith(_PARQUET_START):
        return "parquet"
    size = path.stat().st_size
    is_small_zip = start.startswith(_ZIP_START) and size <= settings.MAX_UPLOAD_BYTES
    input_file = InputFile(path.name, start + file.read() if is_small_zip else start, size)
    if input_file.kind not in ("text", "workbook") or (start.startswith(_ZIP_START) and not is_small_zip):
        raise SeriesFileError("error.table.kind", path=str(path))
    if input_file.kind == "workbook" and input_file.is_zip_bomb:
        raise SeriesFileError("error.table.kind", path=str(path))
    return input_file.kind


def detect_dialect(path: Path, file: IO[bytes]) -> Dialect:
    """The dialect of a text. Raises SeriesFileError if it is empty, or has bytes that no text has in its header."""
    encoding = detect_encoding(file)
    file.seek(0)
    sample = file.read(_SAMPLE_BYTES)
    text = _decode_sample(sample, encoding)
    if len(sample) == _SAMPLE_BYTES and (end := max(text.rfind("\n"), text.rfind("\r"))) > 0:
        text = text[: end + 1]  # the last line is cut
    separator, line, header = detect_header(text, _count_required)
    header_text = "".join(header)
    if find_control_character(header_text) is not None:
        raise SeriesFileError("error.table.kind", path=str(path))
    if not header:
        raise (
            SeriesFileError("error.table.broken", path=str(path), line=line)
            if line
            else SeriesFileError("error.table.empty", path=str(path))
        )
    return Dialect(encoding, separator, line, header, len(text.splitlines()) > line)


def find_columns(path: Path, names: Iterable[str]) -> list[int]:
    """The indices of the required columns. Raises SeriesFileError if one is missing or occurs twice."""
    headers = [clean_cell_text(name).lower() for name in names]
    for name in REQUIRED_COLUMNS:
        if headers.count(name) != 1:
            shown = ", ".join(headers)[:_MAX_LISTED_CHARS]
            raise SeriesFileError("error.table.column", path=str(path), name=name, columns=shown)
    return [headers.index(name) for name in REQUIRED_COLUMNS]


def read_sheet(path: Path, file: IO[bytes], sheet: str) -> CellTable:
    """The table of a sheet of a workbook. Raises SeriesFileError if it is damaged, too large, empty or not there."""
    from observatory.ingest.decode import workbook  # openpyxl takes a quarter of a second, and most files are text

    table = workbook.read_workbook(file.read(), sheet)
    if table is None:
        raise SeriesFileError("error.table.kind", path=str(path))
    if table.missing_sheet:
        raise SeriesFileError(
            "error.table.sheet", path=str(path), sheet=sheet, sheets=", ".join(table.sheets)[:_MAX_LISTED_CHARS]
        )
    if table.is_truncated:
        raise SeriesFileError("error.table.too_large", path=str(path), rows=settings.MAX_ROWS)
    if not table.header:
        raise SeriesFileError("error.table.empty", path=str(path))
    return table


def _decode_sample(sample: bytes, encoding: str) -> str:
    """The text of the first bytes of a file; a character cut at their end, or bytes that are none, are replaced."""
    return sample.decode(encoding, "replace").replace("\ufeff", "")


def _count_required(cells: Iterable[object]) -> int:
    """The number of required columns that the cells of a row name."""
    return len({clean_cell_text(str(cell)).lower() for cell in cells} & set(REQUIRED_COLUMNS))
