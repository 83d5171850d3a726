"""Files in the forms of publishers: what is refused passes once the cure that the report names has been followed."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence

import openpyxl
import pytest

from observatory.catalogue.models import Catalogue
from observatory.ingest.decode.numbers import parse_candidates
from observatory.ingest.decode.periods import PERIOD_FORMATS, compose_period, parse_part_of_year, parse_period
from observatory.ingest.examine import examine_file
from observatory.ingest.messages import hint_text, message_text
from observatory.ingest.report import Choices, Report
from observatory.language import Localizer
from observatory.timeseries import SeriesKey, TimeSeries
from tests.ingest.corpus import TODAY
from tests.ingest.make_corpus import FILES, WRITTEN

Known = dict[SeriesKey, TimeSeries]
Figures = list[tuple[str, str, str, float]]
STERLING: Figures = [("eur_gbp", "EMU", "2026-07", 0.861), ("eur_gbp", "EMU", "2026-08", 0.8625)]
OIL: Figures = [("brent_price", "WORLD", "2026-08", 82.5), ("brent_price", "WORLD", "2026-09", 81.25)]


def examined(content: bytes, catalogue: Catalogue, known: Known, indicator: str = "", sheet: str = "") -> Report:
    """The report on a file, with what a person chose about it."""
    choices = Choices(indicator=indicator, sheet=sheet)
    name = "file.xlsx" if content.startswith(b"PK") else "file.csv"
    return examine_file(name, content, catalogue, published=known, choices=choices, today=TODAY)


def figures(report: Report) -> Figures:
    """What was accepted, in the order of places and periods."""
    return sorted((row.indicator, row.geo, row.period, row.value) for row in report.observations)


def errors(report: Report) -> list[str]:
    """The codes of errors, in order."""
    return [row.code for row in report.findings if row.level == "error"]


def below(content: bytes, line: int) -> bytes:
    """A text without the lines above a line."""
    return b"".join(content.splitlines(keepends=True)[line - 1 :])


def without(content: bytes, lines: Iterable[int]) -> bytes:
    """A text without some of its lines."""
    dropped = set(lines)
    return b"".join(row for line, row in enumerate(content.splitlines(keepends=True), 1) if line not in dropped)


def columns(content: bytes, heads: dict[str, str]) -> bytes:
    """The columns of a table of commas that are kept, under new heads."""
    rows = list(csv.reader(io.StringIO(content.decode())))
    places = [rows[0].index(head) for head in heads]
    table = [list(heads.values()), *([row[place] for place in places] for row in rows[1:])]
    return "".join(",".join(row) + "\n" for row in table).encode()


def sheet_below(name: str, sheet: str, line: int, change: Callable[[Sequence[object]], Sequence[object]]) -> bytes:
    """A workbook of the corpus without the lines of a sheet above a line; heads may be changed, or columns removed."""
    book = openpyxl.load_workbook(FILES / name)
    page = book[sheet]
    page.delete_rows(1, line - 1)
    for column, head in enumerate(change([cell.value for cell in page[1]]), 1):
        page.cell(1, column).value = head
    for column in range(page.max_column, 1, -1):
        if page.cell(1, column).value is None:
            page.delete_cols(column)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "indicator", "right"),
    [
        (
            "world_bank_api.csv",
            "",
            [
                ("air_passengers_carried", "DEU", "2018", 109_796_000),
                ("air_passengers_carried", "DEU", "2019", 109_632_000),
                ("air_passengers_carried", "WORLD", "2018", 4_242_000_000),
                ("air_passengers_carried", "WORLD", "2019", 4_557_000_000),
            ],
        ),
        ("destatis.csv", "eur_gbp", STERLING),
        ("eia.csv", "brent_price", OIL),
        (
            "census.csv",
            "us_defense_aircraft_shipments",
            [
                ("us_defense_aircraft_shipments", "USA", "2026-01", 5500),
                ("us_defense_aircraft_shipments", "USA", "2026-02", 5525),
            ],
        ),
    ],
)
def test_the_table_begins_where_the_report_says(
    name: str, indicator: str, right: Figures, catalogue: Catalogue, known: Known
) -> None:
    """Without the lines above the one that is named, every figure of the file is read, and nothing else is wrong."""
    report = examined(WRITTEN[name], catalogue, known, indicator)
    assert errors(report) == ["title_above"]
    line = report.findings[0].line
    assert line is not None
    mended = examined(below(WRITTEN[name], line), catalogue, known, indicator)
    assert errors(mended) == []
    assert figures(mended) == right


def test_sheets_begin_where_the_report_says(catalogue: Catalogue, known: Known) -> None:
    """Workbooks of the EIA, the BLS and the World Bank (Pink Sheet) are read once the lines above are deleted."""
    oil = examined((FILES / "eia.xlsx").read_bytes(), catalogue, known, "brent_price", "Data 1")
    assert [(row.code, row.line) for row in oil.findings] == [("title_above", 3)]
    mended = examined(sheet_below("eia.xlsx", "Data 1", 3, list), catalogue, known, "brent_price", "Data 1")
    assert (errors(mended), figures(mended)) == ([], OIL)

    index = "us_aerospace_production"
    months = examined((FILES / "bls.xlsx").read_bytes(), catalogue, known, index)
    assert [(row.code, row.line) for row in months.findings] == [("title_above", 8)]
    mended = examined(sheet_below("bls.xlsx", "BLS Data Series", 8, list), catalogue, known, index)
    values = {"2025-01": 90.1, "2025-02": 90.2, "2025-03": 90.3, "2026-01": 95.1, "2026-02": 95.2}
    assert errors(mended) == []
    assert figures(mended) == [(index, "USA", period, value) for period, value in values.items()]


def test_heads_of_the_pink_sheet_are_asked_for(catalogue: Catalogue, known: Known) -> None:
    """Below its titles the Pink Sheet has heads that are no indicators: named by indicators, they are read."""
    assert errors(examined((FILES / "pink_sheet.xlsx").read_bytes(), catalogue, known)) == ["title_above"]
    content = sheet_below("pink_sheet.xlsx", "Monthly Prices", 5, list)
    report = examined(content, catalogue, known)
    assert [(row.code, row.column) for row in report.findings] == [
        ("unknown_head", "Aluminum"),
        ("unknown_head", "Copper"),
        ("unknown_head", "Crude oil, Dubai"),
    ]
    headed = [None, "aluminium_price", "copper_price", None]
    mended = examined(sheet_below("pink_sheet.xlsx", "Monthly Prices", 5, lambda _heads: headed), catalogue, known)
    assert errors(mended) == []
    assert figures(mended) == [
        ("aluminium_price", "WORLD", "2026-06", 3650.5),
        ("aluminium_price", "WORLD", "2026-07", 3655.5),
        ("copper_price", "WORLD", "2026-06", 13500.25),
        ("copper_price", "WORLD", "2026-07", 13600.25),
    ]


def test_figures_without_a_head_pass_under_one(catalogue: Catalogue, known: Known) -> None:
    """Where the figures begin without heads, a row of heads in place of the lines above makes the file pass."""
    for name, line in (("no_head.csv", 3), ("no_head_at_all.csv", 1)):
        report = examined(WRITTEN[name], catalogue, known, "eur_gbp")
        assert [(row.code, row.line) for row in report.findings] == [("no_head", line)]
        mended = examined("période;eur_gbp\n".encode() + below(WRITTEN[name], line), catalogue, known)
        assert errors(mended) == []
        assert len(mended.observations) == 2


def test_lines_of_other_frequencies_are_named_one_by_one(catalogue: Catalogue, known: Known) -> None:
    """Of a file of the ONS, which has years, quarters and months, the months pass without the lines that are named."""
    report = examined(WRITTEN["ons.csv"], catalogue, known, "eur_gbp")
    named = [row.line for row in report.findings if row.code == "wrong_frequency" and row.line]
    mended = examined(without(WRITTEN["ons.csv"], named), catalogue, known, "eur_gbp")
    assert (errors(mended), figures(mended)) == ([], STERLING)


def test_a_year_and_a_month_go_into_one_cell(catalogue: Catalogue, known: Known) -> None:
    """The columns of the BLS pass once year and month are written in one cell."""
    index = "us_aerospace_production"
    assert errors(examined(WRITTEN["bls_columns.csv"], catalogue, known, index)) == ["duplicate_column"]
    rows = WRITTEN["bls_columns.csv"].decode().splitlines()
    rows = [rows[0].replace("Year,Period", "Period"), *(row.replace(",M", "-") for row in rows[1:])]
    mended = examined("\n".join(rows).encode(), catalogue, known, index)
    assert errors(mended) == []
    assert figures(mended) == [(index, "USA", "2026-02", 95.5), (index, "USA", "2026-03", 96.25)]


def test_a_dimension_that_cuts_the_total_keeps_columns_together(catalogue: Catalogue, known: Known) -> None:
    """A TSV of Eurostat for one age is not read as the total; split into columns, no column says two things."""
    content = WRITTEN["eurostat_part.tsv"]
    assert errors(examined(content, catalogue, known, "air_passengers_carried")) == ["compound_head"]
    head, *rows = content.decode().splitlines()
    split = [head.replace("\\TIME_PERIOD", "").replace(",", "\t"), *(row.replace(",", "\t") for row in rows)]
    mended = examined("\n".join(split).encode(), catalogue, known, "air_passengers_carried")
    assert "compound_head" not in errors(mended)


CHAINS = [
    (
        "comtrade.csv",
        "high_tech_exports",
        {"value": "fobvalue, primaryValue"},
        {"period": "period", "reporterISO": "geo", "primaryValue": "value"},
        [("high_tech_exports", "FRA", "2023", 115_256_000_000)],
    ),
    (
        "dgac.csv",
        "",
        {"period": "ANMOIS"},
        {"ANMOIS": "period", "APT_NOM": "geo", "APT_PAX_dep": "airport_passengers"},
        [("airport_passengers", "FR-TLS", "2025-01", 246_465), ("airport_passengers", "FR-TLS", "2025-02", 276_015)],
    ),
    (
        "eurocontrol.csv",
        "",
        {"period": "entry_date"},
        {"entry_date": "period", "country_name": "geo", "flt_dai": "ifr_flights"},
        [("ifr_flights", "FRA", "2026-08", 98_000), ("ifr_flights", "FRA", "2026-09", 99_000)],
    ),
]


@pytest.mark.parametrize(("name", "indicator", "similar", "heads", "right"), CHAINS, ids=[row[0] for row in CHAINS])
def test_a_column_that_looks_like_the_missing_one_is_named(
    name: str,
    indicator: str,
    similar: dict[str, str],
    heads: dict[str, str],
    right: Figures,
    catalogue: Catalogue,
    known: Known,
) -> None:
    """The hint names the column and its head, in both languages, instead of "add it"; so headed, the file passes."""
    report = examined(WRITTEN[name], catalogue, known, indicator)
    missing = {str(row.values["name_en"]): row for row in report.findings if row.code == "missing_column"}
    assert {role: row.values["near"] for role, row in missing.items()} == similar
    for role, row in missing.items():
        english, french = hint_text(row, Localizer("en")), hint_text(row, Localizer("fr"))
        assert similar[role] in english
        assert similar[role] in french
        assert "Add it" not in english
        assert "Ajoutez-la" not in french
    mended = examined(columns(WRITTEN[name], heads), catalogue, known, indicator)
    assert (errors(mended), figures(mended)) == ([], right)


def test_the_indicator_can_be_chosen_where_it_is_missing(catalogue: Catalogue, known: Known) -> None:
    """Where only the indicator is missing, the hint says that it can be chosen; chosen, the file passes."""
    report = examined(WRITTEN["undata.csv"], catalogue, known)
    assert errors(report) == ["missing_column"]
    assert "--indicator" in hint_text(report.findings[0], Localizer("en"))
    assert "--indicator" in hint_text(report.findings[0], Localizer("fr"))
    assert errors(examined(WRITTEN["undata.csv"], catalogue, known, "air_passengers_carried")) == []


def test_a_chosen_indicator_stands_for_the_one_name_of_a_file(catalogue: Catalogue, known: Known) -> None:
    """A file that gives all rows one unknown name is read as the indicator chosen; with two names it is not."""
    content = b"Country Code,Series Name,2018\nFRA,Passengers (test),70188000\nDEU,Passengers (test),109796000\n"
    assert set(errors(examined(content, catalogue, known))) == {"unknown_indicator"}
    assert errors(examined(content, catalogue, known, "air_passengers_carried")) == []
    two = content.replace(b"DEU,Passengers", b"DEU,Freight")
    assert set(errors(examined(two, catalogue, known, "air_passengers_carried"))) == {"unknown_indicator"}


def test_notes_below_a_table_are_counted_and_figures_are_not(catalogue: Catalogue, known: Known) -> None:
    """Notes are left out and their lines reported; a line of figures below an empty one stays a fault of its own."""
    notes = examined(WRITTEN["notes_below.csv"], catalogue, known)
    assert (notes.inferred["notes"], len(notes.observations), notes.findings) == ("5-6", 2, ())
    table = examined(WRITTEN["table_below.csv"], catalogue, known)
    assert "notes" not in table.inferred
    assert errors(table) == ["ragged_row"]


def test_a_row_of_totals_is_told_as_such(catalogue: Catalogue, known: Known) -> None:
    """One warning says that the row is a total; it is no observation, and no indicator to describe."""
    report = examined(WRITTEN["total_row.csv"], catalogue, known)
    assert [(row.level, row.code, row.line) for row in report.findings] == [("warning", "total_row", 4)]
    assert [row.value for row in report.observations] == [766, 793]
    assert report.unknown_indicators == ()
    assert message_text(report.findings[0], Localizer("fr")).startswith("cette ligne est un total")
    named = examined(b"indicator,geo,period,value\nTotal,WORLD,2024,766\n", catalogue, known)
    assert errors(named) == ["unknown_indicator"]


def test_a_place_without_a_head_is_not_taken_for_the_usual_one(catalogue: Catalogue, known: Known) -> None:
    """Names of countries in a first column without a head are its places, and an unknown one stops."""
    content = b",2018,2019\nFrance,70188000,71289000\nAtlantis,1,2\n"
    report = examined(content, catalogue, known, "air_passengers_carried")
    assert {row.geo for row in report.observations} == {"FRA"}
    assert set(errors(report)) == {"unknown_geo"}


def test_two_places_in_one_row_stay_duplicates(catalogue: Catalogue, known: Known) -> None:
    """A name that contradicts the code beside it is no label: the file stops, and neither place gets the figure."""
    content = b"LOCATION,Country,Country Code,TIME,Value\nFRA,Germany,FRA,2018,70188000\n"
    report = examined(content, catalogue, known, "air_passengers_carried")
    assert len(errors(report)) == 1
    assert report.observations == ()
    same = examined(content.replace(b"Germany", b"France"), catalogue, known, "air_passengers_carried")
    assert (errors(same), [row.geo for row in same.observations]) == ([], ["FRA"])


def test_a_date_of_publication_is_no_label_of_the_period(catalogue: Catalogue, known: Known) -> None:
    """`DATE` and `TIME PERIOD` are one where each day lies in its period; where it does not, the file stops."""
    same = b"DATE,TIME PERIOD,geo,value\n2018-12-31,2018,FRA,70188000\n"
    assert errors(examined(same, catalogue, known, "air_passengers_carried")) == []
    other = same.replace(b"2018-12-31", b"2019-09-15")
    assert errors(examined(other, catalogue, known, "air_passengers_carried")) == ["duplicate_column"]


def test_numbers_of_rows_and_codes_are_no_periods(catalogue: Catalogue, known: Known) -> None:
    """A first column without a head is the period if its cells are periods of our time, not codes of four digits."""
    years = examined(b",airbus_deliveries\n2024,766\n2025,793\n", catalogue, known)
    assert [row.period for row in years.observations] == ["2024", "2025"]
    codes = examined(b",airbus_deliveries\n1001,766\n1002,793\n", catalogue, known)
    assert [(row.code, row.values["name_en"]) for row in codes.findings if row.level == "error"] == [
        ("missing_column", "period")
    ]


def test_months_beside_an_indicator_make_no_matrix(catalogue: Catalogue, known: Known) -> None:
    """Where a column is headed by an indicator, others headed `T1` and `T2` are not its quarters."""
    report = examined(b"Year,airbus_deliveries,T1,T2\n2025,793,1,2\n", catalogue, known)
    assert errors(report) == ["unknown_head", "unknown_head"]


@pytest.mark.parametrize(
    ("cell", "value", "flag"),
    [("71289000 bu", 71289000.0, "bu"), ("70188028 bep", 70188028.0, "bep"), ("5 (de)", 5.0, "de"), ("5 e", 5.0, "e")],
)
def test_flags_stand_together(cell: str, value: float, flag: str) -> None:
    """Two or three letters of Eurostat behind a number are its flags."""
    parsed = parse_candidates(cell)
    assert parsed is not None
    assert (parsed.point, parsed.status_flag) == (value, flag)


@pytest.mark.parametrize("cell", ["5 bn", "5 b", "5 cr", "5 f", "5 bf", "5 ef", "5 rs", "5 bdenp"])
def test_units_and_forecasts_are_no_flags(cell: str) -> None:
    """Billions, crores and whatever holds the f of a forecast stop a number, as a word would."""
    assert parse_candidates(cell) is None


def test_words_of_heads_are_parts_of_years() -> None:
    """Months and quarters without a year, in three languages; a yearly mean is none."""
    parts = ("Jan", "févr.", "März", "M04", "5", "Qtr2", "T3", "1er trimestre")
    assert [parse_part_of_year(text) for text in parts] == ["-01", "-02", "-03", "-04", "-05", "-Q2", "-Q3", "-Q1"]
    assert [parse_part_of_year(text) for text in ("Annual", "13", "0", "HALF1", "")] == [None] * 5
    assert (compose_period("2021", "Jan"), compose_period("Jan", "2021")) == ("2021-01", "2021-01")
    assert (compose_period("2021", "2022"), compose_period("3", "4")) == (None, None)


def test_brackets_of_databank_and_of_notes_are_left_out() -> None:
    """`2019 [YR2019]` is 2019 and `2024 (1)` is 2024; a bracket in words stays."""
    form = {form.name: form for form in PERIOD_FORMATS}
    right = {"2019 [YR2019]": "2019", "2024 (1)": "2024", "2024 [2]": "2024"}
    assert {text: parse_period(text, form["iso"]) for text in right} == {
        text: (period, False) for text, period in right.items()
    }
    assert parse_period("2019Q1 [2019Q1]", form["compact"]) == ("2019-Q1", False)
    assert parse_period("2025 [forecast]", form["iso"]) is None
