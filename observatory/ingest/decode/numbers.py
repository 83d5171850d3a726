"""Number parsing: cells as people write them, with a decimal comma and with a decimal point."""

import math
import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

from observatory.ingest.decode.table import CellValue, PercentValue
from observatory.language import MAX_MAGNITUDE

DecimalSeparator = Literal[",", "."]
NumberKind = Literal["number", "ambiguous", "other", "formula", "text", "huge"]

# Markers of a missing value, in lower case. "na" is never Namibia here: places are codes.
_MISSING_MARKERS = (
    *("", "na", "n/a", "n.a.", "#n/a", "nan", "nd", "n/d", "n.d.", "nc", "n.c.", "ns", "n.s.", "so", "s.o."),
    *("-", "--", "\u2013", "\u2014", ".", "..", "...", "\u2026", ":", "///", "null", "none", "<na>"),
    *("s", "(s)", "c", "(c)", ":c", ": c", ":u", ": u", ":z", ": z"),  # confidential, unreliable, not applicable
)
_MAX_MARKER_CHARS = max(map(len, _MISSING_MARKERS))
_SPACE_VARIANTS = dict.fromkeys(
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "
)
_NORMALIZED_CHARS = str.maketrans(
    _SPACE_VARIANTS | {"\u2019": "'"} | dict.fromkeys("\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d", "-")
)
# Provisional, revised, estimated, by the office itself, break, unreliable, half final, final. Not f: a forecast. Bare
# only behind a space (1e is no number), and only where the letter is no unit (b may be billion, d a day). Two or three
# flags stand together in the order of the alphabet (bu, bep), unless they are a unit (bn, cr) or hide a forecast.
_FLAGS_TOGETHER = r"(?!bn|cr|dr|rs|ps|bs)b?c?d?e?n?p?r?s?u?z?(?<=[a-z]{2})(?<![a-z]{4})"
_STATUS_FLAG = re.compile(
    rf"(?<=[\d%])(?:\s*\((?P<named>p|r|e|s|b|u|sd|d|{_FLAGS_TOGETHER})\)|\s+(?P<bare>[pres]|{_FLAGS_TOGETHER}))$",
    re.ASCII | re.IGNORECASE,
)
_FORMULA_PREFIXES = ("=", "+", "@")


def _compile_patterns(decimal: str, other: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    plain = rf"(?:\d+{decimal}?\d*|{decimal}\d+)(?:[eE][+-]?\d{{1,4}})?"
    grouped = rf"[1-9]\d{{0,2}}(?P<mark>[ '{other}])\d{{3}}(?:(?P=mark)\d{{3}})*(?:{decimal}\d*)?"
    return re.compile(plain, re.ASCII), re.compile(grouped, re.ASCII)


_COMMA_PATTERNS, _POINT_PATTERNS = _compile_patterns(",", "."), _compile_patterns(r"\.", ",")


class NumberCandidates(NamedTuple):
    """The values of a text with a decimal comma and with a decimal point; None where it does not parse.

    `status_flag` is the mark of a statistical office after the number: p, r, e, s...
    """

    comma: float | None
    point: float | None
    is_percent: bool = False
    status_flag: str = ""

    @property
    def only_separator(self) -> DecimalSeparator | None:
        """The decimal separator, if only one parses."""
        return "." if self.comma is None else "," if self.point is None else None

    @property
    def is_ambiguous(self) -> bool:
        """Whether both separators parse, to different values."""
        return self.comma != self.point and self.only_separator is None

    def value_for(self, separator: DecimalSeparator) -> float | None:
        """The value with a decimal separator."""
        return self.comma if separator == "," else self.point


class ParsedNumber(NamedTuple):
    """The content of a value cell: a number, or why it is none. What looks like a number has `candidates`."""

    kind: NumberKind
    value: float
    candidates: NumberCandidates | None = None

    @property
    def is_percent(self) -> bool:
        """Whether the number is written as a percentage."""
        return self.candidates is not None and self.candidates.is_percent


def is_missing(cell: CellValue) -> bool:
    """Whether a cell marks its value as missing."""
    return isinstance(cell, str) and (
        cell == "" or (len(cell) <= _MAX_MARKER_CHARS and cell.casefold() in _MISSING_MARKERS)
    )


def parse_candidates(cell: CellValue) -> NumberCandidates | None:
    """The values of a cell with either separator; None if it is no number. "12,4 %" is 12.4."""
    if isinstance(cell, float):
        return NumberCandidates(cell, cell, isinstance(cell, PercentValue))
    if not isinstance(cell, str):
        return None
    if cell.isascii() and cell.isdigit():
        value = float(cell)
        return NumberCandidates(value, value)
    text = cell.translate(_NORMALIZED_CHARS).removeprefix("'")
    mark = _STATUS_FLAG.search(text)
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
    comma, point = _parse_value(text, _COMMA_PATTERNS, ","), _parse_value(text, _POINT_PATTERNS, ".")
    if comma is None and point is None:
        return None
    flag = "" if mark is None else (mark["named"] or mark["bare"]).lower()
    return NumberCandidates(_apply_sign(comma, negative=negative), _apply_sign(point, negative=negative), percent, flag)


def resolve_number(
    cell: CellValue, candidates: NumberCandidates | None, separator: DecimalSeparator | None
) -> ParsedNumber:
    """The number of a cell with the decimal separator of its file; None leaves ambiguous numbers unresolved."""
    if candidates is None:
        return ParsedNumber(
            "formula" if isinstance(cell, str) and cell.startswith(_FORMULA_PREFIXES) else "text", math.nan
        )
    if candidates.comma == candidates.point:
        value = candidates.point
    elif separator is None:
        only = candidates.only_separator
        if only is None:
            return ParsedNumber("ambiguous", math.nan, candidates)
        value = candidates.value_for(only)
    else:
        value = candidates.value_for(separator)
        if value is None:
            return ParsedNumber("other", math.nan, candidates)
    assert value is not None
    return ParsedNumber("number" if abs(value) <= MAX_MAGNITUDE else "huge", value, candidates)


def count_separator_evidence(candidates: Iterable[NumberCandidates | None]) -> dict[DecimalSeparator, int]:
    """How many numbers parse with a comma only, and how many with a point only."""
    count: dict[DecimalSeparator, int] = {",": 0, ".": 0}
    for candidate in candidates:
        if candidate is not None and candidate.comma != candidate.point and candidate.only_separator is not None:
            count[candidate.only_separator] += 1
    return count


def _parse_value(text: str, patterns: tuple[re.Pattern[str], re.Pattern[str]], separator: str) -> float | None:
    plain, grouped = patterns
    if plain.fullmatch(text):
        return float(text.replace(separator, "."))
    match = grouped.fullmatch(text)
    return None if match is None else float(text.replace(match["mark"], "").replace(separator, "."))


def _apply_sign(value: float | None, *, negative: bool) -> float | None:
    return -value if negative and value is not None else value
