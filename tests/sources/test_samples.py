"""Recorded answers of publishers: each is read, or refused by name; never anything else."""

from pathlib import Path

import pytest

from observatory.errors import SourceError
from observatory.sources.connectors import CONNECTORS
from observatory.sources.connectors.gcat import read_tsv
from tests.support.recipes import build_answer, build_recipe, read, read_refusal

pytestmark = pytest.mark.shared


@pytest.fixture
def samples(shared: Path) -> Path:
    return shared / "refresh" / "samples"


def test_fred_in_both_headers(samples: Path) -> None:
    """The header of today and the one of before 2025; a full stop is a missing value."""
    new = (samples / "fredgraph_new_header_HANDMADE.csv").read_bytes()
    old = (samples / "fredgraph_old_header_excerpt.csv").read_bytes()
    assert read(build_recipe("fred_csv", series=["IPG3364S"]), new) == {"FRA 2026-05": "92.1"}
    assert read(build_recipe("fred_csv", series=["MCOILBRENTEU"]), old) == {
        "FRA 1987-05": "18.58",
        "FRA 2022-09": "89.76",
    }


def test_worldbank_page_of_many(samples: Path) -> None:
    """One page of 33 is refused as incomplete; as the only page it is read; the error with status 200 is named."""
    head = (samples / "worldbank_NY.GDP.MKTP.CD_head.json").read_text()
    recipe = build_recipe("worldbank_json", dataset="NY.GDP.MKTP.CD", series=["PL"])
    path = "/v2/country/PL/indicator/NY.GDP.MKTP.CD"
    assert read_refusal(recipe, build_answer(head, path)) == "incomplete"
    only = head.replace('"pages":33', '"pages":1')
    assert read(recipe, build_answer(only, path)) == {"FRA 2025": "1035491784197.44"}
    with pytest.raises(SourceError, match="code=120"):
        read(recipe, build_answer((samples / "worldbank_error_http200.json").read_bytes(), path))


def test_eurostat_answer_and_faults(samples: Path) -> None:
    """A row is read by its whole key; each fault gives its code and words."""
    recipe = build_recipe("eurostat_csv", series=["M.PRD.B-D.SCA.I21.AT"])
    content = (samples / "eurostat_sts_inpr_m.csv").read_bytes()
    assert read(recipe, content) == {"FRA 2024-01": "102.4"}
    assert read_refusal(build_recipe("eurostat_csv"), content) == "attribute"
    for name, code in (
        ("eurostat_413_extraction_too_big.xml", "413"),
        ("eurostat_no_results.xml", "100"),
        ("eurostat_json_error_404.json", "100"),
        ("eurostat_json_async_413.json", "413"),
    ):
        with pytest.raises(SourceError, match=rf"error.source.fault.*code={code}"):
            read(recipe, (samples / name).read_bytes())


def test_ecb_row_with_commas_in_quotes(samples: Path) -> None:
    """The 32 columns are read; a daily series in answer to a monthly key is refused."""
    content = (samples / "ecb_csvdata_EXR_D_USD.csv").read_bytes()
    assert read(build_recipe("ecb_csv", series=["D.USD.EUR.SP00.A"]), content) == {"FRA 2026-09": "1.1615"}
    assert read_refusal(build_recipe("ecb_csv"), content) == "attribute"


def test_insee_series_and_no_result(samples: Path) -> None:
    """Newest first, NaN left out; another base year is refused; the 404 of INSEE is a fault with its code."""
    content = (samples / "insee_ss_2026_excerpt.xml").read_bytes()
    recipe = build_recipe("insee_sdmx", expect={"COICOP2018": "01111", "BASIND": "2025"})
    figures = read(recipe, content)
    assert figures["FRA 2025-12"] == "99.06"
    assert "NaN" not in figures.values()
    assert list(figures) == sorted(figures)
    rebased = build_recipe("insee_sdmx", expect={"COICOP2018": "01111", "BASIND": "2015"})
    with pytest.raises(SourceError, match="name=BASIND, wanted=2015, seen=2025"):
        read(rebased, content)
    with pytest.raises(SourceError, match=r"error.source.fault.*code=100"):
        read(recipe, (samples / "insee_404_no_result.xml").read_bytes())


def test_eurocontrol_complete_months(samples: Path) -> None:
    """Two whole months of the first State are the sums of their days; without its last day, the second is left out."""
    content = (samples / "eurocontrol_daio_2026_head.csv").read_text()
    lines = content.splitlines(keepends=True)
    days = {row[0]: int(row[7]) for row in (line.split(",") for line in lines[1:]) if row[1] == "LA"}
    sums = {
        f"FRA {month}": str(sum(value for day, value in days.items() if day.startswith(month)))
        for month in ("2026-01", "2026-02")
    }
    recipe = build_recipe("eurocontrol_csv", series=["LA"])
    assert read(recipe, content) == sums
    cut = "".join(line for line in lines if not line.startswith("2026-02-28"))
    assert list(read(recipe, cut)) == ["FRA 2026-01"]
    assert read_refusal(build_recipe("eurocontrol_csv", series=["LF"]), content) == "no_figures"


def test_gcat_tables(samples: Path) -> None:
    """The table of sites has its day and its codes of States; a table without the columns of launches is refused."""
    day, rows = read_tsv(build_answer((samples / "gcat_sites.tsv").read_bytes()))
    assert (day.isoformat(), {row["Site"]: row["StateCode"] for row in rows}["CSG"]) == ("2025-12-01", "GUF")
    recipe = build_recipe("gcat_tsv")
    assert read_refusal(recipe, (samples / "gcat_lv_head.tsv").read_bytes()) == "column"
    assert read_refusal(recipe, (samples / "gcat_launch_header_only.tsv").read_bytes()) == "column"


def test_an_old_workbook_is_named(samples: Path) -> None:
    """The OLE workbook of the EIA is refused as such, whoever reads it."""
    content = (samples / "eia_RBRTEm.xls").read_bytes()
    assert read_refusal(build_recipe("pink_sheet"), content) == "old_workbook"
    assert read_refusal(build_recipe("fred_csv"), content) == "old_workbook"


@pytest.mark.parametrize("connector", CONNECTORS)
def test_every_sample_is_read_or_refused(samples: Path, connector: str) -> None:
    """No sample ends in anything but figures or a named refusal, in any reader; a web page is always refused."""
    recipe = build_recipe(connector)
    for path in sorted(samples.iterdir()):
        count = 2 if connector in ("owid_csv", "bea_bulk", "datagouv_zip") else 1
        answer = build_answer(path.read_bytes(), "/v2/country/x/indicator/TOY.IND")
        refusal = read_refusal(recipe, *[answer] * count)
        if path.suffix in (".html", ".xml", ".json", ".http", ".md"):
            assert refusal != "none", path.name
