"""Search of series by name, without accents and in both languages; peers of a series."""

from collections.abc import Sequence

from observatory.briefs.common.comparison_model import SeriesChoice
from observatory.briefs.common.context import Context
from observatory.briefs.common.series_names import format_series_name
from observatory.catalogue.series_codes import SERIES_SEPARATOR, format_series_code
from observatory.ingest.decode.text import fold_text
from observatory.language import LANGUAGES
from observatory.outlook.outlook import Outlook
from observatory.settings import MAX_COMPARED_SERIES
from observatory.timeseries import SeriesKey

PINNED_COUNTRIES = ("DEU", "BRA", "USA", "CAN", "CHN")  # where the cluster has staff: listed before other countries


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
