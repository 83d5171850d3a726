"""Publishing of editions: each prepared, then committed in one transaction on top of the newest vintage."""

import contextlib
from dataclasses import replace
from datetime import timedelta

from observatory.catalogue.files import EditionFiles
from observatory.catalogue.models import Catalogue
from observatory.clock import Clock, system_clock
from observatory.errors import ConflictError, StoreError
from observatory.heap import release_memory
from observatory.notification.announce import announce, wait_for_announcements
from observatory.notification.events import find_events
from observatory.outlook import real_time
from observatory.outlook.analysis.diff import OutlookDiff, diff_outlooks
from observatory.outlook.build import ProgressCallback, ignore_progress, scale_progress
from observatory.outlook.external.judging import round_as_stored, select_known
from observatory.outlook.outlook import Outlook
from observatory.settings import Settings
from observatory.store.records import Vintage, VintageBatch
from observatory.typography import sanitize_text
from observatory.workspace.access import AccessControl, AnalystSession
from observatory.workspace.curated import build_curated_batch, build_external_batch, build_valid_reports, hash_edition
from observatory.workspace.editions import PreparedEdition, build_revert_batch, prepare_edition
from observatory.workspace.outlook_reader import OutlookReader

_MAX_NOTE_CHARS = 1_000  # characters; the page takes 300
MAX_EDITION_GAP = timedelta(days=366)  # between two editions before the clock is asked about
MAX_PUBLISH_ATTEMPTS = 20  # how often a publication without a preview gives way to another


