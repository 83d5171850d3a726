"""Notes of the cluster on the publish page: writing one, its preview, and the list of those that can be withdrawn."""

from collections.abc import Mapping
from typing import Any

import streamlit as st
from markupsafe import Markup

from observatory import workspace
from observatory.briefs.notes import build_note, fault_text
from observatory.catalogue.models import Catalogue
from observatory.errors import ObservatoryError, redact_error_values
from observatory.language import Localizer
from observatory.pages.components import html
from observatory.pages.components.cluster_note import render_notes
from observatory.pages.components.notices import show_notices
from observatory.pages.components.url_widgets import escape_markdown, make_label_formatter
from observatory.pages.publish.clock_question import show_clock_question
from observatory.pages.publish.fields import required_label, show_faults
from observatory.store.notes import NoteContent, PublishedNote, list_standing
from observatory.workspace import AnalystSession
from observatory.workspace.notes import (
    MAX_TEXT_CHARS,
    SIGNATURE_FIELDS,
    TEXT_FIELDS,
    NoteFault,
    clean_note_text,
    read_note,
    read_reason,
)

_SCOPES = ("whole", "segment", "country")
_KEY = "w_note_"  # of the fields, which the state of the session keeps
_TYPED_FIELDS = (*TEXT_FIELDS, *SIGNATURE_FIELDS, "date", "link")
_OPTIONAL_FIELDS = ("text_en", "link")
_CHECKED, _MESSAGE = "note_checked", "note_message"  # whether faults are shown; the outcome of the last click
_CLOCK_KEY = "w_clock_note"
_PAGE_FAULTS = {"cluster.fault.about": "publish.notes.about", "cluster.fault.reason": "publish.notes.no_reason"}
_MAX_LISTED_NOTES = 20
_TEXT_HEIGHT = 180  # px


def show_notes(access_pass: AnalystSession, localizer: Localizer) -> None:
    """Shows the form of a note, and the notes that stand."""
    catalogue = workspace.get_workspace().get_outlook().catalogue
    with st.container(key="fig_notes"):
        st.html(html.render_heading(localizer.text("publish.notes"), localizer.text("publish.notes.hint")))
        show_notices("notices_note", (st.session_state.pop(_MESSAGE, ""),))
        with st.expander(localizer.text("publish.notes.open"), expanded=bool(st.session_state.get(_CHECKED))):
            content, faults = read_note(_collect_values(), catalogue, workspace.get_workspace().today())
            _show_fields(catalogue, faults if st.session_state.get(_CHECKED) else (), localizer)
            _show_buttons(content, catalogue, access_pass, localizer)
        _show_published(catalogue, access_pass, localizer)


def _collect_values() -> dict[str, Any]:
    """What is typed and chosen, by the names that a file of the command has."""
    state = st.session_state
    values = {name: state.get(_KEY + name) or "" for name in _TYPED_FIELDS}
    scope = state.get(f"{_KEY}scope")
    if scope == "whole":
        return values | {"whole": True}
    return values if scope is None else values | {scope: state.get(_KEY + scope) or ""}


def _show_fields(catalogue: Catalogue, faults: tuple[NoteFault, ...], localizer: Localizer) -> None:
    sentences = _word_faults(faults, localizer)
    scopes = {name: localizer.text(f"publish.notes.scope.{name}") for name in _SCOPES}
    _show_selectbox("scope", scopes, localizer)
    scope = st.session_state.get(f"{_KEY}scope")
    if scope in ("segment", "country"):
        _show_selectbox(scope, _list_subjects(scope, catalogue, localizer), localizer)
    show_faults(_KEY + (scope if scope in ("segment", "country") else "scope"), (sentences.get("about", ""),))
    for name in TEXT_FIELDS:
        st.text_area(_label(name, localizer), key=_KEY + name, height=_TEXT_HEIGHT)
        typed = len(clean_note_text(str(st.session_state.get(_KEY + name) or ""), has_lines=True))
        left = localizer.plural("publish.notes.left", max(MAX_TEXT_CHARS - typed, 0))
        st.html(html.render_paragraphs("o-unit", left))
        _show_fault(name, sentences)
    today = workspace.get_workspace().today().isoformat()
    for name in (*SIGNATURE_FIELDS, "date", "link"):
        if name == "date":
            st.session_state.setdefault(_KEY + name, today)
        st.text_input(_label(name, localizer), key=_KEY + name, autocomplete="off")
        _show_fault(name, sentences)


def _word_faults(faults: tuple[NoteFault, ...], localizer: Localizer) -> dict[str, str]:
    """The first fault of each field, in the words of the page where those of a file would name its keys."""
    return {
        row.name: localizer.text(_PAGE_FAULTS[row.key])
        if row.key in _PAGE_FAULTS
        else fault_text(row.key, row.values, localizer)
        for row in reversed(faults)
    }


def _label(name: str, localizer: Localizer) -> str:
    label = localizer.text(f"publish.notes.{name}")
    return label if name in _OPTIONAL_FIELDS else required_label(label, localizer)


