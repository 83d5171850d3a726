"""Builds the brief of the page on purchases: one input against a threshold, a basket, all inputs, when to negotiate."""

from dataclasses import dataclass, replace

from observatory.briefs.common.context import Context
from observatory.briefs.common.data_end import series_end_text
from observatory.briefs.common.model import Chapter, Figure, LinkTable, TextTable
from observatory.briefs.purchasing.answer import build_answer
from observatory.briefs.purchasing.basket import build_basket_figure, build_basket_shares
from observatory.briefs.purchasing.model import (
    DEADLINE_MONTHS,
    DEFAULT_DEADLINE_MONTHS,
    PriceRow,
    PurchasingBrief,
    ThresholdQuery,
    build_threshold_query,
    default_query,
    format_plain_number,
    list_forecast_inputs,
    with_shown_currency,
)
from observatory.briefs.purchasing.odds import odds_percent
from observatory.briefs.purchasing.price_rows import build_price_rows
from observatory.briefs.purchasing.price_table import build_price_table
from observatory.briefs.purchasing.texts import frequency_sentence, notice_texts, threshold_text, under_texts
from observatory.briefs.purchasing.threshold import build_threshold_figure, build_threshold_ladder
from observatory.briefs.purchasing.timing import build_odds_record_chapter, build_timing_chapter, build_timing_lines
from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import month_ordinal, ordinal_to_period
from observatory.language import Localizer, round_significant
from observatory.outlook.outlook import Outlook
from observatory.outlook.purchasing.price_paths import input_code
from observatory.selection import Selection


@dataclass(frozen=True)
class PurchasingParts:
    """The three parts of the page that are cached apart: a change in one does not rebuild the others."""

    threshold: tuple[Figure | None, TextTable | None]
    basket: tuple[Figure | None, tuple[str, ...]]
    inputs: tuple[LinkTable, Chapter | None, Chapter | None, tuple[PriceRow, ...]]


def build_threshold_part(context: Context) -> tuple[Figure | None, TextTable | None]:
    """Chart of one input against the threshold, and the odds of other thresholds; independent of the basket."""
    context = with_shown_currency(context)
    row = _choose_input(context.outlook, context.selection)
    if row is None:
        return None, None
    query = build_threshold_query(context, row)
    return build_threshold_figure(context, query), build_threshold_ladder(query, context.localizer)


def build_basket_part(context: Context) -> tuple[Figure | None, tuple[str, ...]]:
    """The reader's basket up to the deadline; independent of the threshold."""
    context = replace(
        context, selection=replace(context.selection, currency="quoted")
    )  # its months are those published
    row = _choose_input(context.outlook, context.selection)
    return (None, ()) if row is None else build_basket_figure(context, build_threshold_query(context, row))


def build_inputs_part(context: Context) -> tuple[LinkTable, Chapter | None, Chapter | None, tuple[PriceRow, ...]]:
    """All inputs, when to negotiate, the record of past odds; independent of input, threshold and basket."""
    context = with_shown_currency(context)
    rows = list_forecast_inputs(context.outlook)
    if not rows:
        return LinkTable("", "", (), (), 0), None, None, ()
    return (
        build_price_table(context, rows),
        build_timing_chapter(context, rows),
        build_odds_record_chapter(context, rows),
        build_price_rows(context, rows),
    )


