"""What a publication leaves when its process, the server of its connection or the line ends: all of it, or nothing."""

import contextlib
import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection

from observatory.errors import StoreError
from observatory.store import postgresql
from observatory.store.records import VintageBatch
from observatory.store.store import Store
from tests.store.test_store import batch, head, values
from tests.support.databases import DatabaseServer, database_of
from tests.support.relays import Relay

pytestmark = pytest.mark.postgresql

TURNS = 12
PERIODS = {f"{year}-{month:02}": float(year) for year in range(1990, 2026) for month in range(1, 13)}


def content(turn: int) -> VintageBatch:
    """An edition that takes some moments to write, different in each turn."""
    return batch({period: value + turn for period, value in PERIODS.items()}, turn)


@pytest.fixture
def watcher(address: str) -> Iterator[Store]:
    """A store on the same database that nobody disturbs."""
    opened = Store(address)
    opened.publish(content(0), None, [], [], {})
    yield opened
    opened.close()


@pytest.fixture
def relay(database_server: DatabaseServer) -> Iterator[Relay]:
    made = Relay(database_server.folder / ".s.PGSQL.5432")
    yield made
    made.close()


def relayed(relay: Relay, address: str) -> str:
    return f"postgresql://observatory@127.0.0.1:{relay.port}/{database_of(address)}?sslmode=disable&gssencmode=disable"


def require_whole(watcher: Store, turn: int, count: int) -> None:
    """As many editions as were published, each whole, the newest with the figures of its turn."""
    published = watcher.vintages()
    assert len(published) == count
    assert len(values(watcher, published[-1])) == len(PERIODS)
    if published[-1].sha256 == content(turn).sha256:
        assert values(watcher, published[-1])["2025-12"] == 2025.0 + turn
    assert watcher.find_faults() == []


@pytest.mark.slow
def test_the_process_that_publishes_is_killed(watcher: Store, address: str) -> None:
    """Twelve times, at random moments: the edition is whole or absent, and the next writer is not held up."""
    chance, whole = random.Random(1), 1
    for turn in range(1, TURNS + 1):
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            mine = Store(address)
            os.write(writing, b"s")
            mine.publish(content(turn), head(mine), [], [], {})
            os.write(writing, b"p")
            os._exit(0)
        os.close(writing)
        os.read(reading, 1)
        time.sleep(chance.uniform(0, 0.15))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with os.fdopen(reading, "rb") as rest:
            was_confirmed = rest.read() == b"p"
        deadline = time.monotonic() + 10
        while writers(watcher) and time.monotonic() < deadline:
            time.sleep(0.02)
        now = len(watcher.vintages())
        assert now - whole in ((1,) if was_confirmed else (0, 1))
        whole = now
        require_whole(watcher, turn, whole)


def writers(watcher: Store) -> int:
    """The connections that hold the lock of the one writer."""
    with watcher._engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND database = "
            "(SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return int(found.scalar_one())


def publish(store: Store, turn: int) -> str:
    """Publishes on top of what is there: `published`, or the key of the error."""
    try:
        store.publish(content(turn), head(store), [], [], {})
    except StoreError as error:
        return error.key
    return "published"


def follow(watcher: Store, turn: int, word: str, whole: int) -> int:
    """Checks the word of a publication against what is there; the number of editions."""
    assert word in ("published", "error.store.away"), word
    now = len(retry(watcher))
    assert now - whole == (1 if word == "published" else 0), word
    require_whole(watcher, turn, now)
    return now


def retry(watcher: Store) -> tuple[Any, ...]:
    """The editions, once the server has recovered."""
    until = time.monotonic() + 30
    while True:
        try:
            return watcher.vintages()
        except StoreError as error:
            if error.key != "error.store.away" or time.monotonic() > until:
                raise
            time.sleep(0.1)


