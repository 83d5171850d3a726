"""Data page: the catalogue of indicators with search and filters, one of them open, and what takes everything."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st
from markupsafe import Markup

from observatory.briefs.data.page import VISIBLE_ENTRIES, CatalogueFilter, DataBrief, OpenIndicator
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.pages import brief_cache
from observatory.pages.components import html
from observatory.pages.components.link_tables import LINK_DEFAULTS
from observatory.pages.components.templates import render
from observatory.pages.components.url_widgets import (
    UrlField,
    localizer_for,
    seed_widget,
    update_address,
    url_selectbox,
)
from observatory.selection import MAX_FIND_CHARS, Selection, build_url, parse_find

_PATH = "/data"
_FIND_KEY = "w_find"


def show(outlook: Outlook, selection: Selection, _pages: Mapping[str, Any]) -> None:
    """Shows the page from its brief."""
    localizer = localizer_for(selection)
    brief: DataBrief = brief_cache.get_brief("data", outlook, selection)
    st.html(html.render_lead(brief.kicker, brief.lead, brief.under))
    with st.container(key="catalogue_search"):
        _show_search(outlook, selection, localizer)
        with st.container(key="controls", horizontal=True):
            for row in brief.filters:
                _show_filter(outlook, row, localizer)
    with st.container(key="fig_indicator"):
        if brief.opened is not None:
            st.html(_render_opened(brief.opened, selection, localizer))
    with st.container(key="fig_found"):
        st.html(html.render_heading(brief.found, "") + _render_rows(brief, selection, localizer))
    with st.container(key="fig_files"):
        st.html(html.render_heading(localizer.text("data.files"), "") + render("catalogue_files", files=brief.files))


def _show_search(outlook: Outlook, selection: Selection, localizer: Localizer) -> None:
    """The search field; its words go to the address, so that a search can be shared."""
    st.text_input(
        localizer.text("data.find"),
        value=seed_widget(_FIND_KEY, selection.find),
        key=_FIND_KEY,
        max_chars=MAX_FIND_CHARS,
        type="search",
        placeholder=localizer.text("data.find.hint"),
        on_change=_write_search,
        args=(outlook,),
    )


def _write_search(outlook: Outlook) -> None:
    words = parse_find(st.session_state.get(_FIND_KEY) or "")
    update_address(outlook.catalogue, lambda current: replace(current, find=words, indicator="", geo="", item=""))


def _show_filter(outlook: Outlook, row: CatalogueFilter, localizer: Localizer) -> None:
    """A filter as a select box; choosing closes the indicator that was open."""
    closed: dict[str, Any] = {"indicator": "", "geo": "", "item": ""}
    url_selectbox(
        UrlField(
            outlook.catalogue,
            f"w_{row.field}",
            row.label,
            lambda current, value: replace(current, **{**closed, row.field: value}),
        ),
        localizer,
        {option.value: option.label for option in row.options},
        row.value,
        width=220,
    )


def _render_rows(brief: DataBrief, selection: Selection, localizer: Localizer) -> Markup:
    """The indicators found, the first ones in sight and the rest folded; a sentence if there is none."""
    if not brief.rows:
        return html.render_paragraphs("o-under", brief.empty)
    rows = [
        (
            row,
            build_url(_PATH, replace(selection, segment="", indicator=row.indicator), LINK_DEFAULTS)
            if row.state != "awaiting"
            else "",
            html.render_sparkline(spark) if spark else "",
        )
        for row, spark in brief.rows
    ]
    heads = tuple(localizer.text(f"data.head.{name}") for name in ("indicator", "publisher", "latest", "frequency"))
    text = render("catalogue_rows", rows=rows[:VISIBLE_ENTRIES], heads=heads)
    if len(rows) > VISIBLE_ENTRIES:
        text += html.render_details(
            brief.rest_label, render("catalogue_rows", rows=rows[VISIBLE_ENTRIES:], heads=heads)
        )
    return text


def _render_opened(opened: OpenIndicator, selection: Selection, localizer: Localizer) -> Markup:
    return render(
        "catalogue_indicator",
        row=opened,
        page_url=build_url("/segment", opened.page, LINK_DEFAULTS),
        compare_url=build_url("/compare", opened.compare, LINK_DEFAULTS),
        close_url=build_url(_PATH, replace(selection, indicator="", segment=""), LINK_DEFAULTS),
        localizer=localizer,
    )
