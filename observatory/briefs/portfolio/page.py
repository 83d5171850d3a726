"""What the portfolio page says: the growth of a firm's markets together, and what each of them brings."""

from collections.abc import Mapping

from observatory.briefs.common.disclosure import FEWEST_JUDGED
from observatory.briefs.common.model import Bar
from observatory.briefs.portfolio.changes import change
from observatory.briefs.portfolio.growth import expected, pace
from observatory.briefs.portfolio.model import Barred, Change, Line, Portfolio, Replayed, how
from observatory.briefs.portfolio.neighbours import neighbours
from observatory.briefs.portfolio.shocks import shock
from observatory.language import Speaker, round_to, whole_percent
from observatory.mix import Mix
from observatory.outlook.outlook import Outlook
from observatory.outlook.portfolio.joint_draws import COUNT
from observatory.outlook.portfolio.portfolio import Ahead, Part, concentration, covered, parts
from observatory.selection import Selection
from observatory.settings import HORIZONS

WORDS = ((0.15, "low"), (0.25, "some"), (0.5, "high"), (0.99, "very_high"), (1.01, "single"))
PROMISED = 0.8
DIGITS = 3  # of an amount that is expected


def portfolio(
    outlook: Outlook,
    selection: Selection,
    mix: Mix,
    speaker: Speaker,
) -> Portfolio:
    """The page of a mix, with the shock and the change that it names, or the page's own."""
    year = year_of(outlook, selection)
    kicker = speaker.say("portfolio.kicker", year=year, date=speaker.day(outlook.day))
    shares = mix.whole
    if not shares:
        return Portfolio(kicker, speaker.say("portfolio.lead.empty"), (speaker.say("portfolio.under.empty"),))
    own = {name: rate / 100 for name, rate in mix.own.items() if name in shares}
    if not any(outlook.joint.growth.values()):
        lead = speaker.say("portfolio.lead.old")
        return Portfolio(
            kicker,
            lead,
            (),
            shock=shock(outlook, mix, speaker),
            neighbours=neighbours(outlook, shares, selection, speaker),
        )
    now = expected(outlook, shares, own, selection.horizon)
    brought = parts(outlook.joint, shares, own, selection.horizon)
    moved = change(outlook, shares, own, selection, speaker, mix.move) if now else None
    replayed = shock(outlook, mix, speaker)
    return Portfolio(
        kicker=kicker,
        lead=_lead(now, bool(own), year, speaker),
        under=_under(outlook, mix, now, brought, selection, speaker),
        ahead=_ahead(outlook, shares, own, speaker),
        brings=_brings(outlook, mix, now, brought, selection, speaker) if now else None,
        change=moved,
        shock=replayed,
        neighbours=neighbours(outlook, shares, selection, speaker),
        notices=_notices(mix, moved, replayed, speaker),
    )


def _notices(mix: Mix, moved: Change | None, replayed: Replayed | None, speaker: Speaker) -> tuple[str, ...]:
    """What the mix asks to look at in vain: a shock that the edition lacks, a change that is not possible."""
    told = []
    if mix.shock and replayed is not None and mix.shock != replayed.chosen:
        told.append(speaker.say("portfolio.notice.shock", began=speaker.period_in(mix.shock)))
    if moved is not None and mix.move != moved.chosen:
        told.append(speaker.say("portfolio.notice.move"))
    return tuple(told)


def year_of(outlook: Outlook, selection: Selection) -> int:
    """The year that a horizon ends with."""
    call = next((row for row in outlook.calls.values() if row.horizon == selection.horizon), None)
    return call.year if call else outlook.day.year + selection.horizon


def titles(outlook: Outlook, names: Mapping[str, object] | list[str], speaker: Speaker) -> str:
    """Markets as a list in words."""
    return speaker.list_of(speaker.of(outlook.catalogue.segments[name], "title") for name in names)


