"""Track record page: how often calls were right, against always yes; worst misses as rows; all scores in sheets."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st
from markupsafe import Markup

from observatory.briefs.common.model import Chapter, Figure, TextTable
from observatory.briefs.track_record.model import TrackRecordBrief
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.pages import brief_cache
from observatory.pages.components import html
from observatory.pages.components.figure import show_figure
from observatory.pages.components.glossary import render_words
from observatory.pages.components.link_tables import LINK_DEFAULTS
from observatory.pages.components.sheet import Sheet, render_sheet, show_sheet, show_sheets
from observatory.pages.components.templates import render
from observatory.pages.components.url_widgets import localizer_for, method_url
from observatory.selection import Selection, build_url


def show(outlook: Outlook, selection: Selection, _pages: Mapping[str, Any]) -> None:
    """Shows the page from its brief: what sums the record up, the worst misses, all scores, the others."""
    localizer = localizer_for(selection)
    brief: TrackRecordBrief = brief_cache.get_brief("track_record", outlook, selection)
    st.html(
        html.render_lead(brief.kicker, brief.headline)
        + render("key_figures", rows=brief.key_figures)
        + html.render_paragraphs("o-under", *brief.caveats)
        + render_words(("replay", "range"), localizer)
        + html.render_method_link(method_url(selection), localizer)
    )
    if brief.reliability_figure is not None and brief.hit_rates is not None:
        with st.container(key="said_hits"):
            with st.container(key="fig_said"):
                show_figure("said", brief.reliability_figure, localizer)
            with st.container(key="fig_hits"):
                st.html(_render_hit_rates(brief.hit_rates, brief, localizer))
    if brief.miss_figures:
        _show_misses(brief, localizer)
    _show_scores(brief, localizer)
    _show_others(brief, localizer)


def _render_hit_rates(chapter: Chapter, brief: TrackRecordBrief, localizer: Localizer) -> Markup:
    """Hit rates by horizon as bars; their table, with counts and intervals, folded."""
    table = html.render_paragraphs("o-unit", chapter.subtitle) + html.render_table(chapter.tables[0])
    return (
        html.render_heading(chapter.title, localizer.text("track.hits.bars"))
        + render("hit_bars", rows=brief.hit_bars)
        + html.render_folds(html.render_details(localizer.text("table.show"), table))
    )


def _show_misses(brief: TrackRecordBrief, localizer: Localizer) -> None:
    """The worst misses as rows; the one that is open has its chart and a link to the month as it was then."""
    with st.container(key="fig_misses"):
        st.html(html.render_heading(brief.misses_chapter.title, brief.misses_chapter.subtitle))
        show_sheets(
            [
                Sheet(f"miss_{miss.indicator}", miss.title, partial(_show_miss, brief, index, localizer), summary)
                for index, (miss, summary) in enumerate(zip(brief.miss_figures, brief.miss_summaries, strict=True))
            ]
        )


def _show_miss(brief: TrackRecordBrief, index: int, localizer: Localizer) -> None:
    miss = brief.miss_figures[index]
    _show_figure_part(f"miss_{miss.indicator}", miss, localizer)
    if brief.miss_targets:
        url = build_url("/segment", brief.miss_targets[index], LINK_DEFAULTS)
        st.html(html.render_asked_link(url, localizer.text("track.miss.rebuilt")))


def _show_others(brief: TrackRecordBrief, localizer: Localizer) -> None:
    """The forecasts of others: what their record says; the picture and all scores in sheets."""
    figure, chapter = brief.others_figure, brief.others
    if figure is None or chapter is None:
        return
    with st.container(key="fig_others"):
        st.html(html.render_heading(figure.title, figure.takeaway))
        part = partial(_show_figure_part, "others", figure, localizer)
        show_sheet(Sheet("others", localizer.text("track.others.show"), part))
        content = html.render_table(chapter.tables[0]) + html.render_terms(chapter.terms)
        st.html(render_sheet(chapter.title, html.render_paragraphs("o-unit", chapter.subtitle) + content))


def _show_scores(brief: TrackRecordBrief, localizer: Localizer) -> None:
    """All scores and published calls, each in a sheet."""
    with st.container(key="fig_scores"):
        st.html(html.render_heading(localizer.text("track.sheets"), localizer.text("track.under")))
        if brief.baseline_figure is not None:
            show_sheet(Sheet("against", brief.baseline_figure.title, partial(_show_baselines, brief, localizer)))
        if brief.market_scores is not None:
            _show_chapter(brief.market_scores)
        if brief.coverage_figure is not None:
            part = partial(_show_figure_part, "held", brief.coverage_figure, localizer)
            show_sheet(Sheet("held", brief.coverage_figure.title, part))
        if brief.growth is not None:
            _show_chapter(brief.growth)
        if brief.skill is not None:
            _show_chapter(brief.skill, brief.skill_table, localizer.text("track.skill.show"))
        if brief.real_time is not None:
            _show_chapter(brief.real_time, brief.real_time_table, localizer.text("track.real.show"))
        _show_chapter(brief.published_calls)


def _show_baselines(brief: TrackRecordBrief, localizer: Localizer) -> None:
    assert brief.baseline_figure is not None
    _show_figure_part("against", brief.baseline_figure, localizer)
    st.html(Markup().join(html.render_captioned_table(table) for table in brief.score_tables))


def _show_figure_part(name: str, figure: Figure, localizer: Localizer) -> None:
    """A figure below the title of its sheet."""
    st.html(html.render_paragraphs("o-unit", figure.subtitle))
    if figure.spec is not None:
        st.vega_lite_chart(figure.spec, theme=None, alt=figure.alt, key=f"{name}_{localizer.language}")
    st.html(html.render_figure_footer(figure, "", localizer))


def _show_chapter(chapter: Chapter, rest: TextTable | None = None, rest_title: str = "") -> None:
    """A chapter as a sheet: its terms, its tables; the rest, a long table, folded in it."""
    content = html.render_paragraphs("o-unit", chapter.subtitle)
    if chapter.terms:
        content += html.render_terms(chapter.terms)
    if len(chapter.tables) == 1 and chapter.tables[0].caption == chapter.title:
        content += html.render_table(chapter.tables[0])
    elif chapter.tables:
        content += html.render_captioned_tables(chapter.tables)
    if rest is not None:
        content += html.render_details(rest_title, html.render_table(rest))
    st.html(render_sheet(chapter.title, content))


def render_link(selection: Selection, localizer: Localizer) -> Markup:
    """A link to this page, for pages that make predictions."""
    return html.render_asked_link(build_url("/track-record", selection, LINK_DEFAULTS), localizer.text("track.link"))
