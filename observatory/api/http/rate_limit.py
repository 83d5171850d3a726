"""Rate limiter: a token bucket per client address, in bounded memory."""

import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from threading import Lock

from cachetools import LRUCache

from observatory.settings import MAX_RATE_LIMITED_ADDRESSES, RATE_LIMIT_BURST, RATE_LIMIT_PER_SECOND


@dataclass(frozen=True)
class _Bucket:
    """The tokens of a client at a moment, in seconds of the limiter's timer."""

    tokens: float
    at: float


@dataclass
class RateLimiter:
    """Each client may make `burst` requests at once, and `rate` a second from then on. Safe for threads.

    Beyond `max_clients`, the client without requests for the longest time is dropped: an attacker can gain a full
    bucket that way, but memory stays bounded. Servers that share their counts (RateExchange) know a client by the
    name that `identify` gives it.
    """

    rate: float = RATE_LIMIT_PER_SECOND
    burst: float = RATE_LIMIT_BURST
    max_clients: int = MAX_RATE_LIMITED_ADDRESSES
    timer: Callable[[], float] = time.monotonic
    identify: Callable[[str], str] | None = None
    _buckets: LRUCache[str, _Bucket] = field(init=False)
    _spent: LRUCache[str, float] = field(init=False)  # since the last exchange, by name
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self._buckets, self._spent = LRUCache(self.max_clients), LRUCache(self.max_clients)

    @property
    def client_count(self) -> int:
        """Number of clients that are remembered."""
        return len(self._buckets)

    def acquire(self, client: str, cost: float = 1) -> int:
        """Takes tokens from a client's bucket: 0, or the whole seconds after which there are enough again."""
        name = self.identify(client) if self.identify is not None else client
        with self._lock:
            bucket = self._refill(name)
            is_granted = bucket.tokens >= cost
            if is_granted:
                self._buckets[name] = _Bucket(bucket.tokens - cost, bucket.at)
                if self.identify is not None:
                    self._spent[name] = self._spent.get(name, 0.0) + cost
        return 0 if is_granted else max(1, math.ceil((cost - bucket.tokens) / self.rate))

    def share(self, identify: Callable[[str], str]) -> None:
        """Begins to count for other servers, under other names than before: all buckets are full again."""
        with self._lock:
            self.identify = identify
            self._buckets.clear()
            self._spent.clear()

    def take_spent(self, least: float) -> dict[str, float]:
        """The tokens that clients have taken here since the last call, by name; of those who took a number at least."""
        with self._lock:
            spent, self._spent = dict(self._spent), LRUCache(self.max_clients)
        return {name: tokens for name, tokens in spent.items() if tokens >= least}

    def charge(self, name: str, tokens: float) -> None:
        """Takes tokens that another server granted; a bucket may then owe some, which no request may."""
        with self._lock:
            bucket = self._refill(name)
            self._buckets[name] = _Bucket(bucket.tokens - tokens, bucket.at)

    def _refill(self, name: str) -> _Bucket:
        """The bucket of a client as it is now, remembered."""
        now = self.timer()
        bucket = self._buckets.get(name) or _Bucket(self.burst, now)
        bucket = _Bucket(min(self.burst, bucket.tokens + (now - bucket.at) * self.rate), now)
        self._buckets[name] = bucket
        return bucket


def read_client_address(peer: str, forwarded: Iterable[str], trusted: frozenset[str]) -> str:
    """The client address of a request: the peer or, with trusted proxies, the last hop that is not one of them.

    `forwarded` are the values of X-Forwarded-For. An IPv6 client has 2^64 addresses: it counts as its network.
    """
    client = peer
    for hop in reversed([part.strip() for line in forwarded for part in line.split(",")]):
        if client not in trusted:
            break
        client = hop
    address = _parse_address(client)
    if address is None:
        return peer if _parse_address(peer) is not None else "unknown"
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(IPv6Network((address, 64), strict=False).network_address)
    return str(address)


def _parse_address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
