"""Names of series: their titles, the shortest names that tell several apart, and lists of them."""

from collections.abc import Iterable, Sequence

from observatory.briefs.common.context import Context
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.timeseries import SeriesKey
from observatory.typography import capitalize_first

_MIN_SHARED_CHARS = 16  # shared beginnings of that length: a phone may cut both names before they differ


def format_series_title(outlook: Outlook, key: SeriesKey, localizer: Localizer) -> str:
    """The title of a series: that of its indicator, then, if it has an item, a dash and the item."""
    title = localizer.field_text(outlook.catalogue.indicators[key[0]], "title")
    return f"{title} \u2013 {localizer.field_text(outlook.catalogue.items[key[2]], 'title')}" if key[2] else title


def format_series_name(context: Context, key: SeriesKey) -> str:
    """A series by its title, its item and, unless the title names it already, its geography."""
    place = context.localizer.field_text(context.outlook.catalogue.geographies[key[1]], "short")
    title = format_series_title(context.outlook, key, context.localizer)
    return title if place in title else f"{title} ({place})"


def inputs_text(context: Context, keys: Iterable[SeriesKey]) -> str:
    """Series as the inputs of a figure: each by its title and its geography."""
    localizer = context.localizer
    names = (_input_text(context, key) for key in dict.fromkeys(keys))
    return localizer.text("how.series", list=localizer.join_clauses(names))


def _input_text(context: Context, key: SeriesKey) -> str:
    """A series by its title and, unless the title names it already, its geography."""
    localizer = context.localizer
    title = format_series_title(context.outlook, key, localizer)
    place = localizer.field_text(context.outlook.catalogue.geographies[key[1]], "short")
    if place in title:
        return localizer.text("how.titled", title=title)
    return localizer.text("how.one", title=title, place=place)


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
