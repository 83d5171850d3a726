"""Opens settings, catalogue and store: the one door for pages, API and command line."""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from threading import Lock
from typing import Any

from observatory.catalogue import loader
from observatory.catalogue.codec import with_facts, without_facts
from observatory.catalogue.models import Catalogue
from observatory.catalogue.periods import month_of
from observatory.errors import ConflictError, StoreError
from observatory.ingest.report import Report
from observatory.language import legible
from observatory.outlook import time_machine
from observatory.outlook.analysis.diff import Changes, changes
from observatory.outlook.calls.backtest import Past, replay
from observatory.outlook.calls.calls import Call, evidence
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection
from observatory.settings import Settings, read
from observatory.store.records import Batch, Vintage
from observatory.store.store import Store
from observatory.store.uploads import Draft
from observatory.timeseries import Row, histories
from observatory.workspace.access import LONGEST_NAME, Access, Pass
from observatory.workspace.curated import curated_batch, digest, sound_reports
from observatory.workspace.drafts import Preview, batch_of, choices_of, seen_from, unchanged_in, without_faults
from observatory.workspace.editions import Prepared, Progress, inverse, prepare, silent

OUTLOOKS_KEPT = 4
TURNS = 64
MONTHS_KEPT = 12  # reconstructed outlooks, some 5 MB each
LONGEST_NOTE = 1_000  # characters; the page takes 300
ROUNDS = 20  # how often a publication without a preview gives way to another


