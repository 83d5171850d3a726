"""Readers of connectors on small answers of our own: the right figures, and each fault under its own name."""

import csv
from datetime import date
from typing import Any

import pytest

from observatory.catalogue.recipes import CONNECTORS as TRAITS
from observatory.catalogue.recipes import DERIVED, MANUAL, RecipeSeries
from observatory.errors import SourceError
from observatory.language import Localizer
from observatory.sources.connectors import CONNECTORS
from tests.support.answers import (
    CHART,
    DGAC,
    FRED,
    GCAT,
    M3,
    OECD,
    PINK,
    SITES,
    pack,
    write_chart,
    write_description,
    write_eia,
    write_flights,
    write_insee,
    write_insee_series,
    write_workbook,
    write_worldbank,
    write_worldbank_row,
)
from tests.support.recipes import RECIPES, build_answer, build_recipe, read, read_refusal

_PAGE = "<!DOCTYPE html><html><head><title>Back soon</title></head><body>Maintenance</body></html>"


def test_every_connector_of_the_closed_list_is_built() -> None:
    """The names that recipes may use and the registry are the same; each has a recipe in the tests."""
    assert TRAITS.keys() - {MANUAL, DERIVED} == CONNECTORS.keys() == RECIPES.keys()


@pytest.mark.parametrize("connector", CONNECTORS)
def test_pages_empty_and_foreign_bodies_are_refused(connector: str) -> None:
    """A web page, an empty body, bytes and JSON of another kind are never figures, for any reader."""
    recipe = build_recipe(connector)
    path = "/v2/country/x/indicator/TOY.IND"
    for body in (_PAGE.encode(), b"", b" \n", b"\xff\xfe\x00\x81", b"{}", b"[]", b"PK\x03\x04", b"a,b\n1,2\n"):
        answers = [build_answer(body, path)] * (2 if connector in ("owid_csv", "bea_bulk", "datagouv_zip") else 1)
        assert read_refusal(recipe, *answers) != "none"


def test_a_page_is_refused_with_its_title() -> None:
    """The refusal of a page quotes its title, in both languages."""
    with pytest.raises(SourceError) as refusal:
        read(build_recipe("fred_csv"), _PAGE)
    for localizer in (Localizer("fr"), Localizer("en")):
        assert "Back soon" in localizer.text(refusal.value.key, **refusal.value.values)


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        (FRED.replace("TOY", "YOT"), "column"),
        (FRED.replace("observation_date", "day"), "column"),
        (FRED.replace("1.5", "1,5"), "width"),
        (FRED.replace("1.5", "one"), "value"),
        (FRED.replace("1.5", "1e999999999"), "value"),
        (FRED.replace("2026-03-01", "2026-13-01"), "period"),
        (FRED.replace("2026-03-01", "2026-01-02"), "twice"),
        (FRED + "2026-04", "cut"),
        (FRED.replace("TOY", "TOY\0"), "column"),
        ("observation_date,TOY\n", "no_figures"),
        (FRED.encode("utf-16"), "encoding"),
        (FRED.replace("1.5", '"' + "1" * 200_000 + '"'), "layout"),
    ],
)
def test_fred_faults(body: str | bytes, refusal: str) -> None:
    """Dropped column, wrong charset, cut row, odd number or period: each has its name."""
    assert read_refusal(build_recipe("fred_csv"), body) == refusal


def test_a_cell_without_end_is_refused_whatever_others_allow() -> None:
    """The limit of a cell is the reader's own: uploads raise that of the whole process."""
    before = csv.field_size_limit(10_000_000)
    try:
        assert read_refusal(build_recipe("fred_csv"), FRED.replace("1.5", '"' + "1" * 200_000 + '"')) == "layout"
    finally:
        csv.field_size_limit(before)


def test_fred_figures_and_selection() -> None:
    """Values as they are written; first, last, skip and decimals select and round."""
    assert read(build_recipe("fred_csv"), FRED) == {"FRA 2026-01": "1.5", "FRA 2026-03": "-2"}
    assert read(build_recipe("fred_csv", first="2026-02"), FRED) == {"FRA 2026-03": "-2"}
    assert read(build_recipe("fred_csv", last="2026-02", decimals=0), FRED) == {"FRA 2026-01": "2"}
    series = [RecipeSeries("TOY", "FRA", skip="2026-02/2026-03")]
    assert read(build_recipe("fred_csv", series=series), FRED) == {"FRA 2026-01": "1.5"}
    assert read_refusal(build_recipe("fred_csv", first="2027-01"), FRED) == "no_figures"


