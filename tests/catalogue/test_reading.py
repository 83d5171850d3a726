"""The curated catalogue is sound and whole, and every fault of a broken one is told at once."""

import shutil
from pathlib import Path

import pytest

from observatory import settings
from observatory.catalogue import loader
from observatory.catalogue.codec import decode_indicator, encode_indicator
from observatory.catalogue.models import Catalogue
from observatory.errors import CatalogueError
from observatory.ingest.curated import examine_curated
from observatory.outlook.outlook import Outlook
from observatory.workspace import check_curated_data
from tests.support.curated import count_figures, count_indicators, count_series
from tests.support.paths import ROOT


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "data", tmp_path / "data"))


@pytest.mark.slow
def test_the_curated_catalogue_is_sound_and_whole(outlook: Outlook) -> None:
    """At least the 135 indicators, 395 series and 64,480 figures of the first edition, all read, without a finding.

    The only place in the tests that names these numbers: an indicator that is added breaks none.
    """
    indicators, accepted, findings = check_curated_data(settings.load_settings({}))
    assert findings == ()
    assert (indicators, accepted) == (count_indicators(), count_figures())
    assert (indicators >= 135, count_series() >= 395, accepted >= 64_480) == (True, True, True)
    assert len(outlook.panel) == count_series()


def test_facts_survive_the_store(catalogue: Catalogue) -> None:
    """The facts of every indicator, as JSON values and back, are the same indicator."""
    for row in catalogue.indicators.values():
        assert decode_indicator(encode_indicator(row)) == row


@pytest.mark.slow
def test_all_faults_are_told_at_once(copy: Path) -> None:
    """Seven faults in five files give seven findings, each with its file, key, value seen and a cure."""

    def edit(name: str, old: str, new: str) -> None:
        path = copy / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    edit("indicators/atr_backlog.toml", 'kind = "stock"', 'kind = "stok"')
    edit("indicators/atr_backlog.toml", "rank = 50", 'rank = "first"')
    edit("indicators/brent_price.toml", 'segment = "purchasing"', 'segment = "purchases"')
    edit("indicators/copper_price.toml", 'unit_fr = "dollars par tonne"', 'unite_fr = "dollars par tonne"')
    edit("sources.toml", 'page = "https://www.tsa', 'page = "javascript:alert(1)//www.tsa')
    (copy / "observations" / "tin_price.csv").unlink()
    found = {(row.code, row.file, row.column, row.value) for row in loader.read_catalogue(copy).findings}
    assert found >= {
        ("catalogue_not_allowed", "indicators/atr_backlog.toml", "kind", "stok"),
        ("catalogue_wrong_type", "indicators/atr_backlog.toml", "rank", "first"),
        ("catalogue_unknown_reference", "indicators/brent_price.toml", "segment", "purchases"),
        ("catalogue_unknown_key", "indicators/copper_price.toml", "unite_fr", "dollars par tonne"),
        ("catalogue_missing_key", "indicators/copper_price.toml", "unit_fr", ""),
        ("catalogue_missing_file", "observations/tin_price.csv", "", ""),
    }
    assert any(row.code == "catalogue_bad_link" for row in loader.read_catalogue(copy).findings)
    near = next(row for row in loader.read_catalogue(copy).findings if row.code == "catalogue_unknown_reference")
    assert near.values["near"] == "purchasing"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "catalogue_missing_key"),
        (b"segment = [", "catalogue_syntax"),
        (b"segment = '\xff'", "catalogue_encoding"),
        (b"gaps = 3", "catalogue_not_a_list"),
        (b"\xef\xbb\xbfsegment = 1", "catalogue_wrong_type"),
    ],
)
def test_a_broken_file_is_a_finding(copy: Path, content: bytes, code: str) -> None:
    """Whatever a file of facts holds, it ends in a finding that names it, never in an exception."""
    (copy / "indicators" / "atr_backlog.toml").write_bytes(content)
    findings = [row for row in loader.read_catalogue(copy).findings if row.file == "indicators/atr_backlog.toml"]
    assert code in {row.code for row in findings}
    with pytest.raises(CatalogueError):
        loader.load_catalogue(copy)


def test_a_missing_folder_is_a_finding(tmp_path: Path) -> None:
    """A folder that is not there is one finding."""
    assert [row.code for row in loader.read_catalogue(tmp_path / "nothing").findings] == ["catalogue_missing_folder"]


def test_a_hole_that_nobody_declared_is_an_error(catalogue: Catalogue) -> None:
    """A row lost from a file of figures is seen: gaps are facts, and facts and figures must agree."""
    content = (ROOT / "data" / "observations" / "esa_budget.csv").read_bytes()
    lines = content.splitlines(keepends=True)
    cut = b"".join(line for line in lines if b",2015," not in line)
    codes = [row.code for row in examine_curated("esa_budget", cut, catalogue).findings]
    assert codes == ["undeclared_gap"]


@pytest.mark.shared
def test_the_figures_are_the_original_ones(shared: Path) -> None:
    """Every file of figures is the publisher's, byte for byte: the present one, a dated one, or the beginning of one.

    The originals go on: a publisher revises (the file before is kept as a dated one) or adds periods at the end.
    """
    originals = shared / "data"
    for path in sorted((ROOT / "data" / "observations").glob("*.csv")):
        original = originals / "observations" / path.name
        if not original.exists():
            continue  # an indicator added since, which has no original there
        content, present = path.read_bytes(), original.read_bytes()
        dated = (row.read_bytes() for row in (originals / "vintages").glob(f"{path.stem}@*.csv"))
        assert content in (present, *dated) or set(content.splitlines()) < set(present.splitlines()), path.name
