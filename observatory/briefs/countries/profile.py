"""One country across indicators: latest year, growth past and expected, rank; and its chart of the one chosen."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from observatory.briefs.common.methodology import how
from observatory.briefs.common.model import Entry, Figure, Listing
from observatory.briefs.common.series_figure import figure
from observatory.briefs.common.series_search import PINNED, countries_of, inputs_of
from observatory.briefs.common.units import unit_of
from observatory.briefs.countries import standings
from observatory.briefs.countries.standings import NOTHING
from observatory.catalogue.models import Indicator
from observatory.language import Speaker
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection

HEIGHT = 300


def profiled(outlook: Outlook, row: Indicator, selection: Selection) -> str:
    """The country of the profile: the one asked for, else the first of those that come first and have a figure."""
    place = outlook.catalogue.geographies.get(selection.geo)
    if place is not None and place.kind == "country":
        return place.id
    known = countries_of(outlook, row.id)
    return next((geo for geo in PINNED if geo in known), known[0])


def profile(
    outlook: Outlook,
    rows: Sequence[Indicator],
    chosen: Indicator,
    geo: str,
    selection: Selection,
    until: int,
    base_year: int,
    speaker: Speaker,
    today: date,
) -> tuple[Listing, Figure | None]:
    """The indicators of a country as a list that leads to each, those without a figure named at the end."""
    place = outlook.catalogue.geographies[geo]
    entries, absent = [], []
    for row in rows:
        if (row.id, geo, "") in outlook.panel:
            entries.append(_entry(outlook, row, geo, selection, until, speaker))
        else:
            absent.append(speaker.of(row, "title"))
    names = ("indicator", "latest", "rank")
    heads = (
        *(speaker.say(f"countries.profile.{name}") for name in names),
        speaker.count("compare.head.pace", 5),
        speaker.say("compare.head.ahead", year=until, chances=speaker.say("chances.80")),
    )
    subtitle = speaker.say("countries.profile.subtitle")
    if absent:
        missing = speaker.list_of(
            f"\u00ab {title} \u00bb" if speaker.language == "fr" else f'"{title}"' for title in absent
        )
        subtitle += " " + speaker.dress(
            speaker.say("countries.profile.absent", geo_in=speaker.of(place, "in"), list=missing)
        )
    title = speaker.say("countries.profile.title", place=speaker.of(place, "short"))
    key = (chosen.id, geo, "")
    drawn = None
    if key in outlook.panel:
        drawn = figure(outlook, key, replace(selection, unit="level"), speaker, HEIGHT, base_year, today)
    there = [(row.id, geo, "") for row in rows if (row.id, geo, "") in outlook.panel]
    formulas = [
        (speaker.say(f"compare.how.{part}"), speaker.say(f"compare.how.{part}.text"))
        for part in ("levels", "pace", "ahead")
    ]
    formulas.append((speaker.say("countries.how.rank"), speaker.say("countries.how.rank.text")))
    terms = how(inputs_of(outlook, there, speaker), formulas, outlook, speaker)
    return Listing(title, subtitle, heads, tuple(entries), len(entries), how=terms), drawn


def _entry(outlook: Outlook, row: Indicator, geo: str, selection: Selection, until: int, speaker: Speaker) -> Entry:
    found = standings.standings(outlook, row, countries_of(outlook, row.id), until)
    standing = next((one for one in found if one.geo == geo), None)
    segment = outlook.catalogue.segments[row.segment]
    target = Selection(speaker.language, row.segment, row.id, geo, horizon=selection.horizon, asof=selection.asof)
    title, below = speaker.of(row, "title"), speaker.of(segment, "title")
    if standing is None:
        return Entry(target, title, below, (NOTHING,) * 4)
    unit = unit_of(row, standing.line.levels, speaker)
    ranks = standings.ranks(found, "level")
    rank = speaker.say("countries.rank", rank=ranks[geo], total=len(ranks)) if geo in ranks else NOTHING
    cells = (
        standings.latest(standing.line, unit, speaker),
        rank,
        standings.rate(standing.value("growth5"), speaker),
        standings.expected(standing.line, speaker),
    )
    return Entry(target, title, below, cells)