def test_a_body_without_proof_of_its_end_needs_a_last_line_end() -> None:
    """Where the protocol does not prove that a body is whole, 9 may be the rest of 92.1."""
    cut = "observation_date,TOY\n2026-01-01,9"
    assert read(build_recipe("fred_csv"), cut) == {"FRA 2026-01": "9"}
    assert read_refusal(build_recipe("fred_csv"), build_answer(cut, is_framed=False)) == "cut"


def test_worldbank_values_and_shares() -> None:
    """Nulls are left out, numbers keep their digits; a share of GDP becomes millions."""
    rows = ",".join(
        [
            write_worldbank_row("FRA", "2024", "12.10"),
            write_worldbank_row("FRA", "2025", "null"),
            write_worldbank_row("WLD", "2024", "7"),
        ]
    )
    assert read(build_recipe("worldbank_json"), write_worldbank(rows)) == {"FRA 2024": "12.10", "WORLD 2024": "7"}
    share = write_worldbank(write_worldbank_row("FRA", "2024", "2.5", "S"), "S")
    gdp = write_worldbank(write_worldbank_row("FRA", "2024", "3000000000", "G"), "G")
    recipe = build_recipe("worldbank_json", dataset="S+G", series=["FRA"], rule="share_of_gdp", decimals=3)
    assert read(recipe, share, gdp) == {"FRA 2024": "75.000"}


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        (write_worldbank(write_worldbank_row("FRA", "2024", "1", "OTHER")), "attribute"),
        (write_worldbank(write_worldbank_row("FRA", "2024", "1"), pages=2), "incomplete"),
        (write_worldbank('{"date":"2024"}'), "layout"),
        (write_worldbank(write_worldbank_row("FRA", "2024", "1")[:-1]), "cut"),
        (write_worldbank(write_worldbank_row("DEU", "2024", "1")), "no_figures"),
    ],
)
def test_worldbank_faults(answer: Any, refusal: str) -> None:
    """Another indicator, a page that is missing, another layout and a cut body."""
    assert read_refusal(build_recipe("worldbank_json"), answer) == refusal


def test_census_sections_are_joined() -> None:
    """Category, type, place and period are joined by index; errors, other adjustment and categories are not read."""
    assert read(build_recipe("census_bulk"), pack({"M3-mf.csv": M3})) == {
        "FRA 2025-12": "100",
        "FRA 2026-01": "110.5",
    }


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (pack({"M3-mf.csv": M3.replace("TIME PERIODS", "PERIODS")}), "column"),
        (pack({"M3-mf.csv": M3.replace("is_adj", "adjusted")}), "column"),
        (pack({"M3-mf.csv": M3.replace("TOY", "TOI")}), "no_figures"),
        (pack({"M3-mf.csv": M3[:-6]}), "cut"),
        (pack({"readme.txt": "nothing"}), "member"),
        (pack({"M3-mf.csv": M3})[:-40], "archive"),
        (pack({"M3-mf.csv": b"0" * 60_000_000}), "bomb"),
        (M3.encode(), "archive"),
        (_PAGE.encode(), "html"),
    ],
)
def test_census_faults(content: bytes, refusal: str) -> None:
    """A renamed section or column, a missing category, a cut archive, a bomb, a page."""
    assert read_refusal(build_recipe("census_bulk"), content) == refusal


def test_gcat_counts_with_zeros_up_to_the_month_before_the_update() -> None:
    """Rows are counted by month, empty months are zero, the running month and suborbital flights are left out."""
    counts = {"FRA 2025-12": "1", "FRA 2026-01": "0", "FRA 2026-02": "2", "FRA 2026-03": "0"}
    assert read(build_recipe("gcat_tsv"), GCAT) == counts


