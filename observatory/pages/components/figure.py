"""A figure on a page: its title, its chart, and what closes it; alike on every page."""

import streamlit as st

from observatory.briefs.common.model import Figure
from observatory.language import Localizer
from observatory.pages.components import html


def show_figure(
    name: str, figure: Figure, localizer: Localizer, download: str = "", method: str = "", title: str = ""
) -> None:
    """A figure, by a name that its page has once; `title` stands in for its own, `method` links to how it is made."""
    st.html(html.render_heading(title or figure.title, figure.subtitle))
    if figure.spec is None:
        st.html(html.render_paragraphs("o-under", localizer.text("figure.empty")))
    else:
        st.vega_lite_chart(figure.spec, theme=None, alt=figure.alt, key=f"{name}_{localizer.language}")
    st.html(html.render_figure_footer(figure, download, localizer, method))
