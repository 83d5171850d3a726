"""Candidates in a run: asked for like indicators, and indicators themselves once their publisher has answered."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from observatory.catalogue.recipes import RefreshRecipe
from tests.support.all_publishers import ALL_WRITERS
from tests.support.paths import ROOT
from tests.support.publishers import Publishers, Values
from tests.support.refreshing import Bench, Clock, copy_data, open_workspace, results
from tests.support.replay import serve_replay
from tests.support.stores import StoreMaker

ORDERS = "fr_transport_equipment_order_books"
EUROPE = "eu_aerospace_production"


def _write_sdmx(own: Publishers, recipes: list[RefreshRecipe], rest: str, _params: Mapping[str, str]) -> str | None:
    """A table with a column for each dimension of a key; those that a recipe expects have its names."""
    for recipe in recipes:
        for series in recipe.series:
            if rest.endswith(f"/{recipe.dataset}/{series.key}"):
                codes = series.key.split(".")
                names = {code: name for name, code in recipe.expect.items()}
                header = [names.get(code, f"D{place}") for place, code in enumerate(codes)]
                rows = [
                    f"{','.join(codes)},{period},{value!r}" for period, value in own.find(recipe, series.key).items()
                ]
                return "\n".join([f"{','.join(header)},TIME_PERIOD,OBS_VALUE", *rows]) + "\n"
    return None


def _make_values(first: float) -> Values:
    return {
        f"{year}-{month:02}": first + (year * 12 + month) % 17 for year in range(2019, 2026) for month in range(1, 13)
    }


@pytest.fixture
def bench(six_address: str, stores: StoreMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """Six indicators and all candidates, and publishers that have made figures of the candidates."""
    data = copy_data(tmp_path / "data")
    shutil.copytree(ROOT / "data" / "candidates", data / "candidates")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))  # where the answers are kept if the store is a database
    address = stores.copy(six_address, tmp_path, "own.db")
    clock = Clock()
    opened = open_workspace(data, address, clock)
    with serve_replay() as replay:
        writers = {**ALL_WRITERS, "eurostat_csv": _write_sdmx, "ecb_csv": _write_sdmx}
        publishers = Publishers(opened.catalogue, writers=writers)
        for number, name in enumerate(opened.catalogue.candidates):
            recipe = opened.catalogue.recipes[name]
            publishers.figures[name] = {(row.geo, row.item): _make_values(80 + number) for row in recipe.series}
        replay.answer = publishers.answer
        yield Bench(opened, publishers, replay, clock)
    opened.close()


@pytest.mark.slow
def test_every_candidate_comes_alive_at_the_first_run(bench: Bench) -> None:
    """One edition: each has its figures, the facts of data/, and a forecast; the next run has no news."""
    candidates = bench.workspace.catalogue.candidates
    assert bench.workspace.get_outlook().catalogue.candidates.keys() == candidates.keys()
    rows = results(bench.run(days=0))
    assert {name: (rows[name].state, rows[name].reason) for name in candidates} == dict.fromkeys(
        candidates, ("fresh", None)
    )
    assert rows[ORDERS].last_period == "2025-12"
    outlook = bench.workspace.get_outlook()
    assert bench.editions() == 2
    assert outlook.catalogue.candidates == {}
    for name, declared in candidates.items():
        row = outlook.catalogue.indicators[name]
        assert (row.title_fr, row.in_call, row.accessed) == (declared.title_fr, False, bench.workspace.today())
        assert outlook.forecasts[outlook.headline_key(row)].status in ("pool", "reference", "stopped")
    assert len({key[1] for key in outlook.panel if key[0] == EUROPE}) == 5
    again = bench.run()
    assert again.report.edition is None
    assert {results(again)[name].state for name in candidates} <= {"unchanged", "skipped"}


def test_a_candidate_can_be_named(bench: Bench) -> None:
    """What its publisher does not have stays a candidate, with the reason in the report."""
    del bench.publishers.figures[ORDERS]
    outcome = bench.run("insee_surveys", days=0)
    rows = results(outcome)
    assert rows[ORDERS].state == "failed"
    assert rows["fr_transport_equipment_climate"].state == "fresh"
    outlook = bench.workspace.get_outlook()
    assert ORDERS in outlook.catalogue.candidates
    assert "fr_transport_equipment_climate" in outlook.catalogue.indicators
