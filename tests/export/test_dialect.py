"""CSV dialects: what is written reads back equal, to the last bit."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observatory.catalogue.models import Catalogue
from observatory.catalogue.periods import PERIODS_PER_YEAR, ordinal_to_period
from observatory.export.csv.dialect import encode_csv, format_number
from observatory.ingest.examine import examine_file
from observatory.language import LANGUAGES, Language
from observatory.timeseries import StoredObservation

TODAY = date(2026, 11, 22)
COLUMNS = ("indicator", "geo", "item", "period", "value")


def panel_csv(rows: list[StoredObservation], language: Language) -> bytes:
    """Observations as a CSV file of a dialect."""
    return encode_csv([COLUMNS, *((row.indicator, row.geo, row.item, row.period, row.value) for row in rows)], language)


@st.composite
def panels(draw: st.DrawFn, catalogue: Catalogue) -> list[StoredObservation]:
    """Observations of any series, each period once, with values of any size."""
    series = st.tuples(
        st.sampled_from(sorted(catalogue.indicators)),
        st.sampled_from(sorted(catalogue.geographies)),
        st.sampled_from(["", *sorted(catalogue.items)]),
    )
    values = st.one_of(
        st.floats(-1e18, 1e18),
        st.integers(-(10**15), 10**15).map(float),
        st.integers(-(10**6), 10**6).map(lambda n: n / 1000),
    )
    rows = draw(st.lists(st.tuples(series, st.integers(0, 500), values), min_size=1, max_size=12))
    observations: dict[tuple[str, str, str, str], float] = {}
    for key, back, value in rows:
        frequency = catalogue.indicators[key[0]].frequency
        observations[(*key, ordinal_to_period(2025 * PERIODS_PER_YEAR[frequency] - back, frequency))] = value
    return [StoredObservation(*key, value) for key, value in observations.items()]


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_any_panel_reads_back_identical(catalogue: Catalogue, language: Language, data: st.DataObject) -> None:
    """No row lost, no digit changed, no question asked, in either dialect."""
    rows = data.draw(panels(catalogue))
    report = examine_file("panel.csv", panel_csv(rows, language), catalogue, today=TODAY)
    assert report.findings == ()
    assert [(row.indicator, row.geo, row.item, row.period, row.value) for row in report.observations] == rows


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("value", [1.234, -12.345, 999.001, 0.123, 1234.0, 1234.567, 1e16, -5e-324, 1.234e17])
def test_a_single_value_settles_itself(catalogue: Catalogue, value: float, language: Language) -> None:
    """A trailing zero tells how to read the only value of a file, if it would be ambiguous."""
    content = panel_csv([StoredObservation("esa_budget", "ESA", "", "2024", value)], language)
    assert [row.value for row in examine_file("one.csv", content, catalogue, today=TODAY).observations] == [value]


def test_only_what_reads_two_ways_gets_a_zero() -> None:
    """1,234 becomes 1,2340; nothing else is touched."""
    assert [format_number(value, "fr") for value in (1.234, 0.234, 12.34, 1234.0, -99.125)] == [
        "1,2340",
        "0,234",
        "12,34",
        "1234",
        "-99,1250",
    ]


def test_formulas_are_neutralised_and_read_back(catalogue: Catalogue) -> None:
    """A name that a spreadsheet would run is guarded, and the guard is no part of the name."""
    content = panel_csv([StoredObservation("=cmd()", "ESA", "", "2024", 1.0)], "en")
    assert b"'=cmd()" in content
    assert examine_file("a.csv", content, catalogue, today=TODAY).unknown_indicators == ("'=cmd()",)
