"""Recipes reproduce the published figures from the original files, put into the publisher's own form."""

import csv
import gzip
import io
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from observatory.catalogue.models import Catalogue
from observatory.sources.connectors import CONNECTORS
from observatory.sources.model import Answer
from tests.support.answers import write_workbook
from tests.support.paths import ROOT
from tests.support.recipes import build_answer

pytestmark = pytest.mark.shared

_LAUNCHES = (
    "orbital_launches",
    "orbital_launches_annual",
    "orbital_launches_by_orbit",
    "orbital_launches_by_provider",
    "orbital_launches_excluding_starlink",
    "orbital_launch_failures",
    "launched_payload_mass",
)
_PAYLOADS = ("payloads_launched", "payloads_launched_annual", "payloads_launched_excluding_starlink")
_AIRPORTS = ("airport_passengers", "airport_movements", "airport_freight")
_FRANCE = ("fr_airport_passengers_total", "fr_airport_movements_total", "fr_airport_freight_total")

# A launch of May 2025 that two agencies share: the recipe counts it for its provider, as all launches since then.
_REVISED = {"orbital_launches_by_provider": {("WORLD", "casc", "2025-05"): Decimal(6)}}


def _read_published(name: str) -> dict[tuple[str, str, str], Decimal]:
    with (ROOT / "data" / "observations" / f"{name}.csv").open(encoding="utf-8") as rows:
        return {(row["geo"], row["item"], row["period"]): Decimal(row["value"]) for row in csv.DictReader(rows)}


def _compare(catalogue: Catalogue, name: str, answers: list[Answer], until: str) -> None:
    """Every figure that is published up to a period is read again, with the same value."""
    recipe = catalogue.recipes[name]
    figures = CONNECTORS[recipe.connector].read(recipe, answers)
    values = {(row.geo, row.item, row.period): row.value for row in figures}
    published = {key: value for key, value in _read_published(name).items() if key[2] <= until}
    assert published
    differing = {key: values.get(key) for key in published if values.get(key) != published[key]}
    assert differing == _REVISED.get(name, {})


def _build_tsv(path: Path) -> Answer:
    """A file of comma-separated launches as the table of GCAT: header after #, day of update, padded cells."""
    with gzip.open(path, "rt", encoding="utf-8") as source:
        rows = list(csv.reader(source))
    lines = ["#" + "\t".join(rows[0]), "# Updated 2025 Dec  1 0108:57"]
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    place = rows[0].index("Launch_Date")
    for row in rows[1:]:
        parts = row[place].split("-")
        if len(parts) == 3:
            row[place] = f"{parts[0]} {months[int(parts[1]) - 1]} {int(parts[2]):2d}"
        lines.append("\t".join(f"{cell} " for cell in row))
    return build_answer("\n".join(lines) + "\n")


@pytest.mark.slow
@pytest.mark.parametrize("name", [*_LAUNCHES, *_PAYLOADS])
def test_launches_are_counted_as_published(shared: Path, catalogue: Catalogue, name: str) -> None:
    """Conditions of the recipe, sites and zeros give the published counts and masses."""
    file = "launchlog_1957_2024-12" if name in _PAYLOADS else "launches_1957_2025-11"
    kind = "payload" if name in _PAYLOADS else "orbital"
    table = _build_tsv(shared / "data" / "raw" / "gcat" / f"gcat_{kind}_{file}.csv.gz")
    sites = build_answer((shared / "refresh" / "samples" / "gcat_sites.tsv").read_bytes())
    until = "2024-11" if name in _PAYLOADS else "2025-11"
    _compare(catalogue, name, [table, sites], until if catalogue.indicators[name].frequency == "M" else "2024")


@pytest.mark.parametrize("name", [*_AIRPORTS, *_FRANCE])
def test_airports_are_added_up_as_published(shared: Path, catalogue: Catalogue, name: str) -> None:
    """Columns and rows of the archive add up to the published passengers, movements and tonnes."""
    file = "france_totals_by_zone_1990_2024" if name in _FRANCE else "airports_1990_2024"
    text = (shared / "data" / "raw" / "dgac" / f"dgac_monthly_{file}.csv").read_text(encoding="utf-8")
    if name not in _FRANCE:
        assert "APT_ZON" in text.partition("\n")[0]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ASP_APT.csv", text)
    description = '{"resources": [{"title": "ASP_APT", "url": "https://static.data.gouv.fr/a.zip"}]}'
    _compare(catalogue, name, [build_answer(description), build_answer(packed.getvalue())], "2024-12")


