"""Method page: limitations first, then calls, forecasts and glossary."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from observatory.briefs.common.model import Chapter, MethodBrief
from observatory.outlook.outlook import Outlook
from observatory.pages import brief_cache, track_record
from observatory.pages.components import html
from observatory.pages.components.figure import show_figure
from observatory.pages.components.templates import render
from observatory.pages.components.url_widgets import localizer_for
from observatory.selection import Selection


def show(outlook: Outlook, selection: Selection, _pages: Mapping[str, Any]) -> None:
    """Shows the page from its brief."""
    localizer = localizer_for(selection)
    brief: MethodBrief = brief_cache.get_brief("method", outlook, selection)
    st.html(html.render_lead(brief.kicker, brief.lead, brief.under) + track_record.render_link(selection, localizer))
    _show_chapter("limits", brief.limitations)
    with st.container(key="fig_ranges"):
        if brief.coverage_figure is not None:
            show_figure("ranges", brief.coverage_figure, localizer)
    chapters = {
        "calls": brief.calls,
        "forecasts": brief.forecasts,
        "others": brief.others,
        "glossary": brief.glossary,
    }
    for name, chapter in chapters.items():
        if chapter is not None:
            _show_chapter(name, chapter)


def _show_chapter(name: str, chapter: Chapter) -> None:
    with st.container(key=f"fig_{name}"):
        st.html(html.render_heading(chapter.title, chapter.subtitle) + render("term_columns", lines=chapter.terms))
        if chapter.tables:
            st.html(html.render_captioned_tables(chapter.tables))
