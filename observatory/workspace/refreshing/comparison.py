"""Comparison of collected figures with what is published: added, revised, missing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from observatory.catalogue.periods import Frequency, ordinal_to_period, period_to_ordinal
from observatory.catalogue.recipes import DERIVED, RecipeSeries, RefreshRecipe
from observatory.sources.figures import last_complete_period
from observatory.sources.model import DataPoint
from observatory.timeseries import SeriesKey, TimeSeries

_YEARLY_FILES = ("eurocontrol_csv", "tsa_html")  # connectors that ask for the last years only

ValuesByOrdinal = dict[int, float]


@dataclass(frozen=True)
class SeriesComparison:
    """A series as published and as collected, by ordinal of the period; `missing` are those that were not collected."""

    key: SeriesKey
    frequency: Frequency
    published: ValuesByOrdinal
    collected: ValuesByOrdinal
    missing: tuple[int, ...]

    @property
    def added(self) -> ValuesByOrdinal:
        """The values of periods that have none yet."""
        return {place: value for place, value in self.collected.items() if place not in self.published}

    @property
    def revised(self) -> ValuesByOrdinal:
        """The values that differ from those published."""
        return {
            place: value
            for place, value in self.collected.items()
            if place in self.published and self.published[place] != value
        }


@dataclass(frozen=True)
class Comparison:
    """All series of an indicator."""

    indicator: str
    series: tuple[SeriesComparison, ...]

    @property
    def added_count(self) -> int:
        """The number of values of new periods."""
        return sum(len(row.added) for row in self.series)

    @property
    def revised_count(self) -> int:
        """The number of values that differ from those published."""
        return sum(len(row.revised) for row in self.series)

    @property
    def has_changes(self) -> bool:
        """Whether publishing would change something."""
        return bool(self.added_count or self.revised_count)

    def list_changes(self) -> list[tuple[SeriesKey, str, float]]:
        """The values that are new or revised, by series and period."""
        return [
            (row.key, ordinal_to_period(place, row.frequency), value)
            for row in self.series
            for place, value in sorted({**row.added, **row.revised}.items())
        ]


def compare_figures(
    recipe: RefreshRecipe, figures: Iterable[DataPoint], panel: Mapping[SeriesKey, TimeSeries], today: date
) -> Comparison:
    """What a recipe collected beside what is published. Periods that had not ended are left out."""
    last = last_complete_period(today, recipe.frequency)
    collected: dict[SeriesKey, ValuesByOrdinal] = {}
    for figure in figures:
        if figure.period <= last:
            values = collected.setdefault((recipe.indicator, figure.geo, figure.item), {})
            values[period_to_ordinal(figure.period)] = float(figure.value)
    rows = []
    for series in recipe.series:
        key = (recipe.indicator, series.geo, series.item)
        values, published = collected.get(key, {}), list_values(panel.get(key))
        missing = _list_missing(recipe, series, published, values)
        rows.append(SeriesComparison(key, recipe.frequency, published, values, missing))
    return Comparison(recipe.indicator, tuple(rows))


def list_values(history: TimeSeries | None) -> ValuesByOrdinal:
    """The values of a series by ordinal of the period."""
    if history is None:
        return {}
    return {history.first + int(k): float(history.values[k]) for k in np.flatnonzero(np.isfinite(history.values))}


def _list_missing(
    recipe: RefreshRecipe, series: RecipeSeries, published: ValuesByOrdinal, collected: ValuesByOrdinal
) -> tuple[int, ...]:
    """The published periods that the publisher should have given and did not; not those that the recipe leaves out.

    What is computed from our own indicators goes back as far as the shortest of them: nothing of it is missing.
    """
    if recipe.connector == DERIVED:
        return ()
    skipped = series.skip.split("/") if series.skip else ["9999", ""]
    begin = ""
    if recipe.connector in _YEARLY_FILES and collected:
        begin = ordinal_to_period(min(collected), recipe.frequency)
    first, last = max(recipe.first, begin), recipe.last
    rows = []
    for place in sorted(published.keys() - collected.keys()):
        period = ordinal_to_period(place, recipe.frequency)
        is_outside = period < first or (last and period > last) or skipped[0] <= period <= skipped[1]
        if not is_outside:
            rows.append(place)
    return tuple(rows)
