"""Real vintages: a list and a file each, read as of a day; whatever is wrong in them is a finding."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.catalogue.models import Catalogue
from observatory.catalogue.real_vintages import RealVintage, find_real_vintage, load_real_vintages
from observatory.errors import CatalogueError
from tests.support.paths import ROOT

DAYS = st.dates(date(2015, 1, 1), date(2030, 12, 31))


def test_every_file_is_listed_and_read(catalogue: Catalogue) -> None:
    """Each file under data/vintages has its line in the list, a note in both languages, and figures."""
    vintages = load_real_vintages(ROOT / "data", catalogue)
    files = {path.stem for path in (ROOT / "data" / "vintages").glob("*.csv")}
    assert {f"{row.indicator}@{row.day}" for row in vintages} == files
    assert all(row.rows and row.note_fr and row.note_en for row in vintages)
    assert all(row.day <= catalogue.edition.at.date() for row in vintages)


@given(days=st.lists(DAYS, unique=True), asked=DAYS)
def test_the_newest_one_that_existed(days: list[date], asked: date) -> None:
    """As of a day, the vintage is the newest of those not later; none before the first."""
    vintages = [RealVintage("toy", day, "", "", ()) for day in days]
    found = find_real_vintage([*vintages, RealVintage("other", asked, "", "", ())], "toy", asked)
    assert (found.day if found else None) == max((day for day in days if day <= asked), default=None)


@pytest.mark.parametrize(
    ("line", "content", "code", "value"),
    [
        ("nothing_known,2026-08-06,x,x", "", "catalogue_unknown_reference", "nothing_known"),
        ("brent_price,6 August 2026,x,x", "", "catalogue_wrong_type", "6 August 2026"),
        ("brent_price,2026-01-01,x,x", "", "catalogue_missing_file", ""),
        ("brent_price,2026-08-06,x,x", "geo,period,value\n", "catalogue_not_allowed", "geo,period,value"),
        ("brent_price,2026-08-06,x,x", "WORLD,,2026-01,nan\n", "catalogue_wrong_type", "nan"),
        ("brent_price,2026-08-06,x,x", "WORLD,,2026-Q1,80\n", "catalogue_not_allowed", "2026-Q1"),
        ("brent_price,2026-08-06,x,x", "MOON,,2026-01,80\n", "catalogue_unknown_reference", "MOON"),
    ],
)
def test_what_is_wrong_is_a_finding(
    tmp_path: Path, catalogue: Catalogue, line: str, content: str, code: str, value: str
) -> None:
    """An indicator or a place that nobody knows, a bad day, a missing file, a wrong head, period or value stop it."""
    folder = Path(shutil.copytree(ROOT / "data" / "vintages", tmp_path / "vintages")).parent
    (folder / "vintages.csv").write_text(f"indicator,day,note_fr,note_en\n{line}\n", encoding="utf-8")
    head = "" if content.startswith("geo,") else "geo,item,period,value\n"
    if content:
        (folder / "vintages" / "brent_price@2026-08-06.csv").write_text(head + content, encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        load_real_vintages(folder, catalogue)
    assert [(row.code, row.value) for row in caught.value.findings] == [(code, value)]
