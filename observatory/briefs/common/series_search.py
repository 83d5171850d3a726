"""What can be compared: every series by name, found without accents in either language; and the peers of one."""

from collections.abc import Iterable, Sequence

from observatory.briefs.common.comparison_model import Choice
from observatory.briefs.common.methodology import one
from observatory.briefs.common.methodology import series as named
from observatory.briefs.common.series_figure import title_of
from observatory.catalogue.series_codes import BETWEEN, code_of
from observatory.ingest.decode.name_index import fold
from observatory.language import LANGUAGES, Speaker
from observatory.outlook.outlook import Outlook
from observatory.settings import MOST_SERIES
from observatory.timeseries import Key

PINNED = ("DEU", "BRA", "USA", "CAN", "CHN")  # where the cluster has people: these countries come first

LONG = 16  # characters of shared first words, from which a tag on a phone may be cut before names differ


def name_of(outlook: Outlook, key: Key, speaker: Speaker) -> str:
    """A series by its title, its item and its place, where the title does not name it already."""
    place = speaker.of(outlook.catalogue.geographies[key[1]], "short")
    title = title_of(outlook, key, speaker)
    return title if place in title else f"{title} ({place})"


def inputs_of(outlook: Outlook, keys: Iterable[Key], speaker: Speaker) -> str:
    """Series as what goes into a figure: each by its title and its place."""
    places = outlook.catalogue.geographies
    names = (
        one(title_of(outlook, key, speaker), speaker.of(places[key[1]], "short"), speaker)
        for key in dict.fromkeys(keys)
    )
    return named(names, speaker)


def told_apart(outlook: Outlook, keys: Sequence[Key], speaker: Speaker) -> list[str]:
    """Series as briefly as they can be told apart: by their places alone, their titles, or both."""
    if len(keys) > 1 and len({(key[0], key[2]) for key in keys}) == 1:
        return [speaker.of(outlook.catalogue.geographies[key[1]], "short") for key in keys]
    titles = [title_of(outlook, key, speaker) for key in keys]
    return titles if len(set(titles)) == len(titles) else [name_of(outlook, key, speaker) for key in keys]


def fronted(names: Sequence[str]) -> list[str]:
    """Names whose beginnings differ: long first words that one shares with another stand behind what is its own."""
    return [_fronted(name, [other for other in names if other != name]) for name in names]


def _fronted(name: str, others: Sequence[str]) -> str:
    words = name.split(" ")
    alike = max((_alike(words, other.split(" ")) for other in others), default=0)
    while alike and " ".join(words[:alike]).count("(") != " ".join(words[:alike]).count(")"):
        alike -= 1  # no bracket is torn
    shared, own = (" ".join(part).strip(" ,:\u2013\u00a0") for part in (words[:alike], words[alike:]))
    if len(shared) < LONG or not own:
        return name
    own = own[1:-1] if own.startswith("(") and own.find(")") == len(own) - 1 else own
    return f"{own[:1].upper()}{own[1:]} \u00b7 {shared}"


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many first words are the same."""
    return next((k for k, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), len(other))


def choices(outlook: Outlook, speaker: Speaker) -> tuple[Choice, ...]:
    """Every series of an outlook, market by market in the order of the catalogue, headline first."""
    catalogue = outlook.catalogue
    found = []
    by_indicator: dict[str, list[Key]] = {}
    for key in outlook.panel:
        by_indicator.setdefault(key[0], []).append(key)
    for segment in catalogue.segments.values():
        for row in catalogue.of_segment(segment.id):
            first = outlook.headline(row)
            for key in sorted(by_indicator.get(row.id, ()), key=lambda key: (key != first, key[2], key[1])):
                market = speaker.of(segment, "title")
                found.append(Choice(code_of(key), name_of(outlook, key, speaker), market, _words(outlook, key)))
    return tuple(found)


def _words(outlook: Outlook, key: Key) -> str:
    """Titles, places, items and markets in both languages, folded."""
    catalogue = outlook.catalogue
    row, place = catalogue.indicators[key[0]], catalogue.geographies[key[1]]
    nouns = [row, place, catalogue.segments[row.segment], *([catalogue.items[key[2]]] if key[2] else [])]
    texts = [str(getattr(noun, f"title_{language}")) for noun in nouns for language in LANGUAGES]
    texts += [getattr(place, f"short_{language}") for language in LANGUAGES]
    return fold(" ".join([*texts, key[0], key[1]]))


def found(every: Sequence[Choice], query: str) -> tuple[Choice, ...]:
    """The choices that have all the words of a search, in any order, accents and case ignored."""
    words = fold(query).split()
    return tuple(row for row in every if all(word in row.words for word in words))


def peers(outlook: Outlook, key: Key) -> str:
    """The list of the same indicator in other countries, its own first; empty where there are no two countries."""
    places = countries_of(outlook, key[0], key[2])
    if len(places) < 2:
        return ""
    ordered = [key[1]] if key[1] in places else []
    ordered += [geo for geo in (*PINNED, *places) if geo in places]
    kept = list(dict.fromkeys(ordered))[:MOST_SERIES]
    return BETWEEN.join(code_of((key[0], geo, key[2])) for geo in kept)


def countries_of(outlook: Outlook, indicator: str, item: str = "") -> list[str]:
    """The countries in which an indicator is known, in the order of the catalogue."""
    return [
        row.id
        for row in outlook.catalogue.geographies.values()
        if row.kind == "country" and (indicator, row.id, item) in outlook.panel
    ]
