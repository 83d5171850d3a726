"""Method page: limitations first, then the glossary; coverage, calls, forecasts and the others in sheets."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st
from markupsafe import Markup

from observatory.briefs.common.model import Chapter, Figure, MethodBrief
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.pages import brief_cache, track_record
from observatory.pages.components import html
from observatory.pages.components.figure import show_figure
from observatory.pages.components.glossary import render_glossary
from observatory.pages.components.sheet import Sheet, render_sheet, show_sheet
from observatory.pages.components.templates import render
from observatory.pages.components.url_widgets import localizer_for
from observatory.selection import Selection


def show(outlook: Outlook, selection: Selection, _pages: Mapping[str, Any]) -> None:
    """Shows the page from its brief."""
    localizer = localizer_for(selection)
    brief: MethodBrief = brief_cache.get_brief("method", outlook, selection)
    st.html(html.render_lead(brief.kicker, brief.lead, brief.under) + track_record.render_link(selection, localizer))
    with st.container(key="fig_limits"):
        limits = brief.limitations
        tables = html.render_captioned_tables(limits.tables)
        st.html(
            html.render_heading(limits.title, limits.subtitle)
            + render("term_columns", lines=limits.terms)
            + html.render_folds(html.render_details(localizer.text("table.show"), tables))
        )
    with st.container(key="fig_glossary"):
        glossary = brief.glossary
        st.html(html.render_heading(glossary.title, glossary.subtitle) + render_glossary(localizer))
    with st.container(key="fig_sheets"):
        st.html(html.render_heading(localizer.text("method.sheets"), localizer.text("method.sheets.subtitle")))
        if brief.coverage_figure is not None:
            figure = brief.coverage_figure
            show_sheet(Sheet("ranges", figure.title, partial(_show_coverage, figure, localizer)))
        for chapter in (brief.calls, brief.forecasts, brief.others):
            if chapter is not None:
                st.html(render_sheet(chapter.title, _render_chapter(chapter)))


def _show_coverage(figure: Figure, localizer: Localizer) -> None:
    with st.container(key="fig_ranges"):
        show_figure("ranges", figure, localizer)


def _render_chapter(chapter: Chapter) -> Markup:
    text = html.render_paragraphs("o-unit", chapter.subtitle) + render("term_columns", lines=chapter.terms)
    return text + (html.render_captioned_tables(chapter.tables) if chapter.tables else Markup())
