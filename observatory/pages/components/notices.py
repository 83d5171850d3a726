"""Notices above a page or a field."""

from collections.abc import Iterable

import streamlit as st


def show_notices(name: str, sentences: Iterable[str], link: str = "") -> None:
    """Shows sentences as text, never as HTML, since they may quote user input; `link` (HTML) follows the first one.

    Call it even without sentences: the container then reserves its position in the page (Streamlit draws no empty
    container), so that the elements below are updated in place and not shown twice for a moment.
    """
    with st.container(key=name):
        for index, sentence in enumerate(sentence for sentence in sentences if sentence):
            st.text(sentence)
            if link and not index:
                st.html(link)
