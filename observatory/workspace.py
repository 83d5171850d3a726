"""Opens settings, catalogue and store: the one door for pages, API and command line."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from threading import Lock

from observatory.catalogue import reading
from observatory.catalogue.facts import facts_of, with_facts
from observatory.catalogue.nouns import Catalogue
from observatory.catalogue.periods import month_of
from observatory.errors import CatalogueError, ConflictError, Finding, StoreError
from observatory.forecast import panel as forecasting
from observatory.forecast.folds import tasks_of
from observatory.ingest.reading import examine_curated
from observatory.ingest.report import Report
from observatory.outlook import machine
from observatory.outlook.calls import Call, calls, evidence
from observatory.outlook.outlook import Outlook
from observatory.outlook.replay import Past, replay
from observatory.settings import Settings, read
from observatory.store.rows import Batch, StoredCall, Vintage
from observatory.store.store import Store
from observatory.tables import histories

Progress = Callable[[str, float], None]  # a step's message key and the part done, 0 to 1
OUTLOOKS_KEPT = 4
MONTHS_KEPT = 12  # reconstructed outlooks, some 5 MB each


def silent(_step: str, _done: float) -> None:
    """A progress that nobody watches."""


class Workspace:
    """An open observatory. Raises CatalogueError or StoreError where it cannot be opened."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.catalogue = reading.load(settings.data)
        self.store = Store(settings.store)
        self._reading, self._travelling = Lock(), Lock()
        self._outlook = lru_cache(maxsize=OUTLOOKS_KEPT)(self._read)
        self._before = lru_cache(maxsize=MONTHS_KEPT)(self._reconstruct)

    def close(self) -> None:
        """Lets go of the store."""
        self.store.close()

    def vintage(self, moment: datetime | None = None) -> Vintage:
        """The vintage as of a moment (None: now); the first one if the moment is before it."""
        known = self.store.as_of(moment)
        if known is not None:
            return known
        published = self.store.vintages()
        if not published:
            raise StoreError("error.store.empty", path=self.store.address)
        return published[0]

    def outlook(self, moment: datetime | None = None) -> Outlook:
        """Everything as of a moment, read once per vintage and kept.

        Before the first vintage it is reconstructed, a few seconds the first time; not before 1990.
        """
        vintage = self.vintage(moment)
        with self._reading:
            found = self._outlook(vintage)
        month = reconstructed(moment, vintage)
        if month is None:
            return found
        with self._travelling:
            return self._before(month)

    def edition(self, number: int) -> Outlook | None:
        """Everything as of a vintage that is named by its number; None if there is none of that number."""
        vintage = next((row for row in self.store.vintages() if row.id == number), None)
        if vintage is None:
            return None
        with self._reading:
            return self._outlook(vintage)

    def _reconstruct(self, month: int) -> Outlook:
        with self._reading:
            first = self._outlook(self.store.vintages()[0])
        return machine.before(first, month)

    def _read(self, vintage: Vintage) -> Outlook:
        try:
            found = {
                (row.segment, row.horizon): Call.stored(row.segment, row.horizon, row.call, row.details)
                for row in self.store.calls(vintage)
            }
        except (KeyError, TypeError) as error:
            raise StoreError("error.store.unreadable", path=self.store.address, why=f"calls: {error}") from error
        return Outlook(
            vintage.id,
            vintage.at,
            with_facts(self.catalogue, self.store.facts(vintage)),
            histories(self.store.panel(vintage)),
            self.store.forecasts(vintage),
            found,
            self.store.replay(vintage),
        )

    def replayed(self, progress: Callable[[float], None] = lambda _done: None) -> tuple[Past, ...]:
        """The replay of the newest vintage computed anew; what it stored must be the same."""
        progress(0.0)
        outlook = self.outlook()
        seen = evidence(outlook.catalogue, outlook.panel, outlook.day, progress)
        found = replay(seen)
        progress(1.0)
        return found

    def seeded(self) -> bool:
        """Whether something has been published."""
        return bool(self.store.vintages())

    def publish(self, batch: Batch, progress: Progress = silent) -> Vintage:
        """Stores a batch, forecasts, calls, and makes it visible in one step. Raises StoreError or ConflictError."""
        progress("progress.storing", 0.0)
        draft = self.store.draft(batch)
        parent = next((row for row in self.store.vintages() if row.id == draft.parent), None)
        facts = (self.store.facts(parent) if parent else {}) | dict(batch.facts)
        catalogue = with_facts(self.catalogue, facts)
        panel = histories(self.store.panel_of_draft(draft))
        progress("progress.forecasting", 0.3)
        tasks = tasks_of(catalogue, panel)
        expected = forecasting.forecast(
            tasks, draft.at.date(), lambda done: progress("progress.forecasting", 0.3 + 0.4 * done)
        )
        progress("progress.calling", 0.7)
        seen = evidence(catalogue, panel, draft.at.date())
        said = calls(seen, draft.at.date())
        verdicts = [StoredCall(call.segment, call.horizon, call.call, call.details()) for call in said]
        study = machine.study(catalogue, panel, draft.at.date(), seen, expected, said)
        progress("progress.publishing", 0.9)
        self.store.publish(draft, expected, verdicts, study)
        progress("progress.done", 1.0)
        return draft

    def publish_curated(self, progress: Progress = silent) -> Vintage | None:
        """Publishes the curated edition under data/ through the door of uploads; None if it is in the store already.

        Raises CatalogueError, with all the findings, if a file is not as it should be.
        """
        progress("progress.reading", 0.0)
        reports = curated_reports(self.catalogue, self.settings)
        findings = tuple(row for report in reports for row in report.findings if row.level == "error")
        if findings:
            raise CatalogueError(
                "error.catalogue", findings=findings, count=len(findings), folder=str(self.settings.data)
            )
        sha256 = _digest(self.catalogue, reports)
        published = self.store.vintages()
        if any(row.sha256 == sha256 for row in published):
            return None
        known = {
            (row.indicator, row.geo, row.item, row.period): row.value
            for row in (self.store.panel(published[-1]) if published else ())
        }
        rows = [row for report in reports for row in report.observations]
        edition = self.catalogue.edition
        batch = Batch(
            edition.at if not published else max(edition.at, datetime.now(UTC)),
            edition.who,
            edition.note_fr,
            edition.note_en,
            sha256,
            [
                ((row.indicator, row.geo, row.item), row.period, row.value)
                for row in rows
                if known.get((row.indicator, row.geo, row.item, row.period)) != row.value
            ],
            {name: facts_of(row) for name, row in self.catalogue.indicators.items()},
        )
        try:
            return self.publish(batch, progress)
        except ConflictError:
            if any(row.sha256 == sha256 for row in self.store.vintages()):
                return None  # another process published the same edition meanwhile
            raise


