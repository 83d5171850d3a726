"""Fixtures of the tests of runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.publishers import Publishers
from tests.support.refreshing import Bench, Clock, copy_data, open_workspace, publish_data
from tests.support.replay import serve_replay
from tests.support.stores import copy_store


@pytest.fixture(scope="session")
def six(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of data with six indicators."""
    return copy_data(tmp_path_factory.mktemp("six") / "data")


@pytest.fixture(scope="session")
def six_address(six: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a store with them; never written to by a test."""
    return publish_data(six, tmp_path_factory.mktemp("six") / "six.db")


@pytest.fixture
def bench(six: Path, six_address: str, tmp_path: Path) -> Iterator[Bench]:
    """A workspace of its own, and publishers that show what it has."""
    address = f"sqlite:///{copy_store(six_address, tmp_path, 'own.db') / 'own.db'}"
    clock = Clock()
    opened = open_workspace(six, address, clock)
    with serve_replay() as replay:
        publishers = Publishers(opened.catalogue)
        replay.answer = publishers.answer
        yield Bench(opened, publishers, replay, clock)
    opened.close()
