"""Workspace class: an open observatory, with all of its writes."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from observatory.errors import StoreError
from observatory.ingest.report import Report
from observatory.outlook.analysis.diff import OutlookDiff, diff_outlooks
from observatory.outlook.build import ProgressCallback, ignore_progress
from observatory.store.notes import NoteContent, NoteRecord
from observatory.store.uploads import UploadDraft
from observatory.typography import sanitize_text
from observatory.workspace.access import MAX_NAME_CHARS, AnalystSession
from observatory.workspace.drafts import (
    DraftPreview,
    build_draft_batch,
    count_unchanged,
    examine_upload,
    parse_choices,
    skips_faulty_rows,
)
from observatory.workspace.edition_writer import EditionWriter


class Workspace(EditionWriter):
    """An open observatory: what its editions say, and every write, each by a session.

    Raises CatalogueError or StoreError where it cannot be opened.
    """

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

    def publish_note(self, content: NoteContent, by: AnalystSession, *, is_date_right: bool = False) -> NoteRecord:
        """Publishes a note of the cluster, as `read_note` made it. Raises StoreError if the same one stands already.

        Its date is asked about as that of an edition is: no later one can be before it.
        """
        admitted = self.access.require_session(by)
        self._require_plausible_now(is_date_right=is_date_right)
        return self.store.notes.publish(content, admitted.who, admitted.key)

    def withdraw_note(self, number: int, reason: str, by: AnalystSession, *, is_date_right: bool = False) -> NoteRecord:
        """Withdraws a note, which stays in the log. Raises StoreError if it does not stand."""
        admitted = self.access.require_session(by)
        self._require_plausible_now(is_date_right=is_date_right)
        return self.store.notes.withdraw(number, reason, admitted.who, admitted.key)

    def _require_plausible_now(self, *, is_date_right: bool) -> None:
        newest = None if is_date_right else self.find_clock_doubt()
        if newest is not None:
            days = {"now": self.today().isoformat(), "day": newest.at.date().isoformat()}
            raise StoreError("error.clock.ahead", id=newest.id, **days)

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
        new = batch.observations or (batch.facts and (report.knowhow or report.forecasts))
        prepared = self.prepare_on(batch, before, progress) if sound and new else None
        changed = diff_outlooks(before, prepared.outlook) if prepared is not None else OutlookDiff()
        progress("progress.ready", 1.0)
        return DraftPreview(draft, report, before, prepared, changed, count_unchanged(report, batch), twin)
