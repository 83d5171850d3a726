"""A bounded request rate per address: buckets of tokens in memory, and a bounded number of them."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from threading import Lock

from observatory.settings import MAX_RATE_LIMITED_ADDRESSES, RATE_LIMIT_BURST, RATE_LIMIT_PER_SECOND


@dataclass(frozen=True)
class Limits:
    """Each address may ask `burst` times at once and `rate` times a second from then on.

    The address that has been quiet for longest is forgotten when there are too many: what an attacker gains by that is
    a full bucket, what memory loses is nothing.
    """

    rate: float = RATE_LIMIT_PER_SECOND
    burst: float = RATE_LIMIT_BURST
    addresses: int = MAX_RATE_LIMITED_ADDRESSES
    now: Callable[[], float] = time.monotonic
    _buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def wait(self, address: str, cost: float = 1) -> int:
        """Takes tokens of an address: 0, or the whole seconds after which there are enough again."""
        now = self.now()
        with self._lock:
            left, since = self._buckets.pop(address, (self.burst, now))
            left = min(self.burst, left + (now - since) * self.rate)
            granted = left >= cost
            self._buckets[address] = (left - cost if granted else left, now)
            while len(self._buckets) > self.addresses:
                self._buckets.popitem(last=False)
        return 0 if granted else max(1, math.ceil((cost - left) / self.rate))


def client(peer: str, forwarded: Iterable[str], trusted: frozenset[str]) -> str:
    """Whom a request is counted for: the peer, or, behind proxies that are trusted, the last address they do not know.

    An IPv6 reader has 2^64 addresses: it is counted as their network.
    """
    asked = peer
    for hop in reversed([part.strip() for line in forwarded for part in line.split(",")]):
        if asked not in trusted:
            break
        asked = hop
    found = _address(asked)
    if found is None:
        return _shown(peer)
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return str(IPv6Network((found, 64), strict=False).network_address)
    return str(found)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _shown(peer: str) -> str:
    return peer if _address(peer) is not None else "unknown"
