"""The store: append-only, whole or absent, readable as of any moment."""

import hashlib
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, insert, select

from observatory.errors import ConflictError, StoreError
from observatory.store import engine, schema, sqlite
from observatory.store import store as store_module
from observatory.store.records import Vintage, VintageBatch, build_vintage
from observatory.store.store import Store
from observatory.timeseries import StoredObservation
from observatory.workspace import Workspace
from tests.support.curated import count_figures, count_series
from tests.support.paths import ROOT
from tests.support.stores import find_file

START = datetime(2026, 1, 1, tzinfo=UTC)
KEY = ("esa_budget", "ESA", "")


def batch(values: dict[str, float | None], days: int = 0) -> VintageBatch:
    rows = [(KEY, period, value) for period, value in values.items()]
    digest = hashlib.sha256(repr((values, days)).encode()).hexdigest()
    return VintageBatch(START + timedelta(days=days), "analyste", "motif", "note", digest, rows, {})


def published(store: Store, values: dict[str, float | None], days: int = 0) -> Vintage:
    return store.publish(batch(values, days), head(store), [], [], {})


def head(store: Store) -> int | None:
    newest = store.find_vintage()
    return newest.id if newest else None


def values(store: Store, vintage: Vintage) -> dict[str, float]:
    return {row.period: row.value for row in store.observations(vintage)}


@pytest.fixture
def store(store_address: str) -> Iterator[Store]:
    opened = Store(store_address)
    yield opened
    opened.close()


def test_a_null_character_is_left_out(store: Store) -> None:
    """PostgreSQL cannot hold U+0000: a reason or a name is stored without it, in a file too."""
    given = replace(batch({"2026": 1.0}), who="Zo\0é", note_fr="\0motif", note_en="no\0te\0")
    made = store.publish(given, None, [], [], {})
    assert (made.who, made.note_fr, made.note_en) == ("Zoé", "motif", "note")
    assert store.find_vintage() == made
    store.keys.create("An\0ne")
    assert [row.name for row in store.keys.list_keys()] == ["Anne"]
    assert store.keys.revoke("Anne").name == "Anne"
    assert store.find_faults() == []


@pytest.mark.slow
def test_every_observation_can_be_read_back(workspace: Workspace) -> None:
    """The seeded store gives back the rows of the curated files, value for value."""
    found = {tuple(row[:4]): row.value for row in workspace.store.observations(workspace.get_vintage())}
    expected: dict[tuple[str, ...], float] = {}
    for path in (ROOT / "data" / "observations").glob("*.csv"):
        for line in path.read_text(encoding="utf-8").splitlines()[1:]:
            geo, item, period, value = line.split(",")
            expected[path.stem, geo, item, period] = float(value)
    assert found == expected


def test_an_older_vintage_stays_as_it_was(store: Store) -> None:
    """A revision, an addition and a withdrawal leave what was published before unchanged."""
    first = published(store, {"2023": 1.0, "2024": 2.0})
    second = published(store, {"2024": 2.5, "2025": 3.0, "2023": None}, days=3)
    assert values(store, first) == {"2023": 1.0, "2024": 2.0}
    assert values(store, second) == {"2024": 2.5, "2025": 3.0}
    assert store.find_vintage(START + timedelta(days=2)) == first
    assert store.find_vintage(START + timedelta(days=3)) == second
    assert store.find_vintage(START - timedelta(days=1)) is None


