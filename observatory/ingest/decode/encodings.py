"""Text encodings: UTF-8, UTF-16 and Windows-1252, the three that Excel writes."""

import codecs
import re
from dataclasses import dataclass
from typing import IO

SUPPORTED_ENCODINGS = ("utf-8", "utf-16", "cp1252")
_BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CONTROL_CHARACTER = re.compile("[\x00-\x08\x0e-\x1f]")  # never part of a text file
_LINE_BREAK = re.compile(r"\r\n?|\n")
_MIN_ZERO_SHARE = 0.6  # of every second byte, for text without a byte order mark to be UTF-16
_START_BYTES = 1000  # in which UTF-16 shows
_BLOCK_BYTES = 1 << 22  # bytes decoded at a time


@dataclass(frozen=True)
class DecodedText:
    """A decoded file. `text` is None if decoding fails: `error_line` and `error_byte` then say where."""

    text: str | None
    encoding: str
    error_line: int = 0
    error_byte: str = ""


def decode_text(content: bytes, allowed: tuple[str, ...] = SUPPORTED_ENCODINGS) -> DecodedText:
    """Decodes with the first encoding that fits: a byte order mark decides, then UTF-8."""
    encoding, mark = _detect_by_start(content[:_START_BYTES], allowed)
    if encoding:
        return _try_decode(content[len(mark) :], encoding)
    as_utf8 = _try_decode(content, "utf-8")
    if as_utf8.text is None and "cp1252" in allowed:
        as_cp1252 = _try_decode(content, "cp1252")
        return as_utf8 if as_cp1252.text is None else as_cp1252
    return as_utf8


def detect_encoding(file: IO[bytes]) -> str:
    """The encoding that `decode_text` would choose for a whole file, read in blocks; UTF-8 where none fits."""
    file.seek(0)
    encoding, _mark = _detect_by_start(file.read(_START_BYTES), SUPPORTED_ENCODINGS)
    if encoding:
        return encoding
    return next((name for name in ("utf-8", "cp1252") if _is_decodable(file, name)), "utf-8")


def find_control_character(text: str) -> int | None:
    """The line of the first control character; None if there is none."""
    match = _CONTROL_CHARACTER.search(text)
    return None if match is None else len(_LINE_BREAK.findall(text, 0, match.start())) + 1


def _detect_by_start(start: bytes, allowed: tuple[str, ...]) -> tuple[str, bytes]:
    """The encoding that the first bytes of a file decide, and its byte order mark; empty if they decide none."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if start.startswith(mark) and encoding.startswith(allowed):
            return encoding, mark
    return (_detect_utf16(start) if "utf-16" in allowed else ""), b""


def _is_decodable(file: IO[bytes], encoding: str) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while block := file.read(_BLOCK_BYTES):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _try_decode(content: bytes, encoding: str) -> DecodedText:
    try:
        text = content.decode(encoding).replace(
            "\ufeff", ""
        )  # concatenated files have byte order marks in their middle
        return DecodedText(text, encoding[:6])  # without the byte order
    except UnicodeDecodeError as error:
        line = len(_LINE_BREAK.findall(content[: error.start].decode("latin-1"))) + 1
        return DecodedText(None, encoding, line, hex(content[error.start]))


def _detect_utf16(content: bytes) -> str:
    """The byte order of UTF-16 without a mark, in which every second byte of Latin text is zero; empty if it is not."""
    start = content[:_START_BYTES]
    pair_count = len(start) // 2
    if pair_count < 2:
        return ""
    even, odd = start[0::2].count(0) / pair_count, start[1::2].count(0) / pair_count
    if odd > _MIN_ZERO_SHARE and even < 1 - _MIN_ZERO_SHARE:
        return "utf-16-le"
    return "utf-16-be" if even > _MIN_ZERO_SHARE and odd < 1 - _MIN_ZERO_SHARE else ""
