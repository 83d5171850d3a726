"""The reports of refreshes: stored once, read back as they were, never changed."""

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from observatory.store import schema, sqlite
from observatory.store.records import VintageBatch
from observatory.store.refreshes import IndicatorResult, Reason, Refreshes, RefreshReport, summarize_source
from observatory.store.store import Store

FRESH = IndicatorResult("kites", "toys", "fresh", new=3, revised=1, last_period="2026-09", due="2026-12-15")
HELD = IndicatorResult(
    "dolls", "toys", "held", held=12, last_period="2026-08", draft=4, reason=Reason("r", {"n": 12}), action="review"
)
MANUAL = IndicatorResult("bricks", "", "manual", due="2026-10-01")
REPORT = RefreshReport(
    "20261130T061700Z",
    datetime(2026, 11, 30, 6, 17, tzinfo=UTC),
    datetime(2026, 11, 30, 6, 18, 4, tzinfo=UTC),
    1,
    (summarize_source("toys", 2.3456, [FRESH, HELD]),),
    (FRESH, HELD, MANUAL),
)


def open_store(address: str) -> Store:
    """A store with an edition."""
    made = Store(address)
    made.publish(VintageBatch(datetime(2026, 1, 1, tzinfo=UTC), "x", "", "", "0", [], {}), None, [], [], {})
    return made


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(f"sqlite:///{tmp_path / 'observatory.db'}")


def test_a_report_is_read_back_as_it_was_stored(store_address: str) -> None:
    """All of it, the newest run first; a run that is stored a second time changes nothing."""
    store = open_store(store_address)
    later = replace(REPORT, run="20261201T061700Z", edition=None, sources=(), indicators=(MANUAL,))
    for report in (REPORT, later, replace(REPORT, edition=None)):
        store.refreshes.save(report)
    assert store.refreshes.list_last(9) == (later, REPORT)
    assert store.refreshes.list_last() == (later,)
    store.close()


def test_a_source_is_as_grave_as_its_gravest_indicator() -> None:
    """One held indicator makes a source held, with its reason; figures are added up, indicators counted by state."""
    row = summarize_source("toys", 2.3456, [FRESH, HELD])
    assert (row.state, row.seconds, row.new, row.revised, row.held) == ("held", 2.346, 3, 1, 12)
    assert (dict(row.states), row.reason, row.action) == ({"held": 1, "fresh": 1}, HELD.reason, "review")
    assert not REPORT.is_sound
    assert replace(REPORT, indicators=(FRESH, MANUAL)).is_sound


def test_reports_cannot_be_changed(store: Store, tmp_path: Path) -> None:
    """Whoever opens the file: the triggers refuse updates, deletes and replacements."""
    store.refreshes.save(REPORT)
    store.close()
    raw = sqlite3.connect(tmp_path / "observatory.db")
    for statement in (
        "UPDATE refreshes SET edition = NULL",
        "DELETE FROM refreshes",
        "INSERT OR REPLACE INTO refreshes (run, finished, details) VALUES ('20261130T061700Z', '', '')",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            raw.execute(statement)
    raw.close()


def test_a_store_from_before_refreshes_gains_their_table(store: Store, tmp_path: Path) -> None:
    """A store of version 3 opens, has no report, and takes one; on a read-only disk it is read without the table."""
    store.close()
    path = tmp_path / "observatory.db"
    raw = sqlite3.connect(path)
    raw.execute("DROP TABLE refreshes")
    raw.execute("PRAGMA user_version = 3")
    raw.commit()
    raw.close()
    sealed = sqlite.open_sealed(path)
    assert Refreshes(sealed, str(path)).list_last() == ()
    sealed.dispose()
    again = Store(f"sqlite:///{path}")
    assert again.refreshes.list_last() == ()
    again.refreshes.save(REPORT)
    assert again.refreshes.list_last() == (REPORT,)
    again.close()
    raw = sqlite3.connect(path)
    assert raw.execute("PRAGMA user_version").fetchone() == (schema.SCHEMA_VERSION,)
    raw.close()
