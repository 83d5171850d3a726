"""Past shocks, leading indicators and warning flags of a market: analogies and track records, never forecasts."""

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Chapter, TextTable
from observatory.briefs.common.standing import compare_shares
from observatory.catalogue.models import Catalogue, Segment
from observatory.language import NO_VALUE, Localizer
from observatory.outlook.leads.flags import FLAG_DIRECTIONS
from observatory.outlook.outlook import Outlook
from observatory.outlook.study_parts import MarketShock, RaisedFlag, SegmentLeads

_MIN_CALM_STARTS = 5  # fewer spans without a shock are too few to compare with


def build_shock_chapter(context: Context, segment: Segment) -> Chapter | None:
    """How a market fell and recovered in past shocks, as an analogy for a shock next year; None without any.

    The subtitle describes the shock with the deepest fall; the last row shows spans without a shock, to compare with.
    """
    outlook, localizer = context.outlook, context.localizer
    measured = list_measured_shocks(context, segment)
    if not measured:
        return None
    rows = [_build_shock_row(name, row, localizer) for name, row in _list_shocks(context, segment)]
    calm = outlook.study.calm_periods.get(segment.id)
    reading = localizer.text("shock.reading.text")
    if calm and calm.starts >= _MIN_CALM_STARTS:
        reading = f"{reading} {localizer.text('shock.reading.calm')}"
        depth, spans = localizer.percent_text(calm.depth), localizer.plural("shock.spans", calm.starts)
        rows.append((localizer.text("shock.calm"), depth, NO_VALUE, NO_VALUE, spans))
    headers = tuple(localizer.text(f"shock.head.{name}") for name in ("shock", "depth", "trough", "back", "series"))
    name, deepest = max(measured, key=lambda pair: pair[1].depth or 0.0)
    return Chapter(
        localizer.text("shock.title"),
        _analogy_text(name, deepest, outlook.day.year + 1, segment, localizer),
        ((localizer.text("shock.reading"), reading),),
        (TextTable(localizer.text("shock.caption"), headers, tuple(rows)),),
    )


def list_measured_shocks(context: Context, segment: Segment) -> list[tuple[str, MarketShock]]:
    """The past shocks, by name, in which enough series of a market were known to say how far it fell."""
    return [(name, row) for name, row in _list_shocks(context, segment) if row.depth is not None]


def _list_shocks(context: Context, segment: Segment) -> list[tuple[str, MarketShock]]:
    events = {event.start.isoformat(): event for event in context.outlook.catalogue.events}
    return [
        (context.localizer.field_text(events[row.start], "short"), row.markets[segment.id])
        for row in context.outlook.study.shocks
        if segment.id in row.markets and row.start in events
    ]


def _analogy_text(name: str, row: MarketShock, start: int, segment: Segment, localizer: Localizer) -> str:
    """What a shock that starts in a year would do to a market if it went like a past one."""
    values = {"shock": name, "start": start, "market_of": localizer.field_text(segment, "of")}
    if row.trough_months is None:
        return localizer.text("shock.lead.none", **values)
    values |= {
        "depth": localizer.percent_text(row.depth or 0.0),
        "fall": localizer.plural("shock.months", round(row.trough_months)),
    }
    if row.back_months is None:
        return localizer.text("shock.lead.not_back", **values)
    return localizer.text("shock.lead", back=localizer.plural("shock.months", round(row.back_months)), **values)


def _build_shock_row(name: str, row: MarketShock, localizer: Localizer) -> tuple[str, ...]:
    """Name, depth of the fall, months to the trough, months to recovery, number of series."""
    if row.depth is None:
        return name, NO_VALUE, NO_VALUE, NO_VALUE, localizer.plural("shock.too_few", row.count)
    trough = localizer.number(round(row.trough_months)) if row.trough_months is not None else NO_VALUE
    recovery = NO_VALUE
    if row.fell:
        recovery = localizer.text("shock.not_back")
        if row.back_months is not None:
            recovery = localizer.number(round(row.back_months))
    series = localizer.plural("shock.series", row.count, fell=localizer.number(row.fell))
    return name, localizer.percent_text(row.depth), trough, recovery, series


