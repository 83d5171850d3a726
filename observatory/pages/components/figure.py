"""A figure on a page: its title, its chart, and what closes it; alike on every page."""

from html import escape

import streamlit as st

from observatory.briefs.common.model import Figure
from observatory.language import Localizer
from observatory.pages.components import html


def show_figure(
    name: str, made: Figure, localizer: Localizer, download: str = "", method: str = "", title: str = ""
) -> None:
    """A figure, by a name that its page has once; `title` stands in for its own, `method` links to how it is made."""
    st.html(html.render_heading(title or made.title, made.subtitle))
    if made.spec is None:
        st.html(f'<p class="o-under">{escape(localizer.text("figure.empty"))}</p>')
    else:
        st.vega_lite_chart(made.spec, theme=None, alt=made.alt, key=f"{name}_{localizer.language}")
    st.html(html.render_figure_footer(made, download, localizer, method))
