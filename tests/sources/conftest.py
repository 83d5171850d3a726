"""Fixtures of the tests of sources."""

from collections.abc import Iterator

import pytest

from tests.support.replay import Replay, serve_replay


@pytest.fixture
def replay() -> Iterator[Replay]:
    """A server of scripted answers for the time of a test."""
    with serve_replay() as server:
        yield server
