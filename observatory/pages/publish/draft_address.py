"""The draft that the address names: opened, opened anew with other answers, and the message for the next run."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from observatory import workspace
from observatory.errors import ObservatoryError
from observatory.pages.components.notices import show_notices
from observatory.pages.components.url_widgets import write_address
from observatory.pages.publish.progress import store_error_message
from observatory.selection import Selection
from observatory.store.uploads import UploadDraft
from observatory.workspace import AnalystSession

PUBLISHED_KEY = "published"  # in the session state: the edition that was published last, until a draft is opened


def find_draft(selection: Selection) -> UploadDraft | None:
    """The draft that the address names, if it is still open."""
    drafts = workspace.get_workspace().store.uploads.list_open_drafts() if selection.draft else ()
    return next((row for row in drafts if row.id == selection.draft), None)


def open_draft(selection: Selection, draft_id: int) -> None:
    """Writes a draft to the address; 0 returns to the list."""
    if draft_id:
        st.session_state.pop(PUBLISHED_KEY, None)
    write_address(replace(selection, draft=draft_id))


def redraft(draft: UploadDraft, answers: Mapping[str, str], selection: Selection, access_pass: AnalystSession) -> None:
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


def show_message() -> None:
    """Shows the outcome of the last click."""
    show_notices("notices_said", (st.session_state.pop("message", ""),))
