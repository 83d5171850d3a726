"""Copies of stores between files and databases: the same rows and numbers, or nothing."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Table, insert, select

from observatory.cli.parser import main
from observatory.errors import StoreError
from observatory.store import copy, schema
from observatory.store.store import Store
from observatory.store.uploads import UploadDraft
from tests.store.test_notes import CONTENT, WHOLE
from tests.store.test_refreshes import REPORT
from tests.store.test_store import head, published, values

NOW = datetime(2026, 12, 1, tzinfo=UTC)
Run = Callable[..., tuple[int, str]]


def fill(address: str) -> Store:
    """A store with something in every table: editions, files, drafts, keys, notes, a report of a refresh."""
    store = Store(address, lambda: NOW)
    first = published(store, {"2023": 1.5, "2024": 0.1 + 0.2, "2025": 1e-300})
    file = store.uploads.save_file("é.csv", bytes(range(256)), "analyste")
    plain = UploadDraft(0, file, "é.csv", "analyste", NOW, first.id, {"decimal": ","}, {"x": {"title_fr": "É"}}, None)
    draft = store.uploads.save_draft(plain)
    second = store.uploads.save_draft(replace(plain, replaces=draft.id))
    store.uploads.discard_draft(second.id, "analyste")
    published(store, {"2024": None, "2026": -3.0}, 2)
    store.keys.create("analyste")
    store.keys.revoke("analyste")
    store.keys.create("autre")
    note = store.notes.publish(CONTENT, "analyste", None)
    store.notes.publish(WHOLE, "analyste")
    store.notes.withdraw(note.id, "erreur", "autre")
    store.refreshes.save(REPORT)
    return store


def rows(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of a store, by table."""
    with store._engine.connect() as connection:
        return {
            name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for name, table in schema.metadata.tables.items()
        }


@pytest.mark.postgresql
def test_there_and_back_is_the_same(make_database: Callable[[], str], tmp_path: Path) -> None:
    """File to database to database to file: every row and digest is the same, and each goes on with its numbers."""
    addresses = [f"sqlite:///{tmp_path / 'a.db'}", make_database(), make_database(), f"sqlite:///{tmp_path / 'b.db'}"]
    first = fill(addresses[0])
    expected, digest = rows(first), first.summarise_digests()
    first.close()
    assert all(len(expected[name]) for name in ("files", "drafts", "discards", "keys", "revocations", "notes"))
    for source, target in pairwise(addresses):
        assert copy.copy_store(source, target) == 2
    for address in addresses:
        store = Store(address, lambda: NOW)
        assert rows(store) == expected
        assert (store.find_faults(), store.summarise_digests()) == ([], digest)
        assert published(store, {"2027": 1.0}, 4).id == 3
        assert store.keys.create("nouveau")[0].id == 3
        assert store.notes.publish(replace(CONTENT, text_fr="Autre."), "a").id == 4
        assert store.find_faults() == []
        store.close()


def test_a_target_that_is_not_empty_is_left_alone(make_address: Callable[[], str]) -> None:
    """A store with as little as one key is refused; so is a source that is not there, of which nothing is made."""
    source, target, absent = make_address(), make_address(), make_address()
    fill(source).close()
    other = Store(target)
    other.keys.create("one")
    with pytest.raises(StoreError, match=r"error\.copy\.not_empty"):
        copy.copy_store(source, target)
    assert (other.vintages(), len(other.keys.list_keys())) == ((), 1)
    other.close()
    if absent.startswith("sqlite"):
        with pytest.raises(StoreError, match=r"error\.copy\.absent"):
            copy.copy_store(absent, make_address())
        assert not Path(absent.removeprefix("sqlite:///")).exists()


def test_a_copy_that_differs_is_not_kept(make_address: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is read back otherwise than it was read leaves the target empty, and names what differs."""
    source, target = make_address(), make_address()
    fill(source).close()
    copy_rows = copy._copy_rows

    def tamper(reading: Connection, writing: Connection, table: Table) -> None:
        if table is not schema.observations:
            copy_rows(reading, writing, table)
            return
        for part in copy._read_rows(reading, table):
            writing.execute(insert(table), [{**row, "value": 7.0} for row in part])

    monkeypatch.setattr(copy, "_copy_rows", tamper)
    with pytest.raises(StoreError, match=r"error\.copy\.differs \(.*what=observations\)"):
        copy.copy_store(source, target)
    left = Store(target)
    assert (head(left), rows(left)["observations"]) == (None, [])
    left.close()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")

    def go(address: str, *words: str) -> tuple[int, str]:
        monkeypatch.setenv("OBSERVATORY_STORE", address)
        code = main(words, lambda: NOW)
        streams = capsys.readouterr()
        return code, streams.out + streams.err

    return go


@pytest.mark.postgresql
def test_the_commands_on_a_database(run: Run, make_database: Callable[[], str], tmp_path: Path) -> None:
    """copy, store check, backup and store init; and what `restore` says is to be done works when it is done."""
    file, database, other = tmp_path / "a.db", make_database(), make_database()
    store = fill(f"sqlite:///{file}")
    digest = store.summarise_digests()[1]
    store.close()
    assert run("", "copy", str(file), database)[0] == 0
    code, text = run(database, "store", "check")
    assert (code, digest in text, "2 editions" in text) == (0, True, True)
    backup = tmp_path / "backup.db"
    assert run(database, "backup", str(backup))[0] == 0
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith("backup")) == ["backup.db"]
    assert run(database, "backup", str(backup))[0] == 0  # a backup of that name is replaced
    (tmp_path / "letter").write_text("x" * 9000)
    assert run(database, "backup", str(tmp_path / "letter"))[0] == 2
    code, text = run(database, "restore", str(backup))
    assert (code, f"observatory copy {backup} ADDRESS" in text) == (2, True)
    code, text = run("", "copy", str(backup), other, "--format", "json")
    assert (code, json.loads(text)["editions"]) == (0, 2)
    assert run(other, "store", "init")[0] == 0
    code, text = run(other, "check", "--store", "--format", "json")
    assert (code, json.loads(text)) == (0, {"ok": True, "editions": 2, "digest": digest, "faults": []})
    code, text = run("", "copy", str(file), other)
    assert (code, "is not empty" in text) == (2, True)
    restored = Store(f"sqlite:///{backup}")
    assert values(restored, restored.vintages()[-1]) == {"2023": 1.5, "2025": 1e-300, "2026": -3.0}
    restored.close()


@pytest.mark.postgresql
def test_nothing_is_made_by_looking(run: Run, make_database: Callable[[], str]) -> None:
    """`store check` of a database without a store says that there is none, and makes none."""
    empty = make_database()
    for _ in range(2):
        code, text = run(empty, "store", "check")
        assert (code, "There is no store at postgresql://" in text) == (2, True)
