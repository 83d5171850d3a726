"""Page of a market or section: its answer, the index, why, what a shock would do, its indicators, what to do next."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st
from markupsafe import Markup

from observatory.briefs.common.model import Chapter, Figure
from observatory.briefs.feed.model import FeedFilter
from observatory.briefs.links import lead_to_purchasing
from observatory.briefs.registry import ONE_PAGER, restrict_to_page
from observatory.briefs.segment.model import MarketBrief
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.pages import brief_cache
from observatory.pages.components import html
from observatory.pages.components.cluster_note import show_cluster_notes
from observatory.pages.components.feed_link import show_feed_link
from observatory.pages.components.figure import show_figure
from observatory.pages.components.glossary import render_words
from observatory.pages.components.pictograms import market_icon
from observatory.pages.components.templates import render
from observatory.pages.components.url_widgets import build_query, localizer_for, method_url
from observatory.pages.overview import show_horizon_control
from observatory.pages.segment.controls import show_market_chips, show_market_comparison, show_section_links
from observatory.pages.segment.indicators import show_detail, show_indicators
from observatory.pages.server.page_meta import FULL_LINK_DEFAULTS
from observatory.selection import Selection, build_url

Pages = Mapping[str, Any]


def show(outlook: Outlook, selection: Selection, pages: Pages) -> None:
    """Shows the page from its brief; the section of purchases leads to its own page."""
    purchases = lead_to_purchasing(outlook, selection)
    if purchases is not None:
        st.switch_page(pages["purchasing"], query_params=build_query(restrict_to_page("purchasing", purchases)))
    localizer = localizer_for(selection)
    brief: MarketBrief = brief_cache.get_brief("segment", outlook, selection)
    show_market_chips(outlook, brief, selection, pages["segment"], localizer)
    emblem = market_icon(brief.segment) if brief.is_market else ""
    st.html(render("market_head", brief=brief, emblem=emblem, localizer=localizer))
    with st.container(key="market_cols"):
        with st.container(key="market_chart"):
            _show_chart(outlook, brief, selection, pages, localizer)
        if brief.causes or brief.risk:
            with st.container(key="market_why"):
                st.html(render("market_why", brief=brief, localizer=localizer))
    show_indicators(outlook, brief, selection, pages, localizer)
    with st.container(key="market_end"):
        show_cluster_notes(outlook, selection, "segment", brief.segment)
        _show_actions(outlook, brief, selection, pages, localizer)
        with st.container(key="market_sheets"):
            _show_others(outlook, brief, selection, localizer)
            st.html(_render_sheet(brief, selection, localizer))
            show_section_links(outlook, brief, selection, pages["segment"], localizer)


def _show_chart(outlook: Outlook, brief: MarketBrief, selection: Selection, pages: Pages, localizer: Localizer) -> None:
    """The index of the market, or without one the first series, with the horizon in its head."""
    figure = brief.index_figure or (brief.first_series.figure if brief.first_series else None)
    with st.container(key="chart_head", horizontal=True):
        if figure is not None:
            is_index = brief.index_figure is not None
            title = localizer.text("market.chart") if is_index else figure.title
            st.html(render("title", text=title), width="stretch")
        show_horizon_control(outlook, selection, localizer)
    if brief.index_figure is not None:
        _show_index(brief.index_figure, brief.index_sources, localizer)
    elif brief.first_series is not None:
        show_detail(outlook, brief, brief.first_series, selection, pages, localizer)


def _show_index(figure: Figure, sources: str, localizer: Localizer) -> None:
    with st.container(key="fig_index"):
        st.html(html.render_paragraphs("o-unit", figure.subtitle) + render_words(("index", "range"), localizer))
        if figure.spec is None:
            st.html(html.render_paragraphs("o-under", localizer.text("figure.empty")))
        else:
            st.vega_lite_chart(figure.spec, theme=None, alt=figure.alt, key=f"index_{localizer.language}")
        st.html(html.render_paragraphs("o-source", f"{figure.source_line} {sources}"))


def _show_actions(
    outlook: Outlook, brief: MarketBrief, selection: Selection, pages: Pages, localizer: Localizer
) -> None:
    with st.container(key="market_actions"):
        if brief.is_market:
            chosen = replace(selection, segment=brief.segment)
            url = build_url(f"/download/{ONE_PAGER}.pdf", chosen, FULL_LINK_DEFAULTS)
            st.html(render("main_action", url=url, text=localizer.text("market.bank"), icon_name="banque"))
        st.html(render("send_action", text=localizer.text("market.send")))
        if brief.compared:
            show_market_comparison(brief, selection, pages, localizer)
        follow = FeedFilter(segment=brief.segment)
        show_feed_link(follow, localizer.text("share.follow.market"), outlook.catalogue, localizer)


def _show_others(outlook: Outlook, brief: MarketBrief, selection: Selection, localizer: Localizer) -> None:
    """What others expect of the market, folded; it is computed when it is opened."""
    if not brief.has_others:
        return
    folded = st.expander(localizer.text("others.coming.title"), key="others", on_change="rerun")
    if not folded.open:
        return
    figure = brief_cache.get_coming_years(outlook, selection, brief.segment)
    if figure is not None:
        with folded, st.container(key="fig_others"):
            show_figure("others", figure, localizer, method=method_url(selection))


def _render_sheet(brief: MarketBrief, selection: Selection, localizer: Localizer) -> Markup:
    """All that stands behind the page, folded: weights, scenarios, shocks, signals, index, method."""
    parts = [html.render_paragraphs("o-under", *brief.about)]
    for table, title in (
        (brief.reasons, brief.reasons.caption if brief.reasons else ""),
        (brief.scenarios, localizer.text("together.title")),
    ):
        if table is not None:
            subtitle = table.caption if table is brief.scenarios else ""
            parts.append(render("sheet_part", title=title, subtitle=subtitle, content=html.render_table(table)))
    chapters = (brief.past_shocks, brief.leading_signals)
    parts += [_render_chapter(chapter) for chapter in chapters if chapter is not None]
    if brief.index_figure is not None:
        footer = html.render_figure_footer(brief.index_figure, "", localizer, method_url(selection))
        parts.append(render("sheet_part", title=brief.index_figure.title, subtitle="", content=footer))
    else:
        parts.append(html.render_method_link(method_url(selection), localizer))
    title = localizer.text("market.sheet" if brief.is_market else "market.sheet.section")
    return render("sheet", title=title, content=Markup().join(parts))


def _render_chapter(chapter: Chapter) -> Markup:
    """A chapter: tables, then terms."""
    terms = html.render_terms(chapter.terms) if chapter.terms else Markup()
    tables = Markup().join(html.render_table(table) for table in chapter.tables)
    return render("sheet_part", title=chapter.title, subtitle=chapter.subtitle, content=tables + terms)
