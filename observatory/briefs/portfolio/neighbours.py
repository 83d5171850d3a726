"""Neighbouring markets in words: our call, how close they are, what our calls were worth there; each rank explained."""

from collections.abc import Mapping
from dataclasses import replace

from observatory.briefs.common import call_text
from observatory.briefs.common.model import Table
from observatory.briefs.portfolio.model import Near, Neighbours, how
from observatory.briefs.whats_new.knowhow import level
from observatory.catalogue.models import KnowHow
from observatory.language import Speaker
from observatory.outlook.analysis.neighbours import FEWEST, Neighbour, nearness
from observatory.outlook.analysis.neighbours import neighbours as found_of
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection

NAMED = 3  # know-how that a sentence names


def neighbours(
    outlook: Outlook, shares: Mapping[str, float], selection: Selection, speaker: Speaker
) -> Neighbours | None:
    """The markets beside a mix; None in an edition that holds no judgement on know-how."""
    found = found_of(outlook, shares, selection.horizon)
    if not found:
        return None
    near = [row for row in found if nearness(row.closeness) != "far"]
    far = [row for row in found if row not in near]
    rest = ""
    if far:
        names = speaker.list_of(_title(outlook, row.market, speaker) for row in far)
        rest = speaker.say("neighbours.far", list=names)
    judged = max(row.judged for row in outlook.knowhow)
    return Neighbours(
        speaker.say("neighbours.title"),
        speaker.say("neighbours.subtitle"),
        tuple(speaker.say(f"neighbours.head.{name}") for name in ("market", "call", "near", "record")),
        tuple(_row(outlook, row, place, selection, speaker) for place, row in enumerate(near, 1)),
        rest,
        speaker.say("neighbours.judgement", date=speaker.day(judged)),
        _matrix(outlook, speaker),
        tuple(_reason(row, speaker) for row in outlook.knowhow),
        how("neighbours", outlook, shares, speaker),
    )


def _row(outlook: Outlook, row: Neighbour, place: int, selection: Selection, speaker: Speaker) -> Near:
    probability = row.call.probability_clear
    odds = (
        speaker.say(
            "neighbours.odds",
            band=call_text.band(speaker),
            word=speaker.chance(probability),
            p=speaker.odds(probability),
        )
        if probability is not None
        else ""
    )
    label = call_text.label(row.call, speaker)
    near = speaker.say(f"neighbours.near.{nearness(row.closeness)}", share=speaker.share(row.closeness))
    known = row.said >= FEWEST
    right, said, base = speaker.number(row.right), speaker.number(row.said), speaker.share(row.base)
    record = (
        speaker.say("neighbours.record", right=right, said=said, base=base)
        if known
        else speaker.say("neighbours.record.none")
    )
    return Near(
        target=replace(selection, segment=row.market, indicator="", geo="", item=""),
        title=_title(outlook, row.market, speaker),
        call=row.call.call,
        label=label,
        odds=odds,
        near=near,
        record=record,
        sentence=speaker.say(
            "neighbours.sentence" if odds else "neighbours.sentence.unknown",
            place=place,
            label=label.lower(),
            near=speaker.say(f"neighbours.word.{nearness(row.closeness)}"),
            knowhow=speaker.list_of(_inside(speaker.of(one, "title")) for one in row.shared[:NAMED]),
        ),
    )


def _inside(title: str) -> str:
    """A title within a sentence; one that begins with an acronym stays as it is."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def _matrix(outlook: Outlook, speaker: Speaker) -> Table:
    """Every know-how and market, in words: core, some, or a dash."""
    names = outlook.catalogue.markets
    return Table(
        speaker.say("neighbours.matrix"),
        (speaker.say("neighbours.head.knowhow"), *(_title(outlook, name, speaker) for name in names)),
        tuple(
            (speaker.of(row, "title"), *(level(row.level(name), speaker) for name in names)) for row in outlook.knowhow
        ),
    )


def _reason(row: KnowHow, speaker: Speaker) -> tuple[str, str]:
    return speaker.of(row, "title"), f"{speaker.of(row, 'reason')} {row.definition.rstrip('.')}."


def _title(outlook: Outlook, name: str, speaker: Speaker) -> str:
    return speaker.of(outlook.catalogue.segments[name], "title")
