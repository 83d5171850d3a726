"""Builds the profile of a country: latest value, rank, past and expected growth by indicator, and one chart."""

from collections.abc import Sequence
from dataclasses import replace

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Figure, LinkTable, LinkTableEntry
from observatory.briefs.common.series_names import inputs_text
from observatory.briefs.common.series_search import PINNED_COUNTRIES, list_countries
from observatory.briefs.common.units import choose_unit
from observatory.briefs.countries import standings
from observatory.briefs.figures.methodology import build_methodology
from observatory.briefs.figures.series import build_series_figure
from observatory.catalogue.models import Indicator
from observatory.language import NO_VALUE
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection

_HEIGHT_PX = 300


def choose_country(outlook: Outlook, indicator: Indicator, selection: Selection) -> str:
    """The country of the selection, else the first pinned one with a figure, else the first one with a figure."""
    geography = outlook.catalogue.geographies.get(selection.geo)
    if geography is not None and geography.kind == "country":
        return geography.id
    countries = list_countries(outlook, indicator.id)
    return next((geo for geo in PINNED_COUNTRIES if geo in countries), countries[0])


def build_profile(
    context: Context,
    indicators: Sequence[Indicator],
    shown_indicator: Indicator,
    geo: str,
    until_year: int,
    base_year: int,
) -> tuple[LinkTable, Figure | None]:
    """The table of a country with a link to each indicator, and its chart of `shown_indicator` (None without a figure).

    Indicators without a figure in the country are named in the subtitle.
    """
    outlook, localizer = context.outlook, context.localizer
    place = outlook.catalogue.geographies[geo]
    present = [row for row in indicators if (row.id, geo, "") in outlook.panel]
    absent = [localizer.field_text(row, "title") for row in indicators if (row.id, geo, "") not in outlook.panel]
    entries = tuple(_build_entry(context, row, geo, until_year) for row in present)
    headers = (
        *(localizer.text(f"countries.profile.{name}") for name in ("indicator", "latest", "rank")),
        localizer.plural("compare.head.pace", 5),
        localizer.text("compare.head.ahead", year=until_year, chances=localizer.chances(80)),
    )
    subtitle = localizer.text("countries.profile.subtitle")
    if absent:
        missing = localizer.list_text(
            f"\u00ab {title} \u00bb" if localizer.language == "fr" else f'"{title}"' for title in absent
        )
        subtitle += " " + localizer.typeset(
            localizer.text("countries.profile.absent", geo_in=localizer.field_text(place, "in"), list=missing)
        )
    title = localizer.text("countries.profile.title", place=localizer.field_text(place, "short"))
    key = (shown_indicator.id, geo, "")
    figure = None
    if key in outlook.panel:
        figure = build_series_figure(
            replace(context, selection=replace(context.selection, unit="level")), key, _HEIGHT_PX, base_year
        )
    formulas = [
        (localizer.text(f"compare.how.{part}"), localizer.text(f"compare.how.{part}.text"))
        for part in ("levels", "pace", "ahead")
    ]
    formulas.append((localizer.text("countries.how.rank"), localizer.text("countries.how.rank.text")))
    methodology = build_methodology(context, inputs_text(context, [(row.id, geo, "") for row in present]), formulas)
    return LinkTable(title, subtitle, headers, entries, len(entries), methodology=methodology), figure


def _build_entry(context: Context, indicator: Indicator, geo: str, until_year: int) -> LinkTableEntry:
    outlook, localizer = context.outlook, context.localizer
    rows = standings.build_standings(outlook, indicator, list_countries(outlook, indicator.id), until_year)
    standing = next((row for row in rows if row.geo == geo), None)
    segment = outlook.catalogue.segments[indicator.segment]
    target = Selection(
        localizer.language,
        indicator.segment,
        indicator.id,
        geo,
        horizon=context.selection.horizon,
        asof=context.selection.asof,
    )
    title, subtitle = localizer.field_text(indicator, "title"), localizer.field_text(segment, "title")
    if standing is None:
        return LinkTableEntry(target, title, subtitle, (NO_VALUE,) * 4)
    unit = choose_unit(indicator, standing.series.levels, localizer)
    ranks = standings.rank_countries(rows, "level")
    rank = localizer.text("countries.rank", rank=ranks[geo], total=len(ranks)) if geo in ranks else NO_VALUE
    cells = (
        standings.latest_level_text(standing.series, unit, localizer),
        rank,
        standings.growth_text(standing.get_value("growth5"), localizer),
        standings.expected_growth_text(standing.series, localizer),
    )
    return LinkTableEntry(target, title, subtitle, cells)
