"""Fixtures of the tests of runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.publishers import Publishers
from tests.support.refreshing import Bench, Clock, copy_data, open_workspace, publish_data
from tests.support.replay import serve_replay
from tests.support.stores import StoreMaker, copy_store


@pytest.fixture(scope="session")
def six(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of data with six indicators."""
    return copy_data(tmp_path_factory.mktemp("six") / "data")


@pytest.fixture(scope="session")
def six_address(six: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a store with them; never written to by a test."""
    return publish_data(six, tmp_path_factory.mktemp("six") / "six.db")


@pytest.fixture
def bench(
    six: Path, six_address: str, stores: StoreMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Bench]:
    """A workspace of its own, and publishers that show what it has."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))  # where the answers are kept if the store is a database
    with _open_bench(six, stores.copy(six_address, tmp_path, "own.db")) as made:
        yield made


@pytest.fixture
def bench_on_file(six: Path, six_address: str, tmp_path: Path) -> Iterator[Bench]:
    """The same, in a file whatever the back end: for tests of what happens to files."""
    with _open_bench(six, f"sqlite:///{copy_store(six_address, tmp_path, 'own.db') / 'own.db'}") as made:
        yield made


@contextmanager
def _open_bench(six: Path, address: str) -> Iterator[Bench]:
    clock = Clock()
    opened = open_workspace(six, address, clock)
    with serve_replay() as replay:
        publishers = Publishers(opened.catalogue)
        replay.answer = publishers.answer
        bench = Bench(opened, publishers, replay, clock)
        yield bench
    bench.workspace.close()
