"""Where abroad: an indicator by country on a map and ranked, and one country across indicators."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from observatory.briefs.common.comparison_model import Countries, Country
from observatory.briefs.common.disclosure import notes_of, source_line
from observatory.briefs.common.levels import OUTPUT, ratio_unit
from observatory.briefs.common.methodology import how
from observatory.briefs.common.model import Chapter, Table, Terms
from observatory.briefs.common.series_figure import spark_of
from observatory.briefs.common.series_search import PINNED, countries_of, inputs_of, peers
from observatory.briefs.common.units import Unit, unit_of
from observatory.briefs.countries import standings as abroad
from observatory.briefs.countries.map import painted
from observatory.briefs.countries.profile import profile, profiled
from observatory.briefs.countries.standings import NOTHING, SHARES, Standing
from observatory.catalogue.models import ROLES, Indicator
from observatory.errors import ObservatoryError
from observatory.language import Speaker
from observatory.outlook.analysis.yearly_series import pace_ahead
from observatory.outlook.outlook import Outlook
from observatory.selection import MEASURES, Selection

FEWEST = 2  # countries that make an indicator worth a map
STALE = 3  # years after which the page says that the figures stop


@dataclass(frozen=True)
class View:
    """What the page is about: an indicator in its countries, in a unit, by a measure, until a year ahead."""

    row: Indicator
    standings: Sequence[Standing]
    measure: str
    unit: Unit
    per: Unit | None
    until: int


def countries(outlook: Outlook, selection: Selection, speaker: Speaker, today: date) -> Countries:
    """The indicator of a selection by country; one that is known by country stands in for one that is not.

    Raises ObservatoryError where nothing is known by country.
    """
    rows = offered(outlook)
    if not rows:
        raise ObservatoryError("error.no_countries")
    row, notices = _chosen(outlook, rows, selection, speaker)
    base_year = next(iter(outlook.calls.values())).base_year if outlook.calls else outlook.day.year
    until = base_year + selection.horizon
    found = abroad.standings(outlook, row, countries_of(outlook, row.id), until)
    levels = np.concatenate([standing.line.levels for standing in found])
    per = _per_unit(outlook, row, found, speaker)
    measures = tuple(name for name in MEASURES if name != "gdp" or per is not None)
    measure = selection.measure if selection.measure in measures else measures[0]
    view = View(row, found, measure, unit_of(row, levels, speaker), per, until)
    ranked = _rows(outlook, view, speaker)
    heads = _heads(view, speaker)
    geo = profiled(outlook, row, selection)
    if selection.geo and selection.geo != geo:
        place = speaker.of(outlook.catalogue.geographies[selection.geo], "title")
        notices.append(speaker.say("countries.not_country", place=place))
    shown = painted(outlook, view.standings, measure, _unit_of(view), geo, speaker)
    listing, figure = profile(outlook, rows, row, geo, selection, until, base_year, speaker, today)
    page_how, map_how = _how(outlook, view, speaker)
    history = max((outlook.panel[standing.line.key] for standing in found), key=lambda one: one.last)
    return Countries(
        kicker=speaker.say("countries.kicker", date=speaker.day(outlook.day)),
        lead=_lead(outlook, view, speaker),
        under=_under(outlook, view, speaker),
        notices=tuple(notices),
        indicator=row.id,
        indicators=tuple((one.id, _title(outlook, one, speaker)) for one in rows),
        measure=measure,
        unit=shown_unit.noun if (shown_unit := _unit_of(view)) is not None else "%",
        measures=tuple((name, speaker.say(f"countries.measure.{name}")) for name in measures),
        map=shown.spec,
        map_title=speaker.say(f"countries.map.{measure}", title=speaker.of(row, "title"), year=until),
        map_subtitle=shown.subtitle,
        map_alt=shown.alt,
        tints=shown.tints,
        colour=shown.colour,
        blank=speaker.say("countries.blank"),
        title=speaker.say("countries.ranking", title=speaker.of(row, "title")),
        subtitle=speaker.say("countries.ranking.subtitle", measure=speaker.say(f"countries.measure.{measure}")),
        heads=heads,
        rows=ranked,
        table=Table(speaker.of(row, "title"), heads, tuple((one.title, one.rank, *one.cells) for one in ranked)),
        source_line=source_line(outlook, row, history, speaker, today),
        notes=notes_of(row, history, False, True, speaker),
        geo=geo,
        places=tuple(
            (place, speaker.of(outlook.catalogue.geographies[place], "short"))
            for place in dict.fromkeys([*PINNED, *(name for one in rows for name in countries_of(outlook, one.id))])
            if place in outlook.catalogue.geographies
        ),
        profile=listing,
        figure=figure,
        compare=Selection(
            lang=speaker.language,
            unit="index",
            horizon=selection.horizon,
            asof=selection.asof,
            series=peers(outlook, (row.id, geo, "")),
        ),
        how=Chapter(speaker.say("compare.how"), "", page_how),
        map_how=map_how,
    )


def offered(outlook: Outlook) -> list[Indicator]:
    """The indicators that are known in several countries: demand first, then in the order of the catalogue."""
    segments = list(outlook.catalogue.segments)
    rows = [row for row in outlook.catalogue.indicators.values() if len(countries_of(outlook, row.id)) >= FEWEST]
    return sorted(rows, key=lambda row: (ROLES.index(row.role), segments.index(row.segment), row.rank, row.id))


def _chosen(
    outlook: Outlook, rows: Sequence[Indicator], selection: Selection, speaker: Speaker
) -> tuple[Indicator, list[str]]:
    wanted = outlook.catalogue.indicators.get(selection.indicator)
    if wanted in rows and wanted is not None:
        return wanted, []
    usual = next((row for row in rows if row.id == "military_expenditure_usd"), rows[0])
    if wanted is None:
        return usual, []
    near = next((row for row in rows if row.segment == wanted.segment), usual)
    titles = {"title": speaker.of(wanted, "title"), "other": speaker.of(near, "title")}
    return near, [speaker.say("countries.not_by_country", **titles)]


def _title(outlook: Outlook, row: Indicator, speaker: Speaker) -> str:
    return f"{speaker.of(row, 'title')} \u00b7 {speaker.of(outlook.catalogue.segments[row.segment], 'title')}"


def _per_unit(outlook: Outlook, row: Indicator, found: Sequence[Standing], speaker: Speaker) -> Unit | None:
    lines = [standing.per for standing in found if standing.per is not None]
    if len(lines) < FEWEST:
        return None
    values = np.array([line.latest for line in lines])
    return ratio_unit(row, outlook.catalogue.indicators[OUTPUT], values, speaker)


def _unit_of(view: View) -> Unit | None:
    """The unit of what the map shows; None for growth."""
    if view.measure in SHARES:
        return None
    return view.per if view.measure == "gdp" else view.unit


def _heads(view: View, speaker: Speaker) -> tuple[str, ...]:
    names = ("country", "rank")
    level = speaker.say("countries.head.level", unit=view.unit.noun)
    ahead = speaker.say("compare.head.ahead", year=view.until, chances=speaker.say("chances.80"))
    per = (view.per.noun[:1].upper() + view.per.noun[1:],) if view.per is not None and view.measure == "gdp" else ()
    paces = tuple(speaker.count("compare.head.pace", years) for years in (1, 5))
    return (*(speaker.say(f"countries.head.{name}") for name in names), level, *per, *paces, ahead)


def _rows(outlook: Outlook, view: View, speaker: Speaker) -> tuple[Country, ...]:
    """The countries where the cluster has people first, even without a figure; then the others by rank."""
    ranks = abroad.ranks(view.standings, view.measure)
    by_geo = {standing.geo: standing for standing in view.standings}
    first = [geo for geo in PINNED if geo in outlook.catalogue.geographies]
    rest = sorted((geo for geo in by_geo if geo not in first), key=lambda geo: ranks.get(geo, len(by_geo) + 1))
    return tuple(
        _row(outlook, view, geo, by_geo.get(geo), ranks.get(geo, 0), len(ranks), speaker) for geo in (*first, *rest)
    )


def _row(
    outlook: Outlook, view: View, geo: str, standing: Standing | None, rank: int, total: int, speaker: Speaker
) -> Country:
    title = speaker.of(outlook.catalogue.geographies[geo], "short")
    if standing is None:
        blank = (NOTHING,) * (len(_heads(view, speaker)) - 2)
        return Country(geo, title, NOTHING, blank, None, speaker.say("countries.no_data"), geo in PINNED, None)
    line = standing.line
    per = (abroad.bare(standing.per, view.per, speaker) if standing.per and view.per else NOTHING,)
    cells = (
        f"{abroad.bare(line, view.unit, speaker)} ({abroad.when(line, speaker)})",
        *(per if view.measure == "gdp" and view.per is not None else ()),
        *(abroad.rate(standing.value(name), speaker) for name in ("growth1", "growth5")),
        abroad.expected(line, speaker),
    )
    label = speaker.say("list.spark", title=f"{speaker.of(view.row, 'title')} ({title})")
    spark = spark_of(outlook.panel[line.key], outlook.forecasts.get(line.key), label)
    value, unit = None if standing.old else standing.value(view.measure), _unit_of(view)
    value = unit.shown(value) if unit is not None and value is not None else value
    note = speaker.say("countries.old", year=line.last // 12) if standing.old else ""
    shown = speaker.say("countries.rank", rank=rank, total=total) if rank else NOTHING
    return Country(geo, title, shown, cells, spark, note, geo in PINNED, value)


def _lead(outlook: Outlook, view: View, speaker: Speaker) -> str:
    """Which country comes first by the measure, and how sure that is where it is expected."""
    values = [
        (value, standing)
        for standing in view.standings
        if not standing.old and (value := standing.value(view.measure)) is not None
    ]
    title = speaker.of(view.row, "title")
    if not values:
        return speaker.say("countries.lead.none", title=title)
    best, top = max(values, key=lambda pair: pair[0])
    place = outlook.catalogue.geographies[top.geo]
    unit = _unit_of(view)
    said = {"title": title, "geo_in": speaker.of(place, "in"), "year": view.until, "of": when_of(top, speaker)}
    if unit is not None:
        line = top.per if view.measure == "gdp" and top.per is not None else top.line
        return speaker.say("countries.lead.level", amount=abroad.latest(line, unit, speaker), **said)
    if best <= 0:
        return speaker.say(f"countries.lead.{view.measure}.none", **said)
    said["rate"] = abroad.expected(top.line, speaker) if view.measure == "ahead" else speaker.growth(best)
    return speaker.say(f"countries.lead.{view.measure}", **said)


def when_of(standing: Standing, speaker: Speaker) -> str:
    """The latest year of a country."""
    return abroad.when(standing.line, speaker)


def _under(outlook: Outlook, view: View, speaker: Speaker) -> tuple[str, ...]:
    """The countries where the cluster has people; those without a figure; and where the figures stop."""
    by_geo = {standing.geo: standing for standing in view.standings}
    pinned = [geo for geo in PINNED if geo in outlook.catalogue.geographies]
    named = {geo: speaker.of(outlook.catalogue.geographies[geo], "short") for geo in pinned}
    there = [
        f"{named[geo]} {_short(view, by_geo[geo], speaker)}"
        for geo in pinned
        if geo in by_geo and by_geo[geo].value(view.measure) is not None
    ]
    said = [speaker.say("countries.close")] if view.measure == "ahead" and _close(view) else []
    said += [speaker.say("countries.pinned", list=", ".join(there))] if there else []
    absent = [name for geo, name in named.items() if geo not in by_geo]
    if absent:
        said.append(speaker.say("countries.absent", list=speaker.list_of(absent)))
    newest = max(standing.line.last for standing in view.standings) // 12
    if outlook.day.year - newest >= STALE:
        said.append(speaker.say("countries.stale", year=newest))
    return tuple(said)


def _close(view: View) -> bool:
    """Whether the range of the country that comes first reaches down to what is expected of the second."""
    found = [pace_ahead(standing.line) for standing in view.standings if not standing.old]
    ahead = sorted((one for one in found if one is not None), reverse=True)
    return len(ahead) > 1 and ahead[0][1] < ahead[1][0]


def _short(view: View, standing: Standing, speaker: Speaker) -> str:
    value, unit = standing.value(view.measure), _unit_of(view)
    if unit is None:
        return abroad.rate(value, speaker)
    line = standing.per if view.measure == "gdp" and standing.per is not None else standing.line
    return abroad.bare(line, unit, speaker)


def _how(outlook: Outlook, view: View, speaker: Speaker) -> tuple[Terms, Terms]:
    """How the page is computed, and how its map is: inputs, edition, formulas, where the outlines come from."""
    inputs = inputs_of(outlook, (standing.line.key for standing in view.standings), speaker)
    if view.measure == "gdp":
        inputs += " " + speaker.say("countries.how.gdp")
    shown = {"growth1": "pace", "growth5": "pace", "ahead": "ahead", "gdp": "per", "level": "levels"}[view.measure]
    every = dict.fromkeys(("levels", "pace", "ahead", shown))
    own = [
        (speaker.say(f"countries.how.{part}"), speaker.say(f"countries.how.{part}.text")) for part in ("rank", "map")
    ]

    def named(parts: Iterable[str]) -> list[tuple[str, str]]:
        return [(speaker.say(f"compare.how.{part}"), speaker.say(f"compare.how.{part}.text")) for part in parts]

    return (
        how(inputs, (*named(every), *own), outlook, speaker),
        how(inputs, (*named((shown,)), *own), outlook, speaker),
    )
