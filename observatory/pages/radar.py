"""Radar page: weak signals linked to our series, as a chart and as rows by time to effect, each of which opens."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any

import streamlit as st
from markupsafe import Markup

from observatory.briefs.radar.page import SIGNAL_PARTS, RadarBrief
from observatory.briefs.radar.signal import WeakSignal
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.pages import brief_cache
from observatory.pages.components import bar_table, html, link_tables
from observatory.pages.components.link_tables import LINK_DEFAULTS
from observatory.pages.components.sheet import render_sheet
from observatory.pages.components.url_widgets import localizer_for, method_url
from observatory.selection import Selection, build_url
from observatory.typography import NBSP, capitalize_first


def show(outlook: Outlook, selection: Selection, _pages: Mapping[str, Any]) -> None:
    """Shows the page from its brief; a phone has the rows alone."""
    localizer = localizer_for(selection)
    brief: RadarBrief = brief_cache.get_brief("radar", outlook, selection)
    methodology = bar_table.render_methodology_block(brief.methodology, localizer) if brief.signals else Markup()
    st.html(html.render_lead(brief.kicker, brief.lead, brief.under) + methodology)
    if brief.spec is not None:
        with st.container(key="wide"), st.container(key="fig_radar"):
            st.html(html.render_heading(brief.title, brief.subtitle))
            st.vega_lite_chart(brief.spec, theme=None, alt=brief.alt, key=f"radar_{localizer.language}")
            how = html.render_methodology(brief.methodology, localizer, method_url(selection))
            st.html(html.render_folds(how))
        with st.container(key="signals"):
            for number, (effect, signals) in enumerate(groupby(brief.signals, key=lambda row: row.effect)):
                with st.container(key=f"fig_signals_{number}"):
                    st.html(_render_signals(effect, tuple(signals), selection, localizer))
    with st.container(key="fig_absent"):
        st.html(_render_rest(brief, localizer))


def _render_signals(effect: str, signals: tuple[WeakSignal, ...], selection: Selection, localizer: Localizer) -> Markup:
    """The topics with one time to effect, the strongest first; each row opens."""
    rows = (
        render_sheet(
            signal.title, _render_signal(signal, selection, localizer), f"{signal.segment}{NBSP}\u00b7 {signal.summary}"
        )
        for signal in signals
    )
    return html.render_heading(capitalize_first(effect), "") + Markup().join(rows)


def _render_signal(signal: WeakSignal, selection: Selection, localizer: Localizer) -> Markup:
    """One topic: thesis, evidence and its strength, criterion, date; a link to its series."""
    lines = [
        (localizer.text(f"radar.part.{name}"), str(getattr(signal, name)))
        for name in SIGNAL_PARTS
        if getattr(signal, name)
    ]
    url = build_url("/segment", replace(signal.target, asof=selection.asof), LINK_DEFAULTS)
    return (
        html.render_terms(lines)
        + html.render_paragraphs("o-source", signal.source_line)
        + html.render_folds(
            html.render_asked_link(url, localizer.text("radar.series")),
            html.render_methodology(signal.methodology, localizer),
        )
    )


def _render_rest(brief: RadarBrief, localizer: Localizer) -> Markup:
    """The table of all topics and the topics left out, folded."""
    absent = brief.excluded_topics
    content = html.render_paragraphs("o-unit", absent.subtitle) + html.render_terms(absent.terms)
    table = render_sheet(localizer.text("radar.table"), link_tables.render_text_table(brief.table))
    return (table if brief.signals else Markup()) + render_sheet(absent.title, content)
