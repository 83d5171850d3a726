"""Builds the brief of the page of countries: an indicator as map and ranking, one country across indicators."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from observatory.briefs.common.comparison_model import CountriesBrief, CountryRow
from observatory.briefs.common.context import Context
from observatory.briefs.common.data_end import series_end_text
from observatory.briefs.common.levels import GDP_INDICATOR, build_ratio_unit
from observatory.briefs.common.model import Chapter, Terms, TextTable
from observatory.briefs.common.series_names import inputs_text
from observatory.briefs.common.series_search import PINNED_COUNTRIES, list_countries
from observatory.briefs.common.units import DisplayUnit, choose_unit
from observatory.briefs.countries.choices import (
    MIN_COUNTRIES,
    build_compare_selection,
    choose_indicator,
    list_country_indicators,
    list_measure_options,
    list_place_options,
    option_label,
)
from observatory.briefs.countries.map import build_choropleth_map
from observatory.briefs.countries.profile import build_profile, choose_country
from observatory.briefs.countries.standings import (
    GROWTH_MEASURES,
    CountryStanding,
    build_standings,
    expected_growth_text,
    growth_text,
    is_distorted_by_covid,
    latest_level_text,
    latest_number_text,
    latest_period_text,
    rank_countries,
)
from observatory.briefs.figures.disclosure import build_notes, list_forecast_basis_notes, source_line_text
from observatory.briefs.figures.methodology import build_methodology
from observatory.briefs.figures.series import build_sparkline
from observatory.catalogue.models import Indicator
from observatory.language import NO_VALUE, Localizer
from observatory.outlook.analysis.yearly_series import compute_expected_growth
from observatory.outlook.outlook import Outlook
from observatory.selection import MEASURES
from observatory.timeseries import SeriesKey, TimeSeries
from observatory.typography import capitalize_first

_STALE_YEARS = 3  # age from which a notice names the year of the latest figures


@dataclass(frozen=True)
class _CountriesView:
    """An indicator in its countries, with the unit and measure to show it in and the year that forecasts extend to."""

    indicator: Indicator
    standings: Sequence[CountryStanding]
    measure: str
    unit: DisplayUnit
    output_unit: DisplayUnit | None
    until_year: int


def build_countries(context: Context) -> CountriesBrief:
    """The indicator of a selection by country, or one that is known so. Raises ObservatoryError where there is none."""
    outlook, selection, localizer = context.outlook, context.selection, context.localizer
    indicators = list_country_indicators(outlook)
    row, notices = choose_indicator(context, indicators)
    base_year = _find_base_year(outlook)
    view, measures = _build_view(context, row, base_year + selection.horizon)
    title, measure_options = localizer.field_text(row, "title"), list_measure_options(measures, localizer)
    rows, headers = _build_rows(context, view), _build_headers(view, localizer)
    geo = choose_country(outlook, row, selection)
    unit = _find_map_unit(view)
    choropleth = build_choropleth_map(context, view.standings, view.measure, unit, geo)
    profile, profile_figure = build_profile(context, indicators, row, geo, view.until_year, base_year)
    methodology, map_methodology = _build_methodologies(context, view)
    keys = [standing.series.key for standing in view.standings] or [(row.id, geo, "")]  # none has a yearly level
    history = max((outlook.panel[key] for key in keys), key=lambda series: series.last)
    return CountriesBrief(
        kicker=localizer.text("countries.kicker", data=series_end_text(context, keys)),
        lead=_lead_text(context, view),
        under=_under_texts(context, view),
        notices=(*notices, *_geo_notice_texts(context, geo)),
        indicator=row.id,
        indicator_options=tuple((option.id, option_label(context, option)) for option in indicators),
        measure=view.measure,
        unit=unit.noun if unit is not None else "%",
        measure_options=measure_options,
        map_spec=choropleth.spec,
        map_title=localizer.text(f"countries.map.{view.measure}", title=title, year=view.until_year),
        map_subtitle=choropleth.subtitle,
        map_alt=choropleth.alt,
        map_classes=choropleth.classes,
        map_colour=choropleth.colour,
        no_data_label=localizer.text("countries.blank"),
        ranking_title=localizer.text("countries.ranking", title=title),
        ranking_subtitle=localizer.text("countries.ranking.subtitle", measure=dict(measure_options)[view.measure]),
        ranking_heads=headers,
        ranking_rows=rows,
        ranking_table=_build_table(title, headers, rows),
        source_line=source_line_text(context, row, history),
        notes=_list_notes(context, row, keys, history),
        geo=geo,
        place_options=list_place_options(context, indicators),
        profile=profile,
        profile_figure=profile_figure,
        compare_selection=build_compare_selection(context, row, geo),
        methodology=Chapter(localizer.text("compare.how"), "", methodology),
        map_methodology=map_methodology,
        europe_map_spec=choropleth.europe_spec,
    )


def _build_table(title: str, headers: tuple[str, ...], rows: Sequence[CountryRow]) -> TextTable:
    return TextTable(title, headers, tuple((row.title, row.rank, *row.cells) for row in rows))


def _find_base_year(outlook: Outlook) -> int:
    """The year from which calls count, or that of the outlook where there are none."""
    return next(iter(outlook.calls.values())).base_year if outlook.calls else outlook.day.year


def _list_notes(
    context: Context, indicator: Indicator, keys: Iterable[SeriesKey], history: TimeSeries
) -> tuple[str, ...]:
    return (
        *list_forecast_basis_notes(context, {*keys, context.outlook.headline_key(indicator)}),
        *build_notes(indicator, history, context.localizer, has_forecast=False, is_standalone=True),
    )


def _geo_notice_texts(context: Context, geo: str) -> list[str]:
    """A notice where the place of the selection is no country, so that another one is shown."""
    requested = context.selection.geo
    if not requested or requested == geo:
        return []
    place = context.localizer.field_text(context.outlook.catalogue.geographies[requested], "title")
    return [context.localizer.text("countries.not_country", place=place)]


def _build_view(context: Context, indicator: Indicator, until_year: int) -> tuple[_CountriesView, tuple[str, ...]]:
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
    return _CountriesView(indicator, standings, measure, unit, output_unit, until_year), measures


def _find_output_unit(
    context: Context, indicator: Indicator, standings: Sequence[CountryStanding]
) -> DisplayUnit | None:
    """The unit of the indicator per unit of output; None where fewer than two countries have both figures."""
    lines = [standing.series_per_output for standing in standings if standing.series_per_output is not None]
    if len(lines) < MIN_COUNTRIES:
        return None
    values = np.array([line.latest_level for line in lines])
    return build_ratio_unit(indicator, context.outlook.catalogue.indicators[GDP_INDICATOR], values, context.localizer)


def _find_map_unit(view: _CountriesView) -> DisplayUnit | None:
    """The unit of the values of the map; None for growth."""
    if view.measure in GROWTH_MEASURES:
        return None
    return view.output_unit if view.measure == "gdp" else view.unit


def _build_headers(view: _CountriesView, localizer: Localizer) -> tuple[str, ...]:
    names = ("country", "rank")
    level = localizer.text("countries.head.level", unit=view.unit.noun)
    ahead = localizer.text("compare.head.ahead", year=view.until_year, chances=localizer.chances(80))
    per_output = (
        (capitalize_first(view.output_unit.noun),) if view.output_unit is not None and view.measure == "gdp" else ()
    )
    growth = tuple(localizer.plural("compare.head.pace", years) for years in (1, 5))
    return (*(localizer.text(f"countries.head.{name}") for name in names), level, *per_output, *growth, ahead)


def _build_rows(context: Context, view: _CountriesView) -> tuple[CountryRow, ...]:
    """The pinned countries first, even without a figure; then the others by rank."""
    ranks = rank_countries(view.standings, view.measure)
    by_geo = {standing.geo: standing for standing in view.standings}
    pinned = [geo for geo in PINNED_COUNTRIES if geo in context.outlook.catalogue.geographies]
    others = sorted((geo for geo in by_geo if geo not in pinned), key=lambda geo: ranks.get(geo, len(by_geo) + 1))
    return tuple(
        _build_row(context, view, geo, by_geo.get(geo), ranks.get(geo, 0), len(ranks)) for geo in (*pinned, *others)
    )


def _build_row(
    context: Context, view: _CountriesView, geo: str, standing: CountryStanding | None, rank: int, total: int
) -> CountryRow:
    outlook, localizer = context.outlook, context.localizer
    title = localizer.field_text(outlook.catalogue.geographies[geo], "short")
    if standing is None:
        empty_cells = (NO_VALUE,) * (len(_build_headers(view, localizer)) - 2)
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
    value, unit = None if standing.is_outdated else standing.get_value(view.measure), _find_map_unit(view)
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


def _bar_text(view: _CountriesView, standing: CountryStanding, localizer: Localizer) -> str:
    """The value of the measure; empty where there is none."""
    if standing.is_outdated or standing.get_value(view.measure) is None:
        return ""
    return _short_value_text(view, standing, localizer)


def _warning_text(context: Context, view: _CountriesView, standing: CountryStanding) -> str:
    """That the figure is old, or that the pandemic makes its growth; empty where nothing is wrong."""
    end = standing.series.last_month // 12
    if is_distorted_by_covid(standing, view.measure):
        return context.localizer.text("countries.covid", year=end)
    if context.outlook.day.year - end >= _STALE_YEARS:
        return context.localizer.text("countries.aged", year=end)
    return ""


def _lead_text(context: Context, view: _CountriesView) -> str:
    """The country with the highest value of the measure, with its range where the value is a forecast."""
    localizer = context.localizer
    values = [
        (value, standing)
        for standing in view.standings
        if not standing.is_outdated and (value := standing.get_value(view.measure)) is not None
    ]
    title = localizer.field_text(view.indicator, "title")
    if not values:
        return localizer.text("countries.lead.none", title=title)
    best, top = max(values, key=lambda pair: pair[0])
    place = context.outlook.catalogue.geographies[top.geo]
    unit = _find_map_unit(view)
    fields = {
        "title": title,
        "geo_in": localizer.field_text(place, "in"),
        "year": view.until_year,
        "of": latest_period_text(top.series, localizer),
    }
    if unit is not None:
        series = top.series_per_output if view.measure == "gdp" and top.series_per_output is not None else top.series
        return localizer.text("countries.lead.level", amount=latest_level_text(series, unit, localizer), **fields)
    if best <= 0:
        return localizer.text(f"countries.lead.{view.measure}.none", **fields)
    fields["rate"] = expected_growth_text(top.series, localizer) if view.measure == "ahead" else localizer.growth(best)
    return localizer.text(f"countries.lead.{view.measure}", **fields)


def _under_texts(context: Context, view: _CountriesView) -> tuple[str, ...]:
    """Values of the pinned countries, which of them have none, and from when the latest figures are if they are old."""
    outlook, localizer = context.outlook, context.localizer
    by_geo = {standing.geo: standing for standing in view.standings}
    pinned = [geo for geo in PINNED_COUNTRIES if geo in outlook.catalogue.geographies]
    names = {geo: localizer.field_text(outlook.catalogue.geographies[geo], "short") for geo in pinned}
    values = [
        f"{names[geo]} {_short_value_text(view, by_geo[geo], localizer)}"
        for geo in pinned
        if geo in by_geo and by_geo[geo].get_value(view.measure) is not None
    ]
    sentences = [localizer.text("countries.close")] if view.measure == "ahead" and _is_close(view) else []
    sentences += [localizer.text("countries.pinned", list=", ".join(values))] if values else []
    absent = [name for geo, name in names.items() if geo not in by_geo]
    if absent:
        sentences.append(localizer.text("countries.absent", list=localizer.list_text(absent)))
    newest = max((standing.series.last_month for standing in view.standings), default=-1) // 12
    if newest >= 0 and outlook.day.year - newest >= _STALE_YEARS:
        sentences.append(localizer.text("countries.stale", year=newest))
    return tuple(sentences)


def _is_close(view: _CountriesView) -> bool:
    """Whether the range of the highest expected growth includes the second highest median."""
    growths = [compute_expected_growth(standing.series) for standing in view.standings if not standing.is_outdated]
    ranked = sorted((growth for growth in growths if growth is not None), reverse=True)
    return len(ranked) > 1 and ranked[0][1] < ranked[1][0]


def _short_value_text(view: _CountriesView, standing: CountryStanding, localizer: Localizer) -> str:
    value, unit = standing.get_value(view.measure), _find_map_unit(view)
    if unit is None:
        return growth_text(value, localizer)
    series = (
        standing.series_per_output
        if view.measure == "gdp" and standing.series_per_output is not None
        else standing.series
    )
    return latest_number_text(series, unit, localizer)


def _build_methodologies(context: Context, view: _CountriesView) -> tuple[Terms, Terms]:
    """Methodology of the page and of its map: inputs, edition, formulas, origin of the outlines."""
    localizer = context.localizer
    inputs = inputs_text(context, (standing.series.key for standing in view.standings))
    if view.measure == "gdp":
        inputs += " " + localizer.text("countries.how.gdp")
    measure_formula = {"growth1": "pace", "growth5": "pace", "ahead": "ahead", "gdp": "per", "level": "levels"}[
        view.measure
    ]
    page_formulas = dict.fromkeys(("levels", "pace", "ahead", measure_formula))
    country_terms = [
        (localizer.text(f"countries.how.{part}"), localizer.text(f"countries.how.{part}.text"))
        for part in ("rank", "map")
    ]

    def describe_formulas(parts: Iterable[str]) -> list[tuple[str, str]]:
        return [(localizer.text(f"compare.how.{part}"), localizer.text(f"compare.how.{part}.text")) for part in parts]

    return (
        build_methodology(context, inputs, (*describe_formulas(page_formulas), *country_terms)),
        build_methodology(context, inputs, (*describe_formulas((measure_formula,)), *country_terms)),
    )
