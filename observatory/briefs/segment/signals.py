"""What a segment page says of past shocks, of leading signals and of flags: analogies and records, never forecasts."""

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Chapter, TextTable
from observatory.catalogue.models import Catalogue, Segment
from observatory.language import Localizer
from observatory.outlook.leads.flags import FLAG_DIRECTIONS
from observatory.outlook.outlook import Outlook
from observatory.outlook.study import MarketShock, RaisedFlag, SegmentLeads

_MIN_CALM_STARTS = 5  # fewer spans without a shock are no yardstick
_DASH = "\u2013"


def build_shock_chapter(context: Context, segment: Segment) -> Chapter | None:
    """What past shocks did to a market, as an analogy for one that would start next year; None where none is known."""
    outlook, localizer = context.outlook, context.localizer
    events = {event.start.isoformat(): event for event in outlook.catalogue.events}
    seen = [
        (localizer.field_text(events[row.start], "short"), row.markets[segment.id])
        for row in outlook.study.shocks
        if segment.id in row.markets and row.start in events
    ]
    whole = [(name, row) for name, row in seen if row.depth is not None]
    if not whole:
        return None
    rows = [_build_shock_row(name, row, localizer) for name, row in seen]
    calm = outlook.study.calm_periods.get(segment.id)
    reading = localizer.text("shock.reading.text")
    if calm and calm.starts >= _MIN_CALM_STARTS:
        reading = f"{reading} {localizer.text('shock.reading.calm')}"
        depth = _format_drawdown(calm.depth, localizer)
        rows.append((localizer.text("shock.calm"), depth, _DASH, _DASH, localizer.plural("shock.spans", calm.starts)))
    heads = tuple(localizer.text(f"shock.head.{name}") for name in ("shock", "depth", "trough", "back", "series"))
    name, deepest = max(whole, key=lambda pair: pair[1].depth or 0.0)
    return Chapter(
        localizer.text("shock.title"),
        _analogy_text(name, deepest, outlook.day.year + 1, segment, localizer),
        ((localizer.text("shock.reading"), reading),),
        (TextTable(localizer.text("shock.caption"), heads, tuple(rows)),),
    )


def _analogy_text(name: str, row: MarketShock, start: int, segment: Segment, localizer: Localizer) -> str:
    said = {"shock": name, "start": start, "market_of": localizer.field_text(segment, "of")}
    if row.trough_months is None:
        return localizer.text("shock.lead.none", **said)
    said |= {
        "depth": _format_drawdown(row.depth or 0.0, localizer),
        "fall": localizer.plural("shock.months", round(row.trough_months)),
    }
    if row.back_months is None:
        return localizer.text("shock.lead.not_back", **said)
    return localizer.text("shock.lead", back=localizer.plural("shock.months", round(row.back_months)), **said)


def _build_shock_row(name: str, row: MarketShock, localizer: Localizer) -> tuple[str, ...]:
    if row.depth is None:
        return name, _DASH, _DASH, _DASH, localizer.plural("shock.too_few", row.count)
    trough = localizer.number(round(row.trough_months)) if row.trough_months is not None else _DASH
    back = _DASH
    if row.fell:
        back = localizer.text("shock.not_back")
        if row.back_months is not None:
            back = localizer.number(round(row.back_months))
    series = localizer.plural("shock.series", row.count, fell=localizer.number(row.fell))
    return name, _format_drawdown(row.depth, localizer), trough, back, series


def _format_drawdown(depth: float, localizer: Localizer) -> str:
    return localizer.percent_text(depth)


def build_leads_chapter(context: Context, segment: Segment) -> Chapter | None:
    """The reliable leads of a market, or that there is none and how many pairs were compared; and its flags."""
    outlook, localizer = context.outlook, context.localizer
    found = outlook.study.leads.get(segment.id)
    if found is None:
        return None
    standing = _select_raised_flags(outlook, segment.id)
    terms = tuple(
        (
            localizer.text(
                "flag.term", title=localizer.field_text(outlook.catalogue.indicators[row.indicator], "title")
            ),
            localizer.text(
                f"flag.{row.kind}.record",
                alarm=_false_alarm_text(row, localizer),
                base=localizer.percent_digits(row.base or 0.0),
            ),
        )
        for row in standing
        if row.shown
    )
    hidden = sum(not row.shown for row in standing)
    said = [_no_leads_text(found, localizer)]
    if found.reliable:
        said = [localizer.plural("leads.some", len(found.reliable), tested=localizer.number(found.tested))]
    if not terms:
        said.append(localizer.text("flag.none"))
    if hidden:
        said.append(localizer.plural("flag.hidden", hidden))
    tables = (_build_leads_table(outlook.catalogue, found, localizer),) if found.reliable else ()
    return Chapter(localizer.text("leads.title"), " ".join(said), terms, tables)


def _no_leads_text(lead_summary: SegmentLeads, localizer: Localizer) -> str:
    if not lead_summary.tested:
        return localizer.text("leads.short" if lead_summary.pairs else "leads.absent")
    return localizer.plural(
        "leads.none",
        lead_summary.tested,
        together=localizer.number(lead_summary.together),
        ahead=localizer.number(lead_summary.ahead),
    )


def _build_leads_table(catalogue: Catalogue, lead_summary: SegmentLeads, localizer: Localizer) -> TextTable:
    heads = tuple(localizer.text(f"leads.head.{name}") for name in ("lead", "market", "lag", "gain", "origins"))
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
    return TextTable(localizer.text("leads.caption"), heads, rows)


def build_flag_texts(context: Context) -> dict[str, str]:
    """The flag that stands beside an indicator, by its id, with how often it was raised for nothing."""
    found: dict[str, list[str]] = {}
    for row in _select_raised_flags(context.outlook):
        if row.shown:
            said = context.localizer.text(f"flag.{row.kind}", alarm=_false_alarm_text(row, context.localizer))
            found.setdefault(row.indicator, []).append(said)
    return {name: " ".join(said) for name, said in found.items()}


def _select_raised_flags(outlook: Outlook, segment: str = "") -> list[RaisedFlag]:
    """The flags that stand today, of one segment or of all."""
    known = outlook.catalogue.indicators
    return [
        row
        for row in outlook.study.raised_flags
        if row.kind in FLAG_DIRECTIONS and row.indicator in known and segment in ("", known[row.indicator].segment)
    ]


def _false_alarm_text(row: RaisedFlag, localizer: Localizer) -> str:
    """How often a flag was a false alarm: "3 fois sur 13"."""
    return localizer.plural("flag.alarm", row.raised - row.followed, raised=localizer.number(row.raised))
