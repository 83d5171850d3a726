"""Bytes to text: UTF-8, UTF-16 and Windows-1252, the three that Excel writes."""

import codecs
import re
from dataclasses import dataclass

ALL = ("utf-8", "utf-16", "cp1252")
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")  # that no text file holds
_LINE = re.compile(r"\r\n?|\n")
_OBVIOUS = 0.6  # share of zeros in every second byte from which text without a mark is UTF-16


@dataclass(frozen=True)
class Text:
    """A decoded file. `text` is None where it cannot be decoded: then `line` and `byte` say where it stops."""

    text: str | None
    encoding: str
    line: int = 0
    byte: str = ""


def decode(content: bytes, allowed: tuple[str, ...] = ALL) -> Text:
    """Text in the first encoding that fits. A mark at the start decides; UTF-8 cannot be mistaken for another."""
    for mark, encoding in _BOMS:
        if content.startswith(mark) and encoding.startswith(allowed):
            return _decoded(content[len(mark) :], encoding)
    if "utf-16" in allowed and (encoding := _unmarked(content)):
        return _decoded(content, encoding)
    found = _decoded(content, "utf-8")
    if found.text is None and "cp1252" in allowed:
        other = _decoded(content, "cp1252")
        return found if other.text is None else other
    return found


def control(text: str) -> int | None:
    """The line of the first character that no text holds; None if there is none."""
    found = _CONTROL.search(text)
    return None if found is None else len(_LINE.findall(text, 0, found.start())) + 1


def _decoded(content: bytes, encoding: str) -> Text:
    try:
        text = content.decode(encoding).replace("\ufeff", "")  # files put end to end have marks in their middle
        return Text(text, encoding[:6])  # the order of bytes is of no interest to anybody
    except UnicodeDecodeError as error:
        line = len(_LINE.findall(content[: error.start].decode("latin-1"))) + 1
        return Text(None, encoding, line, hex(content[error.start]))


def _unmarked(content: bytes) -> str:
    """UTF-16 without a mark: in Latin text every second byte is zero."""
    start = content[:1000]
    half = len(start) // 2
    if half < 2:
        return ""
    even, odd = start[0::2].count(0) / half, start[1::2].count(0) / half
    if odd > _OBVIOUS and even < 1 - _OBVIOUS:
        return "utf-16-le"
    return "utf-16-be" if even > _OBVIOUS and odd < 1 - _OBVIOUS else ""
