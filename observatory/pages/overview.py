"""Overview page: ranking of the markets, scatter of past and expected growth, reading guide."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st
from markupsafe import Markup

from observatory.briefs.common.model import OverviewBrief
from observatory.language import Localizer
from observatory.outlook.calls.calls import VERDICTS
from observatory.outlook.outlook import Outlook
from observatory.pages import brief_cache, track_record
from observatory.pages.components import html
from observatory.pages.components.cluster_note import show_cluster_notes
from observatory.pages.components.figure import show_figure
from observatory.pages.components.templates import render
from observatory.pages.components.url_widgets import (
    UrlField,
    build_query,
    localizer_for,
    method_url,
    url_segmented_control,
)
from observatory.selection import Selection
from observatory.settings import HORIZONS


def show(outlook: Outlook, selection: Selection, pages: Mapping[str, Any]) -> None:
    """Shows the page from its brief; `pages` are the Streamlit pages that it can link to, by id."""
    localizer = localizer_for(selection)
    brief: OverviewBrief = brief_cache.get_brief("overview", outlook, selection)
    st.html(html.render_lead(brief.kicker, brief.lead, brief.under) + track_record.render_link(selection, localizer))
    show_horizon_control(outlook, selection, localizer)
    _show_ranking(brief, selection, pages["segment"], localizer)
    show_cluster_notes(outlook, selection, "whole")
    with st.container(key="pair"):
        _show_scatter(brief, localizer)
        with st.container(key="fig_reading"):
            st.html(_render_reading_guide(brief, localizer))
    with st.container(key="fig_surest"):
        if brief.top_market_figure is not None:
            show_figure("surest", brief.top_market_figure, localizer, method=method_url(selection))


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


def _show_ranking(brief: OverviewBrief, selection: Selection, page: Any, localizer: Localizer) -> None:
    with st.container(key="fig_ranking"):
        st.html(html.render_heading(brief.title, brief.subtitle))
        with st.container(key="ranking"):
            with st.container(key="heads"):
                st.html(html.render_ranking_header(brief, localizer))
            for row in brief.rows:
                with st.container(key=f"row_{row.segment}"):
                    chosen = replace(selection, segment=row.segment, indicator="", geo="", item="")
                    st.page_link(
                        page,
                        label=row.title,
                        icon=":material/chevron_right:",
                        icon_position="right",
                        query_params=build_query(chosen),
                    )
                    st.html(html.render_ranking_row(row, brief.scale, localizer))
        st.html(
            html.render_paragraphs("o-source", *brief.footnotes)
            + html.render_folds(
                html.render_details(localizer.text("table.show"), html.render_table(brief.table)),
                html.render_method_link(method_url(selection), localizer),
            )
        )
        with st.container(key="sections", horizontal=True):
            st.html(html.render_paragraphs("o-unit", localizer.text("overview.sections")), width="content")
            for name, title in brief.non_market_segments:
                chosen = replace(selection, segment=name, indicator="", geo="", item="")
                st.page_link(page, label=title, query_params=build_query(chosen))


def _show_scatter(brief: OverviewBrief, localizer: Localizer) -> None:
    with st.container(key="fig_scatter"):
        if brief.scatter is not None:
            with st.container(key="wide"):
                st.html(html.render_heading(brief.scatter_title, brief.scatter_subtitle))
                st.vega_lite_chart(
                    brief.scatter, theme=None, alt=brief.scatter_alt, key=f"scatter_{localizer.language}"
                )
                st.html(html.render_paragraphs("o-source", brief.scatter_note))
        with st.container(key="narrow"):
            st.html(
                html.render_heading(brief.scatter_title, localizer.text("scatter.subtitle.narrow"))
                + html.render_dot_plot(brief, localizer)
            )


def _render_reading_guide(brief: OverviewBrief, localizer: Localizer) -> Markup:
    calls = [(call, localizer.text(f"call.{call}")) for call in VERDICTS]
    return render("reading_guide", title=localizer.text("reading.title"), lines=brief.scatter_terms, calls=calls)
