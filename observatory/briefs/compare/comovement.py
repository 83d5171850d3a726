"""Whether compared series move together, and which one leads, in words."""

from collections.abc import Sequence

from observatory.briefs.common.model import Chapter, Table
from observatory.language import Speaker
from observatory.outlook.analysis.comovement import Tie
from observatory.outlook.leads.lead_lag import FEWEST_YEARS, LONGEST_LAG
from observatory.outlook.leads.leads import DISCOVERY

NOTHING = "\u2013"
SURE = 0.05  # the head of the page is one claim, not a list of which one in ten may be chance
AHEAD = ("useful", "ahead")


def lead_of(ties: Sequence[Tie], titles: Sequence[str], speaker: Speaker) -> str:
    """The answer: which one leads, or that none does, and how many move together; only of what is sure."""
    if len(titles) < 2:
        return speaker.say("compare.lead.alone")
    judged = [tie for tie in ties if tie.state not in ("same", "short")]
    if not judged:
        return speaker.say("compare.lead.short")
    kept = [tie for tie in judged if tie.state != "chance"]
    if not kept:
        return speaker.count("compare.lead.chance", len(judged))
    sure = [tie for tie in kept if tie.q is not None and tie.q <= SURE]
    if not sure:
        return speaker.say("compare.lead.unsure", most=speaker.share(SURE))
    first = next((tie for tie in sure if tie.state in AHEAD), None)
    if first is not None:
        names = {"a": titles[first.one], "b": titles[first.two]}
        lag = speaker.count("compare.months", first.lag)
        return speaker.say(f"compare.lead.{first.state}", lag=lag, **names)
    if len(sure) == len(judged) == 1:
        return speaker.say("compare.lead.both", a=titles[sure[0].one], b=titles[sure[0].two])
    if len(sure) == len(judged):
        return speaker.count("compare.lead.all", len(judged))
    key = "compare.lead.unproved" if any(tie.state in AHEAD for tie in kept) else "compare.lead.some"
    return speaker.count(key, len(sure), total=speaker.number(len(judged)))


def chapter(ties: Sequence[Tie], letters: Sequence[str], names: Sequence[str], speaker: Speaker) -> Chapter:
    """Every pair in a table, the surest first, and how to read it."""
    heads = tuple(speaker.say(f"compare.ties.head.{name}") for name in ("pair", "verdict", "same", "chance", "years"))
    rows = tuple(_row(tie, letters, names, speaker) for tie in ties)
    count = sum(tie.state not in ("same", "short") for tie in ties)
    subtitle = speaker.count(
        "compare.ties.subtitle",
        count,
        years=speaker.number(LONGEST_LAG),
        share=speaker.number(round(DISCOVERY * 100)),
        sure=speaker.number(round(SURE * 100)),
    )
    if not count and any(tie.state == "short" for tie in ties):
        subtitle = speaker.say("compare.ties.none")
    tables = (Table(speaker.say("compare.ties.title"), heads, rows),) if rows else ()
    return Chapter(speaker.say("compare.ties.title"), subtitle if rows else "", (), tables)


def _row(tie: Tie, letters: Sequence[str], names: Sequence[str], speaker: Speaker) -> tuple[str, ...]:
    one, two = (f"{letters[place]} {names[place]}" for place in (tie.one, tie.two))
    ahead = tie.state in AHEAD
    pair = speaker.say("compare.ties.before" if ahead else "compare.ties.and", a=one, b=two)
    verdict = speaker.say(
        f"compare.state.{tie.state}",
        a=letters[tie.one],
        b=letters[tie.two],
        lag=speaker.count("compare.months", tie.lag),
        min=speaker.number(FEWEST_YEARS),
    )
    return (
        pair,
        verdict,
        _signed(tie.same_year, speaker),
        speaker.share(tie.q) if tie.q is not None else NOTHING,
        speaker.say("compare.ties.years", years=speaker.number(tie.years), worth=speaker.number(tie.worth))
        if tie.worth
        else NOTHING,
    )


def _signed(value: float | None, speaker: Speaker) -> str:
    if value is None:
        return NOTHING
    return ("+" if round(value, 2) > 0 else "") + speaker.number(value, 2)
