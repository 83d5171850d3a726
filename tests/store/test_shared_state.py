"""What the servers of a store share: passes, attempts, rate counts, leases; two stores on one file are two servers."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from observatory.store.backup import back_up, restore_backup
from observatory.store.shared_state import ATTEMPT_WINDOW_SECONDS, SharedState, StoredPass, hash_secret
from observatory.store.store import Store

NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
SECRET = "ab" * 32
PASS = StoredPass(hash_secret(SECRET), "anne", "start", None, NOW + timedelta(hours=12))
MOST = 5


@dataclass
class Pair:
    """Two servers on one store, and their clock."""

    path: Path
    moment: datetime = NOW
    stores: list[Store] = field(default_factory=list)

    def open(self) -> "Pair":
        """Opens the store twice."""
        self.stores = [Store(f"sqlite:///{self.path}", lambda: self.moment) for _ in range(2)]
        return self

    def states(self) -> list[SharedState]:
        """What each of them sees."""
        return [store.shared for store in self.stores]

    def held(self) -> str:
        """All that the store holds, as SQL."""
        raw = sqlite3.connect(self.path)
        text = "\n".join(raw.iterdump())
        raw.close()
        return text


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    opened = Pair(tmp_path / "observatory.db").open()
    yield opened
    for store in opened.stores:
        store.close()


def test_a_pass_is_known_to_all_until_it_ends(pair: Pair) -> None:
    """Saved by one server it is found by the other; ended by either it is found by none; twice ended is ended."""
    one, other = pair.states()
    one.save_pass(PASS)
    assert one.find_pass(PASS.digest) == other.find_pass(PASS.digest) == PASS
    assert other.find_pass(hash_secret("other")) is None
    other.end_pass(PASS.digest)
    one.end_pass(PASS.digest)
    one.end_pass(hash_secret("other"))
    assert one.find_pass(PASS.digest) is other.find_pass(PASS.digest) is None


def test_a_pass_expires_everywhere(pair: Pair) -> None:
    """At its last second it is found, one later it is not."""
    one, other = pair.states()
    one.save_pass(PASS)
    pair.moment = PASS.expires - timedelta(seconds=1)
    assert other.find_pass(PASS.digest) == PASS
    pair.moment = PASS.expires
    assert one.find_pass(PASS.digest) is other.find_pass(PASS.digest) is None


def test_a_ticket_opens_once_and_nothing_in_the_store_does(pair: Pair) -> None:
    """Any server redeems a ticket, one of them, within its time; the store holds neither ticket nor secret."""
    one, other = pair.states()
    for ticket in ("first", "late"):
        one.save_ticket(ticket, SECRET, 60)
    for text in (SECRET, "first", bytes.fromhex(SECRET).hex().upper()):
        assert text not in pair.held()
    assert other.take_ticket("first") == SECRET
    assert one.take_ticket("first") == other.take_ticket("first") == other.take_ticket("none") == ""
    pair.moment += timedelta(seconds=61)
    assert one.take_ticket("late") == ""


def test_attempts_count_over_all_servers(pair: Pair) -> None:
    """Five between two servers lock an address on both, for five minutes; another address, or a right key, is free."""
    one, other = pair.states()
    for number in range(MOST):
        assert pair.states()[number % 2].begin_attempt("192.0.2.7", MOST)[1] == 0
        pair.moment += timedelta(seconds=10)
    before = pair.held()
    assert one.begin_attempt("192.0.2.7", MOST) == (0, ATTEMPT_WINDOW_SECONDS - 50)
    assert other.begin_attempt("192.0.2.7", MOST) == (0, ATTEMPT_WINDOW_SECONDS - 50)
    assert pair.held() == before  # whoever is locked out makes the store write nothing
    for _ in range(2 * MOST):
        number, wait = other.begin_attempt("192.0.2.8", MOST)
        assert wait == 0
        one.forget_attempt(number)
    assert "192.0.2." not in pair.held()
    pair.moment += timedelta(seconds=ATTEMPT_WINDOW_SECONDS - 49)
    assert one.begin_attempt("192.0.2.7", MOST)[1] == 0
    assert other.begin_attempt("192.0.2.7", MOST)[1] > 0


def test_a_clock_that_was_ahead_locks_nobody_for_long(pair: Pair) -> None:
    """Attempts dated more than five minutes ahead, by a clock that is right again, do not count."""
    one, _other = pair.states()
    pair.moment += timedelta(days=1)
    for _ in range(MOST):
        one.begin_attempt("192.0.2.7", MOST)
    pair.moment -= timedelta(days=1)
    assert one.begin_attempt("192.0.2.7", MOST)[1] == 0


def test_digests_of_addresses_differ_from_store_to_store(pair: Pair, tmp_path: Path) -> None:
    """Both servers of a store know an address under one digest, another store under another."""
    one, other = pair.states()
    elsewhere = Store(f"sqlite:///{tmp_path / 'elsewhere.db'}")
    assert one.digest_address("192.0.2.7") == other.digest_address("192.0.2.7")
    assert one.digest_address("192.0.2.7") != elsewhere.shared.digest_address("192.0.2.7")
    elsewhere.close()


def test_a_lease_has_one_holder(pair: Pair) -> None:
    """Held while it is renewed, free once its time is over; finished by its holder it stays so, for all."""
    one, other = pair.states()
    assert one.take_lease("refresh", "a", 60) == "taken"
    assert other.take_lease("refresh", "b", 60) == "held"
    assert other.take_lease("another", "b", 60) == "taken"
    pair.moment += timedelta(seconds=40)
    assert one.take_lease("refresh", "a", 60) == "taken"
    pair.moment += timedelta(seconds=40)
    assert other.take_lease("refresh", "b", 60) == "held"
    pair.moment += timedelta(seconds=21)
    assert other.take_lease("refresh", "b", 60) == "taken"
    one.finish_lease("refresh", "a")
    assert one.take_lease("refresh", "a", 60) == "held"
    other.finish_lease("refresh", "b")
    pair.moment += timedelta(hours=24)
    for state, holder in zip(pair.states(), "ab", strict=True):
        assert state.take_lease("refresh", holder, 60) == "finished"


def test_rate_counts_reach_the_others_once(pair: Pair) -> None:
    """What one server granted is read by the others, not by itself, and only once; with nothing granted none writes."""
    one, other = pair.states()
    assert one.exchange_rate_counts("a", {"x": 7.0, "y": 2.5}, 0)[0] == []
    counts, last = other.exchange_rate_counts("b", {}, 0)
    assert [(row.client, row.tokens) for row in counts] == [("x", 7.0), ("y", 2.5)]
    before = pair.held()
    assert other.exchange_rate_counts("b", {}, last) == ([], last)
    assert pair.held() == before
    pair.moment += timedelta(seconds=11)
    assert other.exchange_rate_counts("b", {"z": 1.0}, 0)[0] == []
    assert "'x'" not in pair.held()


def test_a_backup_has_nothing_of_the_moment_and_a_restore_signs_everybody_out(pair: Pair, tmp_path: Path) -> None:
    """Attempts, tickets, leases and the key of digests stay out of a backup; passes of it are ended at a restore."""
    one, _other = pair.states()
    one.save_pass(PASS)
    one.save_ticket("ticket", SECRET, 60)
    one.begin_attempt("192.0.2.7", MOST)
    one.take_lease("refresh", "a", 60)
    digest, backup = one.digest_address("192.0.2.7"), tmp_path / "backup.db"
    assert digest in pair.held()
    back_up(pair.path, backup)
    content = backup.read_bytes()
    for secret in (digest.encode(), hash_secret("ticket").encode(), one.load_digest_key()):
        assert secret not in content
    assert digest in pair.held()
    restore_backup(backup, pair.path, NOW)
    again = Pair(pair.path).open()
    assert again.states()[0].find_pass(PASS.digest) is None
    assert again.stores[0].find_faults() == []
    for store in again.stores:
        store.close()


def test_a_store_of_version_6_gets_the_tables(tmp_path: Path) -> None:
    """Opened where it can be written it has them; what it held stays."""
    path = tmp_path / "old.db"
    store = Store(f"sqlite:///{path}")
    store.keys.create("anne")
    store.close()
    raw = sqlite3.connect(path)
    for name in ("pass_ends", "passes", "attempts", "tickets", "leases", "rate_counts", "digest_keys"):
        raw.execute(f"DROP TABLE {name}")
    raw.execute("PRAGMA user_version = 6")
    raw.close()
    again = Store(f"sqlite:///{path}")
    assert again.shared.is_available()
    again.shared.save_pass(PASS)
    assert again.shared.find_pass(PASS.digest) == PASS
    assert [key.name for key in again.keys.list_keys()] == ["anne"]
    again.close()
