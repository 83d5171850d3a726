"""Undoing an edition: what it would change, then a button; the inverse is published, history stays."""

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

import streamlit as st

from observatory import workspace
from observatory.errors import ConflictError, ObservatoryError, public
from observatory.language import Speaker
from observatory.outlook.analysis.diff import Changes
from observatory.outlook.outlook import Outlook
from observatory.pages.components import html
from observatory.pages.components.notices import notices
from observatory.pages.components.url_widgets import named, speaker_of
from observatory.pages.publish import effects
from observatory.pages.publish.progress import TURN, bar, tell
from observatory.selection import Selection
from observatory.workspace import Pass, Prepared

Undoing = tuple[Prepared, Outlook, Changes]  # what undoes an edition, on top of what, and what that changes
UNDOABLE = 8  # editions that the page offers to undo; the command line undoes any


def undo(selection: Selection, by: Pass, speaker: Speaker) -> None:
    """The newest editions, each with what undoing it would change, and a button that asks once more."""
    opened = workspace.opened()
    editions = [row for row in opened.store.vintages() if row.parent is not None][::-1][:UNDOABLE]
    if not editions:
        return
    with st.container(key="fig_undo"):
        st.html(html.heading(speaker.say("publish.undo"), speaker.say("publish.undo.hint")))
        chosen = st.selectbox(
            speaker.say("publish.undo.which"),
            [row.id for row in editions],
            index=None,
            format_func=named({row.id: _edition(row, speaker) for row in editions}),
            placeholder=speaker.say("publish.question.choose"),
            key="w_undo",
            width=420,
        )
        if chosen is None:
            return
        found = _undoing(chosen, speaker)
        if found is None:
            return
        prepared, before, changed = found
        effects.show(speaker.say("publish.effect.undo"), before, prepared.after, changed, 0, speaker)
        st.text_input(speaker.say("publish.note"), key="w_undo_note", max_chars=300)
        st.button(
            speaker.say("publish.undo.button", id=chosen),
            key="w_revert",
            icon=":material/undo:",
            on_click=_revert,
            args=(prepared, chosen, selection, by),
        )


def _undoing(number: int, speaker: Speaker) -> Undoing | None:
    """What undoing an edition would lead to, computed once per state of the store; None, and why, if it cannot."""
    opened = workspace.opened()
    kept = _undone(number, opened.vintage().id, datetime.now(UTC).date())
    if kept:
        return kept[0]
    shown = st.progress(0.0, speaker.say("progress.forecasting"))
    try:
        with TURN:
            if not kept:
                kept.append(opened.undoing(number, bar(shown, speaker)))
    except ObservatoryError as error:
        notices("notices_undo", (speaker.explain(error.key, public(error.values)),))
        return None
    finally:
        shown.empty()
    return kept[0]


@lru_cache(maxsize=4)
def _undone(_number: int, _head: int, _day: date) -> list[Undoing]:
    """A place for what undoing an edition would lead to."""
    return []


def _edition(row: Any, speaker: Speaker) -> str:
    note = speaker.of(row, "note")
    name = speaker.say("news.edition", id=row.id, date=speaker.day(row.at.date()))
    return f"{name} \u00b7 {row.who}" + (f" \u00b7 {note[:80]}" if note else "")


def _revert(prepared: Prepared, number: int, selection: Selection, by: Pass) -> None:
    speaker = speaker_of(selection)
    try:
        undone = workspace.opened().commit(prepared, by, str(st.session_state.get("w_undo_note", "")).strip())
    except ConflictError as error:
        st.session_state["said"] = speaker.say("publish.conflict", head=error.values["head"])
    except ObservatoryError as error:
        tell(error, selection)
    else:
        st.session_state["said"] = speaker.say("publish.reverted", id=number, new=undone.id)
        st.session_state.pop("w_undo", None)
