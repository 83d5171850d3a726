"""Fields of the page: input, currency, threshold with its side and deadline."""

from dataclasses import replace
from functools import partial

import streamlit as st

from observatory.briefs.feed.model import FeedFilter
from observatory.briefs.feed.offers import build_price_filter
from observatory.briefs.purchasing.model import PurchasingBrief
from observatory.catalogue.models import Catalogue
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.outlook.purchasing.price_paths import PURCHASING_SEGMENT
from observatory.pages.components import html, number_field
from observatory.pages.components.feed_link import show_feed_link
from observatory.pages.components.templates import render
from observatory.pages.components.url_widgets import (
    UrlField,
    escape_markdown,
    make_label_formatter,
    seed_widget,
    update_address,
    url_segmented_control,
    url_selectbox,
)
from observatory.selection import THRESHOLD_SIDES, Selection

PATH = "/purchasing"
_THRESHOLD_LIMITS = number_field.NumberLimits(1e-15, 999_999_999_999_999, whole=False)


def show_inputs(catalogue: Catalogue, brief: PurchasingBrief, localizer: Localizer) -> None:
    """The inputs as chips in one line; the current one is on ink."""
    names = {row.target.indicator: row.title for row in brief.rows}
    field = UrlField(catalogue, "w_input", localizer.text("purchasing.control.input"), _select_input)
    st.pills(
        field.label,
        list(names),
        default=seed_widget(field.key, brief.indicator),
        required=True,
        format_func=make_label_formatter({name: escape_markdown(title) for name, title in names.items()}),
        key=field.key,
        on_change=_on_input_change,
        args=(field,),
        label_visibility="collapsed",
    )


def _on_input_change(field: UrlField) -> None:
    value = st.session_state.get(field.key)
    if value is not None:
        update_address(field.catalogue, lambda current: field.change(current, value))


def select_currency(other_threshold: str, other_side: str, current: Selection, value: str) -> Selection:
    """Shows prices in another currency; a threshold and a side that the reader chose go with them."""
    if value == current.shown_currency:
        return current
    threshold, side = other_threshold if current.threshold else "", other_side if current.side else ""
    return replace(current, currency=value, threshold=threshold, side=side)


def show_threshold(outlook: Outlook, brief: PurchasingBrief, localizer: Localizer) -> None:
    """One field for the threshold and its odds; the side and the deadline are folded."""
    catalogue, ladder = outlook.catalogue, brief.threshold_ladder
    with st.container(key="fig_threshold"):
        title, ask = localizer.text("purchasing.threshold.title"), localizer.text("purchasing.threshold.ask")
        st.html(html.render_heading(title, ask))
        with st.container(key="buy_threshold", horizontal=True):
            field = number_field.NumberField(
                "w_threshold",
                brief.threshold_label,
                _THRESHOLD_LIMITS,
                partial(_on_threshold_change, catalogue, brief.indicator, brief.currency),
            )
            wrong = number_field.show_number_field(field, brief.threshold, localizer)
            odds = brief.threshold_number, localizer.text("purchasing.key.of") if ladder is not None else ""
            st.html(render("threshold_answer", figure=odds[0], unit=odds[1], sentences=()), width="content")
        number_field.show_rejections("threshold", wrong)
        sentences = (brief.threshold_odds, brief.threshold_text, *brief.under[:1])
        st.html(html.render_paragraphs("o-source", *(sentence for sentence in sentences if sentence)))
        with st.expander(localizer.text("purchasing.fold.threshold")):
            st.html(html.render_paragraphs("o-source", *brief.under[1:]))
            with st.container(key="controls", horizontal=True):
                _show_window_controls(catalogue, brief, localizer)
            _show_follow_link(brief, catalogue, localizer)


def _show_follow_link(brief: PurchasingBrief, catalogue: Catalogue, localizer: Localizer) -> None:
    """The feed of the threshold; feeds follow prices as published, so of a price in euros that of its figures."""
    if brief.is_converted:
        follow = FeedFilter(indicator=brief.indicator)
        show_feed_link(follow, localizer.text("purchasing.follow"), catalogue, localizer)
        return
    follow = build_price_filter(brief.indicator, brief.threshold, brief.side, catalogue)
    show_feed_link(follow, localizer.text("share.follow.threshold"), catalogue, localizer)


def _show_window_controls(catalogue: Catalogue, brief: PurchasingBrief, localizer: Localizer) -> None:
    label = localizer.text("purchasing.control.side")
    url_segmented_control(
        UrlField(catalogue, "w_side", label, lambda current, value: replace(current, side=value)),
        [(side, localizer.text(f"purchasing.side.{side}")) for side in THRESHOLD_SIDES],
        brief.side,
    )
    show_deadline(catalogue, brief, localizer)


def show_deadline(catalogue: Catalogue, brief: PurchasingBrief, localizer: Localizer) -> None:
    """The month up to which odds and basket count."""
    label = localizer.text("purchasing.control.by")
    url_selectbox(
        UrlField(catalogue, "w_by", label, lambda current, value: replace(current, by=value)),
        localizer,
        dict(brief.deadline_options),
        brief.deadline,
        width=150,
    )


def _select_input(current: Selection, value: str) -> Selection:
    """Selects another input and drops the threshold, which was a price of the previous input."""
    if value == current.indicator:
        return current
    currency = current.currency or (current.shown_currency if current.threshold else "")
    chosen = replace(current, segment=PURCHASING_SEGMENT, indicator=value, geo="", item="", threshold="", side="")
    return replace(chosen, currency=currency)


def _on_threshold_change(catalogue: Catalogue, indicator: str, currency: str, plain: str) -> None:
    """Writes a typed threshold to the address, with the input and the currency that it applies to."""

    def change(now: Selection) -> Selection:
        chosen = replace(now, segment=PURCHASING_SEGMENT, indicator=indicator, geo="", item="")
        return replace(chosen, threshold=plain, currency=currency)

    update_address(catalogue, change)
