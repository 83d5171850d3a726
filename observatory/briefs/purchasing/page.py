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
    find_window,
    format_plain_number,
    list_forecast_inputs,
    with_shown_currency,
)
from observatory.briefs.purchasing.odds import frequency_text, odds_percent, odds_text
from observatory.briefs.purchasing.price_rows import build_price_rows
from observatory.briefs.purchasing.price_table import build_price_table
from observatory.briefs.purchasing.threshold import (
    build_threshold_figure,
    build_threshold_ladder,
    deadline_text,
    describe_threshold,
)
from observatory.briefs.purchasing.timing import (
    build_odds_record_chapter,
    build_timing_chapter,
    build_timing_lines,
)
from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import month_ordinal, ordinal_to_period
from observatory.language import Localizer, round_percent, round_significant
from observatory.outlook.outlook import Outlook
from observatory.outlook.purchasing.negotiation import list_raised_rules
from observatory.outlook.purchasing.price_paths import PURCHASING_SEGMENT, input_code
from observatory.outlook.purchasing.threshold_odds import count_months_waited
from observatory.selection import Selection
from observatory.typography import capitalize_first


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
        under=_under_texts(context, query),
        notices=_notice_texts(context, query),
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
        threshold_text=_threshold_text(query, selection, localizer),
        threshold_odds="" if odds is None else _frequency_text(query, odds[1], localizer),
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


def _frequency_text(query: ThresholdQuery, probability: float, localizer: Localizer) -> str:
    """The odds at the deadline as the nearest plain fraction: in November 2027, about 1 chance in 5."""
    frequency = frequency_text(probability, localizer)
    return localizer.text(
        "purchasing.threshold.at", until_in=capitalize_first(deadline_text(query, localizer)), frequency=frequency
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


def _threshold_text(query: ThresholdQuery, selection: Selection, localizer: Localizer) -> str:
    fields, side = describe_threshold(query, selection, localizer), "above" if query.is_above else "below"
    odds = query.compute_odds()
    if odds is None:
        return localizer.text("purchasing.lead.no_paths", **fields)
    if query.is_passed:
        return localizer.text(f"purchasing.lead.passed.{side}", odds=odds_text(odds[1], localizer), **fields)
    return localizer.text(f"purchasing.lead.{side}", odds=odds_text(odds[0], localizer), **fields)


def _under_texts(context: Context, query: ThresholdQuery) -> tuple[str, ...]:
    localizer = context.localizer
    odds = query.compute_odds()
    if odds is None:
        return (localizer.text("purchasing.no_paths"),)
    sentences = [_odds_record_text(context, odds[1 if query.is_passed else 0], at_deadline=query.is_passed)]
    if not query.is_passed:
        sentences.append(
            localizer.text(
                "purchasing.then", until_in=deadline_text(query, localizer), odds=odds_text(odds[1], localizer)
            )
        )
        sentences.append(_waiting_text(context, query))
    if query.quote.kind == "rate" and not query.is_converted:
        sentences.append(localizer.text("purchasing.currency"))
    sentences.append(localizer.text(_timing_key(context.outlook, query)))
    return tuple(part for part in sentences if part)


def _waiting_text(context: Context, query: ThresholdQuery) -> str:
    """What lies between the last value and the window, stated separately; empty where nothing does.

    In an edition whose odds count from the month after the last value, that months already past count.
    """
    localizer = context.localizer
    odds = query.compute_waiting_odds()
    if odds is not None:
        months = [localizer.period(query.find_month(step)) for step in (1, query.first_step - 1)]
        return localizer.plural(
            "purchasing.waited",
            query.first_step - 1,
            since=localizer.period(query.find_month(query.first_step)),
            first=months[0],
            last=months[1],
            odds=odds_text(odds, localizer),
        )
    if count_months_waited(query.history.last, month_ordinal(context.today)) <= 1:
        return ""
    return localizer.text("purchasing.waited.counted", first=localizer.period(query.find_month(1)))


def _timing_key(outlook: Outlook, query: ThresholdQuery) -> str:
    """Message key: whether this input meets the condition of a usable negotiation rule today."""
    usable = {row.rule for row in outlook.study.purchasing.timing_rules if row.usable}
    if usable & set(list_raised_rules(query.history)):
        return "purchasing.timing.raised"
    return "purchasing.timing.not_raised" if usable else "purchasing.timing.none"


def _odds_record_text(context: Context, probability: float, *, at_deadline: bool) -> str:
    """How often past odds in the same class came true; empty without a record of that class."""
    record = context.outlook.study.purchasing.odds_record
    if record is None:
        return ""
    for row in (record.then if at_deadline else record.some).bins:
        if row.low <= probability < row.high or probability == 1 == row.high:
            return context.localizer.text(
                "purchasing.held",
                low=round_percent(row.low),
                high=round_percent(row.high),
                came=context.localizer.percent_digits(row.observed_frequency),
                n=context.localizer.number(row.n),
            )
    return ""


def _notice_texts(context: Context, query: ThresholdQuery) -> tuple[str, ...]:
    outlook, selection, localizer = context.outlook, context.selection, context.localizer
    notices = []
    if find_window(context, query.history).is_moved:
        notices.append(localizer.text("purchasing.notice.by", by=selection.by, until=localizer.period(query.deadline)))
    codes = {input_code(row.id) for row in list_forecast_inputs(outlook)}
    unknown = [part.split(":")[0] for part in selection.basket.split(",") if part and part.split(":")[0] not in codes]
    if unknown:
        notices.append(localizer.text("purchasing.notice.basket", names=", ".join(unknown)))
    if selection.indicator and query.indicator.id != selection.indicator:
        row = outlook.catalogue.indicators.get(selection.indicator)
        if row is not None and row.segment == PURCHASING_SEGMENT:
            notices.append(
                localizer.text(
                    "purchasing.notice.input",
                    title=localizer.field_text(row, "title"),
                    shown=localizer.field_text(query.indicator, "title"),
                )
            )
    return tuple(notices)


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
