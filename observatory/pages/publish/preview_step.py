"""Last steps of a publication: its effects before it happens, the reason, and the button that publishes."""

from datetime import date
from functools import lru_cache

import streamlit as st

from observatory import workspace
from observatory.briefs.publish.page import published_text
from observatory.errors import ConflictError, ObservatoryError
from observatory.language import Localizer
from observatory.pages.components import html
from observatory.pages.components.notices import show_notices
from observatory.pages.components.url_widgets import localizer_for
from observatory.pages.publish import effects
from observatory.pages.publish.clock_question import show_clock_question
from observatory.pages.publish.draft_address import open_draft
from observatory.pages.publish.outcome import store_outcome
from observatory.pages.publish.progress import make_progress, store_error_message, take_turn
from observatory.pages.publish.reason import show_reason, take_reason
from observatory.selection import Selection
from observatory.store.uploads import UploadDraft
from observatory.workspace import AnalystSession, DraftPreview


@lru_cache(maxsize=4)
def _preview_slot(_number: int, _day: date) -> list[DraftPreview]:
    """A cache slot for the preview of a draft; by day, as forecasts depend on which figures are overdue."""
    return []


workspace.clear_when_replaced(_preview_slot.cache_clear)


def find_preview(draft: UploadDraft) -> DraftPreview | None:
    """The preview of a draft if it has been computed."""
    return next(iter(_preview_slot(draft.id, workspace.get_workspace().today())), None)


def compute_preview(draft: UploadDraft, localizer: Localizer) -> DraftPreview:
    """The preview of a draft, computed once; meanwhile a progress bar says what is waited for."""
    cached = _preview_slot(draft.id, workspace.get_workspace().today())
    if not cached:
        bar = st.progress(0.0)
        with take_turn(bar, localizer):
            if not cached:
                cached.append(workspace.get_workspace().build_preview(draft, make_progress(bar, localizer)))
        bar.empty()
    return cached[0]


def show_preview(
    preview: DraftPreview, selection: Selection, access_pass: AnalystSession, localizer: Localizer
) -> None:
    """Shows the effects of publishing a draft, the reason that is asked for, and the button."""
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
        st.html(html.render_heading(localizer.text("publish.step.publish"), ""))
        show_reason(_reason_key(preview.draft.id), localizer.text("publish.note.hint"), localizer)
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


def _reason_key(draft: int) -> str:
    return f"w_note_{draft}"


def publish_draft(preview: DraftPreview, selection: Selection, access_pass: AnalystSession) -> None:
    """Publishes the preview; after a concurrent publication or midnight, a new preview is shown instead."""
    opened, localizer = workspace.get_workspace(), localizer_for(selection)
    if preview.prepared is None:
        return
    reason = take_reason(_reason_key(preview.draft.id), "publish.note.missing", localizer)
    if not reason:
        return
    if preview.prepared.outlook.day != opened.today():
        st.session_state["message"] = localizer.text("publish.overnight")  # the next run builds a new preview
        return
    try:
        is_date_right = st.session_state.get(f"w_date_{preview.draft.id}") is True
        vintage = opened.commit(preview.prepared, access_pass, reason, is_date_right=is_date_right)
    except ConflictError as error:
        st.session_state["message"] = localizer.text("publish.conflict", head=error.values["head"])
        successor = opened.redraft(preview.draft, access_pass)
        st.session_state[_reason_key(successor.id)] = reason  # for whoever publishes the new difference all the same
        open_draft(selection, successor.id)
        return
    except ObservatoryError as error:
        store_error_message(error, selection)
        return
    st.session_state["message"] = published_text(vintage.id, preview.changes, localizer)
    open_draft(selection, 0)
    store_outcome(vintage)