@pytest.mark.parametrize(
    ("key", "february"),
    [
        ("LaunchCode^=O+D; Mission!^=Starlink", "1"),
        ("LaunchCode^=OF+OE", "1"),
        ("LaunchCode^=O+D; Category:2=GTO+SSO", "2"),
        ("LaunchCode^=O+D; Launch_Site>StateCode=US", "1"),
        ("Mission!~=Star+Sub", "1"),
    ],
)
def test_gcat_conditions(key: str, february: str) -> None:
    """Equal, begins with, begins with none, contains none, a word of a column, a column of the site."""
    recipe = build_recipe("gcat_tsv", series=[key], first="2026-01")
    assert read(recipe, GCAT, SITES)["FRA 2026-02"] == february


def test_gcat_sums_a_column_and_counts_years() -> None:
    """A column is added up over the rows of a month; a year is complete when the next one has begun."""
    recipe = build_recipe("gcat_tsv", rule="sum_of_rows", columns=("OrbPay",), decimals=3)
    assert read(recipe, GCAT)["FRA 2026-02"] == "2.250"
    assert read(build_recipe("gcat_tsv", frequency="A"), GCAT) == {"FRA 2025": "1"}


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        (GCAT.replace("LaunchCode", "Launch_Code"), "column"),
        (GCAT.replace("# Updated", "# Changed"), "column"),
        (GCAT.replace("2025 Dec  3 1458 ", "2025"), "period"),
        (GCAT[:-12], "cut"),
        (GCAT[1:], "layout"),
    ],
)
def test_gcat_faults(body: str, refusal: str) -> None:
    """A renamed column, no day of update, a date without a month, a cut line, no header."""
    assert read_refusal(build_recipe("gcat_tsv"), body) == refusal


def test_gcat_condition_that_is_none_is_refused() -> None:
    """A key that is no condition is a fault of the recipe, named with its text."""
    assert read_refusal(build_recipe("gcat_tsv", series=["launches"]), GCAT) == "condition"


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        (write_insee(write_insee_series("2015")), "attribute"),
        (write_insee(write_insee_series(stopped="TRUE")), "stopped"),
        (write_insee(write_insee_series(), write_insee_series(idbank="2")), "ambiguous"),
        (write_insee(), "no_figures"),
        (write_insee(write_insee_series())[:-20], "cut"),
        (write_insee(write_insee_series(observations='<Obs TIME_PERIOD="2026-02" VALUE="1"/>')), "column"),
        ('<!DOCTYPE a [<!ENTITY b "c">]>' + write_insee(write_insee_series()), "layout"),
        ("<m:Error xmlns:m='u'><m:ErrorMessage code=\"100\"/></m:Error>", "fault"),
    ],
)
def test_insee_faults(body: str, refusal: str) -> None:
    """A rebased or stopped series, two that answer, none, a cut body, an entity, the error of INSEE."""
    assert read_refusal(build_recipe("insee_sdmx"), body) == refusal


def test_insee_reads_the_series_that_is_expected() -> None:
    """Among several series, that of the recipe; NaN and missing statuses are left out."""
    rows = '<Obs TIME_PERIOD="2026-02" OBS_VALUE="98.4"/><Obs TIME_PERIOD="2026-01" OBS_VALUE="NaN" OBS_STATUS="O"/>'
    body = write_insee(write_insee_series("2015"), write_insee_series(observations=rows))
    assert read(build_recipe("insee_sdmx"), body) == {"FRA 2026-02": "98.4"}


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        (OECD, "none"),
        (OECD.replace("FRA", "DEU"), "attribute"),
        (OECD.replace("DF_TOY", "DF_OTHER"), "attribute"),
        (OECD.replace("OBS_VALUE", "VALUE"), "column"),
        (OECD.replace("2026-01", "2026-Q1"), "period"),
        (OECD.replace("101.2", ""), "no_figures"),
    ],
)
def test_oecd_rows_carry_their_key(body: str, refusal: str) -> None:
    """Another place, dataflow, layout or frequency is refused."""
    assert read_refusal(build_recipe("oecd_csv"), body) == refusal


def test_eurocontrol_months_over_two_files() -> None:
    """Complete months are added up; the running month, and one that lacks a day, are left out."""
    files = write_flights(date(2025, 12, 1), 31), write_flights(date(2026, 1, 2), 40)
    assert read(build_recipe("eurocontrol_csv"), *files) == {"FRA 2025-12": "310"}
    assert read_refusal(build_recipe("eurocontrol_csv"), files[0], write_flights(date(2025, 12, 1), 1, 11)) == "twice"
    assert read_refusal(build_recipe("eurocontrol_csv", columns=("flt_x",)), files[0]) == "column"


