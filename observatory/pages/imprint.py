"""Imprint, the page "about": what this is, who publishes it, terms of use, access."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from observatory.brand import load_brand
from observatory.briefs.common.context import Context
from observatory.briefs.imprint import build_imprint
from observatory.outlook.outlook import Outlook
from observatory.pages.components import html
from observatory.pages.components.templates import render
from observatory.pages.components.url_widgets import localizer_for
from observatory.selection import Selection


def show(outlook: Outlook, selection: Selection, _pages: Mapping[str, Any]) -> None:
    """Shows the page; it is built at each run, from a few sentences."""
    brief = build_imprint(Context(outlook, selection, localizer_for(selection), outlook.day), load_brand())
    st.html(html.render_lead(brief.kicker, brief.lead, brief.under))
    for row in brief.chapters:
        with st.container(key=f"fig_{row.name}"):
            st.html(
                html.render_heading(row.chapter.title, row.chapter.subtitle)
                + render("term_columns", lines=row.chapter.terms)
                + render("link_row", links=row.links)
            )
