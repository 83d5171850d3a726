"""Observations of any series as CSV, in the form in which they can be published again: exact, in either dialect."""

import csv
import io
import re
from collections.abc import Iterable

from observatory.export.series_csv import neutral
from observatory.language import Language
from observatory.tables import Row

COLUMNS = ("indicator", "geo", "item", "period", "value")
_TWO_WAYS = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)  # 1,234: one and a quarter, or over a thousand


def panel_csv(rows: Iterable[Row], language: Language) -> bytes:
    """The CSV of observations: French dialect (`;`, decimal comma, BOM for Excel) or international (`,`, point).

    Numbers have all their digits, so that what is read back is equal to the last bit.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if language == "fr" else ",", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        texts = (neutral(text) for text in (row.indicator, row.geo, row.item, row.period))
        writer.writerow([*texts, number(row.value, language)])
    return ("\ufeff" if language == "fr" else "").encode() + out.getvalue().encode("utf-8")


def number(value: float, language: Language) -> str:
    """A number that reads back as itself; where it could be read in two ways, a last zero leaves only one."""
    text = repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    text = text.replace(".", ",") if language == "fr" else text
    return f"{text}0" if _TWO_WAYS.fullmatch(text) else text
