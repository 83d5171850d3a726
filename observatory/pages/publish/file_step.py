"""First step of a publication: the file, an example of one, and the drafts that wait."""

from collections.abc import Callable

import streamlit as st

from observatory import workspace
from observatory.errors import ObservatoryError
from observatory.language import Localizer
from observatory.pages.components import html
from observatory.pages.components.templates import render
from observatory.pages.components.url_widgets import escape_markdown
from observatory.pages.publish.draft_address import open_draft
from observatory.pages.publish.example import show_example
from observatory.pages.publish.progress import store_error_message
from observatory.selection import Selection
from observatory.settings import MAX_UPLOAD_BYTES
from observatory.store.uploads import UploadDraft
from observatory.workspace import AnalystSession


def show_upload(
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
        if draft is None:
            show_example(workspace.get_workspace().get_outlook(), localizer)


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


def show_drafts(selection: Selection, localizer: Localizer) -> None:
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
