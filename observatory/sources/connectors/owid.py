"""Our World in Data: the CSV file of a chart, and its description with unit and date."""

from collections.abc import Sequence

from observatory.catalogue.periods import parse_frequency
from observatory.catalogue.recipes import RefreshRecipe
from observatory.errors import SourceError
from observatory.sources.content import decode_text, parse_json, read_table, require_columns
from observatory.sources.figures import ValuesByKey, add_value, build_figures, fill_zeros, parse_period, parse_value
from observatory.sources.model import Answer, DataPoint, Request, Window, merge_requests

_PARAMS = (("v", "1"), ("csvType", "full"), ("useColumnShortNames", "true"))


def build_requests(recipes: Sequence[RefreshRecipe], _window: Window) -> list[Request]:
    """Figures and description of each chart."""
    return merge_requests(
        Request(recipe.host, f"/grapher/{recipe.dataset}.{ending}", _PARAMS, serves=(recipe.indicator,))
        for recipe in recipes
        for ending in ("csv", "metadata.json")
    )


def read_figures(recipe: RefreshRecipe, answers: Sequence[Answer]) -> list[DataPoint]:
    """The column of the recipe by entity. Where a year without a row is zero, up to the year before the last update."""
    table, description = answers
    (column,) = recipe.columns
    header, rows = read_table(decode_text(table), is_framed=table.is_framed)
    header = [name.lower() for name in header]
    require_columns(header, ["entity", "year", column.lower()])
    updated = _read_update(description, column)
    values: ValuesByKey = {}
    for row in rows:
        cells = {name.lower(): cell for name, cell in row.items()}
        period = parse_period(cells["year"], recipe.frequency)
        add_value(values, cells["entity"], period, parse_value(cells[column.lower()]))
    if recipe.rule == "zero_filled":
        newest = max((period for periods in values.values() for period in periods), default=updated)
        last = min(newest, str(int(updated) - 1))
        values = {key: fill_zeros(periods, recipe.frequency, "", last) for key, periods in values.items() if periods}
    return build_figures(recipe, values)


def _read_update(answer: Answer, column: str) -> str:
    """The year in which the column was last updated."""
    body = parse_json(decode_text(answer))
    match body:
        case {"columns": dict() as columns}:
            facts = next((row for row in columns.values() if _names_column(row, column)), columns.get(column))
        case _:
            raise SourceError("error.source.column", wanted="columns", seen=type(body).__name__)
    if not isinstance(facts, dict):
        raise SourceError("error.source.column", wanted=column[:60], seen=", ".join(map(str, columns))[:180])
    updated = str(facts.get("lastUpdated", ""))[:4]
    if parse_frequency(updated) != "A":
        raise SourceError("error.source.column", wanted="lastUpdated", seen=", ".join(map(str, facts))[:180])
    return updated


def _names_column(row: object, column: str) -> bool:
    return isinstance(row, dict) and row.get("shortName") == column
