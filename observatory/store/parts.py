"""Parts: the long texts of editions, each stored once by the sha256 of its bytes.

A part that followed another one is stored as the difference from it where that is shorter. Where a row has a text, it
has a reference to a part instead, which no JSON text can be taken for; a study refers to parts for its large pieces.
"""

import hashlib
import json
import re
import struct
import zlib
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Row, func, inspect, select

from observatory.errors import StoreError
from observatory.store import schema
from observatory.store.differences import apply_difference, encode_difference, join_text, pack, split_text, unpack

_MIN_CHARS = 250  # of a text that is stored as a part; a shorter one stays in its row
_MIN_PIECE_CHARS = 4_000  # of a piece of a study that is a part of its own
_MAX_PIECE_CHARS = 100_000  # above which an object is cut into its members
_MAX_DEPTH = 16  # differences to apply to read a part; the next one is stored whole
_WHOLE_SHARE = 1.2  # how much longer a part must be whole, for its difference to pay for the reading
_CACHED_CHARS = 4_000_000  # of texts that were read, some three studies
_PACKED_SHARE = 20  # of a text packed well; shorter than that, its difference need not be compared with it
_ROWS_AT_ONCE = 500
_REFERENCE = "#"
_PLACE = re.compile("\x01([^\x01]*)\x01")
_PIECE = re.compile("\x01(\\d+):([^\x01]*)\x01")  # a part and the place of its piece; JSON has no such characters


class PartError(StoreError):
    """A part is absent, or is not what was stored."""


