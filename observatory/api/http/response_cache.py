"""Response cache: compressed answers, bounded in bytes, the least recently used dropped first."""

import gzip
import hashlib
import zlib
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from threading import Lock

from cachetools import LRUCache

_MAX_BYTES = 32 << 20  # of compressed answers; the table of all figures takes 0.4 MB
_MIN_COMPRESSED_BYTES = 1000  # below that, compression only costs time
_GZIP_LEVEL = 6  # level 9 takes three times as long and saves 3 %
_PACKED_PART_BYTES = 16 << 10  # decompressed at once, to a megabyte or less
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
        response = self.find(key)
        if response is not None:
            return response
        with self._build_locks[hash(key) % _BUILD_LOCKS]:
            response = self.find(key)
            if response is None:
                response = build()
                self.put(key, response)
            return response

    def find(self, key: Hashable) -> CachedResponse | None:
        """The answer for a key; None if it is absent."""
        with self._lock:
            return self._entries.get(key)

    def put(self, key: Hashable, response: CachedResponse) -> None:
        """Keeps an answer, unless it is so large that few others would stay."""
        if _measure(response) <= self.max_entry_bytes:
            with self._lock:
                self._entries[key] = response

    @property
    def max_entry_bytes(self) -> int:
        """The most that one answer may take."""
        return self.max_bytes // 4


def pack_parts(
    parts: Iterable[bytes], max_bytes: int, keep: Callable[[bytes], None], *, sends_packed: bool
) -> Iterator[bytes]:
    """The parts of an answer on their way, compressed or as they are; the whole, compressed, goes to `keep`.

    Nothing is kept of one that takes more than `max_bytes` compressed, nor of one whose client leaves before its end.
    """
    packer, packed, size = zlib.compressobj(_GZIP_LEVEL, wbits=16 + zlib.MAX_WBITS), list[bytes](), 0
    for part in parts:
        piece = packer.compress(part) if sends_packed or size <= max_bytes else b""
        size += len(piece)
        packed.append(piece)
        if size > max_bytes:
            packed.clear()
        sent = piece if sends_packed else part
        if sent:
            yield sent
    last = packer.flush()
    if sends_packed:
        yield last
    if size + len(last) <= max_bytes:
        keep(b"".join([*packed, last]))


def unpack_parts(packed: bytes) -> Iterator[bytes]:
    """The content of a compressed answer, in parts: whole it may be fifty times as large."""
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
    for start in range(0, len(packed), _PACKED_PART_BYTES):
        yield unpacker.decompress(packed[start : start + _PACKED_PART_BYTES])
    yield unpacker.flush()
