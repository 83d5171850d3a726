"""Workspace class: settings, catalogue and store as one object, with caches of outlooks and all writes."""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from threading import Lock
from typing import Any

from observatory.catalogue import loader
from observatory.catalogue.codec import apply_facts, strip_facts
from observatory.catalogue.files import EditionFiles
from observatory.catalogue.loader import FormerEdition
from observatory.catalogue.models import Catalogue
from observatory.catalogue.periods import month_ordinal
from observatory.catalogue.real_vintages import RealVintage, load_real_vintages
from observatory.clock import Clock, system_clock
from observatory.errors import ConflictError, StoreError
from observatory.ingest.report import Report
from observatory.language import sanitize_text
from observatory.outlook import time_machine
from observatory.outlook.analysis.diff import OutlookDiff, diff_outlooks
from observatory.outlook.build import ProgressCallback, ignore_progress, scale_progress
from observatory.outlook.calls.backtest import ReplayedCall, run_backtest
from observatory.outlook.calls.calls import Call, FittedRule, fit_rule
from observatory.outlook.calls.indicator_backtest import ReplayedGrowth, replay_indicators
from observatory.outlook.outlook import Outlook
from observatory.outlook.study import Study
from observatory.selection import Selection
from observatory.settings import Settings, load_settings
from observatory.store.records import Vintage, VintageBatch
from observatory.store.store import Store
from observatory.store.uploads import UploadDraft
from observatory.timeseries import StoredObservation, build_panel
from observatory.workspace.access import MAX_NAME_CHARS, AccessControl, AnalystSession
from observatory.workspace.curated import build_curated_batch, build_valid_reports, hash_edition
from observatory.workspace.drafts import (
    DraftPreview,
    build_draft_batch,
    count_unchanged,
    examine_upload,
    parse_choices,
    skips_faulty_rows,
)
from observatory.workspace.editions import PreparedEdition, build_revert_batch, prepare_edition

_MAX_CACHED_OUTLOOKS = 4
_READ_LOCK_COUNT = 64
_MAX_CACHED_MONTHS = 12  # reconstructed outlooks, some 5 MB each
_MAX_NOTE_CHARS = 1_000  # characters; the page takes 300
MAX_PUBLISH_ATTEMPTS = 20  # how often a publication without a preview gives way to another


