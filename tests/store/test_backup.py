"""Backups: whole while others write, checked before they take a name, and back in one step."""

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from observatory.errors import StoreError
from observatory.store.backup import FORMER, back_up, restore_backup
from observatory.store.store import Store
from tests.store.test_store import published, values

NOW = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{tmp_path / 'observatory.db'}")
    for day in range(3):
        published(opened, {"2020": 1.0 + day}, day)
    yield opened
    opened.close()


def back_up_under_load(store: Store, folder: Path, count: int) -> None:
    """Backups while two writers publish: each holds what was published when it began, whole."""
    done = threading.Event()

    def write() -> None:
        mine = Store(f"sqlite:///{store.address}")
        day = 10
        while not done.is_set():
            published(mine, {f"{1900 + day % 100}": float(day)}, day)
            day += 1
        mine.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(count):
            before = len(store.vintages())
            target = folder / f"{number}.db"
            editions = back_up(Path(store.address), target)
            after = len(store.vintages())
            assert before <= editions <= after
            raw = sqlite3.connect(target)
            assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert raw.execute("SELECT count(*) FROM replays").fetchone() == (editions,)
            raw.close()
            assert [path.name for path in folder.iterdir() if path.name.startswith(f"{number}.")] == [target.name]
    finally:
        done.set()
        writer.join(60)
    assert len(store.vintages()) > 3


def test_backups_under_load_are_whole(store: Store, tmp_path: Path) -> None:
    """Four backups while somebody publishes: all sound, complete, and one file each."""
    folder = tmp_path / "backups"
    folder.mkdir()
    back_up_under_load(store, folder, 4)


@pytest.mark.slow
def test_twenty_backups_under_load_are_whole(store: Store, tmp_path: Path) -> None:
    """Twenty of them."""
    folder = tmp_path / "backups"
    folder.mkdir()
    back_up_under_load(store, folder, 20)


def test_a_backup_comes_back(store: Store, tmp_path: Path) -> None:
    """A restore brings the editions of the backup; an open store notices, and what was there lies beside it."""
    path, backup = Path(store.address), tmp_path / "b.db"
    assert back_up(path, backup) == 3
    published(store, {"2020": 9.0}, 9)
    assert restore_backup(backup, path, NOW) == 3
    with pytest.raises(StoreError, match=r"error\.store\.replaced"):
        store.vintages()
    store.close()
    again = Store(f"sqlite:///{path}")
    assert values(again, again.vintages()[-1]) == {"2020": 3.0}
    published(again, {"2020": 5.0}, 20)
    assert again.find_faults() == []
    again.close()
    former = sqlite3.connect(f"{path}{FORMER}")
    assert former.execute("SELECT count(*) FROM publications").fetchone() == (4,)
    former.close()
    assert back_up(path, backup) == 4  # a backup of the same name is replaced


def test_a_store_cut_off_in_a_write_is_replaced_without_its_log(store: Store, tmp_path: Path) -> None:
    """The log that a crash has left is never applied to the backup."""
    backup = tmp_path / "b.db"
    back_up(Path(store.address), backup)
    cut = tmp_path / "cut"
    cut.mkdir()
    raw = sqlite3.connect(store.address, isolation_level=None)
    raw.execute("PRAGMA wal_autocheckpoint = 0")
    raw.execute("CREATE TABLE unrelated (id INTEGER)")
    for ending in ("", "-wal"):
        shutil.copyfile(f"{store.address}{ending}", cut / f"observatory.db{ending}")
    raw.close()
    restore_backup(backup, cut / "observatory.db", NOW)
    found = sqlite3.connect(cut / "observatory.db")
    assert found.execute("SELECT count(*) FROM sqlite_master WHERE name = 'unrelated'").fetchone() == (0,)
    assert found.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    found.close()


def changed(backup: Path, *statements: str) -> None:
    raw = sqlite3.connect(backup, isolation_level=None)
    for statement in statements:
        raw.execute(statement)
    raw.close()


def flip(backup: Path) -> None:
    content = bytearray(backup.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 4096] = b"\xff" * 4096
    backup.write_bytes(content)


FAULTS: dict[str, Callable[[Path], object]] = {
    "text": lambda path: path.write_text("no database"),
    "empty": lambda path: path.write_bytes(b""),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:8192]),
    "flipped": flip,
    "foreign": lambda path: changed(path, "PRAGMA application_id = 7"),
    "newer": lambda path: changed(path, "PRAGMA user_version = 99"),
    "altered": lambda path: changed(
        path, "DROP TRIGGER observations_no_update", "UPDATE observations SET value = 7 WHERE vintage = 1"
    ),
    "absent": Path.unlink,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_no_sound_backup_replaces_nothing(fault: str, store: Store, tmp_path: Path) -> None:
    """A file that is damaged, changed, of another program or newer is refused, and the store is as it was."""
    path, backup = Path(store.address), tmp_path / "b.db"
    back_up(path, backup)
    FAULTS[fault](backup)
    before = path.stat().st_ino
    with pytest.raises(StoreError):
        restore_backup(backup, path, NOW)
    assert (path.stat().st_ino, len(store.vintages())) == (before, 3)
    assert not [row for row in tmp_path.iterdir() if row.name.endswith((".part", ".restored"))]


def test_a_backup_overwrites_no_other_file(store: Store, tmp_path: Path) -> None:
    """Neither the store itself nor a file of anything else is overwritten, and a folder is none."""
    path, other = Path(store.address), tmp_path / "letter.txt"
    other.write_text("dear")
    for target in (path, other, tmp_path, tmp_path / "absent" / "b.db"):
        with pytest.raises(StoreError):
            back_up(path, target)
    assert other.read_text() == "dear"
    with pytest.raises(StoreError, match=r"error\.backup\.absent"):
        back_up(tmp_path / "none.db", tmp_path / "b.db")
    assert not (tmp_path / "none.db").exists()
