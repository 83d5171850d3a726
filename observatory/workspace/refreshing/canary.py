"""Canary: one indicator of each source, asked for and read; nothing is compared and nothing is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from observatory.catalogue.models import Catalogue
from observatory.outlook.build import ProgressCallback, ignore_progress
from observatory.sources.collection import Collected, Fetcher, collect
from observatory.sources.model import Window
from observatory.store.refreshes import Reason


@dataclass(frozen=True)
class CanaryResult:
    """What a source gave for one indicator: its newest point, or why there is none."""

    source: str
    indicator: str
    seconds: float
    period: str = ""
    value: float | None = None
    reason: Reason | None = None


def ask_sources(
    catalogue: Catalogue,
    client: Fetcher,
    today: date,
    sources: Sequence[str] = (),
    progress: ProgressCallback = ignore_progress,
) -> tuple[CanaryResult, ...]:
    """The newest point of one indicator of each source (of these, if any are named), by source."""
    recipes = {
        row.host: row
        for row in sorted(catalogue.recipes.values(), key=lambda row: row.indicator, reverse=True)
        if row.is_machine_readable and row.state == "open" and (not sources or row.host in sources)
    }
    results = []
    for number, (row,) in enumerate(collect(recipes.values(), client, Window(today.year - 1, today)), 1):
        results.append(_build_result(row))
        progress("refresh.progress.collecting", number / len(recipes))
    return tuple(sorted(results, key=lambda row: row.source))


def _build_result(row: Collected) -> CanaryResult:
    result = CanaryResult(row.recipe.host, row.recipe.indicator, round(row.seconds, 3))
    if row.fault is not None:
        reason = Reason(row.fault.key, row.fault.values)
        return CanaryResult(result.source, result.indicator, result.seconds, reason=reason)
    newest = max(row.figures, key=lambda figure: figure.period)
    return CanaryResult(result.source, result.indicator, result.seconds, newest.period, float(newest.value))
