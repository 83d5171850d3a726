"""Publishers for tests: answers in their own forms, made of published figures that a test may change."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from observatory.catalogue.models import Catalogue
from observatory.catalogue.recipes import RefreshRecipe
from tests.support.answers import pack
from tests.support.paths import ROOT
from tests.support.replay import Step

Values = dict[str, float]  # by period


def read_observations(indicator: str, data: Path = ROOT / "data") -> dict[tuple[str, str], Values]:
    """The published figures of an indicator by place and item."""
    series: dict[tuple[str, str], Values] = {}
    with (data / "observations" / f"{indicator}.csv").open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            series.setdefault((row["geo"], row["item"]), {})[row["period"]] = float(row["value"])
    return series


Writer = Callable[["Publishers", list[RefreshRecipe], str, Mapping[str, str]], Step | str | bytes | None]


@dataclass
class Publishers:
    """Servers that answer with what is published; `figures` are by indicator, place and item, and may be changed."""

    catalogue: Catalogue
    figures: dict[str, dict[tuple[str, str], Values]] = field(default_factory=dict)
    writers: Mapping[str, Writer] | None = None  # by connector; None: WRITERS

    def __post_init__(self) -> None:
        for recipe in self.catalogue.recipes.values():
            if recipe.is_machine_readable and recipe.indicator in self.catalogue.indicators:
                self.figures[recipe.indicator] = read_observations(recipe.indicator)

    def answer(self, path: str, params: dict[str, str]) -> Step | None:
        """The answer to a request that came to BASE/HOST/PATH."""
        host, _slash, rest = path.removeprefix("/").partition("/")
        servers = self.catalogue.refresh_hosts.values()
        hosts = [row.id for row in servers if f"https://{host}" in (row.base, *row.also)]
        for name, writer in (self.writers or WRITERS).items():
            recipes = [
                row
                for row in self.catalogue.recipes.values()
                if row.connector == name and row.host in hosts and row.indicator in self.figures
            ]
            body = writer(self, recipes, rest, params) if recipes else None
            if body is not None:
                return body if isinstance(body, Step) else Step(body.encode() if isinstance(body, str) else body)
        return None

    def find(self, recipe: RefreshRecipe, key: str) -> Values:
        """The figures of the series that has a key."""
        series = next(row for row in recipe.series if row.key == key)
        return self.figures[recipe.indicator].get((series.geo, series.item), {})


def _write_fred(own: Publishers, recipes: list[RefreshRecipe], _rest: str, params: Mapping[str, str]) -> str | None:
    for recipe in recipes:
        for series in recipe.series:
            if series.key == params.get("id"):
                rows = [f"{_first_day(period)},{value!r}" for period, value in own.find(recipe, series.key).items()]
                return "\n".join([f"observation_date,{series.key}", *rows]) + "\n"
    return None


def _first_day(period: str) -> str:
    year, _dash, part = period.partition("-")
    month = f"{3 * int(part[1]) - 2:02d}" if part.startswith("Q") else part or "01"
    return f"{year}-{month}-01"


def _write_ecb(own: Publishers, recipes: list[RefreshRecipe], rest: str, _params: Mapping[str, str]) -> str | None:
    for recipe in recipes:
        for series in recipe.series:
            if rest == f"service/data/{recipe.dataset}/{series.key}":
                names = ("FREQ", "CURRENCY", "CURRENCY_DENOM", "EXR_TYPE", "EXR_SUFFIX")
                start = f"{recipe.dataset}.{series.key},{series.key.replace('.', ',')}"
                rows = [f"{start},{period},{value!r}" for period, value in own.find(recipe, series.key).items()]
                return "\n".join([f"KEY,{','.join(names)},TIME_PERIOD,OBS_VALUE", *rows]) + "\n"
    return None


MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def _write_census(own: Publishers, recipes: list[RefreshRecipe], _rest: str, params: Mapping[str, str]) -> bytes:
    """The archive of a survey: all series of all recipes in the sections of one file."""
    chosen = [recipe for recipe in recipes if recipe.dataset == params.get("programCode")]
    categories: dict[str, int] = {}
    types: dict[str, int] = {}
    periods: dict[str, int] = {}
    data = []
    for recipe in chosen:
        for series in recipe.series:
            category, kind = series.key.split(".")
            for period, value in own.find(recipe, series.key).items():
                numbers = (
                    periods.setdefault(period, len(periods) + 1),
                    categories.setdefault(category, len(categories) + 1),
                    types.setdefault(kind, len(types) + 1),
                )
                data.append(",".join([*map(str, numbers), "0", "1", recipe.expect["is_adj"], repr(value)]))
    names = [f"{number},{MONTHS[int(name[5:]) - 1]}-{name[:4]}" for name, number in periods.items()]
    lines = ["CATEGORIES", "cat_idx,cat_code,cat_desc,cat_indent"]
    lines += [f"{number},{name},{name},0" for name, number in categories.items()]
    lines += ["DATA TYPES", "dt_idx,dt_code,dt_desc,dt_unit", *(f"{k},{name},{name},MLN$" for name, k in types.items())]
    lines += ["GEO LEVELS", "geo_idx,geo_code,geo_desc", "1,US,U.S. Total"]
    lines += ["TIME PERIODS", "per_idx,per_name", *names, "DATA UPDATED ON", "2-Jul-2026", "DATA"]
    lines += ["per_idx,cat_idx,dt_idx,et_idx,geo_idx,is_adj,val", *data]
    return pack({f"{chosen[0].dataset}-mf.csv": "\n".join(lines) + "\n"})


WRITERS: dict[str, Writer] = {
    "fred_csv": _write_fred,
    "ecb_csv": _write_ecb,
    "census_bulk": _write_census,
}
