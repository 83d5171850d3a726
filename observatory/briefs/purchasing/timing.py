"""The moment to negotiate and the worth of our chances: the rules that were tried, and said against came."""

from typing import Any

from observatory.briefs.common.model import Chapter, Table
from observatory.briefs.purchasing.methodology import of_part
from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import period
from observatory.language import Speaker, whole_percent
from observatory.outlook.outlook import Outlook
from observatory.outlook.purchasing import negotiation


def study(outlook: Outlook) -> dict[str, Any]:
    """What was stored of the inputs with the vintage; empty if nothing was."""
    return outlook.replay.get("inputs") or {}


def rules(outlook: Outlook) -> list[dict[str, Any]]:
    """The rules that were tried, as stored with the vintage."""
    return list(study(outlook).get("timing") or ())


def timing_chapter(outlook: Outlook, rows: list[Indicator], speaker: Speaker) -> Chapter | None:
    """The rules that were tried: a usable one is said in a sentence with its past, and which inputs raise it today."""
    found = rules(outlook)
    if not found:
        return None
    terms = []
    for rule in (row for row in found if row["usable"]):
        names = [
            speaker.of(row, "title")
            for row in rows
            if rule["rule"] in negotiation.standing(outlook.panel[outlook.headline(row)])
        ]
        said = speaker.say(
            f"purchasing.rule.{rule['rule']}.record",
            months=rule["months"],
            followed=speaker.number(rule["followed"]),
            raised=speaker.number(rule["raised"]),
            base=speaker.percent(rule["base"]),
        )
        now = (
            speaker.say("purchasing.rule.now", names="; ".join(names))
            if names
            else speaker.say("purchasing.rule.not_now")
        )
        terms.append((speaker.say(f"purchasing.rule.{rule['rule']}"), f"{said} {now}"))
    titles = tuple(
        speaker.say(f"purchasing.timing.head.{name}") for name in ("rule", "ahead", "followed", "base", "usable")
    )
    lines = tuple(
        (
            speaker.say(f"purchasing.rule.{row['rule']}"),
            speaker.say("purchasing.timing.months", n=row["months"]),
            speaker.say(
                "purchasing.timing.followed",
                followed=speaker.number(row["followed"]),
                raised=speaker.number(row["raised"]),
            ),
            speaker.share(row["base"]),
            speaker.say("purchasing.yes" if row["usable"] else "purchasing.no"),
        )
        for row in found
    )
    usable = len(terms)
    subtitle = (
        speaker.count("purchasing.timing.subtitle", usable)
        if usable
        else speaker.say("purchasing.timing.subtitle.none")
    )
    table = Table(speaker.say("purchasing.timing.caption"), titles, lines)
    return Chapter(
        speaker.say("purchasing.timing.title"),
        subtitle,
        tuple(terms),
        (table,),
        of_part("timing", outlook, rows, speaker),
    )


def record_chapter(outlook: Outlook, rows: list[Indicator], speaker: Speaker) -> Chapter | None:
    """What past chances were worth: said against came, by class, in plain words."""
    found = study(outlook).get("crossings")
    if not found:
        return None
    tables = []
    for name in ("some", "then"):
        lines = tuple(
            (
                speaker.say("purchasing.record.class", low=whole_percent(low), high=whole_percent(high)),
                speaker.number(n),
                speaker.share(said),
                speaker.share(came),
            )
            for low, high, n, said, came in found[name]["bins"]
        )
        names = tuple(speaker.say(f"purchasing.record.head.{part}") for part in ("class", "n", "said", "came"))
        tables.append(Table(speaker.say(f"purchasing.record.{name}"), names, lines))
    subtitle = speaker.say(
        "purchasing.record.subtitle",
        n=speaker.number(found["some"]["n"]),
        origins=speaker.number(found["origins"]),
        first=speaker.period(period(found["first"], "M")),
    )
    better = found["some"]["brier"] < found["some"]["reference"] * 0.95
    terms = (
        (speaker.say("purchasing.how"), speaker.say("purchasing.how.text")),
        (
            speaker.say("purchasing.limits"),
            speaker.say("purchasing.limits.better" if better else "purchasing.limits.text"),
        ),
    )
    return Chapter(
        speaker.say("purchasing.record.title"),
        subtitle,
        terms,
        tuple(tables),
        of_part("record", outlook, rows, speaker),
    )
