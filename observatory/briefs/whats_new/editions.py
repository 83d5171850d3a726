"""Editions that the page of changes compares: their choice, the counts of their changes, the list of all of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from observatory.briefs.common.model import LinkTable, LinkTableEntry
from observatory.language import NO_VALUE, Localizer
from observatory.selection import Selection
from observatory.store.records import Vintage
from observatory.timeseries import SeriesKey

_MAX_EDITIONS_SHOWN = 10
MAX_EDITIONS_LISTED = 60  # also folded away; links lead to those before and after them


@dataclass(frozen=True)
class EditionCounts:
    """How many figures an edition changed; `knowhow_counts` as in `OutlookDiff.knowhow_counts`."""

    added: int
    revised: int
    withdrawn: int
    knowhow_counts: tuple[int, int, int] = (0, 0, 0)


@dataclass(frozen=True)
class EditionPair:
    """Two editions to compare, in order; `since` is None before the first edition.

    `unknown_editions` are the parameters, with their numbers, that name no edition.
    """

    since: Vintage | None
    until: Vintage
    unknown_editions: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class CountedEditions:
    """All editions, oldest first, and by number the counts of those that were counted."""

    editions: Sequence[Vintage]
    counts: Mapping[int, EditionCounts]


def choose_editions(editions: Sequence[Vintage], selection: Selection, pinned: int) -> EditionPair:
    """The editions that a selection compares; by default the pinned one (0: the newest) with the one before it.

    `editions` are oldest first. A selection that names them in the wrong order is put in order.
    """
    positions = {row.id: position for position, row in enumerate(editions)}
    requested = (("since", selection.since), ("until", selection.until))
    unknown = tuple((name, number) for name, number in requested if number and number not in positions)
    until = positions.get(selection.until, positions.get(pinned, len(editions) - 1))
    since = positions.get(selection.since, until - 1)
    if since == until:
        since = until - 1
    since, until = min(since, until), max(since, until)
    return EditionPair(editions[since] if since >= 0 else None, editions[until], unknown)


def count_edition_changes(
    observations: Iterable[tuple[SeriesKey, str, float | None]], previous_values: Mapping[tuple[SeriesKey, str], float]
) -> EditionCounts:
    """Figures that the observations of an edition add, revise or withdraw; unchanged ones are not counted."""
    added = revised = withdrawn = 0
    for key, when, value in observations:
        old = previous_values.get((key, when))
        added += old is None and value is not None
        revised += old is not None and value is not None and value != old
        withdrawn += old is not None and value is None
    return EditionCounts(added, revised, withdrawn)


def build_knowhow_texts(counts: tuple[int, int, int], localizer: Localizer) -> list[str]:
    """Counts of know-how added, assessed anew and withdrawn, in words; counts of zero are left out."""
    keys = ("news.knowhow.added", "news.knowhow", "news.knowhow.withdrawn")
    return [localizer.plural(key, n) for key, n in zip(keys, counts, strict=True) if n]


def unknown_edition_text(name: str, number: int, pair: EditionPair, localizer: Localizer) -> str:
    """Notice that an edition of the link does not exist, and which one replaces it."""
    replacement = pair.until if name == "until" else pair.since
    if replacement is None:
        return localizer.text("news.unknown", id=number)
    return localizer.text("news.unknown.instead", id=number, now=replacement.id)


def edition_text(edition: Vintage, localizer: Localizer) -> str:
    """An edition by its number and day."""
    return localizer.text("news.edition", id=edition.id, date=localizer.day(edition.at.date()))


def list_shown_positions(editions: Sequence[Vintage], until: Vintage) -> range:
    """The places of the editions that the page lists: the newest ones or, if `until` is older, those up to it."""
    end = len(editions)
    if all(row.id != until.id for row in editions[-MAX_EDITIONS_LISTED:]):
        end = next(position for position, row in enumerate(editions) if row.id == until.id) + 1
    return range(max(end - MAX_EDITIONS_LISTED, 0), end)


def build_edition_options(
    editions: Sequence[Vintage], pair: EditionPair, localizer: Localizer
) -> tuple[tuple[int, str], ...]:
    """The editions that can be chosen, newest first: those that the page lists, and the pair; none if there is one."""
    if len(editions) < 2:
        return ()
    shown = [editions[position] for position in list_shown_positions(editions, pair.until)]
    if pair.since is not None and pair.since not in shown:
        shown.insert(0, pair.since)
    return tuple((row.id, edition_text(row, localizer)) for row in reversed(shown))


def build_edition_links(
    editions: Sequence[Vintage], pair: EditionPair, selection: Selection, localizer: Localizer
) -> tuple[tuple[Selection, str], ...]:
    """Where the list of editions goes on: the newest ones, and those before the ones that it shows."""
    shown, links = list_shown_positions(editions, pair.until), []
    if shown.stop < len(editions):
        links.append((replace(selection, asof="", since=0, until=0), localizer.text("news.editions.newest")))
    if shown.start:
        last = editions[shown.start - 1].id
        target = replace(selection, asof="", since=0, until=last)
        links.append((target, localizer.plural("news.editions.older", shown.start, id=last)))
    return tuple(links)


def build_edition_table(
    history: CountedEditions, pair: EditionPair, selection: Selection, localizer: Localizer
) -> LinkTable:
    """The newest editions, or those up to the one that is shown, newest first, each with a link to its changes."""
    entries = []
    for index in reversed(list_shown_positions(history.editions, pair.until)):
        row = history.editions[index]
        previous = history.editions[index - 1].id if index else 0
        target = replace(selection, asof="", until=row.id, since=previous)
        counts = history.counts.get(row.id)
        figures = (counts.added, counts.revised, counts.withdrawn) if counts else ()
        cells = tuple(localizer.number(n) for n in figures) or (NO_VALUE,) * 3
        title = localizer.text("news.edition.short", id=row.id)
        # Know-how goes below the date, not in a column: most editions change none, and columns are scarce on a phone.
        subtitle = " \u00b7 ".join(
            [localizer.day(row.at.date()), *(build_knowhow_texts(counts.knowhow_counts, localizer) if counts else ())]
        )
        entries.append(LinkTableEntry(target, title, subtitle, (row.who, note_text(row, localizer), *cells)))
    heads = tuple(
        localizer.text(f"news.head.{name}") for name in ("edition", "who", "note", "added", "revised", "withdrawn")
    )
    rest = max(len(entries) - _MAX_EDITIONS_SHOWN, 0)
    return LinkTable(
        localizer.text("news.editions.title"),
        localizer.text("news.editions.subtitle"),
        heads,
        tuple(entries),
        _MAX_EDITIONS_SHOWN,
        localizer.plural("news.rest", rest) if rest else "",
    )


def note_text(edition: Vintage, localizer: Localizer) -> str:
    """The note of an edition, in the other language if it has no other; first the edition that it reverts."""
    notes = {"fr": edition.note_fr, "en": edition.note_en}
    note = localizer.typeset(notes[localizer.language] or next((text for text in notes.values() if text), ""))
    if edition.reverts is None:
        return note
    revert_sentence = localizer.text("news.reverts", id=edition.reverts)
    return f"{revert_sentence} {note}".strip()
