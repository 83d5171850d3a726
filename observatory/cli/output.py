"""Output of the command line: findings as lines, status lines, a progress bar, JSON."""

import json
import sys
from collections.abc import Callable
from typing import Any

from observatory.errors import Finding
from observatory.ingest.messages import hint_text, message_text
from observatory.language import Localizer

EXIT_OK, EXIT_INVALID_DATA, EXIT_USAGE_ERROR = 0, 1, 2  # exit codes
_BAR_CHARS = 30


def print_status(text: str) -> None:
    """A line for people, on standard error."""
    print(text, file=sys.stderr, flush=True)


def print_json(value: Any) -> None:
    """A value for programs, on standard output."""
    print(json.dumps(value, ensure_ascii=False, indent=1))


def finding_text(finding: Finding, localizer: Localizer) -> str:
    """A finding as one line: location, message, hint."""
    if finding.line and finding.column:
        where = "finding.where"
    elif finding.line:
        where = "finding.where.line"
    else:
        where = "finding.where.key" if finding.column else "finding.where.file"
    location = localizer.text(where, file=finding.file, line=finding.line, column=finding.column)
    return f"{location} {message_text(finding, localizer)} {hint_text(finding, localizer)}"


def encode_finding(finding: Finding, localizer: Localizer) -> dict[str, Any]:
    """A finding as JSON values."""
    return {
        "level": finding.level,
        "code": finding.code,
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
        "value": finding.value,
        "message": message_text(finding, localizer),
        "hint": hint_text(finding, localizer),
    }


def build_progress_bar(localizer: Localizer) -> Callable[[str, float], None]:
    """A progress bar on standard error: redrawn on a terminal, one line a step elsewhere."""
    terminal = sys.stderr.isatty()
    last_step = ""

    def draw(step: str, done: float) -> None:
        nonlocal last_step
        full = round(done * _BAR_CHARS)
        line = f"[{'#' * full}{'.' * (_BAR_CHARS - full)}] {round(done * 100):3d} %  {localizer.text(step)}"
        if terminal:
            end = "\n" if done >= 1 else ""
            print(f"\r{line:<70}", end=end, file=sys.stderr, flush=True)
        elif step != last_step:
            print_status(line)
        last_step = step

    return draw
