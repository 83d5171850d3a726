"""Multipliers: a power of ten that a file says is applied, or stops the file."""

import pytest

from observatory.catalogue.models import Catalogue
from observatory.ingest.examine import examine_file
from observatory.ingest.report import Choices, Report
from observatory.timeseries import SeriesKey, TimeSeries
from tests.ingest.corpus import TODAY


def examine(catalogue: Catalogue, known: dict[SeriesKey, TimeSeries] | None, *lines: str) -> Report:
    content = "\n".join(lines).encode()
    return examine_file("a.csv", content, catalogue, published=known, today=TODAY, choices=Choices())


@pytest.mark.parametrize(
    ("head", "cell", "factor"),
    [
        ("UNIT_MULT", "6", 1e6),
        ("UNIT_MULT", "3.0", 1e3),
        ("UNIT_MULT", "-1", 1e-1),
        ("SCALAR_ID", "9", 1e9),
        ("SCALAR_FACTOR", "millions ", 1e6),
        ("PowerCode", "Thousands", 1e3),
        ("PowerCode Code", "2", 1e2),
        ("Magnitude", "Milliards", 1e9),
        ("Unit multiplier", "Billions", 1e9),
        ("Multiplicateur", "milliers", 1e3),
        ("UNIT_MULT", "0", 1),
        ("SCALAR_FACTOR", "units", 1),
        ("UNIT_MULT", "", 1),
    ],
)
def test_a_multiplier_scales_an_amount(catalogue: Catalogue, head: str, cell: str, factor: float) -> None:
    """Dollars told in millions are dollars again, to the last digit; 0 and words for one change nothing."""
    report = examine(catalogue, None, f"indicator;geo;year;value;{head}", f"gdp_current_usd;NZL;2024;2573.1;{cell}")
    assert report.findings == ()
    assert [row.value for row in report.observations] == [round(2573.1 * factor, 2)]
    assert ("multiplier" in report.inferred) == (factor != 1)


def test_a_multiplier_is_compared_with_the_unit_of_the_catalogue(catalogue: Catalogue) -> None:
    """Millions of an indicator in millions stay; of one in billions they are divided; in a wide table too."""
    head = "indicator,geo,period,value,UNIT_MULT"
    same = examine(catalogue, None, head, "military_expenditure_usd,WORLD,2024,2740418.51,6")
    assert [row.value for row in same.observations] == [2740418.51]
    assert "multiplier" not in same.inferred
    billions = examine(catalogue, None, "an,UNIT_MULT,esa_budget", "2025,6,7680.1")
    assert [row.value for row in billions.observations] == [7.6801]
    periods = examine(catalogue, None, "indicator,UNIT_MULT,2024,2025", "esa_budget,3,7790000,7680000")
    assert [row.value for row in periods.observations] == [7.79, 7.68]


def test_a_unit_with_its_power_is_a_multiplier(catalogue: Catalogue) -> None:
    """Thousands of passengers in a column of units, or millions of euros in a head, are read, not only remarked on."""
    eurostat = examine(
        catalogue, None, "geo,unit,indicator,TIME_PERIOD,OBS_VALUE", "ES,THS_PAS,air_passengers_carried,2021,48000.5"
    )
    assert [row.value for row in eurostat.observations] == [48000500]
    head = examine(catalogue, None, "indicateur;zone;an;Valeur (millions d'euros)", "esa_budget;ESA;2025;7680")
    assert [row.value for row in head.observations] == [7.68]
    assert [row.code for row in head.findings] == []


def test_what_nothing_settles_stops_the_file(catalogue: Catalogue) -> None:
    """A rate has no power of ten, two columns may disagree, a word may be unknown: the row is refused with its cure."""
    for rows in (
        ("indicator,period,value,UNIT_MULT", "eur_usd,2026-09,1.18,3"),
        ("indicator,period,value,UNIT_MULT", "esa_budget,2025,7.68,beaucoup"),
        ("indicator,period,value,UNIT_MULT,Scale", "esa_budget,2025,7.68,6,9"),
    ):
        report = examine(catalogue, None, *rows)
        assert [(row.level, row.code) for row in report.findings] == [("error", "multiplier")]
        assert report.observations == ()
        cured = examine(catalogue, None, *(line.rsplit(",", line.count(",") - 2)[0] for line in rows))
        assert cured.is_publishable


def test_the_history_settles_and_contradicts(catalogue: Catalogue, known: dict[SeriesKey, TimeSeries]) -> None:
    """A rate that continues its history once scaled is scaled; a figure that is scaled already is not scaled twice."""
    settled = examine(catalogue, known, "indicator,period,value,UNIT_MULT", "eur_usd,2026-08,0.00117,3")
    assert [row.value for row in settled.observations] == [1.17]
    contradicted = examine(
        catalogue, known, "indicator,geo,period,value,UNIT_MULT", "gdp_current_usd,ITA,2024,2380825076843,6"
    )
    assert [(row.code, row.values["problem"]) for row in contradicted.findings if row.level == "error"] == [
        ("multiplier", "contradicted")
    ]
    assert contradicted.observations == ()
