"""Choices on the page of countries: indicator, measure and country, and the link to a comparison of countries."""

from collections.abc import Sequence

from observatory.briefs.common.context import Context
from observatory.briefs.common.series_search import PINNED_COUNTRIES, format_peer_codes, list_countries
from observatory.catalogue.models import ROLES, Indicator
from observatory.errors import ObservatoryError
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection

MIN_COUNTRIES = 2  # with fewer countries, an indicator gets no map
_DEFAULT_BEFORE = "military_expenditure_usd"  # what a link that named nothing showed until December 2026


def list_measure_options(measures: Sequence[str], localizer: Localizer) -> tuple[tuple[str, str], ...]:
    """The measures with their labels."""
    return tuple((name, localizer.text(f"countries.measure.{name}")) for name in measures)


def list_place_options(context: Context, indicators: Sequence[Indicator]) -> tuple[tuple[str, str], ...]:
    """The countries that the profile can show: the pinned ones, then all in which an indicator is known."""
    geographies = context.outlook.catalogue.geographies
    countries = (geo for row in indicators for geo in list_countries(context.outlook, row.id))
    return tuple(
        (geo, context.localizer.field_text(geographies[geo], "short"))
        for geo in dict.fromkeys([*PINNED_COUNTRIES, *countries])
        if geo in geographies
    )


def build_compare_selection(context: Context, indicator: Indicator, geo: str) -> Selection:
    """Target of the link that compares a country with its peers in the indicator."""
    return Selection(
        lang=context.localizer.language,
        unit="index",
        horizon=context.selection.horizon,
        asof=context.selection.asof,
        series=format_peer_codes(context.outlook, (indicator.id, geo, "")),
    )


def list_country_indicators(outlook: Outlook) -> list[Indicator]:
    """Indicators known in at least two countries: demand first, then in the order of the catalogue."""
    segments = list(outlook.catalogue.segments)
    rows = [
        row for row in outlook.catalogue.indicators.values() if len(list_countries(outlook, row.id)) >= MIN_COUNTRIES
    ]
    return sorted(rows, key=lambda row: (ROLES.index(row.role), segments.index(row.segment), row.rank, row.id))


def choose_indicator(context: Context, indicators: Sequence[Indicator]) -> tuple[Indicator, list[str]]:
    """The indicator of the selection, else one of its segment, else the page's own choice; a notice if replaced."""
    if not indicators:
        raise ObservatoryError("error.no_countries")
    localizer = context.localizer
    requested = context.outlook.catalogue.indicators.get(context.selection.indicator)
    if requested in indicators and requested is not None:
        return requested, []
    default = _choose_default(context, indicators)
    if requested is None:
        return default, []
    nearest = next((row for row in indicators if row.segment == requested.segment), default)
    titles = {"title": localizer.field_text(requested, "title"), "other": localizer.field_text(nearest, "title")}
    return nearest, [localizer.text("countries.not_by_country", **titles)]


def _choose_default(context: Context, indicators: Sequence[Indicator]) -> Indicator:
    """The indicator of demand that is forecast in most countries today; of equals the first.

    Links that name a date and no indicator are older than this choice, as links of today name both; they keep theirs.
    """
    if context.selection.asof:
        return next((row for row in indicators if row.id == _DEFAULT_BEFORE), indicators[0])
    demand = [row for row in indicators if row.role == "market"]
    return max(demand or indicators, key=lambda row: _count_forecasts(context.outlook, row))


def _count_forecasts(outlook: Outlook, indicator: Indicator) -> int:
    keys = ((indicator.id, geo, "") for geo in list_countries(outlook, indicator.id))
    return sum(key in outlook.forecasts and outlook.forecasts[key].status in ("pool", "reference") for key in keys)


def option_label(context: Context, indicator: Indicator) -> str:
    """An indicator and its market, as an entry of the list."""
    segment = context.outlook.catalogue.segments[indicator.segment]
    return f"{context.localizer.field_text(indicator, 'title')} \u00b7 {context.localizer.field_text(segment, 'title')}"
