"""Differences between two JSON texts that have other numbers in the same places, packed; to the byte, both ways.

A figure that changes moves thousands of numbers a little: their differences are small where the numbers are not.
"""

import base64
import binascii
import lzma
import math
import re
import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?', re.ASCII)
_MIN_BINARY_CHARS = 200  # of a string in base64 whose bytes are compared one by one
_MAX_DIGITS = 18  # of a whole number that surely fits in 64 bits
_WHOLE, _REAL, _BINARY = "\x02", "\x03", "\x04"  # in the place of numbers; JSON has no such characters
_BITS, _REAL_BITS = struct.Struct("<Q"), struct.Struct("<d")
_HEAD = struct.Struct("<B")  # how real numbers are predicted
_PLAIN, _SCALED = 0, 1
_FEW_BYTES = 512  # packed, below which the other form does not pay
_LZMA = [{"id": lzma.FILTER_LZMA1, "preset": 6, "dict_size": 1 << 20}]  # a larger dictionary takes memory alone

_Words = NDArray[np.uint64]


@dataclass(frozen=True)
class SplitText:
    """A text without its numbers, and these: whole and real ones, and the bytes of long strings in base64."""

    frame: str
    whole: Sequence[int]
    real: Sequence[float]
    binary: Sequence[bytes]


def pack(content: bytes | bytearray) -> bytes:
    """The shorter one of two packed forms, each of which says which it is by its first byte."""
    deflated = zlib.compress(content, 9)
    if len(deflated) < _FEW_BYTES:
        return deflated
    return min(deflated, lzma.compress(content, lzma.FORMAT_ALONE, filters=_LZMA), key=len)


def unpack(packed: bytes) -> bytes:
    """The inverse of `pack`. Raises ValueError for anything else."""
    try:
        return zlib.decompress(packed) if packed[:1] == b"\x78" else lzma.decompress(packed, lzma.FORMAT_ALONE)
    except (zlib.error, lzma.LZMAError) as error:
        raise ValueError(str(error)) from error


def split_text(text: str) -> SplitText:
    """Takes the numbers out of a text; those that would not be written again as they are stay in it."""
    whole: list[int] = []
    real: list[float] = []
    binary: list[bytes] = []

    def take(match: re.Match[str]) -> str:
        token = match[0]
        if token[0] == '"':
            content = _decode_binary(token[1:-1]) if len(token) > _MIN_BINARY_CHARS else None
            if content is None:
                return token
            binary.append(content)
            return _BINARY
        if token.lstrip("-").isdigit():
            if len(token) > _MAX_DIGITS or str(int(token)) != token:
                return token
            whole.append(int(token))
            return _WHOLE
        if repr(float(token)) != token:
            return token
        real.append(float(token))
        return _REAL

    return SplitText(_TOKEN.sub(take, text), whole, real, binary)


def join_text(parts: SplitText) -> str:
    """The inverse of `split_text`."""
    whole, real, binary = iter(parts.whole), iter(parts.real), iter(parts.binary)
    write: dict[str, Callable[[], str]] = {
        _WHOLE: lambda: str(next(whole)),
        _REAL: lambda: repr(next(real)),
        _BINARY: lambda: f'"{base64.b64encode(next(binary)).decode("ascii")}"',
    }
    return re.sub(f"[{_WHOLE}{_REAL}{_BINARY}]", lambda match: write[match[0]](), parts.frame)


def encode_difference(new: SplitText, old: SplitText) -> bytes | None:
    """What turns the old text into the new one; None where they differ in more than their numbers."""
    if new.frame != old.frame or [*map(len, new.binary)] != [*map(len, old.binary)]:
        return None
    whole = _to_planes(_fold(_to_words(new.whole) - _to_words(old.whole)))
    real, way = min(
        (_to_planes(_fold(_to_bits(new.real) - _to_bits(_predict(new.real, old.real, way)))), way)
        for way in (_PLAIN, _SCALED)
    )
    return _HEAD.pack(way) + whole + real + b"".join(map(_encode_binary, new.binary, old.binary))


def apply_difference(old: SplitText, difference: bytes) -> SplitText:
    """The new text. Raises ValueError if the difference is not one of such a text."""
    (way,) = _HEAD.unpack_from(difference)
    rest = memoryview(difference)[_HEAD.size :]
    words, rest = _from_planes(rest, len(old.whole))
    whole = (_to_words(old.whole) + _unfold(words)).view(np.int64).tolist()
    words, rest = _from_planes(rest, len(old.real))
    real = _restore(old.real, _unfold(words), way)
    binary = []
    for content in old.binary:
        changed, rest = _decode_change(content, rest)
        binary.append(changed)
    if rest:
        raise ValueError("a difference is too long")
    return SplitText(old.frame, whole, real, binary)


