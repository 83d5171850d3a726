"""Power cuts, full disks, many at once: what was confirmed is there, what was not is absent, nothing is half."""

import hashlib
import json
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from observatory.errors import ConflictError, StoreError
from observatory.timeseries import find_value
from observatory.workspace import Workspace
from tests.support.paths import ROOT

AIRBUS = ("airbus_deliveries", "WORLD", "")


def file_of(workspace: Workspace) -> Path:
    found = workspace.settings.store_path
    assert found is not None
    return found


def opened(workspace: Workspace) -> Workspace:
    """Another workspace on the same store and data, as another process has it."""
    return Workspace(workspace.settings)


@pytest.mark.slow
def test_killed_at_random_moments_of_a_hundred_publications(small_file: Workspace) -> None:
    """Kill -9 anywhere in 100 publications: the store opens, what was confirmed is there, each vintage is whole."""
    store, data = small_file.settings.store_url, small_file.settings.data_dir
    script = Path(__file__).with_name("killed.py")
    run = subprocess.run(
        [sys.executable, str(script), store, str(data), "100", "20261123"],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    rows = [json.loads(line) for line in run.stdout.splitlines()]
    killed = sum(row.get("killed", False) for row in rows)
    assert killed > 20, "the delays no longer fall inside a publication"
    again = opened(small_file)
    for row in rows:
        if "file" in row:
            content = again.store.uploads.read_file(row["file"])
            assert content is not None
            assert hashlib.sha256(content).hexdigest() == row["file"]
    numbers = {vintage.id for vintage in again.store.vintages()}
    confirmed = {row["vintage"]: row["value"] for row in rows if "vintage" in row}
    assert confirmed.keys() <= numbers
    for number in sorted(numbers):
        outlook = again.get_outlook_by_number(number)
        assert len(outlook.calls) == 36
        assert outlook.forecasts.keys() == outlook.panel.keys()
        assert outlook.replayed_calls
        if number in confirmed:
            assert find_value(outlook.panel, AIRBUS, "2025") == confirmed[number]
    again.close()
    raw = sqlite3.connect(file_of(small_file))
    assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    raw.close()


@pytest.mark.slow
def test_four_writers_and_four_readers(small: Workspace) -> None:
    """Four who publish and four who read at once: no error but a conflict that is told, and no update is lost."""
    errors: list[Exception] = []

    def write(year: int) -> None:
        mine = opened(small)
        by = mine.access.open_operator_session(f"analyste {year}")
        for value in (1.0, 2.0, 3.0):
            content = f"indicator,geo,item,period,value\nairbus_deliveries,WORLD,,{year},{value}\n".encode()
            draft = mine.receive(f"{year}.csv", content, by)
            while True:
                preview = mine.build_preview(draft)
                assert preview.prepared is not None
                try:
                    mine.commit(preview.prepared, by, "")
                    break
                except ConflictError:
                    draft = mine.redraft(draft, by)
        mine.close()

    def look() -> None:
        mine = opened(small)
        for _ in range(40):
            outlook = mine.get_outlook()
            assert len(outlook.calls) == 36
            assert outlook.panel.keys() == outlook.forecasts.keys()
        mine.close()

    def guarded(work: object, *values: int) -> None:
        try:
            assert callable(work)
            work(*values)
        except Exception as error:  # noqa: BLE001 - whatever it is, it fails the test
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(write, year)) for year in (1971, 1972, 1973, 1974)]
    threads += [threading.Thread(target=guarded, args=(look,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(1200)
    assert not any(thread.is_alive() for thread in threads)
    assert errors == []
    assert len(small.store.vintages()) == 1 + 12
    panel = small.get_outlook().panel
    assert [find_value(panel, AIRBUS, str(year)) for year in (1971, 1972, 1973, 1974)] == [3.0] * 4


@pytest.mark.slow
def test_a_full_disk_is_a_sentence(small_file: Workspace) -> None:
    """Where the disk takes no more, a publication stops with its cure, and the store is as it was before."""
    by = small_file.access.open_operator_session("analyste")
    content = b"indicator,geo,item,period,value\nairbus_deliveries,WORLD,,2025,812\n"
    preview = small_file.build_preview(small_file.receive("a.csv", content, by))
    assert preview.prepared is not None
    before = small_file.store.vintages()
    size_limit = (
        file_of(small_file).with_name("small.db-wal").stat().st_size + 4096
    )  # a publication is written there first
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size_limit, hard))
        with pytest.raises(StoreError) as caught:
            small_file.commit(preview.prepared, by, "x" * 500_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, ignored)
    assert caught.value.key == "error.store.full"
    assert small_file.store.vintages() == before
    assert small_file.commit(preview.prepared, by, "").id > before[-1].id
