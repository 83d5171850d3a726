"""FRED, the CSV files of its charts: one series a request, no key."""

from collections.abc import Sequence

from observatory.catalogue.recipes import RefreshRecipe
from observatory.sources.content import decode_text, read_table, require_columns
from observatory.sources.figures import ValuesByKey, add_value, build_figures, parse_period, parse_value
from observatory.sources.model import Answer, DataPoint, Request, Window, merge_requests

_DATE_COLUMNS = ("observation_date", "DATE")  # the second until 2025


def build_requests(recipes: Sequence[RefreshRecipe], _window: Window) -> list[Request]:
    """A file a series."""
    return merge_requests(
        Request(recipe.host, "/graph/fredgraph.csv", (("id", series.key),), "text/csv", serves=(recipe.indicator,))
        for recipe in recipes
        for series in recipe.series
    )


def read_figures(recipe: RefreshRecipe, answers: Sequence[Answer]) -> list[DataPoint]:
    """The values of the series that the header names."""
    values: ValuesByKey = {}
    wanted = [series.key for series in recipe.series]
    for answer in answers:
        header, rows = read_table(decode_text(answer), is_framed=answer.is_framed)
        day = next((name for name in _DATE_COLUMNS if name in header), _DATE_COLUMNS[0])
        key = next((name for name in wanted if name in header), wanted[0])
        require_columns(header, [day, key])
        for row in rows:
            add_value(values, key, parse_period(row[day], recipe.frequency), parse_value(row[key]))
    return build_figures(recipe, values, has_parts=False)
