"""Purchasing page: what an input will cost, odds of a threshold, when to negotiate; the reader's own basket."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st
from markupsafe import Markup

from observatory.briefs.common.model import Figure
from observatory.briefs.purchasing.model import PriceAnswer, PurchasingBrief
from observatory.catalogue.models import Catalogue
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.outlook.purchasing.price_paths import PURCHASING_SEGMENT
from observatory.pages import brief_cache
from observatory.pages.components import html
from observatory.pages.components.glossary import render_words
from observatory.pages.components.link_tables import LINK_DEFAULTS
from observatory.pages.components.notices import show_notices
from observatory.pages.components.templates import render
from observatory.pages.components.url_widgets import UrlField, localizer_for, url_segmented_control
from observatory.pages.purchasing.basket import show_basket_view
from observatory.pages.purchasing.controls import PATH, select_currency, show_inputs, show_threshold
from observatory.pages.purchasing.sheets import render_sheets
from observatory.selection import DEFAULT_SELECTION, Selection, build_url

_ROWS_SHOWN = 6  # of the other inputs; the rest is folded


def show(outlook: Outlook, selection: Selection, _pages: Mapping[str, Any]) -> None:
    """Shows one input, or the basket, from the brief."""
    localizer = localizer_for(selection)
    brief: PurchasingBrief = brief_cache.get_brief("purchasing", outlook, selection)
    show_notices("notices_place", brief.notices)
    if selection.view == "basket" and brief.threshold_figure is not None:
        show_basket_view(outlook, brief, selection, localizer)
        return
    st.html(html.render_lead(brief.kicker, brief.lead))
    if brief.threshold_figure is None or brief.answer is None:
        return
    show_inputs(outlook.catalogue, brief, localizer)
    with st.container(key="buy_answer"):
        st.html(_render_answer(brief.answer))
    with st.container(key="buy_columns"):
        with st.container(key="buy_main"):
            _show_price(outlook.catalogue, brief, brief.threshold_figure, brief.answer, localizer)
            with st.container(key="fig_inputs"):
                st.html(_render_rows(brief, selection, localizer))
        with st.container(key="buy_side"):
            show_threshold(outlook, brief, localizer)
            with st.container(key="fig_timing"):
                if brief.timing is not None:
                    st.html(
                        render("heading", title=brief.timing.title, subtitle="")
                        + render("short_lines", lines=brief.timing_lines)
                    )
            basket_url = build_url(PATH, replace(selection, view="basket"), LINK_DEFAULTS)
            label = localizer.text("purchasing.basket.open")
            st.html(render("button_link", url=basket_url, text=label, pictogram="achats", is_main=True))
            st.html(render_sheets(brief, brief.threshold_figure, selection, localizer))


def _render_answer(answer: PriceAnswer) -> Markup:
    return render("price_answer", warning=answer.warning, figures=answer.key_figures, window=answer.window)


def _show_price(
    catalogue: Catalogue, brief: PurchasingBrief, figure: Figure, answer: PriceAnswer, localizer: Localizer
) -> None:
    """The chart of the input, the currency in its head; how the price was converted, and its source."""
    with st.container(key="fig_main"):
        with st.container(key="buy_head", horizontal=True):
            st.html(render("heading", title=figure.title, subtitle=""))
            if brief.currency_options:
                change = partial(select_currency, brief.other_threshold, brief.other_side)
                label = localizer.text("purchasing.control.currency")
                url_segmented_control(
                    UrlField(catalogue, "w_currency", label, change), brief.currency_options, brief.currency
                )
        st.html(html.render_paragraphs("o-unit", figure.subtitle) + render_words(("forecast", "range"), localizer))
        if figure.spec is None:
            st.html(html.render_paragraphs("o-under", localizer.text("figure.empty")))
        else:
            st.vega_lite_chart(figure.spec, theme=None, alt=figure.alt, key=f"main_{localizer.language}")
        st.html(html.render_paragraphs("o-source", answer.conversion, answer.sources))


def _render_rows(brief: PurchasingBrief, selection: Selection, localizer: Localizer) -> Markup:
    """All inputs but the one shown, then the way to everything else that the section follows."""
    rows = [
        (row, build_url(PATH, row.target, LINK_DEFAULTS), html.render_sparkline(row.sparkline))
        for row in brief.rows
        if row.target.indicator != brief.indicator
    ]
    title = localizer.text("purchasing.others.title")
    subtitle = localizer.text(f"purchasing.others.note.{brief.currency}")
    section = replace(DEFAULT_SELECTION, lang=selection.lang, asof=selection.asof, segment=PURCHASING_SEGMENT)
    is_converted = any(row.note == localizer.text("purchasing.row.converted") for row in brief.rows)
    return html.render_heading(title, subtitle) + render(
        "price_rows",
        rows=rows[:_ROWS_SHOWN],
        rest=rows[_ROWS_SHOWN:],
        rest_title=localizer.plural("purchasing.others.rest", len(rows[_ROWS_SHOWN:])),
        note=localizer.text("purchasing.others.converted") if is_converted else "",
        more_url=build_url("/data", section, LINK_DEFAULTS),
        more=localizer.text("purchasing.others.more"),
    )
