"""US Energy Information Administration: its API (with a key), and the CSV tables of the Monthly Energy Review."""

from collections.abc import Sequence
from decimal import Decimal

from observatory.catalogue.recipes import RefreshRecipe
from observatory.errors import SourceError
from observatory.sources.content import decode_text, parse_json, read_table, require_attributes, require_columns
from observatory.sources.figures import ValuesByKey, add_value, build_figures, parse_period, parse_value
from observatory.sources.model import Answer, DataPoint, Request, Window, merge_requests

_PAGE_SIZE = "5000"  # rows, the most that the interface gives
_FREQUENCIES = {"A": "annual", "Q": "quarterly", "M": "monthly"}
_YEARLY_ROW = "13"  # the month of a row that holds the whole year


def build_api_requests(recipes: Sequence[RefreshRecipe], _window: Window) -> list[Request]:
    """One request a series; the key of the interface is added where the request is sent."""
    return merge_requests(
        Request(
            recipe.host,
            f"/v2/{recipe.dataset}/data/",
            (
                ("frequency", _FREQUENCIES[recipe.frequency]),
                ("data[0]", "value"),
                ("facets[series][]", row.key),
                ("length", _PAGE_SIZE),
            ),
            "application/json",
            serves=(recipe.indicator,),
        )
        for recipe in recipes
        for row in recipe.series
    )


def read_api_figures(recipe: RefreshRecipe, answers: Sequence[Answer]) -> list[DataPoint]:
    """The rows of each series, all of them, with the attributes that the recipe expects."""
    values: ValuesByKey = {}
    keys = {series.key for series in recipe.series}
    for answer in answers:
        match parse_json(decode_text(answer)):
            case {"response": {"total": str() | Decimal() as total, "data": list() as rows}}:
                pass
            case body:
                raise SourceError("error.source.column", wanted="response.data", seen=str(body)[:180])
        if str(total) != str(len(rows)):
            raise SourceError("error.source.incomplete", seen=len(rows), wanted=str(total)[:20])
        for row in rows:
            if not isinstance(row, dict) or not {"period", "value"} <= row.keys():
                raise SourceError("error.source.layout", seen=str(row)[:180])
            key = str(row.get("series", ""))
            if key not in keys:
                raise SourceError("error.source.attribute", name="series", wanted=recipe.series[0].key, seen=key[:60])
            require_attributes(row, recipe.expect.items())
            add_value(values, key, parse_period(row["period"], recipe.frequency), parse_value(row["value"]))
    return build_figures(recipe, values)


def build_table_requests(recipes: Sequence[RefreshRecipe], _window: Window) -> list[Request]:
    """One request a table."""
    path = "/totalenergy/data/browser/csv.php"
    return merge_requests(
        Request(recipe.host, path, (("tbl", recipe.dataset),), "text/csv", serves=(recipe.indicator,))
        for recipe in recipes
    )


def read_table_figures(recipe: RefreshRecipe, answers: Sequence[Answer]) -> list[DataPoint]:
    """The monthly rows whose description is the key of the series."""
    (answer,) = answers
    header, rows = read_table(decode_text(answer), is_framed=answer.is_framed)
    require_columns(header, ["YYYYMM", "Value", "Description", *recipe.expect])
    keys = {series.key for series in recipe.series}
    values: ValuesByKey = {}
    for row in rows:
        if row["Description"] in keys and not row["YYYYMM"].endswith(_YEARLY_ROW):
            require_attributes(row, recipe.expect.items())
            period = parse_period(row["YYYYMM"], recipe.frequency)
            add_value(values, row["Description"], period, parse_value(row["Value"]))
    return build_figures(recipe, values, has_parts=False)
