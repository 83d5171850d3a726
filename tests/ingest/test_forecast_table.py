"""Files of forecasts of others: read as Excel writes them, every fault with its line, its value and its cure."""

import csv
import io
from datetime import date

import pytest

from observatory.catalogue.models import Catalogue
from observatory.ingest.examine import examine_file
from observatory.ingest.messages import hint_text, message_text
from observatory.ingest.outlooks.magnitude import find_wrong_magnitude
from observatory.ingest.report import Choices, Report
from observatory.language import Localizer
from observatory.timeseries import SeriesKey, TimeSeries

ROW = {
    "publisher": "IATA",
    "published": "2026-10-05",
    "quantity": "passagers, croissance",
    "kind": "growth",
    "target": "2029",
    "value": "4.5",
    "unit": "%",
    "page": "https://example.org/page",
    "quote": "traffic should grow by 4.5% in 2029",
}
Panel = dict[SeriesKey, TimeSeries]


def write(*rows: dict[str, str], delimiter: str = ",") -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(dict.fromkeys(name for row in rows for name in row)), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@pytest.fixture(scope="module")
def examine(catalogue: Catalogue, known: Panel):  # type: ignore[no-untyped-def]
    def _examine(content: str | bytes, choices: Choices = Choices()) -> Report:  # noqa: B008 - frozen
        data = content if isinstance(content, bytes) else content.encode()
        return examine_file("p.csv", data, catalogue, published=known, today=date(2026, 11, 30), choices=choices)

    return _examine


def test_a_file_of_french_excel_reads_like_that_of_any_program(examine) -> None:  # type: ignore[no-untyped-def]
    """Semicolons, decimal comma, cp1252 or a BOM, 05/10/2026: the same forecasts as with point, comma, ISO date."""
    plain = {**ROW, "publisher": "Société Générale", "licence_fr": "Aucune licence indiquée", "low": "3.25"}
    french = {**plain, "published": "05/10/2026", "value": "4,5", "low": "3,25"}
    (wanted,) = examine(write(plain)).forecasts
    assert (wanted.published, wanted.low, wanted.value, wanted.measure) == ("2026-10-05", 3.25, 4.5, "growth")
    text = write(french, delimiter=";")
    for content in (text.encode("cp1252"), text.encode("utf-8-sig")):
        report = examine(content)
        assert report.findings == ()
        assert report.forecasts == (wanted,)
        assert report.publishers[0].title == "Société Générale"
        assert report.publishers[0].licence_en == "Aucune licence indiquée"
        assert report.is_publishable


@pytest.mark.parametrize(
    ("change", "code", "column", "value"),
    [
        ({"quote": " ".join("abcdefghijklmnop")}, "external_long_quote", "quote", " ".join("abcdefghijklmnop")),
        ({"published": "2026-02-31"}, "external_bad_date", "published", "2026-02-31"),
        ({"published": "2027-01-04"}, "external_future", "published", "2027-01-04"),
        ({"target": "bientôt"}, "external_bad_target", "target", "bientôt"),
        (
            {"published": "2026-10", "target": "2026-06..2026-08", "found": "then"},
            "external_after_target",
            "published",
            "2026-10",
        ),
        ({"target": "2024", "published": "2024-01-05"}, "catalogue_not_allowed", "found", ""),
        ({"kind": "guess"}, "catalogue_not_allowed", "kind", "guess"),
        ({"kind": ""}, "catalogue_empty", "kind", ""),
        ({"value": "4.5x"}, "not_a_number", "value", "4.5x"),
        ({"value": "=1+1"}, "formula", "value", "=1+1"),
        ({"value": ""}, "external_no_figure", "value", ""),
        ({"low": "5.5"}, "external_out_of_order", "value", "5.5; 4.5"),
        ({"page": "iata.org"}, "external_bad_page", "page", "iata.org"),
        ({"publisher": "IATTA"}, "external_unknown_publisher", "publisher", "IATTA"),
        ({"series": "airbus_deliverys.WORLD"}, "external_unknown_series", "series", "airbus_deliverys.WORLD"),
        ({"value": "4.5 %", "unit": "aircraft"}, "not_a_number", "value", "4.5 %"),
    ],
)
def test_every_fault_has_its_line_its_value_and_its_cure(  # type: ignore[no-untyped-def]
    examine, change: dict[str, str], code: str, column: str, value: str
) -> None:
    """A faulty row stands on its line with what the cell says; the sound row beside it is accepted."""
    report = examine(write(ROW | {"found": ""}, ROW | {"target": "2030"} | change))
    errors = [row for row in report.findings if row.level == "error"]
    assert [(row.code, row.line, row.column, row.value) for row in errors] == [(code, 3, column, value)]
    assert len(report.forecasts) == 1
    assert not report.is_publishable
    for language in ("fr", "en"):
        localizer = Localizer(language)
        assert message_text(errors[0], localizer)
        assert hint_text(errors[0], localizer)


