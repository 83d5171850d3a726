"""Stores in PostgreSQL: append-only whoever writes, roles, one writer at a time, and sentences without a password."""

import gc
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Column, Float, Table, text

from observatory import settings
from observatory.errors import ConflictError, StoreError, redact_error_values
from observatory.language import Localizer
from observatory.store import backend, copy, engine, postgresql, schema
from observatory.store.store import Store
from observatory.workspace.access import AccessControl
from tests.store.test_store import batch, head, published, values
from tests.support.databases import DatabaseServer, database_of, find_binaries

pytestmark = pytest.mark.postgresql


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    opened = Store(address)
    yield opened
    opened.close()


@pytest.fixture
def raw(database_server: DatabaseServer, address: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection of the owner of the tables, who may try anything."""
    with database_server.connect(database_of(address)) as connection:
        yield connection


@pytest.fixture
def filled(store: Store, raw: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
    """A store with a row in every table, and a vintage that is not published."""
    published(store, {"2024": 1.0, "2025": 2.0})
    for statement in (
        "INSERT INTO indicators SELECT 'x', 2, '{}'",
        "INSERT INTO forecasts SELECT 1, 2, 'ok', '', '2025', 9, NULL, '[]', 0, 0",
        "INSERT INTO forecast_steps SELECT 1, 2, '2026', 1, 1, 1, 1, 1, 1, 1",
        "INSERT INTO calls SELECT 2, 'space', 2, 'growing', '{}'",
        "INSERT INTO files VALUES ('ab', 'a.csv', 'a', 'x', 'now')",
        "INSERT INTO drafts VALUES (1, 'ab', 'a.csv', 'x', 'now', 1, '{}', '{}', NULL)",
        "INSERT INTO discards VALUES (1, 'x', 'now')",
        "INSERT INTO provenance VALUES (2, NULL, 1)",
        "INSERT INTO keys VALUES (1, 'x', 'a', 'a', 'now')",
        "INSERT INTO revocations VALUES (1, 'now')",
        "INSERT INTO refreshes VALUES (1, '20261130T061700Z', 'now', NULL, '{}')",
        "INSERT INTO notes VALUES (1, 'now', 'now', 1, 'x', 'whole', '', 'a', '', '', '', '', '', NULL, '', '')",
    ):
        if " SELECT " in statement and not raw.execute("SELECT 1 FROM vintages WHERE id = 2").fetchone():
            raw.execute("INSERT INTO vintages VALUES (2, 1, '2027', '2027', 'x', '', '', '')")
        raw.execute(statement)
    return raw


def test_nothing_that_is_there_can_be_changed(filled: psycopg.Connection[Any]) -> None:
    """The owner, a superuser, cannot update, delete, truncate or replace a row of any table."""
    for name, table in schema.metadata.tables.items():
        if schema.is_transient(table):
            continue
        column, key = next(iter(table.columns)).name, ", ".join(row.name for row in table.primary_key.columns)
        for statement in (
            f"UPDATE {name} SET {column} = {column}",
            f"DELETE FROM {name}",
            f"TRUNCATE {name} CASCADE",
            f"INSERT INTO {name} SELECT * FROM {name} LIMIT 1 "
            f"ON CONFLICT ({key}) DO UPDATE SET {column} = EXCLUDED.{column}",
        ):
            with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState, match="append-only"):
                filled.execute(statement)


def test_a_published_vintage_takes_nothing_more(filled: psycopg.Connection[Any]) -> None:
    """No row joins a published vintage; an unfinished one is not made visible by hand, nor by a table of that name."""
    filled.execute("CREATE TEMPORARY TABLE publications (vintage integer)")
    filled.execute("CREATE TEMPORARY TABLE replays AS SELECT 2 AS vintage")
    for statement in (
        "INSERT INTO observations VALUES (1, '2099', 1, 9.0)",
        "INSERT INTO calls VALUES (1, 'nope', 2, 'growing', '{}')",
        "INSERT INTO public.publications VALUES (999, 'now')",
        "INSERT INTO public.publications VALUES (2, 'now')",
    ):
        with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState, match="append-only"):
            filled.execute(statement)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused(filled: psycopg.Connection[Any], store: Store, value: str) -> None:
    """NaN and the infinities are no figures, of an observation or of a forecast, whoever writes them."""
    for statement in (
        "INSERT INTO observations VALUES (1, '2099', 2, %s)",
        "INSERT INTO forecast_steps SELECT 1, 2, '2027', 1, 1, 1, 1, 1, 1, %s::float8",
    ):
        with pytest.raises(psycopg.errors.CheckViolation):
            filled.execute(statement, (value,))
    with pytest.raises(StoreError, match=r"error\.store\.unreadable"):
        published(store, {"2024": float(value)})
    assert len(store.vintages()) == 1


def test_a_negative_zero_is_zero(store: Store, tmp_path: Path) -> None:
    """As in SQLite, so that the digest of an edition is the same on both."""
    other = Store(f"sqlite:///{tmp_path / 'a.db'}", store._clock)
    for one in (store, other):
        one._clock = one.notes._clock = lambda: batch({}).at
        published(one, {"2024": -0.0, "2025": 1e-320, "2026": 0.1 + 0.2})
    assert store.summarise_digests() == other.summarise_digests()
    other.close()


def test_texts_are_ordered_by_their_bytes(store: Store, raw: psycopg.Connection[Any]) -> None:
    """In a database whose own order is that of French words: so come series, periods and names."""
    assert raw.execute("SELECT 'a' < 'B', 'é' < 'f'").fetchone() == (True, True)
    names = ["B", "a", "_", "é", "z", "Z", "-", "1"]
    rows: list[tuple[tuple[str, str, str], str, float | None]] = [((name, "G", ""), "2024", 1.0) for name in names]
    made = store.publish(replace(batch({}), observations=rows), None, [], [], {})
    assert [row.indicator for row in store.observations(made)] == sorted(names, key=str.encode)


def test_numbers_have_no_holes(store: Store) -> None:
    """A write that is rolled back uses no number, as in SQLite; the next edition follows the last."""
    first = published(store, {"2024": 1.0})
    with pytest.raises(StoreError):
        published(store, {"2024": float("nan")})
    assert (first.id, published(store, {"2024": 2.0}, 1).id) == (1, 2)
    with store._engine.connect() as connection:
        assert engine.read_last_number(connection, "vintages") == 2


def test_six_writers_on_one_parent(store: Store, address: str) -> None:
    """One publishes, five are told of it."""
    parent = published(store, {"2024": 1.0})
    barrier, outcomes = threading.Barrier(6), []

    def write(number: int) -> None:
        mine = Store(address)
        barrier.wait()
        try:
            mine.publish(batch({"2024": float(number)}, 1), parent.id, [], [], {})
            outcomes.append("published")
        except ConflictError as error:
            outcomes.append(error.key)
        mine.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == ["error.store.conflict"] * 5 + ["published"]
    assert len(store.vintages()) == 2


def test_a_writer_that_waits_too_long_is_told(
    store: Store, raw: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind a writer that does not end, the next one says that the store is busy; readers go on."""
    monkeypatch.setattr(postgresql, "_LOCK_SECONDS", 0.2)
    published(store, {"2024": 1.0})
    with raw.transaction():
        raw.execute("SELECT pg_advisory_xact_lock(%s)", (schema.APPLICATION_ID,))
        with pytest.raises(StoreError, match=r"error\.store\.busy"):
            published(store, {"2024": 2.0})
        assert len(store.vintages()) == 1
    published(store, {"2024": 2.0})


def test_a_reader_sees_one_moment_and_writes_nothing(store: Store) -> None:
    """What is published while a method reads is not half in its answer; a reader's connection refuses to write."""
    first = published(store, {"2024": 1.0})
    with store._engine.connect() as reading:
        query = text("SELECT count(*) FROM observations")
        before = reading.execute(query).scalar_one()
        published(store, {"2025": 1.0})
        assert reading.execute(query).scalar_one() == before
        with pytest.raises(Exception, match="read-only transaction"):
            reading.execute(text("INSERT INTO files VALUES ('ab', 'a.csv', 'a', 'x', 'now')"))
    assert values(store, first) == {"2024": 1.0}


def test_servers_that_start_at_once_make_one_store(database_server: DatabaseServer) -> None:
    """Four open an empty database at the same moment: all are open, and the store is whole."""
    address = database_server.address(database_server.create_database())
    barrier, opened, errors = threading.Barrier(4), [], []

    def start() -> None:
        barrier.wait()
        try:
            opened.append(Store(address))
        except StoreError as error:
            errors.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (errors, len(opened)) == ([], 4)
    assert opened[0].find_faults() == []
    published(opened[0], {"2024": 1.0})
    assert [len(one.vintages()) for one in opened] == [1] * 4
    for one in opened:
        one.close()


def test_another_programs_database_is_not_touched(database_server: DatabaseServer) -> None:
    """Tables of another program, or of a newer version, are refused before anything is written."""
    name = database_server.create_database()
    with database_server.connect(name) as raw:
        raw.execute("CREATE TABLE wines (vintage integer)")
        with pytest.raises(StoreError, match=r"error\.store\.foreign"):
            Store(database_server.address(name))
        assert raw.execute("SELECT count(*) FROM pg_class WHERE relname LIKE 'store_%'").fetchone() == (0,)


def test_a_newer_store_is_refused(store: Store, address: str, raw: psycopg.Connection[Any]) -> None:
    """A version that is not known is named; it can grow, and never go back."""
    raw.execute("UPDATE store_meta SET version = version + 1")
    for statement in ("UPDATE store_meta SET version = 1", "UPDATE store_meta SET id = 'x'", "DELETE FROM store_meta"):
        with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState, match="append-only"):
            raw.execute(statement)
    with pytest.raises(StoreError) as caught:
        Store(address)
    assert (caught.value.key, caught.value.values["found"]) == ("error.store.newer", schema.SCHEMA_VERSION + 1)


