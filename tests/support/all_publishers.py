"""The other publishers of data/ for tests: what is published, in the form of each."""

import json
from calendar import monthrange
from collections.abc import Mapping
from datetime import date

from observatory.catalogue.recipes import RefreshRecipe
from tests.support.answers import pack, write_workbook
from tests.support.publishers import MONTHS, WRITERS, Publishers, Values, Writer
from tests.support.replay import Step

_Recipes = list[RefreshRecipe]
_Params = Mapping[str, str]


def _write_insee(own: Publishers, recipes: _Recipes, rest: str, _params: _Params) -> str | None:
    dataset = rest.split("/")[3]
    series = []
    for recipe in recipes:
        if recipe.dataset == dataset:
            attributes = " ".join(f'{name}="{value}"' for name, value in ({"IDBANK": "1"} | recipe.expect).items())
            values = own.find(recipe, recipe.series[0].key)
            rows = "".join(
                f'<Obs TIME_PERIOD="{period}" OBS_VALUE="{value!r}" OBS_STATUS="A"/>'
                for period, value in values.items()
            )
            series.append(f'<Series {attributes} SERIE_ARRETEE="FALSE">{rows}</Series>')
    return f'<m:Data xmlns:m="urn:toy"><m:DataSet>{"".join(series)}</m:DataSet></m:Data>'


def _write_worldbank(own: Publishers, recipes: _Recipes, rest: str, _params: _Params) -> str | None:
    _v2, _country, countries, _indicator, name = rest.split("/")
    recipe = next(row for row in recipes if row.dataset == name)
    rows = [
        {"indicator": {"id": name}, "country": {"id": key}, "countryiso3code": key, "date": period, "value": value}
        for key in countries.split(";")
        for period, value in own.find(recipe, key).items()
    ]
    return json.dumps([{"page": 1, "pages": 1}, rows])


def _write_datagouv(own: Publishers, recipes: _Recipes, rest: str, _params: _Params) -> str | bytes | None:
    if rest.startswith("api/"):
        row = {"title": "ASP_APT 2026", "url": "https://static.data.gouv.fr/resources/asp.zip"}
        return json.dumps({"resources": [row]})
    columns = list(dict.fromkeys(name for recipe in recipes for name in recipe.columns))
    cells: dict[tuple[str, str, str], dict[str, str]] = {}  # by period, airport and zone
    for recipe in recipes:
        for series in recipe.series:
            column, _equals, names = series.key.partition("=")
            if "+" not in names:
                for period, value in own.find(recipe, series.key).items():
                    place = (names, "-") if column == "APT" else ("-", names)
                    row = cells.setdefault((period.replace("-", ""), *place), {})
                    row[recipe.columns[0]] = f"{value:.4f}".replace(".", ",")
    lines = [";".join([*key, *(row.get(column, "0") for column in columns)]) for key, row in sorted(cells.items())]
    return pack({"ASP_APT_2026.csv": "\n".join([";".join(["ANMOIS", "APT", "APT_ZON", *columns]), *lines]) + "\n"})


def _write_owid(own: Publishers, recipes: _Recipes, rest: str, _params: _Params) -> str | None:
    name, _dot, ending = rest.removeprefix("grapher/").partition(".")
    recipe = next(row for row in recipes if row.dataset == name)
    (column,) = recipe.columns
    if ending == "metadata.json":
        return json.dumps({"columns": {column: {"shortName": column, "lastUpdated": "2026-11-01"}}})
    rows = [
        f"{series.key},,{period},{value!r}"
        for series in recipe.series
        if "+" not in series.key
        for period, value in own.find(recipe, series.key).items()
    ]
    return "\n".join([f"entity,code,year,{column}", *rows]) + "\n"


def _write_rigs(own: Publishers, recipes: _Recipes, _rest: str, _params: _Params) -> str | None:
    (recipe,) = recipes
    (series,) = recipe.series
    rows = [
        f'T,{period.replace("-", "")},{value!r},2,"{series.key}",{recipe.expect["Unit"]}'
        for period, value in own.find(recipe, series.key).items()
    ]
    return "\n".join(["MSN,YYYYMM,Value,Column_Order,Description,Unit", *rows]) + "\n"


def _write_prices(own: Publishers, recipes: _Recipes, _rest: str, _params: _Params) -> bytes | None:
    series = [(recipe, row.key, own.find(recipe, row.key)) for recipe in recipes for row in recipe.series]
    periods = sorted({period for _recipe, _key, values in series for period in values})
    rows: list[list[object]] = [
        [None, *(key for _recipe, key, _values in series)],
        [None, *(recipe.expect["unit"] for recipe, _key, _values in series)],
    ]
    rows += [[period.replace("-", "M"), *(values.get(period) for *_, values in series)] for period in periods]
    return write_workbook("Monthly Prices", rows)


