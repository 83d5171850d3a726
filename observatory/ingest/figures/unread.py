"""Columns that are not read: what each of them says, and whether that changes what the figures mean."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from observatory import settings
from observatory.ingest.decode import numbers
from observatory.ingest.decode.heads import has_prefix, is_head, is_word
from observatory.ingest.decode.name_index import find_role
from observatory.ingest.decode.table import CellValue, column_letters, format_cell
from observatory.ingest.decode.text import fold_text
from observatory.ingest.decode.units import parse_bracketed_unit
from observatory.ingest.figures.column_use import ColumnUse, UnreadColumn, UnreadKind, normalize_filter
from observatory.ingest.figures.context import TableContext
from observatory.ingest.figures.layout import ROLE_OF_HEADERS
from observatory.ingest.figures.rows import FigureRow

_MAX_CODE_CHARS = 3  # of a code of a place
_MAX_VALUES = 1000  # distinct cells of a column that are looked at


def classify_unread(context: TableContext, rows: Sequence[FigureRow], confirmed: Sequence[str]) -> ColumnUse:
    """What each ignored column says beside figures; `confirmed` are filters that a person takes as the total."""
    lines: dict[int, FigureRow] = {}
    for row in rows:
        lines.setdefault(row.line, row)
    reader = _UnreadReader(context, tuple(lines.values()), frozenset(map(normalize_filter, confirmed)))
    columns = (
        *map(reader.classify, context.layout.ignored_columns),
        *(column for column in map(reader.classify, _list_headless(context)) if column.values),
    )
    return ColumnUse(context, columns, tuple(reader.find_misplaced(columns)), next(iter(lines.values()), None))


def _list_headless(context: TableContext) -> tuple[int, ...]:
    """The columns without a header that are neither read nor reported as numbers."""
    layout = context.layout
    known = {*layout.role_columns.values(), *layout.value_columns, *layout.unnamed_columns}
    return tuple(n for n, header in enumerate(context.table.header_texts) if not header and n not in known)


class _UnreadReader:
    """Reader of the columns of a table beside its figures, one row a line."""

    def __init__(self, context: TableContext, rows: Sequence[FigureRow], confirmed: frozenset[str]) -> None:
        self.context, self.rows, self.confirmed = context, rows, confirmed
        self.layout = context.layout
        self.has_places = "geo" in self.layout.role_columns or ROLE_OF_HEADERS.get(self.layout.shape) == "geo"
        self.has_items = "item" in self.layout.role_columns or ROLE_OF_HEADERS.get(self.layout.shape) == "item"
        headers = context.table.header_texts
        self.is_sdmx = any(is_head(header, "sdmx") for header in headers)
        self.is_labelled = any(  # every code has its label to its right, that of the time and of the value too
            is_head(code, "sdmx") and is_head(label, "sdmx", "labels") for code, label in pairwise(headers)
        )

    def classify(self, column: int) -> UnreadColumn:
        """A column with its kind."""
        header = self.context.header_text(column) or column_letters(column)
        cells = dict.fromkeys(self._text(row, column) for row in self.rows)
        values = tuple(text for text in cells if text)
        kind = self._find_kind(column, header, values[:_MAX_VALUES])
        is_mixed = not self._names_each_series(column) if kind == "series" else len(cells) > 1
        found = UnreadColumn(column, header, kind, values, is_mixed)
        is_confirmed = not is_mixed and normalize_filter(found.filter_text) in self.confirmed
        return replace(found, kind="confirmed") if is_confirmed and kind in ("dimension", "filter") else found

    def find_misplaced(self, columns: Sequence[UnreadColumn]) -> Iterator[tuple[FigureRow, int]]:
        """Lines of which a cell names another place than their own: in a column of places, else by a name.

        Where a column of places is read, others are compared with it by `_find_place_kind`; a place in brackets behind
        the head of the figures is always compared.
        """
        is_assumed = not self.has_places and "geo" not in self.layout.defaults
        kinds = ("place", "attribute", "series", "filter", "dimension") if is_assumed else ()
        read = [(column.column, column.kind == "place") for column in columns if column.kind in kinds]
        for row in self.rows:
            texts = [(column, self._text(row, column), is_place) for column, is_place in read]
            texts.append((row.column, self._find_bracketed_text(row.column), False))
            for column, text, is_place in texts if row.geo else ():
                is_name = is_place or _MAX_CODE_CHARS < len(text) <= settings.MAX_CELL_CHARS
                place = self.context.name_index.find_place(text) if text and is_name else None
                if (place or (text if is_place else "")) not in ("", row.geo):
                    yield row, column
                    break

    def _find_bracketed_text(self, column: int) -> str:
        """What stands in brackets behind the head of figures, unless the head as a whole is a name."""
        header = self.context.header_text(column)
        is_name = self.context.name_index.find_indicator(header) is not None
        return "" if is_name or ROLE_OF_HEADERS.get(self.layout.shape) == "geo" else parse_bracketed_unit(header)

    def _find_kind(self, column: int, header: str, values: Sequence[str]) -> UnreadKind:
        if not values:
            return "empty"
        if is_head(header, "multipliers"):
            return "multiplier"
        if is_head(header, "units") or is_head(header, "units", "code_heads"):
            return "unit"
        if is_head(header, "attributes") or (self.is_sdmx and has_prefix(header, "sdmx", "attribute_prefixes")):
            return "attribute"
        if column in self.layout.place_labels or self._is_label(column):
            return "label"
        return self._find_place_kind(column, header, values) or self._find_dimension_kind(header, values)

    def _find_place_kind(self, column: int, header: str, values: Sequence[str]) -> UnreadKind | None:
        """The kind of a column of places; None for all others."""
        is_partner = is_head(header, "places", "partner_heads")
        if is_partner and all(is_word(text, "places", "partner_totals") for text in values):
            return "total"
        is_code = is_head(header, "places", "label_heads") or is_head(header, "places", "code_heads")
        if is_code and self.has_places and self._is_code_of_place(column):
            return "label"
        if is_partner and self._names_places(values, is_known=True):
            return "partner"
        if is_head(header, "places", "grouping_heads") and self.has_places:
            return "grouping"
        if is_head(header, "places", "division_heads"):
            return "grouping" if self._groups_places(column) else "dimension"
        if find_role(header) == "geo" or self._names_places(values, is_known=False):
            return "label" if self._repeats_place(column) else "partner" if self.has_places else "place"
        return "dimension" if is_partner else None

    def _find_dimension_kind(self, header: str, values: Sequence[str]) -> UnreadKind:
        """The kind of a column that is neither an attribute nor of places."""
        if all(self._is_total(text) for text in values):
            return "total"
        if is_head(header, "series", "key_heads"):
            return "series"
        if not self.has_items and any(self.context.name_index.find_item_id(text) for text in values):
            return "item"
        if self.is_sdmx or is_head(header, "dimensions"):
            return "dimension"
        if is_head(header, "series"):
            return "series"
        return "numbers" if all(numbers.parse_candidates(text) is not None for text in values) else "filter"

    def _is_total(self, text: str) -> bool:
        return is_word(text, "dimensions", "totals") or (self.is_sdmx and is_word(text, "sdmx", "totals"))

    def _names_each_series(self, column: int) -> bool:
        """Whether rows of one indicator (for a key: of one series) have one name of a series."""
        is_key = is_head(self.context.header_text(column), "series", "key_heads")
        names: dict[tuple[object, ...], str] = {}
        for row in self.rows:
            indicator = row.indicator.id if row.indicator is not None else ""
            key = (indicator, row.geo, row.item) if is_key else (indicator,)
            if names.setdefault(key, text := self._text(row, column)) != text:
                return False
        return True

    def _text(self, row: FigureRow, column: int) -> str:
        cell: CellValue = row.cells[column] if column < len(row.cells) else ""
        return format_cell(cell).strip()

    def _is_label(self, column: int) -> bool:
        """Whether a column spells out the codes of the SDMX column to its left: SEX, Sex."""
        header, left = self.context.header_text(column), self.context.header_text(column - 1) if column else ""
        if not self.is_sdmx or not _is_code(left) or _is_code(header):
            return False
        is_named_alike = fold_text(header) == fold_text(left)
        if not is_named_alike and not (self.is_labelled and column - 1 in self.layout.ignored_columns):
            return False
        pairs = {(self._text(row, column - 1), self._text(row, column)) for row in self.rows}
        return len(pairs) == len({code for code, _label in pairs})

    def _names_places(self, values: Sequence[str], *, is_known: bool) -> bool:
        """Whether half of the distinct cells are places; a lone code that is a word as well is none.

        `is_known` says that the head is one of places, so that codes of three digits count.
        """
        names = self.context.name_index
        places = [text for text in values if names.find_place(text)]
        places += [text for text in values if is_known and text not in places and names.find_place_by_number(text)]
        is_word_alone = not is_known and all(is_word(text, "places", "word_codes") for text in places)
        return bool(places) and 2 * len(places) >= len(values) and not is_word_alone

    def _find_place(self, text: str) -> str | None:
        names = self.context.name_index
        return names.find_place(text) or names.find_place_by_number(text)

    def _read_place_text(self, row: FigureRow) -> str:
        return row.role_text("geo")[0]

    def _repeats_place(self, column: int) -> bool:
        """Whether every cell names the place that its row is read as, or assumed to be of."""
        pairs = {(row.geo, self._read_place_text(row), self._text(row, column)) for row in self.rows}
        return all(
            not text or (self._find_place(text) or text) in (geo, self._find_place(place) or place)
            for geo, place, text in pairs
        )

    def _is_code_of_place(self, column: int) -> bool:
        """Whether each place has one cell, which names it or is a code that nobody knows."""
        agrees = all(
            self._find_place(text) in (None, geo, self._find_place(place))
            for geo, place, text in {
                (row.geo, self._read_place_text(row), self._text(row, column)) for row in self.rows
            }
        )
        return agrees and self._is_function_of_place(column)

    def _map_places(self, column: int) -> Mapping[str, set[str]]:
        """The distinct cells of a column by the text of the place."""
        cells: dict[str, set[str]] = {}
        for row in self.rows:
            cells.setdefault(self._read_place_text(row), set()).add(self._text(row, column))
        return cells

    def _is_function_of_place(self, column: int) -> bool:
        return self.has_places and all(len(texts) == 1 for texts in self._map_places(column).values())

    def _groups_places(self, column: int) -> bool:
        """Whether each place has one cell, which it shares with another place."""
        cells = [text for texts in self._map_places(column).values() for text in texts]
        return self._is_function_of_place(column) and len(set(cells)) < len(cells)


def _is_code(header: str) -> bool:
    """Whether a header is a concept of SDMX, in capitals or in small letters: REF_AREA, geo."""
    letters = header.replace("_", "")
    return letters.isascii() and letters.isalnum() and letters in (letters.upper(), letters.lower())