def test_a_slow_reader_misses_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who still reads the list of editions while another is published, and seen by others, is not told of a loss."""
    first = published(store, {"2024": 1.0})
    assert store.vintages() == (first,)
    meanwhile: list[Vintage] = []

    def build_slowly(row: Mapping[Any, Any]) -> Vintage:
        if not meanwhile:
            meanwhile.append(first)
            meanwhile.append(published(store, {"2025": 1.0}, 1))
            assert store.vintages() == tuple(meanwhile)
        return build_vintage(row)

    monkeypatch.setattr(store_module, "build_vintage", build_slowly)
    assert store.vintages() == (first,)
    assert store.vintages() == tuple(meanwhile)
    assert not store.is_replaced()


ROWS = {  # a row for each table that the curated edition leaves empty
    "files": "INSERT INTO files VALUES ('ab', 'a.csv', x'61', 'x', 'now')",
    "drafts": "INSERT INTO drafts VALUES (1, 'ab', 'a.csv', 'x', 'now', 1, '{}', '{}', NULL)",
    "discards": "INSERT INTO discards VALUES (1, 'x', 'now')",
    "provenance": "INSERT INTO provenance VALUES (7, NULL, 1)",
    "digests": "INSERT INTO digests VALUES (1, 'ab')",
    "forecast_steps": "INSERT INTO forecast_steps VALUES (1, 9, '2030', 1, 1, 1, 1, 1, 1, 1)",
    "parts": "INSERT INTO parts VALUES (999, x'61', NULL, 0, 9, 0, 1)",
    "bundles": "INSERT INTO bundles VALUES (9, x'61', x'61')",
    "forecast_parts": "INSERT INTO forecast_parts VALUES (1, 9, 1)",
    "keys": "INSERT INTO keys VALUES (1, 'x', x'00', x'00', 'now')",
    "revocations": "INSERT INTO revocations VALUES (1, 'now')",
    "refreshes": "INSERT INTO refreshes VALUES (1, '20261130T061700Z', 'now', NULL, '{}')",
    "passes": "INSERT INTO passes VALUES ('ab', 'x', 'start', NULL, 'now', 'then')",
    "pass_ends": "INSERT INTO pass_ends VALUES ('ab', 'now')",
    "notes": "INSERT INTO notes VALUES (1, 'now', 'now', 1, 'x', 'whole', '', 'a', '', '', '', '', '', NULL, '', '')",
}


@pytest.mark.parametrize("table", sorted(row.name for row in schema.list_append_only_tables()))
def test_nothing_that_is_there_can_be_changed(table: str, seeded_address: str, tmp_path: Path) -> None:
    """SQLite itself refuses to update, delete or replace a row of any table, whoever asks."""
    path = tmp_path / "copy.db"
    source, target = sqlite3.connect(find_file(seeded_address)), sqlite3.connect(path)
    source.backup(target)
    source.close()
    column = next(iter(schema.metadata.tables[table].columns)).name
    if not target.execute(f"SELECT count(*) FROM {table}").fetchone()[0]:
        target.execute(ROWS[table])
    statements = (
        f"UPDATE {table} SET {column} = {column}",
        f"DELETE FROM {table}",
        f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1",
    )
    for statement in statements:
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            target.execute(statement)
    target.close()


def test_a_published_vintage_takes_nothing_more(seeded_address: str, tmp_path: Path) -> None:
    """No row can join a published vintage, no text can be a value, no unfinished draft can be made visible by hand."""
    path = tmp_path / "copy.db"
    source, target = sqlite3.connect(find_file(seeded_address)), sqlite3.connect(path)
    source.backup(target)
    source.close()
    for statement in (
        "INSERT INTO observations VALUES (1, '2099', 1, 9.0)",
        "INSERT INTO calls VALUES (1, 'nope', 2, 'growing', '{}')",
        "INSERT INTO publications VALUES (999, 'now')",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            target.execute(statement)
    target.execute("INSERT INTO vintages VALUES (3, 2, '2027', '2027', 'x', '', '', '')")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        target.execute("INSERT INTO publications VALUES (3, 'now')")
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        target.execute("INSERT INTO observations VALUES (1, '2099', 3, 'many')")
    target.close()


def test_another_programs_database_is_not_touched(tmp_path: Path) -> None:
    """A database that is not ours is refused before anything is written to it."""
    path = tmp_path / "other.db"
    raw = sqlite3.connect(path)
    raw.execute("CREATE TABLE vintages (wine)")
    raw.commit()
    raw.close()
    with pytest.raises(StoreError) as caught:
        Store(f"sqlite:///{path}")
    assert caught.value.key == "error.store.foreign"
    raw = sqlite3.connect(path)
    assert raw.execute("SELECT count(*) FROM sqlite_master").fetchone() == (1,)
    raw.close()


def test_a_conflict_is_refused(store: Store) -> None:
    """Two batches on one parent: the first is published, the second stops, and leaves no trace."""
    parent = published(store, {"2024": 1.0})
    theirs = store.publish(batch({"2024": 3.0}, 1), parent.id, [], [], {})
    with pytest.raises(ConflictError, match="conflict"):
        store.publish(batch({"2024": 2.0}, 1), parent.id, [], [], {})
    assert values(store, theirs) == {"2024": 3.0}
    assert store.vintages() == (parent, theirs)
    assert store.changed_observations(theirs) == [(KEY, "2024", 3.0)]


PERIODS = st.sampled_from(["2021", "2022", "2023"])
CHANGES = st.lists(
    st.dictionaries(PERIODS, st.one_of(st.none(), st.floats(-1e6, 1e6)), min_size=1), min_size=1, max_size=5
)


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CHANGES)
def test_as_of_reads_what_a_simple_model_says(
    make_address: Callable[[], str], changes: list[dict[str, float | None]]
) -> None:
    """For any sequence of vintages, each reads as the dictionary built by applying them one by one."""
    store = Store(make_address())
    model: dict[str, float] = {}
    expected = []
    for day, change in enumerate(changes):
        vintage = published(store, change, day)
        model = {period: value for period, value in {**model, **change}.items() if value is not None}
        expected.append((vintage, model))
    for vintage, known in expected:
        assert values(store, vintage) == known
        assert store.find_vintage(vintage.at) == vintage
    store.close()


@pytest.mark.slow
def test_writers_and_readers_at_once(store: Store, store_address: str) -> None:
    """Four writers and four readers at once: no error, no lost vintage; a conflict is told and tried again."""
    errors: list[Exception] = []

    def write(number: int) -> None:
        mine = Store(store_address)
        done = 0
        while done < 3:
            try:
                published(mine, {f"20{number}{done}": 1.0})
                done += 1
            except ConflictError:
                continue
            except Exception as error:  # noqa: BLE001 - whatever it is, it fails the test
                errors.append(error)
                return
        mine.close()

    def look() -> None:
        mine = Store(store_address)
        try:
            for _ in range(20):
                vintage = mine.find_vintage()
                if vintage is not None:
                    assert len(mine.observations(vintage)) >= 1
        except Exception as error:  # noqa: BLE001 - whatever it is, it fails the test
            errors.append(error)
        mine.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(1, 5)]
    threads += [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(1200)
    assert not any(thread.is_alive() for thread in threads)
    assert errors == []
    newest = store.find_vintage()
    assert newest is not None
    assert len(values(store, newest)) == 12


PUBLISH = """
import os, sys
from observatory import settings
from observatory.workspace import Workspace

