"""Track record page: worst misses first, then reliability, hit rates, baselines, coverage, published calls."""

from collections.abc import Mapping
from typing import Any

import streamlit as st
from markupsafe import Markup

from observatory.briefs.common.model import Chapter, Figure, TrackRecordBrief
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.pages import brief_cache
from observatory.pages.components import html
from observatory.pages.components.figure import show_figure
from observatory.pages.components.link_tables import LINK_DEFAULTS
from observatory.pages.components.url_widgets import localizer_for, method_url
from observatory.selection import Selection, build_url


def show(outlook: Outlook, selection: Selection, _pages: Mapping[str, Any]) -> None:
    """Shows the page from its brief."""
    localizer = localizer_for(selection)
    brief: TrackRecordBrief = brief_cache.get_brief("track_record", outlook, selection)
    st.html(
        html.render_lead(brief.kicker, brief.lead, brief.under)
        + html.render_method_link(method_url(selection), localizer)
    )
    if brief.miss_figures:
        _show_misses(brief, localizer)
    if brief.reliability_figure is not None and brief.hit_rates is not None:
        with st.container(key="said_hits"):
            _show_framed_figure("said", brief.reliability_figure, localizer)
            _show_chapter("hits", brief.hit_rates)
    if brief.baseline_figure is not None:
        _show_framed_figure("against", brief.baseline_figure, localizer)
        for index, table in enumerate(brief.score_tables):
            with st.container(key=f"scores_{index}"):
                st.html(html.render_captioned_table(table))
    if brief.market_scores is not None:
        _show_chapter("markets", brief.market_scores)
    if brief.coverage_figure is not None:
        _show_framed_figure("held", brief.coverage_figure, localizer)
    if brief.growth is not None:
        _show_chapter("growth", brief.growth)
    if brief.skill is not None and brief.skill_table is not None:
        folded = html.render_details(localizer.text("track.skill.show"), html.render_table(brief.skill_table))
        _show_chapter("skill", brief.skill, folded)
    if brief.real_time is not None and brief.real_time_table is not None:
        folded = html.render_details(localizer.text("track.real.show"), html.render_table(brief.real_time_table))
        _show_chapter("real_time", brief.real_time, folded)
    _show_chapter("published", brief.published_calls)
    _show_others(brief, localizer)


def _show_others(brief: TrackRecordBrief, localizer: Localizer) -> None:
    """The forecasts of others: one picture, then all scores and what each record lacks, folded."""
    if brief.others_figure is None or brief.others is None:
        return
    _show_framed_figure("others", brief.others_figure, localizer)
    with st.container(key="fig_others_scores"):
        content = html.render_table(brief.others.tables[0]) + html.render_terms(brief.others.terms)
        st.html(
            html.render_heading(brief.others.title, brief.others.subtitle)
            + html.render_details(localizer.text("table.show"), content)
        )


def render_link(selection: Selection, localizer: Localizer) -> Markup:
    """A link to this page, for pages that make predictions."""
    return html.render_asked_link(build_url("/track-record", selection, LINK_DEFAULTS), localizer.text("track.link"))


def _show_misses(brief: TrackRecordBrief, localizer: Localizer) -> None:
    with st.container(key="fig_misses"):
        st.html(html.render_heading(brief.misses_chapter.title, brief.misses_chapter.subtitle))
        with st.container(key="misses"):
            for index, miss in enumerate(brief.miss_figures):
                with st.container(key=f"fig_miss_{miss.indicator}"):
                    show_figure(f"miss_{miss.indicator}", miss, localizer)
                    if brief.miss_targets:
                        url = build_url("/segment", brief.miss_targets[index], LINK_DEFAULTS)
                        st.html(html.render_asked_link(url, localizer.text("track.miss.rebuilt")))


def _show_framed_figure(name: str, figure: Figure, localizer: Localizer) -> None:
    with st.container(key=f"fig_{name}"):
        show_figure(name, figure, localizer)


def _show_chapter(name: str, chapter: Chapter, details: Markup | None = None) -> None:
    """A title, its terms, its tables; a single table with the same title gets no caption."""
    with st.container(key=f"fig_{name}"):
        text = html.render_heading(chapter.title, chapter.subtitle)
        if chapter.terms:
            text += html.render_terms(chapter.terms)
        if len(chapter.tables) == 1 and chapter.tables[0].caption == chapter.title:
            text += html.render_table(chapter.tables[0])
        elif chapter.tables:
            text += html.render_captioned_tables(chapter.tables)
        st.html(text + (details or ""))
