"""The track record: why one should believe us, the worst misses first."""

from collections.abc import Mapping
from dataclasses import replace
from html import escape
from typing import Any

import streamlit as st

from observatory.briefs.common.model import Chapter, Figure, Table, Track
from observatory.language import Speaker
from observatory.outlook.outlook import Outlook
from observatory.pages import brief_cache
from observatory.pages.components import html
from observatory.pages.components.figure import figure
from observatory.pages.components.url_widgets import method_of, speaker_of
from observatory.selection import DEFAULT, Selection, address


def show(outlook: Outlook, selection: Selection, _pages: Mapping[str, Any]) -> None:
    """The page, from its brief."""
    speaker = speaker_of(selection)
    brief = brief_cache.track_record(outlook, selection)
    st.html(html.lead(brief.kicker, brief.lead, brief.under) + html.asked(method_of(selection), speaker))
    if brief.wrong:
        _misses(brief, speaker)
    if brief.said is not None and brief.hits is not None:
        with st.container(key="said_hits"):
            _figure("said", brief.said, speaker)
            _chapter("hits", brief.hits)
    if brief.against is not None:
        _figure("against", brief.against, speaker)
        for place, table in enumerate(brief.scores):
            with st.container(key=f"scores_{place}"):
                st.html(_table(table))
    if brief.markets is not None:
        _chapter("markets", brief.markets)
    if brief.held is not None:
        _figure("held", brief.held, speaker)
    if brief.skill is not None and brief.skill_all is not None:
        folded = html.more(speaker.say("track.skill.show"), html.table(brief.skill_all))
        _chapter("skill", brief.skill, folded)
    _chapter("published", brief.published)


def link(selection: Selection, speaker: Speaker) -> str:
    """The link to this page, where a reader would ask how often we were right."""
    target = escape(address("/track-record", selection, replace(DEFAULT, lang="")), quote=True)
    return f'<a class="o-asked" href="{target}" target="_self">{escape(speaker.say("track.link"))}</a>'


def _misses(brief: Track, speaker: Speaker) -> None:
    with st.container(key="fig_misses"):
        st.html(html.heading(brief.misses.title, brief.misses.subtitle))
        with st.container(key="misses"):
            for miss in brief.wrong:
                _figure(f"miss_{miss.indicator}", miss, speaker)


def _figure(name: str, made: Figure, speaker: Speaker) -> None:
    with st.container(key=f"fig_{name}"):
        figure(name, made, speaker)


def _chapter(name: str, chapter: Chapter, folded: str = "") -> None:
    """A title, its terms, its tables; one table that repeats the title stands without a head of its own."""
    with st.container(key=f"fig_{name}"):
        text = html.heading(chapter.title, chapter.subtitle)
        if chapter.terms:
            text += html.terms(chapter.terms)
        if len(chapter.tables) == 1 and chapter.tables[0].caption == chapter.title:
            text += html.table(chapter.tables[0])
        elif chapter.tables:
            text += f'<div class="o-pair">{"".join(_table(table) for table in chapter.tables)}</div>'
        st.html(text + folded)


def _table(table: Table) -> str:
    return f'<div><h3 class="o-head">{escape(table.caption)}</h3>{html.table(table)}</div>'
