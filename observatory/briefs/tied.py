"""Whether compared series move together, and which one leads, in words."""

from collections.abc import Sequence

from observatory.briefs.brief import Chapter, Table
from observatory.language import Speaker
from observatory.outlook.leads import DISCOVERY
from observatory.outlook.pairs import FEWEST_YEARS, LONGEST_LAG
from observatory.outlook.ties import Tie

NOTHING = "\u2013"


def lead_of(ties: Sequence[Tie], titles: Sequence[str], speaker: Speaker) -> str:
    """The answer: which one leads, or that none does, and how many move together."""
    if len(titles) < 2:
        return speaker.say("compare.lead.alone")
    judged = [tie for tie in ties if tie.state not in ("same", "short")]
    if not judged:
        return speaker.say("compare.lead.short")
    first = next((tie for tie in judged if tie.state in ("useful", "ahead")), None)
    if first is not None:
        names = {"a": titles[first.one], "b": titles[first.two]}
        lag = speaker.count("compare.months", first.lag)
        return speaker.say(f"compare.lead.{first.state}", lag=lag, **names)
    together = [tie for tie in judged if tie.state == "together"]
    if not together:
        return speaker.count("compare.lead.chance", len(judged))
    if len(together) == len(judged) == 1:
        return speaker.say("compare.lead.both", a=titles[together[0].one], b=titles[together[0].two])
    if len(together) == len(judged):
        return speaker.count("compare.lead.all", len(judged))
    return speaker.count("compare.lead.some", len(together), total=speaker.number(len(judged)))


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
    )
    tables = (Table(speaker.say("compare.ties.title"), heads, rows),) if rows else ()
    return Chapter(speaker.say("compare.ties.title"), subtitle if rows else "", (), tables)


def _row(tie: Tie, letters: Sequence[str], names: Sequence[str], speaker: Speaker) -> tuple[str, ...]:
    one, two = (f"{letters[place]} {names[place]}" for place in (tie.one, tie.two))
    ahead = tie.state in ("ahead", "useful")
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
