"""A store file that is replaced, overwritten or removed while open: noticed at the next read, nothing lost."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from observatory import workspace as opening
from observatory.errors import ObservatoryError, StoreError
from observatory.store.store import Store
from observatory.workspace import Workspace
from tests.store.test_store import published, values
from tests.support.clients import application


def copy_whole(source: Path, target: Path) -> Path:
    """A copy by SQLite's own backup, in one file."""
    with sqlite3.connect(source) as one, sqlite3.connect(target) as other:
        one.backup(other)
    one.close()
    other.close()
    return target


def move_over(backup: Path, path: Path) -> None:
    backup.replace(path)


def copy_over(backup: Path, path: Path) -> None:
    """As `cp` does: the file stays the same one, with other bytes."""
    shutil.copyfile(backup, path)


def move_folder(backup: Path, path: Path) -> None:
    """The folder of the store is renamed, and another is put in its place."""
    path.parent.rename(path.parent.with_name("aside"))
    path.parent.mkdir()
    shutil.copyfile(backup, path)


RESTORES = (move_over, copy_over, move_folder)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Store, Path]]:
    """An open store of five editions, and a backup of its first two."""
    path = tmp_path / "store" / "observatory.db"
    store = Store(f"sqlite:///{path}")
    for day in range(2):
        published(store, {"2020": 1.0 + day}, day)
    backup = copy_whole(path, tmp_path / "backup.db")
    for day in range(2, 5):
        published(store, {"2020": 1.0 + day}, day)
    yield store, backup
    store.close()


@pytest.mark.parametrize("restore", RESTORES)
def test_a_restore_is_noticed_at_the_next_read(pair: tuple[Store, Path], restore: Callable[[Path, Path], None]) -> None:
    """After a restore the open store answers and acknowledges nothing; opened anew it holds the backup, whole."""
    store, backup = pair
    path = Path(store.address)
    assert len(store.vintages()) == 5
    restore(backup, path)
    with pytest.raises(StoreError, match=r"error\.store\.replaced"):
        store.vintages()
    with pytest.raises(StoreError, match=r"error\.store\.replaced"):
        published(store, {"2021": 9.0}, 30)
    assert store.is_replaced()
    store.close()
    again = Store(f"sqlite:///{path}")
    assert [row.id for row in again.vintages()] == [1, 2]
    assert values(again, again.vintages()[-1]) == {"2020": 2.0}
    published(again, {"2021": 9.0}, 30)
    again.close()
    raw = sqlite3.connect(path)
    assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert raw.execute("SELECT count(*) FROM publications").fetchone() == (3,)
    raw.close()


def test_a_removed_store_takes_no_publication(pair: tuple[Store, Path]) -> None:
    """Once its file is removed nothing is acknowledged: the file would be gone at a restart."""
    store, _backup = pair
    Path(store.address).unlink()
    with pytest.raises(StoreError, match=r"error\.store\.replaced"):
        published(store, {"2021": 9.0}, 30)
    with pytest.raises(StoreError, match=r"error\.store\.replaced"):
        store.keys.create("analyste")


def test_a_newer_copy_with_the_same_history_goes_on(pair: tuple[Store, Path], tmp_path: Path) -> None:
    """What another process publishes to the same file is read, and is no replacement."""
    store, _backup = pair
    other = Store(f"sqlite:///{store.address}")
    published(other, {"2022": 7.0}, 40)
    other.close()
    assert len(store.vintages()) == 6
    assert not store.is_replaced()


def test_one_file_holds_all_that_was_acknowledged(pair: tuple[Store, Path], tmp_path: Path) -> None:
    """After each publication the log is empty: the one file, copied alone, holds every edition."""
    store, _backup = pair
    alone = tmp_path / "alone.db"
    shutil.copyfile(store.address, alone)
    raw = sqlite3.connect(alone)
    assert raw.execute("SELECT count(*) FROM publications").fetchone() == (5,)
    raw.close()


@pytest.fixture
def serving(
    small_file: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[tuple[TestClient, Path, Path]]:
    """The API over the workspace of the process, its store, and a backup of it before a second edition."""
    path = Path(small_file.store.address)
    backup = copy_whole(path, tmp_path / "backup.db")
    monkeypatch.setenv("OBSERVATORY_STORE", small_file.settings.store_url)
    monkeypatch.setenv("OBSERVATORY_DATA", str(small_file.settings.data_dir))
    opening.forget_workspace()
    publish_figure(opening.get_workspace(), 11.0)
    yield TestClient(application(opening.get_workspace)), path, backup
    if path.exists():
        opening.get_workspace().close()
    opening.forget_workspace()


def publish_figure(workspace: Workspace, value: float) -> int:
    by = workspace.access.open_operator_session("analyste")
    content = f"indicator,geo,item,period,value\nairbus_deliveries,WORLD,,1971,{value}\n".encode()
    preview = workspace.build_preview(workspace.receive("f.csv", content, by))
    assert preview.prepared is not None
    return workspace.commit(preview.prepared, by, "").id


@pytest.mark.parametrize("restore", [move_over, copy_over])
def test_a_server_goes_on_with_the_restored_store(
    serving: tuple[TestClient, Path, Path], restore: Callable[[Path, Path], None]
) -> None:
    """Readiness, pages and answers are of the restored file at once, and what is published then is in it."""
    client, path, backup = serving
    assert client.get("/readyz").json()["vintage"] == 2
    url = "/api/v1/observations.json?indicator=airbus_deliveries&asof=e2&lang=en"
    first = client.get(url).content

    cleared: list[int] = []
    opening.clear_when_replaced(lambda: cleared.append(1))
    restore(backup, path)
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["vintage"]) == (200, 1)
    assert cleared == [1]
    assert client.get(url).status_code == 404
    assert publish_figure(opening.get_workspace(), 22.0) == 2
    assert client.get(url).content != first
    raw = sqlite3.connect(path)
    assert raw.execute("SELECT count(*) FROM publications").fetchone() == (2,)
    raw.close()


def test_a_server_without_its_store_says_so(serving: tuple[TestClient, Path, Path]) -> None:
    """A removed store is not ready, is not made anew, and is read again once it is put back."""
    client, path, backup = serving
    path.unlink()
    for url in ("/readyz", "/api/v1/calls.json", "/readyz"):
        answer = client.get(url)
        assert (answer.status_code, answer.json()["error"]) == (503, "error.store.missing")
    with pytest.raises(ObservatoryError, match=r"error\.store\.missing"):
        opening.get_workspace()
    assert not path.exists()
    assert client.get("/healthz").status_code == 200
    backup.replace(path)
    assert client.get("/readyz").json()["vintage"] == 1


def test_sign_ins_end_with_the_store_that_they_were_checked_in(serving: tuple[TestClient, Path, Path]) -> None:
    """Key numbers of another store mean other people: a session ends, the key of this start goes on."""
    _client, path, backup = serving
    before = opening.get_workspace()
    start = before.access.issue_start_key()
    by = before.access.open_operator_session("analyste")
    backup.replace(path)
    after = opening.get_workspace()
    assert after is not before
    with pytest.raises(ObservatoryError, match=r"error\.access\.none"):
        after.access.require_session(by)
    assert after.access.issue_start_key() == start
