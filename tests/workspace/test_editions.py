"""Curated editions: an empty store begins with all of them, and one that has the first gets the second on top."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from observatory import settings
from observatory.catalogue import loader
from observatory.errors import CatalogueError
from observatory.outlook.outlook import Outlook
from observatory.workspace import Workspace
from tests.support.clock import one_day_clock

FORMER_DAY = "2026-11-01"
ESA = ("esa_budget", "ESA", "")


@pytest.fixture
def data(few: Path, tmp_path: Path) -> Path:
    """Three indicators of which the former edition had two, one with another last figure, and a place of other name."""
    folder = Path(shutil.copytree(few, tmp_path / "data"))
    own = folder / "editions" / FORMER_DAY
    (own / "observations").mkdir(parents=True)
    figures = (folder / "observations" / "esa_budget.csv").read_text(encoding="utf-8").splitlines()
    head, last = figures[:-1], figures[-1].rpartition(",")[0]
    (own / "observations" / "esa_budget.csv").write_text("\n".join([*head, f"{last},7.5", ""]), encoding="utf-8")
    places = (folder / "geographies.toml").read_text(encoding="utf-8")
    assert 'title_en = "World"' in places
    (own / "geographies.toml").write_text(places.replace('title_en = "World"', 'title_en = "Earth"'), encoding="utf-8")
    (own / "edition.toml").write_text(
        f'at = {FORMER_DAY}T08:00:00Z\nwho = "Observatoire"\nnote_fr = "Avant."\nnote_en = "Before."\n'
        'indicators = ["airbus_deliveries", "esa_budget"]\n',
        encoding="utf-8",
    )
    return folder


def open_store(data: Path, store: Path) -> Workspace:
    return Workspace(
        settings.load_settings({"OBSERVATORY_STORE": f"sqlite:///{store}", "OBSERVATORY_DATA": str(data)}),
        one_day_clock,
    )


@pytest.fixture
def opened(data: Path, tmp_path: Path) -> Iterator[Workspace]:
    workspace = open_store(data, tmp_path / "new.db")
    workspace.publish_curated()
    yield workspace
    workspace.close()


def last_budget(outlook: Outlook) -> float:
    return float(outlook.panel[ESA].values[-1])


def test_an_empty_store_begins_with_every_edition(opened: Workspace) -> None:
    """Each is a vintage of its own day, with the figures, the indicators and the places that it had."""
    first, second = opened.store.vintages()
    assert (first.at, second.at) == (datetime(2026, 11, 1, 8, tzinfo=UTC), opened.catalogue.edition.at)
    before, after = (opened.get_outlook_by_number(row.id) for row in (first, second))
    assert after.catalogue.indicators.keys() - before.catalogue.indicators.keys() == {"atr_backlog"}
    assert last_budget(before) == 7.5
    assert last_budget(after) != 7.5
    assert [row.catalogue.geographies["WORLD"].title_en for row in (before, after)] == ["Earth", "World"]
    assert [row.catalogue.edition.note_en == "Before." for row in (before, after)] == [True, False]
    assert opened.publish_curated() is None


@pytest.mark.slow
def test_a_store_that_has_the_first_edition_gets_the_second(data: Path, opened: Workspace, tmp_path: Path) -> None:
    """On top of what is there, dated now; what was published before is, row for row, that of a store made today."""
    former = data / "editions" / FORMER_DAY
    old_data = Path(shutil.copytree(data, tmp_path / "old"))
    for path in former.rglob("*.*"):
        shutil.copy(path, old_data / path.relative_to(former))
    (old_data / "edition.toml").write_text(
        (former / "edition.toml")
        .read_text(encoding="utf-8")
        .replace('indicators = ["airbus_deliveries", "esa_budget"]\n', ""),
        encoding="utf-8",
    )
    shutil.rmtree(old_data / "editions")
    for part, ending in (("indicators", "toml"), ("observations", "csv")):
        (old_data / part / f"atr_backlog.{ending}").unlink()
    store = tmp_path / "upgraded.db"
    before = open_store(old_data, store)
    before.publish_curated()
    before.close()
    upgraded = open_store(data, store)
    vintage = upgraded.publish_curated()
    assert vintage is not None
    assert (vintage.id, vintage.at >= upgraded.catalogue.edition.at) == (2, True)
    for number in (1, 2):
        one, other = upgraded.get_outlook_by_number(number), opened.get_outlook_by_number(number)
        assert one.catalogue.indicators == other.catalogue.indicators
        assert one.catalogue.geographies == other.catalogue.geographies
        assert last_budget(one) == last_budget(other)
    assert upgraded.get_outlook_by_number(1).study == opened.get_outlook_by_number(1).study
    upgraded.close()


def test_a_broken_former_edition_is_refused_with_its_finding(data: Path) -> None:
    """An unknown source in a file of a former edition stops the catalogue, and the finding names file and key."""
    own = data / "editions" / FORMER_DAY / "indicators"
    own.mkdir()
    facts = (data / "indicators" / "esa_budget.toml").read_text(encoding="utf-8")
    (own / "esa_budget.toml").write_text(facts.replace('source = "', 'source = "no_'), encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        loader.read_former_editions(data)
    assert [(row.code, row.file, row.column) for row in caught.value.findings] == [
        ("catalogue_unknown_reference", "indicators/esa_budget.toml", "source")
    ]
