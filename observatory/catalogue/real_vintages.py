"""Real vintages: figures as their publisher showed them at an earlier day, listed in data/vintages.csv."""

import csv
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from observatory.catalogue.entities import FindingList
from observatory.catalogue.models import Catalogue, Indicator
from observatory.catalogue.periods import parse_frequency
from observatory.errors import CatalogueError

_LIST_FILE = "vintages.csv"
_LIST_HEADER = ["indicator", "day", "note_fr", "note_en"]
_HEADER = ["geo", "item", "period", "value"]


@dataclass(frozen=True)
class RealVintage:
    """The figures of an indicator as they stood on a day; `rows` has place, item, period, value."""

    indicator: str
    day: date
    note_fr: str
    note_en: str
    rows: tuple[tuple[str, str, str, float], ...]


def load_real_vintages(folder: Path, catalogue: Catalogue) -> tuple[RealVintage, ...]:
    """The real vintages under a folder, by indicator and day; none without a list.

    Raises CatalogueError, with all the findings, if one cannot be used.
    """
    findings = FindingList()
    vintages = [_read_vintage(folder, row, catalogue, findings) for row in _read_list(folder, findings)]
    if findings:
        raise CatalogueError("error.catalogue", tuple(findings), count=len(findings), folder=str(folder))
    return tuple(sorted((row for row in vintages if row), key=lambda row: (row.indicator, row.day)))


def find_real_vintage(vintages: Iterable[RealVintage], indicator: str, day: date) -> RealVintage | None:
    """The newest vintage of an indicator that existed on a day."""
    rows = [row for row in vintages if row.indicator == indicator and row.day <= day]
    return max(rows, key=lambda row: row.day, default=None)


def _read_list(folder: Path, findings: FindingList) -> list[list[str]]:
    if not (folder / _LIST_FILE).exists():
        return []
    rows = _read_table(folder / _LIST_FILE, _LIST_FILE, _LIST_HEADER, findings)
    names = [(row[0], row[1]) for row in rows]
    for indicator, day in sorted({name for name in names if names.count(name) > 1}):
        findings.add_error("catalogue_named_twice", _LIST_FILE, indicator, day)
    return rows


def _read_vintage(
    folder: Path, listed: Sequence[str], catalogue: Catalogue, findings: FindingList
) -> RealVintage | None:
    name, day_text, note_fr, note_en = listed
    indicator = catalogue.indicators.get(name)
    if indicator is None:
        findings.add_error("catalogue_unknown_reference", _LIST_FILE, "indicator", name, near="-")
        return None
    try:
        day = date.fromisoformat(day_text)
    except ValueError:
        findings.add_error("catalogue_wrong_type", _LIST_FILE, f"{name}.day", day_text, wanted="date")
        return None
    file = f"vintages/{name}@{day}.csv"
    table = _read_table(folder / file, file, _HEADER, findings)
    rows = [_read_row(row, indicator, catalogue, file, findings) for row in table]
    return RealVintage(name, day, note_fr, note_en, tuple(row for row in rows if row))


def _read_row(
    row: Sequence[str], indicator: Indicator, catalogue: Catalogue, file: str, findings: FindingList
) -> tuple[str, str, str, float] | None:
    geo, item, period, text = row
    known = (geo in catalogue.geographies, not item or item in catalogue.items)
    for is_known, key, name in zip(known, ("geo", "item"), (geo, item), strict=True):
        if not is_known:
            findings.add_error("catalogue_unknown_reference", file, key, name, near="-")
    if parse_frequency(period) != indicator.frequency:
        findings.add_error("catalogue_not_allowed", file, "period", period, allowed=indicator.frequency)
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        findings.add_error("catalogue_wrong_type", file, f"{period}.value", text, wanted="number")
    return (geo, item, period, value)


def _read_table(path: Path, file: str, header: Sequence[str], findings: FindingList) -> list[list[str]]:
    """The rows of a table below its header; an unreadable one, or one with another header, is a finding."""
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            head, *rows = list(csv.reader(lines)) or [[]]
    except FileNotFoundError:
        findings.add_error("catalogue_missing_file", file)
        return []
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        findings.add_error("catalogue_unreadable", file, value=str(error))
        return []
    wrong = [head, *rows] if head != list(header) else [row for row in rows if len(row) != len(header)]
    if wrong:
        findings.add_error("catalogue_not_allowed", file, "columns", ",".join(wrong[0]), allowed=",".join(header))
        return []
    return rows