def test_the_cure_of_an_unknown_author_works(examine) -> None:  # type: ignore[no-untyped-def]
    """The near name, or a licence, as the finding asks, makes the row acceptable."""
    (finding,) = examine(write(ROW | {"publisher": "IATTA"})).findings
    assert finding.values["near"] == "IATA"
    assert examine(write(ROW | {"publisher": str(finding.values["near"])})).is_publishable
    assert examine(write(ROW | {"publisher": "IATTA", "licence_en": "No licence stated"})).is_publishable


def test_fifteen_words_pass_and_a_guarded_cell_is_no_formula(examine) -> None:  # type: ignore[no-untyped-def]
    """Words are counted as the check of data/ counts them; the apostrophe of our exports is not part of a text."""
    (row,) = examine(write(ROW | {"quote": " ".join("abcdefghijklmno"), "value": "'-4.5"})).forecasts
    assert (row.value, len(row.quote.split())) == (-4.5, 15)


def test_a_number_that_can_be_read_in_two_ways_is_asked_about(examine) -> None:  # type: ignore[no-untyped-def]
    """1,234 with semicolons is 1.234 or 1234: a question, and the answer settles it."""
    content = write(ROW | {"value": "1,234"}, delimiter=";")
    report = examine(content)
    assert [question.name for question in report.questions] == ["decimal"]
    assert [row.code for row in report.findings] == ["ambiguous_number"]
    assert examine(content, Choices(decimal=",")).forecasts[0].value == 1.234
    assert examine(content, Choices(decimal=".")).forecasts[0].value == 1234.0


def test_columns_that_are_none_or_missing_are_named(examine) -> None:  # type: ignore[no-untyped-def]
    """The header alone says what is wrong with it; nothing is read below."""
    row = {name: text for name, text in ROW.items() if name != "quote"} | {"comment": "x"}
    report = examine(write(row))
    assert [(one.code, one.value) for one in report.findings] == [
        ("external_unknown_column", "comment"),
        ("external_missing_column", "quote"),
    ]
    assert report.forecasts == ()


def test_a_figure_of_data_is_contradicted_by_name(examine, catalogue: Catalogue) -> None:  # type: ignore[no-untyped-def]
    """A row of data/ sent back is known; with another value it is an error that names its statement."""
    known = next(row for row in catalogue.external_forecasts.rows if row.value is not None and row.series)
    cells = {name: str(getattr(known, name)) for name in ("publisher", "published", "quantity", "kind", "measure")}
    cells |= {name: str(getattr(known, name)) for name in ("target", "unit", "found", "page", "quote")}
    cells |= {"series": "~".join(".".join(part for part in key if part) for key in known.series)}
    (repeated,) = examine(write(cells | {"value": repr(known.value)})).findings
    assert repeated.code == "repeated_forecast"
    (contradicted,) = examine(write(cells | {"value": repr((known.value or 0) + 1)})).findings
    assert contradicted.code == "contradictory_forecast"
    assert known.statement in str(contradicted.values["place"])


LEVEL = ROW | {"quantity": "deliveries", "kind": "level", "unit": "aircraft", "series": "airbus_deliveries.WORLD"}


@pytest.mark.parametrize(("value", "factor"), [("840000", "1000"), ("0.84", "1000"), ("840000000", "1000000")])
def test_a_level_in_another_unit_than_its_series_is_doubted(examine, value: str, factor: str) -> None:  # type: ignore[no-untyped-def]
    """Thousands of aircraft for aircraft: a warning at the figure as written, that stops nothing."""
    report = examine(write(LEVEL | {"value": value}))
    (found,) = report.findings
    assert (found.level, found.code, found.line, found.column) == ("warning", "external_magnitude", 2, "value")
    assert float(found.value) == float(value)
    assert found.values["factor"] == factor
    assert report.is_publishable
    assert len(report.forecasts) == 1
    for language in ("fr", "en"):
        assert factor in message_text(found, Localizer(language))
        assert "scale" in hint_text(found, Localizer(language))


@pytest.mark.parametrize(
    "change",
    [
        {"value": "840"},
        {"value": "0.84", "scale": "1000"},
        {"value": "5000", "measure": "total", "target": "2027-2032"},
        {"value": "840", "measure": "mean", "target": "2027-2032"},
        {"value": "", "low": "820", "high": "860"},
        {"value": "840000", "series": ""},
        {"kind": "growth", "value": "0.005", "unit": "%"},
    ],
)
def test_a_level_in_the_unit_of_its_series_is_not_doubted(examine, change: dict[str, str]) -> None:  # type: ignore[no-untyped-def]
    """The cure of the warning works; totals and means over years, limits alone, rates: no warning."""
    report = examine(write(LEVEL | change))
    assert report.findings == ()
    assert len(report.forecasts) == 1


def test_no_forecast_of_data_is_doubted(catalogue: Catalogue, known: Panel) -> None:
    """What data/ holds was read with care: the rule has nothing to say of it."""
    doubted = [
        row.statement
        for row in catalogue.external_forecasts.curated
        if find_wrong_magnitude(row, known, catalogue) is not None
    ]
    assert doubted == []
