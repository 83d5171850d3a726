"""Columns of places: which of several is read, and whether the others agree with it."""

from collections.abc import Sequence
from typing import NamedTuple

from observatory.ingest.decode.heads import is_head
from observatory.ingest.decode.name_index import NameIndex
from observatory.ingest.decode.table import CellTable, format_cell


class PlaceColumns(NamedTuple):
    """The column of places that is read, and those that say the same (a code, a name); other ones do not."""

    read: int
    agreeing: tuple[int, ...] = ()


def assign_place_columns(table: CellTable, columns: Sequence[int], name_index: NameIndex) -> PlaceColumns:
    """The roles of several columns of places: that with the most known places is read, the first of equals."""
    texts = {column: _list_texts(table, column) for column in columns}
    found = {column: {text: _find_place(text, name_index) for text in set(texts[column])} for column in columns}
    known = {
        column: sum(found[column][text] in name_index.catalogue.geographies for text in texts[column])
        for column in columns
    }
    read = max(columns, key=lambda column: (known[column], -column))
    agreeing = []
    for column in columns:
        if column == read:
            continue
        pairs = set(zip(texts[read], texts[column], strict=True))
        is_pair = is_code_head(table.header_texts[column]) != is_code_head(table.header_texts[read])
        names = dict(pairs)
        is_one_to_one = len(pairs) == len(names) == len(set(names.values()))
        if all(
            not second or _agree(found[read][first], found[column][second], is_pair=is_pair and is_one_to_one)
            for first, second in pairs
        ):
            agreeing.append(column)
    return PlaceColumns(read, tuple(agreeing))


def is_code_head(header: str) -> bool:
    """Whether a header is that of codes of places."""
    return is_head(header, "places", "code_heads")


def _list_texts(table: CellTable, column: int) -> list[str]:
    return [format_cell(cells[column]) if column < len(cells) else "" for _line, cells in table.rows]


def _find_place(text: str, name_index: NameIndex) -> str | None:
    return name_index.find_place(text) or name_index.find_place_by_number(text)


def _agree(first: str | None, second: str | None, *, is_pair: bool) -> bool:
    """Whether two cells may name one place; of a name and its code, one may be unknown."""
    if first is None or second is None:
        return first is second or is_pair
    return first == second
