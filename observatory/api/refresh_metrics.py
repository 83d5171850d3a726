"""Metrics of collections: by source when it was asked and answered, by indicator how many periods are overdue."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache

from prometheus_client.core import GaugeMetricFamily, Metric

from observatory.briefs.collection.attempts import find_attempts
from observatory.catalogue.schedule import count_overdue_periods
from observatory.timeseries import find_last_places
from observatory.workspace import Workspace
from observatory.workspace.collections import read_reports


def collect_refresh_metrics(workspace: Workspace) -> Iterator[Metric]:
    """The metrics of the newest edition on the day of the clock. Moments are seconds since 1970."""
    yield from _collect_sources(workspace)
    overdue = GaugeMetricFamily(
        "observatory_indicator_overdue_periods",
        "Periods that should be there and are not; 0 for a series that has ended.",
        labels=["indicator"],
    )
    for name, count in _count_overdue(workspace, workspace.get_vintage().id, workspace.today()).items():
        overdue.add_metric([name], count)
    yield overdue


def _collect_sources(workspace: Workspace) -> Iterator[Metric]:
    attempt = GaugeMetricFamily(
        "observatory_refresh_last_attempt_seconds",
        "When the last run that asked the source ended, in seconds since 1970.",
        labels=["source"],
    )
    success = GaugeMetricFamily(
        "observatory_refresh_last_success_seconds",
        "When the last run in which nothing of the source failed ended, in seconds since 1970.",
        labels=["source"],
    )
    outcome = GaugeMetricFamily(
        "observatory_refresh_outcome",
        "Indicators by what the last run that asked their source did with them.",
        labels=["source", "state"],
    )
    for source, row in find_attempts(read_reports(workspace)).items():
        attempt.add_metric([source], row.report.finished.timestamp())
        if row.last_success is not None:
            success.add_metric([source], row.last_success.timestamp())
        for state, count in row.result.states.items():
            outcome.add_metric([source, state], count)
    yield from (attempt, success, outcome)


@lru_cache(maxsize=4)
def _count_overdue(workspace: Workspace, edition: int, day: date) -> Mapping[str, int]:
    """Overdue periods of each indicator of an edition; its freshest series counts."""
    outlook = workspace.get_outlook_by_number(edition)
    last = find_last_places(outlook.panel)
    return {
        name: count_overdue_periods(row, workspace.catalogue.recipes.get(name), last[name], day)
        for name, row in outlook.catalogue.indicators.items()
        if name in last
    }
