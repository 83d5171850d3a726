"""Countries: where abroad."""

from collections.abc import Mapping
from dataclasses import replace
from html import escape
from typing import Any

import streamlit as st

from observatory.briefs.common.comparison_model import CountriesBrief, CountryRow
from observatory.briefs.countries.page import list_country_indicators
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.pages import brief_cache
from observatory.pages.components import bar_table, html, link_tables
from observatory.pages.components.figure import show_figure
from observatory.pages.components.notices import show_notices
from observatory.pages.components.url_widgets import localizer_for, method_url, url_segmented_control, url_selectbox
from observatory.pages.overview import show_horizon_control
from observatory.pages.segment import show_compare_link
from observatory.selection import Selection, build_url

_PATH = "/countries"


def show(outlook: Outlook, selection: Selection, pages: Mapping[str, Any]) -> None:
    """The page, from its brief; the table is the first thing on a phone, the map beside it elsewhere."""
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
        with st.container(key="fig_world"):
            _show_map(brief, localizer)
        with st.container(key="fig_abroad"):
            st.html(
                html.render_heading(brief.ranking_title, brief.ranking_subtitle)
                + _render_ranking(brief, selection, localizer)
            )
            st.html(_render_footer(brief, selection, localizer))
    with st.container(key="fig_profile"):
        _show_profile(outlook, selection, brief, pages, localizer)


def _show_controls(outlook: Outlook, selection: Selection, brief: CountriesBrief, localizer: Localizer) -> None:
    catalogue = outlook.catalogue
    with st.container(key="controls", horizontal=True):
        url_selectbox(
            catalogue,
            localizer,
            "w_abroad",
            localizer.text("control.indicator"),
            dict(brief.indicator_options),
            brief.indicator,
            lambda current, value: replace(
                current, segment=catalogue.indicators[value].segment, indicator=value, item=""
            ),
            width=420,
        )
        url_segmented_control(
            catalogue,
            "w_measure",
            localizer.text("countries.control.measure"),
            brief.measure_options,
            brief.measure,
            lambda current, value: replace(current, measure=value),
        )
        show_horizon_control(outlook, selection, localizer)


def _show_map(brief: CountriesBrief, localizer: Localizer) -> None:
    st.html(html.render_heading(brief.map_title, brief.map_subtitle) + _render_legend(brief))
    if brief.map_spec is not None:
        st.vega_lite_chart(
            brief.map_spec, theme=None, alt=brief.map_alt, height="stretch", key=f"map_{localizer.language}"
        )
    st.html(bar_table.render_methodology_block(brief.map_methodology, localizer))


def _render_legend(brief: CountriesBrief) -> str:
    """The classes with their limits, and what blank means."""
    tints = "".join(
        f'<li><i style="background:var(--{brief.map_colour});opacity:{tint.opacity}"></i>{escape(tint.label)}</li>'
        for tint in brief.map_classes
    )
    return f'<ul class="o-tints">{tints}<li><i class="o-blank"></i>{escape(brief.no_data_label)}</li></ul>'


def _render_ranking(brief: CountriesBrief, selection: Selection, localizer: Localizer) -> str:
    heads = (*brief.ranking_heads, localizer.text("countries.head.spark"))
    lines = [_render_row(row, heads, brief, selection) for row in brief.ranking_rows]
    figures = [False, *[True] * (len(heads) - 2), False]
    return link_tables.render_stacked_table(brief.ranking_table.caption, heads, figures, lines, " o-abroad")


def _render_row(row: CountryRow, heads: tuple[str, ...], brief: CountriesBrief, selection: Selection) -> str:
    target = replace(selection, indicator=brief.indicator, geo=row.geo, item="", series="", per="", base=0)
    link = escape(build_url(_PATH, target, link_tables.LINK_DEFAULTS), quote=True)
    current = ' aria-current="true"' if row.geo == brief.geo else ""
    note = f"<small>{escape(row.note)}</small>" if row.note else ""
    cells = "".join(
        f'<td data-head="{escape(head, quote=True)}"{html.cell_class(True, words=cell)}>{escape(cell)}</td>'
        for head, cell in zip(heads[1:-1], (row.rank, *row.cells), strict=True)
    )
    spark = html.render_sparkline(row.spark) if row.spark else ""
    kind = ' class="o-first"' if row.is_pinned else ""
    return (
        f'<tr{kind}><th scope="row"><a href="{link}" target="_self"{current}>{escape(row.title)}</a>{note}</th>'
        f"{cells}<td>{spark}</td></tr>"
    )


def _render_footer(brief: CountriesBrief, selection: Selection, localizer: Localizer) -> str:
    notes = "".join(f'<p class="o-source">{escape(note)}</p>' for note in (*brief.notes, brief.source_line))
    url = build_url("/compare", brief.compare_selection, link_tables.LINK_DEFAULTS)
    other = f'<a class="o-asked" href="{escape(url, quote=True)}" '
    other += (
        f'target="_self">{escape(localizer.text("countries.compare"))}</a>' if brief.compare_selection.series else ""
    )
    links = other if brief.compare_selection.series else ""
    methodology = html.render_methodology(brief.methodology.terms, localizer, method_url(selection))
    return f'{notes}<div class="o-mores">{methodology}{links}</div>'


def _show_profile(
    outlook: Outlook, selection: Selection, brief: CountriesBrief, pages: Mapping[str, Any], localizer: Localizer
) -> None:
    url_selectbox(
        outlook.catalogue,
        localizer,
        "w_place",
        localizer.text("countries.control.place"),
        dict(brief.place_options),
        brief.geo,
        lambda current, value: replace(
            current,
            segment=outlook.catalogue.indicators[brief.indicator].segment,
            indicator=brief.indicator,
            geo=value,
            item="",
        ),
    )
    listing, known = brief.profile, brief.profile_figure
    st.html(
        html.render_heading(listing.title, listing.subtitle)
        + link_tables.render_listing(listing, "/segment")
        + bar_table.render_methodology_block(listing.methodology, localizer)
    )
    with st.container(key="fig_place"):
        if known is not None:
            download = html.download_url(known, localizer.language, selection.asof)
            show_figure("place", known, localizer, download, method_url(selection) if known.disclosures else "")
            show_compare_link(known, selection, pages, localizer)
