"""Page of the last collection: files to upload first, results that need a look, sources, indicators to come."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from observatory import workspace
from observatory.briefs.collection.model import CollectionBrief
from observatory.briefs.collection.page import build_collection, select_reports
from observatory.briefs.common.context import Context
from observatory.briefs.common.model import LinkTable
from observatory.outlook.outlook import Outlook
from observatory.pages.components import html, link_tables
from observatory.pages.components.sheet import render_sheet
from observatory.pages.components.url_widgets import localizer_for
from observatory.selection import Selection
from observatory.workspace.collections import read_reports

_PUBLISH_PATH = "/publish"


def show(outlook: Outlook, selection: Selection, _pages: Mapping[str, Any]) -> None:
    """Shows the page from its brief, which is not cached: a run that publishes nothing changes it too."""
    brief = _build_brief(outlook, selection)
    st.html(html.render_lead(brief.kicker, brief.lead, brief.under))
    for name, listing in (("attention", brief.attention), ("manual", brief.manual)):
        with st.container(key=f"fig_{name}"):
            if listing is not None:
                st.html(_render_listing(listing))
    with st.container(key="fig_sources"):
        sources = link_tables.render_text_table(brief.sources)
        st.html(render_sheet(brief.sources.caption, sources, brief.sources_subtitle))
        if brief.awaiting is not None:
            st.html(render_sheet(brief.awaiting.caption, link_tables.render_text_table(brief.awaiting)))


def _build_brief(outlook: Outlook, selection: Selection) -> CollectionBrief:
    opened = workspace.get_workspace()
    reports = read_reports(opened)
    today = outlook.day if selection.asof else opened.today()
    context = Context(outlook, selection, localizer_for(selection), today)
    return build_collection(context, select_reports(reports, outlook) if selection.asof else reports)


def _render_listing(listing: LinkTable) -> str:
    return html.render_heading(listing.title, listing.subtitle) + link_tables.render_listing(listing, _PUBLISH_PATH)