def test_an_older_store_gains_what_it_lacks(store: Store, address: str, raw: psycopg.Connection[Any]) -> None:
    """A store without the table of notes, of a version before it, has it at the next opening; editions stay."""
    first = published(store, {"2024": 1.0})
    raw.execute("DROP TABLE notes")
    raw.execute("ALTER TABLE store_meta DISABLE TRIGGER ALL")
    raw.execute("UPDATE store_meta SET version = 5")
    again = Store(address)
    assert (again.vintages(), again.notes.list_records(), again.find_faults()) == ((first,), (), [])
    again.close()


def test_faults_are_found_and_triggers_made_again(store: Store, address: str, raw: psycopg.Connection[Any]) -> None:
    """A trigger dropped, disabled or emptied, a right to change rows, a constraint that is gone, a changed figure."""
    published(store, {"2024": 1.0})
    assert store.find_faults() == []
    store.require_sound()
    raw.execute("DROP TRIGGER calls_no_change ON calls")
    raw.execute("ALTER TABLE keys DISABLE TRIGGER keys_no_change")
    emptied = "RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$"
    raw.execute(f"CREATE OR REPLACE FUNCTION observatory_only_whole() {emptied}")
    raw.execute("ALTER TABLE observations DROP CONSTRAINT observations_value_finite")
    raw.execute("GRANT UPDATE, SELECT ON observations TO PUBLIC")
    found = sorted((row.key, row.value) for row in store.find_faults())
    assert found == [
        ("constraint", "observations_value_finite"),
        ("grant", "PUBLIC: UPDATE observations"),
        ("trigger", "calls_no_change"),
        ("trigger", "keys_no_change"),
        ("trigger", "publications_only_whole"),
    ]
    with pytest.raises(StoreError, match=r"error\.store\.damaged"):
        store.require_sound()
    store.initialise()
    assert {row.key for row in store.find_faults()} == {"constraint", "grant"}
    store.require_sound()
    raw.execute("ALTER TABLE observations DISABLE TRIGGER USER")
    raw.execute("UPDATE observations SET value = value + 1e-9")
    raw.execute("ALTER TABLE observations ENABLE TRIGGER USER")
    assert ("digest", "1") in {(row.key, row.value) for row in store.find_faults()}
    other = Store(address)
    with pytest.raises(StoreError, match=r"error\.store\.damaged"):
        other.require_sound()
    other.close()


