"""Segment page: call, growth index, indicators, scenarios and leading signals of one market."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st
from markupsafe import Markup

from observatory.briefs.common.model import Chapter, Figure, SegmentBrief
from observatory.briefs.feed.model import FeedFilter
from observatory.briefs.figures.series_view import DEFAULT_YEARS_SHOWN, EARLIEST_YEAR
from observatory.briefs.links import lead_to_purchasing
from observatory.briefs.registry import restrict_to_page
from observatory.catalogue.series_codes import format_series_code
from observatory.charts.palette import COLOUR_TOKENS
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.pages import brief_cache
from observatory.pages.components import html
from observatory.pages.components.cluster_note import show_cluster_notes
from observatory.pages.components.feed_link import show_feed_link
from observatory.pages.components.figure import show_figure
from observatory.pages.components.link_tables import LINK_DEFAULTS
from observatory.pages.components.notices import show_notices
from observatory.pages.components.templates import render
from observatory.pages.components.url_widgets import (
    UrlField,
    build_query,
    localizer_for,
    method_url,
    url_segmented_control,
    url_selectbox,
)
from observatory.pages.overview import show_horizon_control
from observatory.selection import DEFAULT_SELECTION, UNITS, Selection, build_url


def show(outlook: Outlook, selection: Selection, pages: Mapping[str, Any]) -> None:
    """Shows the page from its brief; the section of purchases leads to its own page."""
    purchases = lead_to_purchasing(outlook, selection)
    if purchases is not None:
        st.switch_page(pages["purchasing"], query_params=build_query(restrict_to_page("purchasing", purchases)))
    localizer = localizer_for(selection)
    brief: SegmentBrief = brief_cache.get_brief("segment", outlook, selection)
    st.html(html.render_lead(brief.kicker, brief.lead) + _render_call(brief))
    follow = FeedFilter(segment=brief.segment)
    show_feed_link(follow, localizer.text("share.follow.market"), outlook.catalogue, localizer)
    _show_controls(outlook, selection, brief, localizer)
    with st.container(key="fig_index"):
        if brief.index_figure is not None:
            show_figure("index", brief.index_figure, localizer, method=method_url(selection))
    show_cluster_notes(outlook, selection, "segment", brief.segment)
    show_notices("notices_place", (brief.missing_notice,))
    with st.container(key="fig_main"):
        if brief.main_figure is not None:
            _show_series_controls(outlook, brief, brief.main_figure, localizer)
            _show_series(brief.main_figure, selection, pages, localizer)
    with st.container(key="fig_scenarios"):
        if brief.scenarios is not None:
            st.html(
                html.render_heading(localizer.text("scenario.title"), brief.scenarios.caption)
                + html.render_table(brief.scenarios)
            )
    with st.container(key="fig_together"):
        if brief.market_scenarios is not None:
            st.html(
                html.render_heading(localizer.text("together.title"), brief.market_scenarios.caption)
                + html.render_table(brief.market_scenarios)
            )
    with st.container(key="fig_reasons"):
        if brief.reasons is not None:
            st.html(html.render_heading(brief.reasons.caption, "") + html.render_table(brief.reasons))
    for name, chapter in (("shock", brief.past_shocks), ("signals", brief.leading_signals)):
        with st.container(key=f"fig_{name}"):
            if chapter is not None:
                st.html(_render_chapter(chapter))
    with st.container(key="fig_others"):
        if brief.others_figure is not None:
            with st.expander(brief.others_figure.title, icon=":material/groups:"):
                show_figure("others", brief.others_figure, localizer, method=method_url(selection))
    with st.container(key="smalls"):
        for other in brief.small_figures:
            with st.container(key=f"fig_{other.indicator}"):
                _show_series(other, selection, pages, localizer)
    with st.container(key="fig_list"):
        if len(brief.indicators) > 1:
            st.html(_render_list(outlook, brief, selection, localizer))


def _render_call(brief: SegmentBrief) -> Markup:
    return render("verdict", call=brief.call, label=brief.call_label, line=brief.call_line, under=brief.under)


def _render_chapter(chapter: Chapter) -> Markup:
    """A chapter: tables, then terms."""
    terms = html.render_terms(chapter.terms) if chapter.terms else Markup()
    tables = Markup().join(html.render_table(table) for table in chapter.tables)
    return html.render_heading(chapter.title, chapter.subtitle) + tables + terms


def _show_controls(outlook: Outlook, selection: Selection, brief: SegmentBrief, localizer: Localizer) -> None:
    catalogue = outlook.catalogue
    with st.container(key="controls", horizontal=True):
        url_selectbox(
            UrlField(
                catalogue,
                "w_segment",
                localizer.text("control.segment"),
                lambda current, value: replace(current, segment=value, indicator="", geo="", item=""),
            ),
            localizer,
            {row.id: localizer.field_text(row, "title") for row in catalogue.segments.values()},
            brief.segment,
            width=200,
        )
        show_horizon_control(outlook, selection, localizer)
        url_segmented_control(
            UrlField(
                catalogue, "w_unit", localizer.text("control.unit"), lambda current, value: replace(current, unit=value)
            ),
            [(unit, localizer.text(f"control.unit.{unit}")) for unit in UNITS],
            selection.unit,
        )
        show_years_control(outlook, selection, localizer)


def show_years_control(outlook: Outlook, selection: Selection, localizer: Localizer) -> None:
    """The control of the first year shown; 0 is the default, and a year that the link names is always offered."""
    options = {
        outlook.day.year - 9: localizer.plural("control.years.recent", 10),
        0: localizer.plural("control.years.recent", DEFAULT_YEARS_SHOWN),
        EARLIEST_YEAR: localizer.text("control.years.all"),
    }
    if selection.first not in options:
        options = {selection.first: localizer.text("control.years.since", year=selection.first), **options}
    url_segmented_control(
        UrlField(
            outlook.catalogue,
            "w_years",
            localizer.text("control.years"),
            lambda current, value: replace(current, first=value),
        ),
        list(options.items()),
        selection.first,
    )


def _show_series_controls(outlook: Outlook, brief: SegmentBrief, main: Figure, localizer: Localizer) -> None:
    catalogue = outlook.catalogue
    with st.container(key="series", horizontal=True):
        if len(brief.indicators) > 1:
            url_selectbox(
                UrlField(
                    catalogue,
                    "w_indicator",
                    localizer.text("control.indicator"),
                    lambda current, value: replace(current, indicator=value, geo="", item=""),
                ),
                localizer,
                {row.indicator: row.title for row in brief.indicators},
                main.indicator,
                width=420,
            )
        if len(main.geo_options) > 1:
            url_selectbox(
                UrlField(
                    catalogue,
                    "w_geo",
                    localizer.text("control.geo"),
                    lambda current, value: replace(
                        current, indicator=main.indicator, segment=brief.segment, geo=value, item=""
                    ),
                ),
                localizer,
                dict(main.geo_options),
                main.geo,
            )
        if len(main.item_options) > 1:
            url_selectbox(
                UrlField(
                    catalogue,
                    "w_item",
                    localizer.text("control.item"),
                    lambda current, value: replace(
                        current, indicator=main.indicator, segment=brief.segment, geo=main.geo, item=value
                    ),
                ),
                localizer,
                dict(main.item_options),
                main.item,
            )


def _show_series(figure: Figure, selection: Selection, pages: Mapping[str, Any], localizer: Localizer) -> None:
    title = f"{localizer.text(f'role.{figure.role}')} \u00b7 {figure.title}"
    download = html.download_url(figure, localizer.language, selection.asof)
    show_figure(
        f"chart_{figure.indicator}",
        figure,
        localizer,
        download,
        method_url(selection) if figure.disclosures else "",
        title,
    )
    show_compare_link(figure, selection, pages, localizer)


def show_compare_link(figure: Figure, selection: Selection, pages: Mapping[str, Any], localizer: Localizer) -> None:
    """A link that compares this series with others, over the same years and as of the same edition."""
    series = format_series_code((figure.indicator, figure.geo, figure.item))
    chosen = {name: getattr(selection, name) for name in ("lang", "horizon", "first", "asof")}
    st.page_link(
        pages["compare"],
        label=localizer.text("segment.compare"),
        icon=":material/stacked_line_chart:",
        query_params=build_query(replace(DEFAULT_SELECTION, **chosen, series=series)),
    )


def _render_list(outlook: Outlook, brief: SegmentBrief, selection: Selection, localizer: Localizer) -> Markup:
    market = outlook.catalogue.segments[brief.segment].market
    title = localizer.text("segment.list" if market else "segment.list.section")
    rows = []
    for row in brief.indicators:
        target = replace(selection, segment=brief.segment, indicator=row.indicator, geo="", item="")
        colour_token = row.role if row.role in COLOUR_TOKENS else "muted"
        spark = html.render_sparkline(row.sparkline) if row.sparkline else ""
        rows.append((row, build_url("/segment", target, LINK_DEFAULTS), colour_token, spark))
    return html.render_heading(title, localizer.text("segment.list.hint")) + render("series_list", rows=rows)
