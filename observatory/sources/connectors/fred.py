"""FRED, the CSV files of its charts: one series a request, no key."""

from collections.abc import Sequence

from observatory.catalogue.recipes import RefreshRecipe
from observatory.errors import SourceError
from observatory.sources.content import decode_text, read_table, require_columns
from observatory.sources.figures import ValuesByKey, add_value, build_figures, parse_period, parse_value
from observatory.sources.model import Answer, Figure, Request, Window, merge_requests

_DATE_COLUMNS = ("observation_date", "DATE")  # the second until 2025


def build_requests(recipes: Sequence[RefreshRecipe], _window: Window) -> list[Request]:
    """A file a series."""
    return merge_requests(
        Request(recipe.host, "/graph/fredgraph.csv", (("id", series.key),), "text/csv", serves=(recipe.indicator,))
        for recipe in recipes
        for series in recipe.series
    )


def read_figures(recipe: RefreshRecipe, answers: Sequence[Answer]) -> list[Figure]:
    """The values of the series that the header names."""
    values: ValuesByKey = {}
    for series, answer in zip(recipe.series, answers, strict=True):
        header, rows = read_table(decode_text(answer), is_framed=answer.is_framed)
        day = next((name for name in _DATE_COLUMNS if name in header), "")
        if not day:
            raise SourceError("error.source.column", wanted=_DATE_COLUMNS[0], seen=", ".join(header)[:180])
        require_columns(header, [series.key])
        for row in rows:
            period = parse_period(row[day], recipe.frequency)
            add_value(values, series.key, period, parse_value(row[series.key]))
    return build_figures(recipe, values)
