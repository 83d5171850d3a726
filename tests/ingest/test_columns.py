"""Columns that are not read: a place, a second place or a part never changes what a figure means in silence."""

import pytest

from observatory.catalogue.models import Catalogue
from observatory.ingest.decode.publishers import load_countries
from observatory.ingest.examine import examine_file
from observatory.ingest.report import Choices, Report
from tests.ingest.corpus import TODAY

RATIO = "researchers_per_million"  # its place is assumed to be France where a file says none


def examine(catalogue: Catalogue, *lines: str, indicator: str = RATIO, total: str = "") -> Report:
    """The report on lines of text, of a chosen indicator."""
    content = "\n".join(lines).encode()
    return examine_file("a.csv", content, catalogue, today=TODAY, choices=Choices(indicator=indicator, total=total))


def codes(report: Report, level: str = "error") -> list[str]:
    return [row.code for row in report.findings if row.level == level]


def reasons(report: Report) -> dict[str, str]:
    return {column.header: column.reason for column in report.ignored_columns}


@pytest.mark.parametrize(
    "head",
    ["Country or Area", "Entity", "LOCATION", "REF_AREA", "Reporting country", "economy", "Territoire", "GeoAreaName"],
)
def test_heads_of_publishers_are_read_as_places(catalogue: Catalogue, head: str) -> None:
    """A column of places is read under the head of any publisher: the figure goes to Italy, not to France."""
    report = examine(catalogue, f"{head};year;value", "Italie;2022;2713.5")
    assert [(row.geo, row.value) for row in report.observations] == [("ITA", 2713.5)]


@pytest.mark.parametrize(
    ("head", "place"),
    [
        ("Landnaam", "Belgique"),
        ("Stelle", "Belgium"),
        ("x", "BEL"),
        ("where", "Korea, Rep."),
        ("lugar", "Suecia"),
        ("note", "Sweden"),
        ("col3", "pt"),
    ],
)
def test_an_unread_place_stops_a_file_whose_place_is_assumed(catalogue: Catalogue, head: str, place: str) -> None:
    """Whatever the head, a country of the world in a column that is not read keeps its figure from France."""
    report = examine(catalogue, f"{head};an;valeur", f'"{place}";2022;5310,2')
    assert codes(report) == ["unread_geo"]
    assert report.observations == ()


def test_a_place_without_a_head_stops_the_file(catalogue: Catalogue) -> None:
    """A headless column of places, as programs write an index, and a place behind the head of figures are seen too."""
    for lines in ((",an,valeur", "Belgium,2022,5310.2"), ("an,valeur (Belgique)", "2022,5310.2")):
        report = examine(catalogue, *lines)
        assert codes(report) == ["unread_geo"]
        assert report.observations == ()
        assert report.findings[0].column in ("A", "valeur (Belgique)")
    harmless = examine(catalogue, "an,,valeur (pour un million d'habitants)", "2022,,5310.2")
    assert (codes(harmless), harmless.ignored_columns) == ([], ())


def test_every_country_of_the_world_is_recognised(catalogue: Catalogue) -> None:
    """Each of the 249 countries of ISO 3166-1, and Kosovo, stops the file by its names and its code of three letters.

    A code that is also a word stands with another one, since alone it may be a word.
    """
    countries = [row for row in load_countries() if row.alpha3 != "FRA"]
    assert len(countries) == 249
    assert len({row.alpha2 for row in countries}) == len({row.alpha3 for row in countries}) == 249
    assert len({row.numeric for row in countries}) == 249
    names = [(name, row.alpha3) for row in countries for name in (row.alpha3, *row.names)]
    lines = [f'"{name}";2022;1' for name, _code in names]
    report = examine(catalogue, "hvor;an;valeur", *lines)
    assert codes(report).count("unread_geo") == len(lines)
    assert report.observations == ()


def test_words_are_no_places(catalogue: Catalogue) -> None:
    """Yes and no, marks of status and codes of units stop no file, though NO, IS and NR are countries too."""
    for head, cells in (("Provisoire", ("NO", "NO")), ("Final", ("YES", "NO")), ("unit", ("NR", "NR")), ("flag", "ep")):
        report = examine(catalogue, f"{head};an;valeur", f"{cells[0]};2021;5058", f"{cells[1]};2022;5181")
        assert codes(report) == []
        assert [row.geo for row in report.observations] == ["FRA", "FRA"]


