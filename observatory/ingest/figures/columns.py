"""Columns by role: heads, a first column without one, labels beside codes, and columns that look like a role."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from observatory.ingest.decode import numbers
from observatory.ingest.decode.codes import load_codes
from observatory.ingest.decode.name_index import (
    ROLE_HEADERS,
    ColumnRole,
    NameIndex,
    find_role,
    is_publisher_header,
)
from observatory.ingest.decode.periods import are_same_period, is_likely_period, is_period_text, parse_part_of_year
from observatory.ingest.decode.table import CellTable, format_cell
from observatory.ingest.decode.text import fold_text
from observatory.ingest.figures.places import assign_place_columns

SAMPLE_ROWS = 50  # rows that decide what a column holds
_UNNAMED_HEADER = re.compile(r"(?:Unnamed: \d+|\.\.\.\d+|V\d+)?")  # of pandas and R, for a head that is empty
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class ColumnRoles:
    """The column of each role, pairs of columns for one role, and the other columns that have a head."""

    role_columns: dict[ColumnRole, int]
    duplicates: tuple[tuple[int, int], ...]
    others: tuple[int, ...]
    place_labels: tuple[int, ...] = ()


def assign_roles(table: CellTable, name_index: NameIndex) -> ColumnRoles:
    """The roles of columns by their heads.

    A publisher's head gives way to one of ours, an empty column to any other, and a label to the code that it names.
    """
    columns_by_role: dict[ColumnRole, list[int]] = {}
    others: list[int] = []
    for column, header in enumerate(table.header_texts):
        role = find_role(header)
        if role is not None:
            columns_by_role.setdefault(role, []).append(column)
        elif header:
            others.append(column)
    role_columns: dict[ColumnRole, int] = {}
    duplicates: list[tuple[int, int]] = []
    labels: tuple[int, ...] = ()
    if places := columns_by_role.pop("geo", None):
        role_columns["geo"], labels = assign_place_columns(table, places, name_index)
        others += [column for column in places if column != role_columns["geo"]]
    for role, columns in columns_by_role.items():
        chosen, rivals = _choose_column(table, role, columns, name_index)
        if chosen is not None:
            role_columns[role] = chosen
        duplicates += [(columns[0] if chosen is None else chosen, rival) for rival in rivals]
        others += [column for column in columns if column != chosen and column not in rivals]
    return ColumnRoles(role_columns, tuple(duplicates), tuple(sorted(others)), labels)


def _choose_column(
    table: CellTable, role: ColumnRole, columns: list[int], name_index: NameIndex
) -> tuple[int | None, list[int]]:
    """The column of a role among those with its heads, and those that contradict it."""
    heads = table.header_texts
    if len(columns) == 1:
        is_free = role == "period" and not _has_cells(table, columns[0]) and _count_period_heads(table) > 1
        return (None if is_free else columns[0]), []
    candidates = [column for column in columns if _has_cells(table, column)] or columns[:1]
    own = [column for column in candidates if not is_publisher_header(heads[column])]
    candidates = own or candidates
    chosen = candidates[0]
    if role == "indicator" and len(candidates) > 1:
        chosen = max(candidates, key=lambda column: _count_known(table, column, name_index.find_indicator_id))
    codes = load_codes()
    rivals = [
        column
        for column in candidates
        if column != chosen
        and not (
            codes.share_label_group(heads[chosen], heads[column]) and _agree(table, role, chosen, column, name_index)
        )
    ]
    return chosen, rivals


def _agree(table: CellTable, role: ColumnRole, first: int, second: int, name_index: NameIndex) -> bool:
    """Whether no row says two things in two columns of a role; an empty cell, or one that is not known, says none."""
    width = max(first, second)
    pairs = {(format_cell(row[first]), format_cell(row[second])) for _line, row in table.rows if len(row) > width}
    if role == "value":
        return all(a == b for a, b in pairs)
    if role == "period":
        return all(not b or are_same_period(a, b) for a, b in pairs)
    find = name_index.find_indicator_id
    return role != "indicator" or all(find(b) in (None, find(a)) for a, b in pairs)


def name_first_column(table: CellTable, name_index: NameIndex) -> CellTable:
    """A table whose first column has no head, with the head of what most of its cells are.

    Periods, else indicators, places or items; a column of anything else stays without a head.
    """
    head = table.header_texts[0] if table.header else ""
    if not table.header or not _UNNAMED_HEADER.fullmatch(head):
        return table
    taken = {find_role(text) for text in table.header_texts}
    texts = _sample_texts(table, 0)
    tests: tuple[tuple[ColumnRole, Callable[[str], object]], ...] = (
        ("period", is_likely_period),
        ("indicator", name_index.find_indicator_id),
        ("geo", name_index.find_geography_id),
        ("item", name_index.find_item_id),
    )
    for role, find in tests:
        is_known = [bool(find(text)) for text in texts]
        if role not in taken and texts and 2 * sum(is_known) >= len(texts) and (is_known[0] or role != "period"):
            return replace(table, header=(ROLE_HEADERS[role][1], *table.header[1:]))
    return table


def is_numeric_column(table: CellTable, column: int) -> bool:
    """Whether at least half of the filled cells of a column are numbers, judged by the first rows."""
    cells = [row[column] for _line, row in table.rows[:SAMPLE_ROWS] if column < len(row)]
    filled = [cell for cell in cells if not numbers.is_missing(cell)]
    return bool(filled) and 2 * sum(numbers.parse_candidates(cell) is not None for cell in filled) >= len(filled)


def is_row_number_column(table: CellTable, column: int) -> bool:
    """Whether a column counts the rows from 0 or 1, as programs do."""
    texts = [format_cell(row[column]) for _line, row in table.rows[:SAMPLE_ROWS] if column < len(row)]
    return any(texts == [str(number + start) for number in range(len(texts))] for start in (0, 1))


def find_similar_columns(table: CellTable, columns: Sequence[int], role: ColumnRole) -> tuple[int, ...]:
    """The columns that look like a role: by a word of their heads and, for periods, by their cells."""
    words = load_codes().similar.get(role, frozenset())
    named = [column for column in columns if words & _split_words(table.header_texts[column])]
    if role == "value":
        return tuple(column for column in named if is_numeric_column(table, column))
    if role != "period":
        return tuple(named)
    by_content = [column for column in columns if _holds_periods(table, column)]
    return tuple(column for column in by_content if column in named) or tuple(
        column for column in by_content if not is_numeric_column(table, column)
    )


def find_part_columns(table: CellTable, columns: Sequence[int]) -> tuple[int, ...]:
    """The columns headed by months, or by quarters, in a table whose periods are years; empty if there are too few.

    Numbers without a letter are months only where all twelve are there.
    """
    parts = {column: parse_part_of_year(table.header_texts[column]) for column in columns}
    found = {column: part for column, part in parts.items() if part is not None}
    has_words = any(not table.header_texts[column].isdigit() for column in found)
    return tuple(found) if len(set(found.values())) >= (2 if has_words else 12) else ()


def _split_words(header: str) -> set[str]:
    """The words of a head, folded; a head of several words in one (`primaryValue`) counts as itself and as them."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)
    return set(_WORD.findall(fold_text(header))) | set(_WORD.findall(fold_text(spaced)))


def _sample_texts(table: CellTable, column: int) -> list[str]:
    cells = (row[column] for _line, row in table.rows[:SAMPLE_ROWS] if column < len(row))
    return [text for text in map(format_cell, cells) if text]


def _holds_periods(table: CellTable, column: int) -> bool:
    texts = _sample_texts(table, column)
    return bool(texts) and 2 * sum(map(is_period_text, texts)) > len(texts)


def _has_cells(table: CellTable, column: int) -> bool:
    return any(column < len(row) and row[column] != "" for _line, row in table.rows)


def _count_period_heads(table: CellTable) -> int:
    return sum(is_period_text(header) for header in table.header_texts)


def _count_known(table: CellTable, column: int, find: Callable[[str], object]) -> int:
    return sum(find(text) is not None for text in _sample_texts(table, column))
