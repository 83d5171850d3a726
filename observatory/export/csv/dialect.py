"""CSV dialects: French (`;`, decimal comma, BOM for Excel) or international (`,`, decimal point).

Numbers have all their digits, so that they read back equal to the last bit; text that a spreadsheet would run as a
formula is escaped.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from itertools import islice

from observatory.language import Language

CsvCell = str | float | None
_ROWS_PER_PART = 2_000  # encoded at once, some 400 kB
_SIGNIFICANT_DIGITS = 6  # of a computed figure
# The last four are the full-width forms of the first four.
_FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_AMBIGUOUS_NUMBER = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)  # 1,234: a decimal or a group separator


def encode_csv(rows: Iterable[Iterable[CsvCell]], language: Language) -> bytes:
    """The bytes of a file from its rows, the header first."""
    return b"".join(iterate_csv(rows, language))


def iterate_csv(rows: Iterable[Iterable[CsvCell]], language: Language) -> Iterator[bytes]:
    """The bytes of a file from its rows, the header first, in parts of some thousand rows."""
    french = language == "fr"
    if french:
        yield "\ufeff".encode()
    texts = ([_format_cell(value, language) for value in row] for row in rows)
    while part := list(islice(texts, _ROWS_PER_PART)):
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=";" if french else ",", lineterminator="\r\n").writerows(part)
        yield out.getvalue().encode("utf-8")


def _format_cell(value: CsvCell, language: Language) -> str:
    """The text of a cell; empty for None."""
    if isinstance(value, str):
        return escape_formula(value)
    return "" if value is None else format_number(value, language)


def escape_formula(text: str) -> str:
    """Text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_PREFIXES) else text


def format_number(value: float, language: Language) -> str:
    """A number that reads back as itself; a trailing zero is added if its separator would be ambiguous."""
    text = repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    text = text.replace(".", ",") if language == "fr" else text
    return f"{text}0" if _AMBIGUOUS_NUMBER.fullmatch(text) else text


def round_significant(value: float) -> float:
    """A computed figure rounded to six significant digits."""
    return float(f"{value:.{_SIGNIFICANT_DIGITS}g}")
