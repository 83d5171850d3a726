"""Delimited text to a table: the separator is the one on which the rows of the file agree."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import islice

from observatory import settings
from observatory.ingest.decode.name_index import MAX_HEADER_SEARCH_ROWS, count_roles
from observatory.ingest.decode.table import CellTable, NumberedRow, build_table, clean_cell_text, measure_row_width

_SEPARATORS = (";", "\t", "|", ",")  # in order of preference: a comma may be a decimal one
_SAMPLE_CHARS = 5_000  # characters in which the separator must appear
_SEP_DIRECTIVE = re.compile(r'"?sep=(?P<separator>[^\r\n"])"?[ \t;,]*(?:\r\n|\r|\n|$)', re.IGNORECASE)


def parse_delimited(text: str, inferred: dict[str, str]) -> CellTable:
    """The table of a text. The separator is that of Excel's first line `sep=;`, else that on which the rows agree."""
    separator, parsed = _split_by_best(text, count_roles)
    rows, unparsable_row = parsed
    is_truncated = len(rows) > settings.MAX_ROWS
    return replace(
        build_table(rows, inferred | {"separator": separator}), unparsable_row=unparsable_row, is_truncated=is_truncated
    )


def detect_header(text: str, count_names: Callable[[Iterable[object]], int]) -> tuple[str, int, tuple[str, ...]]:
    """The separator of the start of a text, the line of its header (0 if there is none) and the cells of that line.

    `count_names` counts the known headers that the cells of a row name.
    """
    separator, (rows, unparsable_row) = _split_by_best(text, count_names)
    filled = next(((line, cells) for line, cells in rows if measure_row_width(cells)), None)
    if filled is None:
        return separator, unparsable_row[0] if unparsable_row else 0, ()
    return separator, filled[0], tuple(str(cell) for cell in filled[1])


def _split_by_best(
    text: str, count_names: Callable[[Iterable[object]], int]
) -> tuple[str, tuple[list[NumberedRow], tuple[int, str] | None]]:
    """The separator of a text and its rows, split by it."""
    directive = _SEP_DIRECTIVE.match(text)
    if directive:
        return directive["separator"], _split_rows(text[directive.end() :], directive["separator"], 1)
    start = text[:_SAMPLE_CHARS]
    attempts = [(each, _split_rows(text, each)) for each in _SEPARATORS if each in start] or [
        (",", _split_rows(text, ","))
    ]
    if len(attempts) == 1:
        return attempts[0]
    return max(attempts, key=lambda attempt: _score_separator(attempt[1][0], attempt[1][1], count_names))


def _split_rows(text: str, separator: str, line_offset: int = 0) -> tuple[list[NumberedRow], tuple[int, str] | None]:
    """The rows of a text, each with its first line, and the line and text of a row that cannot be parsed, if any."""
    source = io.StringIO(text, newline="")
    reader = csv.reader(source, delimiter=separator, strict=True)
    csv.field_size_limit(settings.MAX_UPLOAD_BYTES)  # a long comment is no quoting error
    rows: list[NumberedRow] = []
    start = 1
    try:
        for row in reader:
            if any(row):
                rows.append((start + line_offset, [clean_cell_text(cell) for cell in row]))
                if len(rows) > settings.MAX_ROWS + 1:
                    break
            start = reader.line_num + 1
    except csv.Error:
        raw_line = next(islice(io.StringIO(text, newline=""), start - 1, None), "")
        return rows, (start + line_offset, raw_line.strip())
    return rows, None


def _score_separator(
    rows: list[NumberedRow], broken: tuple[int, str] | None, count_names: Callable[[Iterable[object]], int]
) -> tuple[int, float]:
    """Score of a separator: headers named by one of the first rows, then share of rows of the most usual width."""
    roles = max((count_names(cells) for _line, cells in rows[:MAX_HEADER_SEARCH_ROWS]), default=0)
    widths = Counter(measure_row_width(cells) for _line, cells in rows)
    share = max((count for width, count in widths.items() if width > 1), default=0) / max(len(rows), 1)
    return roles, share if broken is None else share / 2
