"""What a store cannot do is a sentence with its cure: a log that cannot be read, a pool that is full."""

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from observatory.errors import StoreError
from observatory.language import Localizer
from observatory.store import backend, sqlite
from observatory.store.store import Store
from tests.store.test_store import published
from tests.support.paths import ROOT


def left_with_log(tmp_path: Path) -> Path:
    """A copy of a store that was cut off with an edition in its log, as a snapshot of a disk has it."""
    path = tmp_path / "live.db"
    store = Store(f"sqlite:///{path}")
    published(store, {"2020": 1.0})
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("PRAGMA wal_autocheckpoint = 0")
    raw.execute("CREATE TABLE unrelated (id INTEGER)")
    folder = tmp_path / "snapshot"
    folder.mkdir()
    for ending in ("", "-wal"):
        shutil.copyfile(f"{path}{ending}", folder / f"live.db{ending}")
    raw.close()
    store.close()
    assert (folder / "live.db-wal").stat().st_size > 0
    return folder / "live.db"


def test_a_log_on_a_read_only_folder_is_not_ignored(tmp_path: Path) -> None:
    """Where the log cannot be read the store is refused; with an empty log it is opened."""
    path = left_with_log(tmp_path)
    with pytest.raises(StoreError, match=r"error\.store\.log"):
        sqlite.open_sealed(path)
    path.with_name("live.db-wal").write_bytes(b"")
    sqlite.open_sealed(path).dispose()


def test_the_cure_for_a_log_works(tmp_path: Path) -> None:
    """Opened where it can be written, the file gets what its log holds, and can then be read anywhere."""
    path = left_with_log(tmp_path)
    Store(f"sqlite:///{path}").close()
    made = sqlite.open_sealed(path)
    with made.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM unrelated").scalar_one() == 0
    made.dispose()


def test_a_full_pool_says_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks while all connections are in use is told to come back, not to restore a backup."""
    monkeypatch.setattr(backend, "POOL_SECONDS", 0.1)
    store = Store(f"sqlite:///{tmp_path / 'a.db'}")
    published(store, {"2020": 1.0})
    held = [store._engine.connect() for _ in range(backend.MAX_CONNECTIONS)]
    with pytest.raises(StoreError) as caught:
        store.vintages()
    assert caught.value.key == "error.store.crowded"
    for language in ("fr", "en"):
        assert Localizer(language).error_text(caught.value.key, caught.value.values)
    for connection in held:
        connection.close()
    assert len(store.vintages()) == 1
    store.close()


WITHOUT_DRIVER = """
import sys
sys.modules["psycopg"] = None  # as if it were not installed
from observatory.errors import StoreError
from observatory.store.store import Store
print(Store(sys.argv[1]).vintages())
try:
    Store("postgresql://me:s3cret@127.0.0.1/observatory")
except StoreError as error:
    print(error)
"""


def test_a_file_needs_no_driver(tmp_path: Path) -> None:
    """Without the driver of PostgreSQL a file opens; a database is refused with what to install, and no password."""
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_DRIVER, f"sqlite:///{tmp_path / 'a.db'}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == ["()", "error.store.driver (path=postgresql://me@127.0.0.1/observatory)"]
