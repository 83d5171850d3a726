"""A call in words: label, probability, reasons, the criterion and the date of its judgement."""

from datetime import date

from observatory.briefs.common.model import Table
from observatory.catalogue.periods import last_month, period
from observatory.language import Speaker
from observatory.outlook.calls.calls import Call
from observatory.outlook.outlook import Outlook
from observatory.settings import CALLING


def label(call: Call, speaker: Speaker) -> str:
    """The verdict in one or two words."""
    return speaker.say(f"call.{call.call}")


def line(outlook: Outlook, call: Call, speaker: Speaker) -> str:
    """What stands beside the chip: probability, pace and range, or why it cannot be told."""
    if call.why:
        return unclear(outlook, call, speaker)
    if call.probability_clear is None or call.low is None or call.high is None:
        return ""
    return speaker.say(
        "call.line",
        band=band(speaker),
        word=speaker.chance(call.probability_clear),
        p=speaker.odds(call.probability_clear),
        low=speaker.growth(call.low).removesuffix(speaker.percent_sign),
        high=speaker.growth(call.high).removesuffix(speaker.percent_sign),
    )


def unclear(outlook: Outlook, call: Call, speaker: Speaker) -> str:
    """Why a call is unclear, in its own sentence."""
    if call.why == "too_old":
        return speaker.say("unclear.too_old", period=speaker.period(call.latest) if call.latest else "-")
    if call.why == "too_little":
        years = int(call.outcomes * call.horizon)
        return speaker.count("unclear.too_little", years, min=CALLING.minimum_outcomes * call.horizon)
    if call.why == "contradiction":
        rising = [row for row in call.reasons if (row.momentum or 0) > 0]
        falling = [row for row in call.reasons if (row.momentum or 0) < 0]
        if rising and falling:
            up = max(rising, key=lambda row: row.momentum or 0).indicator
            down = min(falling, key=lambda row: row.momentum or 0).indicator
            titles = {name: speaker.of(outlook.catalogue.indicators[name], "title") for name in (up, down)}
            return speaker.say("unclear.contradiction", a=titles[up], b=titles[down])
    if call.why == "no_data":
        return thin(outlook, call.segment, speaker)
    chance = call.probability_clear or 0.0
    return speaker.say("unclear.not_sure", band=band(speaker), word=speaker.chance(chance), p=speaker.odds(chance))


def first_due(outlook: Outlook, speaker: Speaker) -> str:
    """From when on published calls can be judged; empty if none was published: a rebuilt month published nothing."""
    due = [call.due for call in outlook.calls.values() if not call.why]
    if outlook.rebuilt or not due:
        return ""
    return speaker.say("overview.first_due", date=speaker.day(date.fromisoformat(min(due))))


def thin(outlook: Outlook, segment: str, speaker: Speaker) -> str:
    """How thin a market is: how many public indicators it has, and its latest figure."""
    rows = outlook.catalogue.of_segment(segment)
    latest = max((period_end for row in rows if (period_end := _latest(outlook, row.id))), default="")
    if not rows:
        return speaker.say("thin.none")
    return speaker.count("thin", len(rows), period=speaker.period(latest) if latest else "-")


def _latest(outlook: Outlook, indicator: str) -> str:
    months = [last_month(row.last, row.frequency) for key, row in outlook.panel.items() if key[0] == indicator]
    return period(max(months), "M") if months else ""


def judged(call: Call, speaker: Speaker) -> str:
    """The criterion and the date by which a call can be judged; empty for one that says nothing."""
    if call.why:
        return ""
    criterion = speaker.say(f"criterion.{call.call}", year=call.year, base=call.base_year, band=band(speaker))
    return speaker.say("call.judged", criterion=criterion, due=speaker.day(date.fromisoformat(call.due)))


def band(speaker: Speaker) -> str:
    """The yearly growth, in per cent, beyond which a market grows or shrinks clearly."""
    return speaker.number(CALLING.flat_band * 100)


def mostly_proxy(outlook: Outlook, call: Call) -> bool:
    """Whether more than half of a market's index comes from series used for want of European ones."""
    return sum(row.share for row in call.reasons if outlook.catalogue.indicators[row.indicator].proxy) > 0.5


def warning(call: Call, speaker: Speaker) -> str:
    """What a reader of the ranking must know beside the verdict; empty if nothing."""
    if call.momentum < CALLING.warning_momentum:
        return speaker.say("warning.falling")
    if call.families == 1:
        return speaker.say("warning.one_family")
    return ""


def reasons(outlook: Outlook, call: Call, speaker: Speaker) -> Table | None:
    """What each indicator says, with its role and its weight in the market's index."""
    if not call.reasons:
        return None
    rows = []
    for reason in call.reasons:
        row = outlook.catalogue.indicators[reason.indicator]
        title = speaker.of(row, "title")
        if reason.role != "market":
            title = speaker.say("reasons.with_role", title=title, role=speaker.say(f"role.{reason.role}").lower())
        rows.append(
            (
                title,
                f"{speaker.percent(reason.share)}{speaker.percent_sign}" if reason.share else "\u2013",
                speaker.growth(reason.growth) if reason.growth is not None else "\u2013",
                _moves(reason.momentum, speaker),
            )
        )
    names = ["indicator", "weight", "year", "recent"]
    if all(reason.momentum is None for reason in call.reasons):
        names.pop()  # no month is recent enough to say anything
    heads = tuple(speaker.say(f"reasons.{name}") for name in names)
    return Table(speaker.say("reasons.title"), heads, tuple(row[: len(heads)] for row in rows))


def _moves(momentum: float | None, speaker: Speaker) -> str:
    if momentum is None:
        return "\u2013"
    size = "up" if momentum > 0.25 else "down" if momentum < -0.25 else "still"
    return speaker.say(f"recent.{size}")
