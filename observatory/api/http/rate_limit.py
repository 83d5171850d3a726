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
    bucket that way, but memory stays bounded.
    """

    rate: float = RATE_LIMIT_PER_SECOND
    burst: float = RATE_LIMIT_BURST
    max_clients: int = MAX_RATE_LIMITED_ADDRESSES
    timer: Callable[[], float] = time.monotonic
    _buckets: LRUCache[str, _Bucket] = field(init=False)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self._buckets = LRUCache(self.max_clients)

    @property
    def client_count(self) -> int:
        """Number of clients that are remembered."""
        return len(self._buckets)

    def acquire(self, client: str, cost: float = 1) -> int:
        """Takes tokens from a client's bucket: 0, or the whole seconds after which there are enough again."""
        now = self.timer()
        with self._lock:
            bucket = self._buckets.get(client) or _Bucket(self.burst, now)
            tokens = min(self.burst, bucket.tokens + (now - bucket.at) * self.rate)
            is_granted = tokens >= cost
            self._buckets[client] = _Bucket(tokens - cost if is_granted else tokens, now)
        return 0 if is_granted else max(1, math.ceil((cost - tokens) / self.rate))


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
