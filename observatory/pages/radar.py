"""Weak signals: topics tied to our series, drawn as a radar, and as a table that a narrow screen shows first."""

from collections.abc import Mapping
from dataclasses import replace
from html import escape
from typing import Any

import streamlit as st

from observatory.briefs.radar import PARTS, Radar, Signal
from observatory.language import Speaker
from observatory.outlook.outlook import Outlook
from observatory.pages import barred, cached, lists, pieces
from observatory.pages.controls import method_of, speaker_of
from observatory.pages.lists import SHORT
from observatory.selection import Selection, address


def show(outlook: Outlook, selection: Selection, _pages: Mapping[str, Any]) -> None:
    """The page, from its brief."""
    speaker = speaker_of(selection)
    brief = cached.radar(outlook, selection)
    explained = barred.how(brief.how, speaker) if brief.signals else ""
    st.html(pieces.lead(brief.kicker, brief.lead, brief.under) + explained)
    if brief.spec is not None:
        _drawing(brief, speaker, method_of(selection))
        with st.container(key="signals"):
            for signal in brief.signals:
                with st.container(key=f"fig_{signal.id}"):
                    st.html(_signal(signal, selection, speaker))
    with st.container(key="fig_absent"):
        st.html(pieces.heading(brief.absent.title, brief.absent.subtitle) + pieces.terms(brief.absent.terms))


def _drawing(brief: Radar, speaker: Speaker, method: str) -> None:
    with st.container(key="fig_radar"):
        st.html(pieces.heading(brief.title, ""))
        with st.container(key="wide"):
            st.html(f'<p class="o-unit">{escape(brief.subtitle)}</p>')
            st.vega_lite_chart(brief.spec, theme=None, alt=brief.alt, key=f"radar_{speaker.language}")
        st.html(lists.plain(brief.table) + f'<div class="o-mores">{pieces.how(brief.how, speaker, method)}</div>')


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
    closing = f'<div class="o-mores">{series}{pieces.how(signal.how, speaker)}</div>'
    return pieces.heading(signal.title, where) + pieces.terms(lines) + source + closing
