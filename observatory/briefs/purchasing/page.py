"""What the page on purchases says: one input against the reader's threshold, all inputs, the moment to negotiate."""

from dataclasses import dataclass, replace

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Chapter, Figure, LinkTable, TextTable
from observatory.briefs.purchasing.basket import build_basket_figure, build_basket_shares
from observatory.briefs.purchasing.model import (
    DEADLINE_MONTHS,
    DEFAULT_DEADLINE_MONTHS,
    PurchasingBrief,
    ThresholdQuery,
    build_threshold_query,
    count_months_ahead,
    format_plain_number,
    list_forecast_inputs,
    odds_text,
)
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
)
from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import month_ordinal, ordinal_to_period
from observatory.language import Localizer, round_percent
from observatory.outlook.outlook import Outlook
from observatory.outlook.purchasing.negotiation import list_raised_rules
from observatory.outlook.purchasing.price_paths import PURCHASING_SEGMENT, input_code
from observatory.selection import Selection


@dataclass(frozen=True)
class PurchasingParts:
    """What is drawn and listed, in three parts: none is built anew when the reader changes what another one shows."""

    threshold: tuple[Figure | None, TextTable | None]
    basket: tuple[Figure | None, tuple[str, ...]]
    inputs: tuple[LinkTable, Chapter | None, Chapter | None]


def build_threshold_part(context: Context) -> tuple[Figure | None, TextTable | None]:
    """One input against the threshold, and the chances of others: whatever the basket."""
    row = _choose_input(context.outlook, context.selection)
    if row is None:
        return None, None
    ask = build_threshold_query(context, row)
    return build_threshold_figure(context, ask), build_threshold_ladder(ask, context.localizer)


def build_basket_part(context: Context) -> tuple[Figure | None, tuple[str, ...]]:
    """The reader's basket, up to the month asked for: whatever the threshold."""
    row = _choose_input(context.outlook, context.selection)
    return (None, ()) if row is None else build_basket_figure(context, build_threshold_query(context, row))


def build_inputs_part(context: Context) -> tuple[LinkTable, Chapter | None, Chapter | None]:
    """All inputs, the moment to negotiate, what chances were worth: whatever the input, threshold and basket."""
    rows = list_forecast_inputs(context.outlook)
    if not rows:
        return LinkTable("", "", (), (), 0), None, None
    return (
        build_price_table(context, rows),
        build_timing_chapter(context, rows),
        build_odds_record_chapter(context, rows),
    )


def build_purchasing(context: Context, parts: PurchasingParts | None = None) -> PurchasingBrief:
    """The page of the input that the selection names (the first that is forecast, if it names none)."""
    outlook, selection, localizer = context.outlook, context.selection, context.localizer
    parts = parts or PurchasingParts(
        build_threshold_part(context),
        build_basket_part(context),
        build_inputs_part(context),
    )
    (main, ladder), (figure, said), (inputs, timing, record) = parts.threshold, parts.basket, parts.inputs
    kicker = localizer.text("purchasing.kicker", date=localizer.day(outlook.day))
    chosen = _choose_input(outlook, selection)
    if chosen is None:
        lead = localizer.text("purchasing.lead.nothing")
        return PurchasingBrief(
            kicker, lead, (), (), (), "", "", "above", "", (), None, None, None, (), (), (), inputs, None, None
        )
    ask, rows = build_threshold_query(context, chosen), list_forecast_inputs(outlook)
    return PurchasingBrief(
        kicker=kicker,
        lead=_lead_text(ask, selection, localizer),
        under=_under_texts(context, ask),
        notices=_notice_texts(context, ask),
        input_options=tuple((row.id, localizer.field_text(row, "title")) for row in rows),
        indicator=chosen.id,
        threshold=selection.threshold or format_plain_number(ask.threshold),
        side="above" if ask.is_above else "below",
        deadline=selection.by or str(DEFAULT_DEADLINE_MONTHS),
        deadline_options=_list_deadlines(context),
        threshold_figure=main,
        threshold_ladder=ladder,
        basket_figure=figure,
        basket_texts=said,
        basket_shares=build_basket_shares(context),
        basket_options=tuple((input_code(row.id), localizer.field_text(row, "title")) for row in rows),
        price_table=_link_with_basket(inputs, selection),
        timing=timing,
        odds_record=record,
    )