class EditionWriter(OutlookReader):
    """An observatory whose editions can be published and undone, each by a session.

    Raises CatalogueError or StoreError where it cannot be opened.
    """

    def __init__(self, settings: Settings, clock: Clock = system_clock) -> None:
        super().__init__(settings, clock)
        self.access = AccessControl(settings, self.store, clock)

    def close(self) -> None:
        """Closes the store, once what was published is announced."""
        wait_for_announcements()
        self.store.close()

    def prepare(self, batch: VintageBatch, progress: ProgressCallback = ignore_progress) -> PreparedEdition:
        """The edition that a batch would lead to on top of the newest vintage. Writes nothing."""
        return self.prepare_on(batch, self.get_newest_outlook(), progress)

    def prepare_on(
        self, batch: VintageBatch, before: Outlook | None, progress: ProgressCallback = ignore_progress
    ) -> PreparedEdition:
        """The edition that a batch would lead to on top of an outlook. Writes nothing."""
        try:
            return prepare_edition(self.catalogue, batch, before, progress, self.real_vintages)
        finally:
            release_memory()

    def find_clock_doubt(self) -> Vintage | None:
        """The newest vintage if the clock is more than a year past it: what is dated now should be asked about."""
        newest = self.store.find_vintage()
        return newest if newest is not None and self.now() - newest.at > MAX_EDITION_GAP else None

    def commit(
        self,
        prepared: PreparedEdition,
        by: AnalystSession,
        note: str | None = None,
        *,
        announces: bool = True,
        is_date_right: bool = False,
    ) -> Vintage:
        """Publishes a prepared edition in one transaction, only on top of the vintage for which it was prepared.

        An edition with a note is dated now. It is announced afterwards, by this process alone. Raises AccessError
        without a valid session, ConflictError if somebody published meanwhile, StoreError if the clock is a year past
        the newest edition and nobody said that this `is_date_right`: a wrong date cannot be undone, and every later
        edition would have it too.
        """
        admitted = self.access.require_session(by)
        batch = replace(prepared.batch, who=admitted.who)
        if note is not None:
            note = sanitize_text(note, _MAX_NOTE_CHARS)
            batch = replace(batch, at=self.now(), note_fr=note, note_en=note)
        self._require_plausible_date(batch, is_date_right=is_date_right)
        study = prepared.outlook.study.as_json()
        vintage = self.store.publish(
            batch, prepared.parent, prepared.new_forecasts, prepared.calls, study, key=admitted.key
        )
        if announces:
            self.announce(vintage)
        return vintage

    def announce(self, edition: Vintage | None, *, is_refresh: bool = False) -> None:
        """Sends word of an edition to the addresses of the settings, in the background, if it is worth a message.

        A refresh commits without, and announces once its report is stored: then the sources that keep failing are in
        the same message, or in one without an edition.
        """
        announce(
            self.settings,
            lambda: find_events(self.store, self.get_outlook_by_number, edition, is_refresh=is_refresh),
        )

    def _require_plausible_date(self, batch: VintageBatch, *, is_date_right: bool) -> None:
        """A date of the curated data is not of the clock, and is not asked about."""
        newest = self.find_clock_doubt()
        if newest is None or is_date_right or batch.at - newest.at <= MAX_EDITION_GAP:
            return
        if batch.at != self.catalogue.edition.at:
            days = {"now": batch.at.date().isoformat(), "day": newest.at.date().isoformat()}
            raise StoreError("error.clock.ahead", id=newest.id, **days)

    def publish(self, batch: VintageBatch, by: AnalystSession, progress: ProgressCallback = ignore_progress) -> Vintage:
        """Prepares and publishes a batch; prepares it again after each concurrent publication."""
        for _ in range(MAX_PUBLISH_ATTEMPTS):
            self.access.require_session(by)
            with contextlib.suppress(ConflictError):
                return self.commit(self.prepare(batch, progress), by)
        return self.commit(self.prepare(batch, progress), by)

    def publish_curated(
        self, progress: ProgressCallback = ignore_progress, *, is_date_right: bool = False
    ) -> Vintage | None:
        """Publishes the curated edition under data/, by the rules of uploads; None if it is in the store already.

        An empty store gets the former editions too, each as a vintage of its own day; on top of what somebody published
        the edition is dated now. Raises CatalogueError, with all the findings, if a file is not as it should be.
        """
        progress("progress.reading", 0.0)
        files = EditionFiles(self.settings.data_dir)
        reports = build_valid_reports(self.catalogue, files)
        sha256 = hash_edition(self.catalogue, reports)
        newest = self.get_newest_outlook()
        if any(row.sha256 == sha256 for row in self.store.vintages()):
            return self._publish_external_forecasts(sha256, newest, progress)
        is_news = newest is not None  # what a new store begins with is none
        at = self.catalogue.edition.at
        if newest is None:
            newest = self._publish_former_editions(progress)
            editions = len(self.former_editions) + 1
            progress = scale_progress(progress, editions - 1, editions)
        else:
            at = max(at, self.now())
        batch = build_curated_batch(self.catalogue, reports, sha256, newest, at)
        try:
            prepared = self._prepare_edition(self.catalogue, batch, newest, progress)
            operator = self.access.open_operator_session(batch.who)
            vintage = self.commit(prepared, operator, announces=is_news, is_date_right=is_date_right)
        except ConflictError:
            if any(row.sha256 == sha256 for row in self.store.vintages()):
                return None  # another process published the same edition meanwhile
            raise
        progress("progress.done", 1.0)
        return vintage

    def _publish_external_forecasts(
        self, edition: str, newest: Outlook | None, progress: ProgressCallback
    ) -> Vintage | None:
        """Publishes forecasts of others that changed under data/ since the newest vintage; None if none did.

        Its figures are those of that vintage: only the record of others is a new one.
        """
        if newest is None or not self.catalogue.external_forecasts.rows:
            return None
        forecasts = self.catalogue.external_forecasts.with_added_of(newest.catalogue.external_forecasts)
        given = select_known(forecasts, newest.catalogue)
        if newest.study.external_record.forecasts == tuple(map(round_as_stored, given.rows)):
            return None
        batch = build_external_batch(self.catalogue, edition, newest, self.now())
        prepared = self.prepare_on(batch, newest, progress)
        vintage = self.commit(prepared, self.access.open_operator_session(batch.who), announces=False)
        progress("progress.done", 1.0)
        return vintage

    def _publish_former_editions(self, progress: ProgressCallback) -> Outlook | None:
        """Publishes the former editions in an empty store; the outlook of the last one."""
        newest, editions = None, len(self.former_editions) + 1
        for number, former in enumerate(self.former_editions):
            reports = build_valid_reports(former.catalogue, former.files)
            sha256 = hash_edition(former.catalogue, reports)
            batch = build_curated_batch(former.catalogue, reports, sha256, newest, former.catalogue.edition.at)
            prepared = self._prepare_edition(
                former.catalogue, batch, newest, scale_progress(progress, number, editions)
            )
            self.commit(prepared, self.access.open_operator_session(batch.who), announces=False)
            newest = self.get_newest_outlook()
        return newest

    def _prepare_edition(
        self, catalogue: Catalogue, batch: VintageBatch, before: Outlook | None, progress: ProgressCallback
    ) -> PreparedEdition:
        prepared = prepare_edition(catalogue, batch, before, progress, self.real_vintages)
        if catalogue is self.catalogue:  # former editions had no real vintages, and stay as they were
            progress("progress.scoring", 0.95)
            prepared = replace(prepared, outlook=self._add_real_time_record(prepared.outlook))
        progress("progress.publishing", 0.95)
        return prepared

    def _add_real_time_record(self, outlook: Outlook) -> Outlook:
        record = real_time.compute_real_time_record(
            outlook.catalogue, outlook.panel, self.real_vintages, outlook.replayed_calls, outlook.day
        )
        return replace(outlook, study=outlook.study.with_real_time(record)) if record.day else outlook

    def prepare_revert(
        self, number: int, progress: ProgressCallback = ignore_progress
    ) -> tuple[PreparedEdition, Outlook, OutlookDiff]:
        """The edition that undoes a vintage, the outlook before it, and the changes.

        Raises StoreError if there is nothing to undo.
        """
        vintage, newest = self.get_vintage_by_number(number), self.get_outlook()
        batch = build_revert_batch(self.store, vintage, newest, self.now())
        prepared = self.prepare_on(batch, newest, progress)
        progress("progress.ready", 1.0)
        return prepared, newest, diff_outlooks(newest, prepared.outlook)

    def revert(
        self,
        number: int,
        note: str,
        by: AnalystSession,
        progress: ProgressCallback = ignore_progress,
        *,
        is_date_right: bool = False,
    ) -> Vintage:
        """Publishes the inverse of a vintage. Raises ConflictError if another edition was published meanwhile."""
        self.access.require_session(by)
        prepared, _before, _changed = self.prepare_revert(number, progress)
        return self.commit(prepared, by, note, is_date_right=is_date_right)
