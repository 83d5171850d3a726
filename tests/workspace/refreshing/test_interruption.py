"""Runs that are interrupted: nothing is half published, and what was fetched is not asked for again."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from observatory.workspace.refreshing.answers import AnswerArchive, RunOptions
from tests.support.paths import ROOT
from tests.support.refreshing import (
    BRENT,
    CENSUS_PATH,
    ECB_PATH,
    EURO,
    FRED_PATH,
    M3,
    Bench,
    open_workspace,
    results,
    states,
)
from tests.support.replay import Step
from tests.support.stores import copy_store


def _environment(bench: Bench, six: Path) -> dict[str, str]:
    return os.environ | {
        "OBSERVATORY_STORE": bench.workspace.settings.store_url,
        "OBSERVATORY_DATA": str(six),
        "OBSERVATORY_REFRESH_BASE": bench.replay.base,
        "PYTHONPATH": str(ROOT),
        "LC_ALL": "C.UTF-8",
    }


def _start(bench: Bench, six: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "observatory", "refresh", "--yes", "--format", "json", *words],
        env=_environment(bench, six),
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def _wait_for_answers(bench: Bench, count: int) -> None:
    """Until a run has kept some answers."""
    deadline = time.monotonic() + 120
    while len(list(bench.workspace.settings.refresh_dir.glob("runs/*/*.gz"))) < count:
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.slow
def test_killed_after_fetching_and_taken_up(bench: Bench, six: Path) -> None:
    """Kill -9 while a third source hangs: nothing is published; --resume asks that source alone, and publishes all."""
    bench.series(BRENT)["2026-08"] = 85.1
    bench.series(M3)["2026-06"] = 5700.0
    slow = bench.publishers.answer(ECB_PATH, {})
    assert slow is not None
    bench.replay.add(ECB_PATH, Step(slow.body, drip=0.5), slow)
    process = _start(bench, six)
    _wait_for_answers(bench, 2)
    process.kill()
    process.communicate()
    assert (process.returncode, bench.editions()) == (-signal.SIGKILL, 1)
    bench.replay.seen.clear()
    out, err = (resumed := _start(bench, six, "--resume")).communicate(timeout=200)
    report: Any = json.loads(out)
    assert (resumed.returncode, report["edition"], bench.editions()) == (0, 2, 2), err
    assert bench.replay.paths() == [ECB_PATH]
    assert {row["indicator"]: row["new"] for row in report["indicators"] if row["source"]} == {BRENT: 1, M3: 1, EURO: 0}
    assert bench.workspace.store.uploads.list_open_drafts() == ()
    assert not list(bench.workspace.settings.refresh_dir.glob("runs/*"))


@pytest.mark.slow
def test_interrupted_at_the_keyboard(bench: Bench, six: Path) -> None:
    """Ctrl-C ends a run at once with 130, however long a source would take."""
    slow = bench.publishers.answer(ECB_PATH, {})
    assert slow is not None
    bench.replay.add(ECB_PATH, Step(slow.body, drip=5.0))
    process = _start(bench, six)
    _wait_for_answers(bench, 2)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert time.monotonic() - began < 10
    assert "--resume" in err
    assert "Traceback" not in err


@pytest.mark.slow
def test_killed_at_any_moment(bench: Bench, six: Path) -> None:
    """Eight runs, killed ever later: each edition is whole, and the run that is left alone ends what they began."""
    bench.series(BRENT)["2026-08"] = 85.1
    bench.series(M3)["2026-06"] = 5700.0
    script = Path(__file__).with_name("killed.py")
    words = [bench.workspace.settings.store_url, str(six), bench.replay.base, "8", "4", "7"]
    done = subprocess.run(
        [sys.executable, str(script), *words], env=_environment(bench, six), capture_output=True, text=True, check=True
    )
    killed = [json.loads(line)["killed"] for line in done.stdout.splitlines()]
    assert len(killed) == 8
    assert killed[0]
    assert (BRENT in _changed(bench)) == (M3 in _changed(bench))
    outcome = bench.run(days=0, is_resumed=True)
    assert bench.published(BRENT)["2026-08"] == 85.1
    assert bench.published(M3)["2026-06"] == 5700.0
    assert bench.editions() == 2
    assert outcome.report.is_sound
    assert bench.workspace.store.uploads.list_open_drafts() == ()


def _changed(bench: Bench) -> set[str]:
    """The indicators that the newest edition changes; none of the first."""
    vintage = bench.workspace.get_vintage()
    return (
        {key[0] for key, _period, _value in bench.workspace.store.changed_observations(vintage)}
        if vintage.id > 1
        else set()
    )


def test_a_damaged_answer_is_asked_for_again(bench: Bench) -> None:
    """A file that was cut (the machine lost power) is none: its address is asked once more."""
    bench.series(BRENT)["2026-08"] = 85.1
    bench.run("fred", "ecb", days=0, approve=lambda _preview: False)
    kept = sorted(bench.workspace.settings.refresh_dir.glob("runs/*/*.gz"))
    assert len(kept) == 2
    for path in kept:
        path.write_bytes(path.read_bytes()[:-20])
    bench.replay.seen.clear()
    assert states(bench.run(days=0, is_resumed=True)) == {BRENT: "fresh", EURO: "unchanged"}
    assert sorted(bench.replay.paths()) == sorted([FRED_PATH, ECB_PATH])


def test_nothing_to_take_up_is_a_new_run(bench: Bench) -> None:
    """--resume after a run that ended, or was interrupted more than a day ago, is a run like any other."""
    bench.run(days=0)
    outcome = bench.run(days=40, is_resumed=True)
    assert results(outcome)[M3].state == "unchanged"
    assert bench.replay.paths().count(CENSUS_PATH) == 2
    journal = AnswerArchive(bench.workspace.settings.refresh_dir).begin(bench.clock(), RunOptions(("fred",)))
    assert journal.folder.is_dir()
    assert set(states(bench.run(days=0.9, is_resumed=True))) == {BRENT}
    AnswerArchive(bench.workspace.settings.refresh_dir).begin(bench.clock(), RunOptions(("fred",)))
    assert set(states(bench.run(days=1.1, is_resumed=True))) == {BRENT, EURO, M3}


@pytest.mark.slow
def test_a_store_from_a_backup_reads_again(bench_on_file: Bench, six: Path, tmp_path: Path) -> None:
    """Answers of a run that the store does not know are none: after a restore the figures are published once more."""
    bench = bench_on_file
    backup = copy_store(bench.workspace.settings.store_url, tmp_path, "backup.db") / "backup.db"
    bench.series(BRENT)["2026-08"] = 85.1
    bench.run("fred", days=0)
    assert bench.editions() == 2
    bench.workspace.close()
    path = bench.workspace.settings.store_path
    assert path is not None
    for name in ("own.db-wal", "own.db-shm"):
        path.with_name(name).unlink(missing_ok=True)
    backup.replace(path)
    bench.workspace = open_workspace(six, bench.workspace.settings.store_url, bench.clock)
    assert bench.editions() == 1
    assert states(bench.run("fred")) == {BRENT: "fresh"}
