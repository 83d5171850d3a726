"""The door for figures: what is read, what is kept from being read, and how long it takes."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from observatory import settings
from observatory.catalogue.models import Catalogue
from observatory.ingest.curated import examine_curated
from observatory.ingest.examine import examine_file, examine_path
from observatory.ingest.report import Choices
from observatory.timeseries import SeriesKey, TimeSeries
from tests.ingest.corpus import TODAY
from tests.support.paths import ROOT

HEAD = "indicator,geo,item,period,value\n"
GOOD = HEAD + "esa_budget,ESA,,2024,7.79\nesa_budget,ESA,,2025,7.68\n"


def test_a_good_file_is_accepted_in_both_separators(catalogue: Catalogue) -> None:
    """Comma or semicolon, with or without BOM: the same observations."""
    plain = examine_file("a.csv", GOOD.encode(), catalogue, today=TODAY)
    other = examine_file("a.csv", b"\xef\xbb\xbf" + GOOD.replace(",", ";").encode(), catalogue, today=TODAY)
    assert plain.is_publishable
    assert plain.observations == other.observations


def test_a_bad_row_does_not_hide_the_good_ones(catalogue: Catalogue) -> None:
    """One bad row in three: two are accepted, and the report is not ok."""
    report = examine_file("a.csv", GOOD.encode() + b"esa_budget,ESA,,2026,many\n", catalogue, today=TODAY)
    assert len(report.observations) == 2
    assert not report.is_publishable


def test_all_faults_of_a_row_are_told_at_once(catalogue: Catalogue) -> None:
    """Four wrong cells in one row are four findings, each with its column as the file writes it."""
    content = "Indicateur;PAYS;Poste;Mois;Valeur\nzeppelins;Lune;x;printemps;beaucoup\n".encode("cp1252")
    found = [
        (row.code, row.line, row.column, row.value)
        for row in examine_file("a.csv", content, catalogue, today=TODAY).findings
    ]
    assert found == [
        ("unknown_indicator", 2, "Indicateur", "zeppelins"),
        ("unknown_geo", 2, "PAYS", "Lune"),
        ("unknown_item", 2, "Poste", "x"),
        ("bad_period", 2, "Mois", "printemps"),
        ("not_a_number", 2, "Valeur", "beaucoup"),
    ]


def test_without_a_past_its_rules_are_silent(catalogue: Catalogue) -> None:
    """A thousand times the last value is odd only beside published figures."""
    content = (HEAD + "esa_budget,ESA,,2023,7.08\nesa_budget,ESA,,2025,7680\n").encode()
    assert examine_file("a.csv", content, catalogue, today=TODAY).findings == ()
    assert {row.code for row in examine_file("a.csv", content, catalogue, today=TODAY, published={}).findings} == {
        "gap",
        "factor_1000",
    }


def test_what_is_chosen_need_not_be_said(catalogue: Catalogue) -> None:
    """A person may give the indicator of all rows; a column of the file goes first."""
    chosen = Choices(indicator="esa_budget")
    report = examine_file("a.csv", b"geo,period,value\nESA,2024,7.79\n", catalogue, today=TODAY, choices=chosen)
    assert [(row.indicator, row.geo) for row in report.observations] == [("esa_budget", "ESA")]
    content = b"indicator,period,value\natr_deliveries,2024,35\n"
    report = examine_file("a.csv", content, catalogue, today=TODAY, choices=chosen)
    assert [(row.indicator, row.geo) for row in report.observations] == [("atr_deliveries", "WORLD")]


def test_the_day_decides_what_is_still_to_come(catalogue: Catalogue) -> None:
    """The same row is to come, then running, then past."""
    content = (HEAD + "brent_price,WORLD,,2026-03,80.5\n").encode()
    days = (date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1))
    found = [[row.code for row in examine_file("a.csv", content, catalogue, today=day).findings] for day in days]
    assert found == [["future_period"], ["running_period"], ["running_period"], []]


def test_a_leap_that_stays_is_told_once(catalogue: Catalogue, known: dict[SeriesKey, TimeSeries]) -> None:
    """From the row on which the unit changes, the file agrees with itself: one finding, not one a row."""
    rows = "".join(f"brent_price,WORLD,,2025-{month:02d},{70_000 + month}.5\n" for month in range(1, 13))
    report = examine_file("a.csv", (HEAD + rows).encode(), catalogue, published=known, today=TODAY)
    assert [row.line for row in report.findings if row.code == "factor_1000"] == [2]


def test_a_curated_file_is_strict(catalogue: Catalogue) -> None:
    """Files under data/ are UTF-8 with a decimal point, whatever their numbers might let one guess."""
    good = (ROOT / "data" / "observations" / "esa_budget.csv").read_bytes()
    assert examine_curated("esa_budget", good, catalogue).findings == ()
    comma = good.replace(b"7.79", b'"7,79"')
    assert [row.code for row in examine_curated("esa_budget", comma, catalogue).findings][:1] == ["other_decimal"]
    latin = good + "ESA,,2027,é\n".encode("cp1252")
    assert [row.code for row in examine_curated("esa_budget", latin, catalogue).findings][:1] == ["encoding"]


def test_a_curated_file_may_hold_the_running_year(catalogue: Catalogue) -> None:
    """A curated edition is dated by its own day: what it holds is not judged against the day on which it is read."""
    new = (ROOT / "data" / "observations" / "esa_budget.csv").read_bytes() + b"ESA,,2099,9.1\n"
    assert "future_period" not in {row.code for row in examine_curated("esa_budget", new, catalogue).findings}


def test_a_path_over_the_limit_is_not_read_whole(catalogue: Catalogue, tmp_path: Path) -> None:
    """A file of a gigabyte is refused from its size: one byte more than the limit is all that is read."""
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(1 << 30)
    report, content = examine_path(path, catalogue, today=TODAY)
    assert [(row.code, row.values["size"]) for row in report.findings] == [("too_large", 1 << 30)]
    assert len(content) == settings.MAX_UPLOAD_BYTES + 1
    with pytest.raises(FileNotFoundError):
        examine_path(tmp_path / "nothing.csv", catalogue, today=TODAY)


def test_very_many_findings_are_counted(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more findings than a report keeps, errors stay, in the order of the lines; the rest is a number."""
    monkeypatch.setattr(settings, "MAX_FINDINGS", 5)
    rows = "".join(f"esa_budget,ESA,,{year},x\n" for year in range(2000, 2010))
    repeated = "esa_budget,ESA,,1999,1\n" * 4
    report = examine_file("a.csv", (HEAD + repeated + rows).encode(), catalogue, today=TODAY)
    assert report.inferred["more_findings"] == "8"
    assert [(row.level, row.line) for row in report.findings] == [("error", line) for line in range(6, 11)]


