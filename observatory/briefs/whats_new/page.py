"""What changed between two editions: counts first, then calls, revisions, new data, and the editions themselves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from observatory.briefs.common import call_text
from observatory.briefs.common.model import Chapter, Entry, Listing, News, Table, Turned
from observatory.briefs.whats_new.figures import listings_of
from observatory.catalogue.periods import month_of, overdue, period
from observatory.language import Speaker
from observatory.outlook.analysis.diff import Changes, Turn
from observatory.outlook.calls.calls import Call
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection
from observatory.settings import STOPPED_AFTER_MONTHS
from observatory.store.records import Vintage
from observatory.timeseries import Key

EDITIONS_SHOWN = 10
LATE = 2  # months; a figure that is one month late is still expected now
CLEARLY = 0.01  # a median that moves by more is said to have moved
DASH = "\u2013"


@dataclass(frozen=True)
class Tally:
    """How many figures an edition brought; `knowhow` as in `Changes.knowhow_counts`."""

    added: int
    revised: int
    withdrawn: int
    knowhow: tuple[int, int, int] = (0, 0, 0)


@dataclass(frozen=True)
class Pair:
    """Two editions to compare, in order; no `since` before the first one. `unknown` are names and numbers not found."""

    since: Vintage | None
    until: Vintage
    unknown: tuple[tuple[str, int], ...]


def compared(editions: Sequence[Vintage], selection: Selection, pinned: int) -> Pair:
    """The editions that a selection compares; by default the pinned one (0: the newest) against the one before it.

    Editions are oldest first, as published. Two that are given in the wrong order are put in order.
    """
    places = {row.id: place for place, row in enumerate(editions)}
    asked = (("since", selection.since), ("until", selection.until))
    unknown = tuple((name, number) for name, number in asked if number and number not in places)
    until = places.get(selection.until, places.get(pinned, len(editions) - 1))
    since = places.get(selection.since, until - 1)
    if since == until:
        since = until - 1
    since, until = min(since, until), max(since, until)
    return Pair(editions[since] if since >= 0 else None, editions[until], unknown)


def tally(brought: Iterable[tuple[Key, str, float | None]], known: Mapping[tuple[Key, str], float]) -> Tally:
    """What the rows of an edition did to the figures known before it; rows that say the same count for nothing."""
    added = revised = withdrawn = 0
    for key, when, value in brought:
        old = known.get((key, when))
        added += old is None and value is not None
        revised += old is not None and value is not None and value != old
        withdrawn += old is not None and value is None
    return Tally(added, revised, withdrawn)


def whats_new(
    pair: Pair,
    outlooks: tuple[Outlook | None, Outlook],
    found: Changes,
    editions: Sequence[Vintage],
    tallies: Mapping[int, Tally],
    selection: Selection,
    speaker: Speaker,
    today: date,
) -> News:
    """What a pair of editions says differently. `outlooks` and `found` are theirs; `editions` are all, oldest first."""
    before, after = outlooks
    newest = editions[-1].id == pair.until.id
    base = replace(selection, since=0, until=0, asof="" if newest else f"e{pair.until.id}")
    return News(
        kicker=speaker.say("news.kicker", date=speaker.day(pair.until.at.date())),
        lead=_lead(pair, after, found, newest, speaker),
        under=_under(found, after, newest, speaker, today),
        notices=tuple(_unknown(name, number, pair, speaker) for name, number in pair.unknown),
        since=pair.since.id if pair.since else 0,
        until=pair.until.id,
        choices=tuple((row.id, _name(row, speaker)) for row in reversed(editions)) if len(editions) > 1 else (),
        calls=_calls(pair, found, speaker),
        turned=tuple(turned_of(after, row, base, speaker) for row in found.flipped),
        moved=moved_of(after, found.moved, speaker) if found.moved else None,
        listings=listings_of(before, after, found, base, speaker) if before is not None else (),
        editions=_editions(editions, tallies, selection, speaker),
    )


def counted(found: Changes, speaker: Speaker) -> str:
    """The counts of what changed as one list; calls are always said, figures and know-how where there are any."""
    figures = [
        speaker.count(f"news.{name}", n)
        for name, n in (
            ("added", found.figures_added),
            ("revised", found.figures_revised),
            ("withdrawn", found.figures_withdrawn),
        )
        if n
    ]
    figures += judged(found.knowhow_counts, speaker)
    flips = len(found.flipped)
    calls = speaker.count("news.flipped", flips) if flips else speaker.say("news.flipped.none")
    return ", ".join([*(figures or [speaker.say("news.figures.none")]), calls])


def judged(counts: tuple[int, int, int], speaker: Speaker) -> list[str]:
    """How much know-how is new, judged otherwise and withdrawn, in words; what there is none of is left out."""
    keys = ("news.knowhow.added", "news.knowhow", "news.knowhow.withdrawn")
    return [speaker.count(key, n) for key, n in zip(keys, counts, strict=True) if n]


def since_then(found: Changes, speaker: Speaker) -> str:
    """What a reader of an older edition is told of what has changed since."""
    return speaker.say("banner.since", changes=counted(found, speaker)) if found else speaker.say("banner.since.none")


def _lead(pair: Pair, after: Outlook, found: Changes, newest: bool, speaker: Speaker) -> str:
    until = {"id": pair.until.id, "date": speaker.day(pair.until.at.date())}
    if pair.since is None:
        parts = (
            speaker.count("news.indicators", len({key[0] for key in after.panel})),
            speaker.count("news.series", len(after.panel)),
            speaker.count("news.figures", sum(row.count for row in after.panel.values())),
        )
        return speaker.say("news.lead.first", **until, held=", ".join(parts))
    since = {"since": pair.since.id, "since_date": speaker.day(pair.since.at.date())}
    if newest:
        return (
            speaker.say("news.lead", **since, changes=counted(found, speaker))
            if found
            else speaker.say("news.lead.none", **since)
        )
    if not found:
        return speaker.say("news.lead.between.none", **since, **until)
    return speaker.say("news.lead.between", **since, **until, changes=counted(found, speaker))


def _under(found: Changes, after: Outlook, newest: bool, speaker: Speaker, today: date) -> tuple[str, ...]:
    said = []
    if found.forecasts:
        clearly = sum(1 for row in found.forecasts if row.change is not None and abs(row.change) > CLEARLY)
        said.append(speaker.count("news.forecasts", len(found.forecasts)))
        said.append(speaker.count("news.forecasts.clearly", clearly) if clearly else speaker.say("news.forecasts.none"))
    parts = [" ".join(said), following(after, speaker, today) if newest else ""]
    return tuple(part for part in parts if part)


def following(outlook: Outlook, speaker: Speaker, today: date) -> str:
    """When the next figures are expected, and of how many indicators; then how many others are late."""
    waits = []
    for row in outlook.catalogue.indicators.values():
        history = outlook.panel.get(outlook.headline(row))
        if history is not None:
            waits.append(-overdue(history.last, history.frequency, row.publication_lag_months, today))
    coming = [max(months, 0) for months in waits if months > -LATE]
    late = sum(-STOPPED_AFTER_MONTHS <= months <= -LATE for months in waits)
    said = []
    if coming:
        first = min(coming)
        when = speaker.period_in(period(month_of(today) + first, "M"))
        said.append(speaker.count("news.next", coming.count(first), period_in=when))
    if late:
        said.append(speaker.count("news.late", late))
    return " ".join(said)


def _unknown(name: str, number: int, pair: Pair, speaker: Speaker) -> str:
    """That an edition which the address names does not exist, and which one stands in for it."""
    instead = pair.until if name == "until" else pair.since
    if instead is None:
        return speaker.say("news.unknown", id=number)
    return speaker.say("news.unknown.instead", id=number, now=instead.id)


def _name(edition: Vintage, speaker: Speaker) -> str:
    return speaker.say("news.edition", id=edition.id, date=speaker.day(edition.at.date()))


# -- calls --------------------------------------------------------------------------------------------------------


def _calls(pair: Pair, found: Changes, speaker: Speaker) -> Chapter | None:
    if pair.since is None:
        return None
    flips = len(found.flipped)
    parts = [
        speaker.count("news.calls.flipped", flips) if flips else speaker.say("news.calls.none"),
        speaker.count("news.calls.moved", len(found.moved)) if found.moved else speaker.say("news.calls.still"),
    ]
    return Chapter(speaker.say("news.calls.title"), " ".join(parts), ())


def turned_of(after: Outlook, turn: Turn, base: Selection, speaker: Speaker) -> Turned:
    """A call before and after, in words."""
    segment = after.catalogue.segments[turn.segment]
    target = replace(base, segment=turn.segment, indicator="", geo="", item="", horizon=turn.horizon)
    return Turned(
        target,
        speaker.of(segment, "title"),
        _horizon(turn, speaker),
        _said(turn.old, speaker),
        _said(turn.new, speaker),
    )


def _said(call: Call | None, speaker: Speaker) -> tuple[str, str, str]:
    """A call as its code, its label, and the odds of clear growth in words."""
    if call is None:
        return "", speaker.say("news.calls.absent"), ""
    if call.probability_clear is None:
        return call.call, call_text.label(call, speaker), ""
    chance = call.probability_clear
    odds = speaker.say("news.odds", word=speaker.chance(chance), p=speaker.odds(chance))
    return call.call, call_text.label(call, speaker), odds


def _horizon(turn: Turn, speaker: Speaker) -> str:
    """The horizon of a call and the year it reaches; both years where that of the newer edition is a later one."""
    years = sorted({row.year for row in (turn.old, turn.new) if row is not None})
    span = speaker.count("control.horizon.years", turn.horizon)
    return speaker.say("news.horizon", span=span, year=" \u2192 ".join(map(str, years)))


def moved_of(after: Outlook, turns: Sequence[Turn], speaker: Speaker) -> Table:
    """Calls with the same verdict and other odds, as a table."""
    rows = []
    for turn in turns:
        call = turn.new or turn.old
        before, now = (DASH if odds is None else f"{odds}{speaker.percent_sign}" for odds in turn.odds)
        title = speaker.of(after.catalogue.segments[turn.segment], "title")
        rows.append((title, _horizon(turn, speaker), call_text.label(call, speaker) if call else DASH, before, now))
    heads = tuple(speaker.say(f"news.head.{name}") for name in ("market", "horizon", "call", "old", "new"))
    return Table(speaker.count("news.calls.moved.show", len(rows)), heads, tuple(rows))


# -- editions -----------------------------------------------------------------------------------------------------


def _editions(
    editions: Sequence[Vintage], tallies: Mapping[int, Tally], selection: Selection, speaker: Speaker
) -> Listing:
    """All editions, newest first; each leads to what it changed."""
    entries = []
    for place in range(len(editions) - 1, -1, -1):
        row = editions[place]
        target = replace(selection, asof="", until=row.id, since=editions[place - 1].id if place else 0)
        tally = tallies.get(row.id)
        counts = (tally.added, tally.revised, tally.withdrawn) if tally else ()
        cells = tuple(speaker.number(n) for n in counts) or (DASH,) * 3
        title = speaker.say("news.edition.short", id=row.id)
        # Below the date, not in a column: most editions bring none, and a phone would say so for each of them.
        below = " \u00b7 ".join([speaker.day(row.at.date()), *(judged(tally.knowhow, speaker) if tally else ())])
        entries.append(Entry(target, title, below, (row.who, note_of(row, speaker), *cells)))
    heads = tuple(
        speaker.say(f"news.head.{name}") for name in ("edition", "who", "note", "added", "revised", "withdrawn")
    )
    rest = max(len(entries) - EDITIONS_SHOWN, 0)
    return Listing(
        speaker.say("news.editions.title"),
        speaker.say("news.editions.subtitle"),
        heads,
        tuple(entries),
        EDITIONS_SHOWN,
        speaker.count("news.rest", rest) if rest else "",
    )


def note_of(edition: Vintage, speaker: Speaker) -> str:
    """Why an edition was made, in the other language if it was written in that one only; what it undoes comes first."""
    notes = {"fr": edition.note_fr, "en": edition.note_en}
    note = speaker.dress(notes[speaker.language] or next((text for text in notes.values() if text), ""))
    if edition.reverts is None:
        return note
    undone = speaker.say("news.reverts", id=edition.reverts)
    return f"{undone} {note}".strip()
