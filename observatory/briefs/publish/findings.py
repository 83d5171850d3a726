"""Builds the tables of an ingest report: findings by cell with hints, and how the file was read."""

from collections.abc import Mapping, Sequence

from observatory.briefs.common.model import TextTable
from observatory.errors import Finding
from observatory.ingest.messages import hint_text, message_text
from observatory.ingest.report import IgnoredColumn
from observatory.language import NO_VALUE, Localizer
from observatory.typography import capitalize_first

_ENCODING_NAMES = {"cp1252": "Windows-1252", "windows-1252": "Windows-1252"}
_MAX_LINE_RUNS = 4  # runs of line numbers that a cell lists
MAX_LISTED_FINDINGS = 200  # findings that the page lists; the report as a file has all of them


def build_count_texts(errors: int, warnings: int, localizer: Localizer) -> dict[str, str]:
    """The numbers of errors and warnings, in words."""
    return {"errors": localizer.plural("cli.errors", errors), "warnings": localizer.plural("cli.warnings", warnings)}


def build_findings_table(findings: Sequence[Finding], localizer: Localizer) -> TextTable:
    """Table of findings, errors first, then by line; one row for equal findings on several lines."""
    grouped: dict[tuple[str, ...], list[int]] = {}
    for row in sorted(findings, key=lambda row: (row.level != "error", row.line or 0)):
        cells = (row.level, row.column, row.value, message_text(row, localizer), hint_text(row, localizer))
        grouped.setdefault(cells, []).append(row.line or 0)
    heads = tuple(
        localizer.text(f"report.head.{name}") for name in ("level", "line", "column", "value", "message", "hint")
    )
    rows = tuple(
        (
            localizer.text(f"report.{level}"),
            _lines_text(lines),
            column or NO_VALUE,
            value or NO_VALUE,
            capitalize_first(text),
            hint,
        )
        for (level, column, value, text, hint), lines in list(grouped.items())[:MAX_LISTED_FINDINGS]
    )
    return TextTable(localizer.text("report.title"), heads, rows)


def _lines_text(lines: Sequence[int]) -> str:
    """Line numbers as runs, such as 2-5, 9; an ellipsis where there are more."""
    runs: list[list[int]] = []
    for line in lines:
        if runs and line == runs[-1][1] + 1:
            runs[-1][1] = line
        else:
            runs.append([line, line])
    shown = [str(first) if first == last else f"{first}{NO_VALUE}{last}" for first, last in runs[:_MAX_LINE_RUNS]]
    return ", ".join(shown) + (" \u2026" if len(runs) > _MAX_LINE_RUNS else "") if lines[0] else NO_VALUE


def build_inferred_terms(inferred: Mapping[str, str], localizer: Localizer) -> tuple[tuple[str, str], ...]:
    """How a file was read, as terms: every inferred setting with its value."""
    settings = [(name, value) for name, value in inferred.items() if value and name in _INFERRED_KEYS]
    return tuple(
        (localizer.text(f"report.inferred.{name}"), _inferred_value_text(name, value, localizer))
        for name, value in settings
    )


def build_ignored_terms(columns: Sequence[IgnoredColumn], localizer: Localizer) -> tuple[tuple[str, str], ...]:
    """The columns that were not read, as terms: why each is harmless, or what it may change, and what it says."""
    return tuple(
        (
            localizer.text("report.ignored", head=column.header),
            f"{localizer.text(f'report.ignored.{column.reason}')} ({', '.join(column.values)})".removesuffix(" ()"),
        )
        for column in columns
    )


_INFERRED_KEYS = (
    "encoding",
    "separator",
    "decimal",
    "decimal_by",
    "layout",
    "period_format",
    "sheet",
    "years",
    "geo",
    "item",
    "day",
    "aggregate",
    "total",
    "names",
    "multiplier",
    "ignored",
    "flags",
    "empty",
    "expected",
    "metadata",
    "notes",
)


def _inferred_value_text(name: str, value: str, localizer: Localizer) -> str:
    if name == "separator":
        return localizer.text("report.separator.tab") if value == "\t" else value
    if name in ("layout", "decimal_by", "period_format", "day", "aggregate"):
        return localizer.text(f"report.{name}.{value}")
    return _ENCODING_NAMES.get(value, value.upper()) if name == "encoding" else value