def reconstructed(moment: datetime | None, first: Vintage) -> int | None:
    """The month as of whose end an outlook must be reconstructed; None if a vintage answers, or if it is too early."""
    if moment is None or moment >= first.at:
        return None
    ended = (moment + timedelta(seconds=1)).month != moment.month
    month = month_of(moment.date()) - (not ended)
    return month if month >= machine.EARLIEST else None


def curated_reports(catalogue: Catalogue, settings: Settings) -> list[Report]:
    """The report on every file of figures under data/."""
    return [_curated_report(catalogue, name, settings.data / "observations") for name in catalogue.indicators]


def _curated_report(catalogue: Catalogue, name: str, folder: Path) -> Report:
    try:
        content = (folder / f"{name}.csv").read_bytes()
    except OSError as error:
        why = error.strerror or str(error)
        found = Finding("error", "catalogue_unreadable", f"observations/{name}.csv", value=why)
        return Report(name, "", findings=(found,))
    return examine_curated(name, content, catalogue)


def check(settings: Settings) -> tuple[int, int, tuple[Finding, ...]]:
    """Everything wrong with the curated catalogue: indicators read, observations accepted, findings."""
    found = reading.read(settings.data)
    if found.catalogue is None:
        return 0, 0, found.findings
    reports = curated_reports(found.catalogue, settings)
    findings = found.findings + tuple(row for report in reports for row in report.findings)
    return len(reports), sum(len(report.observations) for report in reports), findings


def _digest(catalogue: Catalogue, reports: Sequence[Report]) -> str:
    total = hashlib.sha256()
    for report in reports:
        total.update(report.sha256.encode())
    for row in catalogue.indicators.values():
        total.update(repr(row).encode())
    return total.hexdigest()


_OPENING = Lock()


def opened() -> Workspace:
    """The workspace of this process, from its environment; an opening that fails is tried again at the next call."""
    with _OPENING:
        return _opened()


@lru_cache(maxsize=1)
def _opened() -> Workspace:
    return Workspace(read())