@pytest.mark.slow
def test_the_line_is_cut(watcher: Store, address: str, relay: Relay) -> None:
    """After a random number of bytes of a publication: published if and only if that was the answer."""
    chance, whole, words = random.Random(2), 1, []
    store = Store(relayed(relay, address))
    relay.sent = 0
    words.append(publish(store, 1))
    length = relay.sent
    whole = follow(watcher, 1, words[-1], whole)
    for turn in range(2, TURNS + 2):
        relay.sent, relay.cut_after = 0, chance.randrange(1, length + 200)
        words.append(publish(store, turn))
        relay.cut_after = None
        whole = follow(watcher, turn, words[-1], whole)
    store.close()
    assert words.count("error.store.away") >= TURNS // 2


class Cut:
    """Cuts the line at the COMMIT of a transaction: before it is sent, or once the server has it."""

    def __init__(self, relay: Relay, monkeypatch: pytest.MonkeyPatch, *, is_late: bool) -> None:
        self.relay, self.is_late, self.times = relay, is_late, 0
        self._commit = psycopg.Connection.commit
        monkeypatch.setattr(psycopg.Connection, "commit", lambda connection: self.commit(connection))

    def commit(self, connection: psycopg.Connection[Any]) -> None:
        """In place of `Connection.commit`, once."""
        self.times += 1
        if self.times == 1:
            if self.is_late:
                connection.pgconn.send_query(b"COMMIT")
                connection.pgconn.flush()
                time.sleep(0.3)
            self.relay.cut()
            time.sleep(0.05)
        self._commit(connection)


@pytest.mark.parametrize("is_late", [False, True])
def test_a_commit_without_an_answer_is_looked_up(
    is_late: bool, watcher: Store, address: str, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut once the server has the COMMIT, it is said to be published; cut before it, that nothing was written."""
    store = Store(relayed(relay, address))
    assert head(store) == 1
    cut = Cut(relay, monkeypatch, is_late=is_late)
    assert publish(store, 1) == ("published" if is_late else "error.store.away")
    assert cut.times >= 1
    assert len(watcher.vintages()) == (2 if is_late else 1)
    store.close()


def test_an_outcome_that_nobody_knows_is_said_so(
    watcher: Store, address: str, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no new connection can be made, the answer is neither that it was published nor that it was not."""
    monkeypatch.setattr(postgresql, "_OUTCOME_SECONDS", 0.5)
    store = Store(relayed(relay, address))
    assert head(store) == 1
    Cut(relay, monkeypatch, is_late=True)

    def refuse(_connection: Connection) -> str:
        raise StoreError("error.store.replaced", path="")

    start = postgresql._start_write
    calls = iter((start, refuse, refuse))
    monkeypatch.setattr(postgresql, "_start_write", lambda connection: next(calls)(connection))
    assert publish(store, 1) == "error.store.unknown"
    monkeypatch.setattr(postgresql, "_start_write", start)
    store.close()


@pytest.mark.slow
def test_the_server_process_of_the_connection_is_killed(
    watcher: Store, address: str, database_server: DatabaseServer
) -> None:
    """By signal 9, at random moments, after which PostgreSQL starts all over: the word of the publication is true."""
    chance, whole, words = random.Random(3), 1, []
    store = Store(address)
    for turn in range(1, TURNS + 1):
        number = backend_of(store)
        delay = chance.uniform(0, 0.12)
        killer = threading.Timer(delay, os.kill, (number, signal.SIGKILL))
        killer.start()
        words.append(publish(store, turn))
        killer.join()
        wait_for_recovery(database_server, number)
        whole = follow(watcher, turn, words[-1], whole)
    store.close()
    assert "error.store.away" in words


def wait_for_recovery(server: DatabaseServer, killed: int) -> None:
    """Until a process is gone, and with it all others, and the server takes new connections."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            os.kill(killed, 0)
        except ProcessLookupError:
            with contextlib.suppress(psycopg.OperationalError):
                server.connect().close()
                return
        time.sleep(0.05)
    raise AssertionError("PostgreSQL has not recovered")


def backend_of(store: Store) -> int:
    """The process that serves the connection which a store uses next; it has no other."""
    store.close()
    with store._engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())
