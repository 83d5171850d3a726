"""Download menu of a page: a plain link for each format, labelled by its purpose."""

import streamlit as st

from observatory.briefs.segment.model import MarketBrief
from observatory.export.render import ONE_PAGER, list_formats
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.pages import brief_cache
from observatory.pages.components.templates import render
from observatory.pages.server.page_meta import FULL_LINK_DEFAULTS
from observatory.selection import Selection, build_url


def show_downloads(page: str, outlook: Outlook, selection: Selection, localizer: Localizer) -> None:
    """The button and its list of links; a file is written when its link is followed."""
    links = [
        (f"/download/{page}.{row.extension}", localizer.text(f"export.offer.{row.id}"))
        for row in list_formats(page, has_chart=_has_chart(page, outlook, selection))
    ]
    if page == "segment":
        brief = [(f"/download/{ONE_PAGER}.{row.extension}", row.id) for row in list_formats(ONE_PAGER)]
        links += [(path, localizer.text(f"export.offer.brief.{name}")) for path, name in brief]
    if not links:
        return
    with st.popover(localizer.text("export.menu"), icon=":material/download:", key="downloads"):
        st.html(
            render(
                "downloads", links=[(build_url(path, selection, FULL_LINK_DEFAULTS), label) for path, label in links]
            )
        )


def _has_chart(page: str, outlook: Outlook, selection: Selection) -> bool:
    """Whether a page has a chart; only a market without data has none."""
    if page != "segment":
        return True
    brief: MarketBrief = brief_cache.get_brief("segment", outlook, selection)
    return brief.has_chart
