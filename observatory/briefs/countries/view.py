"""An indicator in its countries by one measure: standings, units, and values as short texts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from observatory.briefs.common.context import Context
from observatory.briefs.common.levels import GDP_INDICATOR, build_ratio_unit
from observatory.briefs.common.series_search import list_countries
from observatory.briefs.common.units import DisplayUnit, choose_unit
from observatory.briefs.countries.choices import MIN_COUNTRIES
from observatory.briefs.countries.standings import (
    GROWTH_MEASURES,
    CountryStanding,
    build_standings,
    growth_text,
    latest_number_text,
)
from observatory.catalogue.models import Indicator
from observatory.language import Localizer
from observatory.selection import MEASURES


@dataclass(frozen=True)
class CountriesView:
    """An indicator in its countries, with the unit and measure to show it in and the year that forecasts extend to."""

    indicator: Indicator
    standings: Sequence[CountryStanding]
    measure: str
    unit: DisplayUnit
    output_unit: DisplayUnit | None
    until_year: int


def find_until_year(context: Context) -> int:
    """The year that forecasts extend to."""
    return context.outlook.base_year + context.selection.horizon


def build_view(context: Context, indicator: Indicator, until_year: int) -> tuple[CountriesView, tuple[str, ...]]:
    """The indicator in its countries by the measure of the selection, and the measures on offer.

    A measure that is not on offer is replaced by the first one.
    """
    outlook, selection = context.outlook, context.selection
    standings = build_standings(outlook, indicator, list_countries(outlook, indicator.id), until_year)
    levels = np.concatenate([np.empty(0), *(standing.series.levels for standing in standings)])
    output_unit = _find_output_unit(context, indicator, standings)
    measures = tuple(name for name in MEASURES if name != "gdp" or output_unit is not None)
    measure = selection.measure if selection.measure in measures else measures[0]
    unit = choose_unit(indicator, levels, context.localizer)
    return CountriesView(indicator, standings, measure, unit, output_unit, until_year), measures


def _find_output_unit(
    context: Context, indicator: Indicator, standings: Sequence[CountryStanding]
) -> DisplayUnit | None:
    """The unit of the indicator per unit of output; None where fewer than two countries have both figures."""
    lines = [standing.series_per_output for standing in standings if standing.series_per_output is not None]
    if len(lines) < MIN_COUNTRIES:
        return None
    values = np.array([line.latest_level for line in lines])
    return build_ratio_unit(indicator, context.outlook.catalogue.indicators[GDP_INDICATOR], values, context.localizer)


def find_map_unit(view: CountriesView) -> DisplayUnit | None:
    """The unit of the values of the map; None for growth."""
    if view.measure in GROWTH_MEASURES:
        return None
    return view.output_unit if view.measure == "gdp" else view.unit


def short_value_text(view: CountriesView, standing: CountryStanding, localizer: Localizer) -> str:
    """The value of the measure without its unit."""
    value, unit = standing.get_value(view.measure), find_map_unit(view)
    if unit is None:
        return growth_text(value, localizer)
    return latest_number_text(standing.get_series(view.measure), unit, localizer)
