"""Bytes to text: UTF-8, UTF-16 and Windows-1252, the three that Excel writes."""

import codecs
import re
from dataclasses import dataclass

SUPPORTED_ENCODINGS = ("utf-8", "utf-16", "cp1252")
_BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CONTROL_CHARACTER = re.compile("[\x00-\x08\x0e-\x1f]")  # that no text file holds
_LINE_BREAK = re.compile(r"\r\n?|\n")
_MIN_ZERO_SHARE = 0.6  # share of zeros in every second byte from which text without a mark is UTF-16


@dataclass(frozen=True)
class DecodedText:
    """A decoded file. `text` is None where it cannot be decoded: then `line` and `byte` say where it stops."""

    text: str | None
    encoding: str
    error_line: int = 0
    error_byte: str = ""


def decode_text(content: bytes, allowed: tuple[str, ...] = SUPPORTED_ENCODINGS) -> DecodedText:
    """Text in the first encoding that fits. A mark at the start decides; UTF-8 cannot be mistaken for another."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark) and encoding.startswith(allowed):
            return _try_decode(content[len(mark) :], encoding)
    if "utf-16" in allowed and (encoding := _detect_utf16(content)):
        return _try_decode(content, encoding)
    found = _try_decode(content, "utf-8")
    if found.text is None and "cp1252" in allowed:
        other = _try_decode(content, "cp1252")
        return found if other.text is None else other
    return found


def find_control_character(text: str) -> int | None:
    """The line of the first character that no text holds; None if there is none."""
    found = _CONTROL_CHARACTER.search(text)
    return None if found is None else len(_LINE_BREAK.findall(text, 0, found.start())) + 1


def _try_decode(content: bytes, encoding: str) -> DecodedText:
    try:
        text = content.decode(encoding).replace("\ufeff", "")  # files put end to end have marks in their middle
        return DecodedText(text, encoding[:6])  # the order of bytes is of no interest to anybody
    except UnicodeDecodeError as error:
        line = len(_LINE_BREAK.findall(content[: error.start].decode("latin-1"))) + 1
        return DecodedText(None, encoding, line, hex(content[error.start]))


def _detect_utf16(content: bytes) -> str:
    """UTF-16 without a mark: in Latin text every second byte is zero."""
    start = content[:1000]
    half = len(start) // 2
    if half < 2:
        return ""
    even, odd = start[0::2].count(0) / half, start[1::2].count(0) / half
    if odd > _MIN_ZERO_SHARE and even < 1 - _MIN_ZERO_SHARE:
        return "utf-16-le"
    return "utf-16-be" if even > _MIN_ZERO_SHARE and odd < 1 - _MIN_ZERO_SHARE else ""
