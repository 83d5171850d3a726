"""What the command line says: findings as lines, counts, a progress bar, JSON."""

import json
import sys
from collections.abc import Callable
from typing import Any

from observatory.errors import Finding
from observatory.ingest.messages import hint, message
from observatory.language import Speaker

GOOD, WRONG_DATA, WRONG_CALL = 0, 1, 2  # exit codes
BAR = 30


def tell(text: str) -> None:
    """A line for people, on standard error."""
    print(text, file=sys.stderr, flush=True)


def print_json(value: Any) -> None:
    """A value for programs, on standard output."""
    print(json.dumps(value, ensure_ascii=False, indent=1))


def sentence(finding: Finding, speaker: Speaker) -> str:
    """A finding as one line: where, what is wrong, how to mend it."""
    if finding.line and finding.column:
        where = "finding.where"
    elif finding.line:
        where = "finding.where.line"
    else:
        where = "finding.where.key" if finding.column else "finding.where.file"
    place = speaker.say(where, file=finding.file, line=finding.line, column=finding.column)
    return f"{place} {message(finding, speaker)} {hint(finding, speaker)}"


def as_json(finding: Finding, speaker: Speaker) -> dict[str, Any]:
    """A finding as JSON values."""
    return {
        "level": finding.level,
        "code": finding.code,
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
        "value": finding.value,
        "message": message(finding, speaker),
        "hint": hint(finding, speaker),
    }


def bar(speaker: Speaker) -> Callable[[str, float], None]:
    """A progress bar on standard error: redrawn on a terminal, one line a step elsewhere."""
    terminal = sys.stderr.isatty()
    shown = ""

    def draw(step: str, done: float) -> None:
        nonlocal shown
        full = round(done * BAR)
        line = f"[{'#' * full}{'.' * (BAR - full)}] {round(done * 100):3d} %  {speaker.say(step)}"
        if terminal:
            end = "\n" if done >= 1 else ""
            print(f"\r{line:<70}", end=end, file=sys.stderr, flush=True)
        elif step != shown:
            tell(line)
        shown = step

    return draw
