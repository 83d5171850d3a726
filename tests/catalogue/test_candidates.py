"""Candidates: indicators that are declared without figures, complete and checked like any other."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from observatory.catalogue import loader
from observatory.catalogue.codec import apply_facts, encode_indicator
from observatory.catalogue.models import Catalogue
from observatory.settings import load_settings
from observatory.workspace import check_curated_data
from tests.support.curated import count_indicators
from tests.support.paths import ROOT

CLIMATE = "fr_transport_equipment_climate"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "data", tmp_path / "data"))


def test_candidates_are_declared_in_full(catalogue: Catalogue) -> None:
    """Every candidate has both languages and a recipe for a machine; it counts in no call, and has no figures."""
    assert len(catalogue.candidates) == len(list((ROOT / "data" / "candidates").glob("*.toml"))) >= 40
    for name, row in catalogue.candidates.items():
        assert catalogue.recipes[name].is_machine_readable
        assert not row.in_call
        assert row.title_fr != row.title_en
        assert not (ROOT / "data" / "observations" / f"{name}.csv").exists()


def test_candidates_are_no_indicators(catalogue: Catalogue) -> None:
    """The indicators are those with figures; no segment lists a candidate among them, and titles stay apart."""
    assert len(catalogue.indicators) == count_indicators()
    assert not catalogue.candidates.keys() & catalogue.indicators.keys()
    listed = {row.id for name in catalogue.segments for row in catalogue.candidates_of_segment(name)}
    assert listed == catalogue.candidates.keys()
    rows = (*catalogue.indicators.values(), *catalogue.candidates.values())
    for language in ("fr", "en"):
        titles = [str(getattr(row, f"title_{language}")) for row in rows]
        assert len(set(titles)) == len(titles)


def test_former_editions_have_no_candidates() -> None:
    """What is declared today was not declared in the first edition."""
    assert not any(row.catalogue.candidates for row in loader.read_former_editions(ROOT / "data"))


def test_an_indicator_is_no_candidate_any_more(catalogue: Catalogue) -> None:
    """With its facts in a vintage a candidate is one of the indicators; removed again, it is a candidate again."""
    alive = apply_facts(catalogue, {CLIMATE: encode_indicator(catalogue.candidates[CLIMATE])})
    assert CLIMATE in alive.indicators
    assert CLIMATE not in alive.candidates
    assert CLIMATE in apply_facts(catalogue, {CLIMATE: None}).candidates


def _edit(old: str, new: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return write


@pytest.mark.parametrize(
    ("change", "code", "file", "column"),
    [
        (_edit('source = "insee_surveys"', 'source = "insee_survey"'), "catalogue_unknown_reference", None, "source"),
        (_edit('unit_fr = "', 'unite_fr = "'), "catalogue_missing_key", None, "unit_fr"),
        (_edit('host = "insee"', 'host = "inse"'), "catalogue_unknown_reference", None, "refresh.host"),
        (lambda path: path.write_text(path.read_text("utf-8").split("[refresh]")[0], "utf-8"), "catalogue_missing_key",
         None, "refresh"),
        (lambda path: (path.parents[1] / "observations" / path.with_suffix(".csv").name).write_text(
            "geo,item,period,value\n", "utf-8"), "catalogue_missing_file", f"indicators/{CLIMATE}.toml", ""),
        (lambda path: path.rename(path.with_name("brent_price.toml")), "catalogue_candidate_twice",
         "candidates/brent_price.toml", ""),
    ],
)  # fmt: skip
def test_faults_of_candidates_are_reported(
    copy: Path, change: Callable[[Path], None], code: str, file: str | None, column: str
) -> None:
    """A wrong fact, a missing recipe, figures without an indicator, a name that is taken: each by file and key."""
    change(copy / "candidates" / f"{CLIMATE}.toml")
    findings = loader.read_catalogue(copy).findings
    assert (code, file or f"candidates/{CLIMATE}.toml", column) in {
        (row.code, row.file, row.column) for row in findings
    }


@pytest.mark.slow
def test_the_check_counts_indicators_with_figures(few: Path) -> None:
    """`observatory check` accepts candidates and counts them nowhere: of a folder with three indicators, three."""
    assert len(list((few / "candidates").glob("*.toml"))) >= 40
    indicators, _accepted, findings = check_curated_data(load_settings({"OBSERVATORY_DATA": str(few)}))
    assert (indicators, findings) == (3, ())
