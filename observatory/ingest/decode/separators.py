"""Text to a table: the separator that the whole file agrees on, quotes respected."""

import csv
import io
import re
from dataclasses import replace
from itertools import islice

from observatory import settings
from observatory.ingest.decode.name_index import LOWEST_HEAD, roles_in
from observatory.ingest.decode.table import Line, Table, filled_width, table_of, tidy

SEPARATORS = (";", "\t", "|", ",")  # where two fit alike the first is taken: a comma may be a decimal one
_LOOKED_AT = 5_000  # characters in which the separator must appear
_SAID = re.compile(r'"?sep=(?P<separator>[^\r\n"])"?[ \t;,]*(?:\r\n|\r|\n|$)', re.IGNORECASE)


def split(text: str, inferred: dict[str, str]) -> Table:
    """The table of a text. Excel's own first line `sep=;` says the separator, otherwise the rows do."""
    said = _SAID.match(text)
    if said:
        found = _cut(text[said.end() :], said["separator"], 1)
        separator = said["separator"]
    else:
        start = text[:_LOOKED_AT]
        cuts = [(each, _cut(text, each)) for each in SEPARATORS if each in start] or [(",", _cut(text, ","))]
        separator, found = max(cuts, key=lambda cut: _agreement(*cut[1])) if len(cuts) > 1 else cuts[0]
    lines, broken = found
    overflow = len(lines) > settings.MOST_ROWS
    return replace(table_of(lines, inferred | {"separator": separator}), broken=broken, overflow=overflow)


def _cut(text: str, separator: str, before: int = 0) -> tuple[list[Line], tuple[int, str] | None]:
    """The rows of a text, each with its first line; and where cutting had to stop, if it did."""
    source = io.StringIO(text, newline="")
    reader = csv.reader(source, delimiter=separator, strict=True)
    csv.field_size_limit(settings.LARGEST_UPLOAD)  # a long comment is no fault of quoting
    lines: list[Line] = []
    start = 1
    try:
        for row in reader:
            if any(row):
                lines.append((start + before, [tidy(cell) for cell in row]))
                if len(lines) > settings.MOST_ROWS + 1:
                    break
            start = reader.line_num + 1
    except csv.Error:
        seen = next(islice(io.StringIO(text, newline=""), start - 1, None), "")
        return lines, (start + before, seen.strip())
    return lines, None


def _agreement(lines: list[Line], broken: tuple[int, str] | None) -> tuple[int, float]:
    """How many roles one of the first rows names, and the share of rows as wide as the head (one column: none)."""
    roles = max((roles_in(cells) for _line, cells in lines[:LOWEST_HEAD]), default=0)
    width = filled_width(lines[0][1]) if lines else 0
    if width < 2:
        return roles, 0.0
    share = sum(filled_width(cells) == width for _line, cells in lines) / len(lines)
    return roles, share if broken is None else share / 2
