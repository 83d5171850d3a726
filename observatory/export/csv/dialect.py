"""CSV as every file of ours is written: French (`;`, decimal comma, BOM for Excel) or international (`,`, point).

Numbers have all their digits, so that what is read back is equal to the last bit; text that a spreadsheet would run
as a formula is guarded.
"""

import csv
import io
import re
from collections.abc import Iterable

from observatory.language import Language

CsvCell = str | float | None
_SIGNIFICANT_DIGITS = 6  # significant ones, of a computed figure
_FORMULA_PREFIXES = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
)  # the last four full width
_AMBIGUOUS_NUMBER = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)  # 1,234: one and a quarter, or over a thousand


def encode_csv(rows: Iterable[Iterable[CsvCell]], language: Language) -> bytes:
    """Rows, the header first, as the bytes of a file."""
    french = language == "fr"
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if french else ",", lineterminator="\r\n")
    writer.writerows([_format_cell(value, language) for value in row] for row in rows)
    return ("\ufeff" if french else "").encode() + out.getvalue().encode("utf-8")


def _format_cell(value: CsvCell, language: Language) -> str:
    """One cell; None is an empty one."""
    if isinstance(value, str):
        return escape_formula(value)
    return "" if value is None else format_number(value, language)


def escape_formula(text: str) -> str:
    """Text that a spreadsheet cannot take for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_PREFIXES) else text


def format_number(value: float, language: Language) -> str:
    """A number that reads back as itself; where it could be read in two ways, a last zero leaves only one."""
    text = repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    text = text.replace(".", ",") if language == "fr" else text
    return f"{text}0" if _AMBIGUOUS_NUMBER.fullmatch(text) else text


def round_significant(value: float) -> float:
    """A computed figure to six significant digits."""
    return float(f"{value:.{_SIGNIFICANT_DIGITS}g}")