def test_datagouv_columns_and_rows_are_added_up() -> None:
    """Semicolons with decimal commas; the rows of an airport and the columns of a row are added up."""
    assert read(build_recipe("datagouv_zip"), write_description(), pack({"a.csv": DGAC})) == {"FRA 2026-01": "31.5"}


@pytest.mark.parametrize(
    ("description", "content", "refusal"),
    [
        (write_description(count=2), pack({"a.csv": DGAC}), "member"),
        (write_description(', "checksum": {"type": "sha1", "value": "00"}'), pack({"a.csv": DGAC}), "cut"),
        (write_description(), pack({"a.csv": DGAC.replace("PAX_arr", "PAX")}), "column"),
        ('{"data": []}', pack({"a.csv": DGAC}), "column"),
        (write_description(), _PAGE.encode(), "html"),
    ],
)
def test_datagouv_faults(description: str, content: bytes, refusal: str) -> None:
    """Two archives of one title, a wrong checksum, a dropped column, another description, a page."""
    assert read_refusal(build_recipe("datagouv_zip"), description, content) == refusal


def test_owid_years_without_a_row() -> None:
    """Figures as they are; or zeros between, and nothing of the year of the last update."""
    assert read(build_recipe("owid_csv"), CHART, write_chart()) == {"FRA 2023": "5", "FRA 2025": "7", "FRA 2026": "1"}
    filled = read(build_recipe("owid_csv", rule="zero_filled"), CHART, write_chart())
    assert filled == {"FRA 2023": "5", "FRA 2024": "0", "FRA 2025": "7"}
    assert read_refusal(build_recipe("owid_csv"), CHART, write_chart(name="dolls")) == "column"
    assert read_refusal(build_recipe("owid_csv"), CHART.replace("toys", "dolls"), write_chart()) == "column"


def test_eia_api_and_table() -> None:
    """All rows of one series, with its unit; monthly rows of a table, the yearly ones left out."""
    assert read(build_recipe("eia_v2"), write_eia("1")) == {"FRA 2026-01": "61.5"}
    assert read_refusal(build_recipe("eia_v2"), write_eia("6000")) == "incomplete"
    assert read_refusal(build_recipe("eia_v2"), write_eia("1", "OTHER")) == "attribute"
    assert read_refusal(build_recipe("eia_v2"), '{"response": {}}') == "column"
    table = (
        'MSN,YYYYMM,Value,Column_Order,Description,Unit\nT,202411,14,2,"Toys, Offshore",Number of Rigs\n'
        'T,202413,16,2,"Toys, Offshore",Number of Rigs\n'
    )
    assert read(build_recipe("eia_csv"), table) == {"FRA 2024-11": "14"}
    assert read_refusal(build_recipe("eia_csv"), table.replace("Number of Rigs", "Rigs")) == "attribute"


def test_pink_sheet_finds_its_column_by_content() -> None:
    """Footnote stars are no part of a label; the unit below must be that of the recipe; an ellipsis is missing."""
    rows = [*PINK, ["1960M02", 1, "…"]]
    recipe = build_recipe("pink_sheet")
    assert read(recipe, write_workbook("Monthly Prices", rows)) == {"FRA 1960-01": "2180.4"}
    assert read_refusal(recipe, write_workbook("Prices", rows)) == "sheet"
    rows[3] = [None, "($/mt)", "($/kg)"]
    assert read_refusal(recipe, write_workbook("Monthly Prices", rows)) == "attribute"
    rows[2] = [None, "Copper", "Zinc"]
    assert read_refusal(recipe, write_workbook("Monthly Prices", rows)) == "column"
    assert read_refusal(recipe, write_workbook("Monthly Prices", rows)[:-50]) == "archive"


