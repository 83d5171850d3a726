"""A report in words: what is wrong in a file, cell by cell, with its cure, and how the file was read."""

from collections.abc import Mapping, Sequence

from observatory.briefs.brief import Table
from observatory.errors import Finding
from observatory.language import Speaker

ENCODINGS = {"cp1252": "Windows-1252", "windows-1252": "Windows-1252"}
MOST = 200  # findings that a page lists; the file of the report has them all


def message(finding: Finding, speaker: Speaker) -> str:
    """What is wrong."""
    return speaker.say(f"finding.{finding.code}", value=finding.value, **finding.values)


def hint(finding: Finding, speaker: Speaker) -> str:
    """How to mend it."""
    return speaker.say(f"finding.{finding.code}.hint", value=finding.value, **finding.values)


def counts(errors: int, warnings: int, speaker: Speaker) -> dict[str, str]:
    """How many errors and warnings, in words."""
    return {"errors": speaker.count("cli.errors", errors), "warnings": speaker.count("cli.warnings", warnings)}


def listed(findings: Sequence[Finding], speaker: Speaker) -> Table:
    """Findings as a table, errors first, each part in the order of the file's lines."""
    ordered = sorted(findings, key=lambda row: (row.level != "error", row.line or 0))
    heads = tuple(
        speaker.say(f"report.head.{name}") for name in ("level", "line", "column", "value", "message", "hint")
    )
    rows = tuple(
        (
            speaker.say(f"report.{row.level}"),
            str(row.line) if row.line else "\u2013",
            row.column or "\u2013",
            row.value or "\u2013",
            _capital(message(row, speaker)),
            hint(row, speaker),
        )
        for row in ordered[:MOST]
    )
    return Table(speaker.say("report.title"), heads, rows)


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
    "empty",
    "expected",
)


def _shown(name: str, value: str, speaker: Speaker) -> str:
    if name == "separator":
        return speaker.say("report.separator.tab") if value == "\t" else value
    if name in ("layout", "decimal_by", "period_format"):
        return speaker.say(f"report.{name}.{value}")
    return ENCODINGS.get(value, value.upper()) if name == "encoding" else value


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
