"""Publish page: upload, report with every faulty cell, preview of the effects, publication, undo."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

import streamlit as st

from observatory import workspace
from observatory.briefs.publish import findings
from observatory.briefs.publish.page import (
    accepted_text,
    build_answer_labels,
    draft_state_texts,
    published_text,
    question_text,
)
from observatory.errors import ConflictError, ObservatoryError
from observatory.ingest.report import Question, Report
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.pages.auth.session_cookie import keep_signed_in
from observatory.pages.auth.sign_in import get_pass, show_sign_in, sign_out
from observatory.pages.components import html, knowhow_file, link_tables
from observatory.pages.components.notices import show_notices
from observatory.pages.components.templates import render
from observatory.pages.components.url_widgets import escape_markdown, localizer_for, make_label_formatter, write_address
from observatory.pages.publish import effects, new_forecast
from observatory.pages.publish.clock_question import show_clock_question
from observatory.pages.publish.new_indicator import show_form
from observatory.pages.publish.notes import show_notes
from observatory.pages.publish.progress import COMPUTE_LOCK, make_progress, store_error_message
from observatory.pages.publish.undo import show_undo
from observatory.selection import Selection
from observatory.settings import MAX_UPLOAD_BYTES
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
    workspace.warm_up(workspace.get_workspace())
    draft = _find_draft(selection)
    if draft is None:
        st.html(html.render_lead(localizer.text("page.publish"), localizer.text("publish.lead.start")))
        _show_message()
        _show_user(access_pass, localizer)
        _show_upload(selection, access_pass, localizer)
        new_forecast.show_form(workspace.get_workspace().get_outlook(), selection, access_pass, localizer)
        _show_drafts(selection, localizer)
        show_notes(access_pass, localizer)
        show_undo(selection, access_pass, localizer)
        knowhow_file.show_section(workspace.get_workspace().get_outlook(), localizer)
        return
    _show_draft(draft, outlook, selection, access_pass, localizer)


def _find_draft(selection: Selection) -> UploadDraft | None:
    """The draft that the address names, if it is still open."""
    drafts = workspace.get_workspace().store.uploads.list_open_drafts() if selection.draft else ()
    return next((row for row in drafts if row.id == selection.draft), None)


def _show_user(access_pass: AnalystSession, localizer: Localizer) -> None:
    with st.container(key="who", horizontal=True):
        st.text(localizer.text("publish.who", who=access_pass.who))
        st.button(localizer.text("sign_in.out"), key="w_leave", on_click=sign_out, args=(access_pass,))


# -- the file --------------------------------------------------------------------------------------------------------


def _show_upload(
    selection: Selection,
    access_pass: AnalystSession,
    localizer: Localizer,
    draft: UploadDraft | None = None,
    *,
    can_replace: bool = True,
) -> None:
    """The upload step: a file is stored as soon as it is chosen and replaces the draft that it corrects."""
    limit = localizer.text("size.megabytes", n=MAX_UPLOAD_BYTES // 2**20)
    hint = localizer.text("publish.file.hint", limit=limit)
    with st.container(key="fig_file"):
        st.html(
            html.render_heading(
                localizer.text("publish.step.file"), hint if draft is None else _file_text(draft, localizer)
            )
        )
        with st.container(key="file", horizontal=True):
            if can_replace:
                button = localizer.text("publish.file.button" if draft is None else "publish.file.again")
                key = f"w_file_{selection.draft}_{st.session_state.get('files', 0)}"
                st.html(render("upload_label", text=button))
                st.file_uploader(
                    localizer.text("publish.file.label"),
                    key=key,
                    label_visibility="collapsed",
                    max_upload_size=MAX_UPLOAD_BYTES // 2**20 + 1,
                    on_change=_on_upload,
                    args=(key, selection, access_pass, draft),
                )
            if draft is not None:
                st.download_button(
                    localizer.text("publish.file.original"),
                    data=_make_file_reader(draft),
                    file_name=draft.name,
                    mime="application/octet-stream",
                    key="w_original",
                    on_click="ignore",
                    icon=":material/download:",
                )


def _file_text(draft: UploadDraft, localizer: Localizer) -> str:
    when = localizer.datetime_text(draft.recorded)
    return localizer.text("publish.file.kept", name=draft.name, who=draft.who, when=when, sha256=draft.file[:12])


def _make_file_reader(draft: UploadDraft) -> Callable[[], bytes]:
    """A function that reads the uploaded file, so that it is read only on download."""
    return lambda: workspace.get_workspace().store.uploads.read_file(draft.file) or b""


def _on_upload(key: str, selection: Selection, access_pass: AnalystSession, draft: UploadDraft | None) -> None:
    uploaded = st.session_state.get(key)
    if uploaded is None:
        return
    opened = workspace.get_workspace()
    try:
        new_draft = opened.receive(uploaded.name[:200], uploaded.getvalue(), access_pass)
        if draft is not None:
            opened.discard(draft, access_pass)
    except ObservatoryError as error:
        store_error_message(error, selection)
        return
    st.session_state["files"] = st.session_state.get("files", 0) + 1
    open_draft(selection, new_draft.id)


def open_draft(selection: Selection, draft_id: int) -> None:
    """Writes a draft to the address; 0 returns to the list."""
    write_address(replace(selection, draft=draft_id))


def _show_message() -> None:
    """Shows the outcome of the last click."""
    show_notices("notices_said", (st.session_state.pop("message", ""),))


def _show_drafts(selection: Selection, localizer: Localizer) -> None:
    """The open drafts of all analysts, which survive a closed tab and a restarted server."""
    drafts = workspace.get_workspace().store.uploads.list_open_drafts()
    if not drafts:
        return
    with st.container(key="fig_drafts"):
        st.html(html.render_heading(localizer.text("publish.drafts"), localizer.text("publish.drafts.hint")))
        for row in drafts:
            with st.container(key=f"draft_{row.id}", horizontal=True):
                st.button(
                    escape_markdown(row.name), key=f"w_draft_{row.id}", on_click=open_draft, args=(selection, row.id)
                )
                st.text(localizer.text("publish.drafts.row", who=row.who, when=localizer.datetime_text(row.recorded)))


# -- a draft ---------------------------------------------------------------------------------------------------------


def _show_draft(
    draft: UploadDraft, outlook: Outlook, selection: Selection, access_pass: AnalystSession, localizer: Localizer
) -> None:
    report = _get_report(draft)
    new = len(report.unknown_indicators)
    preview = None if new or not _is_publishable(report, draft) else _get_preview(draft, localizer)
    lead, under = draft_state_texts(
        report, preview.changed_count if preview is not None else 0, draft.parent, localizer
    )
    st.html(html.render_lead(localizer.text("publish.kicker", name=draft.name, id=draft.parent), lead, (under,)))
    _show_message()
    _show_upload(selection, access_pass, localizer, draft, can_replace=bool(report.findings))
    _show_report(draft, report, selection, access_pass, localizer)
    if new:
        show_form(draft, report, outlook, access_pass, localizer)
    if preview is not None:
        _show_preview(preview, selection, access_pass, localizer)
    with st.container(key="ends", horizontal=True):
        st.button(
            localizer.text("publish.discard"),
            key="w_discard",
            on_click=_on_discard,
            args=(draft, selection, access_pass),
        )
    _show_user(access_pass, localizer)


def _is_publishable(report: Report, draft: UploadDraft) -> bool:
    return report.is_publishable or (bool(draft.choices.get("without_faults")) and bool(report.observations))


@lru_cache(maxsize=4)
def _load_report(number: int) -> Report:
    opened = workspace.get_workspace()
    return opened.build_report(opened.store.uploads.get_draft(number))


def _get_report(draft: UploadDraft) -> Report:
    """The report on a draft; cached by its number, as neither its file nor its base vintage ever changes."""
    return _load_report(draft.id)


@lru_cache(maxsize=4)
def _preview_slot(_number: int, _day: date) -> list[DraftPreview]:
    """A cache slot for the preview of a draft; by day, as forecasts depend on which figures are overdue."""
    return []


workspace.clear_when_replaced(_load_report.cache_clear)
workspace.clear_when_replaced(_preview_slot.cache_clear)


def _get_preview(draft: UploadDraft, localizer: Localizer) -> DraftPreview:
    cached = _preview_slot(draft.id, workspace.get_workspace().today())
    if not cached:
        bar = st.progress(0.0, localizer.text("progress.forecasting"))
        with COMPUTE_LOCK:
            if not cached:
                cached.append(workspace.get_workspace().build_preview(draft, make_progress(bar, localizer)))
        bar.empty()
    return cached[0]


def _show_report(
    draft: UploadDraft, report: Report, selection: Selection, access_pass: AnalystSession, localizer: Localizer
) -> None:
    errors = sum(row.level == "error" for row in report.findings)
    counts = findings.build_count_texts(errors, len(report.findings) - errors, localizer)
    with st.container(key="fig_report"):
        accepted = accepted_text(report, localizer)
        st.html(html.render_heading(localizer.text("publish.step.report", **counts, accepted=accepted), ""))
        show_questions(draft, report, selection, access_pass, localizer)
        if report.findings:
            st.html(link_tables.render_text_table(findings.build_findings_table(report.findings, localizer)))
        rest = len(report.findings) - findings.MAX_LISTED_FINDINGS
        if rest > 0:
            st.html(html.render_paragraphs("o-source", localizer.plural("news.rest", rest)))
        st.html(
            html.render_details(
                localizer.text("report.read"),
                html.render_terms(
                    (
                        *findings.build_inferred_terms(report.inferred, localizer),
                        *findings.build_ignored_terms(report.ignored_columns, localizer),
                    )
                ),
            )
        )
        if errors and report.observations and not report.questions:
            st.checkbox(
                localizer.plural("publish.without", errors),
                value=bool(draft.choices.get("without_faults")),
                key=f"w_without_{draft.id}",
                on_change=_on_choice,
                args=(draft, "without_faults", f"w_without_{draft.id}", selection, access_pass),
            )


def show_questions(
    draft: UploadDraft, report: Report, selection: Selection, access_pass: AnalystSession, localizer: Localizer
) -> None:
    """Questions that the file leaves open; an answer creates a new draft of the same file."""
    for number, question in enumerate(report.questions):
        if question.name in ("total", "aggregate"):
            key = f"w_{question.name}_{draft.id}_{number}"
            st.checkbox(
                escape_markdown(question_text(question, localizer)),
                key=key,
                on_change=_on_tick,
                args=(draft, question, key, selection, access_pass),
            )
            continue
        key = f"w_{question.name}_{draft.id}"
        titles = {
            row.id: localizer.field_text(row, "title")
            for row in workspace.get_workspace().get_full_catalogue().indicators.values()
        }
        names = build_answer_labels(titles if question.name == "indicator" else {}, question.options, localizer)
        if question.name == "sheet":
            names = {option: option for option in question.options}
        st.selectbox(
            localizer.text(f"publish.question.{question.name}"),
            list(names),
            index=None,
            format_func=make_label_formatter(names),
            placeholder=localizer.text("publish.question.choose"),
            key=key,
            on_change=_on_choice,
            args=(draft, question.name, key, selection, access_pass),
            width=420,
        )


def _on_tick(
    draft: UploadDraft, question: Question, key: str, selection: Selection, access_pass: AnalystSession
) -> None:
    """Takes the one option of a question; filters that are confirmed add up."""
    if st.session_state.get(key):
        confirmed = [draft.choices["total"]] if question.name == "total" and draft.choices.get("total") else []
        _redraft(draft, {question.name: "\n".join((*confirmed, question.options[0]))}, selection, access_pass)


def _on_choice(draft: UploadDraft, name: str, key: str, selection: Selection, access_pass: AnalystSession) -> None:
    value = st.session_state.get(key)
    _redraft(draft, {name: "yes" if value is True else value or ""}, selection, access_pass)


def _redraft(draft: UploadDraft, answers: Mapping[str, str], selection: Selection, access_pass: AnalystSession) -> None:
    """Opens a new draft of the same file with other answers."""
    choices = {**draft.choices, **answers}
    try:
        new_draft = workspace.get_workspace().redraft(
            draft, access_pass, {name: value for name, value in choices.items() if value}
        )
    except ObservatoryError as error:
        store_error_message(error, selection)
        return
    open_draft(selection, new_draft.id)


def _show_preview(
    preview: DraftPreview, selection: Selection, access_pass: AnalystSession, localizer: Localizer
) -> None:
    twin = preview.duplicate
    show_notices(
        "notices_twin",
        () if twin is None else (localizer.text("publish.twin", id=twin.id, day=localizer.day(twin.at.date())),),
    )
    if preview.prepared is None:
        return
    title = localizer.text("publish.effect.title")
    effects.show(
        title, preview.base_outlook, preview.prepared.outlook, preview.changes, preview.unchanged_count, localizer
    )
    with st.container(key="fig_publish"):
        st.html(html.render_heading(localizer.text("publish.step.publish"), localizer.text("publish.note.hint")))
        st.text_input(localizer.text("publish.note"), key=f"w_note_{preview.draft.id}", max_chars=300)
        show_clock_question(f"w_date_{preview.draft.id}", localizer)
        st.button(
            localizer.text("publish.button"),
            key="w_publish",
            type="primary",
            icon=":material/publish:",
            on_click=publish_draft,
            args=(preview, selection, access_pass),
        )
        st.html(html.render_paragraphs("o-source", localizer.text("publish.promise")))


def publish_draft(preview: DraftPreview, selection: Selection, access_pass: AnalystSession) -> None:
    """Publishes the preview; after a concurrent publication or midnight, a new preview is shown instead."""
    opened, localizer = workspace.get_workspace(), localizer_for(selection)
    note = str(st.session_state.get(f"w_note_{preview.draft.id}", "")).strip()
    if preview.prepared is None:
        return
    if preview.prepared.outlook.day != opened.today():
        st.session_state["message"] = localizer.text("publish.overnight")  # the next run builds a new preview
        return
    try:
        is_date_right = st.session_state.get(f"w_date_{preview.draft.id}") is True
        vintage = opened.commit(preview.prepared, access_pass, note, is_date_right=is_date_right)
    except ConflictError as error:
        st.session_state["message"] = localizer.text("publish.conflict", head=error.values["head"])
        open_draft(selection, opened.redraft(preview.draft, access_pass).id)
        return
    except ObservatoryError as error:
        store_error_message(error, selection)
        return
    st.session_state["message"] = published_text(vintage.id, preview.changes, localizer)
    open_draft(selection, 0)


def _on_discard(draft: UploadDraft, selection: Selection, access_pass: AnalystSession) -> None:
    try:
        workspace.get_workspace().discard(draft, access_pass)
    except ObservatoryError as error:
        store_error_message(error, selection)
        return
    open_draft(selection, 0)
