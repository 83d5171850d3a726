"""SDMX-CSV of Eurostat, ECB and OECD: one series a request, its attributes in the columns of every row."""

from collections.abc import Sequence

from observatory.catalogue.recipes import RefreshRecipe
from observatory.errors import SourceError
from observatory.sources.content import Row, decode_text, read_table, require_attributes, require_columns
from observatory.sources.figures import ValuesByKey, add_value, build_figures, parse_period, parse_value
from observatory.sources.model import Answer, Figure, Request, RequestBuilder, Window, merge_requests

_BEFORE_KEY = ("DATAFLOW", "LAST UPDATE", "STRUCTURE", "STRUCTURE_ID", "ACTION", "KEY")


def request_series(folder: str, *params: tuple[str, str]) -> RequestBuilder:
    """A builder of requests below a folder: FOLDER/DATASET/KEY with these parameters."""

    def build_requests(recipes: Sequence[RefreshRecipe], _window: Window) -> list[Request]:
        return merge_requests(
            Request(recipe.host, f"{folder}/{recipe.dataset}/{row.key}", params, "text/csv", serves=(recipe.indicator,))
            for recipe in recipes
            for row in recipe.series
        )

    return build_requests


def read_figures(recipe: RefreshRecipe, answers: Sequence[Answer]) -> list[Figure]:
    """The values of each series; every row must carry its key and the attributes that the recipe expects."""
    values: ValuesByKey = {}
    for series, answer in zip(recipe.series, answers, strict=True):
        header, rows = read_table(decode_text(answer), is_framed=answer.is_framed)
        require_columns(header, ["TIME_PERIOD", "OBS_VALUE", *recipe.expect])
        dimensions = [name for name in header[: header.index("TIME_PERIOD")] if name not in _BEFORE_KEY]
        for row in rows:
            _require_series(row, dimensions, recipe.dataset, series.key)
            require_attributes(row, recipe.expect.items())
            period = parse_period(row["TIME_PERIOD"], recipe.frequency)
            add_value(values, series.key, period, parse_value(row["OBS_VALUE"]))
    return build_figures(recipe, values, has_parts=False)


def _require_series(row: Row, dimensions: list[str], dataset: str, key: str) -> None:
    """Raises SourceError for a row of another dataset or key; an empty place of a key matches anything."""
    flow = row.get("DATAFLOW", "")
    if flow and dataset.split(",")[-2 if dataset.count(",") > 1 else -1].upper() not in flow.upper():
        raise SourceError("error.source.attribute", name="DATAFLOW", wanted=dataset[:60], seen=flow[:60])
    seen = [row[name] for name in dimensions]
    wanted = key.split(".")
    if len(seen) != len(wanted) or any(code and code != other for code, other in zip(wanted, seen, strict=True)):
        raise SourceError("error.source.attribute", name="KEY", wanted=key[:60], seen=".".join(seen)[:60])
