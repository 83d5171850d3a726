"""Texts of a call: label, probability, reasons, and the criterion and date by which it is scored."""

from datetime import date
from typing import Literal

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import TextTable
from observatory.briefs.common.standing import hit_rate_interval, standing_text
from observatory.catalogue.periods import last_month_ordinal, ordinal_to_period
from observatory.language import NO_VALUE, Localizer
from observatory.outlook.calls.calls import Call
from observatory.outlook.outlook import Outlook
from observatory.outlook.study_parts import QuotedScores
from observatory.settings import CALL_THRESHOLDS

_RECENT_MOMENTUM_THRESHOLD = 0.25  # beyond it, up or down, recent months are called rising or falling


def label_text(call: Call, localizer: Localizer) -> str:
    """The class of a call in one or two words."""
    return localizer.text(f"call.{call.call}")


def hit_rate_text(context: Context, horizon: int, scores: QuotedScores) -> str:
    """How often "growing" came true in the backtest at a horizon, how often growth came anyway, how the two compare.

    Needs at least one call.
    """
    localizer = context.localizer
    rates = localizer.text(
        "overview.record",
        since=context.outlook.study.since,
        right=localizer.number(scores.right),
        called=localizer.number(scores.called),
        share=localizer.percent_digits(scores.hit_rate),
        base=localizer.percent_digits(scores.base),
    )
    interval = hit_rate_interval(context.outlook, horizon)
    return f"{rates} {standing_text(scores.hit_rate, scores.base, localizer, interval)}"


def call_line_text(context: Context, call: Call) -> str:
    """The line next to the label: probability and the interval of growth, or why the call is unclear."""
    localizer = context.localizer
    if call.why:
        return unclear_text(context, call)
    if call.probability_clear is None or call.low is None or call.high is None:
        return ""
    return localizer.text(
        "call.line",
        band=flat_band_text(localizer),
        word=localizer.probability_word(call.probability_clear),
        p=localizer.probability_percent(call.probability_clear),
        low=localizer.growth_digits(call.low),
        high=localizer.growth_digits(call.high),
    )


def unclear_text(context: Context, call: Call) -> str:
    """The sentence on why a call is unclear."""
    localizer = context.localizer
    if call.why == "too_old":
        return localizer.text("unclear.too_old", period=localizer.period(call.latest) if call.latest else "-")
    if call.why == "too_little":
        years = int(call.outcomes * call.horizon)
        return localizer.plural("unclear.too_little", years, min=CALL_THRESHOLDS.minimum_outcomes * call.horizon)
    if call.why == "contradiction":
        rising = [row for row in call.reasons if (row.momentum or 0) > 0]
        falling = [row for row in call.reasons if (row.momentum or 0) < 0]
        if rising and falling:
            up = max(rising, key=lambda row: row.momentum or 0).indicator
            down = min(falling, key=lambda row: row.momentum or 0).indicator
            titles = {
                name: localizer.field_text(context.outlook.catalogue.indicators[name], "title") for name in (up, down)
            }
            return localizer.text("unclear.contradiction", a=titles[up], b=titles[down])
    if call.why == "no_data":
        return _thin_market_text(context, call.segment)
    probability = call.probability_clear or 0.0
    return localizer.text(
        "unclear.not_sure",
        band=flat_band_text(localizer),
        word=localizer.probability_word(probability),
        p=localizer.probability_percent(probability),
    )


def first_due_text(context: Context) -> str:
    """The first day on which published calls can be scored; empty if there are none, as in a reconstructed outlook."""
    due_days = [call.due for call in context.outlook.calls.values() if not call.why]
    if context.outlook.is_reconstructed or not due_days:
        return ""
    return context.localizer.text("overview.first_due", date=context.localizer.day(date.fromisoformat(min(due_days))))


def _thin_market_text(context: Context, segment: str) -> str:
    """How little data a market has: its number of public indicators, and the latest period of their values."""
    localizer = context.localizer
    rows = context.outlook.catalogue.indicators_of_segment(segment)
    latest = max((month for row in rows if (month := _latest_month(context.outlook, row.id))), default="")
    if not rows:
        return localizer.text("thin.none")
    return localizer.plural("thin", len(rows), period=localizer.period(latest) if latest else "-")


def _latest_month(outlook: Outlook, indicator: str) -> str:
    """The code of the last month with a value in any series of an indicator; empty without series."""
    months = [last_month_ordinal(row.last, row.frequency) for key, row in outlook.panel.items() if key[0] == indicator]
    return ordinal_to_period(max(months), "M") if months else ""


def criterion_text(call: Call, localizer: Localizer) -> str:
    """The criterion of a call and the day on which it can be scored; empty for a call that is unclear for a reason."""
    if call.why:
        return ""
    criterion = localizer.text(
        f"criterion.{call.call}", year=call.target_year, base=call.base_year, band=flat_band_text(localizer)
    )
    return localizer.text("call.judged", criterion=criterion, due=localizer.day(date.fromisoformat(call.due)))


def flat_band_text(localizer: Localizer) -> str:
    """The growth a year, in per cent, beyond which a market clearly grows or shrinks."""
    return localizer.number(CALL_THRESHOLDS.flat_band * 100)


def is_mostly_proxy(outlook: Outlook, call: Call) -> bool:
    """Whether more than half of a market's index comes from proxies, series used for lack of European ones."""
    return sum(row.share for row in call.reasons if outlook.catalogue.indicators[row.indicator].proxy) > 0.5


def warning_text(call: Call, localizer: Localizer) -> str:
    """The caveat that the ranking shows with a call: falling recently, or based on one family; empty if none."""
    if call.momentum < CALL_THRESHOLDS.warning_momentum:
        return localizer.text("warning.falling")
    if call.families == 1:
        return localizer.text("warning.one_family")
    return ""


def build_reasons_table(context: Context, call: Call) -> TextTable | None:
    """The weight, growth and recent direction of each indicator in the index of a market; None without indicators."""
    localizer = context.localizer
    if not call.reasons:
        return None
    rows = []
    for reason in call.reasons:
        title = localizer.field_text(context.outlook.catalogue.indicators[reason.indicator], "title")
        if reason.role != "market":
            title = localizer.text("reasons.with_role", title=title, role=localizer.text(f"role.{reason.role}").lower())
        rows.append(
            (
                title,
                f"{localizer.percent_digits(reason.share)}{localizer.percent_sign}" if reason.share else NO_VALUE,
                localizer.growth(reason.growth) if reason.growth is not None else NO_VALUE,
                _momentum_text(reason.momentum, localizer),
            )
        )
    names = ["indicator", "weight", "year", "recent"]
    if all(reason.momentum is None for reason in call.reasons):
        names.pop()  # no series has values recent enough
    headers = tuple(localizer.text(f"reasons.{name}") for name in names)
    return TextTable(localizer.text("reasons.title"), headers, tuple(row[: len(headers)] for row in rows))


def classify_momentum(momentum: float) -> Literal["up", "down", "still"]:
    """The direction of recent months."""
    if abs(momentum) <= _RECENT_MOMENTUM_THRESHOLD:
        return "still"
    return "up" if momentum > 0 else "down"


def _momentum_text(momentum: float | None, localizer: Localizer) -> str:
    return NO_VALUE if momentum is None else localizer.text(f"recent.{classify_momentum(momentum)}")
