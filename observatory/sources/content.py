"""Bodies of answers as text and tables: error documents, pages, cut and empty bodies are refused by name."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from observatory.errors import SourceError
from observatory.settings import MAX_ECHOED_CHARS
from observatory.sources.model import Answer

Row = dict[str, str]

_FAULT = re.compile(
    r"<(?:\w+:)?(?:faultcode|error\b[^>]*\bcode=|ErrorMessage\b[^>]*\bcode=)[\">]*\s*\"?(?P<code>[\w.-]{1,20})",
    re.IGNORECASE,
)
_FAULT_TEXT = re.compile(
    r"<(?:\w+:)?(?:faultstring|Text)\b[^>]*>(?P<text>[^<]{1,300})|\bmessage=\"(?P<message>[^\"]{1,300})", re.IGNORECASE
)
_TITLE = re.compile(r"<title[^>]*>([^<]{0,200})", re.IGNORECASE)
_MAX_CELL_CHARS = 131_072
_OLE_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def decode_text(answer: Answer, encodings: Sequence[str] = ("utf-8-sig",)) -> str:
    """The body as text. Refuses an empty one, a page, an error document and an unknown encoding."""
    refuse_error_document(answer.content)
    if answer.content.startswith(_OLE_WORKBOOK):
        raise SourceError("error.source.old_workbook")
    for encoding in encodings:
        try:
            return answer.content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SourceError("error.source.encoding", wanted=encodings[0].removesuffix("-sig"))


def refuse_error_document(content: bytes) -> None:
    """Raises SourceError for an empty body, an HTML page, or a fault in XML or JSON, whatever the status."""
    head = content[:4_000].decode("utf-8-sig", "replace").strip().replace("\0", "")
    if not head:
        raise SourceError("error.source.empty")
    lower = head.lower()
    if lower.startswith(("<!doctype html", "<html")) or (lower.startswith("<") and "<html" in lower):
        title = _TITLE.search(head)
        raise SourceError("error.source.html", title=_shorten(title[1] if title else ""))
    if lower.startswith("<") and (code := _FAULT.search(head)):
        text = _FAULT_TEXT.search(head)
        raise SourceError(
            "error.source.fault", code=code["code"], text=_shorten((text["text"] or text["message"]) if text else "")
        )
    if lower.startswith(("{", "[")) and len(content) < 4_000:
        _refuse_json_fault(head)


def _refuse_json_fault(text: str) -> None:
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return
    first = body[0] if isinstance(body, list) and body else body
    for key in ("message", "error", "errors", "warning"):
        fault = first.get(key) if isinstance(first, dict) else None
        if fault:
            row = fault[0] if isinstance(fault, list) else fault
            facts = row if isinstance(row, dict) else {"text": row}
            code = facts.get("id", facts.get("status", facts.get("code", key)))
            words = facts.get("value", facts.get("label", facts.get("message", facts.get("text", ""))))
            raise SourceError("error.source.fault", code=_shorten(code), text=_shorten(words))


def _shorten(text: object) -> str:
    return " ".join(str(text).split())[: 3 * MAX_ECHOED_CHARS]


def read_table(text: str, *, is_framed: bool = True, delimiter: str = ",") -> tuple[list[str], list[Row]]:
    """Header and rows of a separated file. Refuses rows of another width than the header, and a body that is cut."""
    if not is_framed and not text.endswith(("\n", "\r")):
        raise SourceError("error.source.cut")
    lines = split_lines(text, delimiter=delimiter)
    if not lines:
        raise SourceError("error.source.empty")
    header = [name.strip().lstrip("\ufeff") for name in lines[0]]
    for number, line in enumerate(lines[1:], 2):
        if number == len(lines) and len(line) < len(header):
            raise SourceError("error.source.cut")
        if len(line) != len(header):
            raise SourceError("error.source.width", line=number, seen=len(line), wanted=len(header))
    return header, [dict(zip(header, line, strict=True)) for line in lines[1:]]


def split_lines(text: str, *, delimiter: str = ",") -> list[list[str]]:
    """The lines of a separated file that are not empty, as cells.

    Raises SourceError where quotes do not match, or a cell is longer than any publisher writes.
    """
    lines = []
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            # the module's own limit belongs to the whole process, and uploads raise it
            if any(len(cell) > _MAX_CELL_CHARS for cell in line):
                raise csv.Error(f"field larger than {_MAX_CELL_CHARS} characters")
            if line:
                lines.append(line)
    except csv.Error as error:
        raise SourceError("error.source.layout", seen=_shorten(error)) from error
    return lines


def require_columns(header: Iterable[str], wanted: Iterable[str]) -> None:
    """Raises SourceError with the first column that is missing, and those that are there."""
    names = list(header)
    for name in wanted:
        if name not in names:
            raise SourceError("error.source.column", wanted=name, seen=_shorten(", ".join(names)))


def detect_delimiter(text: str) -> str:
    """Semicolon, tab or comma: the most frequent one of the first line."""
    first = text.partition("\n")[0]
    return max(";\t,", key=first.count)


def parse_json(text: str) -> Any:
    """A JSON document, numbers as Decimal. Refuses one that is cut."""
    try:
        return json.loads(text, parse_float=Decimal, parse_int=Decimal)
    except (ValueError, ArithmeticError) as error:
        raise SourceError("error.source.cut") from error
    except RecursionError as error:
        raise SourceError("error.source.layout", seen="nested too deeply") from error


def parse_xml(answer: Answer) -> Element:
    """An XML document; entities are refused."""
    refuse_error_document(answer.content)
    try:
        root: Element = fromstring(answer.content)
    except ParseError as error:
        raise SourceError("error.source.cut") from error
    except (DefusedXmlException, ValueError, LookupError) as error:
        raise SourceError("error.source.layout", seen=_shorten(type(error).__name__)) from error
    return root


def iterate_elements(root: Element, name: str) -> Iterator[Element]:
    """The elements of a local name, whatever their namespace."""
    return (
        element for element in root.iter() if isinstance(element.tag, str) and element.tag.rpartition("}")[2] == name
    )


def require_attributes(row: Any, expect: Iterable[tuple[str, str]]) -> None:
    """Raises SourceError with the first attribute that is not as the recipe expects it."""
    for name, wanted in expect:
        seen = row.get(name, "")
        if seen != wanted:
            raise SourceError("error.source.attribute", name=name, wanted=wanted, seen=_shorten(seen))
