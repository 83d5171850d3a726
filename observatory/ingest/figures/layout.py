"""Table layout: long, or wide with a column for each indicator, period, geography, item or (know-how) market."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from observatory.ingest.decode.heads import is_head
from observatory.ingest.decode.name_index import ColumnRole, NameIndex, find_role
from observatory.ingest.decode.periods import compose_period, detect_format, parse_period
from observatory.ingest.decode.table import CellTable, format_cell
from observatory.ingest.figures.columns import (
    SAMPLE_ROWS,
    ColumnRoles,
    assign_roles,
    find_part_columns,
    find_similar_columns,
    is_numeric_column,
    is_row_number_column,
)

TableShape = Literal["long", "wide_indicators", "wide_periods", "wide_geos", "wide_items", "matrix", "knowhow", "none"]
ROLE_OF_HEADERS: Mapping[TableShape, ColumnRole] = {  # what the headers of value columns name
    "wide_indicators": "indicator",
    "wide_periods": "period",
    "wide_geos": "geo",
    "wide_items": "item",
}

_KNOWN_SECTIONS = ("multipliers", "units", "attributes", "dimensions", "series")  # of heads that are no indicators


@dataclass(frozen=True)
class TableLayout:
    """The columns of a table by their use.

    `role_columns` has the column of each role, `value_columns` those of figures: one in a long table, else one for each
    indicator, period, geography, item or market. `missing_roles` have neither column nor header nor default,
    `duplicate_columns` are pairs with the same meaning, `unknown_columns` numeric columns with an unknown header,
    `unnamed_columns` numeric ones without a header, `ignored_columns` all others; `place_labels` those
    of them that repeat the column of places. `defaults` hold the indicator, geo or
    item of all rows where neither a column nor a header names it; `similar_columns` are those that look like a
    missing role. In a matrix of years by months (or quarters), in either direction, the period is in cell and header.
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
    similar_columns: Mapping[ColumnRole, tuple[int, ...]] = field(default_factory=dict)


def detect_layout(
    table: CellTable, name_index: NameIndex, defaults: Mapping[str, str], chosen_indicator: str
) -> TableLayout:
    """The layout of a table. `defaults` fill absent roles; `chosen_indicator` is that of a table that names none.

    Where no column is headed as the period, one that looks like it stands in for it, so that the other faults are
    those that remain once it is headed.
    """
    roles = assign_roles(table, name_index)
    roles = _drop_unknown_indicator(table, name_index, roles, chosen_indicator)
    given = {"indicator": chosen_indicator} | {**defaults}
    given = {name: text for name, text in given.items() if text and name not in roles.role_columns}
    layout = _detect_shape(table, name_index, roles, given)
    if "period" not in layout.missing_roles:
        return layout
    missing: tuple[ColumnRole, ...]
    similar = find_similar_columns(table, roles.others, "period")
    if len(similar) != 1:
        has_indicators = bool(_find_named_columns(table, roles.others, name_index.find_indicator_id)[0])
        missing = ("period",) if has_indicators else layout.missing_roles
        return replace(layout, missing_roles=missing, similar_columns={**layout.similar_columns, "period": similar})
    others = tuple(column for column in roles.others if column != similar[0])
    headed = ColumnRoles({**roles.role_columns, "period": similar[0]}, roles.duplicates, others, roles.place_labels)
    layout = _detect_shape(table, name_index, headed, given)
    return replace(
        layout,
        missing_roles=("period", *layout.missing_roles),
        similar_columns={**layout.similar_columns, "period": similar},
    )


def _drop_unknown_indicator(
    table: CellTable, name_index: NameIndex, roles: ColumnRoles, chosen_indicator: str
) -> ColumnRoles:
    """The roles without a column that names one indicator throughout, unknown here, if a person chose another name."""
    column = roles.role_columns.get("indicator")
    if not chosen_indicator or column is None:
        return roles
    names = {format_cell(row[column]) for _line, row in table.rows if column < len(row)} - {""}
    if len(names) != 1 or name_index.find_indicator(names.pop()) is not None:
        return roles
    role_columns = {**roles.role_columns}
    del role_columns["indicator"]
    return ColumnRoles(role_columns, roles.duplicates, tuple(sorted((*roles.others, column))), roles.place_labels)


