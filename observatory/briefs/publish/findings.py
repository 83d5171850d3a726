"""A report in words: what is wrong in a file, cell by cell, with its cure, and how the file was read."""

from collections.abc import Mapping, Sequence

from observatory.briefs.common.model import TextTable
from observatory.errors import Finding
from observatory.ingest.messages import hint_text, message_text
from observatory.language import Localizer

_ENCODING_NAMES = {"cp1252": "Windows-1252", "windows-1252": "Windows-1252"}
_DASH = "\u2013"
_MAX_LINE_RUNS = 4  # of lines with the same fault, named in a cell
MAX_LISTED_FINDINGS = 200  # findings that a page lists; the file of the report has them all


def build_count_texts(errors: int, warnings: int, localizer: Localizer) -> dict[str, str]:
    """How many errors and warnings, in words."""
    return {"errors": localizer.plural("cli.errors", errors), "warnings": localizer.plural("cli.warnings", warnings)}


def build_findings_table(findings: Sequence[Finding], localizer: Localizer) -> TextTable:
    """Findings as a table, errors first, in the order of the file's lines; what many lines share is said once."""
    grouped: dict[tuple[str, ...], list[int]] = {}
    for row in sorted(findings, key=lambda row: (row.level != "error", row.line or 0)):
        said = (row.level, row.column, row.value, message_text(row, localizer), hint_text(row, localizer))
        grouped.setdefault(said, []).append(row.line or 0)
    heads = tuple(
        localizer.text(f"report.head.{name}") for name in ("level", "line", "column", "value", "message", "hint")
    )
    rows = tuple(
        (
            localizer.text(f"report.{level}"),
            _lines_text(lines),
            column or _DASH,
            value or _DASH,
            text[:1].upper() + text[1:],
            cure,
        )
        for (level, column, value, text, cure), lines in list(grouped.items())[:MAX_LISTED_FINDINGS]
    )
    return TextTable(localizer.text("report.title"), heads, rows)


def _lines_text(lines: Sequence[int]) -> str:
    """Lines of a file as runs: 2-5, 9; of many runs the first ones, and that there are more."""
    runs: list[list[int]] = []
    for line in lines:
        if runs and line == runs[-1][1] + 1:
            runs[-1][1] = line
        else:
            runs.append([line, line])
    shown = [str(first) if first == last else f"{first}{_DASH}{last}" for first, last in runs[:_MAX_LINE_RUNS]]
    return ", ".join(shown) + (" \u2026" if len(runs) > _MAX_LINE_RUNS else "") if lines[0] else _DASH


def build_inferred_terms(inferred: Mapping[str, str], localizer: Localizer) -> tuple[tuple[str, str], ...]:
    """How a file was read, as terms: what was inferred is said, never kept silent."""
    named = [(name, value) for name, value in inferred.items() if value and name in _INFERRED_KEYS]
    return tuple(
        (localizer.text(f"report.inferred.{name}"), _inferred_value_text(name, value, localizer))
        for name, value in named
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
    "ignored",
    "flags",
    "empty",
    "expected",
)


def _inferred_value_text(name: str, value: str, localizer: Localizer) -> str:
    if name == "separator":
        return localizer.text("report.separator.tab") if value == "\t" else value
    if name in ("layout", "decimal_by", "period_format"):
        return localizer.text(f"report.{name}.{value}")
    return _ENCODING_NAMES.get(value, value.upper()) if name == "encoding" else value
