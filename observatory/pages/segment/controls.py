"""Controls of the page of a market: the nine markets, the display of series, the link that compares them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from observatory.briefs.common.model import Figure
from observatory.briefs.figures.series_view import DEFAULT_YEARS_SHOWN, EARLIEST_YEAR
from observatory.briefs.segment.model import MarketBrief
from observatory.catalogue.series_codes import SERIES_SEPARATOR, format_series_code
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.pages.components.pictograms import market_icon
from observatory.pages.components.templates import render
from observatory.pages.components.url_widgets import (
    UrlField,
    build_query,
    escape_markdown,
    url_segmented_control,
    url_selectbox,
)
from observatory.selection import DEFAULT_SELECTION, UNITS, Selection


def show_market_chips(
    outlook: Outlook, brief: MarketBrief, selection: Selection, page: Any, localizer: Localizer
) -> None:
    """The markets as chips in one line, that of the page marked as current."""
    segments = outlook.catalogue.segments
    with st.container(key="market_chips", horizontal=True):
        st.html(render("market_icons", icons=[(segment, market_icon(segment)) for segment in segments]))
        for row in segments.values():
            title = localizer.field_text(row, "title")
            if row.id == brief.segment:
                with st.container(key=f"chip_{row.id}", width="content"):
                    st.html(render("market_chip", title=title), width="content")
            elif row.market:
                with st.container(key=f"chip_{row.id}", width="content"):
                    _show_segment_link(page, row.id, title, selection)


def show_section_links(
    outlook: Outlook, brief: MarketBrief, selection: Selection, page: Any, localizer: Localizer
) -> None:
    """Links to the sections, which are no markets."""
    with st.container(key="sections", horizontal=True):
        st.html(
            render("paragraphs", sentences=[localizer.text("market.sections")], css_class="o-unit"), width="content"
        )
        for row in outlook.catalogue.segments.values():
            if not row.market and row.id != brief.segment:
                _show_segment_link(page, row.id, localizer.field_text(row, "title"), selection)


def _show_segment_link(page: Any, segment: str, title: str, selection: Selection) -> None:
    chosen = replace(selection, segment=segment, indicator="", geo="", item="")
    st.page_link(page, label=escape_markdown(title), query_params=build_query(chosen))


def show_display_controls(outlook: Outlook, brief: MarketBrief, selection: Selection, localizer: Localizer) -> None:
    """Unit and years of the charts of series, and place and item of the one that is shown; folded."""
    with st.expander(localizer.text("market.display"), key="display"):
        url_segmented_control(
            UrlField(
                outlook.catalogue,
                "w_unit",
                localizer.text("control.unit"),
                lambda current, value: replace(current, unit=value),
            ),
            [(unit, localizer.text(f"control.unit.{unit}")) for unit in UNITS],
            selection.unit,
        )
        show_years_control(outlook, selection, localizer)
        detail = brief.opened or brief.first_series
        if detail is not None:
            _show_place_controls(outlook, brief, detail.figure, localizer)


def _show_place_controls(outlook: Outlook, brief: MarketBrief, figure: Figure, localizer: Localizer) -> None:
    if len(figure.geo_options) > 1:
        url_selectbox(
            UrlField(
                outlook.catalogue,
                "w_geo",
                localizer.text("control.geo"),
                lambda current, value: replace(
                    current, indicator=figure.indicator, segment=brief.segment, geo=value, item=""
                ),
            ),
            localizer,
            dict(figure.geo_options),
            figure.geo,
        )
    if len(figure.item_options) > 1:
        url_selectbox(
            UrlField(
                outlook.catalogue,
                "w_item",
                localizer.text("control.item"),
                lambda current, value: replace(
                    current, indicator=figure.indicator, segment=brief.segment, geo=figure.geo, item=value
                ),
            ),
            localizer,
            dict(figure.item_options),
            figure.item,
        )


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


def show_compare_link(figure: Figure, selection: Selection, pages: Mapping[str, Any], localizer: Localizer) -> None:
    """A link that compares this series with others, over the same years and as of the same edition."""
    series = format_series_code((figure.indicator, figure.geo, figure.item))
    st.page_link(
        pages["compare"],
        label=localizer.text("segment.compare"),
        icon=":material/stacked_line_chart:",
        query_params=_build_compare_query(series, selection),
    )


def show_market_comparison(
    brief: MarketBrief, selection: Selection, pages: Mapping[str, Any], localizer: Localizer
) -> None:
    """A link that compares the indicators that weigh most."""
    st.page_link(
        pages["compare"],
        label=localizer.text("market.compare"),
        query_params=_build_compare_query(SERIES_SEPARATOR.join(brief.compared), selection),
    )


def _build_compare_query(series: str, selection: Selection) -> dict[str, str]:
    chosen = {name: getattr(selection, name) for name in ("lang", "horizon", "first", "asof")}
    return build_query(replace(DEFAULT_SELECTION, **chosen, series=series))
