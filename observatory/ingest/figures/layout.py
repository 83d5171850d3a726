"""What the columns of a table hold: a long table, a column per indicator, period, place, item or (know-how) market."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from observatory.ingest.decode import numbers
from observatory.ingest.decode.name_index import ColumnRole, NameIndex, find_role
from observatory.ingest.decode.periods import detect_format, parse_period
from observatory.ingest.decode.table import CellTable

TableShape = Literal["long", "wide_indicators", "wide_periods", "wide_geos", "wide_items", "knowhow", "none"]
ROLE_OF_HEADERS: Mapping[TableShape, ColumnRole] = {  # what the heads of the columns of figures say
    "wide_indicators": "indicator",
    "wide_periods": "period",
    "wide_geos": "geo",
    "wide_items": "item",
}
_SAMPLE_ROWS = 50  # rows that show whether a column without a known head holds numbers


@dataclass(frozen=True)
class TableLayout:
    """Where things stand in the rows of a table.

    `places` has the column of each role, `values` the columns that hold figures: the one of values in a long table,
    else one for each indicator, period, place, item or market. `missing` are roles that nothing fills, `doubled` pairs
    of columns that say the same thing, `strangers` columns of numbers whose head names nothing we know, `headless`
    those without a head, `ignored` all others. `given` says what neither a column nor a head does: indicator, geo or
    item of all rows.
    """

    shape: TableShape
    role_columns: Mapping[ColumnRole, int]
    value_columns: tuple[int, ...] = ()
    missing_roles: tuple[ColumnRole, ...] = ()
    duplicate_columns: tuple[tuple[int, int], ...] = ()
    unknown_columns: tuple[int, ...] = ()
    unnamed_columns: tuple[int, ...] = ()
    ignored_columns: tuple[int, ...] = ()
    defaults: Mapping[str, str] = field(default_factory=dict)


def detect_layout(
    table: CellTable, name_index: NameIndex, defaults: Mapping[str, str], chosen_indicator: str
) -> TableLayout:
    """The layout of a table. `given` is what a file need not say, `chosen` the indicator of one that names none."""
    places, doubled, rest = _assign_roles(table)
    headless = tuple(
        place for place, head in enumerate(table.header_texts) if not head and _is_numeric_column(table, place)
    )
    missing: tuple[ColumnRole, ...]
    defaults = {
        name: text
        for name, text in ({"indicator": chosen_indicator} | {**defaults}).items()
        if text and name not in places
    }
    if "value" in places:
        missing = _find_missing_roles(places, defaults)
        return TableLayout("long", places, (places["value"],), missing, doubled, (), headless, rest, defaults)
    if "period" in places:
        shape, values, twins = _find_entity_columns(table, name_index, rest, places)
    else:
        shape, values, twins = _find_period_columns(table, rest)
    named = {*values, *(second for _first, second in twins)}
    numeric = [place for place in rest if place not in named and _is_numeric_column(table, place)]
    if shape == "wide_indicators" and values:
        defaults.pop("indicator", None)  # the heads say it
    elif shape == "wide_indicators" and "indicator" in defaults and len(numeric) == 1:
        values, numeric = (numeric[0],), []
    if not values and (shape == "wide_periods" or not numeric or "indicator" in places):
        missing = (*_find_missing_roles(places, defaults), "value")
        return TableLayout("none", places, (), missing, doubled, (), headless, rest, defaults)
    missing = () if shape == "wide_indicators" else _find_missing_roles({**places, "period": 0}, defaults)
    ignored = tuple(place for place in rest if place not in named and place not in numeric and place not in values)
    return TableLayout(shape, places, values, missing, (*doubled, *twins), tuple(numeric), headless, ignored, defaults)


def _assign_roles(table: CellTable) -> tuple[dict[ColumnRole, int], tuple[tuple[int, int], ...], tuple[int, ...]]:
    """The column of each role, pairs of columns for one role, and the other columns that have a head."""
    places: dict[ColumnRole, int] = {}
    doubled: list[tuple[int, int]] = []
    rest: list[int] = []
    for place, head in enumerate(table.header_texts):
        role = find_role(head)
        if role is None:
            rest += [place] if head else []
        elif role in places:
            doubled.append((places[role], place))
        else:
            places[role] = place
    return places, tuple(doubled), tuple(rest)


def _find_missing_roles(role_columns: Mapping[ColumnRole, int], defaults: Mapping[str, str]) -> tuple[ColumnRole, ...]:
    """What every row must say and nothing fills."""
    unnamed: tuple[ColumnRole, ...] = () if "indicator" in role_columns or "indicator" in defaults else ("indicator",)
    return unnamed if "period" in role_columns else (*unnamed, "period")


_WideColumns = tuple[TableShape, tuple[int, ...], tuple[tuple[int, int], ...]]


def _find_period_columns(table: CellTable, columns: tuple[int, ...]) -> _WideColumns:
    """The columns whose heads are periods, and those of them that are one period twice."""
    form = detect_format(table.header[place] for place in columns)
    found: dict[object, int] = {}
    twins = []
    for place in columns:
        head = table.header[place]
        if isinstance(head, date):
            when: object = head
        else:
            said = parse_period(table.header_texts[place], form) if form is not None else None
            when = said.period_or_day if said is not None else None
        if when is None:
            continue
        if when in found:
            twins.append((found[when], place))
        found.setdefault(when, place)
    return "wide_periods", tuple(found.values()), tuple(twins)


def _find_entity_columns(
    table: CellTable, name_index: NameIndex, rest: tuple[int, ...], role_columns: Mapping[ColumnRole, int]
) -> _WideColumns:
    """The columns whose heads are indicators; if there is none, those whose heads are places, then items."""
    indicators = _find_named_columns(table, rest, name_index.find_indicator_id)
    if indicators[0]:
        return "wide_indicators", *indicators
    found: tuple[tuple[TableShape, ColumnRole, Callable[[str], str | None]], ...] = (
        ("wide_geos", "geo", name_index.find_geography_id),
        ("wide_items", "item", name_index.find_item_id),
    )
    for shape, role, find in found:
        columns = _find_named_columns(table, rest, find)
        if columns[0] and role not in role_columns:
            return shape, *columns
    return "wide_indicators", *indicators


def _find_named_columns(
    table: CellTable, columns: tuple[int, ...], find: Callable[[str], str | None]
) -> tuple[tuple[int, ...], tuple[tuple[int, int], ...]]:
    """The columns whose heads name something, and pairs of those that name the same."""
    found: dict[str, int] = {}
    twins = []
    for place in columns:
        name = find(table.header_texts[place])
        if name is None:
            continue
        if name in found:
            twins.append((found[name], place))
        found.setdefault(name, place)
    return tuple(found.values()), tuple(twins)


def _is_numeric_column(table: CellTable, column: int) -> bool:
    """Whether most of the cells that say something are numbers, as far as the first rows show."""
    cells = [row[column] for _line, row in table.rows[:_SAMPLE_ROWS] if column < len(row)]
    said = [cell for cell in cells if not numbers.is_missing(cell)]
    return bool(said) and 2 * sum(numbers.parse_candidates(cell) is not None for cell in said) >= len(said)
