"""Figure: title, chart and footer, in the same layout on every page."""

import streamlit as st

from observatory.briefs.common.model import Figure
from observatory.language import Localizer
from observatory.pages.components import html


def show_figure(
    name: str, figure: Figure, localizer: Localizer, download: str = "", method: str = "", title: str = ""
) -> None:
    """Shows a figure; `name` is unique on its page, `title` replaces its own, `method` and `download` are addresses."""
    st.html(html.render_heading(title or figure.title, figure.subtitle))
    if figure.spec is None:
        st.html(html.render_paragraphs("o-under", localizer.text("figure.empty")))
    else:
        st.vega_lite_chart(figure.spec, theme=None, alt=figure.alt, key=f"{name}_{localizer.language}")
    st.html(html.render_figure_footer(figure, download, localizer, method))