def build_leads_chapter(context: Context, segment: Segment) -> Chapter | None:
    """The reliable leading indicators of a market, or how many pairs were tested without result; and its flags."""
    outlook, localizer = context.outlook, context.localizer
    leads = outlook.study.leads.get(segment.id)
    if leads is None:
        return None
    flags = _select_raised_flags(outlook, segment.id)
    terms = tuple(
        (
            localizer.text(
                "flag.term", title=localizer.field_text(outlook.catalogue.indicators[row.indicator], "title")
            ),
            _flag_record_text(row, localizer),
        )
        for row in flags
        if row.shown
    )
    hidden_count = sum(not row.shown for row in flags)
    sentences = [_leads_text(leads, localizer)]
    if not terms:
        sentences.append(localizer.text("flag.none"))
    if hidden_count:
        sentences.append(localizer.plural("flag.hidden", hidden_count))
    tables = (_build_leads_table(outlook.catalogue, leads, localizer),) if leads.reliable else ()
    return Chapter(localizer.text("leads.title"), " ".join(sentences), terms, tables)


def _flag_record_text(row: RaisedFlag, localizer: Localizer) -> str:
    """What a flag announces, its false alarms in the past, and how its hit rate stands against the base rate."""
    base = row.base or 0.0
    record = localizer.text(
        f"flag.{row.kind}.record", alarm=_false_alarm_text(row, localizer), base=localizer.percent_digits(base)
    )
    hit_rate = row.followed / row.raised
    standing = localizer.text(
        f"flag.standing.{compare_shares(hit_rate, base)}", share=localizer.percent_digits(hit_rate)
    )
    return f"{record} {standing}"


def _leads_text(lead_summary: SegmentLeads, localizer: Localizer) -> str:
    """The number of reliable leads among the tested pairs, or why there is none."""
    if lead_summary.reliable:
        tested = localizer.number(lead_summary.tested)
        return localizer.plural("leads.some", len(lead_summary.reliable), tested=tested)
    if not lead_summary.tested:
        return localizer.text("leads.short" if lead_summary.pairs else "leads.absent")
    return localizer.plural(
        "leads.none",
        lead_summary.tested,
        together=localizer.number(lead_summary.together),
        ahead=localizer.number(lead_summary.ahead),
    )


def _build_leads_table(catalogue: Catalogue, lead_summary: SegmentLeads, localizer: Localizer) -> TextTable:
    headers = tuple(localizer.text(f"leads.head.{name}") for name in ("lead", "market", "lag", "gain", "origins"))
    rows = tuple(
        (
            localizer.field_text(catalogue.indicators[row.lead], "title"),
            localizer.field_text(catalogue.indicators[row.market], "title"),
            localizer.number(row.lag_months),
            localizer.percent_text(row.gain),
            localizer.number(row.origins),
        )
        for row in lead_summary.reliable
    )
    return TextTable(localizer.text("leads.caption"), headers, rows)


def build_flag_texts(context: Context) -> dict[str, str]:
    """The text of the flags raised on each indicator, by its id, with their false alarms in the past."""
    texts: dict[str, list[str]] = {}
    for row in _select_raised_flags(context.outlook):
        if row.shown:
            text = context.localizer.text(f"flag.{row.kind}", alarm=_false_alarm_text(row, context.localizer))
            texts.setdefault(row.indicator, []).append(text)
    return {indicator: " ".join(sentences) for indicator, sentences in texts.items()}


def _select_raised_flags(outlook: Outlook, segment: str = "") -> list[RaisedFlag]:
    """The flags raised as of an outlook, of one segment or (empty) of all."""
    indicators = outlook.catalogue.indicators
    return [
        row
        for row in outlook.study.raised_flags
        if row.kind in FLAG_DIRECTIONS
        and row.indicator in indicators
        and segment in ("", indicators[row.indicator].segment)
    ]


def _false_alarm_text(row: RaisedFlag, localizer: Localizer) -> str:
    """The number of past raisings of a flag that were false alarms: "3 fois sur 13"."""
    return localizer.plural("flag.alarm", row.raised - row.followed, raised=localizer.number(row.raised))
