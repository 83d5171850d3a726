"""Search of series by name, without accents and in both languages; names that tell series apart; peers of a series."""

from collections.abc import Iterable, Sequence

from observatory.briefs.common.comparison_model import SeriesChoice
from observatory.briefs.common.context import Context
from observatory.briefs.common.methodology import series_list_text, series_text
from observatory.briefs.common.series_figure import format_series_title
from observatory.catalogue.series_codes import SERIES_SEPARATOR, format_series_code
from observatory.ingest.decode.text import fold_text
from observatory.language import LANGUAGES, capitalize_first
from observatory.outlook.outlook import Outlook
from observatory.settings import MAX_COMPARED_SERIES
from observatory.timeseries import SeriesKey

PINNED_COUNTRIES = ("DEU", "BRA", "USA", "CAN", "CHN")  # where the cluster has staff: listed before other countries

_MIN_SHARED_CHARS = 16  # shared beginnings of that length: a phone may cut both names before they differ


def format_series_name(context: Context, key: SeriesKey) -> str:
    """A series by its title, its item and, unless the title names it already, its geography."""
    place = context.localizer.field_text(context.outlook.catalogue.geographies[key[1]], "short")
    title = format_series_title(context.outlook, key, context.localizer)
    return title if place in title else f"{title} ({place})"


def inputs_text(context: Context, keys: Iterable[SeriesKey]) -> str:
    """Series as the inputs of a figure: each by its title and its geography."""
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
    """The shortest names that distinguish series: their geographies, their titles, or both."""
    if len(keys) > 1 and len({(key[0], key[2]) for key in keys}) == 1:
        return [context.localizer.field_text(context.outlook.catalogue.geographies[key[1]], "short") for key in keys]
    titles = [format_series_title(context.outlook, key, context.localizer) for key in keys]
    return titles if len(set(titles)) == len(titles) else [format_series_name(context, key) for key in keys]


def move_distinct_words_first(names: Sequence[str]) -> list[str]:
    """Names whose beginnings differ: long first words that a name shares with another one are moved to its end."""
    return [_move_distinct_words_first(name, [other for other in names if other != name]) for name in names]


def _move_distinct_words_first(name: str, others: Sequence[str]) -> str:
    words = name.split(" ")
    shared_count = max((_count_shared_words(words, other.split(" ")) for other in others), default=0)
    while shared_count and " ".join(words[:shared_count]).count("(") != " ".join(words[:shared_count]).count(")"):
        shared_count -= 1  # a cut inside brackets would leave both parts unbalanced
    shared, distinct = (
        " ".join(part).strip(" ,:\u2013\u00a0") for part in (words[:shared_count], words[shared_count:])
    )
    if len(shared) < _MIN_SHARED_CHARS or not distinct:
        return name
    is_bracketed = distinct.startswith("(") and distinct.find(")") == len(distinct) - 1
    distinct = distinct[1:-1] if is_bracketed else distinct
    return f"{capitalize_first(distinct)} \u00b7 {shared}"


def _count_shared_words(first: Sequence[str], second: Sequence[str]) -> int:
    """Number of first words that two names share."""
    return next((k for k, pair in enumerate(zip(first, second, strict=False)) if pair[0] != pair[1]), len(second))


def list_series_choices(context: Context) -> tuple[SeriesChoice, ...]:
    """Every series of an outlook, by market in the order of the catalogue; headline series first in each indicator."""
    outlook = context.outlook
    catalogue = outlook.catalogue
    choices = []
    by_indicator: dict[str, list[SeriesKey]] = {}
    for key in outlook.panel:
        by_indicator.setdefault(key[0], []).append(key)
    for segment in catalogue.segments.values():
        for row in catalogue.indicators_of_segment(segment.id):
            headline = outlook.headline_key(row)
            for key in sorted(by_indicator.get(row.id, ()), key=lambda key: (key != headline, key[2], key[1])):
                market = context.localizer.field_text(segment, "title")
                choices.append(
                    SeriesChoice(
                        format_series_code(key),
                        format_series_name(context, key),
                        market,
                        _build_search_text(outlook, key),
                    )
                )
    return tuple(choices)


def _build_search_text(outlook: Outlook, key: SeriesKey) -> str:
    """Titles of indicator, geography, item and market in both languages, without accents and case."""
    catalogue = outlook.catalogue
    indicator, geography = catalogue.indicators[key[0]], catalogue.geographies[key[1]]
    items = [catalogue.items[key[2]]] if key[2] else []
    entities = [indicator, geography, catalogue.segments[indicator.segment], *items]
    texts = [str(getattr(entity, f"title_{language}")) for entity in entities for language in LANGUAGES]
    texts += [getattr(geography, f"short_{language}") for language in LANGUAGES]
    return fold_text(" ".join([*texts, key[0], key[1]]))


def search_series(choices: Sequence[SeriesChoice], query: str) -> tuple[SeriesChoice, ...]:
    """The choices that contain all the words of a query, in any order, accents and case ignored."""
    words = fold_text(query).split()
    return tuple(row for row in choices if all(word in row.search_text for word in words))


def format_peer_codes(outlook: Outlook, key: SeriesKey) -> str:
    """Joined codes of the same series by country, its own country first; empty where there are fewer than two."""
    countries = list_countries(outlook, key[0], key[2])
    if len(countries) < 2:
        return ""
    ordered = [key[1]] if key[1] in countries else []
    ordered += [geo for geo in (*PINNED_COUNTRIES, *countries) if geo in countries]
    compared = list(dict.fromkeys(ordered))[:MAX_COMPARED_SERIES]
    return SERIES_SEPARATOR.join(format_series_code((key[0], geo, key[2])) for geo in compared)


def list_countries(outlook: Outlook, indicator: str, item: str = "") -> list[str]:
    """The countries that have a series of an indicator, in the order of the catalogue."""
    return [
        row.id
        for row in outlook.catalogue.geographies.values()
        if row.kind == "country" and (indicator, row.id, item) in outlook.panel
    ]
