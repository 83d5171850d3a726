"""Radar page: weak signals linked to our series, as a radar chart and as a table, which a narrow screen shows alone."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st
from markupsafe import Markup

from observatory.briefs.radar.page import SIGNAL_PARTS, RadarBrief, WeakSignal
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.pages import brief_cache
from observatory.pages.components import bar_table, html, link_tables
from observatory.pages.components.link_tables import LINK_DEFAULTS
from observatory.pages.components.url_widgets import localizer_for, method_url
from observatory.selection import Selection, build_url


def show(outlook: Outlook, selection: Selection, _pages: Mapping[str, Any]) -> None:
    """Shows the page from its brief."""
    localizer = localizer_for(selection)
    brief: RadarBrief = brief_cache.get_brief("radar", outlook, selection)
    methodology = bar_table.render_methodology_block(brief.methodology, localizer) if brief.signals else Markup()
    st.html(html.render_lead(brief.kicker, brief.lead, brief.under) + methodology)
    if brief.spec is not None:
        _show_radar(brief, localizer, method_url(selection))
        with st.container(key="signals"):
            for signal in brief.signals:
                with st.container(key=f"fig_{signal.id}"):
                    st.html(_render_signal(signal, selection, localizer))
    with st.container(key="fig_absent"):
        st.html(
            html.render_heading(brief.excluded_topics.title, brief.excluded_topics.subtitle)
            + html.render_terms(brief.excluded_topics.terms)
        )


def _show_radar(brief: RadarBrief, localizer: Localizer, method: str) -> None:
    with st.container(key="fig_radar"):
        st.html(html.render_heading(brief.title, ""))
        with st.container(key="wide"):
            st.html(html.render_paragraphs("o-unit", brief.subtitle))
            st.vega_lite_chart(brief.spec, theme=None, alt=brief.alt, key=f"radar_{localizer.language}")
        st.html(
            link_tables.render_text_table(brief.table)
            + html.render_folds(html.render_methodology(brief.methodology, localizer, method))
        )


def _render_signal(signal: WeakSignal, selection: Selection, localizer: Localizer) -> Markup:
    """One topic: thesis, evidence and its strength, criterion, date; a link to its series."""
    where = " \u00b7 ".join(
        (signal.segment, signal.effect, localizer.text("radar.impact", impact=signal.impact), signal.strength)
    )
    lines = [
        (localizer.text(f"radar.part.{name}"), str(getattr(signal, name)))
        for name in SIGNAL_PARTS
        if getattr(signal, name)
    ]
    url = build_url("/segment", replace(signal.target, asof=selection.asof), LINK_DEFAULTS)
    return (
        html.render_heading(signal.title, where)
        + html.render_terms(lines)
        + html.render_paragraphs("o-source", signal.source_line)
        + html.render_folds(
            html.render_asked_link(url, localizer.text("radar.series")),
            html.render_methodology(signal.methodology, localizer),
        )
    )
