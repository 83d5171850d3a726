"""What a reader must know of an address, a link or a field, said above what it is about."""

from collections.abc import Iterable

import streamlit as st


def show_notices(name: str, sentences: Iterable[str], link: str = "") -> None:
    """Sentences that may hold what somebody typed: as text, never as HTML; after the first one, a link of ours.

    The place is kept where there is nothing to say (Streamlit draws no empty container): what stands below is then
    redrawn in place, and never, for a moment, beside what it replaces. So it is for every part that may be missing.
    """
    with st.container(key=name):
        for place, sentence in enumerate(sentence for sentence in sentences if sentence):
            st.text(sentence)
            if link and not place:
                st.html(link)
