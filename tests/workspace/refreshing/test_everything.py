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
from tests.support.stores import copy_store


@pytest.fixture
def whole(seeded_address: str, tmp_path: Path) -> Iterator[Bench]:
    """The curated edition, and its publishers."""
    clock = Clock()
    address = f"sqlite:///{copy_store(seeded_address, tmp_path, 'own.db') / 'own.db'}"
    opened = Workspace(settings.load_settings({"OBSERVATORY_STORE": address}), clock)
    with serve_replay() as replay:
        publishers = Publishers(opened.catalogue, writers=ALL_WRITERS)
        replay.answer = publishers.answer
        yield Bench(opened, publishers, replay, clock)
    opened.close()


@pytest.mark.slow
def test_every_indicator_with_a_recipe_is_refreshed_and_reported(whole: Bench) -> None:
    """A dry run reads the figures of all recipes of all connectors, each as published, and reports every indicator."""
    outcome = whole.rehearse()
    rows = results(outcome)
    catalogue = whole.workspace.catalogue
    assert rows.keys() == catalogue.indicators.keys()
    machine = {name for name, recipe in catalogue.recipes.items() if recipe.is_machine_readable}
    odd = {
        name: (rows[name].state, rows[name].reason, rows[name].new, rows[name].revised, rows[name].held)
        for name in machine
        if rows[name].state != "unchanged"
    }
    assert odd == {}
    assert Counter(row.state for row in outcome.report.indicators) == {"unchanged": len(machine) + 1, "manual": 74}
    assert {row.source for row in outcome.report.sources} == {catalogue.recipes[name].host for name in machine}
    assert outcome.preview is None
    assert whole.waits == []
