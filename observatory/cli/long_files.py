"""Long files on the command line: reading one, and what is found in it, for people and for programs."""

import argparse
from typing import Any, Literal

from observatory.cli.output import build_progress_bar, encode_finding, finding_text, print_status
from observatory.errors import Finding
from observatory.forecast.batch import MIN_VALUES
from observatory.ingest.long.table import LongFileResult, read_long_file
from observatory.ingest.report import CHOICE_NAMES, Choices
from observatory.language import Localizer
from observatory.settings import MAX_ECHOED_CHARS
from observatory.timeseries import RaggedPanel

_MAX_PRINTED_FINDINGS = 20  # in text; JSON has all


def read_file(args: argparse.Namespace, localizer: Localizer) -> LongFileResult:
    """The series of the file that a command names, read as its options say."""
    draw_progress = build_progress_bar(localizer)
    result = read_long_file(
        args.file,
        args.frequency,
        lambda part: draw_progress("progress.reading", part),
        choices=Choices(**{name: getattr(args, name, None) or "" for name in CHOICE_NAMES}),
        missing=tuple(args.missing),
    )
    if result.is_frequency_inferred and args.format == "text":
        print_status(
            localizer.text("cli.frequency", frequency=localizer.text(f"cli.frequency.{result.table.frequency}"))
        )
    return result


def has_errors(findings: list[Finding]) -> bool:
    """Whether a finding stops the command with the exit code of wrong data."""
    return any(row.level == "error" for row in findings)


def build_short_findings(table: RaggedPanel, indices: list[int], file: str) -> list[Finding]:
    """A finding on each series that is too short to be forecast."""
    counts = table.observed_counts
    return [
        build_series_finding(table, index, file, "long_too_short", found=int(counts[index]), wanted=MIN_VALUES)
        for index in indices
    ]


def build_series_finding(
    table: RaggedPanel, index: int, file: str, code: str, level: Literal["error", "warning"] = "error", **values: int
) -> Finding:
    """A finding on a whole series, at the line that first names it."""
    name = table.ids[index]
    return Finding(
        level,
        code,
        file,
        int(table.first_lines[index]),
        "",
        name[:MAX_ECHOED_CHARS],
        {"series": name[:MAX_ECHOED_CHARS], **values},
    )


def encode_summary(result: LongFileResult, series_count: int) -> dict[str, Any]:
    """What was read, for programs."""
    return {
        "series": series_count,
        "rows": result.row_count,
        "frequency": result.table.frequency,
        "inferred": result.is_frequency_inferred,
    }


def encode_findings(result: LongFileResult, findings: list[Finding], localizer: Localizer) -> dict[str, Any]:
    """All findings for programs; `more` counts those beyond the limit."""
    rows = [
        encode_finding(row, localizer) | {"series": row.values.get("series", "")} for row in _sort_by_line(findings)
    ]
    return {"findings": rows, "more": result.omitted_count}


def print_findings(result: LongFileResult, findings: list[Finding], localizer: Localizer) -> None:
    """The first findings as sentences, and how many there are beyond them."""
    for row in _sort_by_line(findings)[:_MAX_PRINTED_FINDINGS]:
        print_status(finding_text(row, localizer))
    hidden_count = len(findings[_MAX_PRINTED_FINDINGS:]) + result.omitted_count
    if hidden_count:
        print_status(localizer.plural("cli.findings.more", hidden_count))


def _sort_by_line(findings: list[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda row: row.line or 0)
