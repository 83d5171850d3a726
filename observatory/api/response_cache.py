"""Answers that are kept: packed once, dropped when room is needed, the longest unread first."""

import gzip
import hashlib
import zlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock

ROOM = 32 << 20  # bytes of packed answers; the table of all figures takes 0.4 of a MB
SMALL = 1000  # bytes below which packing an answer only costs time
LEVEL = 6  # level 9 takes three times as long and saves 3 %
BESIDE = 1000  # bytes that an answer takes beside its content: its key, its digest, their objects
TURNS = 16


@dataclass(frozen=True)
class Packed:
    """An answer as it is kept: packed by gzip if that is worth it, and the digest of what it says."""

    content: bytes
    zipped: bool
    digest: str
    media_type: str
    following: str = ""
    file: str = ""

    def body(self) -> bytes:
        """What it says, unpacked."""
        return zlib.decompress(self.content, 16 + zlib.MAX_WBITS) if self.zipped else self.content


def packed(body: bytes, media_type: str, following: str = "", file: str = "") -> Packed:
    """An answer packed; the same body always gives the same bytes."""
    digest = hashlib.sha256(body).hexdigest()[:20]
    zipped = len(body) >= SMALL
    content = gzip.compress(body, LEVEL, mtime=0) if zipped else body
    return Packed(content, zipped, digest, media_type, following, file)


@dataclass
class Kept:
    """What was answered, by what was asked; when fifty ask for the same at once, it is made once."""

    room: int = ROOM
    _answers: OrderedDict[Hashable, Packed] = field(default_factory=OrderedDict)
    _used: int = 0
    _lock: Lock = field(default_factory=Lock)
    _turns: tuple[Lock, ...] = field(default_factory=lambda: tuple(Lock() for _ in range(TURNS)))

    def get(self, key: Hashable, make: Callable[[], Packed]) -> Packed:
        """The answer to a key, made if it is not there."""
        found = self._found(key)
        if found is not None:
            return found
        with self._turns[hash(key) % TURNS]:
            found = self._found(key)
            if found is None:
                found = make()
                self._keep(key, found)
            return found

    def _found(self, key: Hashable) -> Packed | None:
        with self._lock:
            found = self._answers.get(key)
            if found is not None:
                self._answers.move_to_end(key)
            return found

    def _keep(self, key: Hashable, answer: Packed) -> None:
        if _size(answer) > self.room // 4:
            return
        with self._lock:
            self._answers[key] = answer
            self._used += _size(answer)
            while self._used > self.room:
                _key, dropped = self._answers.popitem(last=False)
                self._used -= _size(dropped)


def _size(answer: Packed) -> int:
    """The memory that an answer takes, with its key: without those, many small ones would fill it unseen."""
    return len(answer.content) + BESIDE