def _write_survey(own: Publishers, recipes: _Recipes, _rest: str, _params: _Params) -> bytes | None:
    (recipe,) = recipes
    series = {row.key: own.find(recipe, row.key) for row in recipe.series}
    periods = sorted({period for values in series.values() for period in values})
    rows: list[list[object]] = [[None, *series]]
    for period in periods:
        year, month = int(period[:4]), int(period[5:])
        rows.append([date(year, month, monthrange(year, month)[1]), *(v.get(period) for v in series.values())])
    return pack({"main.xlsx": write_workbook("MONTHLY", rows)})


def _write_socrata(own: Publishers, recipes: _Recipes, _rest: str, params: _Params) -> str | None:
    (recipe,) = recipes
    series = [own.find(recipe, row.key) for row in recipe.series]
    periods = sorted({period for values in series for period in values})
    rows = [
        ",".join(
            [f"{period}-01T00:00:00.000", *(repr(values[period]) if period in values else "" for values in series)]
        )
        for period in periods
    ]
    return "\n".join([params["$select"], *rows]) + "\n"


def _write_bea(own: Publishers, recipes: _Recipes, rest: str, _params: _Params) -> str | None:
    series = [(row.key.replace(":", ""), row.key, recipe) for recipe in recipes for row in recipe.series]
    if rest.endswith("SeriesRegister.txt"):
        rows = [f"{code},A label,{key}" for code, key, _recipe in series]
        return "\n".join(["%SeriesCode,SeriesLabel,TableId:LineNo", *rows]) + "\n"
    rows = [
        f'{code},{period.replace("-", "")},"{value:,.0f}"'
        for code, key, recipe in series
        for period, value in own.find(recipe, key).items()
    ]
    return "\n".join(["%SeriesCode,Period,Value", *rows]) + "\n"


def _spread(values: Values, year: str) -> list[tuple[date, float]]:
    """The days of the published months of a year; the first day of each month has all of it."""
    return [
        (date(int(year), int(period[5:]), day), value if day == 1 else 0.0)
        for period, value in values.items()
        if period[:4] == year
        for day in range(1, monthrange(int(year), int(period[5:]))[1] + 1)
    ]


def _write_tsa(own: Publishers, recipes: _Recipes, rest: str, _params: _Params) -> str | None:
    (recipe,) = recipes
    year = rest.removeprefix(recipe.dataset).strip("/") or "2026"
    rows = "".join(
        f"<tr><td>{day.month}/{day.day}/{day.year}</td><td>{value:,.0f}</td></tr>"
        for day, value in _spread(own.find(recipe, "Date"), year)
    )
    return f"<html><table><tr><th>Date</th><th>Numbers</th></tr>{rows}</table></html>"


def _write_eurocontrol(own: Publishers, recipes: _Recipes, rest: str, _params: _Params) -> str | None:
    """One row a day and State; a sum of States is that of its first one."""
    year = rest[-8:-4]
    columns = [recipe.columns[0] for recipe in recipes]
    cells: dict[tuple[date, str], dict[str, float]] = {}
    for recipe in recipes:
        for series in recipe.series:
            states = series.key.split("+")
            for day, value in _spread(own.find(recipe, series.key), year):
                for place, state in enumerate(states):
                    cells.setdefault((day, state), {})[recipe.columns[0]] = 0.0 if place else value
    rows = [
        ",".join([f"{day}T00:00:00Z", state, *(f"{row[name]:.0f}" if name in row else "" for name in columns)])
        for (day, state), row in sorted(cells.items())
    ]
    return "\n".join([f"entry_date,country_icao_code,{','.join(columns)}", *rows]) + "\n" if rows else None


def _write_ember(own: Publishers, recipes: _Recipes, rest: str, _params: _Params) -> Step | str | None:
    (recipe,) = recipes
    if rest.strip("/") == recipe.dataset.strip("/"):
        return '<a href="/app/prices_monthly.csv">csv</a>'
    rows = [
        f"x,{series.key},{period}-01,{value!r}"
        for series in recipe.series
        for period, value in own.find(recipe, series.key).items()
    ]
    table = "\n".join([f"Country,ISO3 Code,Date,{recipe.columns[0]}", *rows]) + "\n"
    return Step(table.encode(), headers=(("Last-Modified", "Mon, 30 Nov 2026 12:00:00 GMT"),))


# -- GCAT: a table of events in which each column has the counts of one indicator -----------------------------------

_STATES = {"CHN": "CN", "GUF": "GUF", "IND": "IN", "JPN": "J", "NZL": "NZ", "RUS": "RU", "USA": "US"}


