"""Builds the brief of the page of countries: an indicator as map and ranking, one country across indicators."""

from collections.abc import Iterable, Sequence

from observatory.briefs.common.comparison_model import CountriesBrief, CountryRow
from observatory.briefs.common.context import Context
from observatory.briefs.common.data_end import series_end_text
from observatory.briefs.common.model import Chapter, Terms, TextTable
from observatory.briefs.common.series_names import inputs_text
from observatory.briefs.countries.choices import (
    build_compare_selection,
    choose_indicator,
    list_country_indicators,
    list_measure_options,
    list_place_options,
    option_label,
)
from observatory.briefs.countries.lead import lead_text, under_texts
from observatory.briefs.countries.map import build_choropleth_map
from observatory.briefs.countries.profile import build_profile, choose_country
from observatory.briefs.countries.rows import build_headers, build_rows
from observatory.briefs.countries.view import CountriesView, build_view, find_map_unit, find_until_year
from observatory.briefs.figures.disclosure import build_notes, list_forecast_basis_notes, source_line_text
from observatory.briefs.figures.methodology import build_methodology
from observatory.catalogue.models import Indicator
from observatory.timeseries import SeriesKey, TimeSeries


def build_countries(context: Context) -> CountriesBrief:
    """The indicator of a selection by country, or one that is known so. Raises ObservatoryError where there is none."""
    outlook, selection, localizer = context.outlook, context.selection, context.localizer
    indicators = list_country_indicators(outlook)
    row, notices = choose_indicator(context, indicators)
    base_year = outlook.base_year
    view, measures = build_view(context, row, find_until_year(context))
    title, measure_options = localizer.field_text(row, "title"), list_measure_options(measures, localizer)
    rows, headers = build_rows(context, view), build_headers(view, localizer)
    geo = choose_country(outlook, row, selection)
    unit = find_map_unit(view)
    choropleth = build_choropleth_map(context, view.standings, view.measure, unit, geo)
    profile, profile_figure = build_profile(context, indicators, row, geo, view.until_year, base_year)
    methodology, map_methodology = _build_methodologies(context, view)
    keys = [standing.series.key for standing in view.standings] or [(row.id, geo, "")]  # none has a yearly level
    history = max((outlook.panel[key] for key in keys), key=lambda series: series.last)
    return CountriesBrief(
        kicker=localizer.text("countries.kicker", data=series_end_text(context, keys)),
        lead=lead_text(context, view),
        under=under_texts(context, view),
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


def _build_methodologies(context: Context, view: CountriesView) -> tuple[Terms, Terms]:
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
