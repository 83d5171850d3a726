"""Notes of the cluster on a page: that of the whole, of a market or of a country, in meetings, and the list of all."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st
from markupsafe import Markup

from observatory.briefs.notes import NoteView, build_notes, select_notes
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.pages.components import html
from observatory.pages.components.link_tables import LINK_DEFAULTS
from observatory.pages.components.templates import render
from observatory.pages.components.url_widgets import localizer_for
from observatory.selection import Selection, build_url
from observatory.store.notes import NoteScope
from observatory.workspace import get_workspace
from observatory.workspace.notes import list_notes

_MAX_LISTED_NOTES = 10


def show_cluster_notes(outlook: Outlook, selection: Selection, scope: NoteScope, code: str = "") -> None:
    """Shows the notes that stand on the whole, or on a market or country; nothing where there is none."""
    notes = find_notes(outlook, selection, scope, code)
    with st.container(key=f"cluster_{scope}"):  # without an element where there is no note: then nothing is drawn
        if notes:
            st.html(render_notes(notes, localizer_for(selection)))


def render_notes(notes: Sequence[NoteView], localizer: Localizer) -> Markup:
    """The newest note in sight, those before it folded."""
    more = localizer.plural("cluster.more", len(notes) - 1) if notes[1:] else ""
    return render("cluster_notes", notes=notes, more=more)


def show_presenter_note(outlook: Outlook, selection: Selection, scope: NoteScope, code: str = "") -> None:
    """Shows the notes on what a screen of a meeting is about, folded until they are asked for."""
    notes = find_notes(outlook, selection, scope, code)
    with st.container(key="cluster_presenter"):
        if notes:
            title = localizer_for(selection).text("cluster.title" if len(notes) == 1 else "cluster.title.several")
            st.html(render("presenter_note", notes=notes, title=title))


def show_note_list(outlook: Outlook, selection: Selection, localizer: Localizer) -> None:
    """Shows the newest notes on anything, each with a link to its page."""
    notes = list_notes(get_workspace(), selection, outlook)[:_MAX_LISTED_NOTES]
    with st.container(key="fig_cluster"):
        if notes:
            views = build_notes(notes, outlook.catalogue, localizer)
            rows = [(row, _build_target_url(row, selection)) for row in views]
            heading = html.render_heading(localizer.text("cluster.title.several"), localizer.text("cluster.news.hint"))
            st.html(heading + render("note_links", rows=rows))


def find_notes(outlook: Outlook, selection: Selection, scope: NoteScope, code: str) -> tuple[NoteView, ...]:
    """The notes on the whole, or on a market or country, that a view shows, as they are shown; the newest first."""
    notes = select_notes(list_notes(get_workspace(), selection, outlook), scope, code)
    return build_notes(notes, outlook.catalogue, localizer_for(selection))


def _build_target_url(note: NoteView, selection: Selection) -> str:
    path, target = note.target
    return build_url(path, replace(target, asof=selection.asof), LINK_DEFAULTS)
