"""Numbers as people write them, in each of the two ways in which a text can be read."""

import math
import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

from observatory.ingest.decode.table import Percent, Scalar
from observatory.language import LARGEST

Decimal = Literal[",", "."]
Kind = Literal["number", "ambiguous", "other", "formula", "text", "huge"]

# What stands in a cell of a value that is missing, in lower case. "na" is never Namibia here: places are codes.
EMPTY = (
    *("", "na", "n/a", "n.a.", "#n/a", "nan", "nd", "n/d", "n.d.", "nc", "n.c.", "ns", "n.s.", "so", "s.o."),
    *("-", "--", "\u2013", "\u2014", ".", "..", "...", "\u2026", ":", "///", "null", "none", "<na>"),
    *("s", "(s)", "c", "(c)", ":c", ": c", ":u", ": u", ":z", ": z"),  # kept secret, unreliable, not applicable
)
_LONGEST = max(map(len, EMPTY))
_SPACES = dict.fromkeys(
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "
)
_ALIKE = str.maketrans(_SPACES | {"\u2019": "'"} | dict.fromkeys("\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d", "-"))
# Provisional, revised, estimated, by the office itself, break, unreliable, half final, final. Not f: a forecast. Bare
# only behind a space (1e is no number), and only where the letter is no unit (b may be billion, d a day).
_FLAG = re.compile(r"(?<=[\d%])(?:\s*\((?P<named>p|r|e|s|b|u|sd|d)\)|\s+(?P<bare>[pres]))$", re.ASCII | re.IGNORECASE)
_FORMULA = ("=", "+", "@")


def _patterns(decimal: str, other: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    plain = rf"(?:\d+{decimal}?\d*|{decimal}\d+)(?:[eE][+-]?\d{{1,4}})?"
    grouped = rf"[1-9]\d{{0,2}}(?P<mark>[ '{other}])\d{{3}}(?:(?P=mark)\d{{3}})*(?:{decimal}\d*)?"
    return re.compile(plain, re.ASCII), re.compile(grouped, re.ASCII)


_COMMA, _POINT = _patterns(",", "."), _patterns(r"\.", ",")


class Reading(NamedTuple):
    """A number with a decimal comma and with a decimal point; None where it cannot be read so.

    `flag` is the mark of a statistical office behind it: p, r, e, s...
    """

    comma: float | None
    point: float | None
    percent: bool = False
    flag: str = ""

    @property
    def only(self) -> Decimal | None:
        """The decimal sign, if the text can be read in one way only."""
        return "." if self.comma is None else "," if self.point is None else None

    @property
    def open(self) -> bool:
        """Whether the two ways give two numbers."""
        return self.comma != self.point and self.only is None

    def by(self, decimal: Decimal) -> float | None:
        """The value with a decimal sign."""
        return self.comma if decimal == "," else self.point


class Number(NamedTuple):
    """What a cell of a value says: a number, or why it is none. `reading` is there for what looks like a number."""

    kind: Kind
    value: float
    reading: Reading | None = None

    @property
    def percent(self) -> bool:
        """Whether it is written as a percentage."""
        return self.reading is not None and self.reading.percent


def is_empty(cell: Scalar) -> bool:
    """Whether a cell says that a value is missing."""
    return isinstance(cell, str) and (cell == "" or (len(cell) <= _LONGEST and cell.casefold() in EMPTY))


def reading(cell: Scalar) -> Reading | None:
    """A cell in both ways; None if it is no number. A percentage is what is written: 12.4 for "12,4 %"."""
    if isinstance(cell, float):
        return Reading(cell, cell, isinstance(cell, Percent))
    if not isinstance(cell, str):
        return None
    if cell.isascii() and cell.isdigit():
        value = float(cell)
        return Reading(value, value)
    text = cell.translate(_ALIKE).removeprefix("'")
    mark = _FLAG.search(text)
    if mark is not None:
        text = text[: mark.start()]
    percent = text.endswith("%")
    if percent:
        text = text[:-1].rstrip()
    negative = text.startswith("(") and text.endswith(")")
    if negative:
        text = text[1:-1].strip()
    elif text[:1] in ("-", "+"):
        negative = text[0] == "-"
        text = text[1:].lstrip()
    comma, point = _value(text, _COMMA, ","), _value(text, _POINT, ".")
    if comma is None and point is None:
        return None
    flag = "" if mark is None else (mark["named"] or mark["bare"]).lower()
    return Reading(_signed(comma, negative), _signed(point, negative), percent, flag)


def number(cell: Scalar, found: Reading | None, decimal: Decimal | None) -> Number:
    """What a cell says once the decimal sign of the file is known; None leaves what can be read in two ways open."""
    if found is None:
        return Number("formula" if isinstance(cell, str) and cell.startswith(_FORMULA) else "text", math.nan)
    if found.comma == found.point:
        value = found.point
    elif decimal is None:
        only = found.only
        if only is None:
            return Number("ambiguous", math.nan, found)
        value = found.by(only)
    else:
        value = found.by(decimal)
        if value is None:
            return Number("other", math.nan, found)
    assert value is not None
    return Number("number" if abs(value) <= LARGEST else "huge", value, found)


def evidence(found: Iterable[Reading | None]) -> dict[Decimal, int]:
    """How many numbers can only be read with a comma, and how many only with a point."""
    count: dict[Decimal, int] = {",": 0, ".": 0}
    for each in found:
        if each is not None and each.comma != each.point and each.only is not None:
            count[each.only] += 1
    return count


def _value(text: str, patterns: tuple[re.Pattern[str], re.Pattern[str]], decimal: str) -> float | None:
    plain, grouped = patterns
    if plain.fullmatch(text):
        return float(text.replace(decimal, "."))
    match = grouped.fullmatch(text)
    return None if match is None else float(text.replace(match["mark"], "").replace(decimal, "."))


def _signed(value: float | None, negative: bool) -> float | None:
    return -value if negative and value is not None else value
