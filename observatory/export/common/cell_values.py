"""Number and spreadsheet format of a cell that holds one figure as text: "−1,4 %" is -0.014 as "+0.0%"."""

import re
from dataclasses import dataclass

from observatory.language import Language
from observatory.typography import MINUS, NARROW_NBSP, NBSP

_SEPARATORS = {"fr": (rf"[ {NBSP}{NARROW_NBSP}]", ","), "en": (",", r"\.")}
_DASH = "\u2013"


@dataclass(frozen=True)
class CellNumber:
    """A figure: its value (a share of 1 for per cents), and the spreadsheet format that shows it as on the page."""

    value: float
    format: str


def parse_cell(cell: str, language: Language) -> CellNumber | None:
    """The figure of a cell; None for other text, a range, or nothing."""
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
        number_format = f"0{places}%"
        return CellNumber(
            round(value / 100, len(decimals) + 2), to_signed_format(number_format) if sign else number_format
        )
    grouped = len(match[2]) > len(whole)
    number_format = f"#,##0{places}" if grouped or len(whole) > 4 else f"0{places}"
    return CellNumber(value, to_signed_format(number_format) if sign else number_format)


def to_signed_format(number_format: str) -> str:
    """A format that shows the sign of positive and negative values, none on zero."""
    return f'+{number_format};"{MINUS}"{number_format};{number_format}'


def is_empty(cell: str) -> bool:
    """Whether a cell is empty or a dash."""
    return cell in ("", _DASH, "-")


def holds_years(column: list[str]) -> bool:
    """Whether all cells of a column are years, which are names of periods and not figures."""
    return bool(column) and all(re.fullmatch(r"[12]\d{3}", cell) for cell in column)
