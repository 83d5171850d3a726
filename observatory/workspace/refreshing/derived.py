"""Indicators that are computed: the sum of others, for the periods that all of them have."""

from collections.abc import Mapping
from decimal import Decimal

from observatory.catalogue.periods import ordinal_to_period
from observatory.catalogue.recipes import RefreshRecipe
from observatory.errors import SourceError
from observatory.sources.model import DataPoint
from observatory.timeseries import SeriesKey, TimeSeries
from observatory.workspace.refreshing.comparison import list_values


def compute_derived(recipe: RefreshRecipe, panel: Mapping[SeriesKey, TimeSeries]) -> list[DataPoint]:
    """The figures of a derived recipe from a panel: each series adds up those of the same place and item.

    Raises SourceError if a part has no such series. Added as decimals, so that 0.1 + 0.2 is 0.3.
    """
    figures = []
    for series in recipe.series:
        parts = []
        for name in series.key.split("+"):
            history = panel.get((name, series.geo, series.item))
            if history is None or history.frequency != recipe.frequency:
                raise SourceError("error.source.no_figures", series=f"{name} {series.geo} {series.item}".strip())
            parts.append(list_values(history))
        for place in sorted(set.intersection(*(set(part) for part in parts))):
            period = ordinal_to_period(place, recipe.frequency)
            if recipe.first <= period and (not recipe.last or period <= recipe.last):
                total = sum((Decimal(repr(part[place])) for part in parts), Decimal(0))
                figures.append(DataPoint(series.geo, series.item, period, total))
    return figures
