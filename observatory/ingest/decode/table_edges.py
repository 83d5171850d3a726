"""Edges of tables: heads in two lines, columns of codes in one, totals and notes below, each read as what it is."""

import re
from collections.abc import Sequence
from dataclasses import replace

from observatory.ingest.decode import numbers
from observatory.ingest.decode.codes import load_codes
from observatory.ingest.decode.name_index import find_role
from observatory.ingest.decode.periods import compose_period, is_period_text
from observatory.ingest.decode.table import CellTable, CellValue, NumberedRow, format_cell
from observatory.ingest.decode.text import fold_text

_COMPOUND_SPLIT = re.compile(r"[\\,]")
_TOTAL_CODES = frozenset(("_T", "_Z", "T", "TOTAL", "TOT", "Z", "W"))  # of dimensions that do not cut the total
_HARMLESS_DIMENSIONS = frozenset(("freq", "unit"))  # that no figure is a part of
_TSV_FLAG = re.compile(r"(?<=\d) (?=[a-z]{1,3}$)")
_FOOTNOTE_MARK = re.compile(r"(?:\(?(?:\d{1,2}|[a-z]{1,2})\)|\*+|[©_]|-{3,})")
_MIN_NOTE_WORDS = 3


def split_compound_column(table: CellTable) -> CellTable:
    r"""A table of Eurostat (`freq,unit,geo\TIME_PERIOD`) with a column for each dimension.

    Only where no dimension but place, frequency and unit cuts the total; elsewhere the table stays as it is.
    """
    head = table.header_texts[0] if table.header else ""
    names = [part.strip() for part in _COMPOUND_SPLIT.split(head)]
    if "\\" not in head or len(names) < 3 or find_role(names[-1]) != "period":
        return table
    dimensions = names[:-1]
    keys = [[part.strip() for part in format_cell(cells[0]).split(",")] for _line, cells in table.rows]
    if any(len(key) != len(dimensions) for key in keys):
        return table
    for place, name in enumerate(dimensions):
        is_free = find_role(name) == "geo" or fold_text(name) in _HARMLESS_DIMENSIONS
        if not is_free and not {key[place].upper() for key in keys} <= _TOTAL_CODES:
            return table
    rows: list[NumberedRow] = [
        (line, [*key, *map(_bracket_flag, cells[1:])]) for key, (line, cells) in zip(keys, table.rows, strict=True)
    ]
    return replace(table, header=(*dimensions, *table.header[1:]), rows=tuple(rows))


def _bracket_flag(cell: CellValue) -> CellValue:
    """A number with its flag in brackets, where it cannot be taken for a unit: `12 b` is `12 (b)`."""
    return _TSV_FLAG.sub(" (", cell) + ")" if isinstance(cell, str) and _TSV_FLAG.search(cell) else cell


def add_missing_head(table: CellTable) -> CellTable:
    """A table of R whose heads are one fewer than its columns, with an empty head above the first of them."""
    width = len(table.header) + 1
    if table.is_padded or not table.rows or any(len(cells) != width for _line, cells in table.rows):
        return table
    is_index = all(
        is_period_text(text) or text.isdigit() for text in (format_cell(row[0]) for _line, row in table.rows)
    )
    return replace(table, header=("", *table.header)) if is_index else table


def merge_index_name(table: CellTable) -> CellTable:
    """A table of pandas whose second line names the first column only: that name becomes the head of the column."""
    if not table.rows:
        return table
    cells = [format_cell(cell) for cell in table.rows[0][1]]
    if not cells or find_role(cells[0]) != "period" or any(cells[1:]):
        return table
    return replace(table, header=(cells[0], *table.header[1:]), rows=table.rows[1:])