class Workspace:
    """An open observatory. Raises CatalogueError or StoreError where it cannot be opened."""

    def __init__(self, settings: Settings, clock: Clock = system_clock) -> None:
        self.settings, self.clock = settings, clock
        self.catalogue = loader.load_catalogue(settings.data_dir, clock)
        self.store = Store(settings.store_url, clock)
        self._read_locks, self._reconstruction_lock = tuple(Lock() for _ in range(_READ_LOCK_COUNT)), Lock()
        self._cached_outlook = lru_cache(maxsize=_MAX_CACHED_OUTLOOKS)(self._read_outlook)
        self._cached_reconstruction = lru_cache(maxsize=_MAX_CACHED_MONTHS)(self._reconstruct_outlook)
        self._cached_catalogue = lru_cache(maxsize=1)(self._load_full_catalogue)
        self.access = AccessControl(settings, self.store)

    @cached_property
    def former_editions(self) -> tuple[FormerEdition, ...]:
        """The curated editions before that of today; read when first asked for, which few commands and pages do."""
        return loader.read_former_editions(self.settings.data_dir, self.clock)

    def close(self) -> None:
        """Closes the store."""
        self.store.close()

    def now(self) -> datetime:
        """The current moment, UTC."""
        return self.clock()

    def today(self) -> date:
        """The current day, UTC."""
        return self.clock().date()

    def get_vintage(self, moment: datetime | None = None) -> Vintage:
        """The vintage as of a moment (None: now); the first one if the moment is before it."""
        vintage = self.store.find_vintage(moment)
        if vintage is not None:
            return vintage
        published = self.store.vintages()
        if not published:
            raise StoreError("error.store.empty", path=self.store.address)
        return published[0]

    def get_outlook(self, moment: datetime | None = None) -> Outlook:
        """The outlook as of a moment, read once per vintage and cached.

        Before the first vintage it is reconstructed, a few seconds the first time; not before 1990.
        """
        vintage = self.get_vintage(moment)
        month = find_reconstruction_month(moment, vintage)
        return self._load_outlook(vintage) if month is None else self.get_reconstruction(month)

    def get_reconstruction(self, month: int) -> Outlook:
        """The outlook as it would have been at the end of a month (ordinal), cached; one is computed at a time."""
        with self._reconstruction_lock:
            return self._cached_reconstruction(month)

    def get_selected_outlook(self, selection: Selection) -> Outlook:
        """The outlook that a selection pins: an edition (the newest if there is no such one), a moment, or now."""
        number = selection.edition_number()
        vintage = next((row for row in self.store.vintages() if row.id == number), None) if number else None
        return self.get_outlook(selection.pinned_moment()) if vintage is None else self._load_outlook(vintage)

    def get_newest_outlook(self) -> Outlook | None:
        """The outlook of the newest vintage; None before the first."""
        head = self.store.find_vintage()
        return None if head is None else self._load_outlook(head)

    def get_vintage_by_number(self, number: int) -> Vintage:
        """A vintage by its number. Raises StoreError if there is none."""
        vintage = next((row for row in self.store.vintages() if row.id == number), None)
        if vintage is None:
            raise StoreError("error.vintage.unknown", id=number)
        return vintage

    def get_outlook_by_number(self, number: int) -> Outlook:
        """The outlook of a vintage by its number. Raises StoreError if there is none."""
        return self._load_outlook(self.get_vintage_by_number(number))

    def get_full_catalogue(self) -> Catalogue:
        """The catalogue with the indicators of data/ and of all vintages, withdrawn ones included."""
        head = self.store.find_vintage()
        return self.catalogue if head is None else self._cached_catalogue(head.id)

    def _find_edition(self, moment: datetime) -> Catalogue:
        """The catalogue of the curated edition that was the newest one at a moment; the first one before it."""
        if self.catalogue.edition.at <= moment:
            return self.catalogue
        editions = [*(row.catalogue for row in self.former_editions), self.catalogue]
        return next((row for row in reversed(editions) if row.edition.at <= moment), editions[0])

    def _load_full_catalogue(self, _head: int) -> Catalogue:
        return apply_facts(self.catalogue, self.store.newest_facts())

    def _load_outlook(self, vintage: Vintage) -> Outlook:
        with self._read_locks[
            vintage.id % _READ_LOCK_COUNT
        ]:  # each is read once, and requests for another edition do not wait
            return self._cached_outlook(vintage)

    def _reconstruct_outlook(self, month: int) -> Outlook:
        first = self._load_outlook(self.store.vintages()[0])
        return time_machine.reconstruct_outlook(first, month, self._load_real_vintages())

    def _load_real_vintages(self) -> tuple[RealVintage, ...]:
        return load_real_vintages(self.settings.data_dir, self.catalogue)

    def _read_outlook(self, vintage: Vintage) -> Outlook:
        try:
            calls = {
                (row.segment, row.horizon): Call.from_details(row.segment, row.horizon, row.call, row.details)
                for row in self.store.calls(vintage)
            }
        except (KeyError, TypeError) as error:
            raise StoreError("error.store.unreadable", path=self.store.address, why=f"calls: {error}") from error
        panel = build_panel(self.store.observations(vintage))
        return Outlook(
            edition=vintage.id,
            published_at=vintage.at,
            catalogue=apply_facts(strip_facts(self._find_edition(vintage.at)), self.store.facts(vintage)),
            panel=panel,
            forecasts={key: row for key, row in self.store.forecasts(vintage).items() if key in panel},
            calls=calls,
            study=Study.from_json(self.store.replay(vintage)),
        )

    def recompute_backtest(self, progress: Callable[[float], None] = lambda _done: None) -> tuple[ReplayedCall, ...]:
        """The backtest of the newest vintage computed anew; its stored one must be the same."""
        rows = run_backtest(self._fit_newest(progress))
        progress(1.0)
        return rows

    def recompute_indicator_backtest(
        self, progress: Callable[[float], None] = lambda _done: None
    ) -> tuple[ReplayedGrowth, ...]:
        """The backtest of the growth of demand indicators, on the newest vintage."""
        rows = replay_indicators(self._fit_newest(progress))
        progress(1.0)
        return rows

    def _fit_newest(self, progress: Callable[[float], None]) -> FittedRule:
        progress(0.0)
        outlook = self.get_outlook()
        return fit_rule(outlook.catalogue, outlook.panel, outlook.day, progress)

    def has_vintages(self) -> bool:
        """Whether something has been published."""
        return bool(self.store.vintages())

    # -- publishing: every write requires a session, here, with the store's write -----------------------------------

    def prepare(self, batch: VintageBatch, progress: ProgressCallback = ignore_progress) -> PreparedEdition:
        """The edition that a batch would lead to on top of the newest vintage. Writes nothing."""
        return prepare_edition(self.catalogue, batch, self.get_newest_outlook(), progress)

    def commit(self, prepared: PreparedEdition, by: AnalystSession, note: str | None = None) -> Vintage:
        """Publishes a prepared edition in one transaction, only on top of the vintage for which it was prepared.

        An edition with a note is dated now. Raises AccessError without a valid session, ConflictError if somebody
        published meanwhile.
        """
        admitted = self.access.require_session(by)
        batch = replace(prepared.batch, who=admitted.who)
        if note is not None:
            note = sanitize_text(note, _MAX_NOTE_CHARS)
            batch = replace(batch, at=self.now(), note_fr=note, note_en=note)
        study = prepared.outlook.study.as_json()
        return self.store.publish(
            batch, prepared.parent, prepared.new_forecasts, prepared.calls, study, key=admitted.key
        )

    def publish(self, batch: VintageBatch, by: AnalystSession, progress: ProgressCallback = ignore_progress) -> Vintage:
        """Prepares and publishes a batch; prepares it again after each concurrent publication."""
        for _ in range(MAX_PUBLISH_ATTEMPTS):
            self.access.require_session(by)
            with contextlib.suppress(ConflictError):
                return self.commit(self.prepare(batch, progress), by)
        return self.commit(self.prepare(batch, progress), by)

    def publish_curated(self, progress: ProgressCallback = ignore_progress) -> Vintage | None:
        """Publishes the curated edition under data/, by the rules of uploads; None if it is in the store already.

        An empty store gets the former editions too, each as a vintage of its own day; on top of what somebody published
        the edition is dated now. Raises CatalogueError, with all the findings, if a file is not as it should be.
        """
        progress("progress.reading", 0.0)
        files = EditionFiles(self.settings.data_dir)
        reports = build_valid_reports(self.catalogue, files)
        sha256 = hash_edition(self.catalogue, reports)
        if any(row.sha256 == sha256 for row in self.store.vintages()):
            return None
        newest = self.get_newest_outlook()
        at = self.catalogue.edition.at
        if newest is None:
            newest = self._publish_former_editions(progress)
            editions = len(self.former_editions) + 1
            progress = scale_progress(progress, editions - 1, editions)
        else:
            at = max(at, self.now())
        batch = build_curated_batch(self.catalogue, reports, sha256, newest, at)
        try:
            vintage = self._publish_edition(self.catalogue, batch, newest, progress)
        except ConflictError:
            if any(row.sha256 == sha256 for row in self.store.vintages()):
                return None  # another process published the same edition meanwhile
            raise
        progress("progress.done", 1.0)
        return vintage

    def _publish_former_editions(self, progress: ProgressCallback) -> Outlook | None:
        """Publishes the former editions in an empty store; the outlook of the last one."""
        newest, editions = None, len(self.former_editions) + 1
        for number, former in enumerate(self.former_editions):
            reports = build_valid_reports(former.catalogue, former.files)
            sha256 = hash_edition(former.catalogue, reports)
            batch = build_curated_batch(former.catalogue, reports, sha256, newest, former.catalogue.edition.at)
            self._publish_edition(former.catalogue, batch, newest, scale_progress(progress, number, editions))
            newest = self.get_newest_outlook()
        return newest

    def _publish_edition(
        self, catalogue: Catalogue, batch: VintageBatch, before: Outlook | None, progress: ProgressCallback
    ) -> Vintage:
        prepared = prepare_edition(catalogue, batch, before, progress)
        progress("progress.publishing", 0.95)
        return self.commit(prepared, self.access.open_operator_session(batch.who))

    def receive(
        self,
        name: str,
        content: bytes,
        by: AnalystSession,
        choices: Mapping[str, str] | None = None,
        about: Mapping[str, Any] | None = None,
    ) -> UploadDraft:
        """Stores a file as it was sent, and a draft of it on top of the newest vintage."""
        who, name = self.access.require_session(by).who, sanitize_text(name, MAX_NAME_CHARS)
        sha256 = self.store.uploads.save_file(name, content, who)
        parent = self.get_vintage().id
        draft = UploadDraft(0, sha256, name, who, self.now(), parent, choices or {}, about or {}, replaces=None)
        return self.store.uploads.save_draft(draft)

    def redraft(
        self,
        draft: UploadDraft,
        by: AnalystSession,
        choices: Mapping[str, str] | None = None,
        about: Mapping[str, Any] | None = None,
    ) -> UploadDraft:
        """A draft in place of another: with other choices, other facts, or on top of what is the newest vintage now."""
        successor = replace(
            draft,
            who=self.access.require_session(by).who,
            parent=self.get_vintage().id,
            choices=draft.choices if choices is None else choices,
            about=draft.about if about is None else about,
            replaces=draft.id,
        )
        return self.store.uploads.save_draft(successor)

    def discard(self, draft: UploadDraft, by: AnalystSession) -> None:
        """Discards a draft; its file stays in the store."""
        self.store.uploads.discard_draft(draft.id, self.access.require_session(by).who)

    def build_report(self, draft: UploadDraft, content: bytes | None = None) -> Report:
        """The report on a draft on top of its parent vintage; `content` saves reading its file."""
        content = self.store.uploads.read_file(draft.file) if content is None else content
        if content is None:
            raise StoreError("error.draft.unknown", id=draft.id)
        before = self.get_outlook_by_number(draft.parent)
        return examine_upload(draft.name, content, before, parse_choices(draft), draft.about, self.today())

    def build_preview(
        self, draft: UploadDraft, progress: ProgressCallback = ignore_progress, content: bytes | None = None
    ) -> DraftPreview:
        """The effects of publishing a draft on top of its parent vintage. Writes nothing."""
        before, report = self.get_outlook_by_number(draft.parent), self.build_report(draft, content)
        batch = build_draft_batch(report, before, draft, self.now())
        twin = next((row for row in self.store.vintages() if row.sha256 == draft.file and row.draft is not None), None)
        sound = report.is_publishable or (skips_faulty_rows(draft) and bool(report.observations))
        new = batch.observations or (batch.facts and report.knowhow)
        prepared = prepare_edition(self.catalogue, batch, before, progress) if sound and new else None
        changed = diff_outlooks(before, prepared.outlook) if prepared is not None else OutlookDiff()
        progress("progress.ready", 1.0)
        return DraftPreview(draft, report, before, prepared, changed, count_unchanged(report, batch), twin)

    def prepare_revert(
        self, number: int, progress: ProgressCallback = ignore_progress
    ) -> tuple[PreparedEdition, Outlook, OutlookDiff]:
        """The edition that undoes a vintage, the outlook before it, and the changes.

        Raises StoreError if there is nothing to undo.
        """
        vintage, newest = self.get_vintage_by_number(number), self.get_outlook()
        batch = build_revert_batch(self.store, vintage, newest, self.now())
        prepared = prepare_edition(self.catalogue, batch, newest, progress)
        progress("progress.ready", 1.0)
        return prepared, newest, diff_outlooks(newest, prepared.outlook)

    def revert(
        self, number: int, note: str, by: AnalystSession, progress: ProgressCallback = ignore_progress
    ) -> Vintage:
        """Publishes the inverse of a vintage. Raises ConflictError if another edition was published meanwhile."""
        self.access.require_session(by)
        prepared, _before, _changed = self.prepare_revert(number, progress)
        return self.commit(prepared, by, note)


