"""Why a market's call is what it is, in three points at most, and the line on what a shock would do."""

from observatory.briefs.common.call_text import classify_momentum
from observatory.briefs.common.context import Context
from observatory.briefs.segment.model import Cause, Risk
from observatory.briefs.segment.signals import list_measured_shocks
from observatory.catalogue.models import Segment
from observatory.outlook.calls.calls import Call
from observatory.outlook.study_parts import MarketShock


def build_causes(context: Context, call: Call) -> tuple[Cause, ...]:
    """What weighs most, the last months, the leading signals; none for a call without indicators."""
    if not call.reasons:
        return ()
    causes = (_describe_weight(context, call), _describe_recent(context, call), _describe_leads(context, call.segment))
    return tuple(row for row in causes if row is not None)


def _describe_weight(context: Context, call: Call) -> Cause | None:
    localizer = context.localizer
    reason = max(call.reasons, key=lambda row: row.share)
    if not reason.share:
        return None
    title = localizer.field_text(context.outlook.catalogue.indicators[reason.indicator], "title")
    share = localizer.percent_text(reason.share)
    text = localizer.text("why.weight.share", share=share)
    if reason.growth is not None:
        text = localizer.text("why.weight.growth", share=share, growth=localizer.growth(reason.growth))
    return Cause(localizer.text("why.weight", title=title), text)


def _describe_recent(context: Context, call: Call) -> Cause | None:
    """The direction of the recent months and how many indicators share it; None if none has recent values."""
    localizer = context.localizer
    directions = [classify_momentum(row.momentum) for row in call.reasons if row.momentum is not None]
    if not directions:
        return None
    counts = {name: directions.count(name) for name in ("up", "down", "still")}
    parts = [localizer.text(f"why.recent.n.{name}", n=localizer.number(n)) for name, n in counts.items() if n]
    title = localizer.text(f"why.recent.{classify_momentum(call.momentum)}")
    return Cause(title, localizer.text("why.recent.counts", list=localizer.list_text(parts)))


def _describe_leads(context: Context, segment: str) -> Cause | None:
    outlook, localizer = context.outlook, context.localizer
    leads = outlook.study.leads.get(segment)
    if leads is None:
        return None
    tested = localizer.number(leads.tested)
    if not leads.reliable:
        name = "tested" if leads.tested else "short" if leads.pairs else "absent"
        return Cause(localizer.text("why.leads.none"), localizer.text(f"why.leads.{name}", tested=tested))
    best = max(leads.reliable, key=lambda row: row.gain)
    text = localizer.text(
        "why.leads.best",
        tested=tested,
        lead=localizer.field_text(outlook.catalogue.indicators[best.lead], "title"),
        market=localizer.field_text(outlook.catalogue.indicators[best.market], "title"),
        lag=localizer.plural("shock.months", best.lag_months),
    )
    return Cause(localizer.plural("why.leads", len(leads.reliable)), text)


def build_risk(context: Context, segment: Segment) -> Risk | None:
    """The worst past shock in one sentence, the others beside the caveat; None without any."""
    localizer = context.localizer
    shocks = list_measured_shocks(context, segment)
    if not shocks:
        return None
    name, deepest = max(shocks, key=lambda pair: pair[1].depth or 0.0)
    others = [
        localizer.text("wrong.other", shock=other, depth=localizer.percent_text(row.depth or 0.0))
        for other, row in shocks
        if row is not deepest and row.trough_months is not None
    ]
    caveat = localizer.text("wrong.caveat")
    if others:
        caveat = f"{caveat} {localizer.text('wrong.others', list=localizer.list_text(others))}"
    return Risk(_shock_text(context, name, deepest), caveat)


def _shock_text(context: Context, name: str, row: MarketShock) -> str:
    localizer = context.localizer
    if row.trough_months is None:
        return localizer.text("wrong.none", shock=name)
    values = {
        "shock": name,
        "depth": localizer.percent_text(row.depth or 0.0),
        "fall": localizer.plural("shock.months", round(row.trough_months)),
    }
    if row.back_months is None:
        return localizer.text("wrong.not_back", **values)
    return localizer.text("wrong.lead", back=localizer.plural("shock.months", round(row.back_months)), **values)