class Workspace:
    """An open observatory. Raises CatalogueError or StoreError where it cannot be opened."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.catalogue = loader.load(settings.data)
        self.store = Store(settings.store)
        self._reading, self._travelling = tuple(Lock() for _ in range(TURNS)), Lock()
        self._outlook = lru_cache(maxsize=OUTLOOKS_KEPT)(self._read)
        self._before = lru_cache(maxsize=MONTHS_KEPT)(self._reconstruct)
        self._watched = lru_cache(maxsize=1)(self._ever)
        self.access = Access(settings, self.store)

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
        found = self._of(vintage)
        month = reconstructed(moment, vintage)
        if month is None:
            return found
        with self._travelling:
            return self._before(month)

    def outlook_of(self, selection: Selection) -> Outlook:
        """Everything as of what a selection pins: an edition (the newest if there is no such one), a moment, or now."""
        number = selection.edition()
        known = next((row for row in self.store.vintages() if row.id == number), None) if number else None
        return self.outlook(selection.moment()) if known is None else self._of(known)

    def newest(self) -> Outlook | None:
        """The outlook of the newest vintage; None before the first."""
        head = self.store.as_of()
        return None if head is None else self._of(head)

    def numbered_vintage(self, number: int) -> Vintage:
        """A vintage by its number. Raises StoreError if there is none."""
        found = next((row for row in self.store.vintages() if row.id == number), None)
        if found is None:
            raise StoreError("error.vintage.unknown", id=number)
        return found

    def numbered(self, number: int) -> Outlook:
        """The outlook of a vintage by its number. Raises StoreError if there is none."""
        return self._of(self.numbered_vintage(number))

    def watched(self) -> Catalogue:
        """Everything that was ever watched: the indicators of data/ and of all vintages, withdrawn ones included."""
        head = self.store.as_of()
        return self.catalogue if head is None else self._watched(head.id)

    def _ever(self, _head: int) -> Catalogue:
        return with_facts(self.catalogue, self.store.facts_ever())

    def _of(self, vintage: Vintage) -> Outlook:
        with self._reading[vintage.id % TURNS]:  # read once, and nobody waits for an edition that others ask for
            return self._outlook(vintage)

    def _reconstruct(self, month: int) -> Outlook:
        return time_machine.before(self._of(self.store.vintages()[0]), month)

    def _read(self, vintage: Vintage) -> Outlook:
        try:
            found = {
                (row.segment, row.horizon): Call.stored(row.segment, row.horizon, row.call, row.details)
                for row in self.store.calls(vintage)
            }
        except (KeyError, TypeError) as error:
            raise StoreError("error.store.unreadable", path=self.store.address, why=f"calls: {error}") from error
        panel = histories(self.store.panel(vintage))
        return Outlook(
            vintage.id,
            vintage.at,
            with_facts(without_facts(self.catalogue), self.store.facts(vintage)),
            panel,
            {key: row for key, row in self.store.forecasts(vintage).items() if key in panel},
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

    # -- publishing: every write asks for a pass, here, beside the store's write ------------------------------------

    def prepare(self, batch: Batch, progress: Progress = silent) -> Prepared:
        """What a batch that stands on no vintage would lead to on top of the newest one. Writes nothing."""
        return prepare(self.catalogue, batch, self.newest(), progress)

    def commit(self, prepared: Prepared, by: Pass, note: str | None = None) -> Vintage:
        """Publishes what was prepared, in one transaction on the vintage that it was prepared on, and nothing else.

        With a note it is dated now. Raises AccessError without a pass that is good now, ConflictError if somebody
        published meanwhile.
        """
        admitted = self.access.admit(by)
        batch = replace(prepared.batch, who=admitted.who)
        if note is not None:
            note = legible(note, LONGEST_NOTE)
            batch = replace(batch, at=datetime.now(UTC), note_fr=note, note_en=note)
        study = prepared.after.replay
        return self.store.publish(batch, prepared.parent, prepared.expected, prepared.verdicts, study, key=admitted.key)

    def publish(self, batch: Batch, by: Pass, progress: Progress = silent) -> Vintage:
        """Prepares and publishes a batch; whoever publishes meanwhile goes first, and it is prepared again."""
        for _ in range(ROUNDS):
            self.access.admit(by)
            with contextlib.suppress(ConflictError):
                return self.commit(self.prepare(batch, progress), by)
        return self.commit(self.prepare(batch, progress), by)

    def publish_curated(self, progress: Progress = silent) -> Vintage | None:
        """Publishes the curated edition under data/ through the door of uploads; None if it is in the store already.

        Raises CatalogueError, with all the findings, if a file is not as it should be.
        """
        progress("progress.reading", 0.0)
        reports = sound_reports(self.catalogue, self.settings)
        sha256 = digest(self.catalogue, reports)
        if any(row.sha256 == sha256 for row in self.store.vintages()):
            return None
        newest = self.newest()
        prepared = prepare(self.catalogue, curated_batch(self.catalogue, reports, sha256, newest), newest, progress)
        progress("progress.publishing", 0.95)
        try:
            vintage = self.commit(prepared, self.access.operator(prepared.batch.who))
        except ConflictError:
            if any(row.sha256 == sha256 for row in self.store.vintages()):
                return None  # another process published the same edition meanwhile
            raise
        progress("progress.done", 1.0)
        return vintage

    def receive(
        self,
        name: str,
        content: bytes,
        by: Pass,
        choices: Mapping[str, str] | None = None,
        about: Mapping[str, Any] | None = None,
    ) -> Draft:
        """Keeps a file as it was sent, and a draft of it on top of the newest vintage."""
        who, name = self.access.admit(by).who, legible(name, LONGEST_NAME)
        sha256 = self.store.uploads.keep(name, content, who)
        return self.store.uploads.draft(sha256, name, who, self.vintage().id, choices or {}, about or {})

    def redraft(
        self,
        draft: Draft,
        by: Pass,
        choices: Mapping[str, str] | None = None,
        about: Mapping[str, Any] | None = None,
    ) -> Draft:
        """A draft in place of another: with other choices, other facts, or on top of what is the newest vintage now."""
        who = self.access.admit(by).who
        return self.store.uploads.draft(
            draft.file,
            draft.name,
            who,
            self.vintage().id,
            draft.choices if choices is None else choices,
            draft.about if about is None else about,
            draft.id,
        )

    def discard(self, draft: Draft, by: Pass) -> None:
        """Ends a draft; its file stays in the store."""
        self.store.uploads.discard(draft.id, self.access.admit(by).who)

    def report(self, draft: Draft, content: bytes | None = None) -> Report:
        """The report on a draft as seen from the vintage that it stands on; `content` spares reading its file."""
        content = self.store.uploads.content(draft.file) if content is None else content
        if content is None:
            raise StoreError("error.draft.unknown", id=draft.id)
        return seen_from(draft.name, content, self.numbered(draft.parent), choices_of(draft), draft.about)

    def preview(self, draft: Draft, progress: Progress = silent, content: bytes | None = None) -> Preview:
        """What publishing a draft would change on the vintage that it stands on. Writes nothing."""
        before, report = self.numbered(draft.parent), self.report(draft, content)
        batch = batch_of(report, before, draft.about, draft.who, "", draft.id)
        twin = next((row for row in self.store.vintages() if row.sha256 == draft.file and row.draft is not None), None)
        sound = report.ok or (without_faults(draft) and bool(report.observations))
        new = batch.observations or (batch.facts and report.knowhow)
        prepared = prepare(self.catalogue, batch, before, progress) if sound and new else None
        changed = changes(before, prepared.after) if prepared is not None else Changes()
        progress("progress.ready", 1.0)
        return Preview(draft, report, before, prepared, changed, unchanged_in(report, batch), twin)

    def undoing(self, number: int, progress: Progress = silent) -> tuple[Prepared, Outlook, Changes]:
        """What would undo a vintage, on top of which outlook, and what that changes.

        Raises StoreError if there is nothing to undo.
        """
        vintage, newest = self.numbered_vintage(number), self.outlook()
        prepared = prepare(self.catalogue, inverse(self.store, vintage, newest), newest, progress)
        progress("progress.ready", 1.0)
        return prepared, newest, changes(newest, prepared.after)

    def revert(self, number: int, note: str, by: Pass, progress: Progress = silent) -> Vintage:
        """Publishes what undoes a vintage. Raises ConflictError if somebody published meanwhile."""
        self.access.admit(by)
        prepared, _before, _changed = self.undoing(number, progress)
        return self.commit(prepared, by, note)


def reconstructed(moment: datetime | None, first: Vintage) -> int | None:
    """The month as of whose end an outlook must be reconstructed; None if a vintage answers, or if it is too early."""
    if moment is None or moment >= first.at:
        return None
    ended = (moment + timedelta(seconds=1)).month != moment.month
    month = month_of(moment.date()) - (not ended)
    return month if month >= time_machine.EARLIEST else None


def standing(settings: Settings) -> Outlook:
    """What files are checked against: the newest vintage if there is one, else the curated data as they are."""
    if settings.store_file is None or settings.store_file.exists():
        workspace = Workspace(settings)
        newest = workspace.newest()
        workspace.close()
        if newest is not None:
            return newest
    catalogue = loader.load(settings.data)
    reports = sound_reports(catalogue, settings)
    rows = [
        Row(row.indicator, row.geo, row.item, row.period, row.value)
        for report in reports
        for row in report.observations
    ]
    return Outlook(0, catalogue.edition.at, catalogue, histories(rows), {}, {}, {})


_OPENING = Lock()


def opened() -> Workspace:
    """The workspace of this process, from its environment; an opening that fails is tried again at the next call."""
    with _OPENING:
        return _opened()


@lru_cache(maxsize=1)
def _opened() -> Workspace:
    return Workspace(read())
