"""What an analyst can do once an edition is published: see what it changed, or undo it."""

from dataclasses import replace

import streamlit as st

from observatory.briefs.registry import restrict_to_page
from observatory.language import Localizer
from observatory.pages.components.link_tables import LINK_DEFAULTS
from observatory.pages.components.templates import render
from observatory.pages.publish.draft_address import PUBLISHED_KEY
from observatory.selection import Selection, build_url
from observatory.store.records import Vintage

UNDONE_KEY = "w_undo"  # of the choice of an edition to undo
_UNDO_FIRST_KEY = "undo_first"


def store_outcome(edition: Vintage) -> None:
    """Stores the edition that was just published, for the next runs."""
    st.session_state[PUBLISHED_KEY] = (edition.parent, edition.id)
    st.session_state.pop(_UNDO_FIRST_KEY, None)


def show_outcome(selection: Selection, localizer: Localizer) -> bool:
    """Shows the ways on from the edition that was just published; whether it is to be undone."""
    published = st.session_state.get(PUBLISHED_KEY)
    if published is None:
        return False
    parent, edition = published
    with st.container(key="published", horizontal=True):
        changes = replace(restrict_to_page("whats_new", selection), asof="", after=0, since=parent, until=edition)
        url = build_url("/whats-new", changes, LINK_DEFAULTS)
        text = localizer.text("publish.see_changes")
        st.html(render("button_link", url=url, text=text, pictogram="ouvrir", is_main=True), width="content")
        st.button(
            localizer.text("publish.undo.now"),
            key="w_undo_now",
            icon=":material/undo:",
            on_click=_on_undo,
            args=(edition,),
        )
    return bool(st.session_state.get(_UNDO_FIRST_KEY))


def _on_undo(edition: int) -> None:
    """Chooses the edition to undo: what that would change is shown before anything is."""
    st.session_state[UNDONE_KEY] = edition
    st.session_state[_UNDO_FIRST_KEY] = True
