"""Cells: each way of writing a number or a period, and the words for what is found."""

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.catalogue.models import Catalogue
from observatory.catalogue.periods import FREQUENCIES, Frequency, parse_frequency
from observatory.errors import Finding
from observatory.ingest.decode.name_index import NameIndex
from observatory.ingest.decode.numbers import is_missing, parse_candidates
from observatory.ingest.decode.periods import (
    PERIOD_FORMATS,
    detect_format,
    is_period_text,
    parse_period,
    to_series_period,
)
from observatory.ingest.decode.text import fold_text
from observatory.ingest.decode.units import is_unit_mismatch
from observatory.ingest.messages import hint_text, message_text
from observatory.language import Localizer

# text, with a decimal comma, with a decimal point
NUMBERS = [
    ("12", 12, 12),
    ("12,5", 12.5, None),
    ("12.5", None, 12.5),
    ("1,234", 1.234, 1234),
    ("1.234", 1234, 1.234),
    ("0,234", 0.234, None),
    ("0.234", None, 0.234),
    ("1234,567", 1234.567, None),
    ("1.234,5", 1234.5, None),
    ("1,234.5", None, 1234.5),
    ("1.234.567", 1234567, None),
    ("1 234", 1234, 1234),
    ("1\u00a0234,5", 1234.5, None),
    ("1\u202f234\u202f567", 1234567, 1234567),
    ("1'234.5", None, 1234.5),
    ("1’234", 1234, 1234),
    ("-3,2", -3.2, None),
    ("\u22123,2", -3.2, None),
    ("- 3,2", -3.2, None),
    ("+4,1", 4.1, None),
    ("(3,2)", -3.2, None),
    ("(1 234)", -1234, -1234),
    (",5", 0.5, None),
    (".5", None, 0.5),
    ("5.", None, 5),
    ("1e5", 1e5, 1e5),
    ("1,5E+06", 1.5e6, None),
    ("'-9", -9, -9),
    ("\u20133,2", -3.2, None),
    ("\uff0d3,2", -3.2, None),
    ("1\u2007234", 1234, 1234),
    ("1 234 (p)", 1234, 1234),
    ("12,5 e", 12.5, None),
    ("12,5 % (r)", 12.5, None),
]
NO_NUMBERS = (
    "",
    "abc",
    "1 23",
    "12,34,56",
    "1,2.3",
    "1.2,3.4",
    "--5",
    "(-5)",
    "1e",
    "0x10",
    "1_000",
    "١٢",
    "½",
    "12 €",
    "765e",
    "12 b",
    "12,5*",
    "12 (1)",
    "12 (f)",
    "9-",
    "\u202e86,7",
)


@pytest.mark.parametrize(("text", "comma", "point"), NUMBERS)
def test_a_number_in_both_ways(text: str, comma: float | None, point: float | None) -> None:
    """Each text is read with a decimal comma and with a decimal point, exactly; what cannot be is None."""
    found = parse_candidates(text)
    assert found is not None
    assert (found.comma, found.point) == (comma, point)


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_is_no_number(text: str) -> None:
    """Text, groups of other than three digits, and digits of other scripts are no numbers."""
    assert parse_candidates(text) is None


def test_a_percentage_is_what_is_written() -> None:
    """12,4 % is 12.4, and says that it is a percentage."""
    for text in ("12,4 %", "12,4%", "12,4\u202f%"):
        found = parse_candidates(text)
        assert found is not None
        assert (found.comma, found.is_percent) == (12.4, True)


def test_a_mark_of_status_is_set_apart() -> None:
    """The mark of a statistical office behind a number is kept beside it; a letter that may be a unit is no mark."""
    for text, flag in (("1 234 (p)", "p"), ("12,5 E", "e"), ("12,5", "")):
        found = parse_candidates(text)
        assert found is not None
        assert found.status_flag == flag


def test_units_are_compared_by_their_power_of_ten(catalogue: Catalogue) -> None:
    """Millions for billions, thousands for units and per cent for a level differ; what says no amount does not."""
    budget, deliveries = catalogue.indicators["esa_budget"], catalogue.indicators["atr_deliveries"]
    for sentence in ("M€", "millions d'euros", "k€", "€", "keur", "en M EUR", "Md$", "milliards de dollars", "%"):
        assert is_unit_mismatch(sentence, budget)
    for sentence in ("Md€", "milliards d'euros", "bn €", "Milliards d’euros courants", "CVS", "base 100", ""):
        assert not is_unit_mismatch(sentence, budget)
    assert is_unit_mismatch("milliers", deliveries)
    assert not is_unit_mismatch("unités", deliveries)
    names = NameIndex(catalogue)
    assert names.find_indicator("Livraisons d'ATR (unités)") == deliveries
    assert names.find_indicator("Livraisons d'ATR (variation)") is None


