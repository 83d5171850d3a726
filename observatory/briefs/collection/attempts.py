"""Attempts: when each source was last asked, and last answered, over the runs of a store."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from observatory.store.refreshes import RefreshReport, RefreshState, SourceResult

_ASKED_STATES: tuple[RefreshState, ...] = ("failed", "held", "fresh", "unchanged")


@dataclass(frozen=True)
class SourceAttempt:
    """The last run that asked a source, what came of it, and the end of the last run in which it answered."""

    report: RefreshReport
    result: SourceResult
    last_success: datetime | None


def find_attempts(reports: Sequence[RefreshReport]) -> dict[str, SourceAttempt]:
    """The last attempt of each source that was ever asked; `reports` are the newest first."""
    attempts: dict[str, tuple[RefreshReport, SourceResult]] = {}
    successes: dict[str, datetime] = {}
    for report in reports:
        for row in report.sources:
            if not any(row.states.get(state) for state in _ASKED_STATES):
                continue
            attempts.setdefault(row.source, (report, row))
            if row.state != "failed":
                successes.setdefault(row.source, report.finished)
    return {
        source: SourceAttempt(report, row, successes.get(source)) for source, (report, row) in sorted(attempts.items())
    }
