"""Purchasing page: what an input will cost, odds of a threshold, when to negotiate; the reader's own basket."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st
from markupsafe import Markup

from observatory.briefs.common.model import Chapter, Figure
from observatory.briefs.feed.model import FeedFilter
from observatory.briefs.feed.offers import build_price_filter
from observatory.briefs.figures.methodology import FIRST_FORMULA_INDEX
from observatory.briefs.purchasing.model import PriceAnswer, PurchasingBrief
from observatory.catalogue.models import Catalogue
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.outlook.purchasing.price_paths import PURCHASING_SEGMENT
from observatory.pages import brief_cache
from observatory.pages.components import bar_table, html, link_tables, number_field
from observatory.pages.components.feed_link import show_feed_link
from observatory.pages.components.glossary import render_words
from observatory.pages.components.link_tables import LINK_DEFAULTS
from observatory.pages.components.notices import show_notices
from observatory.pages.components.sheet import render_sheet
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
from observatory.selection import (
    DEFAULT_SELECTION,
    THRESHOLD_SIDES,
    Selection,
    build_url,
    format_basket,
    parse_basket,
)

_PATH = "/purchasing"
_DEFAULT_SHARE = 10  # per cent of an input that is added to a basket
_ROWS_SHOWN = 6  # of the other inputs; the rest is folded
_THRESHOLD_LIMITS = number_field.NumberLimits(1e-15, 999_999_999_999_999, whole=False)
_SHARE_LIMITS = number_field.NumberLimits(0, 999)


def show(outlook: Outlook, selection: Selection, _pages: Mapping[str, Any]) -> None:
    """Shows one input, or the basket, from the brief."""
    localizer = localizer_for(selection)
    brief: PurchasingBrief = brief_cache.get_brief("purchasing", outlook, selection)
    show_notices("notices_place", brief.notices)
    if selection.view == "basket" and brief.threshold_figure is not None:
        _show_basket_view(outlook, brief, selection, localizer)
        return
    st.html(html.render_lead(brief.kicker, brief.lead))
    if brief.threshold_figure is None or brief.answer is None:
        return
    _show_inputs(outlook.catalogue, brief, localizer)
    with st.container(key="buy_answer"):
        st.html(_render_answer(brief.answer))
    with st.container(key="buy_columns"):
        with st.container(key="buy_main"):
            _show_price(outlook.catalogue, brief, brief.threshold_figure, brief.answer, localizer)
            with st.container(key="fig_inputs"):
                st.html(_render_rows(brief, selection, localizer))
        with st.container(key="buy_side"):
            _show_threshold(outlook, brief, localizer)
            with st.container(key="fig_timing"):
                if brief.timing is not None:
                    st.html(
                        render("heading", title=brief.timing.title, subtitle="")
                        + render("short_lines", lines=brief.timing_lines)
                    )
            basket_url = build_url(_PATH, replace(selection, view="basket"), LINK_DEFAULTS)
            label = localizer.text("purchasing.basket.open")
            st.html(render("button_link", url=basket_url, text=label, pictogram="achats", is_main=True))
            st.html(_render_sheets(brief, brief.threshold_figure, selection, localizer))


def _show_inputs(catalogue: Catalogue, brief: PurchasingBrief, localizer: Localizer) -> None:
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
                change = partial(_select_currency, brief.other_threshold, brief.other_side)
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


def _select_currency(other_threshold: str, other_side: str, current: Selection, value: str) -> Selection:
    """Shows prices in another currency; a threshold and a side that the reader chose go with them."""
    if value == current.shown_currency:
        return current
    threshold, side = other_threshold if current.threshold else "", other_side if current.side else ""
    return replace(current, currency=value, threshold=threshold, side=side)


def _render_rows(brief: PurchasingBrief, selection: Selection, localizer: Localizer) -> Markup:
    """All inputs but the one shown, then the way to everything else that the section follows."""
    rows = [
        (row, build_url(_PATH, row.target, LINK_DEFAULTS), html.render_sparkline(row.sparkline))
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


def _show_threshold(outlook: Outlook, brief: PurchasingBrief, localizer: Localizer) -> None:
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
    _show_deadline(catalogue, brief, localizer)


def _show_deadline(catalogue: Catalogue, brief: PurchasingBrief, localizer: Localizer) -> None:
    label = localizer.text("purchasing.control.by")
    url_selectbox(
        UrlField(catalogue, "w_by", label, lambda current, value: replace(current, by=value)),
        localizer,
        dict(brief.deadline_options),
        brief.deadline,
        width=150,
    )


def _render_sheets(brief: PurchasingBrief, figure: Figure, selection: Selection, localizer: Localizer) -> Markup:
    """What is folded: other thresholds, all inputs as a table, past odds, rules tried, sources and calculation."""
    sheets = []
    if brief.threshold_ladder is not None:
        sheets.append(
            (localizer.text("purchasing.ladder.title"), link_tables.render_text_table(brief.threshold_ladder))
        )
    listing = link_tables.render_listing(brief.price_table, _PATH)
    table = html.render_paragraphs("o-unit", brief.price_table.subtitle) + listing
    sheets.append(
        (localizer.text("purchasing.fold.table"), table + _fold_methodology(brief.price_table.methodology, localizer))
    )
    for chapter, title in ((brief.odds_record, ""), (brief.timing, localizer.text("purchasing.fold.rules"))):
        if chapter is not None:
            content = _render_chapter(chapter) + _fold_methodology(chapter.methodology, localizer)
            sheets.append((title or chapter.title, content))
    download = html.download_url(figure, localizer.language, selection.asof) if figure.provenance.publisher else ""
    said = brief.answer.conversion if brief.answer is not None else ""
    rest = replace(figure, notes=tuple(note for note in figure.notes if note != said))
    footer = html.render_figure_footer(rest, download, localizer, method_url(selection))
    sheets.append((localizer.text("purchasing.fold.method"), footer + _render_methodology(brief, localizer)))
    return Markup().join(render_sheet(title, content) for title, content in sheets)


def _fold_methodology(terms: tuple[tuple[str, str], ...], localizer: Localizer) -> Markup:
    return bar_table.render_methodology_block(terms, localizer)


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


def _show_basket_view(outlook: Outlook, brief: PurchasingBrief, selection: Selection, localizer: Localizer) -> None:
    """The reader's basket: its inputs and shares, then its index."""
    figure = brief.basket_figure
    back_url = build_url(_PATH, replace(selection, view=""), LINK_DEFAULTS)
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
        _show_deadline(outlook.catalogue, brief, localizer)
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


def _render_chapter(chapter: Chapter) -> Markup:
    """A chapter: terms, then tables; a single table is folded and takes the whole width."""
    text = html.render_heading(chapter.title, chapter.subtitle)
    if chapter.terms:
        text += html.render_terms(chapter.terms)
    if len(chapter.tables) == 1:
        return text + html.render_details(chapter.tables[0].caption, link_tables.render_text_table(chapter.tables[0]))
    tables = [(table.caption, link_tables.render_text_table(table)) for table in chapter.tables]
    return text + render("captioned_tables", tables=tables)