class PartReader:
    """Reads parts of a store, and remembers the texts it read last by their sha256."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._texts: OrderedDict[bytes, str] = OrderedDict()
        self._chars = 0
        self._lock = Lock()
        self._has_table: bool | None = None
        self.faulty: set[int] = set()  # the parts that could not be read

    def resolve(self, connection: Connection, texts: Sequence[str]) -> list[str]:
        """Texts of rows as they were stored, also those that are references. Raises PartError."""
        numbers = [parse_reference(text) for text in texts]
        roots = self.load(connection, (number for number in numbers if number is not None))
        pieces = self.load(connection, (int(match[1]) for root in roots.values() for match in _PIECE.finditer(root)))
        return [
            text if number is None else _PIECE.sub(lambda match: pieces[int(match[1])], roots[number])
            for text, number in zip(texts, numbers, strict=True)
        ]

    def load(self, connection: Connection, numbers: Iterable[int]) -> dict[int, str]:
        """The texts of some parts. Raises PartError if one is absent or is not what was stored."""
        wanted = set(numbers)
        rows = self._fetch(connection, wanted)
        unread = {row.vintage for row in rows.values() if self._find(row.sha256) is None}
        bundles = {row.vintage: _Bundle(row.whole, row.changes) for row in _load_bundles(connection, unread)}
        return {number: self._build(number, rows, bundles) for number in sorted(wanted)}

    def list_pieces(self, connection: Connection, reference: str) -> dict[str, int]:
        """The parts of a study by their places; none of a text that is not in parts."""
        number = parse_reference(reference)
        if number is None:
            return {}
        (root,) = self.load(connection, (number,)).values()
        return {match[2]: int(match[1]) for match in _PIECE.finditer(root)} | {"": number}

    def has_table(self, connection: Connection) -> bool:
        """Whether there are parts at all; not in a store of an earlier version that cannot be written."""
        if self._has_table is None:
            self._has_table = inspect(connection).has_table(schema.parts.name)
        return self._has_table

    def remember(self, text: str) -> None:
        """Keeps a text, in place of those that nobody asked for the longest."""
        name = _hash(text)
        with self._lock:
            if name not in self._texts:
                self._texts[name] = text
                self._chars += len(text)
            while self._chars > _CACHED_CHARS and len(self._texts) > 1:
                self._chars -= len(self._texts.popitem(last=False)[1])

    def _find(self, name: bytes) -> str | None:
        with self._lock:
            if name in self._texts:
                self._texts.move_to_end(name)
            return self._texts.get(name)

    def _fetch(self, connection: Connection, numbers: Iterable[int]) -> dict[int, Row[Any]]:
        """The rows of some parts and of all that these are differences from."""
        table, rows, wanted = schema.parts, dict[int, Row[Any]](), sorted(set(numbers))
        while wanted:
            found: list[Row[Any]] = []
            for start in range(0, len(wanted), _ROWS_AT_ONCE):
                chosen = table.c.id.in_(wanted[start : start + _ROWS_AT_ONCE])
                found += connection.execute(select(table).where(chosen)).all()
            absent = set(wanted) - {row.id for row in found}
            if absent:
                raise self._fail(min(absent))
            rows |= {row.id: row for row in found}
            bases = {row.base for row in found if row.base is not None and self._find(row.sha256) is None}
            wanted = sorted(bases - rows.keys())
        return rows

    def _build(self, number: int, rows: Mapping[int, Row[Any]], bundles: Mapping[int, "_Bundle"]) -> str:
        chain, row, text = [], rows[number], self._find(rows[number].sha256)
        if text is not None:
            return text
        try:
            while text is None and row.base is not None:
                chain.append(row)
                row = rows[row.base]
                text = self._find(row.sha256)
            text = bundles[row.vintage].read(row).decode("utf-8") if text is None else text
            if chain:
                split = split_text(text)
                for row in reversed(chain):
                    split = apply_difference(split, bundles[row.vintage].read(row))
                text = join_text(split)
        except (ValueError, LookupError, TypeError, OverflowError, struct.error) as error:
            raise self._fail(number) from error
        if _hash(text) != rows[number].sha256:
            raise self._fail(number)
        self.remember(text)
        return text

    def _fail(self, number: int) -> PartError:
        self.faulty.add(number)
        return PartError("error.store.part", path=self._address, part=number)


class PartBatch:
    """New parts, numbered on from those of the store, before they are written in the transaction of an edition."""

    def __init__(self, connection: Connection, reader: PartReader) -> None:
        self._connection, self._reader = connection, reader
        self._next = (connection.execute(select(func.max(schema.parts.c.id))).scalar() or 0) + 1
        self._known: dict[bytes, int] = {}
        self.rows: list[dict[str, Any]] = []
        self._whole, self._changes = bytearray(), bytearray()

    @property
    def bundle(self) -> dict[str, bytes]:
        """What is stored of the parts, as columns."""
        return {"whole": bytes(self._whole), "changes": pack(self._changes)}

    def add_text(self, text: str, former: str = "") -> str:
        """What to store in the row of a text: itself if it is short, else a reference. `former` is what it follows."""
        return text if len(text) < _MIN_CHARS else format_reference(self.add(text, parse_reference(former)))

    def add_document(self, document: Mapping[str, Any], former: str = "") -> str:
        """The same for a JSON object, in pieces: of those that did not change there is nothing to store."""
        bases = self._reader.list_pieces(self._connection, former)
        self.expect(bases.values())
        pieces: dict[str, str] = {}
        root, _size = _cut(document, "", pieces)
        if not pieces:
            return self.add_text(root, former)
        numbers = {place: self.add(piece, bases.get(place)) for place, piece in pieces.items()}
        root = _PLACE.sub(lambda match: f"\x01{numbers[match[1]]}:{match[1]}\x01", root)
        return format_reference(self.add(root, bases.get("")))

    def expect(self, numbers: Iterable[int | None]) -> None:
        """Has some parts at hand that will most likely be added again."""
        table, wanted = schema.parts, sorted({number for number in numbers if number is not None})
        for start in range(0, len(wanted), _ROWS_AT_ONCE):
            chosen = table.c.id.in_(wanted[start : start + _ROWS_AT_ONCE])
            rows = self._connection.execute(select(table.c.sha256, table.c.id).where(chosen))
            self._known |= {row.sha256: row.id for row in rows}

    def add(self, text: str, base: int | None = None) -> int:
        """The number of the part of a text, which is stored already, or as a difference from `base`, or whole."""
        name = _hash(text)
        number = self._known.get(name) or self._find(name)
        if number is None:
            number, self._next = self._next, self._next + 1
            depth, content = self._encode(text, base)
            stored = self._changes if depth else self._whole
            place = {"start": len(stored), "size": len(content)}
            self.rows.append({"id": number, "sha256": name, "base": base if depth else None, "depth": depth, **place})
            stored += content
            self._reader.remember(text)
        self._known[name] = number
        return number

    def _find(self, name: bytes) -> int | None:
        table = schema.parts
        return self._connection.execute(select(table.c.id).where(table.c.sha256 == name)).scalar()

    def _encode(self, text: str, base: int | None) -> tuple[int, bytes]:
        """How many differences lead to a text (0: it is stored whole), and what is stored of it."""
        table = schema.parts
        found = None if base is None else select(table.c.depth).where(table.c.id == base)
        depth = None if found is None else self._connection.execute(found).scalar()
        if base is not None and depth is not None and depth < _MAX_DEPTH:
            (old,) = self._reader.load(self._connection, (base,)).values()
            difference = encode_difference(split_text(text), split_text(old))
            if difference is not None:
                size = len(zlib.compress(difference)) * _WHOLE_SHARE
                if size < len(text) / _PACKED_SHARE or size < len(zlib.compress(text.encode("utf-8"))):
                    return depth + 1, difference
        return 0, pack(text.encode("utf-8"))


def parse_reference(text: str) -> int | None:
    """The part that a text of a row refers to; None for a text that stands there itself."""
    return int(text[len(_REFERENCE) :]) if text.startswith(_REFERENCE) and text[len(_REFERENCE) :].isdigit() else None


def format_reference(number: int) -> str:
    """What stands in a row in the place of the text of a part."""
    return f"{_REFERENCE}{number}"


def _cut(value: object, place: str, pieces: dict[str, str]) -> tuple[str, int]:
    """The JSON text of a value with the places of its large pieces in their stead, which are put into `pieces`.

    With it goes the length of the whole text. Each value is written once, as numbers are slow to write.
    """
    if isinstance(value, Mapping):
        inner: dict[str, str] = {}
        keys = [json.dumps({name: 0})[1:-2] for name in value]  # with its colon
        rows = [_cut(row, f"{place}/{key[1:-3]}", inner) for key, row in zip(keys, value.values(), strict=True)]
        size = sum(len(key) + length + 2 for key, (_text, length) in zip(keys, rows, strict=True))
        text = "{" + ", ".join(key + row for key, (row, _length) in zip(keys, rows, strict=True)) + "}"
        if not place or size > _MAX_PIECE_CHARS:
            pieces |= inner
            return text, size
        text = _PLACE.sub(lambda match: inner[match[1]], text)
    else:
        text = json.dumps(value)
    if len(text) < _MIN_PIECE_CHARS:
        return text, len(text)
    pieces[place] = text
    return f"\x01{place}\x01", len(text)


def _load_bundles(connection: Connection, vintages: Iterable[int]) -> Iterator[Row[Any]]:
    table, wanted = schema.bundles, sorted(vintages)
    for start in range(0, len(wanted), _ROWS_AT_ONCE):
        yield from connection.execute(select(table).where(table.c.vintage.in_(wanted[start : start + _ROWS_AT_ONCE])))


class _Bundle:
    """What is stored of the parts of an edition."""

    def __init__(self, whole: bytes, changes: bytes) -> None:
        self._whole, self._packed = whole, changes

    @cached_property
    def _changes(self) -> bytes:
        return unpack(self._packed)

    def read(self, row: Row[Any]) -> bytes:
        """The text of a part in bytes, or what it differs in. Raises ValueError."""
        if row.base is not None:
            return self._changes[row.start : row.start + row.size]
        return unpack(self._whole[row.start : row.start + row.size])


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8")).digest()
