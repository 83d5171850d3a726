"""Table of forecasts of others: the columns of data/outlooks/forecasts.csv, a row for each, by the rules of check."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from observatory import settings
from observatory.catalogue.external_forecasts import ExternalForecast, ForecastPublisher
from observatory.catalogue.external_reader import HEADER, NUMBERS, read_row
from observatory.catalogue.models import Catalogue
from observatory.errors import Finding
from observatory.ingest.decode import numbers
from observatory.ingest.decode.numbers import DecimalSeparator
from observatory.ingest.decode.table import CellTable, CellValue
from observatory.ingest.decode.text import fold_text
from observatory.ingest.figures.rows import build_ragged_row, pad_row
from observatory.ingest.outlooks.cells import RowContext, cell_text, find_publisher, find_series, normalise
from observatory.ingest.outlooks.magnitude import find_wrong_magnitude
from observatory.ingest.outlooks.statements import (
    contradicts,
    find_statement_fault,
    find_twin,
    format_figures,
    name_statement,
)
from observatory.ingest.report import Question
from observatory.timeseries import SeriesKey, TimeSeries
from observatory.typography import escape_unprintable

PUBLISHER_COLUMNS = ("own", "licence_fr", "licence_en", "licence_certainty", "missing_fr", "missing_en")
COLUMNS = (*HEADER, *PUBLISHER_COLUMNS)  # those of publishers are needed for a new one only
_NEEDED = ("publisher", "published", "quantity", "kind", "target", "unit", "page", "quote")
_RECOGNISED_BY = ("publisher", "published", "target")


@dataclass
class ForecastTable:
    """What a table of forecasts of others holds: those without a fault, new publishers, findings, questions."""

    forecasts: list[ExternalForecast] = field(default_factory=list)
    publishers: dict[str, ForecastPublisher] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    questions: tuple[Question, ...] = ()
    decimal: str = ""


def is_forecast_header_row(cells: Sequence[CellValue]) -> bool:
    """Whether a row is the header of a table of forecasts of others: who, when, for when."""
    names = {fold_text(cell) for cell in cells if isinstance(cell, str)}
    return names.issuperset(_RECOGNISED_BY)


def parse_forecast_table(
    table: CellTable,
    file: str,
    catalogue: Catalogue,
    panel: Mapping[SeriesKey, TimeSeries] | None,
    today: date | None,
    decimal: str,
) -> ForecastTable:
    """The forecasts of a table; a row with a fault has findings in its place, of rows that agree the first counts."""
    parsed = ForecastTable()
    columns = _find_columns(table, file, parsed.findings)
    if parsed.findings:
        return parsed
    rows = []
    for line, cells in table.rows:
        padded = pad_row(cells, len(table.header), is_padded=table.is_padded)
        if len(padded) == len(table.header):
            rows.append((line, {name: padded[column] for name, column in columns.items()}))
        else:
            ragged = build_ragged_row(line, padded, len(table.header))
            values = {"found": ragged.cell_count, "wanted": len(table.header)}
            parsed.findings.append(Finding("error", "ragged_row", file, line, "", ragged.first_extra_cell, values))
    separator, is_undecided = _decide_decimal([cells for _line, cells in rows], decimal, table)
    parsed.questions = (Question("decimal", (",", ".")),) if is_undecided else ()
    parsed.decimal = separator or ""
    context = RowContext(file, catalogue, panel, today, separator)
    for line, named_cells in rows:
        _read_line(line, named_cells, context, parsed)
    return parsed


def write_forecast_row(cells: Mapping[str, str]) -> bytes:
    """A file of one forecast, as a form holds it: numbers as they were typed, between semicolons."""
    names = [name for name in COLUMNS if name in cells]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows((names, [cells[name] for name in names]))
    return out.getvalue().encode()


def _find_columns(table: CellTable, file: str, findings: list[Finding]) -> dict[str, int]:
    """The column of each name; every other header, every repeated and every missing one is a finding."""
    columns: dict[str, int] = {}
    line, listed = table.header_line, ", ".join(COLUMNS)
    for column, header in enumerate(table.header_texts):
        name = fold_text(header).replace(" ", "_")
        shown = escape_unprintable(header, settings.MAX_CELL_CHARS)
        if name in columns:
            other = table.header_texts[columns[name]]
            findings.append(Finding("error", "duplicate_column", file, line, shown, shown, {"other": other}))
        elif name in COLUMNS:
            columns[name] = column
        elif name:
            findings.append(Finding("error", "external_unknown_column", file, line, shown, shown, {"list": listed}))
    figures = any(name in columns for name in ("low", "value", "high"))
    findings.extend(
        Finding("error", "external_missing_column", file, line, name, name, {"list": listed})
        for name in (*_NEEDED, *(() if figures else ("value",)))
        if name not in columns
    )
    return columns


def _decide_decimal(
    rows: Sequence[Mapping[str, CellValue]], choice: str, table: CellTable
) -> tuple[DecimalSeparator | None, bool]:
    """The decimal separator of a file, None if no number needs one; and whether only a person can decide it."""
    if choice:
        return ("," if choice == "," else "."), False
    candidates = [numbers.parse_candidates(cells[name]) for cells in rows for name in NUMBERS if name in cells]
    evidence = numbers.count_separator_evidence(candidates)
    if evidence[","] or evidence["."]:
        return ("," if evidence[","] > evidence["."] else "."), False
    ambiguous = [row for row in candidates if row is not None and row.is_ambiguous]
    if not ambiguous:
        return None, False
    # A decimal comma would be quoted where the comma separates cells, and nobody quotes a number without need.
    return (".", False) if table.inferred.get("separator") == "," and not _has_comma(rows) else (None, True)


def _has_comma(rows: Sequence[Mapping[str, CellValue]]) -> bool:
    return any("," in str(cells[name]) for cells in rows for name in NUMBERS if name in cells)


def _read_line(line: int, cells: Mapping[str, CellValue], context: RowContext, parsed: ForecastTable) -> None:
    """Reads a row: into the forecasts, or into findings."""
    findings: list[Finding] = []
    written = {name: cell_text(cell) for name, cell in cells.items()}
    texts = normalise(written, cells, line, context, findings)
    texts["publisher"] = find_publisher(written, line, context, parsed.publishers, findings)
    texts["series"] = find_series(written.get("series", ""), line, context, findings)
    is_sound = not findings
    row = read_row({**texts, "statement": texts["statement"] or "?"}, line, findings)
    parsed.findings += [_locate(finding, written, context) for finding in _drop_consequences(findings, written)]
    if row is not None and is_sound:
        _add_forecast(row, has_statement=bool(texts["statement"]), context=context, parsed=parsed)


def _drop_consequences(findings: Sequence[Finding], written: Mapping[str, str]) -> list[Finding]:
    """Findings without those on what could only be inferred from another faulty cell."""
    faulty = {row.column for row in findings if row.code != "external_no_figure"}
    inferred = {
        "measure": "kind" in faulty and not written.get("measure"),
        "found": "target" in faulty and not written.get("found"),
    }
    has_unread_figure = any(written.get(name) for name in ("low", "value", "high"))
    return [
        row
        for row in findings
        if not inferred.get(row.column) and not (row.code == "external_no_figure" and has_unread_figure)
    ]


def _locate(finding: Finding, written: Mapping[str, str], context: RowContext) -> Finding:
    """A finding of the check as one on this file, with the cell as it is written there."""
    value = written.get(finding.column, "") if finding.column in NUMBERS else finding.value
    value = finding.value if finding.code == "external_out_of_order" else value
    return replace(finding, file=context.file, value=escape_unprintable(value, settings.MAX_CELL_CHARS))


def _add_forecast(row: ExternalForecast, *, has_statement: bool, context: RowContext, parsed: ForecastTable) -> None:
    """Adds a forecast with its statement, unless a known one, or one above, is the same or contradicts it."""
    known = context.catalogue.external_forecasts.rows
    twin = find_twin(row, known)
    above = find_twin(row, parsed.forecasts)
    other = twin or above
    if other is not None:
        is_contradiction = contradicts(row, other)
        code = "contradictory_forecast" if is_contradiction else "repeated_forecast"
        place = f"{other.statement}, {other.page}" if twin else f"{context.file}:{other.line}"
        values = {"own": format_figures(row), "other": format_figures(other), "place": place}
        value = escape_unprintable(format_figures(row), settings.MAX_CELL_CHARS)
        level: Literal["error", "warning"] = "error" if is_contradiction else "warning"
        parsed.findings.append(Finding(level, code, context.file, row.line, "value", value, values))
        if is_contradiction or above is not None:
            return
        row = other
    else:
        row = name_statement(row, (*known, *parsed.forecasts), has_statement=has_statement)
        fault = find_statement_fault(row, (*known, *parsed.forecasts))
        if fault is not None:
            parsed.findings.append(_locate(fault, {}, context))
            return
        doubt = find_wrong_magnitude(row, context.panel, context.catalogue)
        parsed.findings += [_locate(doubt, {doubt.column: doubt.value}, context)] if doubt is not None else []
    parsed.forecasts.append(row)
