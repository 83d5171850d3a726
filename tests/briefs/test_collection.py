"""The page of the last collection: honest before the first run, each source by its last attempt, stable when dated."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from observatory.briefs.collection.page import build_collection, select_reports
from observatory.briefs.common.context import Context
from observatory.catalogue.recipes import MANUAL
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.selection import DEFAULT_SELECTION
from observatory.store.refreshes import IndicatorResult, Reason, RefreshReport, summarize_source

FIRST = datetime(2026, 12, 1, 5, 17, tzinfo=UTC)
DAY = date(2026, 12, 2)
FRESH = IndicatorResult("brent_price", "fred", "fresh", new=2)
HELD = IndicatorResult(
    "fr_aerospace_production",
    "insee",
    "held",
    held=406,
    draft=7,
    reason=Reason("refresh.held.revision", {"series": "FRA", "period": "2025-08", "old": 98.25, "new": 121.4}),
    action="refresh.action.review",
)
FAILED = IndicatorResult(
    "us_tsa_passengers",
    "tsa",
    "failed",
    reason=Reason("error.of_tomorrow", {"n": 3}),
    action="refresh.action.of_tomorrow",
)


def _report(started: datetime, *rows: IndicatorResult, edition: int | None = None) -> RefreshReport:
    hosts = sorted({row.source for row in rows if row.source})
    sources = tuple(summarize_source(name, 1.0, [row for row in rows if row.source == name]) for name in hosts)
    return RefreshReport(f"{started:%Y%m%dT%H%M%SZ}", started, started + timedelta(minutes=1), edition, sources, rows)


def _context(outlook: Outlook, language: str = "en") -> Context:
    return Context(outlook, replace(DEFAULT_SELECTION, lang=language), Localizer(language), DAY)  # type: ignore[arg-type]


def test_before_the_first_run(outlook: Outlook, localizer: Localizer) -> None:
    """It says that nothing was collected, and of no source that it was asked; files due by hand are listed already."""
    brief = build_collection(_context(outlook, localizer.language), ())
    assert brief.lead == localizer.text("collection.lead.none")
    assert brief.attention is None
    hosts = {row.host for row in outlook.catalogue.recipes.values() if row.is_machine_readable}
    assert len(brief.sources.rows) == len(hosts)
    assert brief.manual is not None
    texts = {
        str(getattr(row, f"upload_{localizer.language}"))
        for row in outlook.catalogue.recipes.values()
        if row.connector == MANUAL and row.state == "open"
    }
    assert len(brief.manual.entries) == len(texts)
    assert 0 < brief.manual.visible_count < len(brief.manual.entries)
    assert brief.awaiting is not None
    assert len(brief.awaiting.rows) == len(outlook.catalogue.candidates)


def test_files_due_by_hand_stand_by_their_delay(outlook: Outlook) -> None:
    """The file of the oldest figures is first, with what it holds; each row leads to the page of publications."""
    manual = build_collection(_context(outlook), ()).manual
    assert manual is not None
    first = manual.entries[0]
    assert first.title == "FAA, General Aviation Survey (yearly workbook)"
    assert first.cells == ("Model, year, value.", "April\u00a02018", "9", "2016")
    assert all(row.target.lang == "en" and not row.target.draft for row in manual.entries)
    gifas = next(row for row in manual.entries if row.title.startswith("GIFAS"))
    assert gifas.subtitle.count("\u00a0· ") == 3


def test_each_source_is_shown_by_its_last_attempt(outlook: Outlook) -> None:
    """A source that the last run did not ask keeps what came before, with its day; grave results are first."""
    skipped = replace(FRESH, state="skipped")
    reports = (_report(FIRST + timedelta(days=1), skipped, HELD, FAILED), _report(FIRST, FRESH, edition=3))
    brief = build_collection(_context(outlook), reports)
    assert brief.lead == "Collection of 2\u00a0December\u00a02026: 1 held and 1 failed"
    assert "published nothing" in brief.under[0]
    rows = [row[:2] for row in brief.sources.rows]
    assert rows[0] == ("US Transportation Security Administration", "1 failed")
    assert rows[1] == ("INSEE", "1 held")
    assert rows[2][1] == "1 fresh (on 1\u00a0December\u00a02026)"
    assert all(result.startswith("Never asked") for _source, result in rows[3:])
    assert build_collection(_context(outlook), reports[1:]).under[0].endswith("it published edition 3.")


def test_what_needs_a_look_leads_to_its_draft(outlook: Outlook) -> None:
    """Held figures first, in the words of the language; a reason of another version is named, and breaks nothing."""
    report = _report(FIRST, FAILED, HELD, IndicatorResult("gone", "tsa", "failed"))
    attention = build_collection(_context(outlook, "fr"), [report]).attention
    assert attention is not None
    held, failed = attention.entries
    assert held.target.draft == 7
    assert held.cells[1].replace("\u00a0", " ") == (
        "France : août 2025 est révisé de 98,25 à 121,4, plus que d’habitude."
    )
    assert held.cells[2]
    assert failed.target.draft == 0
    assert "error.of_tomorrow" in failed.cells[1]
    assert failed.cells[2] == ""


def test_failures_that_are_alike_are_one_row(outlook: Outlook) -> None:
    """One row for a source that refuses; none for a fault that the next run may find gone, which its source names."""
    names = ["eur_usd", "eur_gbp", "eur_cad", "eur_cny", "eur_brl"]
    refused = Reason("error.source.forbidden", {"status": 403})
    down = Reason("error.source.unreachable", {"error": "ConnectError"})
    rows = [IndicatorResult(name, "ecb", "failed", reason=refused, action="refresh.action.by_hand") for name in names]
    passing = IndicatorResult("brent_price", "fred", "failed", reason=down, action="refresh.action.again")
    brief = build_collection(_context(outlook), [_report(FIRST, *rows, passing)])
    assert brief.attention is not None
    (entry,) = brief.attention.entries
    assert entry.title == "European Central Bank, euro foreign exchange reference rates"
    assert entry.subtitle.endswith("2 others")
    assert [result for _source, result, *_rest in brief.sources.rows[:2]] == ["1 failed", "5 failed"]
    assert all("tries again" in row[3] for row in brief.sources.rows if row[1] == "1 failed")


def test_a_dated_view_knows_the_runs_until_its_edition(outlook: Outlook) -> None:
    """Of an edition: the runs that led to it or ended before it; what comes later changes nothing there."""
    at = outlook.published_at
    earlier = _report(at - timedelta(hours=1), FAILED)
    own = _report(at - timedelta(seconds=30), FRESH, edition=outlook.edition)
    later = (_report(at + timedelta(days=1), HELD), _report(at + timedelta(days=2), FRESH, edition=outlook.edition + 1))
    reports = tuple(reversed((earlier, own, *later)))
    assert select_reports(reports, outlook) == (own, earlier)
    assert select_reports(reports, replace(outlook, edition=-1)) == ()