for step in sys.argv[3:]:  # each in a process of its own, forked: the libraries are imported once
    child = os.fork()
    if not child:
        opened = Workspace(settings.load_settings({"OBSERVATORY_STORE": sys.argv[1], "OBSERVATORY_DATA": sys.argv[2]}))
        opened.publish_curated(lambda seen, done: os.kill(os.getpid(), 9) if seen == step else None)
        os._exit(0)
    print(step, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


def publish_and_die(address: str, data: Path, *steps: str) -> list[str]:
    """Publishes as often as steps are named, killed by signal 9 where each begins; a step and its exit code a line."""
    done = subprocess.run(
        [sys.executable, "-c", PUBLISH, address, str(data), *steps],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.slow
def test_killed_while_publishing_leaves_nothing_half(store_address: str, few: Path) -> None:
    """Kill -9 between any two steps of a publication: the store opens, and the vintage is whole or absent."""
    address = store_address
    steps = ("progress.reading", "progress.forecasting", "progress.calling", "progress.publishing")
    assert publish_and_die(address, few, *steps) == [f"{step} -9" for step in steps]
    store = Store(address)
    assert store.vintages() == ()
    store.close()
    assert publish_and_die(address, few, "never") == ["never 0"]
    store = Store(address)
    vintage = store.find_vintage()
    assert vintage is not None
    assert len(store.observations(vintage)) == count_figures(few) > 0
    assert len(store.forecasts(vintage)) == count_series(few) > 0
    store.close()


def test_a_store_on_a_read_only_disk_is_read(seeded_address: str, tmp_path: Path) -> None:
    """Opened as a file that cannot change, a store is read without a lock or a log beside it, and refuses writing.

    One of the version before this one lacks no table that reading needs, so it is read as well.
    """
    path = tmp_path / "sealed.db"
    source, target = sqlite3.connect(find_file(seeded_address)), sqlite3.connect(path)
    source.backup(target)
    target.execute("PRAGMA user_version = 2")
    source.close()
    target.close()
    made = sqlite.open_sealed(path)
    with made.connect() as connection:
        assert connection.execute(select(func.count()).select_from(schema.observations)).scalar_one() > count_figures()
    with (
        pytest.raises(StoreError) as caught,
        engine.translate_errors(path),
        engine.write_transaction(made) as connection,
    ):
        connection.execute(
            insert(schema.vintages), dict.fromkeys(("at", "recorded", "who", "note_fr", "note_en", "sha256"), "")
        )
    assert caught.value.key == "error.store.read_only"
    made.dispose()
    assert [file.name for file in tmp_path.iterdir()] == ["sealed.db"]


def test_an_older_store_gains_what_it_lacks(tmp_path: Path) -> None:
    """A store of the first version opens: its vintages are as they were, and uploads and keys can be kept in it."""
    path = tmp_path / "first.db"
    old = Store(f"sqlite:///{path}")
    first = published(old, {"2024": 1.0})
    old.close()
    raw = sqlite3.connect(path)
    for table in ("files", "drafts", "discards", "provenance", "keys", "revocations"):
        raw.execute(f"DROP TABLE {table}")
    raw.execute("PRAGMA user_version = 1")
    raw.commit()
    raw.close()
    new = Store(f"sqlite:///{path}")
    assert new.vintages() == (first,)
    new.keys.create("analyste")
    new.close()
    raw = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        raw.execute("DELETE FROM keys")
    raw.close()


def test_a_newer_store_is_refused_untouched(tmp_path: Path) -> None:
    """A store written by a newer version is named as such, and not a byte of it changes."""
    path = tmp_path / "newer.db"
    raw = sqlite3.connect(path)
    raw.execute(f"PRAGMA user_version = {schema.SCHEMA_VERSION + 1}")
    raw.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    raw.execute("CREATE TABLE future (x)")
    raw.commit()
    raw.close()
    before = path.read_bytes()
    with pytest.raises(StoreError) as caught:
        Store(f"sqlite:///{path}")
    assert caught.value.key == "error.store.newer"
    raw = sqlite3.connect(path)
    assert raw.execute("SELECT name FROM sqlite_master").fetchall() == [("future",)]
    raw.close()
    assert path.read_bytes()[100:] == before[100:]


@pytest.mark.parametrize(
    ("content", "key"), [(b"this is not a database, it is a letter to the bank" * 40, "error.store.unreadable")]
)
def test_a_file_that_is_no_store_is_named(tmp_path: Path, content: bytes, key: str) -> None:
    """A file that is not a database gives one sentence, and stays as it was."""
    path = tmp_path / "letter.db"
    path.write_bytes(content)
    with pytest.raises(StoreError) as caught:
        Store(f"sqlite:///{path}")
    assert caught.value.key == key
    assert path.read_bytes() == content


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """A path below a file cannot be made: the sentence names it."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError) as caught:
        Store(f"sqlite:///{tmp_path / 'file' / 'below' / 'a.db'}")
    assert caught.value.key == "error.store.folder"


def test_an_unknown_address_is_named() -> None:
    """An address of another database says which kind can be opened."""
    with pytest.raises(StoreError) as caught:
        Store("mysql://example/observatory")
    assert caught.value.values == {"value": "mysql://example/observatory"}


@pytest.mark.shared
def test_real_revisions_as_of_their_dates(shared: Path, store: Store) -> None:
    """Objects launched in 2023 were 2,664 in the vintage of 2024 and 2,903 in that of 2026: each date reads its own."""
    vintages = {}
    for day in ("2024-09-26", "2026-05-31"):
        text = (shared / "data" / "vintages" / f"objects_launched@{day}.csv").read_text(encoding="utf-8")
        rows: list[tuple[tuple[str, str, str], str, float | None]] = []
        for line in text.splitlines()[1:]:
            geo, item, period, value = line.split(",")
            rows.append((("objects_launched", geo, item), period, float(value)))
        at = datetime.fromisoformat(day).replace(tzinfo=UTC)
        vintages[day] = store.publish(VintageBatch(at, "GCAT", "", "", "0" * 64, rows, {}), head(store), [], [], {})

    def world(vintage: Vintage | None) -> float:
        assert vintage is not None
        wanted = ("objects_launched", "WORLD", "", "2023")
        return next(row.value for row in store.observations(vintage) if row[:4] == wanted)

    assert world(store.find_vintage(datetime(2025, 6, 1, tzinfo=UTC))) == 2664
    assert world(store.find_vintage(datetime(2026, 6, 1, tzinfo=UTC))) == 2903
    assert isinstance(store.observations(vintages["2024-09-26"])[0], StoredObservation)