def _lead(now: Ahead | None, own: bool, year: int, speaker: Speaker) -> str:
    if now is None:
        return speaker.say("portfolio.lead.unknown")
    return speaker.say(
        "portfolio.lead.own" if own else "portfolio.lead",
        low=speaker.growth(now.low).removesuffix(speaker.percent_sign),
        high=speaker.growth(now.high).removesuffix(speaker.percent_sign),
        year=year,
        word=speaker.chance(now.decline),
        p=speaker.odds(now.decline),
    )


def _under(
    outlook: Outlook,
    mix: Mix,
    now: Ahead | None,
    brought: tuple[Part, ...],
    selection: Selection,
    speaker: Speaker,
) -> tuple[str, ...]:
    said = []
    there = {row.market for row in brought}
    missing = [name for name in mix.whole if name not in there]
    if now is not None:
        low, high = (speaker.growth(value) for value in (now.low_half, now.high_half))
        low = low.removesuffix(speaker.percent_sign)
        said.append(speaker.say("portfolio.under.middle", middle=speaker.growth(now.middle), low=low, high=high))
        said.append(_riskiest(outlook, brought, speaker))
        said.append(_amount(outlook, mix, now, selection, speaker))
        if missing:
            said.append(
                speaker.say(
                    "portfolio.under.uncovered",
                    list=titles(outlook, missing, speaker),
                    share=speaker.share(1 - now.covered),
                    rest=speaker.share(now.covered),
                )
            )
    if mix.own.keys() & there:
        owned = [name for name in mix.own if name in there]
        said.append(speaker.say("portfolio.under.own", list=titles(outlook, owned, speaker)))
        bare = [name for name in owned if not outlook.joint.knows(name, selection.horizon)]
        if bare:
            said.append(speaker.say("portfolio.under.bare", list=titles(outlook, bare, speaker)))
    return tuple(text for text in said if text)


def _riskiest(outlook: Outlook, brought: tuple[Part, ...], speaker: Speaker) -> str:
    """What weighs most; markets whose parts are written alike are not ranked."""
    if len(brought) < 2 or brought[0].risk <= 0:
        return ""
    first = brought[0]
    level = [row.market for row in brought if speaker.share(row.risk) == speaker.share(first.risk)]
    if len(level) > 1:
        names = titles(outlook, level, speaker)
        return speaker.say("portfolio.under.risk.level", list=names, risk=speaker.share(first.risk))
    return speaker.say(
        "portfolio.under.risk",
        market_of=speaker.of(outlook.catalogue.segments[first.market], "of"),
        risk=speaker.share(first.risk),
        share=speaker.share(first.share),
    )


def _amount(outlook: Outlook, mix: Mix, now: Ahead, selection: Selection, speaker: Speaker) -> str:
    """Turnover at the end of the horizon, at constant shares of each market."""
    if not mix.turnover:
        return ""
    start = mix.turnover if now.covered > 1 - 1e-9 else round_to(mix.turnover * now.covered, DIGITS)
    low, high = (round_to(start * (1 + rate) ** selection.horizon, DIGITS) for rate in (now.low, now.high))
    return speaker.say(
        "portfolio.under.amount",
        now=speaker.number(start),
        low=speaker.number(low),
        high=speaker.number(high),
        year=year_of(outlook, selection),
    )


