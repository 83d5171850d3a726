"""Text to a table: the separator that the whole file agrees on, quotes respected."""

import csv
import io
import re
from dataclasses import replace
from itertools import islice

from observatory import settings
from observatory.ingest.decode.name_index import MAX_HEADER_SEARCH_ROWS, count_roles
from observatory.ingest.decode.table import CellTable, NumberedRow, build_table, clean_cell_text, measure_row_width

_SEPARATORS = (";", "\t", "|", ",")  # where two fit alike the first is taken: a comma may be a decimal one
_SAMPLE_CHARS = 5_000  # characters in which the separator must appear
_SEP_DIRECTIVE = re.compile(r'"?sep=(?P<separator>[^\r\n"])"?[ \t;,]*(?:\r\n|\r|\n|$)', re.IGNORECASE)


def parse_delimited(text: str, inferred: dict[str, str]) -> CellTable:
    """The table of a text. Excel's own first line `sep=;` says the separator, otherwise the rows do."""
    said = _SEP_DIRECTIVE.match(text)
    if said:
        found = _split_rows(text[said.end() :], said["separator"], 1)
        separator = said["separator"]
    else:
        start = text[:_SAMPLE_CHARS]
        cuts = [(each, _split_rows(text, each)) for each in _SEPARATORS if each in start] or [
            (",", _split_rows(text, ","))
        ]
        separator, found = max(cuts, key=lambda cut: _score_separator(*cut[1])) if len(cuts) > 1 else cuts[0]
    lines, broken = found
    overflow = len(lines) > settings.MAX_ROWS
    return replace(
        build_table(lines, inferred | {"separator": separator}), unparsable_row=broken, is_truncated=overflow
    )


def _split_rows(text: str, separator: str, line_offset: int = 0) -> tuple[list[NumberedRow], tuple[int, str] | None]:
    """The rows of a text, each with its first line; and where cutting had to stop, if it did."""
    source = io.StringIO(text, newline="")
    reader = csv.reader(source, delimiter=separator, strict=True)
    csv.field_size_limit(settings.MAX_UPLOAD_BYTES)  # a long comment is no fault of quoting
    lines: list[NumberedRow] = []
    start = 1
    try:
        for row in reader:
            if any(row):
                lines.append((start + line_offset, [clean_cell_text(cell) for cell in row]))
                if len(lines) > settings.MAX_ROWS + 1:
                    break
            start = reader.line_num + 1
    except csv.Error:
        seen = next(islice(io.StringIO(text, newline=""), start - 1, None), "")
        return lines, (start + line_offset, seen.strip())
    return lines, None


def _score_separator(rows: list[NumberedRow], broken: tuple[int, str] | None) -> tuple[int, float]:
    """How many roles one of the first rows names, and the share of rows as wide as the head (one column: none)."""
    roles = max((count_roles(cells) for _line, cells in rows[:MAX_HEADER_SEARCH_ROWS]), default=0)
    width = measure_row_width(rows[0][1]) if rows else 0
    if width < 2:
        return roles, 0.0
    share = sum(measure_row_width(cells) == width for _line, cells in rows) / len(rows)
    return roles, share if broken is None else share / 2
