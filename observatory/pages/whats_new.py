"""What is new: what changed between two editions, and the list of them all."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from observatory.briefs.common.model import Chapter, News
from observatory.language import Speaker
from observatory.outlook.outlook import Outlook
from observatory.pages import brief_cache
from observatory.pages.components import html, link_tables
from observatory.pages.components.notices import notices
from observatory.pages.components.url_widgets import choose, speaker_of
from observatory.selection import Selection

PATH = "/whats-new"


def show(outlook: Outlook, selection: Selection, _pages: Mapping[str, Any]) -> None:
    """The page, from its brief."""
    speaker = speaker_of(selection)
    brief = brief_cache.whats_new(outlook, selection)
    notices("notices_place", brief.notices)
    st.html(html.lead(brief.kicker, brief.lead, brief.under))
    if brief.choices:
        _controls(outlook, brief, speaker)
    with st.container(key="fig_calls"):
        if brief.calls is not None:
            st.html(_calls(brief, brief.calls, speaker))
    for name, listing in brief.listings:
        with st.container(key=f"fig_{name}"):
            st.html(html.heading(listing.title, listing.subtitle) + link_tables.listing(listing, "/segment"))
    with st.container(key="fig_editions"):
        st.html(html.heading(brief.editions.title, brief.editions.subtitle) + link_tables.listing(brief.editions, PATH))


def _controls(outlook: Outlook, brief: News, speaker: Speaker) -> None:
    """The two editions; one that is chosen on the wrong side of the other leaves the other to the page."""
    with st.container(key="controls", horizontal=True):
        choose(
            outlook.catalogue,
            speaker,
            "w_since",
            speaker.say("news.since"),
            {number: name for number, name in brief.choices if number != brief.until} | _nothing(brief),
            brief.since,
            lambda current, value: replace(current, since=value, until=brief.until if value < brief.until else 0),
        )
        choose(
            outlook.catalogue,
            speaker,
            "w_until",
            speaker.say("news.until"),
            dict(brief.choices),
            brief.until,
            lambda current, value: replace(current, until=value, since=brief.since if value > brief.since else 0),
        )


def _nothing(brief: News) -> dict[int, str]:
    """Before the first edition there is none."""
    return {} if brief.since else {0: "\u2013"}


def _calls(brief: News, chapter: Chapter, speaker: Speaker) -> str:
    text = html.heading(chapter.title, chapter.subtitle)
    if brief.turned:
        heads = tuple(speaker.say(f"news.head.{name}") for name in ("market", "old", "new"))
        text += link_tables.turned(brief.turned, heads, chapter.title, "/segment")
    if brief.moved is not None:
        text += html.more(brief.moved.caption, html.table(brief.moved))
    return text
