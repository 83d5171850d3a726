"""Notices on an address, a link or a field, shown above what they are about."""

from collections.abc import Iterable

import streamlit as st


def show_notices(name: str, sentences: Iterable[str], link: str = "") -> None:
    """Sentences that may hold what somebody typed: as text, never as HTML; after the first one, a link of ours.

    The place is kept where there is nothing to say (Streamlit draws no empty container): what stands below is then
    redrawn in place, and never shown for a moment next to what it replaces. Use it for every part that may be missing.
    """
    with st.container(key=name):
        for index, sentence in enumerate(sentence for sentence in sentences if sentence):
            st.text(sentence)
            if link and not index:
                st.html(link)
