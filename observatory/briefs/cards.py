"""What a page says in the space of a card: a title that holds the call, and the sentence; no chart is drawn for it.

Titles of windows, previews of links and the screens of a meeting are made of it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from observatory.briefs import overview
from observatory.briefs.common import call_text
from observatory.briefs.common.disclosure import edition_of
from observatory.briefs.common.model import Bar
from observatory.briefs.segment import page as segment
from observatory.briefs.track_record import page as track_record
from observatory.language import Speaker
from observatory.outlook.calls.calls import Call
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection


@dataclass(frozen=True)
class Card:
    """A page in a few words. `call` is empty where there is none; `markets` are calls and names, for an overview."""

    name: str
    title: str
    sentence: str
    date: str
    edition: str
    call: str = ""
    label: str = ""
    odds: str = ""
    growth: str = ""
    range: str = ""
    bar: Bar | None = None
    markets: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Row:
    """How the card of a page is made."""

    page: str
    make: Callable[[Outlook, Selection, Speaker], Card]


def card(page: str, outlook: Outlook, selection: Selection, speaker: Speaker) -> Card:
    """The card of a page by its id; a page without a row has its title and what it is for."""
    make = next((row.make for row in CARDS if row.page == page), None)
    if make is not None:
        return make(outlook, selection, speaker)
    title = speaker.say(f"page.{page}")
    return _card(outlook, title, title, speaker.say(f"social.about.{page}"), speaker)


def window(title: str, speaker: Speaker) -> str:
    """A title with the name of the house, as it stands in the tab of a browser."""
    return speaker.say("social.title", title=title)


def _card(outlook: Outlook, name: str, title: str, sentence: str, speaker: Speaker) -> Card:
    date = speaker.say("social.date", date=speaker.day(outlook.day))
    return Card(name, title, sentence, date, edition_of(outlook, speaker))


def _overview(outlook: Outlook, selection: Selection, speaker: Speaker) -> Card:
    pairs, year = overview.ranked(outlook, selection.horizon)
    made = _card(
        outlook,
        speaker.say("page.overview"),
        speaker.say("social.overview"),
        overview.lead(pairs, year, speaker),
        speaker,
    )
    return replace(made, markets=tuple((call.call, speaker.of(row, "title")) for row, call in pairs))


def _segment(outlook: Outlook, selection: Selection, speaker: Speaker) -> Card:
    chosen = outlook.catalogue.segments[selection.segment or next(iter(outlook.catalogue.segments))]
    name = speaker.of(chosen, "title")
    sentence = segment.lead(outlook, selection, speaker)
    call = outlook.calls.get((chosen.id, selection.horizon))
    if call is None:
        return _card(outlook, name, name, sentence, speaker)
    return replace(
        _card(outlook, name, _titled(name, call, speaker), sentence, speaker),
        call=call.call,
        label=call_text.label(call, speaker),
        **_odds(call, speaker),
    )


def _titled(name: str, call: Call, speaker: Speaker) -> str:
    """A market and its call; the probability is that of growth, so it stands beside no other verdict."""
    label = call_text.label(call, speaker)
    label = label[:1].lower() + label[1:]
    if call.call == "growing" and call.probability_clear is not None:
        return speaker.say("social.growing", name=name, label=label, p=speaker.odds(call.probability_clear))
    return speaker.say("social.call", name=name, label=label)


def _odds(call: Call, speaker: Speaker) -> dict[str, Any]:
    if call.probability_clear is None or call.growth is None or call.low is None or call.high is None:
        return {}
    chance, p = speaker.chance(call.probability_clear), speaker.odds(call.probability_clear)
    return {
        "odds": speaker.say("social.odds", band=call_text.band(speaker), word=chance, p=p),
        "growth": speaker.growth(call.growth),
        "range": speaker.say("ranking.range", low=speaker.growth(call.low), high=speaker.growth(call.high)),
        "bar": Bar(call.low * 100, call.growth * 100, call.high * 100),
    }


def _track_record(outlook: Outlook, _selection: Selection, speaker: Speaker) -> Card:
    title = speaker.say("page.track_record")
    return _card(outlook, title, title, track_record.lead(outlook, speaker), speaker)


CARDS: tuple[Row, ...] = (
    Row("overview", _overview),
    Row("segment", _segment),
    Row("track_record", _track_record),
)
