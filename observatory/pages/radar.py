"""Weak signals: topics tied to our series, drawn as a radar, and as a table that a narrow screen shows first."""

from collections.abc import Mapping
from dataclasses import replace
from html import escape
from typing import Any

import streamlit as st

from observatory.briefs.radar.page import PARTS, Radar, Signal
from observatory.language import Speaker
from observatory.outlook.outlook import Outlook
from observatory.pages import brief_cache
from observatory.pages.components import bar_table, html, link_tables
from observatory.pages.components.link_tables import SHORT
from observatory.pages.components.url_widgets import method_of, speaker_of
from observatory.selection import Selection, address


def show(outlook: Outlook, selection: Selection, _pages: Mapping[str, Any]) -> None:
    """The page, from its brief."""
    speaker = speaker_of(selection)
    brief = brief_cache.radar(outlook, selection)
    explained = bar_table.how(brief.how, speaker) if brief.signals else ""
    st.html(html.lead(brief.kicker, brief.lead, brief.under) + explained)
    if brief.spec is not None:
        _drawing(brief, speaker, method_of(selection))
        with st.container(key="signals"):
            for signal in brief.signals:
                with st.container(key=f"fig_{signal.id}"):
                    st.html(_signal(signal, selection, speaker))
    with st.container(key="fig_absent"):
        st.html(html.heading(brief.absent.title, brief.absent.subtitle) + html.terms(brief.absent.terms))


def _drawing(brief: Radar, speaker: Speaker, method: str) -> None:
    with st.container(key="fig_radar"):
        st.html(html.heading(brief.title, ""))
        with st.container(key="wide"):
            st.html(f'<p class="o-unit">{escape(brief.subtitle)}</p>')
            st.vega_lite_chart(brief.spec, theme=None, alt=brief.alt, key=f"radar_{speaker.language}")
        st.html(link_tables.plain(brief.table) + f'<div class="o-mores">{html.how(brief.how, speaker, method)}</div>')


def _signal(signal: Signal, selection: Selection, speaker: Speaker) -> str:
    """One topic: thesis, what is seen, since when, how thin, criterion, date; its series one click away."""
    where = " \u00b7 ".join(
        (signal.segment, signal.effect, speaker.say("radar.impact", impact=signal.impact), signal.strength)
    )
    lines = [(speaker.say(f"radar.part.{name}"), str(getattr(signal, name))) for name in PARTS if getattr(signal, name)]
    target = replace(signal.target, asof=selection.asof)
    link = escape(address("/segment", target, SHORT), quote=True)
    series = f'<a class="o-asked" href="{link}" target="_self">{escape(speaker.say("radar.series"))}</a>'
    source = f'<p class="o-source">{escape(signal.source_line)}</p>'
    closing = f'<div class="o-mores">{series}{html.how(signal.how, speaker)}</div>'
    return html.heading(signal.title, where) + html.terms(lines) + source + closing
