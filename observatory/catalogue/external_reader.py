"""Reader of forecasts of others: the rows of data/outlooks/forecasts.csv, every error as a finding with its line."""

import csv
import math
import re
from calendar import monthrange
from collections.abc import Collection, Mapping
from pathlib import Path

from observatory.catalogue.external_forecasts import (
    BASES,
    KINDS,
    MEASURES,
    OCCASIONS,
    ExternalForecast,
    ExternalForecasts,
    parse_target,
)
from observatory.catalogue.models import Catalogue
from observatory.catalogue.series_codes import SERIES_SEPARATOR, format_series_code, parse_series_code
from observatory.errors import Finding, MessageValue

FORECASTS_FILE = "outlooks/forecasts.csv"
MAX_QUOTED_WORDS = 15
HEADER = [
    *("statement", "publisher", "published", "quantity", "kind", "measure", "series", "scale", "target"),
    *("low", "value", "high", "unit", "basis", "found", "outcome", "outcome_source", "page", "quote", "note"),
]
NUMBERS = ("scale", "low", "value", "high", "outcome")
_REQUIRED = ("statement", "publisher", "published", "quantity", "kind", "measure", "target", "unit", "page", "quote")
_CHOICES: Mapping[str, Collection[str]] = {"kind": KINDS, "measure": MEASURES, "basis": BASES, "found": OCCASIONS}
_PUBLISHED = re.compile(r"[12]\d{3}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?", re.ASCII)


def read_forecasts(path: Path, findings: list[Finding]) -> tuple[ExternalForecast, ...]:
    """The forecasts of a file; what is wrong in its form becomes findings. No file, no forecasts."""
    if not path.exists():
        return ()
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.reader(lines)
            head = next(reader, [])
            numbered = [(reader.line_num, row) for row in reader if row]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        findings.append(Finding("error", "catalogue_unreadable", FORECASTS_FILE, value=str(error)[:200]))
        return ()
    wrong = [(1, head)] if head != HEADER else [(line, row) for line, row in numbered if len(row) != len(HEADER)]
    if wrong:
        line, row = wrong[0]
        _add(findings, "catalogue_not_allowed", line, "columns", ",".join(row), allowed=",".join(HEADER))
        return ()
    rows = [read_row(dict(zip(HEADER, row, strict=True)), line, findings) for line, row in numbered]
    return tuple(row for row in rows if row is not None)


def read_row(cells: Mapping[str, str], line: int, findings: list[Finding]) -> ExternalForecast | None:
    """The forecast of the cells of a row by column; None with a finding for each that is wrong."""
    before = len(findings)
    _check_cells(cells, line, findings)
    numbers = {name: _read_number(cells, name, line, findings) for name in NUMBERS}
    limits = [numbers[name] for name in ("low", "value", "high") if numbers[name] is not None]
    if not limits:
        _add(findings, "external_no_figure", line, "value")
    elif limits != sorted(limits, key=lambda number: number or 0.0):
        _add(findings, "external_out_of_order", line, "value", "; ".join(f"{number:g}" for number in limits))
    if len(findings) > before:
        return None
    texts = {name: cells[name] for name in HEADER if name not in (*NUMBERS, "series")}
    series = tuple(parse_series_code(code) for code in cells["series"].split(SERIES_SEPARATOR) if code)
    figures = {**numbers, "scale": numbers["scale"] or 1.0}
    return ExternalForecast(line=line, series=series, **texts, **figures)  # type: ignore[arg-type]


def _check_cells(cells: Mapping[str, str], line: int, findings: list[Finding]) -> None:
    """Checks the texts of a row: none missing, only known choices, a date, a target not past, a short quotation."""
    for name in _REQUIRED:
        if not cells[name].strip():
            _add(findings, "catalogue_empty", line, name)
    for name, allowed in _CHOICES.items():
        if cells[name] not in allowed and (cells[name] or name not in _REQUIRED):
            _add(findings, "catalogue_not_allowed", line, name, cells[name], allowed=", ".join(allowed))
    span = parse_target(cells["target"])
    if span is None:
        _add(findings, "external_bad_target", line, "target", cells["target"])
    published = parse_published(cells["published"])
    if published is None:
        _add(findings, "external_bad_date", line, "published", cells["published"])
    elif span is not None and published > span[1]:
        _add(findings, "external_after_target", line, "published", cells["published"], target=cells["target"])
    if (words := len(cells["quote"].split())) > MAX_QUOTED_WORDS:
        _add(findings, "external_long_quote", line, "quote", cells["quote"], words=words, most=MAX_QUOTED_WORDS)
    if not cells["page"].startswith(("https://", "http://")):
        _add(findings, "external_bad_page", line, "page", cells["page"])
    if cells["outcome"] and not cells["outcome_source"]:
        _add(findings, "catalogue_empty", line, "outcome_source")


def parse_published(text: str) -> int | None:
    """The month of a date of publication (ordinal), January of a year alone; None if it is no date."""
    if not _PUBLISHED.fullmatch(text):
        return None
    year, month, day = (*map(int, text.split("-")), 1, 1)[:3]
    return year * 12 + month - 1 if day <= monthrange(year, month)[1] else None


def _read_number(cells: Mapping[str, str], name: str, line: int, findings: list[Finding]) -> float | None:
    if not cells[name]:
        return None
    try:
        number = float(cells[name])
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        _add(findings, "catalogue_wrong_type", line, name, cells[name], wanted="number")
        return None
    return number


def check_external_forecasts(catalogue: Catalogue) -> list[Finding]:
    """What forecasts of others refer to: publishers, series, and the other rows of their statement."""
    findings: list[Finding] = []
    outlooks = catalogue.external_forecasts
    for row in outlooks.rows:
        if row.publisher not in outlooks.publishers:
            near = ", ".join(outlooks.publishers)
            _add(findings, "catalogue_unknown_reference", row.line, "publisher", row.publisher, near=near)
        for indicator, geo, item in row.series:
            is_known = geo in catalogue.geographies and (not item or item in catalogue.items)
            if indicator not in catalogue.indicators or not is_known:
                code = format_series_code((indicator, geo, item))
                _add(findings, "catalogue_unknown_reference", row.line, "series", code, near="-")
    _check_statements(outlooks, findings)
    return findings


def _check_statements(outlooks: ExternalForecasts, findings: list[Finding]) -> None:
    """Rows of one statement have one publisher, date and target; two statements never say the very same thing."""
    heads: dict[str, ExternalForecast] = {}
    statements: dict[tuple[object, ...], str] = {}
    for row in outlooks.rows:
        head = heads.setdefault(row.statement, row)
        if (row.publisher, row.published, row.target) != (head.publisher, head.published, head.target):
            _add(findings, "external_mixed_statement", row.line, "statement", row.statement, other=head.line)
        key = (row.publisher, row.published, row.target, row.series)
        if row.series and statements.setdefault(key, row.statement) != row.statement:
            _add(findings, "external_twice", row.line, "statement", row.statement, other=statements[key])


def _add(findings: list[Finding], code: str, line: int, column: str, value: str = "", **values: MessageValue) -> None:
    findings.append(Finding("error", code, FORECASTS_FILE, line, column, value[:200], values))