def test_airbus_page_and_workbook() -> None:
    """The only workbook of the page; the running year is left out until December."""
    recipe, follow = build_recipe("airbus_workbook"), CONNECTORS["airbus_workbook"].follow
    page = build_answer('<a href="https://media.toys/orders-and-deliveries-august-2026.xlsx">all</a>')
    (request,) = follow(recipe, [page])
    assert request.path == "https://media.toys/orders-and-deliveries-august-2026.xlsx"
    content = write_workbook("Toys", [["Orders"], ["Type", 2024, 2025, 2026], ["A220", 5, 6, 7], ["A320", 1, 2, 3]])
    assert read(recipe, page, build_answer(content, request.path)) == {"FRA 2024": "5", "FRA 2025": "6"}
    december = build_answer(content, request.path.replace("august", "december"))
    assert read(recipe, page, december)["FRA 2026"] == "7"
    with pytest.raises(SourceError, match=r"error.source.member.*count=0"):
        follow(recipe, [build_answer("<a href='x.pdf'>")])


def test_survey_inside_an_archive() -> None:
    """The workbook of the archive, dates in its first column."""
    book = write_workbook("MONTHLY", [[None, "EU.INDU", "FR.INDU"], [date(2026, 1, 31), -3.5, -7.25]])
    assert read(build_recipe("ecfin_zip"), pack({"main.xlsx": book})) == {"FRA 2026-01": "-7.25"}
    assert read_refusal(build_recipe("ecfin_zip", series=["XX.INDU"]), pack({"main.xlsx": book})) == "column"


@pytest.mark.slow
def test_socrata_columns_and_silent_cut() -> None:
    """A column by its name; as many rows as the limit are a cut answer."""
    body = "date,toys_total\n2026-01-01T00:00:00.000,12\n2026-02-01T00:00:00.000,\n"
    assert read(build_recipe("socrata_csv"), body) == {"FRA 2026-01": "12"}
    assert read_refusal(build_recipe("socrata_csv", series=["other"]), body) == "column"
    assert read_refusal(build_recipe("socrata_csv"), "date,toys_total\n" + "2026-01-01,1\n" * 50_000) == "incomplete"


def test_bea_line_of_a_table() -> None:
    """The register names the series of a line; thousands have commas."""
    register = "%SeriesCode,SeriesLabel,TableId:LineNo\nTOYS,Toys,U50505:26|T10101:3\n"
    table = '%SeriesCode,Period,Value\nTOYS,2025Q4,"77,598"\nOTHER,2025Q4,1\n'
    assert read(build_recipe("bea_bulk"), register, table) == {"FRA 2025-Q4": "77598"}
    assert read_refusal(build_recipe("bea_bulk", series=["U50505:5"]), register, table) == "series"
    assert read_refusal(build_recipe("bea_bulk"), _PAGE, table) == "html"


def test_tsa_table_of_days() -> None:
    """The table of a page: complete months of days with thousands; a page without it is refused."""
    rows = "".join(f"<tr><td>1/{day}/2026</td><td> 2,000,00{day % 10} </td></tr>" for day in range(1, 32))
    page = f"<html><table><tr><th>Date</th><th>Numbers</th></tr>{rows}</table></html>"
    total = sum(2_000_000 + day % 10 for day in range(1, 32))
    assert read(build_recipe("tsa_html"), page) == {"FRA 2026-01": str(total)}
    assert read_refusal(build_recipe("tsa_html"), _PAGE) == "column"
    assert read_refusal(build_recipe("tsa_html"), page.replace("1/31/2026", "1/32/2026")) == "period"


def test_ember_link_and_running_month() -> None:
    """The only monthly file of the page; its last month counts once the file is younger than it."""
    recipe, follow = build_recipe("ember_csv"), CONNECTORS["ember_csv"].follow
    page = build_answer('<a href="/files/prices_monthly.csv?v=2">csv</a>', "/data/toys/")
    assert follow(recipe, [page])[0].path == "/files/prices_monthly.csv"
    table = "Country,ISO3 Code,Date,Price (EUR/MWhe)\nFrance,FRA,2026-01-01,70.1\nFrance,FRA,2026-02-01,69\n"
    assert read(recipe, page, table) == {"FRA 2026-01": "70.1"}
    early = build_answer(table, last_modified="Sat, 21 Feb 2026 10:00:00 GMT")
    late = build_answer(table, last_modified="Tue, 03 Mar 2026 10:00:00 GMT")
    assert read(recipe, page, early) == {"FRA 2026-01": "70.1"}
    assert read(recipe, page, late) == {"FRA 2026-01": "70.1", "FRA 2026-02": "69"}
