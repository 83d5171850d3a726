"""What can be compared: every series by name, found without accents in either language; and the peers of one."""

from collections.abc import Iterable, Sequence

from observatory.briefs.common.comparison_model import SeriesChoice
from observatory.briefs.common.context import Context
from observatory.briefs.common.methodology import series_list_text, series_text
from observatory.briefs.common.series_figure import format_series_title
from observatory.catalogue.series_codes import SERIES_SEPARATOR, format_series_code
from observatory.ingest.decode.name_index import fold_text
from observatory.language import LANGUAGES
from observatory.outlook.outlook import Outlook
from observatory.settings import MAX_COMPARED_SERIES
from observatory.timeseries import SeriesKey

PINNED_COUNTRIES = ("DEU", "BRA", "USA", "CAN", "CHN")  # where the cluster has people: these countries come first

_MIN_SHARED_CHARS = 16  # characters of shared first words, from which a tag on a phone may be cut before names differ


def format_series_name(context: Context, key: SeriesKey) -> str:
    """A series by its title, its item and its place, where the title does not name it already."""
    place = context.localizer.field_text(context.outlook.catalogue.geographies[key[1]], "short")
    title = format_series_title(context.outlook, key, context.localizer)
    return title if place in title else f"{title} ({place})"


def inputs_text(context: Context, keys: Iterable[SeriesKey]) -> str:
    """Series as what goes into a figure: each by its title and its place."""
    localizer = context.localizer
    places = context.outlook.catalogue.geographies
    names = (
        series_text(
            format_series_title(context.outlook, key, localizer),
            localizer.field_text(places[key[1]], "short"),
            localizer,
        )
        for key in dict.fromkeys(keys)
    )
    return series_list_text(names, localizer)


def shorten_series_names(context: Context, keys: Sequence[SeriesKey]) -> list[str]:
    """Series as briefly as they can be told apart: by their places alone, their titles, or both."""
    if len(keys) > 1 and len({(key[0], key[2]) for key in keys}) == 1:
        return [context.localizer.field_text(context.outlook.catalogue.geographies[key[1]], "short") for key in keys]
    titles = [format_series_title(context.outlook, key, context.localizer) for key in keys]
    return titles if len(set(titles)) == len(titles) else [format_series_name(context, key) for key in keys]


def move_distinct_words_first(names: Sequence[str]) -> list[str]:
    """Names whose beginnings differ: long first words that one shares with another stand behind what is its own."""
    return [_move_distinct_words_first(name, [other for other in names if other != name]) for name in names]


def _move_distinct_words_first(name: str, others: Sequence[str]) -> str:
    words = name.split(" ")
    alike = max((_count_shared_words(words, other.split(" ")) for other in others), default=0)
    while alike and " ".join(words[:alike]).count("(") != " ".join(words[:alike]).count(")"):
        alike -= 1  # no bracket is torn
    shared, own = (" ".join(part).strip(" ,:\u2013\u00a0") for part in (words[:alike], words[alike:]))
    if len(shared) < _MIN_SHARED_CHARS or not own:
        return name
    own = own[1:-1] if own.startswith("(") and own.find(")") == len(own) - 1 else own
    return f"{own[:1].upper()}{own[1:]} \u00b7 {shared}"


def _count_shared_words(first: Sequence[str], second: Sequence[str]) -> int:
    """How many first words are the same."""
    return next((k for k, pair in enumerate(zip(first, second, strict=False)) if pair[0] != pair[1]), len(second))


def list_series_choices(context: Context) -> tuple[SeriesChoice, ...]:
    """Every series of an outlook, market by market in the order of the catalogue, headline first."""
    outlook = context.outlook
    catalogue = outlook.catalogue
    found = []
    by_indicator: dict[str, list[SeriesKey]] = {}
    for key in outlook.panel:
        by_indicator.setdefault(key[0], []).append(key)
    for segment in catalogue.segments.values():
        for row in catalogue.indicators_of_segment(segment.id):
            first = outlook.headline_key(row)
            for key in sorted(by_indicator.get(row.id, ()), key=lambda key: (key != first, key[2], key[1])):
                market = context.localizer.field_text(segment, "title")
                found.append(
                    SeriesChoice(
                        format_series_code(key),
                        format_series_name(context, key),
                        market,
                        _build_search_text(outlook, key),
                    )
                )
    return tuple(found)


def _build_search_text(outlook: Outlook, key: SeriesKey) -> str:
    """Titles, places, items and markets in both languages, folded."""
    catalogue = outlook.catalogue
    row, place = catalogue.indicators[key[0]], catalogue.geographies[key[1]]
    nouns = [row, place, catalogue.segments[row.segment], *([catalogue.items[key[2]]] if key[2] else [])]
    texts = [str(getattr(noun, f"title_{language}")) for noun in nouns for language in LANGUAGES]
    texts += [getattr(place, f"short_{language}") for language in LANGUAGES]
    return fold_text(" ".join([*texts, key[0], key[1]]))


def search_series(choices: Sequence[SeriesChoice], query: str) -> tuple[SeriesChoice, ...]:
    """The choices that have all the words of a search, in any order, accents and case ignored."""
    words = fold_text(query).split()
    return tuple(row for row in choices if all(word in row.search_text for word in words))


def format_peer_codes(outlook: Outlook, key: SeriesKey) -> str:
    """The list of the same indicator in other countries, its own first; empty where there are no two countries."""
    places = list_countries(outlook, key[0], key[2])
    if len(places) < 2:
        return ""
    ordered = [key[1]] if key[1] in places else []
    ordered += [geo for geo in (*PINNED_COUNTRIES, *places) if geo in places]
    kept = list(dict.fromkeys(ordered))[:MAX_COMPARED_SERIES]
    return SERIES_SEPARATOR.join(format_series_code((key[0], geo, key[2])) for geo in kept)


def list_countries(outlook: Outlook, indicator: str, item: str = "") -> list[str]:
    """The countries in which an indicator is known, in the order of the catalogue."""
    return [
        row.id
        for row in outlook.catalogue.geographies.values()
        if row.kind == "country" and (indicator, row.id, item) in outlook.panel
    ]
