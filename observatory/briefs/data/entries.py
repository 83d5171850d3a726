"""Entries of the catalogue of indicators: what each says of its last figure, age, publisher and licence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Sparkline
from observatory.briefs.common.units import choose_unit, format_amount
from observatory.briefs.figures.series import build_sparkline
from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import count_months_overdue, ordinal_to_period
from observatory.catalogue.schedule import classify_overdue
from observatory.ingest.decode.text import fold_text
from observatory.language import LANGUAGES
from observatory.timeseries import TimeSeries

IndicatorState = Literal["fresh", "late", "stopped", "awaiting"]  # `selection.STATES`
# Countries of the European Union, of the European Free Trade Association, and the United Kingdom.
_EUROPEAN_CODES = (
    "AUT BEL BGR HRV CYP CZE DNK EST FIN FRA DEU GRC HUN IRL ITA LVA LTU LUX MLT NLD POL PRT ROU SVK SVN ESP SWE "
    "CHE ISL LIE NOR GBR"
)
_EUROPEAN_PLACES = frozenset((*_EUROPEAN_CODES.split(), "EUROPE", "EUU", "EMU", "ESA"))


@dataclass(frozen=True)
class CatalogueEntry:
    """An indicator in the list: texts to print, and what search and filters go by.

    `state` says whether its newest figure is there: `late` since it is overdue, `stopped` since it has been for more
    than a year, `awaiting` if it has none yet. `search_text` is folded: no accents, no capitals.
    """

    indicator: str
    segment: str
    segment_title: str
    role: str
    role_label: str
    title: str
    publisher: str
    latest: str
    age: str
    frequency: str
    frequency_label: str
    licence: str
    state: IndicatorState
    is_european: bool
    search_text: str


def build_entry(context: Context, indicator: Indicator) -> CatalogueEntry:
    """The entry of an indicator, from its headline series; that of a candidate awaits its first figures."""
    outlook, localizer = context.outlook, context.localizer
    source, history = outlook.catalogue.sources[indicator.source], outlook.panel.get(outlook.headline_key(indicator))
    latest, age, state = _describe_latest(context, indicator, history)
    series = [] if history is None else outlook.list_series(indicator.id)
    places = [geo for _id, geo, _item in series] or [indicator.headline_geo]
    return CatalogueEntry(
        indicator=indicator.id,
        segment=indicator.segment,
        segment_title=context.market_title(indicator.segment),
        role=indicator.role,
        role_label=localizer.text(f"role.{indicator.role}"),
        title=localizer.field_text(indicator, "title"),
        publisher=localizer.field_text(source, "publisher"),
        latest=latest,
        age=age,
        frequency=indicator.frequency,
        frequency_label=localizer.text(f"data.frequency.{indicator.frequency}"),
        licence=localizer.field_text(source, "licence"),
        state=state,
        is_european=any(_is_european(context, geo) for geo in places),
        search_text=_build_search_text(context, indicator, places, {item for _id, _geo, item in series if item}),
    )


def _describe_latest(
    context: Context, indicator: Indicator, history: TimeSeries | None
) -> tuple[str, str, IndicatorState]:
    """The last value, how late the next one is, and the state."""
    localizer = context.localizer
    if history is None:
        return localizer.text("data.state.awaiting"), "", "awaiting"
    unit = choose_unit(indicator, history.values, localizer)
    period = localizer.period_short(ordinal_to_period(history.last, history.frequency))
    latest = localizer.text(
        "list.last", amount=format_amount(float(history.values[-1]), unit, localizer), period=period
    )
    overdue = count_months_overdue(history.last, history.frequency, indicator.publication_lag_months, context.today)
    state = classify_overdue(overdue)
    if state == "fresh":
        return latest, "", state
    return latest, localizer.plural(f"data.state.{state}", overdue), state


def build_entry_sparkline(context: Context, entry: CatalogueEntry) -> Sparkline | None:
    """The sparkline of the headline series of an entry, if it has figures."""
    outlook = context.outlook
    if entry.state == "awaiting":
        return None
    key = outlook.headline_key(outlook.catalogue.indicators[entry.indicator])
    label = context.localizer.text("list.spark", title=entry.title)
    return build_sparkline(outlook.panel[key], outlook.forecasts.get(key), label)


def filter_entries(context: Context, entries: Sequence[CatalogueEntry]) -> list[CatalogueEntry]:
    """The entries that hold every word of the search, in any order and either language, and pass all filters."""
    selection = context.selection
    words = fold_text(selection.find).split()
    return [
        row
        for row in entries
        if (not selection.segment or row.segment == selection.segment)
        and (not selection.role or row.role == selection.role)
        and (not selection.freq or row.frequency == selection.freq)
        and (not selection.state or row.state == selection.state)
        and (selection.area != "europe" or row.is_european)
        and all(word in row.search_text for word in words)
    ]


def _is_european(context: Context, geo: str) -> bool:
    """Whether a place is Europe, a part of it, or one of its countries."""
    place = context.outlook.catalogue.geographies[geo]
    return geo in _EUROPEAN_PLACES or place.kind == "region"


def _build_search_text(context: Context, indicator: Indicator, places: Iterable[str], items: Iterable[str]) -> str:
    """Titles, places, items, market and publisher in both languages, and the code, folded."""
    catalogue = context.outlook.catalogue
    entities: list[object] = [indicator, catalogue.segments[indicator.segment]]
    entities += [catalogue.geographies[geo] for geo in sorted(set(places))]
    entities += [catalogue.items[item] for item in sorted(items)]
    texts = [str(getattr(entity, f"title_{language}")) for entity in entities for language in LANGUAGES]
    texts += [getattr(catalogue.sources[indicator.source], f"publisher_{language}") for language in LANGUAGES]
    return fold_text(" ".join([*texts, indicator.id]))