def test_the_roles_of_an_administrator(database_server: DatabaseServer, capsys: pytest.CaptureFixture[str]) -> None:
    """What `store init --owner` prints runs in psql, twice; the writer publishes, the reader reads, neither changes.

    A server with the reader's role signs analysts in, in its own memory.
    """
    script = postgresql.build_administrator_sql("postgresql://x@db.example/roles_test")
    for _ in range(2):
        done = subprocess.run(
            [
                find_binaries() / "psql",
                "-X",
                "-v",
                "ON_ERROR_STOP=1",
                "-h",
                database_server.folder,
                "-U",
                "observatory",
                "postgres",
            ],
            input=script,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    writer = Store(database_server.address("roles_test", "observatory_writer"))
    first = published(writer, {"2024": 1.0})
    _number, key = writer.keys.create("analyste")
    assert writer.find_faults() == []
    reader = Store(database_server.address("roles_test", "observatory_reader"))
    assert values(reader, first) == {"2024": 1.0}
    with pytest.raises(StoreError) as caught:
        published(reader, {"2024": 2.0}, 1)
    assert caught.value.key == "error.store.reader"
    assert "read" in Localizer("en").error_text(caught.value.key, caught.value.values)
    reader.require_sound()
    access = AccessControl(settings.load_settings({"OBSERVATORY_STORE": "postgresql:///roles_test"}), reader)
    session = access.sign_in_with_key(key, "198.51.100.7")  # in the memory of a server that may only read
    assert access.require_session(session).who == "analyste"
    for one in (writer, reader):
        with database_server.connect("roles_test", one.address.partition("//")[2].partition("@")[0]) as raw:
            for statement in (
                "UPDATE observations SET value = 2",
                "DELETE FROM observations",
                "TRUNCATE observations",
                "DROP TRIGGER observations_no_change ON observations",
                "ALTER TABLE observations DISABLE TRIGGER ALL",
                "UPDATE store_numbers SET last = 99",
                "SET session_replication_role = replica",
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    raw.execute(statement)
        one.close()


def test_a_restored_database_is_noticed(
    store: Store, address: str, raw: psycopg.Connection[Any], database_server: DatabaseServer, empty_database: str
) -> None:
    """Another store under the same name, or one that lost editions: nothing is acknowledged, and it is opened anew."""
    published(store, {"2024": 1.0})
    name = database_of(address)
    raw.close()
    with database_server.connect() as administrator:
        administrator.execute(f"DROP DATABASE {name} WITH (FORCE)")
        administrator.execute(f"CREATE DATABASE {name} TEMPLATE {empty_database}")
    with pytest.raises(StoreError, match=r"error\.store\.replaced"):
        store.publish(batch({"2024": 2.0}), 1, [], [], {})
    assert store.is_replaced()
    with database_server.connect() as administrator:
        administrator.execute(f"DROP DATABASE {name} WITH (FORCE)")
        administrator.execute(f"CREATE DATABASE {name}")
    again = Store(address)
    assert again.vintages() == ()
    again.close()
    with pytest.raises(StoreError, match=r"error\.store\.replaced"):
        store.vintages()


def test_what_cannot_be_reached_is_named_without_its_password(
    database_server: DatabaseServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No server, no database, a wrong port, no driver, no address: a sentence in both languages, and no secret."""
    folder = database_server.folder
    for address, key in (
        (f"postgresql://me:s3cret@/absent?host={folder}", "away"),
        ("postgresql://me:s3cret@127.0.0.1:1/db?connect_timeout=2", "away"),
        ("postgresql://me:s3cret@127.0.0.1:port/db", "address"),
        ("postgresql+asyncpg://me:s3cret@127.0.0.1/db", "address"),
    ):
        loaded = settings.load_settings({"OBSERVATORY_STORE": address})
        assert "s3cret" not in repr(loaded)
        with pytest.raises(StoreError) as caught:
            Store(loaded.store_url)
        assert caught.value.key == f"error.store.{key}"
        assert redact_error_values(caught.value.values).get("why", "PostgreSQL") == "PostgreSQL"
        texts = [Localizer(language).error_text(caught.value.key, caught.value.values) for language in ("fr", "en")]
        assert "s3cret" not in "".join([*texts, str(caught.value), repr(caught.value)])

    def fail(*_args: object, **_options: object) -> None:
        raise ImportError("psycopg")

    monkeypatch.setattr(postgresql, "create_engine", fail)
    with pytest.raises(StoreError, match=r"error\.store\.driver") as caught:
        Store("postgresql://me:s3cret@/absent")
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("state", "key"),
    [
        ("53100", "full"),
        ("53300", "crowded"),
        ("57014", "crowded"),
        ("55P03", "busy"),
        ("42501", "reader"),
        ("25006", "reader"),
        ("57P01", "away"),
        ("08006", "away"),
        ("28P01", "away"),
        ("XX001", "unreadable"),
    ],
)
def test_what_the_server_reports_is_a_sentence(state: str, key: str, store: Store) -> None:
    """Each kind of failure, by its SQLSTATE and not by words of some language, in French and in English."""
    raising = f"DO $$ BEGIN RAISE EXCEPTION USING MESSAGE = 'échec', ERRCODE = '{state}'; END $$"
    with (
        pytest.raises(StoreError) as caught,
        engine.translate_errors(store.address),
        engine.write_transaction(store._engine) as connection,
    ):
        connection.exec_driver_sql(raising)
    assert caught.value.key == f"error.store.{key}"
    for language in ("fr", "en"):
        assert Localizer(language).error_text(caught.value.key, caught.value.values).endswith(".")
    assert store.vintages() == ()


def test_rows_that_are_of_the_moment_may_go(database_server: DatabaseServer) -> None:
    """A table marked so has no trigger against changes, and is the writer's alone; a copy leaves it out."""
    table = Table("moments", schema.metadata, Column("at", Float, primary_key=True), info={"is_transient": True})
    try:
        address = database_server.address(database_server.create_database())
        store = Store(address)
        published(store, {"2024": 1.0})
        script = postgresql.build_administrator_sql("postgresql:///x")
        assert "GRANT SELECT, INSERT, UPDATE, DELETE ON moments TO observatory_writer;" in script
        with database_server.connect(database_of(address)) as raw:
            raw.execute("INSERT INTO moments VALUES (1)")
            raw.execute("UPDATE moments SET at = 2")
            assert store.find_faults() == []
            other = database_server.address(database_server.create_database())
            assert copy.copy_store(address, other) == 1
            with database_server.connect(database_of(other)) as copied:
                assert copied.execute("SELECT count(*) FROM moments").fetchone() == (0,)
            raw.execute("DELETE FROM moments")
        store.close()
    finally:
        schema.metadata.remove(table)


def test_a_store_that_nobody_closes_leaves_no_connection(address: str, raw: psycopg.Connection[Any]) -> None:
    """The commands end without closing theirs: PostgreSQL is told all the same."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    opened = Store(address)
    assert raw.execute(query).fetchone() == (1,)
    assert opened.vintages() == ()
    del opened
    gc.collect()
    until = time.monotonic() + 10
    while raw.execute(query).fetchone() != (0,) and time.monotonic() < until:
        time.sleep(0.02)
    assert raw.execute(query).fetchone() == (0,)


def test_a_full_pool_says_busy(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks while all connections are in use is told to come back."""
    monkeypatch.setattr(backend, "POOL_SECONDS", 0.1)
    store = Store(address)
    held = [store._engine.connect() for _ in range(backend.MAX_CONNECTIONS)]
    with pytest.raises(StoreError, match=r"error\.store\.crowded"):
        store.vintages()
    for connection in held:
        connection.close()
    assert head(store) is None
    store.close()


def test_it_is_said_whether_there_is_a_store(database_server: DatabaseServer, address: str) -> None:
    """An empty database has none, and looking makes none."""
    empty = database_server.address(database_server.create_database())
    assert [engine.is_present(one) for one in (address, empty, empty)] == [True, False, False]
    with pytest.raises(StoreError, match=r"error\.store\.away"):
        engine.is_present(database_server.address("absent"))
