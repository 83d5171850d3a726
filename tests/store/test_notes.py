"""The log of the cluster's notes: append-only, one writer after another, readable as of any of its rows."""

import os
import signal
import sqlite3
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from observatory.errors import StoreError
from observatory.store import engine, schema, sqlite
from observatory.store.notes import NoteContent, NoteRecord, Notes, list_standing
from observatory.store.records import VintageBatch
from observatory.store.store import Store

NOW = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
CONTENT = NoteContent("segment", "space", "Un texte.\nEncore.", "A text.", "P. N.", "expert", date(2026, 11, 30), "")
WHOLE = NoteContent("whole", "", "Pour tous.", "", "P. N.", "expert", date(2026, 11, 30), "https://exemple.fr/a")


def open_store(path: Path | str, moments: list[datetime] | None = None) -> Store:
    address = path if isinstance(path, str) else f"sqlite:///{path}"
    return Store(address, clock=lambda: moments[-1] if moments else NOW)


@pytest.fixture
def address(store_address: str) -> str:
    """A store with an edition of the first of January 2026: once a file, once a database."""
    made = open_store(store_address)
    made.publish(VintageBatch(datetime(2026, 1, 1, tzinfo=UTC), "x", "", "", "0", [], {}), None, [], [], {})
    made.close()
    return store_address


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with an edition of the first of January 2026."""
    made = open_store(tmp_path / "observatory.db")
    made.publish(VintageBatch(datetime(2026, 1, 1, tzinfo=UTC), "x", "", "", "0", [], {}), None, [], [], {})
    made.close()
    return tmp_path / "observatory.db"


def test_the_log_is_read_back_as_it_was_written(address: str) -> None:
    """Notes and withdrawals in their order, with who wrote them and when; only notes that stand are listed."""
    store = open_store(address)
    first = store.notes.publish(CONTENT, "analyste")
    second = store.notes.publish(WHOLE, "autre")
    third = store.notes.withdraw(first.id, "erreur", "autre")
    store.close()
    again = open_store(address)
    assert again.notes.list_records() == (first, second, third)
    assert (first.content, first.who, first.at, first.edition, first.withdraws) == (CONTENT, "analyste", NOW, 1, None)
    assert (third.content, third.who, third.withdraws, third.reason) == (None, "autre", 1, "erreur")
    assert [row.content for row in list_standing(again.notes.list_records())] == [WHOLE]
    assert [row.content for row in list_standing(again.notes.list_records()[:2])] == [WHOLE, CONTENT]
    assert again.find_faults() == []
    again.close()


def test_a_note_stands_once_and_is_withdrawn_once(address: str) -> None:
    """The same note twice, a number that is none, a withdrawal twice and of a withdrawal are refused by name."""
    store = open_store(address)
    store.notes.publish(CONTENT, "a")
    with pytest.raises(StoreError, match=r"error\.note\.same \(id=1\)"):
        store.notes.publish(CONTENT, "b")
    store.notes.withdraw(1, "r", "a")
    for number, key in ((1, "withdrawn"), (2, "unknown"), (99, "unknown")):
        with pytest.raises(StoreError, match=rf"error\.note\.{key}"):
            store.notes.withdraw(number, "r", "a")
    assert store.notes.publish(CONTENT, "a").id == 3  # what was withdrawn may be said again
    store.close()


def test_a_store_without_an_edition_takes_no_note(store_address: str) -> None:
    """A note stands beside an edition: without one it is refused, with the cure."""
    store = open_store(store_address)
    with pytest.raises(StoreError, match=r"error\.store\.empty"):
        store.notes.publish(CONTENT, "a")
    store.close()


def test_a_revoked_key_writes_nothing(address: str) -> None:
    """The key is looked up under the lock of the write itself, for a note and for a withdrawal."""
    store = open_store(address)
    key, _text = store.keys.create("analyste")
    store.notes.publish(CONTENT, "analyste", key.id)
    store.keys.revoke("analyste")
    with pytest.raises(StoreError, match=r"error\.access\.revoked"):
        store.notes.publish(WHOLE, "analyste", key.id)
    with pytest.raises(StoreError, match=r"error\.access\.revoked"):
        store.notes.withdraw(1, "r", "analyste", key.id)
    assert len(store.notes.list_records()) == 1
    store.close()


def test_rows_are_dated_in_their_order(address: str) -> None:
    """A clock that goes back dates no row before the one before it, nor before its edition."""
    moments = [datetime(2025, 6, 1, tzinfo=UTC)]
    store = open_store(address, moments)
    assert store.notes.publish(CONTENT, "a").at == datetime(2026, 1, 1, tzinfo=UTC)
    moments.append(NOW)
    assert store.notes.publish(WHOLE, "a").at == NOW
    moments.append(NOW - timedelta(days=9))
    last = store.notes.withdraw(1, "r", "a")
    assert (last.at, last.recorded) == (NOW, NOW - timedelta(days=9))
    store.close()


def test_nobody_changes_the_log(path: Path) -> None:
    """Whoever opens the file: the triggers refuse updates, deletes, replacements, and a second withdrawal."""
    store = open_store(path)
    store.notes.publish(CONTENT, "a")
    store.notes.withdraw(1, "r", "a")
    store.close()
    raw = sqlite3.connect(path)
    copied = ", ".join(column.name for column in schema.notes.c if column.name != "id")
    for statement in (
        "UPDATE notes SET text_fr = ''",
        "DELETE FROM notes",
        "INSERT OR REPLACE INTO notes SELECT * FROM notes WHERE id = 1",
        f"INSERT INTO notes ({copied}) SELECT {copied} FROM notes WHERE id = 2",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            raw.execute(statement)
    raw.close()


@pytest.mark.parametrize(
    ("statement", "number"),
    [
        ("UPDATE notes SET text_fr = 'Autre.' WHERE id = 1", "1"),
        ("UPDATE notes SET day = '2020-01-01' WHERE id = 2", "2"),
        ("UPDATE notes SET who = 'x' WHERE id = 3", "3"),
        ("DELETE FROM notes WHERE id = 3", "3"),
        ("DELETE FROM notes WHERE id = 2", "3"),
    ],
)
def test_a_change_behind_our_back_is_found(path: Path, statement: str, number: str) -> None:
    """Without the triggers a row can be changed or removed: the check names it, or the row that lost it."""
    store = open_store(path)
    store.notes.publish(CONTENT, "a")
    store.notes.publish(WHOLE, "a")
    store.notes.withdraw(1, "r", "a")
    store.close()
    raw = sqlite3.connect(path)
    for verb in ("update", "delete"):
        raw.execute(f"DROP TRIGGER notes_no_{verb}")
    raw.execute(statement)
    raw.commit()
    raw.close()
    engine.create_schema(engine.open_engine(f"sqlite:///{path}")[0])  # the triggers, so that only the row is wrong
    store = open_store(path)
    assert [(row.key, row.value) for row in store.find_faults()] == [("note", number)]
    store.close()


def test_a_store_from_before_notes_gains_their_table(path: Path) -> None:
    """A store of version 5 opens with what it had, without a note, and takes one; read-only it is read as it is."""
    raw = sqlite3.connect(path)
    raw.execute("DROP TABLE notes")
    raw.execute("PRAGMA user_version = 5")
    raw.commit()
    raw.close()
    sealed = sqlite.open_sealed(path)
    assert Notes(sealed, str(path), lambda: NOW).list_records() == ()
    sealed.dispose()
    store = open_store(path)
    assert [row.id for row in store.vintages()] == [1]
    assert store.notes.list_records() == ()
    record = store.notes.publish(CONTENT, "a")
    assert store.notes.list_records() == (record,)
    assert store.find_faults() == []
    store.close()
    raw = sqlite3.connect(path)
    assert raw.execute("PRAGMA user_version").fetchone() == (schema.SCHEMA_VERSION,)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        raw.execute("DELETE FROM notes")
    raw.close()


def test_two_writers_take_turns(address: str) -> None:
    """Of two who publish the same note at once one is refused; different notes all stand, in one sound chain."""
    refused: list[str] = []
    barrier = threading.Barrier(2)

    def write(name: str) -> None:
        store = open_store(address)
        for number in range(8):
            barrier.wait()
            try:
                store.notes.publish(replace(CONTENT, text_fr=f"Note {number}."), name)
            except StoreError as error:
                refused.append(error.key)
            store.notes.publish(replace(WHOLE, text_fr=f"Note {number} de {name}."), name)
        store.close()

    threads = [threading.Thread(target=write, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert refused == ["error.note.same"] * 8
    store = open_store(address)
    records = store.notes.list_records()
    assert [row.id for row in records] == list(range(1, 25))
    assert len({row.content for row in records}) == 24
    assert store.find_faults() == []
    store.close()


@pytest.mark.slow
def test_what_was_confirmed_outlives_a_kill(address: str) -> None:
    """Writers that are killed at random moments leave a sound store with every note that they confirmed."""
    confirmed = 0
    for turn in range(12):
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            store = open_store(address)
            for number in range(1000):
                store.notes.publish(replace(CONTENT, text_fr=f"Note {turn} {number}."), "a")
                os.write(writing, b".")
            os._exit(0)
        os.close(writing)
        os.read(reading, 1)  # it has written one
        threading.Event().wait(0.004 * turn)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with os.fdopen(reading, "rb") as confirmations:
            confirmed += 1 + len(confirmations.read())
        store = open_store(address)
        rows = store.notes.list_records()
        assert confirmed <= len(rows) <= confirmed + turn + 1
        assert store.find_faults() == []
        store.close()


steps = st.lists(st.one_of(st.none(), st.integers(1, 12)), max_size=25)


@given(steps)
def test_what_stands_is_what_a_list_would_hold(plan: list[int | None]) -> None:
    """After every row: None adds a note, a number withdraws that row if it stands; the newest note comes first."""
    records: list[NoteRecord] = []
    standing: list[int] = []
    for step in plan:
        number = len(records) + 1
        if step is None:
            records.append(NoteRecord(number, NOW, NOW, 1, "a", CONTENT))
            standing.insert(0, number)
        elif step in standing:
            records.append(NoteRecord(number, NOW, NOW, 1, "a", None, step, "r"))
            standing.remove(step)
        assert [row.id for row in list_standing(records)] == standing


def test_the_log_is_read_once_for_each_change_of_it(address: str) -> None:
    """Without a change one row is read; what another server publishes or withdraws is there at the next reading."""
    store, other, read = open_store(address), open_store(address), list[str]()
    store.notes.publish(CONTENT, "a")
    store.notes.publish(WHOLE, "a")
    records = store.notes.list_records()
    event.listen(store._engine, "after_cursor_execute", lambda *given: read.append(str(given[2])))
    assert store.notes.list_records() is records
    selected = [statement for statement in read if statement.startswith("SELECT")]
    assert len(selected) == 1
    assert "LIMIT" in selected[0]
    withdrawn = other.notes.withdraw(1, "r", "b")
    assert store.notes.list_records() == (*records, withdrawn)
    assert [row.content for row in list_standing(store.notes.list_records())] == [WHOLE]
    published = other.notes.publish(CONTENT, "b")
    assert store.notes.list_records() == (*records, withdrawn, published)
    store.close()
    other.close()
