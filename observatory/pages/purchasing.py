"""Purchasing page: price forecasts of inputs, threshold probability, the reader's own basket, when to negotiate."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st
from markupsafe import Markup

from observatory.briefs.common.model import Chapter
from observatory.briefs.feed.offers import build_price_filter
from observatory.briefs.figures.methodology import FIRST_FORMULA_INDEX
from observatory.briefs.purchasing.model import PurchasingBrief
from observatory.catalogue.models import Catalogue
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.outlook.purchasing.price_paths import PURCHASING_SEGMENT
from observatory.pages import brief_cache
from observatory.pages.components import bar_table, html, link_tables, number_field
from observatory.pages.components.feed_link import show_feed_link
from observatory.pages.components.figure import show_figure
from observatory.pages.components.notices import show_notices
from observatory.pages.components.templates import render
from observatory.pages.components.url_widgets import (
    UrlField,
    escape_markdown,
    localizer_for,
    make_label_formatter,
    method_url,
    seed_widget,
    update_address,
    url_segmented_control,
    url_selectbox,
)
from observatory.selection import THRESHOLD_SIDES, Selection, format_basket, parse_basket

_PATH = "/purchasing"
_DEFAULT_SHARE = 10  # per cent of an input that is added to a basket
_THRESHOLD_LIMITS = number_field.NumberLimits(1e-15, 999_999_999_999_999, whole=False)
_SHARE_LIMITS = number_field.NumberLimits(0, 999)


def show(outlook: Outlook, selection: Selection, _pages: Mapping[str, Any]) -> None:
    """Shows the page from its brief."""
    localizer = localizer_for(selection)
    brief: PurchasingBrief = brief_cache.get_brief("purchasing", outlook, selection)
    show_notices("notices_place", brief.notices)
    st.html(html.render_lead(brief.kicker, brief.lead, brief.under) + _render_methodology(brief, localizer))
    if brief.threshold_figure is None:
        return
    _show_controls(outlook, brief, localizer)
    with st.container(key="fig_main"):
        download = html.download_url(brief.threshold_figure, localizer.language, selection.asof)
        show_figure(
            "main",
            brief.threshold_figure,
            localizer,
            download if brief.threshold_figure.provenance.publisher else "",
            method_url(selection),
        )
        follow = build_price_filter(brief.indicator, brief.threshold, brief.side, outlook.catalogue)
        show_feed_link(follow, localizer.text("share.follow.threshold"), outlook.catalogue, localizer)
    with st.container(key="fig_ladder"):
        if brief.threshold_ladder is not None:
            title = localizer.text("purchasing.ladder.title")
            st.html(
                html.render_heading(title, brief.threshold_ladder.caption)
                + link_tables.render_text_table(brief.threshold_ladder)
                + bar_table.render_methodology_block(brief.threshold_figure.methodology, localizer)
            )
    _show_basket(outlook, brief, selection, localizer)
    with st.container(key="fig_inputs"):
        st.html(
            html.render_heading(brief.price_table.title, brief.price_table.subtitle)
            + link_tables.render_listing(brief.price_table, _PATH)
            + bar_table.render_methodology_block(brief.price_table.methodology, localizer)
        )
    for name, chapter in (("timing", brief.timing), ("record", brief.odds_record)):
        with st.container(key=f"fig_{name}"):
            if chapter is not None:
                st.html(_render_chapter(chapter) + bar_table.render_methodology_block(chapter.methodology, localizer))


def _render_methodology(brief: PurchasingBrief, localizer: Localizer) -> Markup:
    """The methodology of the sentences of the lead: probability, its track record, timing."""
    own = {
        term
        for chapter in (brief.odds_record, brief.timing)
        if chapter is not None
        for term in chapter.methodology[FIRST_FORMULA_INDEX:]
    }
    terms = brief.threshold_figure.methodology if brief.threshold_figure is not None else ()
    return bar_table.render_methodology_block((*terms, *sorted(own - set(terms))), localizer)


def _show_controls(outlook: Outlook, brief: PurchasingBrief, localizer: Localizer) -> None:
    catalogue = outlook.catalogue
    with st.container(key="controls", horizontal=True):
        url_selectbox(
            UrlField(catalogue, "w_input", localizer.text("purchasing.control.input"), _select_input),
            localizer,
            dict(brief.input_options),
            brief.indicator,
            width=320,
        )
        wrong = number_field.show_number_field(
            number_field.NumberField(
                "w_threshold",
                localizer.text("purchasing.control.threshold"),
                _THRESHOLD_LIMITS,
                partial(_on_threshold_change, catalogue, brief.indicator),
            ),
            brief.threshold,
            localizer,
            width=140,
        )
        url_segmented_control(
            UrlField(
                catalogue,
                "w_side",
                localizer.text("purchasing.control.side"),
                lambda current, value: replace(current, side=value),
            ),
            [(side, localizer.text(f"purchasing.side.{side}")) for side in THRESHOLD_SIDES],
            brief.side,
        )
        url_selectbox(
            UrlField(
                catalogue,
                "w_by",
                localizer.text("purchasing.control.by"),
                lambda current, value: replace(current, by=value),
            ),
            localizer,
            dict(brief.deadline_options),
            brief.deadline,
            width=150,
        )
    number_field.show_rejections("threshold", wrong)


def _select_input(current: Selection, value: str) -> Selection:
    """Selects another input and drops the threshold, which was a price of the previous input."""
    if value == current.indicator:
        return current
    return replace(current, segment=PURCHASING_SEGMENT, indicator=value, geo="", item="", threshold="", side="")


def _on_threshold_change(catalogue: Catalogue, indicator: str, plain: str) -> None:
    """Writes a typed threshold to the address, with the input that it applies to."""
    update_address(
        catalogue,
        lambda now: replace(now, segment=PURCHASING_SEGMENT, indicator=indicator, geo="", item="", threshold=plain),
    )


def _show_basket(outlook: Outlook, brief: PurchasingBrief, selection: Selection, localizer: Localizer) -> None:
    """The reader's basket: its inputs and shares, then its index."""
    with st.container(key="fig_basket"):
        if brief.basket_figure is None:
            st.html(html.render_heading(localizer.text("purchasing.basket.title"), " ".join(brief.basket_texts)))
            return
        st.html(
            html.render_heading(brief.basket_figure.title, brief.basket_figure.subtitle)
            + html.render_paragraphs("o-source", *brief.basket_texts)
        )
        _show_shares(outlook.catalogue, brief, localizer)
        st.vega_lite_chart(
            brief.basket_figure.spec, theme=None, alt=brief.basket_figure.alt, key=f"basket_{localizer.language}"
        )
        st.html(html.render_figure_footer(brief.basket_figure, "", localizer, method_url(selection)))


