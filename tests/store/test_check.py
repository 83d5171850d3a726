"""Check of a store: silent changes, dropped triggers and damage are found, by the command and by readiness."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from observatory.cli.parser import main
from observatory.errors import StoreError
from observatory.store import check
from observatory.store.store import Store
from tests.store.test_store import published

NOW = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{tmp_path / 'observatory.db'}", lambda: NOW)
    for day in range(3):
        published(opened, {"2020": 1.0 + day, "2021": 5.0}, day)
    yield opened
    opened.close()


def alter(store: Store, *statements: str, without: str = "") -> None:
    """Changes a store behind its back; a trigger that forbids it is put back afterwards, as if nothing was."""
    raw = sqlite3.connect(store.address, isolation_level=None)
    kept = raw.execute("SELECT sql FROM sqlite_master WHERE name = ?", (without,)).fetchone()
    if kept:
        raw.execute(f"DROP TRIGGER {without}")
    for statement in statements:
        raw.execute(statement)
    if kept:
        raw.execute(kept[0])
    raw.close()


CHANGES = {
    "value": ("observations_no_update", "UPDATE observations SET value = value + 1e-9 WHERE vintage = 2"),
    "deleted": ("observations_no_delete", "DELETE FROM observations WHERE vintage = 2 AND period = '2021'"),
    "added": ("observations_no_addition", "INSERT INTO observations VALUES (1, '1999', 2, 1.0)"),
    "date": ("vintages_no_update", "UPDATE vintages SET at = '2026-01-02T00:00:01+00:00' WHERE id = 2"),
    "author": ("vintages_no_update", "UPDATE vintages SET who = 'somebody' WHERE id = 2"),
    "study": ("replays_no_update", "UPDATE replays SET details = '{\"a\": 1}' WHERE vintage = 2"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_silent_change_is_found(change: str, store: Store) -> None:
    """One double, row, date or name that was changed names its edition, and that one alone; so does readiness."""
    assert store.find_faults() == []
    store.require_sound()
    trigger, statement = CHANGES[change]
    alter(store, statement, without=trigger)
    assert [(row.key, row.value) for row in store.find_faults()] == [("digest", "2")]
    with pytest.raises(StoreError, match=r"error\.store\.damaged"):
        store.require_sound()


def test_dropped_and_altered_triggers_are_found_and_made_again(store: Store) -> None:
    """A store without its guards is not ready; `store init` makes them again, and it is sound."""
    alter(
        store,
        "DROP TRIGGER calls_no_delete",
        "DROP TRIGGER keys_no_update",
        "CREATE TRIGGER keys_no_update BEFORE UPDATE ON keys BEGIN SELECT 1; END",
    )
    assert sorted(row.value for row in store.find_faults()) == ["calls_no_delete", "keys_no_update"]
    with pytest.raises(StoreError, match=r"error\.store\.damaged"):
        store.require_sound()
    store.initialise()
    assert store.find_faults() == []
    store.require_sound()


def test_editions_of_an_earlier_version_get_their_digests(store: Store) -> None:
    """A store without the table has it at the next opening, and digests at the next publication, the same ones."""
    before = store.summarise_digests()
    store.close()
    alter(store, "DROP TABLE digests")
    again = Store(f"sqlite:///{store.address}", lambda: NOW)
    assert [row.key for row in again.find_faults()] == ["unsealed"] * 3
    again.require_sound()
    again.record_digests()
    assert again.summarise_digests() == before
    published(again, {"2022": 1.0}, 9)
    assert again.find_faults() == []
    again.close()


def test_an_earlier_store_that_cannot_be_written_is_ready(store: Store) -> None:
    """Where the table of digests cannot be made, nothing is said of what it would hold; other triggers are missed."""
    alter(store, "DROP TABLE digests")
    store.require_sound()
    assert {row.key for row in store.find_faults()} == {"unsealed"}
    alter(store, "DROP TRIGGER calls_no_delete")
    with pytest.raises(StoreError, match=r"error\.store\.damaged"):
        store.require_sound()


def test_the_same_content_has_the_same_digest(store: Store, tmp_path: Path) -> None:
    """Digests depend on what is stored and on what was before, and on nothing of the file."""
    other = Store(f"sqlite:///{tmp_path / 'other.db'}", lambda: NOW)
    published(other, {"2020": 1.0, "2021": 5.0}, 0)
    published(other, {"2020": 2.0, "2021": 5.0}, 1)
    assert other.summarise_digests() != store.summarise_digests()
    published(other, {"2020": 3.0, "2021": 5.0}, 2)
    assert other.summarise_digests() == store.summarise_digests()
    other.close()


def test_an_edition_from_the_future_is_named(store: Store) -> None:
    """A date that a wrong clock has given is a fault that the check tells."""
    published(store, {"2020": 9.0}, 4000)
    assert [(row.key, row.value) for row in store.find_faults()] == [("future", "4 (2036-12-14)")]


def test_readiness_looks_at_every_edition_in_turn(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the time of the file says nothing, each edition is looked at within as many minutes."""
    now = [0.0]
    monkeypatch.setattr(check, "monotonic", lambda: now[0])
    store.require_sound()
    trigger, statement = CHANGES["value"]
    alter(store, statement, without=trigger)
    monkeypatch.setattr(store._file, "read_change", lambda: store._readiness._change)
    found = 0
    for _ in range(4):
        now[0] += 61
        try:
            store.require_sound()
        except StoreError:
            found += 1
    assert found


@pytest.fixture
def run(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    monkeypatch.setenv("OBSERVATORY_STORE", f"sqlite:///{store.address}")
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")

    def go(*words: str) -> tuple[int, str]:
        code = main(words, lambda: NOW)
        streams = capsys.readouterr()
        return code, streams.out + streams.err

    return go


def test_the_commands(run: Callable[..., tuple[int, str]], store: Store, tmp_path: Path) -> None:
    """`store check`, `check --store`, `backup`, `restore` and `store init`: each cure that is told works."""
    for words in (("store", "check"), ("check", "--store")):
        code, text = run(*words)
        assert code == 0
        assert store.summarise_digests()[1] in text
    assert run("backup", str(tmp_path / "b.db"))[0] == 0
    alter(store, "DROP TRIGGER calls_no_delete")
    code, text = run("store", "check")
    assert code == 1
    assert "observatory store init" in text
    assert run("store", "init")[0] == 0
    alter(store, CHANGES["value"][1], without=CHANGES["value"][0])
    code, text = run("check", "--store")
    assert code == 1
    assert "observatory restore" in text
    code, text = run("store", "check", "--format", "json")
    assert json.loads(text)["faults"] == [{"fault": "digest", "value": "2"}]
    store.close()
    assert run("restore", str(tmp_path / "b.db"))[0] == 0
    assert run("store", "check")[0] == 0
    code, text = run("backup", str(tmp_path))
    assert code == 2
    assert "is a folder" in text