def test_what_says_nothing() -> None:
    """Empty cells and the marks for them say nothing; zero does."""
    assert all(is_missing(text) for text in ("", "NA", "n/a", "ND", "-", "–", "..", "…", ":"))
    assert not any(is_missing(text) for text in ("0", "NAM", "n", "--5", 0.0))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_reads_back_exactly(value: float) -> None:
    """The shortest text of a float gives the same float, in both dialects."""
    point, comma = parse_candidates(repr(value)), parse_candidates(repr(value).replace(".", ","))
    assert point is not None
    assert comma is not None
    assert point.point == comma.comma == value


# text, format, what it says
PERIODS = [
    ("2024", "iso", "2024"),
    ("2024-Q1", "iso", "2024-Q1"),
    ("2024-q3", "iso", "2024-Q3"),
    ("2024-01", "iso", "2024-01"),
    ("2024Q1", "compact", "2024-Q1"),
    ("2024 Q1", "compact", "2024-Q1"),
    ("2024-T4", "compact", "2024-Q4"),
    ("2024M01", "compact", "2024-01"),
    ("2024/1", "compact", "2024-01"),
    ("T1 2024", "words", "2024-Q1"),
    ("1T2024", "words", "2024-Q1"),
    ("T1-2024", "words", "2024-Q1"),
    ("Q1/2024", "words", "2024-Q1"),
    ("1er trim. 2024", "words", "2024-Q1"),
    ("1ᵉʳ trimestre 2024", "words", "2024-Q1"),
    ("2e trim. 2024", "words", "2024-Q2"),
    ("quatrième trimestre 2024", "words", "2024-Q4"),
    ("3rd quarter 2024", "words", "2024-Q3"),
    ("janv. 2024", "words", "2024-01"),
    ("juill. 2024", "words", "2024-07"),
    ("Janvier 2024", "words", "2024-01"),
    ("AOÛT 2024", "words", "2024-08"),
    ("août\u00a02024", "words", "2024-08"),
    ("January 2024", "words", "2024-01"),
    ("Jan 2024", "words", "2024-01"),
    ("janv-24", "words", "2024-01"),
    ("déc.-99", "words", "1999-12"),
    ("01/2024", "month_year", "2024-01"),
    ("31/01/2024", "day_month_year", date(2024, 1, 31)),
    ("01.01.2024", "day_month_year", date(2024, 1, 1)),
    ("31-01-2024", "day_month_year", date(2024, 1, 31)),
    ("31/12/24", "day_month_year", date(2024, 12, 31)),
    ("01/01/2024 00:00:00", "day_month_year", date(2024, 1, 1)),
    ("2024-01-31", "year_month_day", date(2024, 1, 31)),
    ("2024-01-31T00:00:00", "year_month_day", date(2024, 1, 31)),
    ("2024.0", "iso", "2024"),
    ("2024 (p)", "iso", "2024"),
    ("2024p", "iso", "2024"),
    ("202401", "compact", "2024-01"),
    ("T1-24", "words", "2024-Q1"),
    ("1T24", "words", "2024-Q1"),
    ("trim. 1 2024", "words", "2024-Q1"),
    ("2024 JAN", "words", "2024-01"),
    ("20240131", "year_month_day", date(2024, 1, 31)),
]
NO_PERIODS = (
    "",
    "24",
    "20245",
    "2024-Q5",
    "2024-13",
    "T5 2024",
    "5e trim. 2024",
    "juillembre 2024",
    "45292",
    "31/13/2024",
    "202413",
    "20241301",
    "S1 2024",
    "2024/25",
    "2024e",
    "2024.5",
)


@pytest.mark.parametrize(("text", "name", "says"), PERIODS)
def test_a_period_in_its_format(text: str, name: str, says: str | date) -> None:
    """Each way of writing a period is read in its format, and is the usual one of a column that holds it alone."""
    form = next(form for form in PERIOD_FORMATS if form.name == name)
    found = parse_period(text, form)
    assert found is not None
    assert found.period_or_day == says
    assert detect_format([text]) == form