def _show_shares(catalogue: Catalogue, brief: PurchasingBrief, localizer: Localizer) -> None:
    """The choice of inputs in the basket, and a number field for each share."""
    shares = {row.code: row.share for row in brief.basket_shares}
    names = dict(brief.basket_options)
    st.multiselect(
        localizer.text("purchasing.basket.pick"),
        list(names),
        default=seed_widget("w_basket", list(shares)),
        format_func=make_label_formatter(names),
        key="w_basket",
        placeholder=localizer.text("control.placeholder"),
        on_change=_on_basket_change,
        args=(catalogue, shares),
    )
    with st.container(key="shares", horizontal=True):
        wrong = [
            number_field.show_number_field(
                number_field.NumberField(
                    f"w_share_{row.code}",
                    localizer.text("purchasing.basket.share", title=escape_markdown(row.title)),
                    _SHARE_LIMITS,
                    partial(_on_share_change, catalogue, shares, row.code),
                ),
                str(row.share),
                localizer,
                width=220,
            )
            for row in brief.basket_shares
        ]
    number_field.show_rejections("shares", *wrong)


def _on_basket_change(catalogue: Catalogue, shares: Mapping[str, int]) -> None:
    chosen = st.session_state.get("w_basket", [])
    _write_basket(catalogue, {code: shares.get(code, _DEFAULT_SHARE) for code in chosen})


def _on_share_change(catalogue: Catalogue, shares: Mapping[str, int], code: str, plain: str) -> None:
    _write_basket(catalogue, {**shares, code: int(plain or 0)})


def _write_basket(catalogue: Catalogue, shares: Mapping[str, int]) -> None:
    text = format_basket(shares)
    if parse_basket(text) or not text:
        update_address(catalogue, lambda now: replace(now, basket=text))


def _render_chapter(chapter: Chapter) -> Markup:
    """A chapter: terms, then tables; a single table is folded and takes the whole width."""
    text = html.render_heading(chapter.title, chapter.subtitle)
    if chapter.terms:
        text += html.render_terms(chapter.terms)
    if len(chapter.tables) == 1:
        return text + html.render_details(chapter.tables[0].caption, link_tables.render_text_table(chapter.tables[0]))
    tables = [(table.caption, link_tables.render_text_table(table)) for table in chapter.tables]
    return text + render("captioned_tables", tables=tables)
