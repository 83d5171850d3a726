"""The method: how it is computed, limits first."""

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from observatory.briefs.common.model import Chapter, Table
from observatory.outlook.outlook import Outlook
from observatory.pages import brief_cache, track_record
from observatory.pages.components import html
from observatory.pages.components.figure import figure
from observatory.pages.components.url_widgets import speaker_of
from observatory.selection import Selection


def show(outlook: Outlook, selection: Selection, _pages: Mapping[str, Any]) -> None:
    """The page, from its brief."""
    speaker = speaker_of(selection)
    brief = brief_cache.method(outlook, selection)
    st.html(html.lead(brief.kicker, brief.lead, brief.under) + track_record.link(selection, speaker))
    _chapter("limits", brief.limits)
    with st.container(key="fig_ranges"):
        if brief.ranges is not None:
            figure("ranges", brief.ranges, speaker)
    for name, chapter in (("calls", brief.calls), ("forecasts", brief.forecasts), ("glossary", brief.glossary)):
        _chapter(name, chapter)


def _chapter(name: str, chapter: Chapter) -> None:
    with st.container(key=f"fig_{name}"):
        terms = f'<div class="o-columns">{html.terms(chapter.terms)}</div>'
        st.html(html.heading(chapter.title, chapter.subtitle) + terms)
        if chapter.tables:
            st.html(f'<div class="o-pair">{"".join(_table(table) for table in chapter.tables)}</div>')


def _table(table: Table) -> str:
    return f'<div><h3 class="o-head">{escape(table.caption)}</h3>{html.table(table)}</div>'
