"""Rows of the ranking of countries: cells, sparkline, value of the bar and what to beware of."""

from observatory.briefs.common.comparison_model import CountryRow
from observatory.briefs.common.context import Context
from observatory.briefs.common.series_search import PINNED_COUNTRIES
from observatory.briefs.countries.standings import (
    CountryStanding,
    expected_growth_text,
    growth_text,
    is_distorted_by_covid,
    latest_number_text,
    latest_period_text,
    rank_countries,
)
from observatory.briefs.countries.view import CountriesView, find_map_unit, short_value_text
from observatory.briefs.figures.series import build_sparkline
from observatory.language import NO_VALUE, Localizer
from observatory.typography import capitalize_first

STALE_YEARS = 3  # age from which a notice names the year of the latest figures


def build_headers(view: CountriesView, localizer: Localizer) -> tuple[str, ...]:
    """The headers of the cells, with the units and the years that hold for all countries."""
    names = ("country", "rank")
    level = localizer.text("countries.head.level", unit=view.unit.noun)
    ahead = localizer.text("compare.head.ahead", year=view.until_year, chances=localizer.chances(80))
    per_output = (
        (capitalize_first(view.output_unit.noun),) if view.output_unit is not None and view.measure == "gdp" else ()
    )
    growth = tuple(localizer.plural("compare.head.pace", years) for years in (1, 5))
    return (*(localizer.text(f"countries.head.{name}") for name in names), level, *per_output, *growth, ahead)


def build_rows(context: Context, view: CountriesView) -> tuple[CountryRow, ...]:
    """The pinned countries first, even without a figure; then the others by rank."""
    ranks = rank_countries(view.standings, view.measure)
    by_geo = {standing.geo: standing for standing in view.standings}
    pinned = [geo for geo in PINNED_COUNTRIES if geo in context.outlook.catalogue.geographies]
    others = sorted((geo for geo in by_geo if geo not in pinned), key=lambda geo: ranks.get(geo, len(by_geo) + 1))
    return tuple(
        _build_row(context, view, geo, by_geo.get(geo), ranks.get(geo, 0), len(ranks)) for geo in (*pinned, *others)
    )


def _build_row(
    context: Context, view: CountriesView, geo: str, standing: CountryStanding | None, rank: int, total: int
) -> CountryRow:
    outlook, localizer = context.outlook, context.localizer
    title = localizer.field_text(outlook.catalogue.geographies[geo], "short")
    if standing is None:
        empty_cells = (NO_VALUE,) * (len(build_headers(view, localizer)) - 2)
        return CountryRow(
            geo, title, NO_VALUE, empty_cells, None, localizer.text("countries.no_data"), geo in PINNED_COUNTRIES, None
        )
    series = standing.series
    per_output = (
        latest_number_text(standing.series_per_output, view.output_unit, localizer)
        if standing.series_per_output and view.output_unit
        else NO_VALUE,
    )
    cells = (
        f"{latest_number_text(series, view.unit, localizer)} ({latest_period_text(series, localizer)})",
        *(per_output if view.measure == "gdp" and view.output_unit is not None else ()),
        *(growth_text(standing.get_value(name), localizer) for name in ("growth1", "growth5")),
        expected_growth_text(series, localizer),
    )
    label = localizer.text("list.spark", title=f"{localizer.field_text(view.indicator, 'title')} ({title})")
    sparkline = build_sparkline(outlook.panel[series.key], outlook.forecasts.get(series.key), label)
    value, unit = None if standing.is_outdated else standing.get_value(view.measure), find_map_unit(view)
    value = unit.convert(value) if unit is not None and value is not None else value
    note = localizer.text("countries.old", year=series.last_month // 12) if standing.is_outdated else ""
    rank_text = localizer.text("countries.rank", rank=rank, total=total) if rank else NO_VALUE
    return CountryRow(
        geo,
        title,
        rank_text,
        cells,
        sparkline,
        note,
        geo in PINNED_COUNTRIES,
        value,
        _bar_text(view, standing, localizer),
        note or _warning_text(context, view, standing),
    )


def _bar_text(view: CountriesView, standing: CountryStanding, localizer: Localizer) -> str:
    """The value of the measure; empty where there is none."""
    if standing.is_outdated or standing.get_value(view.measure) is None:
        return ""
    return short_value_text(view, standing, localizer)


def _warning_text(context: Context, view: CountriesView, standing: CountryStanding) -> str:
    """That the figure is old, or that the pandemic makes its growth; empty where nothing is wrong."""
    end = standing.series.last_month // 12
    if is_distorted_by_covid(standing, view.measure):
        return context.localizer.text("countries.covid", year=end)
    if context.outlook.day.year - end >= STALE_YEARS:
        return context.localizer.text("countries.aged", year=end)
    return ""