def test_a_name_and_its_code_agree(catalogue: Catalogue) -> None:
    """Two or three columns of places that say the same are one; an unknown code beside a known name is its label."""
    for head, row in (
        ("Country Name,Country Code", "Germany,DEU"),
        ("Entity,Code", "Germany,DEU"),
        ("Entity,Code", "World,OWID_WRL"),
        ("reporterDesc,reporterISO,reporterCode", "Germany,DEU,276"),
        ("geo,Geopolitical entity (reporting)", "DE,Germany"),
        ("country_icao_code,country_name", "ED,Germany"),
    ):
        report = examine(catalogue, f"{head},Year,Value", f"{row},2021,5536.2")
        assert codes(report) == []
        assert [row.geo for row in report.observations] == ["WORLD" if "World" in row else "DEU"]
        assert set(reasons(report).values()) == {"label"}


@pytest.mark.parametrize(
    ("head", "cells"),
    [
        ("reporter,partner", "Spain,Morocco"),
        ("Pays déclarant,Pays partenaire", "Espagne,Maroc"),
        ("REF_AREA,COUNTERPART_AREA", "ESP,MAR"),
        ("zone,vers", "Espagne,Maroc"),
        ("geo,c_dest", "ES,MA"),
        ("country,Importer", "Spain,Brazil"),
        ("pays,zone", "Espagne,Catalogne"),
        ("Exporter,year2", "Morocco,x"),
    ],
)
def test_a_second_place_stops_the_file(catalogue: Catalogue, head: str, cells: str) -> None:
    """Bilateral rows are no figures of one place: nothing is accepted, and both columns are named."""
    report = examine(catalogue, f"{head},period,value", f"{cells},2021,100.5", f"{cells},2022,101.5")
    assert "second_place" in codes(report)
    assert report.observations == ()
    finding = next(row for row in report.findings if row.code == "second_place")
    if not head.startswith("Exporter"):
        assert {finding.column, finding.values["other"]} == set(head.split(","))


def test_a_partner_that_is_everybody_is_no_second_place(catalogue: Catalogue) -> None:
    """The world as a partner, and continents beside countries, leave figures what they are."""
    for head, cells, reason in (
        ("Partner", ("World", "World"), "total"),
        ("partnerISO", ("W00", "W00"), "total"),
        ("Continent", ("Europe", "Europe"), "grouping"),
        ("Region", ("Western Europe", "Western Europe"), "grouping"),
    ):
        rows = [f"{place},{cell},2021,100.5" for place, cell in zip(("Spain", "Italy"), cells, strict=True)]
        report = examine(catalogue, f"reporter,{head},period,value", *rows)
        assert codes(report) == []
        assert reasons(report) == {head: reason}
        assert [row.geo for row in report.observations] == ["ESP", "ITA"]


@pytest.mark.parametrize("column", ["AGE,Y15T24", "sex,M", "ADJUSTMENT,Y", "UNKNOWN_DIM,12", "MEASURE,PC_EMP"])
def test_a_part_in_sdmx_is_asked_about(catalogue: Catalogue, column: str) -> None:
    """With heads of SDMX, what is neither an attribute nor a total is a part: nothing is accepted unconfirmed."""
    head, cell = column.split(",")
    lines = (f"geo,{head},TIME_PERIOD,OBS_VALUE,OBS_FLAG,DECIMALS", f"IT,{cell},2022,1120.5,p,1")
    report = examine(catalogue, *lines)
    assert codes(report) == ["part_column"]
    assert report.observations == ()
    assert [(row.name, row.options) for row in report.questions] == [("total", (f"{head}={cell}",))]
    confirmed = examine(catalogue, *lines, total=f"{head}={cell}")
    assert codes(confirmed) == []
    assert [row.geo for row in confirmed.observations] == ["ITA"]
    assert confirmed.inferred["total"] == f"{head}={cell}"
    assert reasons(confirmed)[head] == "confirmed"
    assert codes(examine(catalogue, *lines, total=f"{head}=other")) == ["part_column"]


def test_each_part_is_confirmed_by_itself(catalogue: Catalogue) -> None:
    """Of two parts, one confirmation leaves the other; the option in the hint confirms what it says, spaces or not."""
    lines = ("geo;Classe d'âge;SEX;TIME_PERIOD;OBS_VALUE", "IT;de 25 à 34 ans;F;2022;1120,5")
    first = examine(catalogue, *lines)
    assert codes(first) == ["part_column", "part_column"]
    options = [str(row.values["option"]) for row in first.findings]
    assert not any(" " in option or "'" in option for option in options)
    assert codes(examine(catalogue, *lines, total=options[0])) == ["part_column"]
    assert codes(examine(catalogue, *lines, total="\n".join(options))) == []
    shown = [option for question in first.questions for option in question.options]
    assert codes(examine(catalogue, *lines, total="\n".join(shown))) == []


@pytest.mark.parametrize("cell", ["_T", "TOTAL", "T", "_Z", "W", "Total", "Ensemble", "Both sexes", ""])
def test_a_total_is_silent(catalogue: Catalogue, cell: str) -> None:
    """A dimension that says the total, or nothing, is no part."""
    report = examine(catalogue, "geo,SEX,TIME_PERIOD,OBS_VALUE", f"IT,{cell},2022,2713.5")
    assert report.findings == ()
    assert report.is_publishable


