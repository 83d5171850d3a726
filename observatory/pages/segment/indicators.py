"""Indicators of the page of a market: rows that open below themselves, one at a time; all but demand is folded."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from observatory.briefs.common.model import IndicatorRow
from observatory.briefs.segment.model import IndicatorGroup, MarketBrief, SeriesDetail
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.pages.components import html
from observatory.pages.components.notices import show_notices
from observatory.pages.components.templates import render
from observatory.pages.components.url_widgets import build_query, escape_markdown, method_url
from observatory.pages.segment.controls import show_compare_link, show_display_controls
from observatory.selection import Selection

Pages = Mapping[str, Any]


def show_indicators(
    outlook: Outlook, brief: MarketBrief, selection: Selection, pages: Pages, localizer: Localizer
) -> None:
    """The first group in view, the others folded unless the open indicator is in one; folded rows are not sent."""
    with st.container(key="fig_list"):
        title, hint = localizer.text("indicators.title"), localizer.text("indicators.hint")
        st.html(html.render_heading(title, hint))
        opened = brief.opened.figure.indicator if brief.opened else ""
        for place, group in enumerate(brief.groups):
            if not place:
                st.html(render("indicator_heads", group=group, localizer=localizer))
                _show_rows(outlook, brief, group, selection, pages, localizer)
                continue
            label = f"**{escape_markdown(group.title)}** {len(group.rows)}"
            is_here = any(row.indicator == opened for row in group.rows)
            name = f"group_{group.rows[0].indicator}_{'open' if is_here else 'closed'}"
            folded = st.expander(label, expanded=is_here, key=name, on_change="rerun")
            if folded.open:
                with folded:
                    _show_rows(outlook, brief, group, selection, pages, localizer)


def _show_rows(
    outlook: Outlook,
    brief: MarketBrief,
    group: IndicatorGroup,
    selection: Selection,
    pages: Pages,
    localizer: Localizer,
) -> None:
    for row in group.rows:
        is_open = brief.opened is not None and row.indicator == brief.opened.figure.indicator
        with st.container(key="ind_open" if is_open else f"ind_{row.indicator}"):
            _show_row(brief, row, replace(selection, geo="", item=""), pages, localizer, is_open=is_open)
        if is_open and brief.opened is not None:
            show_detail(outlook, brief, brief.opened, selection, pages, localizer)


def _show_row(
    brief: MarketBrief, row: IndicatorRow, selection: Selection, pages: Pages, localizer: Localizer, *, is_open: bool
) -> None:
    """One indicator: the whole row is a link that opens it, or closes it again."""
    chosen = replace(selection, segment=brief.segment, indicator="" if is_open else row.indicator)
    st.page_link(pages["segment"], label=escape_markdown(row.title), query_params=build_query(chosen))
    spark = html.render_sparkline(row.sparkline) if row.sparkline else ""
    st.html(render("indicator_row", row=row, spark=spark, is_open=is_open, localizer=localizer))


def show_detail(
    outlook: Outlook,
    brief: MarketBrief,
    detail: SeriesDetail,
    selection: Selection,
    pages: Pages,
    localizer: Localizer,
) -> None:
    """A series in full: chart, range, worth of past ranges, source, file, comparison, display."""
    figure = detail.figure
    with st.container(key="fig_main"):
        show_notices("notices_place", (brief.missing_notice,))
        with st.container(key="main_chart"):
            st.html(html.render_paragraphs("o-unit", figure.subtitle))
            if figure.spec is None:
                st.html(html.render_paragraphs("o-under", localizer.text("figure.empty")))
            else:
                key = f"chart_{figure.indicator}_{localizer.language}"
                st.vega_lite_chart(figure.spec, theme=None, alt=figure.alt, key=key)
        with st.container(key="main_words"):
            download = html.download_url(figure, localizer.language, selection.asof)
            method = method_url(selection) if figure.disclosures else ""
            st.html(html.render_figure_footer(figure, download, localizer, method))
            if detail.scenarios is not None:
                st.html(
                    html.render_details(localizer.text("scenario.title"), html.render_captioned_table(detail.scenarios))
                )
            show_compare_link(figure, selection, pages, localizer)
            show_display_controls(outlook, brief, selection, localizer)
