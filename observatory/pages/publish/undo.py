"""Undo of an edition: preview of its effects, then publication of the inverse; the history is kept."""

from datetime import date
from functools import lru_cache
from typing import Any

import streamlit as st

from observatory import workspace
from observatory.errors import ConflictError, ObservatoryError, redact_error_values
from observatory.language import Localizer
from observatory.outlook.analysis.diff import OutlookDiff
from observatory.outlook.outlook import Outlook
from observatory.pages.components import html
from observatory.pages.components.notices import show_notices
from observatory.pages.components.url_widgets import localizer_for, make_label_formatter
from observatory.pages.publish import effects
from observatory.pages.publish.clock_question import show_clock_question
from observatory.pages.publish.outcome import UNDONE_KEY, store_outcome
from observatory.pages.publish.progress import make_progress, store_error_message, take_turn
from observatory.pages.publish.reason import show_reason, take_reason
from observatory.selection import Selection
from observatory.workspace import AnalystSession, PreparedEdition

_Reversal = tuple[PreparedEdition, Outlook, OutlookDiff]  # the inverse edition, the outlook before it, and the changes
_REASON_KEY = "w_undo_note"
_MAX_UNDOABLE_EDITIONS = 8  # editions that the page offers to undo; the command line undoes any


def show_undo(selection: Selection, access_pass: AnalystSession, localizer: Localizer) -> None:
    """Shows the choice of an edition to undo, the effects of undoing it, and the button that does it."""
    opened = workspace.get_workspace()
    newest = opened.store.vintages()[-_MAX_UNDOABLE_EDITIONS:]
    editions = [row for row in reversed(newest) if row.parent is not None]
    if not editions:
        return
    with st.container(key="fig_undo"):
        st.html(html.render_heading(localizer.text("publish.undo"), localizer.text("publish.undo.hint")))
        chosen = st.selectbox(
            localizer.text("publish.undo.which"),
            [row.id for row in editions],
            index=None,
            format_func=make_label_formatter({row.id: _edition_text(row, localizer) for row in editions}),
            placeholder=localizer.text("publish.question.choose"),
            key=UNDONE_KEY,
            width=420,
        )
        if chosen is None:
            return
        reversal = _get_reversal(chosen, localizer)
        if reversal is None:
            return
        prepared, before, changed = reversal
        effects.show(localizer.text("publish.effect.undo"), before, prepared.outlook, changed, 0, localizer)
        show_reason(_REASON_KEY, localizer.text("publish.undo.note.hint"), localizer)
        show_clock_question("w_undo_date", localizer)
        st.button(
            localizer.text("publish.undo.button", id=chosen),
            key="w_revert",
            icon=":material/undo:",
            on_click=_on_undo,
            args=(prepared, chosen, selection, access_pass),
        )


def _get_reversal(number: int, localizer: Localizer) -> _Reversal | None:
    """The undo of an edition, computed once for each state of the store; None, with a notice, if it is impossible."""
    opened = workspace.get_workspace()
    cached = _reversal_slot(number, opened.get_vintage().id, opened.today())
    if cached:
        return cached[0]
    bar = st.progress(0.0)
    try:
        with take_turn(bar, localizer):
            if not cached:
                cached.append(opened.prepare_revert(number, make_progress(bar, localizer)))
    except ObservatoryError as error:
        show_notices("notices_undo", (localizer.error_text(error.key, redact_error_values(error.values)),))
        return None
    finally:
        bar.empty()
    return cached[0]


@lru_cache(maxsize=4)
def _reversal_slot(_number: int, _head: int, _day: date) -> list[_Reversal]:
    """A cache slot for the undo of an edition on top of the newest one."""
    return []


workspace.clear_when_replaced(_reversal_slot.cache_clear)


def _edition_text(row: Any, localizer: Localizer) -> str:
    note = localizer.field_text(row, "note")
    name = localizer.text("news.edition", id=row.id, date=localizer.day(row.at.date()))
    return f"{name} \u00b7 {row.who}" + (f" \u00b7 {note[:80]}" if note else "")


def _on_undo(prepared: PreparedEdition, number: int, selection: Selection, access_pass: AnalystSession) -> None:
    localizer = localizer_for(selection)
    reason = take_reason(_REASON_KEY, "publish.undo.missing", localizer)
    if not reason:
        return
    try:
        undone = workspace.get_workspace().commit(
            prepared,
            access_pass,
            reason,
            is_date_right=st.session_state.get("w_undo_date") is True,
        )
    except ConflictError as error:
        st.session_state["message"] = localizer.text("publish.conflict", head=error.values["head"])
    except ObservatoryError as error:
        store_error_message(error, selection)
    else:
        st.session_state["message"] = localizer.text("publish.reverted", id=number, new=undone.id)
        st.session_state.pop(UNDONE_KEY, None)
        store_outcome(undone)
