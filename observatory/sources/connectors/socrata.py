"""Socrata (US Bureau of Transportation Statistics): columns of a table as CSV, all rows in one answer."""

from collections.abc import Sequence

from observatory.catalogue.recipes import RefreshRecipe
from observatory.errors import SourceError
from observatory.sources.content import decode_text, read_table, require_columns
from observatory.sources.figures import ValuesByKey, add_value, build_figures, parse_period, parse_value
from observatory.sources.model import Answer, DataPoint, Request, Window, merge_requests

_LIMIT = 50_000  # rows; without a limit the server cuts silently at 1,000


def build_requests(recipes: Sequence[RefreshRecipe], _window: Window) -> list[Request]:
    """The date and the columns of all series."""
    return merge_requests(
        Request(
            recipe.host,
            f"/resource/{recipe.dataset}.csv",
            (
                ("$select", ",".join(["date", *(series.key for series in recipe.series)])),
                ("$order", "date"),
                ("$limit", str(_LIMIT)),
            ),
            "text/csv",
            serves=(recipe.indicator,),
        )
        for recipe in recipes
    )


def read_figures(recipe: RefreshRecipe, answers: Sequence[Answer]) -> list[DataPoint]:
    """The column of each series; as many rows as the limit are a cut answer."""
    (answer,) = answers
    header, rows = read_table(decode_text(answer), is_framed=answer.is_framed)
    require_columns(header, ["date", *(series.key for series in recipe.series)])
    if len(rows) >= _LIMIT:
        raise SourceError("error.source.incomplete", seen=len(rows), wanted=f"> {_LIMIT}")
    values: ValuesByKey = {}
    for row in rows:
        for series in recipe.series:
            add_value(values, series.key, parse_period(row["date"], recipe.frequency), parse_value(row[series.key]))
    return build_figures(recipe, values)
