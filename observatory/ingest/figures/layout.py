"""Table layout: long, or wide with a column for each indicator, period, geography, item or (know-how) market."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from observatory.ingest.decode import numbers
from observatory.ingest.decode.heads import is_head
from observatory.ingest.decode.name_index import ColumnRole, NameIndex, find_role
from observatory.ingest.decode.periods import detect_format, parse_period
from observatory.ingest.decode.table import CellTable
from observatory.ingest.figures.places import assign_place_columns

TableShape = Literal["long", "wide_indicators", "wide_periods", "wide_geos", "wide_items", "knowhow", "none"]
ROLE_OF_HEADERS: Mapping[TableShape, ColumnRole] = {  # what the headers of value columns name
    "wide_indicators": "indicator",
    "wide_periods": "period",
    "wide_geos": "geo",
    "wide_items": "item",
}
_KNOWN_SECTIONS = ("multipliers", "units", "attributes", "dimensions", "series")  # of heads that are no indicators
_SAMPLE_ROWS = 50  # rows that decide whether a column is numeric


@dataclass(frozen=True)
class TableLayout:
    """The columns of a table by their use.

    `role_columns` has the column of each role, `value_columns` those of figures: one in a long table, else one for each
    indicator, period, geography, item or market. `missing_roles` have neither column nor header nor default,
    `duplicate_columns` are pairs with the same meaning, `unknown_columns` numeric columns with an unknown header,
    `unnamed_columns` numeric ones without a header, `ignored_columns` all others; `place_labels` are those of them that
    repeat the column of places. `defaults` hold the indicator, geo or item of all rows where neither a column nor a
    header names it.
    """

    shape: TableShape
    role_columns: Mapping[ColumnRole, int]
    value_columns: tuple[int, ...] = ()
    missing_roles: tuple[ColumnRole, ...] = ()
    duplicate_columns: tuple[tuple[int, int], ...] = ()
    unknown_columns: tuple[int, ...] = ()
    unnamed_columns: tuple[int, ...] = ()
    ignored_columns: tuple[int, ...] = ()
    place_labels: tuple[int, ...] = ()
    defaults: Mapping[str, str] = field(default_factory=dict)


def detect_layout(
    table: CellTable, name_index: NameIndex, defaults: Mapping[str, str], chosen_indicator: str
) -> TableLayout:
    """The layout of a table. `defaults` fill absent roles; `chosen_indicator` is that of a table that names none."""
    role_columns, duplicates, other_columns, labels = _assign_roles(table, name_index)
    unnamed = tuple(
        column for column, header in enumerate(table.header_texts) if not header and _is_numeric_column(table, column)
    )
    missing: tuple[ColumnRole, ...]
    defaults = {
        name: text
        for name, text in ({"indicator": chosen_indicator} | {**defaults}).items()
        if text and name not in role_columns
    }
    common = TableLayout(
        "none",
        role_columns,
        duplicate_columns=duplicates,
        unnamed_columns=unnamed,
        ignored_columns=other_columns,
        place_labels=labels,
        defaults=defaults,
    )
    if "value" in role_columns:
        missing = _find_missing_roles(role_columns, defaults)
        return replace(common, shape="long", value_columns=(role_columns["value"],), missing_roles=missing)
    if "period" in role_columns:
        shape, values, duplicate_entities = _find_entity_columns(table, name_index, other_columns, role_columns)
    else:
        shape, values, duplicate_entities = _find_period_columns(table, other_columns)
    entity_columns = {*values, *(second for _first, second in duplicate_entities)}
    numeric = [
        column
        for column in other_columns
        if column not in entity_columns and _is_numeric_column(table, column) and not _has_known_head(table, column)
    ]
    if shape == "wide_indicators" and values:
        defaults.pop("indicator", None)  # the headers name it
    elif shape == "wide_indicators" and "indicator" in defaults and len(numeric) == 1:
        values, numeric = (numeric[0],), []
    if not values and (shape == "wide_periods" or not numeric or "indicator" in role_columns):
        missing = (*_find_missing_roles(role_columns, defaults), "value")
        return replace(common, missing_roles=missing)
    missing = () if shape == "wide_indicators" else _find_missing_roles({**role_columns, "period": 0}, defaults)
    used = {*entity_columns, *numeric, *values}
    return replace(
        common,
        shape=shape,
        value_columns=values,
        missing_roles=missing,
        duplicate_columns=(*duplicates, *duplicate_entities),
        unknown_columns=tuple(numeric),
        ignored_columns=tuple(column for column in other_columns if column not in used),
    )


def _assign_roles(
    table: CellTable, name_index: NameIndex
) -> tuple[dict[ColumnRole, int], tuple[tuple[int, int], ...], tuple[int, ...], tuple[int, ...]]:
    """The column of each role, pairs of columns for one role, and the other columns that have a header.

    Of several columns of places one is read; the others are among the other columns, those that agree with it also
    listed by themselves.
    """
    role_columns: dict[ColumnRole, int] = {}
    duplicates: list[tuple[int, int]] = []
    other_columns: list[int] = []
    place_columns = [column for column, header in enumerate(table.header_texts) if find_role(header) == "geo"]
    for column, header in enumerate(table.header_texts):
        role = find_role(header)
        if role is None:
            other_columns += [column] if header else []
        elif role == "geo":
            continue
        elif role in role_columns:
            duplicates.append((role_columns[role], column))
        else:
            role_columns[role] = column
    labels: tuple[int, ...] = ()
    if place_columns:
        role_columns["geo"], labels = assign_place_columns(table, place_columns, name_index)
        other_columns += [column for column in place_columns if column != role_columns["geo"]]
    return role_columns, tuple(duplicates), tuple(sorted(other_columns)), labels


def _has_known_head(table: CellTable, column: int) -> bool:
    """Whether a column of numbers is no indicator by its head: a multiplier, a code of a partner, an attribute."""
    header = table.header_texts[column]
    is_place = any(is_head(header, "places", key) for key in ("heads", "code_heads", "partner_heads"))
    return is_place or any(is_head(header, section) for section in _KNOWN_SECTIONS)


def _find_missing_roles(role_columns: Mapping[ColumnRole, int], defaults: Mapping[str, str]) -> tuple[ColumnRole, ...]:
    """The required roles that have neither a column nor a default."""
    unnamed: tuple[ColumnRole, ...] = () if "indicator" in role_columns or "indicator" in defaults else ("indicator",)
    return unnamed if "period" in role_columns else (*unnamed, "period")


_WideColumns = tuple[TableShape, tuple[int, ...], tuple[tuple[int, int], ...]]


def _find_period_columns(table: CellTable, columns: tuple[int, ...]) -> _WideColumns:
    """The columns whose headers are periods, and pairs of those with the same period."""
    period_format = detect_format(table.header[column] for column in columns)
    column_by_period: dict[object, int] = {}
    duplicates = []
    for column in columns:
        header = table.header[column]
        if isinstance(header, date):
            period: object = header
        else:
            parsed = parse_period(table.header_texts[column], period_format) if period_format is not None else None
            period = parsed.period_or_day if parsed is not None else None
        if period is None:
            continue
        if period in column_by_period:
            duplicates.append((column_by_period[period], column))
        column_by_period.setdefault(period, column)
    return "wide_periods", tuple(column_by_period.values()), tuple(duplicates)


def _find_entity_columns(
    table: CellTable, name_index: NameIndex, rest: tuple[int, ...], role_columns: Mapping[ColumnRole, int]
) -> _WideColumns:
    """The columns whose headers are indicators; if there are none, geographies, then items."""
    indicators = _find_named_columns(table, rest, name_index.find_indicator_id)
    if indicators[0]:
        return "wide_indicators", *indicators
    candidates: tuple[tuple[TableShape, ColumnRole, Callable[[str], str | None]], ...] = (
        ("wide_geos", "geo", name_index.find_geography_id),
        ("wide_items", "item", name_index.find_item_id),
    )
    for shape, role, find in candidates:
        columns = _find_named_columns(table, rest, find)
        if columns[0] and role not in role_columns:
            return shape, *columns
    return "wide_indicators", *indicators


def _find_named_columns(
    table: CellTable, columns: tuple[int, ...], find: Callable[[str], str | None]
) -> tuple[tuple[int, ...], tuple[tuple[int, int], ...]]:
    """The columns whose headers name an entity, and pairs of those that name the same one."""
    column_by_name: dict[str, int] = {}
    duplicates = []
    for column in columns:
        name = find(table.header_texts[column])
        if name is None:
            continue
        if name in column_by_name:
            duplicates.append((column_by_name[name], column))
        column_by_name.setdefault(name, column)
    return tuple(column_by_name.values()), tuple(duplicates)


def _is_numeric_column(table: CellTable, column: int) -> bool:
    """Whether at least half of the filled cells of a column are numbers, judged by the first rows."""
    cells = [row[column] for _line, row in table.rows[:_SAMPLE_ROWS] if column < len(row)]
    filled = [cell for cell in cells if not numbers.is_missing(cell)]
    return bool(filled) and 2 * sum(numbers.parse_candidates(cell) is not None for cell in filled) >= len(filled)
