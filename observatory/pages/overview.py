"""The overview: which markets grow."""

from collections.abc import Mapping
from dataclasses import replace
from html import escape
from typing import Any

import streamlit as st

from observatory.briefs.common.model import Overview
from observatory.language import Speaker
from observatory.outlook.calls.calls import VERDICTS
from observatory.outlook.outlook import Outlook
from observatory.pages import brief_cache, track_record
from observatory.pages.components import html
from observatory.pages.components.figure import figure
from observatory.pages.components.url_widgets import method_of, pick, query, speaker_of
from observatory.selection import Selection
from observatory.settings import HORIZONS


def show(outlook: Outlook, selection: Selection, pages: Mapping[str, Any]) -> None:
    """The page, from its brief; `pages` are those that it can link to, by id."""
    speaker = speaker_of(selection)
    brief = brief_cache.overview(outlook, selection)
    st.html(html.lead(brief.kicker, brief.lead, brief.under) + track_record.link(selection, speaker))
    horizon(outlook, selection, speaker)
    _ranking(brief, selection, pages["segment"], speaker)
    with st.container(key="pair"):
        _scatter(brief, speaker)
        with st.container(key="fig_reading"):
            st.html(_reading(brief, speaker))
    with st.container(key="fig_surest"):
        if brief.surest is not None:
            figure("surest", brief.surest, speaker, method=method_of(selection))


def horizon(outlook: Outlook, selection: Selection, speaker: Speaker) -> None:
    """The choice of the horizon, the same on every page that has one."""
    options = [(years, speaker.count("control.horizon.years", years)) for years in HORIZONS]
    pick(
        outlook.catalogue,
        "w_horizon",
        speaker.say("control.horizon"),
        options,
        selection.horizon,
        lambda current, value: replace(current, horizon=value),
    )


def _ranking(brief: Overview, selection: Selection, page: Any, speaker: Speaker) -> None:
    with st.container(key="fig_ranking"):
        st.html(html.heading(brief.title, brief.subtitle))
        with st.container(key="ranking"):
            with st.container(key="heads"):
                st.html(html.heads(brief, speaker))
            for row in brief.rows:
                with st.container(key=f"row_{row.segment}"):
                    chosen = replace(selection, segment=row.segment, indicator="", geo="", item="")
                    st.page_link(
                        page,
                        label=row.title,
                        icon=":material/chevron_right:",
                        icon_position="right",
                        query_params=query(chosen),
                    )
                    st.html(html.ranked(row, brief.scale, speaker))
        notes = "".join(f'<p class="o-source">{escape(note)}</p>' for note in brief.footnotes)
        st.html(
            notes
            + '<div class="o-mores">'
            + html.more(speaker.say("table.show"), html.table(brief.table))
            + html.asked(method_of(selection), speaker)
            + "</div>"
        )
        with st.container(key="sections", horizontal=True):
            st.html(f'<p class="o-unit">{escape(speaker.say("overview.sections"))}</p>', width="content")
            for name, title in brief.sections:
                chosen = replace(selection, segment=name, indicator="", geo="", item="")
                st.page_link(page, label=title, query_params=query(chosen))


def _scatter(brief: Overview, speaker: Speaker) -> None:
    with st.container(key="fig_scatter"):
        if brief.scatter is not None:
            with st.container(key="wide"):
                st.html(html.heading(brief.scatter_title, brief.scatter_subtitle))
                st.vega_lite_chart(brief.scatter, theme=None, alt=brief.scatter_alt, key=f"scatter_{speaker.language}")
                st.html(f'<p class="o-source">{escape(brief.scatter_note)}</p>')
        with st.container(key="narrow"):
            st.html(
                html.heading(brief.scatter_title, speaker.say("scatter.subtitle.narrow")) + html.dots(brief, speaker)
            )


def _reading(brief: Overview, speaker: Speaker) -> str:
    chips = "".join(html.chip(call, speaker.say(f"call.{call}")) for call in VERDICTS)
    title = escape(speaker.say("reading.title"))
    return f'<h2 class="o-title">{title}</h2>{html.terms(brief.reading)}<div class="o-chips">{chips}</div>'