def join_year_and_part(table: CellTable) -> CellTable:
    """A table of Destatis, whose first two columns have no head: years, and months or quarters; they become one."""
    if len(table.header) < 3 or table.header[0] != "" or table.header[1] != "":
        return table
    rows: list[NumberedRow] = []
    for line, cells in table.rows:
        period = compose_period(format_cell(cells[0]), format_cell(cells[1])) if len(cells) > 1 else None
        if period is None:
            return table
        rows.append((line, [period, *cells[2:]]))
    units = {column - 1: unit for column, unit in table.column_units.items()}
    return replace(table, header=("", *table.header[2:]), rows=tuple(rows), column_units=units)


def take_units_row(table: CellTable) -> CellTable:
    """A table without the line of units below its heads (`($/bbl)`), which becomes `column_units`."""
    if len(table.rows) < 2 or table.column_units:
        return table
    cells = [format_cell(cell) for cell in table.rows[0][1]]
    named = {column: text for column, text in enumerate(cells) if text}
    if not named or 0 in named or not is_period_text(format_cell(table.rows[1][1][0])):
        return table
    if any(numbers.parse_candidates(text) is not None or numbers.is_missing(text) for text in named.values()):
        return table
    units = {column: text.strip("()[] ") for column, text in named.items()}
    return replace(table, rows=table.rows[1:], column_units=units)


def strip_notes(table: CellTable) -> CellTable:
    """A table without the notes below it (a source, a legend), whose lines are recorded as `notes`."""
    end = len(table.rows)
    while end and _is_note(table, end - 1):
        end -= 1
    if end == len(table.rows) or not end:
        return table
    first, last = table.rows[end][0], table.rows[-1][0]
    lines = str(first) if first == last else f"{first}-{last}"
    return replace(table, rows=table.rows[:end], inferred={**table.inferred, "notes": lines})


def _is_note(table: CellTable, index: int) -> bool:
    """Whether a row at the end of a table is a note: a sentence, or a text with a mark or a word of notes in front."""
    line, cells = table.rows[index]
    texts = [format_cell(cell) for cell in cells if cell != ""]
    text = texts[0] if texts else ""
    if not text or cells[0] == "" or is_period_text(text) or numbers.parse_candidates(text) is not None:
        return _is_footnote(table, index)
    folded = fold_text(text)
    has_word = any(folded == word or folded.startswith((f"{word} ", f"{word}:")) for word in load_codes().note_words)
    if has_word and ":" in text:
        return True
    if has_word or _FOOTNOTE_MARK.match(text):
        return not any(numbers.parse_candidates(other) is not None for other in texts[1:])
    is_apart = line > (table.rows[index - 1][0] if index else table.header_line) + 1
    is_sentence = len(text.split()) >= _MIN_NOTE_WORDS or ":" in text or "=" in text
    return len(texts) == 1 and len(table.header) > 1 and (is_apart or is_sentence)


def _is_footnote(table: CellTable, index: int) -> bool:
    """Whether a row is a footnote by its number, below the line `footnoteSeqID` with which UNdata begins them."""
    heads = (format_cell(cells[0]) for _line, cells in table.rows[max(0, index - 200) : index] if cells)
    return any(fold_text(head) == "footnoteseqid" for head in heads)


def strip_totals(table: CellTable) -> CellTable:
    """A table without its rows of totals, whose lines are listed: `Total` where a period should be, or none."""
    period_column = next(
        (column for column, head in enumerate(table.header_texts) if find_role(head) == "period"), None
    )
    if period_column is None:
        return table
    lines = {line for line, cells in table.rows if _is_total(cells, period_column)}
    rows = tuple(row for row in table.rows if row[0] not in lines)
    return replace(table, rows=rows, total_lines=tuple(sorted(lines))) if lines and rows else table


def _is_total(cells: Sequence[CellValue], period_column: int) -> bool:
    """Whether a row says that it is a total, in place of its period or beside an empty one."""
    texts = [fold_text(format_cell(cell).rstrip(": ")) for cell in cells]
    period = texts[period_column] if period_column < len(texts) else ""
    words = load_codes().total_words
    return period in words or (not period and not words.isdisjoint(texts))
