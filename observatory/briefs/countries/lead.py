"""Lead of the page of countries: the first country by a measure, and which rates of growth no headline may have.

A rate of growth from a low level says little: one satellite, then thirty, is +97 % a year. Such a country is given in
absolute numbers, and the headline is the fastest of the others.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from observatory.briefs.common.context import Context
from observatory.briefs.common.series_search import PINNED_COUNTRIES
from observatory.briefs.common.units import append_unit, format_number, split_magnitude
from observatory.briefs.countries.rows import STALE_YEARS
from observatory.briefs.countries.standings import (
    GROWTH_YEARS,
    CountryStanding,
    expected_growth_text,
    is_distorted_by_covid,
    latest_level_text,
    latest_period_text,
)
from observatory.briefs.countries.view import CountriesView, find_map_unit, short_value_text
from observatory.language import Localizer
from observatory.outlook.analysis.yearly_series import compute_expected_growth

_MIN_COUNT = 30  # things counted, from which a rate of growth is more than chance
_MIN_SHARE = 0.01  # of the highest country, below which a rate of growth says little of the market
_MIN_RATE = 0.0005  # a growth that rounds to zero with one decimal is none
_MAX_LOW = 3  # countries given in absolute numbers
_Row = TypeVar("_Row")


@dataclass(frozen=True)
class _Change:
    """The growth of a country with the levels between which it lies, in the unit of the catalogue."""

    standing: CountryStanding
    rate: float
    before: float
    after: float


@dataclass(frozen=True)
class LeadRanking:
    """The growth of countries that rates describe, highest first; `low` are those that start too low for one.

    These are by the absolute change, the largest rise first.
    """

    rated: tuple[_Change, ...]
    low: tuple[_Change, ...]

    @property
    def has_growth(self) -> bool:
        """Whether a country grew by a rate that is worth a headline."""
        return bool(self.rated) and self.rated[0].rate >= _MIN_RATE

    @property
    def risen(self) -> tuple[_Change, ...]:
        """Those of `low` that grew."""
        return tuple(row for row in self.low if row.after > row.before)

    @property
    def low_geos(self) -> set[str]:
        """The countries that start too low for a rate."""
        return {row.standing.geo for row in self.low}

    @property
    def is_close(self) -> bool:
        """Whether the range of the highest expected growth includes the second highest median."""
        expected = [compute_expected_growth(row.standing.series) for row in self.rated[:2]]
        first, second = expected if len(expected) > 1 else (None, None)
        return first is not None and second is not None and first[1] < second[0]


def rank_changes(view: CountriesView) -> LeadRanking:
    """The growth of the countries by the measure of a view; nothing where it is no growth."""
    if find_map_unit(view) is not None:
        return LeadRanking((), ())
    changes = [change for row in view.standings if not row.is_outdated and (change := _find_change(view, row))]
    highest = max((change.before for change in changes), default=0.0)
    is_count = _is_count(view)
    size = split_magnitude(view.indicator.unit_en, "en")[0]

    def is_low(change: _Change) -> bool:
        return change.before < _MIN_SHARE * highest or (is_count and change.before * size < _MIN_COUNT)

    rated = sorted((row for row in changes if not is_low(row)), key=lambda row: -row.rate)
    low = sorted((row for row in changes if is_low(row)), key=lambda row: row.before - row.after)
    return LeadRanking(tuple(rated), tuple(low))


def _is_count(view: CountriesView) -> bool:
    """Whether an indicator counts things: its yearly levels are whole."""
    levels = np.concatenate([np.empty(0), *(standing.series.levels for standing in view.standings)])
    present = levels[np.isfinite(levels)]
    return view.indicator.kind in ("flow", "stock") and bool((present == np.round(present)).all())


def _find_change(view: CountriesView, standing: CountryStanding) -> _Change | None:
    rate, series = standing.get_value(view.measure), standing.series
    if rate is None:
        return None
    if view.measure == "ahead":
        return _Change(standing, rate, series.latest_level, series.forecasts[-1].median)
    years = GROWTH_YEARS[view.measure]
    return _Change(standing, rate, series.level_at(series.last_month - 12 * years), series.latest_level)


def lead_text(context: Context, view: CountriesView) -> str:
    """The country with the highest value of the measure, with all that share it, and its range if it is a forecast."""
    localizer = context.localizer
    title = localizer.field_text(view.indicator, "title")
    if all(row.is_outdated or row.get_value(view.measure) is None for row in view.standings):
        return localizer.text("countries.lead.none", title=title)
    if find_map_unit(view) is not None:
        return _level_text(context, view, title)
    ranking = rank_changes(view)
    fields: dict[str, object] = {"title": title, "year": view.until_year}
    if ranking.has_growth:
        first = _list_first(ranking.rated, lambda row: localizer.growth(row.rate))
        fields |= _name_places(context, [row.standing for row in first])
        fields["rate"] = _rate_text(view, first, localizer)
        return localizer.text(f"countries.lead.{view.measure}", **fields)
    if ranking.risen:
        first = _list_first(ranking.risen, lambda row: _change_text(view, row, localizer))
        fields |= _name_places(context, [row.standing for row in first])
        fields["change"] = _change_text(view, first[0], localizer)
        return localizer.text(f"countries.lead.{view.measure}.low", **fields)
    return localizer.text(f"countries.lead.{view.measure}.none", **fields)


def _level_text(context: Context, view: CountriesView, title: str) -> str:
    """The countries with the highest level, and that level."""
    localizer, unit = context.localizer, find_map_unit(view)
    assert unit is not None
    ranked = sorted(
        (row for row in view.standings if not row.is_outdated and row.get_value(view.measure) is not None),
        key=lambda row: -(row.get_value(view.measure) or 0.0),
    )
    first = _list_first(ranked, lambda row: latest_level_text(row.get_series(view.measure), unit, localizer))
    amount = latest_level_text(first[0].get_series(view.measure), unit, localizer)
    return localizer.text("countries.lead.level", title=title, amount=amount, **_name_places(context, first))


def _list_first(ranked: Sequence[_Row], describe: Callable[[_Row], str]) -> list[_Row]:
    """The first of a ranking, and those after it that a reader cannot tell from it."""
    text = describe(ranked[0])
    return [row for row in ranked if describe(row) == text]


def _name_places(context: Context, standings: Sequence[CountryStanding]) -> dict[str, str]:
    """Where a lead places some countries, and the periods of their latest figures."""
    localizer, geographies = context.localizer, context.outlook.catalogue.geographies
    periods = dict.fromkeys(latest_period_text(row.series, localizer) for row in standings)
    return {
        "geo_in": localizer.list_text(localizer.field_text(geographies[row.geo], "in") for row in standings),
        "of": localizer.list_text(periods),
    }


def _rate_text(view: CountriesView, first: Sequence[_Change], localizer: Localizer) -> str:
    """The rate of the first countries; of a forecast with the range of each."""
    if view.measure == "ahead":
        return localizer.list_text(expected_growth_text(row.standing.series, localizer) for row in first)
    return localizer.growth(first[0].rate)


def _change_text(view: CountriesView, change: _Change, localizer: Localizer) -> str:
    """The two levels of a change with their unit: from 1 to 30 objects."""
    unit = view.unit
    before, after = (
        format_number(unit.convert(value), localizer, whole=unit.whole) for value in (change.before, change.after)
    )
    amount = append_unit(after, unit.noun_for(change.after), unit)
    return localizer.text("countries.change", before=before, after=amount)


def under_texts(context: Context, view: CountriesView) -> tuple[str, ...]:
    """What to know with the lead: doubts, values of the pinned countries, who has none, and the age of old figures."""
    outlook, localizer = context.outlook, context.localizer
    by_geo = {standing.geo: standing for standing in view.standings}
    pinned = [geo for geo in PINNED_COUNTRIES if geo in outlook.catalogue.geographies]
    names = {geo: localizer.field_text(outlook.catalogue.geographies[geo], "short") for geo in pinned}
    values = [
        f"{names[geo]} {short_value_text(view, by_geo[geo], localizer)}"
        for geo in pinned
        if geo in by_geo and by_geo[geo].get_value(view.measure) is not None
    ]
    sentences = _list_doubts(context, view) if find_map_unit(view) is None else []
    sentences += [localizer.text("countries.pinned", list=", ".join(values))] if values else []
    absent = [name for geo, name in names.items() if geo not in by_geo]
    if absent:
        sentences.append(localizer.text("countries.absent", list=localizer.list_text(absent)))
    newest = max((standing.series.last_month for standing in view.standings), default=-1) // 12
    if newest >= 0 and outlook.day.year - newest >= STALE_YEARS:
        sentences.append(localizer.text("countries.stale", year=newest))
    return tuple(sentences)


def _list_doubts(context: Context, view: CountriesView) -> list[str]:
    """Why the order of growth is not sure: ranges that overlap, a year of crisis at its start, levels that are low."""
    localizer, ranking = context.localizer, rank_changes(view)
    sentences = []
    if ranking.has_growth and view.measure == "ahead" and ranking.is_close:
        sentences.append(localizer.text("countries.close"))
    if ranking.has_growth and is_distorted_by_covid(ranking.rated[0].standing, view.measure):
        sentences.append(localizer.text("countries.rebound"))
    return [*sentences, *low_texts(context, view, ranking)]


def low_texts(context: Context, view: CountriesView, ranking: LeadRanking) -> list[str]:
    """The countries that a rate would put before the headline, or that rose next to it, in absolute numbers."""
    localizer = context.localizer
    top = ranking.rated[0].rate if ranking.has_growth else 0.0
    low = [row for row in ranking.risen if row.rate > top] if ranking.has_growth else list(ranking.risen)[1:]
    if not low:
        return []
    geographies = context.outlook.catalogue.geographies
    texts = [
        f"{localizer.field_text(geographies[row.standing.geo], 'short')} ({_change_text(view, row, localizer)})"
        for row in low[:_MAX_LOW]
    ]
    key = "countries.low.ahead" if view.measure == "ahead" else "countries.low"
    return [localizer.text(key, list=localizer.list_text(texts))]
