"""What the columns of a table hold: a long table, a column per indicator, period, place, item or (know-how) market."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from observatory.ingest.decode import numbers
from observatory.ingest.decode.name_index import Names, Role, role_of
from observatory.ingest.decode.periods import read, usual
from observatory.ingest.decode.table import Table

Shape = Literal["long", "wide_indicators", "wide_periods", "wide_geos", "wide_items", "knowhow", "none"]
HEADED: Mapping[Shape, Role] = {  # what the heads of the columns of figures say
    "wide_indicators": "indicator",
    "wide_periods": "period",
    "wide_geos": "geo",
    "wide_items": "item",
}
_LOOKED_AT = 50  # rows that show whether a column without a known head holds numbers


@dataclass(frozen=True)
class Layout:
    """Where things stand in the rows of a table.

    `places` has the column of each role, `values` the columns that hold figures: the one of values in a long table,
    else one for each indicator, period, place, item or market. `missing` are roles that nothing fills, `doubled` pairs
    of columns that say the same thing, `strangers` columns of numbers whose head names nothing we know, `headless`
    those without a head, `ignored` all others. `given` says what neither a column nor a head does: indicator, geo or
    item of all rows.
    """

    shape: Shape
    places: Mapping[Role, int]
    values: tuple[int, ...] = ()
    missing: tuple[Role, ...] = ()
    doubled: tuple[tuple[int, int], ...] = ()
    strangers: tuple[int, ...] = ()
    headless: tuple[int, ...] = ()
    ignored: tuple[int, ...] = ()
    given: Mapping[str, str] = field(default_factory=dict)


def layout_of(table: Table, names: Names, given: Mapping[str, str], chosen: str) -> Layout:
    """The layout of a table. `given` is what a file need not say, `chosen` the indicator of one that names none."""
    places, doubled, rest = _roles(table)
    headless = tuple(place for place, head in enumerate(table.heads) if not head and _holds_numbers(table, place))
    missing: tuple[Role, ...]
    given = {name: text for name, text in ({"indicator": chosen} | {**given}).items() if text and name not in places}
    if "value" in places:
        missing = _lacking(places, given)
        return Layout("long", places, (places["value"],), missing, doubled, (), headless, rest, given)
    if "period" in places:
        shape, values, twins = _wide(table, names, rest, places)
    else:
        shape, values, twins = _wide_periods(table, rest)
    named = {*values, *(second for _first, second in twins)}
    numeric = [place for place in rest if place not in named and _holds_numbers(table, place)]
    if shape == "wide_indicators" and values:
        given.pop("indicator", None)  # the heads say it
    elif shape == "wide_indicators" and "indicator" in given and len(numeric) == 1:
        values, numeric = (numeric[0],), []
    if not values and (shape == "wide_periods" or not numeric or "indicator" in places):
        missing = (*_lacking(places, given), "value")
        return Layout("none", places, (), missing, doubled, (), headless, rest, given)
    missing = () if shape == "wide_indicators" else _lacking({**places, "period": 0}, given)
    ignored = tuple(place for place in rest if place not in named and place not in numeric and place not in values)
    return Layout(shape, places, values, missing, (*doubled, *twins), tuple(numeric), headless, ignored, given)


def _roles(table: Table) -> tuple[dict[Role, int], tuple[tuple[int, int], ...], tuple[int, ...]]:
    """The column of each role, pairs of columns for one role, and the other columns that have a head."""
    places: dict[Role, int] = {}
    doubled: list[tuple[int, int]] = []
    rest: list[int] = []
    for place, head in enumerate(table.heads):
        role = role_of(head)
        if role is None:
            rest += [place] if head else []
        elif role in places:
            doubled.append((places[role], place))
        else:
            places[role] = place
    return places, tuple(doubled), tuple(rest)


def _lacking(places: Mapping[Role, int], given: Mapping[str, str]) -> tuple[Role, ...]:
    """What every row must say and nothing fills."""
    unnamed: tuple[Role, ...] = () if "indicator" in places or "indicator" in given else ("indicator",)
    return unnamed if "period" in places else (*unnamed, "period")


Wide = tuple[Shape, tuple[int, ...], tuple[tuple[int, int], ...]]


def _wide_periods(table: Table, rest: tuple[int, ...]) -> Wide:
    """The columns whose heads are periods, and those of them that are one period twice."""
    form = usual(table.head[place] for place in rest)
    found: dict[object, int] = {}
    twins = []
    for place in rest:
        head = table.head[place]
        if isinstance(head, date):
            when: object = head
        else:
            said = read(table.heads[place], form) if form is not None else None
            when = said.when if said is not None else None
        if when is None:
            continue
        if when in found:
            twins.append((found[when], place))
        found.setdefault(when, place)
    return "wide_periods", tuple(found.values()), tuple(twins)


def _wide(table: Table, names: Names, rest: tuple[int, ...], places: Mapping[Role, int]) -> Wide:
    """The columns whose heads are indicators; if there is none, those whose heads are places, then items."""
    indicators = _named(table, rest, names.id_of)
    if indicators[0]:
        return "wide_indicators", *indicators
    found: tuple[tuple[Shape, Role, Callable[[str], str | None]], ...] = (
        ("wide_geos", "geo", names.geo),
        ("wide_items", "item", names.item),
    )
    for shape, role, find in found:
        columns = _named(table, rest, find)
        if columns[0] and role not in places:
            return shape, *columns
    return "wide_indicators", *indicators


def _named(
    table: Table, rest: tuple[int, ...], find: Callable[[str], str | None]
) -> tuple[tuple[int, ...], tuple[tuple[int, int], ...]]:
    """The columns whose heads name something, and pairs of those that name the same."""
    found: dict[str, int] = {}
    twins = []
    for place in rest:
        name = find(table.heads[place])
        if name is None:
            continue
        if name in found:
            twins.append((found[name], place))
        found.setdefault(name, place)
    return tuple(found.values()), tuple(twins)


def _holds_numbers(table: Table, place: int) -> bool:
    """Whether most of the cells that say something are numbers, as far as the first rows show."""
    cells = [row[place] for _line, row in table.rows[:_LOOKED_AT] if place < len(row)]
    said = [cell for cell in cells if not numbers.is_empty(cell)]
    return bool(said) and 2 * sum(numbers.reading(cell) is not None for cell in said) >= len(said)
