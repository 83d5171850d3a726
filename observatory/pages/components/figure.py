"""A figure on a page: its title, its chart, and what closes it; alike on every page."""

from html import escape

import streamlit as st

from observatory.briefs.common.model import Figure
from observatory.language import Speaker
from observatory.pages.components import html


def figure(name: str, made: Figure, speaker: Speaker, download: str = "", method: str = "", title: str = "") -> None:
    """A figure, by a name that its page has once; `title` stands in for its own, `method` links to how it is made."""
    st.html(html.heading(title or made.title, made.subtitle))
    if made.spec is None:
        st.html(f'<p class="o-under">{escape(speaker.say("figure.empty"))}</p>')
    else:
        st.vega_lite_chart(made.spec, theme=None, alt=made.alt, key=f"{name}_{speaker.language}")
    st.html(html.closing(made, download, speaker, method))
