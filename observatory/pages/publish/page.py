"""Publish page: upload, report with every faulty cell, preview of the effects, publication, undo."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import streamlit as st

from observatory import workspace
from observatory.briefs.publish.page import draft_state_texts
from observatory.errors import ObservatoryError
from observatory.ingest.report import Report
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.pages.auth.session_cookie import keep_signed_in
from observatory.pages.auth.sign_in import get_pass, show_sign_in, sign_out
from observatory.pages.components import html, knowhow_file
from observatory.pages.components.url_widgets import localizer_for
from observatory.pages.publish import new_forecast
from observatory.pages.publish.draft_address import find_draft, open_draft, show_message
from observatory.pages.publish.fields import show_fault_script, show_run_mark
from observatory.pages.publish.file_step import show_drafts, show_upload
from observatory.pages.publish.new_indicator import show_form
from observatory.pages.publish.notes import show_notes
from observatory.pages.publish.outcome import show_outcome
from observatory.pages.publish.preview_step import compute_preview, find_preview, show_preview
from observatory.pages.publish.progress import store_error_message
from observatory.pages.publish.report_step import show_report
from observatory.pages.publish.undo import show_undo
from observatory.pages.publish.unknown_names import find_new_indicator
from observatory.selection import Selection
from observatory.store.uploads import UploadDraft
from observatory.workspace import AnalystSession, DraftPreview


def show(outlook: Outlook, selection: Selection, _pages: Mapping[str, Any]) -> None:
    """Shows the page for analysts, or the sign-in form."""
    localizer = localizer_for(selection)
    access_pass = get_pass()
    if access_pass is None:
        under = (localizer.text("publish.under.out"), localizer.text("publish.under.open"))
        st.html(html.render_lead(localizer.text("page.publish"), localizer.text("publish.lead.out"), under))
        show_sign_in(localizer)
        return
    keep_signed_in(access_pass)
    show_fault_script()
    workspace.warm_up(workspace.get_workspace())
    draft = find_draft(selection)
    if draft is None:
        _show_start(selection, access_pass, localizer)
    else:
        _show_draft(draft, outlook, selection, access_pass, localizer)
    show_run_mark()


def _show_start(selection: Selection, access_pass: AnalystSession, localizer: Localizer) -> None:
    """The page without a draft: a file, a forecast of others, a note, an edition to undo."""
    newest = workspace.get_workspace().get_outlook()
    st.html(html.render_lead(localizer.text("page.publish"), localizer.text("publish.lead.start")))
    show_message()
    is_undo_first = show_outcome(selection, localizer)
    if is_undo_first:
        show_undo(selection, access_pass, localizer)
    _show_user(access_pass, localizer)
    show_upload(selection, access_pass, localizer)
    new_forecast.show_form(newest, selection, access_pass, localizer)
    show_drafts(selection, localizer)
    show_notes(access_pass, localizer)
    if not is_undo_first:
        show_undo(selection, access_pass, localizer)
    knowhow_file.show_section(newest, localizer)


def _show_user(access_pass: AnalystSession, localizer: Localizer) -> None:
    with st.container(key="who", horizontal=True):
        st.text(localizer.text("publish.who", who=access_pass.who))
        st.button(localizer.text("sign_in.out"), key="w_leave", on_click=sign_out, args=(access_pass, localizer))


def _show_draft(
    draft: UploadDraft, outlook: Outlook, selection: Selection, access_pass: AnalystSession, localizer: Localizer
) -> None:
    """The page of a draft; its lead stands before the preview is computed, and says that it is."""
    report = _load_report(draft.id)
    has_preview = not report.unknown_indicators and _is_publishable(report, draft)
    preview = find_preview(draft) if has_preview else None
    lead = st.empty()
    _show_lead(lead, draft, report, preview, localizer, is_waiting=has_preview and preview is None)
    show_message()
    show_upload(selection, access_pass, localizer, draft, can_replace=bool(report.findings))
    show_report(draft, report, selection, access_pass, localizer)
    new = find_new_indicator(draft, report)
    if new:
        show_form(draft, new, len(report.unknown_indicators), outlook, access_pass, localizer)
    if has_preview:
        if preview is None:
            preview = compute_preview(draft, localizer)
            _show_lead(lead, draft, report, preview, localizer)
        show_preview(preview, selection, access_pass, localizer)
    with st.container(key="ends", horizontal=True):
        st.button(
            localizer.text("publish.discard"),
            key="w_discard",
            on_click=_on_discard,
            args=(draft, selection, access_pass),
        )
    _show_user(access_pass, localizer)


def _show_lead(
    place: Any,
    draft: UploadDraft,
    report: Report,
    preview: DraftPreview | None,
    localizer: Localizer,
    *,
    is_waiting: bool = False,
) -> None:
    """The lead of a draft in its place: what is to be done about it, or that its effects are being computed."""
    sentence, under = draft_state_texts(
        report, preview.changed_count if preview is not None else 0, draft.parent, localizer
    )
    if is_waiting:
        sentence = localizer.text("publish.lead.waiting")
        under = localizer.text("publish.under.nothing")
    kicker = localizer.text("publish.kicker", name=draft.name, id=draft.parent)
    place.html(html.render_lead(kicker, sentence, (under,)))


def _is_publishable(report: Report, draft: UploadDraft) -> bool:
    return report.is_publishable or (bool(draft.choices.get("without_faults")) and bool(report.observations))


@lru_cache(maxsize=4)
def _load_report(number: int) -> Report:
    """The report on a draft; cached by its number, as neither its file nor its base vintage ever changes."""
    opened = workspace.get_workspace()
    return opened.build_report(opened.store.uploads.get_draft(number))


workspace.clear_when_replaced(_load_report.cache_clear)


def _on_discard(draft: UploadDraft, selection: Selection, access_pass: AnalystSession) -> None:
    try:
        workspace.get_workspace().discard(draft, access_pass)
    except ObservatoryError as error:
        store_error_message(error, selection)
        return
    open_draft(selection, 0)