def _detect_shape(
    table: CellTable, name_index: NameIndex, roles: ColumnRoles, defaults: Mapping[str, str]
) -> TableLayout:
    role_columns, duplicates, other_columns = roles.role_columns, roles.duplicates, roles.others
    unnamed = tuple(
        column
        for column, header in enumerate(table.header_texts)
        if not header and is_numeric_column(table, column) and not (column == 0 and is_row_number_column(table, 0))
    )
    missing: tuple[ColumnRole, ...]
    defaults = {**defaults}
    common = TableLayout(
        "none",
        role_columns,
        duplicate_columns=duplicates,
        unnamed_columns=unnamed,
        ignored_columns=other_columns,
        place_labels=roles.place_labels,
        defaults=defaults,
    )
    if "value" in role_columns:
        missing = _find_missing_roles(role_columns, defaults)
        layout = replace(common, shape="long", value_columns=(role_columns["value"],), missing_roles=missing)
        return _add_similar(table, layout)
    if "period" in role_columns:
        shape, values, duplicate_entities = _find_entity_columns(table, name_index, other_columns, role_columns)
    else:
        shape, values, duplicate_entities = _find_period_columns(table, other_columns)
    entity_columns = {*values, *(second for _first, second in duplicate_entities)}
    numeric = [] if shape == "matrix" else _find_numeric_columns(table, other_columns, entity_columns)
    if shape == "wide_indicators" and values:
        defaults.pop("indicator", None)  # the headers name it
    elif shape == "wide_indicators" and "indicator" in defaults and len(numeric) == 1:
        values, numeric = (numeric[0],), []
    is_unclear = not values and shape == "wide_indicators" and _has_value_candidate(table, role_columns, numeric)
    if not values and (shape == "wide_periods" or not numeric or "indicator" in role_columns or is_unclear):
        missing = (*_find_missing_roles(role_columns, defaults), "value")
        return _add_similar(table, replace(common, missing_roles=missing))
    missing = () if shape == "wide_indicators" else _find_missing_roles({**role_columns, "period": 0}, defaults)
    used = {*entity_columns, *numeric, *values}
    layout = replace(
        common,
        shape=shape,
        value_columns=values,
        missing_roles=missing,
        duplicate_columns=(*duplicates, *duplicate_entities),
        unknown_columns=tuple(numeric),
        ignored_columns=tuple(column for column in other_columns if column not in used),
    )
    return _add_similar(table, layout)


def _find_numeric_columns(table: CellTable, columns: tuple[int, ...], used: set[int]) -> list[int]:
    """The columns of numbers that are not used, labels of a role left out."""
    rest = (column for column in columns if column not in used and find_role(table.header_texts[column]) is None)
    return [column for column in rest if is_numeric_column(table, column) and not _has_known_head(table, column)]


def _has_known_head(table: CellTable, column: int) -> bool:
    """Whether a column of numbers is no indicator by its head: a multiplier, a code of a partner, an attribute."""
    header = table.header_texts[column]
    is_place = any(is_head(header, "places", key) for key in ("heads", "code_heads", "partner_heads"))
    return is_place or any(is_head(header, section) for section in _KNOWN_SECTIONS)


def _has_value_candidate(table: CellTable, role_columns: Mapping[ColumnRole, int], numeric: list[int]) -> bool:
    """Whether a table whose columns of numbers are no indicators looks like a long one without its column of values."""
    return bool(find_similar_columns(table, numeric, "value")) and ("geo" in role_columns or len(numeric) > 1)


def _add_similar(table: CellTable, layout: TableLayout) -> TableLayout:
    """The layout with the columns that look like each missing role; for values, else the columns of numbers."""
    similar: dict[ColumnRole, tuple[int, ...]] = {}
    for role in layout.missing_roles:
        columns = find_similar_columns(table, layout.ignored_columns, role)
        if role == "value" and not columns:
            columns = tuple(column for column in layout.ignored_columns if is_numeric_column(table, column))
        similar[role] = columns
    return replace(layout, similar_columns=similar)


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
    """The columns whose headers are indicators; if there are none, parts of years, geographies, then items."""
    indicators = _find_named_columns(table, rest, name_index.find_indicator_id)
    if indicators[0]:
        return "wide_indicators", *indicators
    matrix = _find_matrix_columns(table, rest, role_columns["period"])
    if matrix:
        return "matrix", matrix, ()
    candidates: tuple[tuple[TableShape, ColumnRole, Callable[[str], str | None]], ...] = (
        ("wide_geos", "geo", name_index.find_geography_id),
        ("wide_items", "item", name_index.find_item_id),
    )
    for shape, role, find in candidates:
        columns = _find_named_columns(table, rest, find)
        if columns[0] and role not in role_columns:
            return shape, *columns
    return "wide_indicators", *indicators


def _find_matrix_columns(table: CellTable, columns: tuple[int, ...], period_column: int) -> tuple[int, ...]:
    """The columns of a matrix of years by months: headers and cells of the period column make a period together."""
    sample = [format_cell(row[period_column]) for _line, row in table.rows[:SAMPLE_ROWS] if period_column < len(row)]
    filled = [text for text in sample if text]
    parts = find_part_columns(table, columns)
    if parts and 2 * sum(compose_period(text, "Q1") is not None for text in filled) > len(filled):
        return parts
    years = tuple(column for column in columns if compose_period(table.header_texts[column], "Q1") is not None)
    is_by_part = 2 * sum(compose_period("2000", text) is not None for text in filled) > len(filled)
    return years if is_by_part else ()


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
