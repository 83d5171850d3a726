"""SDMX-CSV of Eurostat, ECB and OECD: one series a request, its attributes in the columns of every row."""

from collections.abc import Sequence

from observatory.catalogue.recipes import RefreshRecipe
from observatory.errors import SourceError
from observatory.sources.content import Row, decode_text, read_table, require_attributes, require_columns
from observatory.sources.figures import ValuesByKey, add_value, build_figures, parse_period, parse_value
from observatory.sources.model import Answer, DataPoint, Request, RequestBuilder, Window, merge_requests

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


def read_figures(recipe: RefreshRecipe, answers: Sequence[Answer]) -> list[DataPoint]:
    """The values of each series; every row must carry its key and the attributes that the recipe expects."""
    values: ValuesByKey = {}
    for answer in answers:
        header, rows = read_table(decode_text(answer), is_framed=answer.is_framed)
        require_columns(header, ["TIME_PERIOD", "OBS_VALUE", *recipe.expect])
        dimensions = [name for name in header[: header.index("TIME_PERIOD")] if name not in _BEFORE_KEY]
        for row in rows:
            key = _find_series(row, dimensions, recipe)
            require_attributes(row, recipe.expect.items())
            period = parse_period(row["TIME_PERIOD"], recipe.frequency)
            add_value(values, key, period, parse_value(row["OBS_VALUE"]))
    return build_figures(recipe, values, has_parts=False)


def _find_series(row: Row, dimensions: list[str], recipe: RefreshRecipe) -> str:
    """The key of the recipe that a row belongs to; an empty place of a key matches anything."""
    flow = row.get("DATAFLOW", "")
    parts = recipe.dataset.split(",")  # AGENCY,FLOW,VERSION, or the flow alone
    if flow and parts[1 if len(parts) > 1 else 0].upper() not in flow.upper():
        raise SourceError("error.source.attribute", name="DATAFLOW", wanted=recipe.dataset[:60], seen=flow[:60])
    seen = [row[name] for name in dimensions]
    for series in recipe.series:
        wanted = series.key.split(".")
        if len(wanted) == len(seen) and all(code in ("", other) for code, other in zip(wanted, seen, strict=True)):
            return series.key
    raise SourceError("error.source.attribute", name="KEY", wanted=recipe.series[0].key[:60], seen=".".join(seen)[:60])