def find_reconstruction_month(moment: datetime | None, first: Vintage) -> int | None:
    """The month as of whose end an outlook must be reconstructed; None if a vintage answers, or if it is too early."""
    if moment is None or moment >= first.at:
        return None
    ended = (moment + timedelta(seconds=1)).month != moment.month
    month = month_ordinal(moment.date()) - (not ended)
    return month if month >= time_machine.EARLIEST_MONTH else None


def load_reference_outlook(settings: Settings) -> Outlook:
    """The outlook against which files are checked: the newest vintage if there is one, else the curated data."""
    if settings.store_path is None or settings.store_path.exists():
        workspace = Workspace(settings)
        newest = workspace.get_newest_outlook()
        workspace.close()
        if newest is not None:
            return newest
    catalogue = loader.load_catalogue(settings.data_dir)
    reports = build_valid_reports(catalogue, EditionFiles(settings.data_dir))
    rows = [
        StoredObservation(row.indicator, row.geo, row.item, row.period, row.value)
        for report in reports
        for row in report.observations
    ]
    return Outlook(
        edition=0,
        published_at=catalogue.edition.at,
        catalogue=catalogue,
        panel=build_panel(rows),
        forecasts={},
        calls={},
    )


_OPEN_LOCK = Lock()


def get_workspace() -> Workspace:
    """The workspace of this process, from its environment; an opening that fails is tried again at the next call."""
    with _OPEN_LOCK:
        return _open_workspace()


def forget_workspace() -> None:
    """The next call of `get_workspace` opens one anew, from the environment as it is then."""
    with _OPEN_LOCK:
        _open_workspace.cache_clear()


@lru_cache(maxsize=1)
def _open_workspace() -> Workspace:
    return Workspace(load_settings())
