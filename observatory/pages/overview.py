"""Overview page: which markets grow and how sure that is, what it means for the reader, what changed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st
from markupsafe import Markup

from observatory.briefs.overview.model import OverviewBrief
from observatory.briefs.registry import restrict_to_page
from observatory.briefs.whats_new.model import WhatsNewBrief
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.pages import brief_cache
from observatory.pages.components import html
from observatory.pages.components.cluster_note import show_cluster_notes
from observatory.pages.components.glossary import render_words
from observatory.pages.components.link_tables import LINK_DEFAULTS
from observatory.pages.components.sheet import render_sheet
from observatory.pages.components.templates import render
from observatory.pages.components.url_widgets import (
    UrlField,
    localizer_for,
    method_url,
    page_url,
    url_segmented_control,
)
from observatory.selection import DEFAULT_SELECTION, Selection, build_url
from observatory.settings import HORIZONS

_READER_ROWS = (  # what concerns the reader: name of its messages, page, pictogram
    ("company", "portfolio", "entreprise"),
    ("purchasing", "purchasing", "achats"),
    ("bank", "portfolio", "banque"),
)


def show(outlook: Outlook, selection: Selection, _pages: Mapping[str, Any]) -> None:
    """Shows the page from its brief."""
    localizer = localizer_for(selection)
    brief: OverviewBrief = brief_cache.get_brief("overview", outlook, selection)
    st.html(render("overview_head", brief=brief))
    with st.container(key="answer"):
        with st.container(key="answer_main"):
            _show_ranking(brief, outlook, selection, localizer)
        with st.container(key="answer_side"):
            if brief.record is not None:
                with st.container(key="fig_believe"):
                    st.html(render("believe", record=brief.record, url=_record_url(selection), localizer=localizer))
            _show_reader_rows(brief, selection, localizer)
            _show_changes(brief, outlook, selection, localizer)
            show_cluster_notes(outlook, selection, "whole")
            st.html(_render_sheets(brief, selection, localizer))


def show_horizon_control(outlook: Outlook, selection: Selection, localizer: Localizer) -> None:
    """The control of the forecast horizon, shared by all pages that have one."""
    options = [(years, localizer.plural("control.horizon.years", years)) for years in HORIZONS]
    url_segmented_control(
        UrlField(
            outlook.catalogue,
            "w_horizon",
            localizer.text("control.horizon"),
            lambda current, value: replace(current, horizon=value),
        ),
        options,
        selection.horizon,
    )


def _show_ranking(brief: OverviewBrief, outlook: Outlook, selection: Selection, localizer: Localizer) -> None:
    with st.container(key="fig_ranking"):
        with st.container(key="ranking_title"):
            words = render_words(("call", "probability", "range"), localizer)
            st.html(html.render_heading(brief.odds_title, brief.odds_unit) + words)
            show_horizon_control(outlook, selection, localizer)
        urls = {row.segment: page_url("segment", _at_market(selection, row.segment)) for row in brief.rows}
        st.html(html.render_ranking(brief, urls, selection.horizon, localizer))


def _at_market(selection: Selection, segment: str) -> Selection:
    return replace(selection, segment=segment, indicator="", geo="", item="")


def _show_reader_rows(brief: OverviewBrief, selection: Selection, localizer: Localizer) -> None:
    """What concerns the reader: the own company, its purchases, its bank."""
    rows = [
        (
            name,
            page_url(page, restrict_to_page(page, selection)),
            pictogram,
            localizer.text(f"overview.you.{name}"),
            (brief.price if name == "purchasing" else "") or localizer.text(f"overview.you.{name}.text"),
        )
        for name, page, pictogram in _READER_ROWS
    ]
    st.html(render("reader_rows", title=localizer.text("overview.you"), rows=rows))


def _show_changes(brief: OverviewBrief, outlook: Outlook, selection: Selection, localizer: Localizer) -> None:
    """What changed since the edition before; nothing for a past month that was rebuilt, which has none before it."""
    if outlook.is_reconstructed:
        return
    asked = replace(DEFAULT_SELECTION, lang=selection.lang, asof=selection.asof)  # no other choice changes its sentence
    news: WhatsNewBrief = brief_cache.get_brief("whats_new", outlook, asked)
    with st.container(key="fig_changed"):
        st.html(
            render(
                "overview_changes",
                title=localizer.text("overview.changed"),
                sentences=[text for text in (news.lead, brief.first_due) if text],
                url=build_url("/whats-new", restrict_to_page("whats_new", selection), LINK_DEFAULTS),
                link=localizer.text("page.whats_new"),
            )
        )


def _render_sheets(brief: OverviewBrief, selection: Selection, localizer: Localizer) -> Markup:
    """What is one tap away: who speeds up; the ranking as a table with sources and calculation."""
    pace = (
        html.render_paragraphs("o-unit", localizer.text("scatter.subtitle.narrow"))
        + html.render_dot_plot(brief, localizer)
        + html.render_terms(brief.scatter_terms)
    )
    details = brief.record.details if brief.record is not None else ()
    links = [
        (build_url("/segment", replace(selection, segment=name), LINK_DEFAULTS), title)
        for name, title in brief.non_market_segments
    ]
    evidence = (
        html.render_paragraphs("o-unit", brief.span)
        + html.render_table(brief.table)
        + html.render_paragraphs("o-source", *brief.footnotes[:1])
        + html.render_paragraphs("o-source o-brief", *details)
        + html.render_method_link(method_url(selection), localizer)
        + html.render_asked_link(_record_url(selection), localizer.text("page.track_record"))
        + render("section_links", text=localizer.text("overview.sections"), links=links)
    )
    return render_sheet(localizer.text("overview.pace"), pace) + render_sheet(
        localizer.text("overview.sheet"), evidence
    )


def _record_url(selection: Selection) -> str:
    return build_url("/track-record", restrict_to_page("track_record", selection), LINK_DEFAULTS)
