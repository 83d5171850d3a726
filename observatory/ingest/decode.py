"""Bytes to a Sheet: encoding, separator and columns of a CSV file."""

import csv
import io
from collections.abc import Mapping

from observatory.errors import Finding
from observatory.ingest.report import Cell, Sheet

COLUMNS = ("indicator", "geo", "item", "period", "value")


def decode(file: str, content: bytes, given: Mapping[str, str]) -> tuple[Sheet | None, list[Finding], dict[str, str]]:
    """A long CSV (`indicator, geo, item, period, value`; UTF-8; `,` or `;`) as a Sheet.

    `given` fills columns that the file need not have, such as the indicator that its name says.
    Returns the sheet (None if the file cannot be read as a table), the findings and what was inferred.
    """
    if not content.strip():
        return None, [Finding("error", "empty_file", file)], {}
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return None, [Finding("error", "encoding", file, line, value=hex(content[error.start]))], {}
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        return None, [Finding("error", "binary", file, line)], {}
    header = text.split("\n", 1)[0]
    separator = ";" if header.count(";") > header.count(",") else ","
    inferred = {"encoding": "utf-8", "separator": separator, "decimal": ".", "layout": "long"}
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    findings: list[Finding] = []
    rows: list[Cell] = []
    columns: tuple[str, ...] = ()
    try:
        for row in reader:
            if not any(row):
                continue
            if not columns:
                columns = tuple(name.strip().lower() for name in row)
                missing = [name for name in COLUMNS if name not in columns and name not in given]
                findings += [
                    Finding("error", "missing_column", file, 1, name, values={"columns": ", ".join(columns)[:200]})
                    for name in missing
                ]
                if missing:
                    return None, findings, inferred
                continue
            if len(row) != len(columns):
                values = {"found": len(row), "wanted": len(columns)}
                findings.append(Finding("error", "ragged_row", file, reader.line_num, values=values))
                continue
            cells = {**given, **dict(zip(columns, (cell.strip() for cell in row), strict=True))}
            rows.append(Cell(reader.line_num, cells))
    except csv.Error as error:
        findings.append(Finding("error", "broken_csv", file, reader.line_num, value=str(error)))
        return None, findings, inferred
    if not rows and not findings:
        findings.append(Finding("error", "header_only", file, 1))
    return Sheet(file, columns, tuple(rows)), findings, inferred
