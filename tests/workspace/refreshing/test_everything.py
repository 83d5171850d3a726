"""The whole catalogue against publishers that answer for all of it."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from observatory import settings
from observatory.workspace import Workspace
from tests.support.all_publishers import ALL_WRITERS
from tests.support.publishers import Publishers
from tests.support.refreshing import Bench, Clock, results
from tests.support.replay import serve_replay
from tests.support.stores import StoreMaker


@pytest.fixture
def whole(seeded_address: str, stores: StoreMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """The curated edition, and its publishers."""
    clock = Clock()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))  # where the answers are kept if the store is a database
    address = stores.copy(seeded_address, tmp_path, "own.db")
    opened = Workspace(settings.load_settings({"OBSERVATORY_STORE": address}), clock)
    with serve_replay() as replay:
        publishers = Publishers(opened.catalogue, writers=ALL_WRITERS)
        replay.answer = publishers.answer
        yield Bench(opened, publishers, replay, clock)
    opened.close()


@pytest.mark.slow
def test_every_indicator_with_a_recipe_is_refreshed_and_reported(whole: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dry run reads the figures of all recipes of all connectors, each as published, and reports every indicator.

    Two indicators of launches end earlier than the table that they are counted from: they get new figures. Candidates
    are asked for too; these publishers do not have them.
    """
    monkeypatch.setattr(whole.workspace, "build_preview", lambda *_args, **_names: None)  # half a minute of forecasts
    outcome = whole.rehearse()
    rows = results(outcome)
    catalogue = whole.workspace.catalogue
    assert rows.keys() == catalogue.indicators.keys() | catalogue.candidates.keys()
    assert {rows[name].state for name in catalogue.candidates} == {"failed"}
    asked = {name for name, recipe in catalogue.recipes.items() if recipe.is_machine_readable}
    machine = asked - catalogue.candidates.keys()
    others = {name: (rows[name].state, rows[name].new, rows[name].revised, rows[name].reason) for name in machine}
    others = {name: row for name, row in others.items() if row[0] != "unchanged"}
    assert others == {
        "launched_payload_mass": ("fresh", 9, 0, None),
        "orbital_launches_by_orbit": ("fresh", 6, 0, None),
    }
    counts = Counter(rows[name].state for name in catalogue.indicators)
    assert counts == {"unchanged": len(machine) - 1, "fresh": 2, "manual": len(catalogue.indicators) - len(machine) - 1}
    assert {row.source for row in outcome.report.sources} == {catalogue.recipes[name].host for name in asked}
    assert whole.waits == []