# -- numbers ------------------------------------------------------------------------------------------------------


def _to_words(numbers: Sequence[int]) -> _Words:
    return np.array(numbers, dtype=np.int64).view(np.uint64)


def _to_bits(numbers: Sequence[float]) -> _Words:
    return np.array(numbers, dtype=np.float64).view(np.uint64)


def _fold(words: _Words) -> _Words:
    """Differences without a sign, small ones first: 0, -1, 1, -2 become 0, 1, 2, 3."""
    signed = words.view(np.int64)
    return ((signed << 1) ^ (signed >> 63)).view(np.uint64)


def _unfold(words: _Words) -> _Words:
    one = np.uint64(1)
    return (words >> one) ^ (np.uint64(0) - (words & one))


def _to_planes(words: _Words) -> bytes:
    """The lowest bytes of all words, then the next ones, as many as are needed; how many is the first byte."""
    planes = words.astype("<u8").view(np.uint8).reshape(-1, 8).T
    used = next((count for count in range(8, 0, -1) if planes[count - 1].any()), 0)
    return bytes((used,)) + planes[:used].tobytes()


def _from_planes(content: memoryview, count: int) -> tuple[_Words, memoryview]:
    """The words, and what follows them."""
    used = content[0]
    end = 1 + used * count
    planes = np.zeros((8, count), np.uint8)
    planes[:used] = np.frombuffer(content[1:end], np.uint8).reshape(used, count)
    return np.ascontiguousarray(planes.T).view("<u8").reshape(count).astype(np.uint64), content[end:]


def _predict(new: Sequence[float], old: Sequence[float], way: int) -> list[float]:
    """The old numbers or, scaled, each times what the one before it was multiplied by."""
    if way == _PLAIN:
        return [*old]
    return [_scale(row, old[place - 1], new[place - 1]) if place else row for place, row in enumerate(old)]


def _scale(number: float, old: float, new: float) -> float:
    scaled = number * (new / old) if old else number
    return scaled if math.isfinite(scaled) else number


def _restore(old: Sequence[float], differences: _Words, way: int) -> list[float]:
    """The numbers whose difference from what is predicted for them is known; one prediction needs the one before."""
    if way == _PLAIN:
        return cast(list[float], (_to_bits(old) + differences).view(np.float64).tolist())
    new: list[float] = []
    for place, (number, difference) in enumerate(zip(old, differences.tolist(), strict=True)):
        predicted = _scale(number, old[place - 1], new[place - 1]) if place else number
        (bits,) = _BITS.unpack(_REAL_BITS.pack(predicted))
        new.append(_REAL_BITS.unpack(_BITS.pack((bits + difference) % 2**64))[0])
    return new


# -- bytes --------------------------------------------------------------------------------------------------------


def _decode_binary(text: str) -> bytes | None:
    """The bytes of a string in base64; None for any other."""
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return content if base64.b64encode(content).decode("ascii") == text else None


def _encode_binary(new: bytes, old: bytes) -> bytes:
    """The differences of bytes, or of numbers of two bytes where these are shorter once packed."""
    changes = [bytes((width,)) + _subtract(new, old, width) for width in (1, 2) if len(new) % width == 0]
    return min(changes, key=lambda change: len(zlib.compress(change)))


def _subtract(new: bytes, old: bytes, width: int) -> bytes:
    if width == 1:
        return (np.frombuffer(new, np.uint8) - np.frombuffer(old, np.uint8)).tobytes()
    moved = np.frombuffer(new, "<i2").astype(np.int64) - np.frombuffer(old, "<i2")
    return _to_planes(_fold(moved.view(np.uint64)))


def _decode_change(old: bytes, rest: memoryview) -> tuple[bytes, memoryview]:
    """The new bytes, and what follows their difference."""
    width, rest = rest[0], rest[1:]
    if width == 1:
        changed = np.frombuffer(old, np.uint8) + np.frombuffer(rest[: len(old)], np.uint8)
        return changed.tobytes(), rest[len(old) :]
    words, rest = _from_planes(rest, len(old) // 2)
    return (np.frombuffer(old, "<i2") + _unfold(words).view(np.int64)).astype("<i2").tobytes(), rest
