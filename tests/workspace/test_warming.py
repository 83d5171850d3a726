"""Warm-up: once a process, in the background, and nobody sees it fail."""

import logging
from datetime import UTC, datetime
from threading import Event, Lock
from typing import Any, cast

import pytest

from observatory.store.records import VintageBatch
from observatory.workspace import Workspace, warming

NOW = datetime(2026, 12, 1, tzinfo=UTC)


class PreviewedWorkspace:
    """A workspace that keeps what it is asked to prepare, once it is allowed to."""

    def __init__(self, error: Exception | None = None) -> None:
        self.batches: list[VintageBatch] = []
        self.allowed, self.error = Event(), error

    def now(self) -> datetime:
        """The moment of the clock."""
        return NOW

    def prepare(self, batch: VintageBatch) -> None:
        """Waits until it may, then keeps the batch."""
        assert self.allowed.wait(10)
        self.batches.append(batch)
        if self.error is not None:
            raise self.error


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """No warm-up has run in this process."""
    monkeypatch.setattr(warming, "_once", Lock())


def test_it_runs_beside_whoever_starts_it_and_once() -> None:
    """The caller goes on at once; the preview is of no change; a second call starts nothing."""
    made: Any = PreviewedWorkspace()
    thread = warming.warm_up(cast(Workspace, made))
    assert thread is not None
    assert thread.daemon
    assert made.batches == []
    assert warming.warm_up(cast(Workspace, made)) is None
    made.allowed.set()
    thread.join(10)
    assert [(row.at, row.observations, row.facts) for row in made.batches] == [(NOW, [], {})]


def test_a_failure_is_in_the_log_alone(caplog: pytest.LogCaptureFixture) -> None:
    """Whatever goes wrong, the thread ends, and the log says what it was."""
    made: Any = PreviewedWorkspace(ValueError("no figures"))
    made.allowed.set()
    with caplog.at_level(logging.ERROR, "observatory.workspace"):
        thread = warming.warm_up(cast(Workspace, made))
        assert thread is not None
        thread.join(10)
    assert "no figures" in caplog.text