def test_an_indicator_that_is_described_is_found_by_its_title(catalogue: Catalogue) -> None:
    """A title that somebody just described is a name like any other."""
    row = replace(catalogue.indicators["esa_budget"], id="zeppelins", title_fr="Zeppelins livrés", title_en="Zeppelins")
    richer = replace(catalogue, indicators={**catalogue.indicators, "zeppelins": row})
    content = "indicateur;année;valeur\nzeppelins livres;2024;3\n".encode()
    assert examine_file("a.csv", content, catalogue, today=TODAY).unknown_indicators == ("zeppelins livres",)
    assert [row.indicator for row in examine_file("a.csv", content, richer, today=TODAY).observations] == ["zeppelins"]


def test_a_chosen_sign_goes_before_all_others(catalogue: Catalogue) -> None:
    """Whoever says that the comma is decimal is believed; what cannot be read so is named."""
    content = (HEAD.replace(",", ";") + "esa_budget;ESA;;2024;7,790\nesa_budget;ESA;;2025;7.68\n").encode()
    report = examine_file("a.csv", content, catalogue, today=TODAY, choices=Choices(decimal=","))
    assert report.inferred["decimal_by"] == "choice"
    assert [(row.code, row.line) for row in report.findings] == [("other_decimal", 3)]
    assert [row.value for row in report.observations] == [7.79]


@pytest.mark.slow
def test_fifty_thousand_rows_are_read(catalogue: Catalogue, known: dict[SeriesKey, TimeSeries]) -> None:
    """A large French file, titles and places in words, beside the whole past: every row is accepted."""
    months = ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."]
    values = np.random.default_rng(1).uniform(1, 1e6, 60_000)
    names = [row.title_fr for row in catalogue.indicators.values() if row.frequency == "M"][:20]
    places = [row.short_fr for row in catalogue.geographies.values()][:8]
    years = range(1999, 2026)
    keys = [
        f"{name};{place};;{month} {year}" for name in names for place in places for year in years for month in months
    ]
    figures = (f"{value:,.2f}".replace(",", "\u202f").replace(".", ",") for value in values)
    rows = [f"{key};{figure}" for key, figure in zip(keys, figures, strict=False)][:50_000]
    content = "\r\n".join(["indicateur;zone;poste;période;valeur", *rows]).encode("utf-8-sig")
    report = examine_file("large.csv", content, catalogue, published=known, today=TODAY)
    assert len(report.observations) == 50_000
    assert not [row for row in report.findings if row.level == "error"]
