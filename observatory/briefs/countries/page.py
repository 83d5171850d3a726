"""Where abroad: an indicator by country on a map and ranked, and one country across indicators."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from observatory.briefs.common.comparison_model import CountriesBrief, CountryRow
from observatory.briefs.common.context import Context
from observatory.briefs.common.disclosure import build_notes, source_line_text
from observatory.briefs.common.levels import GDP_INDICATOR, build_ratio_unit
from observatory.briefs.common.methodology import build_methodology
from observatory.briefs.common.model import Chapter, Terms, TextTable
from observatory.briefs.common.series_figure import build_sparkline
from observatory.briefs.common.series_search import PINNED_COUNTRIES, format_peer_codes, inputs_text, list_countries
from observatory.briefs.common.units import DisplayUnit, choose_unit
from observatory.briefs.countries import standings as abroad
from observatory.briefs.countries.map import build_choropleth_map
from observatory.briefs.countries.profile import build_profile, choose_country
from observatory.briefs.countries.standings import GROWTH_MEASURES, NO_VALUE, CountryStanding
from observatory.catalogue.models import ROLES, Indicator
from observatory.errors import ObservatoryError
from observatory.language import Localizer
from observatory.outlook.analysis.yearly_series import compute_expected_growth
from observatory.outlook.outlook import Outlook
from observatory.selection import MEASURES, Selection

_MIN_COUNTRIES = 2  # countries that make an indicator worth a map
_STALE_YEARS = 3  # years after which the page says that the figures stop


@dataclass(frozen=True)
class _CountriesView:
    """What the page is about: an indicator in its countries, in a unit, by a measure, until a year ahead."""

    indicator: Indicator
    standings: Sequence[CountryStanding]
    measure: str
    unit: DisplayUnit
    output_unit: DisplayUnit | None
    until_year: int


def build_countries(context: Context) -> CountriesBrief:
    """The indicator of a selection by country; one that is known by country stands in for one that is not.

    Raises ObservatoryError where nothing is known by country.
    """
    outlook, selection, localizer = context.outlook, context.selection, context.localizer
    rows = list_country_indicators(outlook)
    if not rows:
        raise ObservatoryError("error.no_countries")
    row, notices = _choose_indicator(context, rows)
    base_year = next(iter(outlook.calls.values())).base_year if outlook.calls else outlook.day.year
    until = base_year + selection.horizon
    found = abroad.build_standings(outlook, row, list_countries(outlook, row.id), until)
    levels = np.concatenate([standing.series.levels for standing in found])
    per = _find_output_unit(context, row, found)
    measures = tuple(name for name in MEASURES if name != "gdp" or per is not None)
    measure = selection.measure if selection.measure in measures else measures[0]
    view = _CountriesView(row, found, measure, choose_unit(row, levels, localizer), per, until)
    ranked = _build_rows(context, view)
    heads = _build_heads(view, localizer)
    geo = choose_country(outlook, row, selection)
    if selection.geo and selection.geo != geo:
        place = localizer.field_text(outlook.catalogue.geographies[selection.geo], "title")
        notices.append(localizer.text("countries.not_country", place=place))
    shown = build_choropleth_map(context, view.standings, measure, _find_map_unit(view), geo)
    listing, figure = build_profile(context, rows, row, geo, until, base_year)
    page_how, map_how = _build_methodologies(context, view)
    history = max((outlook.panel[standing.series.key] for standing in found), key=lambda one: one.last)
    return CountriesBrief(
        kicker=localizer.text("countries.kicker", date=localizer.day(outlook.day)),
        lead=_lead_text(context, view),
        under=_under_texts(context, view),
        notices=tuple(notices),
        indicator=row.id,
        indicator_options=tuple((one.id, _option_label(context, one)) for one in rows),
        measure=measure,
        unit=shown_unit.noun if (shown_unit := _find_map_unit(view)) is not None else "%",
        measure_options=tuple((name, localizer.text(f"countries.measure.{name}")) for name in measures),
        map_spec=shown.spec,
        map_title=localizer.text(f"countries.map.{measure}", title=localizer.field_text(row, "title"), year=until),
        map_subtitle=shown.subtitle,
        map_alt=shown.alt,
        map_classes=shown.classes,
        map_colour=shown.colour,
        no_data_label=localizer.text("countries.blank"),
        ranking_title=localizer.text("countries.ranking", title=localizer.field_text(row, "title")),
        ranking_subtitle=localizer.text(
            "countries.ranking.subtitle", measure=localizer.text(f"countries.measure.{measure}")
        ),
        ranking_heads=heads,
        ranking_rows=ranked,
        ranking_table=TextTable(
            localizer.field_text(row, "title"), heads, tuple((one.title, one.rank, *one.cells) for one in ranked)
        ),
        source_line=source_line_text(context, row, history),
        notes=build_notes(row, history, localizer, has_forecast=False, is_standalone=True),
        geo=geo,
        place_options=tuple(
            (place, localizer.field_text(outlook.catalogue.geographies[place], "short"))
            for place in dict.fromkeys(
                [*PINNED_COUNTRIES, *(name for one in rows for name in list_countries(outlook, one.id))]
            )
            if place in outlook.catalogue.geographies
        ),
        profile=listing,
        profile_figure=figure,
        compare_selection=Selection(
            lang=localizer.language,
            unit="index",
            horizon=selection.horizon,
            asof=selection.asof,
            series=format_peer_codes(outlook, (row.id, geo, "")),
        ),
        methodology=Chapter(localizer.text("compare.how"), "", page_how),
        map_methodology=map_how,
    )


def list_country_indicators(outlook: Outlook) -> list[Indicator]:
    """The indicators that are known in several countries: demand first, then in the order of the catalogue."""
    segments = list(outlook.catalogue.segments)
    rows = [
        row for row in outlook.catalogue.indicators.values() if len(list_countries(outlook, row.id)) >= _MIN_COUNTRIES
    ]
    return sorted(rows, key=lambda row: (ROLES.index(row.role), segments.index(row.segment), row.rank, row.id))


def _choose_indicator(context: Context, indicators: Sequence[Indicator]) -> tuple[Indicator, list[str]]:
    localizer = context.localizer
    wanted = context.outlook.catalogue.indicators.get(context.selection.indicator)
    if wanted in indicators and wanted is not None:
        return wanted, []
    usual = next((row for row in indicators if row.id == "military_expenditure_usd"), indicators[0])
    if wanted is None:
        return usual, []
    near = next((row for row in indicators if row.segment == wanted.segment), usual)
    titles = {"title": localizer.field_text(wanted, "title"), "other": localizer.field_text(near, "title")}
    return near, [localizer.text("countries.not_by_country", **titles)]


def _option_label(context: Context, indicator: Indicator) -> str:
    segment = context.outlook.catalogue.segments[indicator.segment]
    return f"{context.localizer.field_text(indicator, 'title')} \u00b7 {context.localizer.field_text(segment, 'title')}"


def _find_output_unit(
    context: Context, indicator: Indicator, standings: Sequence[CountryStanding]
) -> DisplayUnit | None:
    lines = [standing.series_per_output for standing in standings if standing.series_per_output is not None]
    if len(lines) < _MIN_COUNTRIES:
        return None
    values = np.array([line.latest_level for line in lines])
    return build_ratio_unit(indicator, context.outlook.catalogue.indicators[GDP_INDICATOR], values, context.localizer)


def _find_map_unit(view: _CountriesView) -> DisplayUnit | None:
    """The unit of what the map shows; None for growth."""
    if view.measure in GROWTH_MEASURES:
        return None
    return view.output_unit if view.measure == "gdp" else view.unit


def _build_heads(view: _CountriesView, localizer: Localizer) -> tuple[str, ...]:
    names = ("country", "rank")
    level = localizer.text("countries.head.level", unit=view.unit.noun)
    ahead = localizer.text("compare.head.ahead", year=view.until_year, chances=localizer.text("chances.80"))
    per = (
        (view.output_unit.noun[:1].upper() + view.output_unit.noun[1:],)
        if view.output_unit is not None and view.measure == "gdp"
        else ()
    )
    paces = tuple(localizer.plural("compare.head.pace", years) for years in (1, 5))
    return (*(localizer.text(f"countries.head.{name}") for name in names), level, *per, *paces, ahead)


def _build_rows(context: Context, view: _CountriesView) -> tuple[CountryRow, ...]:
    """The countries where the cluster has people first, even without a figure; then the others by rank."""
    ranks = abroad.rank_countries(view.standings, view.measure)
    by_geo = {standing.geo: standing for standing in view.standings}
    first = [geo for geo in PINNED_COUNTRIES if geo in context.outlook.catalogue.geographies]
    rest = sorted((geo for geo in by_geo if geo not in first), key=lambda geo: ranks.get(geo, len(by_geo) + 1))
    return tuple(
        _build_row(context, view, geo, by_geo.get(geo), ranks.get(geo, 0), len(ranks)) for geo in (*first, *rest)
    )


def _build_row(
    context: Context, view: _CountriesView, geo: str, standing: CountryStanding | None, rank: int, total: int
) -> CountryRow:
    outlook, localizer = context.outlook, context.localizer
    title = localizer.field_text(outlook.catalogue.geographies[geo], "short")
    if standing is None:
        blank = (NO_VALUE,) * (len(_build_heads(view, localizer)) - 2)
        return CountryRow(
            geo, title, NO_VALUE, blank, None, localizer.text("countries.no_data"), geo in PINNED_COUNTRIES, None
        )
    line = standing.series
    per = (
        abroad.latest_number_text(standing.series_per_output, view.output_unit, localizer)
        if standing.series_per_output and view.output_unit
        else NO_VALUE,
    )
    cells = (
        f"{abroad.latest_number_text(line, view.unit, localizer)} ({abroad.latest_period_text(line, localizer)})",
        *(per if view.measure == "gdp" and view.output_unit is not None else ()),
        *(abroad.growth_text(standing.get_value(name), localizer) for name in ("growth1", "growth5")),
        abroad.expected_growth_text(line, localizer),
    )
    label = localizer.text("list.spark", title=f"{localizer.field_text(view.indicator, 'title')} ({title})")
    spark = build_sparkline(outlook.panel[line.key], outlook.forecasts.get(line.key), label)
    value, unit = None if standing.is_outdated else standing.get_value(view.measure), _find_map_unit(view)
    value = unit.convert(value) if unit is not None and value is not None else value
    note = localizer.text("countries.old", year=line.last_month // 12) if standing.is_outdated else ""
    shown = localizer.text("countries.rank", rank=rank, total=total) if rank else NO_VALUE
    return CountryRow(geo, title, shown, cells, spark, note, geo in PINNED_COUNTRIES, value)


def _lead_text(context: Context, view: _CountriesView) -> str:
    """Which country comes first by the measure, and how sure that is where it is expected."""
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
    said = {
        "title": title,
        "geo_in": localizer.field_text(place, "in"),
        "year": view.until_year,
        "of": _latest_period_text(top, localizer),
    }
    if unit is not None:
        line = top.series_per_output if view.measure == "gdp" and top.series_per_output is not None else top.series
        return localizer.text("countries.lead.level", amount=abroad.latest_level_text(line, unit, localizer), **said)
    if best <= 0:
        return localizer.text(f"countries.lead.{view.measure}.none", **said)
    said["rate"] = (
        abroad.expected_growth_text(top.series, localizer) if view.measure == "ahead" else localizer.growth(best)
    )
    return localizer.text(f"countries.lead.{view.measure}", **said)


def _latest_period_text(standing: CountryStanding, localizer: Localizer) -> str:
    """The latest year of a country."""
    return abroad.latest_period_text(standing.series, localizer)


def _under_texts(context: Context, view: _CountriesView) -> tuple[str, ...]:
    """The countries where the cluster has people; those without a figure; and where the figures stop."""
    outlook, localizer = context.outlook, context.localizer
    by_geo = {standing.geo: standing for standing in view.standings}
    pinned = [geo for geo in PINNED_COUNTRIES if geo in outlook.catalogue.geographies]
    named = {geo: localizer.field_text(outlook.catalogue.geographies[geo], "short") for geo in pinned}
    there = [
        f"{named[geo]} {_short_value_text(view, by_geo[geo], localizer)}"
        for geo in pinned
        if geo in by_geo and by_geo[geo].get_value(view.measure) is not None
    ]
    said = [localizer.text("countries.close")] if view.measure == "ahead" and _is_close(view) else []
    said += [localizer.text("countries.pinned", list=", ".join(there))] if there else []
    absent = [name for geo, name in named.items() if geo not in by_geo]
    if absent:
        said.append(localizer.text("countries.absent", list=localizer.list_text(absent)))
    newest = max(standing.series.last_month for standing in view.standings) // 12
    if outlook.day.year - newest >= _STALE_YEARS:
        said.append(localizer.text("countries.stale", year=newest))
    return tuple(said)


def _is_close(view: _CountriesView) -> bool:
    """Whether the range of the country that comes first reaches down to what is expected of the second."""
    found = [compute_expected_growth(standing.series) for standing in view.standings if not standing.is_outdated]
    ahead = sorted((one for one in found if one is not None), reverse=True)
    return len(ahead) > 1 and ahead[0][1] < ahead[1][0]


def _short_value_text(view: _CountriesView, standing: CountryStanding, localizer: Localizer) -> str:
    value, unit = standing.get_value(view.measure), _find_map_unit(view)
    if unit is None:
        return abroad.growth_text(value, localizer)
    line = (
        standing.series_per_output
        if view.measure == "gdp" and standing.series_per_output is not None
        else standing.series
    )
    return abroad.latest_number_text(line, unit, localizer)


def _build_methodologies(context: Context, view: _CountriesView) -> tuple[Terms, Terms]:
    """How the page is computed, and how its map is: inputs, edition, formulas, where the outlines come from."""
    localizer = context.localizer
    inputs = inputs_text(context, (standing.series.key for standing in view.standings))
    if view.measure == "gdp":
        inputs += " " + localizer.text("countries.how.gdp")
    shown = {"growth1": "pace", "growth5": "pace", "ahead": "ahead", "gdp": "per", "level": "levels"}[view.measure]
    every = dict.fromkeys(("levels", "pace", "ahead", shown))
    own = [
        (localizer.text(f"countries.how.{part}"), localizer.text(f"countries.how.{part}.text"))
        for part in ("rank", "map")
    ]

    def named(parts: Iterable[str]) -> list[tuple[str, str]]:
        return [(localizer.text(f"compare.how.{part}"), localizer.text(f"compare.how.{part}.text")) for part in parts]

    return (
        build_methodology(context, inputs, (*named(every), *own)),
        build_methodology(context, inputs, (*named((shown,)), *own)),
    )
