"""Know-how judged otherwise, in words: each cell and text before and after, and whose neighbours come otherwise."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from observatory.briefs.common.model import Entry
from observatory.ingest.knowhow.table import LEVELS
from observatory.language import LANGUAGES, Speaker
from observatory.outlook.analysis.diff import Rejudged
from observatory.outlook.analysis.neighbours import reordered
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection

DASH = "\u2013"


def level(number: int, speaker: Speaker) -> str:
    """How much a market uses a know-how, as the table says it: "au c\u0153ur", "un peu", or a dash."""
    return speaker.say(f"neighbours.level.{LEVELS[number]}")


def entries(rows: Sequence[Rejudged], outlook: Outlook, base: Selection, speaker: Speaker) -> list[Entry]:
    """Every cell and text that is another one, by know-how; a cell leads to its market."""
    return [entry for row in rows for entry in _entries(row, outlook, base, speaker)]


def _entries(change: Rejudged, outlook: Outlook, base: Selection, speaker: Speaker) -> Iterator[Entry]:
    segments, row = outlook.catalogue.segments, change.row
    title, markets = speaker.of(row, "title"), outlook.catalogue.markets
    below = "" if change.old and change.new else speaker.say(f"news.knowhow.{'new' if change.new else 'gone'}")
    cells = [
        (name, speaker.of(segments[name], "title"), level(old, speaker), level(new, speaker))
        for name, old, new in change.cells(markets)
    ]
    home = next((name for name in (*row.core, *row.some)), markets[0])
    for name, what, old, new in [*cells, *((home, *text) for text in _texts(change, bool(cells), speaker))]:
        target = replace(base, segment=name, indicator="", geo="", item="")
        yield Entry(target, title, below, (what, old, new))


def _texts(change: Rejudged, told: bool, speaker: Speaker) -> Iterator[tuple[str, str, str]]:
    """The texts that are others; the day only where nothing else is, for it follows what is judged."""
    old, new = change.old, change.new
    if old is None or new is None:
        if not told:
            titles = [speaker.of(row, "title") if row else DASH for row in (old, new)]
            yield speaker.say("news.knowhow.row"), titles[0], titles[1]
        for name in ("definition", "reason"):
            key = name if name == "definition" else f"{name}_{speaker.language}"
            texts = [speaker.dress(str(getattr(row, key))) if row else DASH for row in (old, new)]
            yield speaker.say(f"news.knowhow.{name}"), texts[0], texts[1]
        return
    for name in ("title", "definition", "reason"):
        keys = [name] if name == "definition" else [f"{name}_{language}" for language in _first(speaker)]
        changed = [key for key in keys if getattr(old, key) != getattr(new, key)]
        if changed:  # in the language of the reader, if it says otherwise there
            told = True
            texts = [speaker.dress(str(getattr(row, changed[0]))) for row in (old, new)]
            yield speaker.say(f"news.knowhow.{'title_text' if name == 'title' else name}"), texts[0], texts[1]
    if not told:
        yield speaker.say("news.knowhow.judged"), speaker.day(old.judged), speaker.day(new.judged)


def _first(speaker: Speaker) -> Iterable[str]:
    """The languages, that of the reader first."""
    return sorted(LANGUAGES, key=lambda language: language != speaker.language)


def neighbours_moved(before: Outlook, after: Outlook, speaker: Speaker) -> str:
    """For which markets another know-how puts the neighbours in another order."""
    moved = reordered(before, after)
    if not moved:
        return speaker.say("publish.neighbours.none")
    if len(moved) == len(after.catalogue.markets):
        return speaker.say("publish.neighbours.all")
    names = speaker.list_of(speaker.of(after.catalogue.segments[name], "title") for name in moved)
    return speaker.count("publish.neighbours", len(moved), list=names)