def test_rows_of_several_parts_stop_the_file(catalogue: Catalogue) -> None:
    """Rows that differ in a dimension are of several series, which no confirmation makes one."""
    lines = ("geo,SEX,TIME_PERIOD,OBS_VALUE", "IT,F,2021,900.5", "IT,_T,2022,2713.5")
    for total in ("", "SEX=F", "SEX=F\nSEX=_T"):
        report = examine(catalogue, *lines, total=total)
        assert codes(report) == ["mixed_column"]
        assert report.observations == ()


def test_names_of_several_series_stop_the_file(catalogue: Catalogue) -> None:
    """A chosen indicator is one series of a publisher; keys that differ from place to place are those of one."""
    several = examine(catalogue, "geo,Series Name,year,value", "IT,Births,2021,5", "DE,Deaths,2021,6")
    assert codes(several) == ["unknown_indicator", "unknown_indicator"]
    keys = examine(catalogue, "geo,VECTOR,year,value", "IT,v1,2021,5", "DE,v2,2021,6")
    assert codes(keys) == []
    assert reasons(keys) == {"VECTOR": "series"}
    two_keys = examine(catalogue, "geo,VECTOR,year,value", "IT,v1,2021,5", "IT,v2,2022,6")
    assert codes(two_keys) == ["mixed_column"]


def test_parts_are_asked_about_in_files_of_any_kind(catalogue: Catalogue) -> None:
    """A sex or an age is a part under a French head too; W is a sex where no SDMX head says otherwise."""
    for head, cell in (("Sexe", "Femmes"), ("Geschlecht", "W"), ("Groupe d'âge", "25-34"), ("Flux", "Importations")):
        report = examine(catalogue, f"zone;{head};an;valeur", f"Italie;{cell};2022;1120,5")
        assert codes(report) == ["part_column"]


def test_text_that_is_not_read_is_shown_as_a_filter(catalogue: Catalogue) -> None:
    """An unknown column of text is named with what it says; notes, authors and sources are not asked about."""
    report = examine(
        catalogue, "zone;Contrat;Auteur;Remarque;an;valeur", "Italie;CDI;AB;vu;2021;1", "Italie;CDD;;;2022;1"
    )
    assert [(row.code, row.column, row.value) for row in report.findings] == [("filter_column", "Contrat", "CDI, CDD")]
    assert len(report.observations) == 2
    assert reasons(report) == {"Contrat": "filter", "Auteur": "attribute", "Remarque": "attribute"}


def test_labels_follow_their_codes(catalogue: Catalogue) -> None:
    """A file with codes and labels asks once about each part, by its code."""
    report = examine(
        catalogue,
        "STRUCTURE,REF_AREA,Reference area,SEX,Sex,AGE,Age,TIME_PERIOD,OBS_VALUE,OBS_STATUS,Observation status",
        "DATAFLOW,ITA,Italy,M,Male,_T,Total,2022,1700.5,A,Normal value",
    )
    assert [row.column for row in report.findings] == ["SEX"]
    assert reasons(report)["Sex"] == reasons(report)["Reference area"] == "label"
    other_words = examine(
        catalogue,
        "geo,Country label,wstatus,Working status,TIME_PERIOD,OBS_VALUE,Observation value",
        "IT,Italy,EMP,Employed,2022,17,",
    )
    assert [row.column for row in other_words.findings if row.code == "part_column"] == ["wstatus"]


def test_a_dimension_is_no_label_of_its_neighbour(catalogue: Catalogue) -> None:
    """A part under a head in words is asked about, whatever code is to its left."""
    for head, cells in (("geo,Working time", "IT,Part-time"), ("geo,sex,Age group", "IT,T,25-34")):
        report = examine(catalogue, f"{head},TIME_PERIOD,OBS_VALUE", f"{cells},2022,1120.5")
        assert codes(report) == ["part_column"]


def test_the_report_says_of_each_column_why_it_is_not_read(catalogue: Catalogue) -> None:
    """No column is ignored without its reason."""
    heads = "zone;Code;Sexe;UNIT_MULT;unité;Rang;Vide;Commentaire;Contrat;an;valeur"
    report = examine(catalogue, heads, "Italie;ITA;Total;0;chercheurs;3;;vu;CDI;2022;2713,5")
    assert list(reasons(report).values()) == [
        *("label", "total", "multiplier", "unit", "numbers", "empty", "attribute", "filter")
    ]
    assert report.inferred["ignored"] == "Code, Sexe, UNIT_MULT, unité, Rang, Vide, Commentaire, Contrat"