def build_purchasing(context: Context, parts: PurchasingParts | None = None) -> PurchasingBrief:
    """The page of the input that is selected, else of the first one forecast; `parts` are computed if not given."""
    context = with_shown_currency(context)
    outlook, selection, localizer = context.outlook, context.selection, context.localizer
    parts = parts or _build_parts(context)
    threshold_figure, threshold_ladder = parts.threshold
    basket_figure, basket_texts = parts.basket
    price_table, timing, odds_record, price_rows = parts.inputs
    inputs = [outlook.headline_key(row) for row in list_forecast_inputs(outlook)]
    kicker = localizer.text("purchasing.kicker", data=series_end_text(context, inputs))
    chosen = _choose_input(outlook, selection)
    if chosen is None:
        return _build_empty(kicker, price_table, localizer)
    query, rows = build_threshold_query(context, chosen), list_forecast_inputs(outlook)
    answer, odds = build_answer(context, query, rows), query.compute_odds()
    return PurchasingBrief(
        kicker=kicker,
        lead=answer.lead,
        under=under_texts(context, query),
        notices=notice_texts(context, query),
        input_options=tuple((row.id, localizer.field_text(row, "title")) for row in rows),
        indicator=chosen.id,
        threshold=selection.threshold or format_plain_number(query.threshold),
        side="above" if query.is_above else "below",
        deadline=selection.by or str(DEFAULT_DEADLINE_MONTHS),
        deadline_options=_list_deadlines(context),
        threshold_figure=threshold_figure,
        threshold_ladder=threshold_ladder,
        basket_figure=basket_figure,
        basket_texts=basket_texts,
        basket_shares=build_basket_shares(context),
        basket_options=tuple((input_code(row.id), localizer.field_text(row, "title")) for row in rows),
        price_table=_link_with_basket(price_table, selection),
        timing=timing,
        odds_record=odds_record,
        answer=answer,
        threshold_text=threshold_text(query, selection, localizer),
        threshold_odds="" if odds is None else frequency_sentence(query, odds[1], localizer),
        threshold_number="" if odds is None else odds_percent(odds[1], localizer)[1],
        threshold_label=localizer.text("purchasing.threshold.label.field", unit=query.unit.noun),
        is_converted=query.is_converted,
        currency=selection.currency,
        currency_options=_list_currencies(context, query),
        other_threshold=_other_threshold(context, query),
        other_side="above" if query.is_above == (query.quote.kind != "rate") else "below",
        rows=tuple(replace(row, target=replace(row.target, basket=selection.basket)) for row in price_rows),
        timing_lines=build_timing_lines(context, rows),
    )


def _build_parts(context: Context) -> PurchasingParts:
    usual = replace(context, selection=replace(context.selection, threshold="", side=""))
    return PurchasingParts(build_threshold_part(context), build_basket_part(context), build_inputs_part(usual))


def _build_empty(kicker: str, price_table: LinkTable, localizer: Localizer) -> PurchasingBrief:
    """The page where no input is forecast."""
    lead = localizer.text("purchasing.lead.nothing")
    return PurchasingBrief(
        kicker, lead, (), (), (), "", "", "above", "", (), None, None, None, (), (), (), price_table, None, None
    )


def _list_currencies(context: Context, query: ThresholdQuery) -> tuple[tuple[str, str], ...]:
    """The currencies in which an input can be shown, with their labels; empty where there is only one."""
    if not default_query(context, query.indicator, "eur").is_converted:
        return ()
    if query.quote.kind == "dollars":
        return ("eur", "€"), ("quoted", "$")
    code, localizer = query.quote.per, context.localizer
    return tuple((name, localizer.text(f"purchasing.currency.{name}", code=code)) for name in ("eur", "quoted"))


def _other_threshold(context: Context, query: ThresholdQuery) -> str:
    """The threshold in the other currency, at the last rate; empty where there is no other."""
    if not query.quote.is_convertible:
        return ""
    euros = query if query.is_converted else default_query(context, query.indicator, "eur")
    published = context.outlook.panel[query.history.key]
    if not euros.is_converted:
        return ""
    value, cost = float(published.values[euros.history.last - published.first]), euros.last_value
    if query.quote.kind == "rate":
        return format_plain_number(round_significant(1 / query.threshold, 4))
    other = query.threshold * (value / cost if query.is_converted else cost / value)
    return format_plain_number(round_significant(other, 3))


def _choose_input(outlook: Outlook, selection: Selection) -> Indicator | None:
    """The input that a selection names, else the first one; None where no input has a forecast."""
    rows = list_forecast_inputs(outlook)
    return next((row for row in rows if row.id == selection.indicator), rows[0] if rows else None)


def _link_with_basket(price_table: LinkTable, selection: Selection) -> LinkTable:
    """The table with the reader's basket added to its links."""
    rows = (replace(row, target=replace(row.target, basket=selection.basket)) for row in price_table.entries)
    return replace(price_table, entries=tuple(rows))


def _list_deadlines(context: Context) -> tuple[tuple[str, str], ...]:
    """The deadlines on offer with their labels; that of the selection first where it is not one of them."""
    selection, localizer = context.selection, context.localizer
    options = {
        str(months): localizer.text(
            "purchasing.by.choice",
            period=localizer.period_short(ordinal_to_period(month_ordinal(context.outlook.day) + months, "M")),
        )
        for months in DEADLINE_MONTHS
    }
    if selection.by and selection.by not in options:
        when = (
            selection.by
            if "-" in selection.by
            else ordinal_to_period(month_ordinal(context.outlook.day) + int(selection.by), "M")
        )
        options = {selection.by: localizer.text("purchasing.by.choice", period=localizer.period_short(when)), **options}
    return tuple(options.items())
