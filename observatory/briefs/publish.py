"""What the page for analysts says of a draft: where it stands, what publishing it would change."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from observatory.briefs.brief import Figure, Listing, Table, Turned
from observatory.briefs.news import listings_of
from observatory.briefs.series import figure
from observatory.briefs.whats_new import counted, moved_of, turned_of
from observatory.ingest.report import Report
from observatory.language import Speaker
from observatory.outlook.changes import Changes
from observatory.outlook.outlook import Outlook
from observatory.selection import DEFAULT

CHARTED = 3  # series shown before and after
HEIGHT = 250


@dataclass(frozen=True)
class Pair:
    """A series before and after; no `before` where nobody watched it."""

    title: str
    before: Figure | None
    after: Figure


@dataclass(frozen=True)
class Effect:
    """What publishing would change, in words, figures and charts."""

    lead: str
    counts: Table
    listings: tuple[tuple[str, Listing], ...]
    pairs: tuple[Pair, ...]
    calls: str
    turned: tuple[Turned, ...]
    moved: Table | None
    forecasts: str


def state(report: Report, unchanged: int, parent: int, speaker: Speaker) -> tuple[str, str]:
    """The lead of a draft and the line below it: what stands between this file and its publication."""
    if report.unknown:
        return speaker.count("publish.lead.unknown", len(report.unknown)), speaker.say("publish.under.nothing")
    errors = sum(row.level == "error" for row in report.findings)
    if report.questions:
        return speaker.count("publish.lead.question", len(report.questions)), speaker.say("publish.under.nothing")
    if errors:
        return speaker.count("publish.lead.errors", errors), speaker.say("publish.under.nothing")
    if unchanged == len(report.observations):
        return speaker.say("publish.lead.same", id=parent), speaker.say("publish.under.same")
    ready = len(report.observations) - unchanged
    return speaker.count("publish.lead.ready", ready), speaker.say("publish.under.nothing")


def effect(
    title: str, before: Outlook, after: Outlook, found: Changes, unchanged: int, speaker: Speaker, today: date
) -> Effect:
    """What the changes of a draft (or of an undoing) are, with the series that they touch before and after."""
    base = replace(DEFAULT, lang=speaker.language)
    rows = [
        (speaker.say("publish.row.added"), speaker.number(found.figures_added)),
        (speaker.say("publish.row.revised"), speaker.number(found.figures_revised)),
        (speaker.say("publish.row.withdrawn"), speaker.number(found.figures_withdrawn)),
        (speaker.say("publish.row.unchanged"), speaker.number(unchanged)),
        (speaker.say("publish.row.forecasts"), speaker.number(len(found.forecasts))),
        (speaker.say("publish.row.calls"), speaker.number(len(found.flipped))),
    ]
    flips = len(found.flipped)
    return Effect(
        counted(found, speaker),
        Table(
            title,
            (speaker.say("publish.head.what"), speaker.say("publish.head.count")),
            tuple(rows),
        ),
        listings_of(before, after, found, base, speaker),
        _pairs(before, after, found, speaker, today),
        speaker.count("publish.calls.flipped", flips) if flips else speaker.say("publish.calls.none"),
        tuple(turned_of(after, row, base, speaker) for row in found.flipped),
        moved_of(after, found.moved, speaker) if found.moved else None,
        speaker.count("publish.forecasts", len(found.forecasts)),
    )


def _pairs(before: Outlook, after: Outlook, found: Changes, speaker: Speaker, today: date) -> tuple[Pair, ...]:
    weights = Counter({row.key: len(row.periods) for row in (*found.added, *found.withdrawn)})
    weights.update(row.key for row in found.revised)
    chosen = sorted((key for key in weights if key in after.panel), key=lambda key: (-weights[key], key))[:CHARTED]
    base = replace(DEFAULT, lang=speaker.language)
    year = next((call.base_year for call in after.calls.values()), today.year)
    made = []
    for key in chosen:
        shown = [
            figure(outlook, key, base, speaker, HEIGHT, year, today) if key in outlook.panel else None
            for outlook in (before, after)
        ]
        assert shown[1] is not None
        made.append(Pair(shown[1].title, shown[0], shown[1]))
    return tuple(made)


def choices(names: Mapping[str, str], options: Sequence[str], speaker: Speaker) -> dict[str, str]:
    """The answers to a question about a file, in words."""
    return {option: names.get(option) or speaker.say(f"publish.choice.{_sign(option)}") for option in options}


def _sign(option: str) -> str:
    return {",": "comma", ".": "point"}.get(option, "other")