def _show_selectbox(name: str, options: Mapping[str, str], localizer: Localizer) -> None:
    st.selectbox(
        _label(name, localizer),
        list(options),
        index=None,
        format_func=make_label_formatter(dict(options)),
        placeholder=localizer.text("publish.question.choose"),
        key=_KEY + name,
        width=420,
    )


def _list_subjects(scope: str, catalogue: Catalogue, localizer: Localizer) -> dict[str, str]:
    if scope == "segment":
        return {row.id: localizer.field_text(row, "title") for row in catalogue.segments.values()}
    countries = [row for row in catalogue.geographies.values() if row.kind == "country"]
    return {row.id: localizer.field_text(row, "title") for row in countries}


def _show_fault(name: str, sentences: Mapping[str, str]) -> None:
    show_faults(_KEY + name, (sentences.get(name, ""),))


def _show_buttons(
    content: NoteContent | None, catalogue: Catalogue, access_pass: AnalystSession, localizer: Localizer
) -> None:
    """The preview in both languages, where the note can be published; the two buttons."""
    with st.container(key="note_preview"):
        if content is not None and st.session_state.get(_CHECKED):
            languages = (Localizer("fr"), Localizer("en")) if content.text_en else (Localizer("fr"),)
            views = [build_note(content, 0, catalogue, row) for row in languages]
            heading = html.render_heading(
                localizer.text("publish.notes.preview.title"), localizer.text("cluster.apart")
            )
            st.html(heading + Markup().join(render_notes([row], localizer) for row in views))
    show_clock_question(_CLOCK_KEY, localizer)
    with st.container(key="note_buttons", horizontal=True):
        st.button(localizer.text("publish.notes.preview"), key="w_see_note", on_click=_on_preview)
        st.button(
            localizer.text("publish.notes.publish"),
            key="w_publish_note",
            type="primary",
            icon=":material/publish:",
            on_click=_on_publish,
            args=(catalogue, access_pass, localizer),
        )


def _on_preview() -> None:
    st.session_state[_CHECKED] = True


def _on_publish(catalogue: Catalogue, access_pass: AnalystSession, localizer: Localizer) -> None:
    """Publishes the note and empties the form; with a fault, or an error, what was typed stays."""
    state, opened = st.session_state, workspace.get_workspace()
    state[_CHECKED] = True
    content, _faults = read_note(_collect_values(), catalogue, opened.today())
    if content is None:
        return
    try:
        record = opened.publish_note(content, access_pass, is_date_right=state.get(_CLOCK_KEY) is True)
    except ObservatoryError as error:
        state[_MESSAGE] = localizer.error_text(error.key, redact_error_values(error.values))
        return
    state[_MESSAGE] = localizer.text("publish.notes.published", id=record.id)
    for name in (*TEXT_FIELDS, "link"):
        state[_KEY + name] = ""
    for name in (*_SCOPES, "scope", "date"):
        state.pop(_KEY + name, None)
    state[_CHECKED] = False


# -- notes that stand ---------------------------------------------------------------------------------------------


def _show_published(catalogue: Catalogue, access_pass: AnalystSession, localizer: Localizer) -> None:
    notes = list_standing(workspace.get_workspace().store.notes.list_records())
    if not notes:
        return
    st.html(html.render_heading(localizer.text("publish.notes.list"), ""))
    for row in notes[:_MAX_LISTED_NOTES]:
        _show_note(row, catalogue, access_pass, localizer)
    if len(notes) > _MAX_LISTED_NOTES:
        rest = localizer.plural("news.rest", len(notes) - _MAX_LISTED_NOTES)
        st.html(html.render_paragraphs("o-source", rest))


def _show_note(note: PublishedNote, catalogue: Catalogue, access_pass: AnalystSession, localizer: Localizer) -> None:
    """A note, with the reason for which it is to be withdrawn."""
    view = build_note(note.content, note.id, catalogue, localizer)
    values = {"id": note.id, "about": view.subject, "signature": view.signature, "day": view.day}
    with st.expander(escape_markdown(localizer.text("publish.notes.row", **values)), key=f"note_{note.id}"):
        st.html(render_notes([view], localizer))
        key = f"w_reason_{note.id}"
        st.text_input(_label("reason", localizer), key=key, autocomplete="off")
        sentences = st.session_state.pop(f"{key}_faults", {})
        show_faults(key, sentences.values())
        st.button(
            localizer.text("publish.notes.withdraw", id=note.id),
            key=f"w_withdraw_{note.id}",
            icon=":material/undo:",
            on_click=_on_withdraw,
            args=(note.id, key, access_pass, localizer),
        )


def _on_withdraw(number: int, key: str, access_pass: AnalystSession, localizer: Localizer) -> None:
    state = st.session_state
    reason, faults = read_reason(str(state.get(key) or ""))
    if faults:
        state[f"{key}_faults"] = _word_faults(faults, localizer)
        return
    try:
        is_date_right = state.get(_CLOCK_KEY) is True
        workspace.get_workspace().withdraw_note(number, reason, access_pass, is_date_right=is_date_right)
    except ObservatoryError as error:
        state[_MESSAGE] = localizer.error_text(error.key, redact_error_values(error.values))
        return
    state[_MESSAGE] = localizer.text("publish.notes.withdrawn", id=number)