def _write_gcat(own: Publishers, _recipes: _Recipes, rest: str, _params: _Params) -> str | None:
    if rest.endswith("sites.tsv"):
        return "#Site\tStateCode\n# Updated 2026 Sep  1\n" + "".join(f"{c}\t{c}\n" for c in [*_STATES.values(), "XX"])
    rows = _build_payloads(own) if rest.endswith("launchlog.tsv") else _build_launches(own)
    header = list(rows[0])
    updated = "2024 Dec" if rest.endswith("launchlog.tsv") else "2026 Sep"  # the end of what is published
    lines = ["#" + "\t".join(header), f"# Updated {updated}  1 0108:57", *("\t".join(row.values()) for row in rows)]
    return "\n".join(lines) + "\n"


def _fill(rows: list[dict[str, str]], column: str, counts: Mapping[str, float]) -> None:
    """Gives the first rows the values of a column, as many of each as its count."""
    words = [word for word, count in counts.items() for _ in range(int(count))]
    for row, word in zip(rows, words, strict=False):
        row[column] = word


def _find_all(own: Publishers, indicator: str, period: str) -> dict[tuple[str, str], float]:
    return {place: _find_latest(values, period) for place, values in own.figures[indicator].items()}


def _find_latest(values: Values, period: str) -> float:
    """The value of a period; that of the last one where none is published yet."""
    last = max(values)
    return values.get(min(period, last), 0.0)


def _date(period: str) -> str:
    return f"{period[:4]} {MONTHS[int(period[5:]) - 1]} 15"


def _build_launches(own: Publishers) -> list[dict[str, str]]:
    blank = {"Launch_Site": "XX", "LaunchCode": "OS", "Mission": "Toy", "Agency": "-", "Category": "Sat - X"}
    table = []
    by_year: dict[str, list[dict[str, str]]] = {}
    providers = {
        series.item: series.key.rpartition("=")[2].split("+")[0]
        for series in own.catalogue.recipes["orbital_launches_by_provider"].series
    }
    masses = own.figures["launched_payload_mass"]["WORLD", ""]
    for period, count in own.figures["orbital_launches"]["WORLD", ""].items():
        rows = [{"Launch_Date": _date(period), **blank, "LV_Type": "Toy", "OrbPay": "0"} for _ in range(int(count))]
        states = _find_all(own, "orbital_launches", period)
        _fill(rows, "Launch_Site", {_STATES[geo]: n for (geo, _item), n in states.items() if geo in _STATES})
        agencies = _find_all(own, "orbital_launches_by_provider", period)
        _fill(rows, "Agency", {providers[item]: n for (_geo, item), n in agencies.items() if item in providers})
        others = own.figures["orbital_launches_excluding_starlink"]["WORLD", ""].get(period, count)
        _fill(rows, "Mission", {"Starlink": count - others})
        if rows:
            rows[0]["OrbPay"] = repr(_find_latest(masses, period))
        table += rows
        by_year.setdefault(period[:4], []).extend(rows)
    orbits = {
        series.item: series.key.rpartition("=")[2].split("+")[0]
        for series in own.catalogue.recipes["orbital_launches_by_orbit"].series
    }
    for year, rows in by_year.items():
        counts = _find_all(own, "orbital_launches_by_orbit", year)
        _fill(rows, "Category", {f"Sat {orbits[item]} X": n for (_geo, item), n in counts.items() if item in orbits})
        failures = own.figures["orbital_launch_failures"]["WORLD", ""].get(year, 0.0)
        _fill([row for row in rows if float(row["OrbPay"]) == 0], "LaunchCode", {"OF": failures})
    return table


def _build_payloads(own: Publishers) -> list[dict[str, str]]:
    codes = {
        series.geo: series.key.rpartition("=")[2].split("+")[0]
        for series in own.catalogue.recipes["payloads_launched"].series
        if "SatState" in series.key
    }
    table = []
    for period, count in own.figures["payloads_launched"]["WORLD", ""].items():
        blank = {"Launch_Date": _date(period), "Type": "P", "Launch_Code": "OS", "SatState": "XX", "Name": "Toy"}
        rows = [dict(blank) for _ in range(int(count))]
        states = _find_all(own, "payloads_launched", period)
        _fill(rows, "SatState", {codes[geo]: n for (geo, _item), n in states.items() if geo in codes})
        others = own.figures["payloads_launched_excluding_starlink"]["WORLD", ""].get(period, count)
        _fill(rows, "Name", {"Starlink": count - others})
        table += rows
    return table


_OTHERS: dict[str, Writer] = {
    "insee_sdmx": _write_insee,
    "worldbank_json": _write_worldbank,
    "datagouv_zip": _write_datagouv,
    "owid_csv": _write_owid,
    "eia_csv": _write_rigs,
    "pink_sheet": _write_prices,
    "ecfin_zip": _write_survey,
    "socrata_csv": _write_socrata,
    "bea_bulk": _write_bea,
    "tsa_html": _write_tsa,
    "eurocontrol_csv": _write_eurocontrol,
    "ember_csv": _write_ember,
    "gcat_tsv": _write_gcat,
}
ALL_WRITERS: dict[str, Writer] = {**WRITERS, **_OTHERS}
