"""A cell in words as a number with its format, where its words are one figure: "−1,4 %" is -0.014, shown "+0.0%"."""

import re
from dataclasses import dataclass

from observatory.language import MINUS, NARROW_NBSP, NBSP, Language

_SEPARATORS = {"fr": (rf"[ {NBSP}{NARROW_NBSP}]", ","), "en": (",", r"\.")}
_DASH = "\u2013"


@dataclass(frozen=True)
class CellNumber:
    """A figure: its value (a share for per cents), and the format of a spreadsheet that shows it as the page does."""

    value: float
    format: str


def parse_cell(cell: str, language: Language) -> CellNumber | None:
    """The figure that a cell is; None where it is words, a range, or nothing."""
    group, decimal = _SEPARATORS[language]
    match = re.fullmatch(
        rf"([+{MINUS}]?)(\d{{1,3}}(?:{group}\d{{3}})+|\d+)(?:{decimal}(\d+))?[ {NBSP}{NARROW_NBSP}]?(%?)", cell
    )
    if match is None:
        return None
    sign, whole, decimals, unit = match[1], re.sub(r"\D", "", match[2]), match[3] or "", match[4]
    value = float(f"{whole}.{decimals or 0}") * (-1 if sign == MINUS else 1)
    places = "." + "0" * len(decimals) if decimals else ""
    if unit:
        shown = f"0{places}%"
        return CellNumber(round(value / 100, len(decimals) + 2), to_signed_format(shown) if sign else shown)
    grouped = len(match[2]) > len(whole)
    shown = f"#,##0{places}" if grouped or len(whole) > 4 else f"0{places}"
    return CellNumber(value, to_signed_format(shown) if sign else shown)


def to_signed_format(number_format: str) -> str:
    """A format with the sign of what it shows, none on zero."""
    return f'+{number_format};"{MINUS}"{number_format};{number_format}'


def is_empty(cell: str) -> bool:
    """Whether a cell says that there is nothing."""
    return cell in ("", _DASH, "-")


def holds_years(column: list[str]) -> bool:
    """Whether a column holds years: they are names of periods, not figures to add up."""
    return bool(column) and all(re.fullmatch(r"[12]\d{3}", cell) for cell in column)
