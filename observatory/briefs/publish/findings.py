"""A report in words: what is wrong in a file, cell by cell, with its cure, and how the file was read."""

from collections.abc import Mapping, Sequence

from observatory.briefs.common.model import Table
from observatory.errors import Finding
from observatory.ingest.messages import hint, message
from observatory.language import Speaker

ENCODINGS = {"cp1252": "Windows-1252", "windows-1252": "Windows-1252"}
DASH = "\u2013"
RUNS = 4  # of lines with the same fault, named in a cell
MOST = 200  # findings that a page lists; the file of the report has them all


def counts(errors: int, warnings: int, speaker: Speaker) -> dict[str, str]:
    """How many errors and warnings, in words."""
    return {"errors": speaker.count("cli.errors", errors), "warnings": speaker.count("cli.warnings", warnings)}


def listed(findings: Sequence[Finding], speaker: Speaker) -> Table:
    """Findings as a table, errors first, in the order of the file's lines; what many lines share is said once."""
    grouped: dict[tuple[str, ...], list[int]] = {}
    for row in sorted(findings, key=lambda row: (row.level != "error", row.line or 0)):
        said = (row.level, row.column, row.value, message(row, speaker), hint(row, speaker))
        grouped.setdefault(said, []).append(row.line or 0)
    heads = tuple(
        speaker.say(f"report.head.{name}") for name in ("level", "line", "column", "value", "message", "hint")
    )
    rows = tuple(
        (
            speaker.say(f"report.{level}"),
            _lines(lines),
            column or DASH,
            value or DASH,
            text[:1].upper() + text[1:],
            cure,
        )
        for (level, column, value, text, cure), lines in list(grouped.items())[:MOST]
    )
    return Table(speaker.say("report.title"), heads, rows)


def _lines(lines: Sequence[int]) -> str:
    """Lines of a file as runs: 2-5, 9; of many runs the first ones, and that there are more."""
    runs: list[list[int]] = []
    for line in lines:
        if runs and line == runs[-1][1] + 1:
            runs[-1][1] = line
        else:
            runs.append([line, line])
    shown = [str(first) if first == last else f"{first}{DASH}{last}" for first, last in runs[:RUNS]]
    return ", ".join(shown) + (" \u2026" if len(runs) > RUNS else "") if lines[0] else DASH


def read_as(inferred: Mapping[str, str], speaker: Speaker) -> tuple[tuple[str, str], ...]:
    """How a file was read, as terms: what was inferred is said, never kept silent."""
    named = [(name, value) for name, value in inferred.items() if value and name in READ]
    return tuple((speaker.say(f"report.inferred.{name}"), _shown(name, value, speaker)) for name, value in named)


READ = (
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


def _shown(name: str, value: str, speaker: Speaker) -> str:
    if name == "separator":
        return speaker.say("report.separator.tab") if value == "\t" else value
    if name in ("layout", "decimal_by", "period_format"):
        return speaker.say(f"report.{name}.{value}")
    return ENCODINGS.get(value, value.upper()) if name == "encoding" else value
