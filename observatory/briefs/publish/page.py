"""What the page for analysts says of a draft: where it stands, what publishing it would change."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from observatory.briefs.common.model import Figure, Listing, Table, Turned
from observatory.briefs.common.series_figure import figure
from observatory.briefs.whats_new.figures import listings_of
from observatory.briefs.whats_new.knowhow import neighbours_moved
from observatory.briefs.whats_new.page import counted, judged, moved_of, turned_of
from observatory.ingest.report import Report
from observatory.language import Speaker
from observatory.outlook.analysis.diff import Changes
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
    neighbours: str


def state(report: Report, ready: int, parent: int, speaker: Speaker) -> tuple[str, str]:
    """The lead of a draft and the line below it: what stands between this file and its publication.

    `ready` counts the figures, or the know-how, that publishing would change.
    """
    if report.unknown:
        return speaker.count("publish.lead.unknown", len(report.unknown)), speaker.say("publish.under.nothing")
    errors = sum(row.level == "error" for row in report.findings)
    if report.questions:
        return speaker.count("publish.lead.question", len(report.questions)), speaker.say("publish.under.nothing")
    if errors:
        return speaker.count("publish.lead.errors", errors), speaker.say("publish.under.nothing")
    kind = _kind(bool(report.knowhow))
    if not ready:
        return speaker.say(f"publish.lead.same{kind}", id=parent), speaker.say("publish.under.same")
    return speaker.count(f"publish.lead.ready{kind}", ready), speaker.say("publish.under.nothing")


def accepted(report: Report, speaker: Speaker) -> str:
    """How much of a file was accepted: values, or know-how."""
    return speaker.count(f"publish.accepted{_kind(bool(report.knowhow))}", report.accepted)


def unchanged_of(report: Report, unchanged: int, speaker: Speaker) -> str:
    """How much of a file is published already: values, or know-how."""
    return speaker.count(f"publish.unchanged{_kind(bool(report.knowhow))}", unchanged)


def published(number: int, found: Changes, speaker: Speaker) -> str:
    """That an edition was published, and how many values or know-how it brought."""
    figures = found.figures_added + found.figures_revised
    if found.knowhow and not figures:
        brought = ", ".join(judged(found.knowhow_counts, speaker))
        return speaker.say("publish.published.knowhow", id=number, knowhow=brought)
    return speaker.count("publish.published", figures, id=number)


def _kind(judged: bool) -> str:
    """The ending of the keys of sentences that count know-how, not values."""
    return ".knowhow" if judged else ""


def effect(
    title: str, before: Outlook, after: Outlook, found: Changes, unchanged: int, speaker: Speaker, today: date
) -> Effect:
    """What the changes of a draft (or of an undoing) are, with the series that they touch before and after."""
    base = replace(DEFAULT, lang=speaker.language)
    figures = [
        ("added", found.figures_added),
        ("revised", found.figures_revised),
        ("withdrawn", found.figures_withdrawn),
    ]
    kinds = list(zip(("knowhow.added", "knowhow", "knowhow.gone"), found.knowhow_counts, strict=True))
    told = any(count for _name, count in figures)
    rows = [
        *(figures if told or not found.knowhow else []),
        *(kinds if found.knowhow else []),
        ("unchanged" if told or not found.knowhow else "knowhow.unchanged", unchanged),
        ("forecasts", len(found.forecasts)),
        ("calls", len(found.flipped)),
    ]
    flips = len(found.flipped)
    return Effect(
        counted(found, speaker),
        Table(
            title,
            (speaker.say("publish.head.what"), speaker.say("publish.head.count")),
            tuple((speaker.say(f"publish.row.{name}"), speaker.number(count)) for name, count in rows),
        ),
        listings_of(before, after, found, base, speaker),
        _pairs(before, after, found, speaker, today),
        speaker.count("publish.calls.flipped", flips) if flips else speaker.say("publish.calls.none"),
        tuple(turned_of(after, row, base, speaker) for row in found.flipped),
        moved_of(after, found.moved, speaker) if found.moved else None,
        speaker.count("publish.forecasts", len(found.forecasts)),
        neighbours_moved(before, after, speaker) if found.knowhow else "",
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
