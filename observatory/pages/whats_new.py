"""What's new page: changes between two editions, and the list of all editions."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st
from markupsafe import Markup

from observatory.briefs.common.model import Chapter
from observatory.briefs.feed.model import FeedFilter
from observatory.briefs.whats_new.model import WhatsNewBrief
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.pages import brief_cache
from observatory.pages.components import html, link_tables
from observatory.pages.components.cluster_note import show_note_list
from observatory.pages.components.feed_link import show_feed_link
from observatory.pages.components.link_tables import LINK_DEFAULTS
from observatory.pages.components.notices import show_notices
from observatory.pages.components.sheet import render_sheet
from observatory.pages.components.url_widgets import UrlField, localizer_for, url_selectbox
from observatory.selection import Selection, build_url

_PATH = "/whats-new"


def show(outlook: Outlook, selection: Selection, _pages: Mapping[str, Any]) -> None:
    """Shows the page from its brief."""
    localizer = localizer_for(selection)
    brief: WhatsNewBrief = brief_cache.get_brief("whats_new", outlook, selection)
    show_notices("notices_place", brief.notices)
    st.html(html.render_lead(brief.kicker, brief.lead, brief.under))
    show_feed_link(FeedFilter(flips=True), localizer.text("share.follow.flips"), outlook.catalogue, localizer)
    if brief.edition_options:
        _show_controls(outlook, brief, localizer)
    with st.container(key="fig_calls"):
        if brief.calls is not None:
            st.html(_render_calls(brief, brief.calls, localizer))
    with st.container(key="figures"):
        for name, listing in brief.link_tables:
            with st.container(key=f"changes_{name}"):
                rows = link_tables.render_listing(listing, "/segment")
                st.html(render_sheet(listing.title, rows, listing.subtitle))
    show_note_list(outlook, selection, localizer)
    with st.container(key="fig_editions"):
        st.html(
            html.render_heading(brief.editions.title, brief.editions.subtitle)
            + link_tables.render_listing(brief.editions, _PATH)
            + Markup().join(
                html.render_asked_link(build_url(_PATH, target, LINK_DEFAULTS), text)
                for target, text in brief.edition_links
            )
        )


def _show_controls(outlook: Outlook, brief: WhatsNewBrief, localizer: Localizer) -> None:
    """The choice of the two editions; if their order is wrong, the page chooses the other one itself."""
    with st.container(key="controls", horizontal=True):
        url_selectbox(
            UrlField(
                outlook.catalogue,
                "w_since",
                localizer.text("news.since"),
                lambda current, value: replace(current, since=value, until=brief.until if value < brief.until else 0),
            ),
            localizer,
            {number: name for number, name in brief.edition_options if number != brief.until}
            | _build_empty_choice(brief),
            brief.since,
        )
        url_selectbox(
            UrlField(
                outlook.catalogue,
                "w_until",
                localizer.text("news.until"),
                lambda current, value: replace(current, until=value, since=brief.since if value > brief.since else 0),
            ),
            localizer,
            dict(brief.edition_options),
            brief.until,
        )


def _build_empty_choice(brief: WhatsNewBrief) -> dict[int, str]:
    """A dash as the option "no earlier edition", only if there is none."""
    return {} if brief.since else {0: "\u2013"}


def _render_calls(brief: WhatsNewBrief, chapter: Chapter, localizer: Localizer) -> Markup:
    text = html.render_heading(chapter.title, chapter.subtitle)
    if brief.changed_calls:
        heads = tuple(localizer.text(f"news.head.{name}") for name in ("market", "old", "new"))
        text += link_tables.render_call_changes(brief.changed_calls, heads, chapter.title, "/segment")
    if brief.moved_calls is not None:
        text += html.render_details(brief.moved_calls.caption, html.render_table(brief.moved_calls))
    return text