@pytest.mark.parametrize(
    ("name", "slug", "old", "new", "updated"),
    [
        (
            "objects_launched",
            "yearly-number-of-objects-launched-into-outer-space",
            "Annual number of objects launched into outer space",
            "annual_launches",
            "2026-01-08",
        ),
        ("low_orbit_objects", "space-objects-by-orbit", "objects_in_space", "objects_in_space", "2023-01-08"),
        ("nasa_budget", "nasa-annual-budget", "Budget", "budget", "2023-01-08"),
    ],
)
def test_charts_give_the_published_figures(
    shared: Path, catalogue: Catalogue, name: str, slug: str, old: str, new: str, updated: str
) -> None:
    """Entities, zeros of years without a row, the sum of parts and the rounding are those of the published figures."""
    text = (shared / "data" / "raw" / "owid" / f"{slug}.csv").read_text(encoding="utf-8").replace(old, new, 1)
    description = f'{{"columns": {{"{new}": {{"shortName": "{new}", "lastUpdated": "{updated}"}}}}}}'
    _compare(catalogue, name, [build_answer(text), build_answer(description)], "2025")


@pytest.mark.parametrize("name", ["aluminium_price", "copper_price", "nickel_price", "tin_price", "european_gas_price"])
def test_prices_of_the_workbook_are_those_published(shared: Path, catalogue: Catalogue, name: str) -> None:
    """Label, unit and first month of each recipe find the published prices."""
    path = shared / "data" / "raw" / "worldbank" / "pinksheet_monthly_metals_energy_1960_2026-05.csv"
    with path.open(encoding="utf-8") as source:
        header, *rows = csv.reader(source)
    lines = [[row[0].replace("-", "M"), *(float(cell) if cell else "…" for cell in row[1:])] for row in rows]
    units = [None, "($/bbl)", "($/mmbtu)", *["($/mt)"] * 6]
    content = write_workbook("Monthly Prices", [["World Bank"], [None, *header[1:]], units, *lines])
    _compare(catalogue, name, [build_answer(content)], "2026-05")


def test_days_of_the_page_add_up_to_the_published_months(shared: Path, catalogue: Catalogue) -> None:
    """Complete months of the table of days are the published ones."""
    with (shared / "data" / "raw" / "tsa" / "tsa_daily_passengers.csv").open(encoding="utf-8") as source:
        days = [(row["Date"].split("-"), int(row["Passengers"])) for row in csv.DictReader(source) if row["Passengers"]]
    rows = [f"<tr><td>{int(m)}/{int(d)}/{y}</td><td>{count:,}</td></tr>" for (y, m, d), count in days]
    page = f"<html><table><tr><th>Date</th><th>Numbers</th></tr>{''.join(rows)}</table></html>"
    _compare(catalogue, "us_tsa_passengers", [build_answer(page)], "2026-07")


@pytest.mark.parametrize("name", ["us_private_aircraft_investment", "us_communications_equipment_investment"])
def test_lines_of_the_register_are_the_published_series(shared: Path, catalogue: Catalogue, name: str) -> None:
    """The line of the table that each recipe names holds the published quarters."""
    with (shared / "data" / "raw" / "bea" / "bea_u50505_equipment_investment.csv").open(encoding="utf-8") as source:
        rows = [row for row in csv.DictReader(source) if row["value"]]
    names = sorted({row["series_id"] for row in rows})
    register = "".join(f"{code},toy,{code.replace('_', ':')}\n" for code in names)
    values = "".join(
        f'{row["series_id"]},{row["date"][:4]}Q{int(row["date"][5:7]) // 3},"{float(row["value"]):,.0f}"\n'
        for row in rows
    )
    answers = [
        build_answer("%SeriesCode,SeriesLabel,TableId:LineNo\n" + register),
        build_answer("%SeriesCode,Period,Value\n" + values),
    ]
    _compare(catalogue, name, answers, "2025-Q4")