def _ahead(outlook: Outlook, shares: Mapping[str, float], own: Mapping[str, float], speaker: Speaker) -> Barred | None:
    """The growth of the whole at every horizon, on one scale."""
    rows = [row for horizon in HORIZONS if (row := expected(outlook, shares, own, horizon)) is not None]
    if not rows:
        return None
    whole = max(row.covered for row in rows)
    lines = tuple(
        Line(
            speaker.count("control.horizon.years", row.horizon),
            ""
            if row.covered >= whole - 1e-9
            else speaker.say("portfolio.ahead.part", share=speaker.share(row.covered)),
            (
                speaker.growth(row.middle),
                _range(row.low, row.high, speaker),
                _range(row.low_half, row.high_half, speaker),
                f"{speaker.chance(row.decline)} ({speaker.odds(row.decline)}{speaker.percent_sign})",
            ),
            range=Bar(row.low * 100, row.middle * 100, row.high * 100),
        )
        for row in rows
    )
    low = min([-10.0, *(row.low * 100 for row in rows)])
    high = max([15.0, *(row.high * 100 for row in rows)])
    return Barred(
        speaker.say("portfolio.ahead.title"),
        speaker.say("portfolio.ahead.subtitle"),
        tuple(speaker.say(f"portfolio.ahead.head.{name}") for name in ("horizon", "middle", "wide", "half", "decline")),
        lines,
        (int(low // 5 * 5), int(-(-high // 5) * 5)),
        tuple(text for text in (_held(outlook, speaker), speaker.say("portfolio.ahead.note")) if text),
        how("ahead", outlook, shares, speaker, n=speaker.number(COUNT)),
    )


def _range(low: float, high: float, speaker: Speaker) -> str:
    """A range as a table has it."""
    return speaker.say("portfolio.range", low=_points(low, speaker), high=speaker.growth(high))


def _held(outlook: Outlook, speaker: Speaker) -> str:
    """What the ranges of mixes were worth, over all horizons."""
    counts = list(outlook.joint.held.values())
    total, inside = sum(n for n, _inside in counts), sum(inside for _n, inside in counts)
    if total < FEWEST_JUDGED:
        return ""
    said = speaker.say(
        "portfolio.held",
        coverage=whole_percent(inside / total),
        hits=speaker.number(inside),
        n=speaker.number(total),
    )
    return f"{said} {speaker.say('honesty.too_narrow')}" if inside / total < PROMISED - 0.02 else said


def _brings(
    outlook: Outlook, mix: Mix, now: Ahead, brought: tuple[Part, ...], selection: Selection, speaker: Speaker
) -> Barred:
    """The points of growth of each market; the last line is what the whole has more or less than their sum."""
    ordered = sorted(brought, key=lambda row: -row.points)
    lines = [
        Line(
            speaker.of(outlook.catalogue.segments[row.market], "title"),
            speaker.say("portfolio.brings.own") if row.market in mix.own else "",
            (
                _points(row.points, speaker),
                speaker.share(row.share),
                speaker.growth(pace(outlook, row.market, row.growth, mix.own, selection.horizon)),
                speaker.share(row.risk),
            ),
            value=row.points * 100,
            tone=outlook.calls[row.market, selection.horizon].call,
        )
        for row in ordered
    ]
    gap = now.middle - sum(row.points for row in brought)
    if len(brought) > 1:
        label = speaker.say("portfolio.brings.gap")
        lines.append(Line(label, "", (_points(gap, speaker), "\u2013", "\u2013", "\u2013"), value=gap * 100))
    values = [line.value or 0.0 for line in lines]
    return Barred(
        speaker.say("portfolio.brings.title"),
        speaker.say("portfolio.brings.subtitle", year=year_of(outlook, selection)),
        tuple(speaker.say(f"portfolio.brings.head.{name}") for name in ("market", "points", "share", "growth", "risk")),
        tuple(lines),
        (min(0, int(min(values) // 1)), max(1, int(-(-max(values) // 1)))),
        (_concentrated(covered(outlook.joint, mix.whole, mix.own, selection.horizon), speaker),),
        how("brings", outlook, mix.whole, speaker),
    )


def _points(value: float, speaker: Speaker) -> str:
    """Points of growth with their sign and one decimal."""
    return speaker.growth(value).removesuffix(speaker.percent_sign)


def _concentrated(shares: Mapping[str, float], speaker: Speaker) -> str:
    index = concentration(shares)
    word = next(name for end, name in WORDS if index < end)
    return speaker.say(
        f"portfolio.concentration.{word}", index=speaker.number(index, 2), n=speaker.number(1 / index, 1)
    )