@pytest.mark.parametrize("text", NO_PERIODS)
def test_what_is_no_period(text: str) -> None:
    """A period that does not exist is none, in any format."""
    assert not is_period_text(text)


@pytest.mark.parametrize(
    ("day", "periods"),
    [
        (date(2024, 1, 1), ("2024", "2024-Q1", "2024-01")),
        (date(2024, 12, 31), ("2024", "2024-Q4", "2024-12")),
        (date(2024, 3, 31), (None, "2024-Q1", "2024-03")),
        (date(2024, 4, 1), (None, "2024-Q2", "2024-04")),
        (date(2024, 2, 29), (None, None, "2024-02")),
        (date(2023, 2, 28), (None, None, "2023-02")),
        (date(2024, 2, 28), (None, None, None)),
        (date(2024, 1, 15), (None, None, None)),
        (date.max, (None, None, None)),
        (date(999, 1, 1), (None, None, None)),
    ],
)
def test_a_day_stands_for_the_period_that_it_begins_or_ends(day: date, periods: tuple[str | None, ...]) -> None:
    """The first and the last day of a year, quarter or month are that period; a day inside is none."""
    assert tuple(to_series_period(day, frequency) for frequency in FREQUENCIES) == periods


@given(st.text(max_size=30), st.sampled_from(FREQUENCIES))
def test_no_text_raises(text: str, frequency: Frequency) -> None:
    """Whatever a cell says, it is a number or none, a period or none."""
    found = parse_candidates(text.strip())
    assert (
        found is None or any(value is not None and math.isfinite(value) for value in found[:2]) or "e" in text.lower()
    )
    for form in PERIOD_FORMATS:
        sentence = parse_period(text, form)
        period = None if sentence is None else to_series_period(sentence.period_or_day, frequency)
        assert period is None or parse_frequency(period) is not None


def test_names_are_folded(catalogue: Catalogue) -> None:
    """Case, accents, apostrophes, hyphens and spaces do not matter; what two things share names neither."""
    assert fold_text("Côte d’Azur\u00a0: ŒUVRE_été") == "cote d'azur : oeuvre ete"
    names = NameIndex(catalogue)
    assert names.find_geography_id("etats unis") == names.find_geography_id("UNITED STATES") == "USA"
    assert names.find_geography_id("NA") is None
    assert names.find_item_id("") == ""
    assert names.find_item_id("orbite basse") == "leo"
    assert names.suggest_name("livraisons d'avions comerciaux airbus", "indicator") == {
        "near_fr": catalogue.indicators["airbus_deliveries"].title_fr,
        "near_en": catalogue.indicators["airbus_deliveries"].title_en,
    }
    assert names.suggest_name("xyzzy", "indicator") == {"near_fr": "", "near_en": ""}


def test_sentences_write_figures_as_the_reader_does() -> None:
    """Numbers, sizes, rates, periods and units stand in the reader's language; what the file says stands as it is."""
    found = Finding("error", "ambiguous_number", "a.csv", 2, "valeur", "1,234", {"a": 1.234, "b": 1234.0})
    french, english = Localizer("fr"), Localizer("en")
    assert message_text(found, french) == "«\u00a01,234\u00a0» peut se lire 1,234 ou 1\u202f234."
    assert message_text(found, english) == "“1,234” can be read as 1.234 or 1,234."
    found = Finding("error", "wrong_frequency", "a.csv", 2, "mois", "2024-01", {"found": "M", "expected": "A"})
    assert message_text(found, french) == "donnée par mois\u202f; cet indicateur se publie par an."
    found = Finding("error", "too_large", "a.csv", values={"size": 6_500_000, "limit": 5 << 20})
    assert message_text(found, english) == "file of 6.2 MB, the limit is 5.0 MB."
    found = Finding("warning", "gap", "a.csv", 2, "mois", values={"first": "2024-03", "last": "2024-03"})
    assert message_text(found, french) == "la série n’aurait pas de valeur pour une période\u00a0: mars\u00a02024."
    near = {"near_fr": "", "near_en": ""}
    found = Finding("error", "unknown_indicator", "a.csv", 2, "indicateur", "x", near)
    assert hint_text(found, french) == "Décrivez ce nouvel indicateur, ou donnez un nom du catalogue."
