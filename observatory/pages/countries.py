"""Countries page: countries as bars, the map of where there are figures, profile of one country."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st
from markupsafe import Markup

from observatory.briefs.common.comparison_model import CountriesBrief
from observatory.briefs.countries.choices import list_country_indicators
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.pages import brief_cache
from observatory.pages.components import bar_table, html, link_tables
from observatory.pages.components.cluster_note import show_cluster_notes
from observatory.pages.components.figure import show_figure
from observatory.pages.components.notices import show_notices
from observatory.pages.components.sheet import render_sheet
from observatory.pages.components.templates import render
from observatory.pages.components.url_widgets import (
    UrlField,
    localizer_for,
    method_url,
    url_segmented_control,
    url_selectbox,
)
from observatory.pages.overview import show_horizon_control
from observatory.pages.segment.controls import show_compare_link
from observatory.selection import Selection, build_url

_PATH = "/countries"


def show(outlook: Outlook, selection: Selection, pages: Mapping[str, Any]) -> None:
    """Shows the page from its brief: bars, map, profile."""
    localizer = localizer_for(selection)
    if not list_country_indicators(outlook):
        st.html(html.render_lead(localizer.text("page.countries"), localizer.text("error.no_countries")))
        return
    brief: CountriesBrief = brief_cache.get_brief("countries", outlook, selection)
    show_notices("notices_place", brief.notices)
    st.html(
        html.render_lead(brief.kicker, brief.lead, brief.under)
        + bar_table.render_methodology_block(brief.methodology.terms, localizer)
    )
    _show_controls(outlook, selection, brief, localizer)
    with st.container(key="abroad"):
        with st.container(key="fig_abroad"):
            st.html(
                html.render_heading(brief.ranking_title, _bars_unit_text(brief, localizer))
                + _render_bars(brief, selection)
                + html.render_paragraphs("o-source", *brief.notes, brief.source_line)
                + _render_ranking_sheet(brief, selection, localizer)
            )
        with st.container(key="fig_world"):
            _show_map(brief, localizer)
    with st.container(key="fig_profile"):
        _show_profile(outlook, selection, brief, pages, localizer)


def _bars_unit_text(brief: CountriesBrief, localizer: Localizer) -> str:
    measure = dict(brief.measure_options)[brief.measure]
    return localizer.text("countries.bars.unit", measure=measure, unit=brief.unit)


def _show_controls(outlook: Outlook, selection: Selection, brief: CountriesBrief, localizer: Localizer) -> None:
    catalogue = outlook.catalogue
    with st.container(key="controls", horizontal=True):
        url_selectbox(
            UrlField(
                catalogue,
                "w_abroad",
                localizer.text("control.indicator"),
                lambda current, value: replace(
                    current, segment=catalogue.indicators[value].segment, indicator=value, item=""
                ),
            ),
            localizer,
            dict(brief.indicator_options),
            brief.indicator,
            width=420,
        )
        url_segmented_control(
            UrlField(
                catalogue,
                "w_measure",
                localizer.text("countries.control.measure"),
                lambda current, value: replace(current, measure=value),
            ),
            brief.measure_options,
            brief.measure,
        )
        show_horizon_control(outlook, selection, localizer)


def _show_map(brief: CountriesBrief, localizer: Localizer) -> None:
    """The map of where there are figures, and that of Europe, where most of the cluster's countries are."""
    st.html(html.render_heading(brief.map_title, brief.map_subtitle) + render("map_legend", brief=brief))
    if brief.map_spec is not None:
        name = f"map_{localizer.language}"
        st.vega_lite_chart(brief.map_spec, theme=None, alt=brief.map_alt, height="stretch", key=name)
    if brief.europe_map_spec is not None:
        st.html(html.render_paragraphs("o-unit", localizer.text("countries.europe")))
        alt = localizer.text("countries.europe.alt")
        name = f"europe_{localizer.language}"
        st.vega_lite_chart(brief.europe_map_spec, theme=None, alt=alt, height="stretch", key=name)
    st.html(bar_table.render_methodology_block(brief.map_methodology, localizer))


def _country_target(brief: CountriesBrief, selection: Selection) -> Selection:
    return replace(selection, indicator=brief.indicator, item="", series="", per="", base=0)


def _render_bars(brief: CountriesBrief, selection: Selection) -> Markup:
    """The countries with bars on one scale, which has zero; the name leads to the profile."""
    target = _country_target(brief, selection)
    rows = [
        (row, build_url(_PATH, replace(target, geo=row.geo), link_tables.LINK_DEFAULTS)) for row in brief.ranking_rows
    ]
    values = [0.0, *(row.value for row in brief.ranking_rows if row.value is not None)]
    scale = (min(values), max(values) if max(values) > min(values) else min(values) + 1)
    return render(
        "country_bars",
        rows=rows,
        scale=scale,
        colour=brief.map_colour,
        current_geo=brief.geo,
        shared=brief.shared_warning,
    )


def _render_ranking_sheet(brief: CountriesBrief, selection: Selection, localizer: Localizer) -> Markup:
    """All figures by country, folded, with the computation and a link to compare the countries."""
    target = _country_target(brief, selection)
    rows = [
        (
            row,
            build_url(_PATH, replace(target, geo=row.geo), link_tables.LINK_DEFAULTS),
            html.render_sparkline(row.spark) if row.spark else "",
        )
        for row in brief.ranking_rows
    ]
    heads = (*brief.ranking_heads, localizer.text("countries.head.spark"))
    table = render(
        "country_ranking", caption=brief.ranking_table.caption, heads=heads, rows=rows, current_geo=brief.geo
    )
    subtitle = html.render_paragraphs("o-unit", brief.ranking_subtitle)
    folds = [html.render_methodology(brief.methodology.terms, localizer, method_url(selection))]
    if brief.compare_selection.series:
        url = build_url("/compare", brief.compare_selection, link_tables.LINK_DEFAULTS)
        folds.append(html.render_asked_link(url, localizer.text("countries.compare")))
    return html.render_folds(*folds) + render_sheet(localizer.text("countries.table"), subtitle + table)


def _show_profile(
    outlook: Outlook, selection: Selection, brief: CountriesBrief, pages: Mapping[str, Any], localizer: Localizer
) -> None:
    url_selectbox(
        UrlField(
            outlook.catalogue,
            "w_place",
            localizer.text("countries.control.place"),
            lambda current, value: replace(
                current,
                segment=outlook.catalogue.indicators[brief.indicator].segment,
                indicator=brief.indicator,
                geo=value,
                item="",
            ),
        ),
        localizer,
        dict(brief.place_options),
        brief.geo,
    )
    listing, figure = brief.profile, brief.profile_figure
    methodology = bar_table.render_methodology_block(listing.methodology, localizer)
    table = link_tables.render_listing(listing, "/segment") + methodology
    st.html(
        html.render_heading(listing.title, "")
        + render_sheet(
            localizer.text("countries.profile.sheet"), html.render_paragraphs("o-unit", listing.subtitle) + table
        )
    )
    show_cluster_notes(outlook, selection, "country", brief.geo)
    with st.container(key="fig_place"):
        if figure is not None:
            download = html.download_url(figure, localizer.language, selection.asof)
            show_figure("place", figure, localizer, download, method_url(selection) if figure.disclosures else "")
            show_compare_link(figure, selection, pages, localizer)
