"""Metrics of collections: moments and outcomes by source, overdue periods by indicator, read anew after each run."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from starlette.testclient import TestClient

from observatory.api import refresh_metrics
from observatory.store.refreshes import IndicatorResult, RefreshReport, summarize_source
from observatory.workspace import Workspace
from tests.support.clients import application

FIRST = datetime(2026, 11, 29, 6, 17, tzinfo=UTC)


def _report(started: datetime, *rows: IndicatorResult) -> RefreshReport:
    sources = [
        summarize_source(name, 1.0, [row for row in rows if row.source == name])
        for name in sorted({row.source for row in rows if row.source})
    ]
    return RefreshReport(
        f"{started:%Y%m%dT%H%M%SZ}", started, started + timedelta(minutes=1), None, tuple(sources), rows
    )


def _read(client: TestClient, name: str) -> dict[str, float]:
    lines = [line for line in client.get("/metrics").text.splitlines() if line.startswith(name)]
    return {line.partition("{")[2].partition("}")[0]: float(line.rpartition(" ")[2]) for line in lines}


def test_metrics_of_sources(small: Workspace) -> None:
    """None before the first run; then the last attempt and the last success of each source, which may differ."""
    client = TestClient(application(small))
    assert _read(client, "observatory_refresh_") == {}
    good = IndicatorResult("atr_backlog", "toys", "fresh", new=2)
    other = IndicatorResult("esa_budget", "kites", "unchanged")
    small.store.refreshes.save(_report(FIRST, good, other, IndicatorResult("airbus_deliveries", "", "manual")))
    end = (FIRST + timedelta(minutes=1)).timestamp()
    assert _read(client, "observatory_refresh_last_success_seconds") == {'source="kites"': end, 'source="toys"': end}
    later = FIRST + timedelta(days=1)
    skipped = replace(other, state="skipped")
    small.store.refreshes.save(_report(later, replace(good, state="failed"), replace(good, state="held"), skipped))
    assert _read(client, "observatory_refresh_last_success_seconds") == {'source="kites"': end, 'source="toys"': end}
    assert _read(client, "observatory_refresh_last_attempt_seconds") == {
        'source="kites"': end,
        'source="toys"': (later + timedelta(minutes=1)).timestamp(),
    }
    assert _read(client, "observatory_refresh_outcome") == {
        'source="kites",state="unchanged"': 1,
        'source="toys",state="failed"': 1,
        'source="toys",state="held"': 1,
    }


def test_overdue_periods_are_computed_once_a_day(small: Workspace) -> None:
    """Every indicator with figures and no other; a second reading of the same day computes nothing."""
    client = TestClient(application(small))
    counts = _read(client, "observatory_indicator_overdue_periods")
    assert set(counts) == {f'indicator="{name}"' for name in small.get_outlook().catalogue.indicators}
    assert all(count == int(count) >= 0 for count in counts.values())
    before = refresh_metrics._count_overdue.cache_info().misses
    assert _read(client, "observatory_indicator_overdue_periods") == counts
    assert refresh_metrics._count_overdue.cache_info().misses == before
    small.clock = lambda: datetime(2031, 6, 1, tzinfo=UTC)
    later = _read(client, "observatory_indicator_overdue_periods")
    assert later['indicator="atr_backlog"'] > counts['indicator="atr_backlog"']
