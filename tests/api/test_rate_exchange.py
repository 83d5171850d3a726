"""Rate limits over several servers: limiters that exchange their counts through one store."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from observatory.api.http.rate_exchange import EXCHANGE_SECONDS, RateExchange
from observatory.api.http.rate_limit import RateLimiter
from observatory.store.store import Store
from tests.support.servers import open_stores
from tests.support.stores import StoreMaker, dump_store

RATE, BURST = 5.0, 40.0


class LimitedServers:
    """Servers with limiters of one timer, on one store."""

    def __init__(self, address: str, stores: Sequence[Store]) -> None:
        self.address, self.stores = address, stores
        self.seconds = 0.0
        self.limiters = [RateLimiter(RATE, BURST, timer=lambda: self.seconds) for _ in self.stores]
        self.exchanges = [
            RateExchange(limiter, lambda store=store: store.shared)  # type: ignore[misc]
            for limiter, store in zip(self.limiters, self.stores, strict=True)
        ]
        self.exchange()

    def exchange(self, times: int = 1) -> None:
        """What each server does every few seconds."""
        for _ in range(times):
            for exchange in self.exchanges:
                exchange.exchange()

    def take_all(self, server: int, client: str) -> int:
        """How many requests of a client a server grants now."""
        count = 0
        while self.limiters[server].acquire(client) == 0:
            count += 1
        return count


@pytest.fixture
def servers(stores: StoreMaker, tmp_path: Path) -> Iterator[LimitedServers]:
    address = stores.create(tmp_path)
    with open_stores(address) as opened:
        yield LimitedServers(address, opened)


def test_what_one_granted_the_other_does_not(servers: LimitedServers) -> None:
    """After an exchange a client that has used up its burst here has none there; another client has all of it."""
    assert servers.take_all(0, "192.0.2.7") == BURST
    servers.exchange(2)
    assert servers.take_all(1, "192.0.2.7") == 0
    assert servers.take_all(1, "192.0.2.8") == BURST


def test_the_bound_over_two_servers(servers: LimitedServers) -> None:
    """Whoever asks both all the time gets one limit, and beyond it once a burst and the rate of two exchanges."""
    granted = 0
    for _step in range(60):
        granted += servers.take_all(0, "x") + servers.take_all(1, "x")
        servers.seconds += EXCHANGE_SECONDS
        servers.exchange()
    once = BURST + 2 * EXCHANGE_SECONDS * RATE
    assert BURST + RATE * 50 * EXCHANGE_SECONDS < granted <= BURST + RATE * servers.seconds + once


def test_a_slow_reader_is_not_told_of(servers: LimitedServers) -> None:
    """Few requests leave the store as it is, and the other server grants its burst."""
    assert servers.limiters[0].acquire("x") == 0
    servers.exchange(2)
    assert servers.stores[0].shared.exchange_rate_counts("c", {}, 0)[0] == []
    assert servers.take_all(1, "x") == BURST


def test_no_address_is_stored(servers: LimitedServers) -> None:
    """Rows name a keyed digest."""
    servers.take_all(0, "192.0.2.7")
    servers.exchange()
    counts, _last = servers.stores[1].shared.exchange_rate_counts("c", {}, 0)
    assert [row.client for row in counts] == [servers.stores[1].shared.digest_address("192.0.2.7")]
    assert "192.0.2.7" not in dump_store(servers.address)


def test_a_server_that_starts_owes_nothing(servers: LimitedServers) -> None:
    """What was granted before it came is no debt of its readers."""
    servers.take_all(0, "x")
    servers.exchange()
    late = RateLimiter(RATE, BURST, timer=lambda: servers.seconds)
    exchange = RateExchange(late, lambda: servers.stores[1].shared)
    exchange.exchange()
    exchange.exchange()
    assert late.acquire("x", BURST) == 0
