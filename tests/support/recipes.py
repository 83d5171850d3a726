"""Recipes and answers for tests of connectors; the figures in them are made up."""

from collections.abc import Mapping
from typing import Any

from observatory.catalogue.recipes import RecipeSeries, RefreshRecipe
from observatory.errors import SourceError
from observatory.sources.connectors import CONNECTORS
from observatory.sources.model import Answer, DataPoint, Request

# A recipe of each connector, for those that data/ does not use as well.
RECIPES: Mapping[str, dict[str, Any]] = {
    "fred_csv": {"series": ["TOY"]},
    "worldbank_json": {"dataset": "TOY.IND", "series": ["FRA", "WLD"], "frequency": "A"},
    "census_bulk": {"dataset": "M3", "series": ["TOY.VS"], "expect": {"is_adj": "1", "geo": "US"}},
    "gcat_tsv": {"dataset": "tsv/launch/launch.tsv", "series": ["LaunchCode^=O+D"], "rule": "count_rows"},
    "insee_sdmx": {
        "dataset": "IPI-2021",
        "series": ["M..IPI.SO.30-30.INDICE"],
        "expect": {"NAF2": "30-30", "CORRECTION": "BRUT", "BASIND": "2021"},
    },
    "eurostat_csv": {"dataset": "sts_inpr_m", "series": ["M.PRD.C303.SCA.I21.FR"], "expect": {"unit": "I21"}},
    "ecb_csv": {"dataset": "EXR", "series": ["M.USD.EUR.SP00.A"], "expect": {"CURRENCY": "USD"}},
    "oecd_csv": {"dataset": "OECD.TOY,DSD@DF_TOY,1.0", "series": ["FRA.M.IX"], "expect": {"MEASURE": "IX"}},
    "eurocontrol_csv": {
        "dataset": "daio_{year}.csv",
        "series": ["LF"],
        "columns": ["flt_dai"],
        "rule": "sum_of_days",
    },
    "datagouv_zip": {
        "dataset": "toy",
        "series": ["APT=LFBO"],
        "columns": ["PAX_dep", "PAX_arr"],
        "expect": {"resource": "ASP_APT"},
        "rule": "sum_of_columns",
    },
    "owid_csv": {"dataset": "toy-chart", "series": ["World"], "columns": ["toys"], "frequency": "A"},
    "eia_v2": {"dataset": "petroleum/toy", "series": ["TOY"], "expect": {"units": "$/BBL"}},
    "eia_csv": {"dataset": "T05.01", "series": ["Toys, Offshore"], "expect": {"Unit": "Number of Rigs"}},
    "pink_sheet": {"dataset": "t.xlsx", "series": ["Tin"], "expect": {"sheet": "Monthly Prices", "unit": "($/mt)"}},
    "airbus_workbook": {"dataset": "page", "series": ["A220"], "expect": {"sheet": "Toys"}, "frequency": "A"},
    "ecfin_zip": {"dataset": "main.zip", "series": ["FR.INDU"], "expect": {"sheet": "MONTHLY"}},
    "socrata_csv": {"dataset": "toys-1234", "series": ["toys_total"]},
    "bea_bulk": {"dataset": "NipaDataQ", "series": ["U50505:26"], "frequency": "Q"},
    "tsa_html": {"dataset": "volumes", "series": ["Date"], "columns": ["Numbers"], "rule": "sum_of_days"},
    "ember_csv": {"dataset": "data/toys/", "series": ["FRA"], "columns": ["Price (EUR/MWhe)"]},
}


def build_recipe(connector: str, **changes: Any) -> RefreshRecipe:
    """The recipe of a connector, changed; `series` are keys, each of a place of its own."""
    values = {"indicator": "toy", "frequency": "M", "every": "month", "host": "toys"} | RECIPES[connector] | changes
    places = ["FRA", "WORLD", "USA", "DEU"]
    keys = values["series"]
    series = [
        RecipeSeries(key, place) if isinstance(key, str) else key for key, place in zip(keys, places, strict=False)
    ]
    return RefreshRecipe(**{**values, "connector": connector, "series": tuple(series)})


def build_answer(content: bytes | str, path: str = "/toy", **changes: Any) -> Answer:
    """An answer with this body."""
    body = content.encode() if isinstance(content, str) else content
    params = changes.pop("params", ())
    return Answer(Request("toys", path, params), body, **changes)


def read(recipe: RefreshRecipe, *answers: Answer | bytes | str) -> dict[str, str]:
    """What the connector of a recipe reads, as text by place and period: {"FRA 2026-01": "1.5"}."""
    rows = [answer if isinstance(answer, Answer) else build_answer(answer) for answer in answers]
    figures: list[DataPoint] = CONNECTORS[recipe.connector].read(recipe, rows)
    return {f"{row.geo} {row.period}": f"{row.value:f}" for row in figures}


def read_refusal(recipe: RefreshRecipe, *answers: Answer | bytes | str) -> str:
    """The end of the key of the refusal (`cut` of error.source.cut); "none" where figures are read."""
    try:
        read(recipe, *answers)
    except SourceError as error:
        return error.key.removeprefix("error.source.")
    return "none"
