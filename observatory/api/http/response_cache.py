"""Response cache: compressed answers, bounded in bytes, the least recently used dropped first."""

import gzip
import hashlib
import zlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock

from cachetools import LRUCache

_MAX_BYTES = 32 << 20  # of compressed answers; the table of all figures takes 0.4 MB
_MIN_COMPRESSED_BYTES = 1000  # below that, compression only costs time
_GZIP_LEVEL = 6  # level 9 takes three times as long and saves 3 %
ENTRY_OVERHEAD = 1000  # bytes of an entry besides its content: key, digest and their objects
_BUILD_LOCKS = 16


@dataclass(frozen=True)
class CachedResponse:
    """An answer as it is cached: compressed by gzip if that is worth it, with a digest of its content."""

    stored: bytes
    is_compressed: bool
    digest: str
    media_type: str
    next_url: str = ""
    filename: str = ""

    def content(self) -> bytes:
        """The content, uncompressed."""
        return zlib.decompress(self.stored, 16 + zlib.MAX_WBITS) if self.is_compressed else self.stored


def compress(content: bytes, media_type: str, next_url: str = "", filename: str = "") -> CachedResponse:
    """An answer ready for the cache; the same content always gives the same bytes."""
    digest = hashlib.sha256(content).hexdigest()[:20]
    is_compressed = len(content) >= _MIN_COMPRESSED_BYTES
    stored = gzip.compress(content, _GZIP_LEVEL, mtime=0) if is_compressed else content
    return CachedResponse(stored, is_compressed, digest, media_type, next_url, filename)


def _measure(response: CachedResponse) -> int:
    """Bytes of an entry; without the overhead, many small ones would fill the memory unnoticed."""
    return len(response.stored) + ENTRY_OVERHEAD


@dataclass
class ResponseCache:
    """Cache of answers by request; simultaneous requests for one answer build it once. Thread-safe."""

    max_bytes: int = _MAX_BYTES
    _entries: LRUCache[Hashable, CachedResponse] = field(init=False)
    _lock: Lock = field(default_factory=Lock)  # LRUCache moves entries on reading too
    _build_locks: tuple[Lock, ...] = field(default_factory=lambda: tuple(Lock() for _ in range(_BUILD_LOCKS)))

    def __post_init__(self) -> None:
        self._entries = LRUCache(self.max_bytes, _measure)

    @property
    def sizes(self) -> tuple[int, ...]:
        """The bytes of each answer that is held, its overhead included."""
        with self._lock:
            return tuple(_measure(row) for row in self._entries.values())

    def get(self, key: Hashable, build: Callable[[], CachedResponse]) -> CachedResponse:
        """The answer for a key, built if it is absent."""
        response = self._read(key)
        if response is not None:
            return response
        with self._build_locks[hash(key) % _BUILD_LOCKS]:
            response = self._read(key)
            if response is None:
                response = build()
                if _measure(response) <= self.max_bytes // 4:
                    with self._lock:
                        self._entries[key] = response
            return response

    def _read(self, key: Hashable) -> CachedResponse | None:
        with self._lock:
            return self._entries.get(key)
