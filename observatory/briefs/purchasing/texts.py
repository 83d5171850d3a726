"""Sentences of the page of purchases: the threshold, what lies under it, notices."""

from observatory.briefs.common.context import Context
from observatory.briefs.purchasing.model import ThresholdQuery, find_window, list_forecast_inputs
from observatory.briefs.purchasing.odds import frequency_text, odds_text
from observatory.briefs.purchasing.threshold import deadline_text, describe_threshold
from observatory.catalogue.periods import month_ordinal
from observatory.language import Localizer, round_percent
from observatory.outlook.outlook import Outlook
from observatory.outlook.purchasing.negotiation import list_raised_rules
from observatory.outlook.purchasing.price_paths import PURCHASING_SEGMENT, input_code
from observatory.outlook.purchasing.threshold_odds import count_months_waited
from observatory.selection import Selection
from observatory.typography import capitalize_first


def frequency_sentence(query: ThresholdQuery, probability: float, localizer: Localizer) -> str:
    """The odds at the deadline as the nearest plain fraction: in November 2027, about 1 chance in 5."""
    frequency = frequency_text(probability, localizer)
    return localizer.text(
        "purchasing.threshold.at", until_in=capitalize_first(deadline_text(query, localizer)), frequency=frequency
    )


def threshold_text(query: ThresholdQuery, selection: Selection, localizer: Localizer) -> str:
    """The odds of the threshold in a sentence; that it is passed already, or has no odds, where that is so."""
    fields, side = describe_threshold(query, selection, localizer), "above" if query.is_above else "below"
    odds = query.compute_odds()
    if odds is None:
        return localizer.text("purchasing.lead.no_paths", **fields)
    if query.is_passed:
        return localizer.text(f"purchasing.lead.passed.{side}", odds=odds_text(odds[1], localizer), **fields)
    return localizer.text(f"purchasing.lead.{side}", odds=odds_text(odds[0], localizer), **fields)


def under_texts(context: Context, query: ThresholdQuery) -> tuple[str, ...]:
    """What stands under the odds: their record, those at the deadline, the months between, the rule of timing."""
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


def notice_texts(context: Context, query: ThresholdQuery) -> tuple[str, ...]:
    """What of the address the page could not show: a deadline that moved, inputs that nothing is known of."""
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
