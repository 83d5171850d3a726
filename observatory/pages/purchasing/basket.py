"""The reader's basket: its inputs and shares, then its index."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import streamlit as st

from observatory.briefs.purchasing.model import PurchasingBrief
from observatory.catalogue.models import Catalogue
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.pages.components import html, number_field
from observatory.pages.components.glossary import render_words
from observatory.pages.components.link_tables import LINK_DEFAULTS
from observatory.pages.components.templates import render
from observatory.pages.components.url_widgets import (
    escape_markdown,
    make_label_formatter,
    method_url,
    seed_widget,
    update_address,
)
from observatory.pages.purchasing.controls import PATH, show_deadline
from observatory.selection import Selection, build_url, format_basket, parse_basket

_DEFAULT_SHARE = 10  # per cent of an input that is added to a basket
_SHARE_LIMITS = number_field.NumberLimits(0, 999)


def show_basket_view(outlook: Outlook, brief: PurchasingBrief, selection: Selection, localizer: Localizer) -> None:
    """The reader's basket: its inputs and shares, then its index."""
    figure = brief.basket_figure
    back_url = build_url(PATH, replace(selection, view=""), LINK_DEFAULTS)
    back = render(
        "button_link", url=back_url, text=localizer.text("purchasing.basket.back"), pictogram="achats", is_main=False
    )
    lead = figure.takeaway if figure is not None else " ".join(brief.basket_texts)
    st.html(html.render_lead(brief.kicker, localizer.text("purchasing.basket.title"), (lead,)) + back)
    with st.container(key="fig_basket"):
        if figure is None:
            return
        st.html(html.render_paragraphs("o-source", *brief.basket_texts))
        _show_shares(outlook.catalogue, brief, localizer)
        show_deadline(outlook.catalogue, brief, localizer)
        st.html(html.render_paragraphs("o-unit", figure.subtitle) + render_words(("forecast", "range"), localizer))
        st.vega_lite_chart(figure.spec, theme=None, alt=figure.alt, key=f"basket_{localizer.language}")
        st.html(html.render_figure_footer(replace(figure, takeaway=""), "", localizer, method_url(selection)))


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