def _choose_input(outlook: Outlook, selection: Selection) -> Indicator | None:
    """The input that a selection names, else the first one."""
    rows = list_forecast_inputs(outlook)
    return next((row for row in rows if row.id == selection.indicator), rows[0] if rows else None)


def _link_with_basket(inputs: LinkTable, selection: Selection) -> LinkTable:
    """The list with links that keep the reader's basket."""
    rows = (replace(row, target=replace(row.target, basket=selection.basket)) for row in inputs.entries)
    return replace(inputs, entries=tuple(rows))


def _lead_text(query: ThresholdQuery, selection: Selection, localizer: Localizer) -> str:
    goal, side = describe_threshold(query, selection, localizer), "above" if query.is_above else "below"
    found = query.compute_odds()
    if found is None:
        return localizer.text("purchasing.lead.no_paths", **goal)
    if query.is_passed:
        return localizer.text(f"purchasing.lead.passed.{side}", odds=odds_text(found[1], localizer), **goal)
    return localizer.text(f"purchasing.lead.{side}", odds=odds_text(found[0], localizer), **goal)


def _under_texts(context: Context, query: ThresholdQuery) -> tuple[str, ...]:
    localizer = context.localizer
    found = query.compute_odds()
    if found is None:
        return (localizer.text("purchasing.no_paths"),)
    said = [_odds_record_text(context, found[1 if query.is_passed else 0], query.is_passed)]
    if not query.is_passed:
        said.append(
            localizer.text(
                "purchasing.then", until_in=deadline_text(query, localizer), odds=odds_text(found[1], localizer)
            )
        )
    if query.indicator.id.startswith("eur_"):
        said.append(localizer.text("purchasing.currency"))
    said.append(localizer.text(_timing_key(context.outlook, query)))
    return tuple(part for part in said if part)


def _timing_key(outlook: Outlook, query: ThresholdQuery) -> str:
    """Whether a rule that proved usable is raised by this input today."""
    usable = {row.rule for row in outlook.study.purchasing.timing_rules if row.usable}
    if usable & set(list_raised_rules(query.history)):
        return "purchasing.timing.raised"
    return "purchasing.timing.not_raised" if usable else "purchasing.timing.none"


def _odds_record_text(context: Context, probability: float, at_deadline: bool) -> str:
    """How often chances like this one came true."""
    record = context.outlook.study.purchasing.odds_record
    if record is None:
        return ""
    for row in (record.then if at_deadline else record.some).bins:
        if row.low <= probability < row.high or probability == 1 == row.high:
            return context.localizer.text(
                "purchasing.held",
                low=round_percent(row.low),
                high=round_percent(row.high),
                came=round_percent(row.observed_frequency),
                n=context.localizer.number(row.n),
            )
    return ""


def _notice_texts(context: Context, query: ThresholdQuery) -> tuple[str, ...]:
    outlook, selection, localizer = context.outlook, context.selection, context.localizer
    said = []
    if count_months_ahead(outlook, query.history, selection.by)[1]:
        said.append(localizer.text("purchasing.notice.by", by=selection.by, until=localizer.period(query.deadline)))
    known = {input_code(row.id) for row in list_forecast_inputs(outlook)}
    strange = [part.split(":")[0] for part in selection.basket.split(",") if part and part.split(":")[0] not in known]
    if strange:
        said.append(localizer.text("purchasing.notice.basket", names=", ".join(strange)))
    if selection.indicator and query.indicator.id != selection.indicator:
        row = outlook.catalogue.indicators.get(selection.indicator)
        if row is not None and row.segment == PURCHASING_SEGMENT:
            said.append(
                localizer.text(
                    "purchasing.notice.input",
                    title=localizer.field_text(row, "title"),
                    shown=localizer.field_text(query.indicator, "title"),
                )
            )
    return tuple(said)


def _list_deadlines(context: Context) -> tuple[tuple[str, str], ...]:
    selection, localizer = context.selection, context.localizer
    found = {
        str(months): localizer.text(
            "purchasing.by.choice",
            period=localizer.period_short(ordinal_to_period(month_ordinal(context.outlook.day) + months, "M")),
        )
        for months in DEADLINE_MONTHS
    }
    if selection.by and selection.by not in found:
        when = (
            selection.by
            if "-" in selection.by
            else ordinal_to_period(month_ordinal(context.outlook.day) + int(selection.by), "M")
        )
        found = {selection.by: localizer.text("purchasing.by.choice", period=localizer.period_short(when)), **found}
    return tuple(found.items())
