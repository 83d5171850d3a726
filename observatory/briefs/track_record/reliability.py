"""What the ranges of all forecasts were worth: how often they held, by level and frequency, as a Figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from observatory.briefs.common.disclosure import FEWEST_JUDGED, edition_of
from observatory.briefs.common.model import Figure, Table, computed
from observatory.briefs.common.plots import bars, promised
from observatory.catalogue.periods import PER_YEAR, Frequency
from observatory.charts.interval_coverage import Level, Strip, Words, ranges
from observatory.language import Speaker, whole_percent
from observatory.outlook.outlook import Outlook
from observatory.settings import HORIZONS, LEVELS
from observatory.timeseries import Forecast

NARROW = 0.05  # held that much less often than promised: the sentence under the chart of a series says "too narrow"

Groups = Mapping[Frequency, Sequence[Forecast]]


@dataclass(frozen=True)
class Held:
    """Past values judged, and how many of them lay in their range at each level, over some series."""

    series: int
    judged: int
    hits: tuple[int, ...]

    def share(self, place: int) -> float:
        """The share that lay inside at the level in that place."""
        return self.hits[place] / self.judged


def held(forecasts: Sequence[Forecast]) -> Held:
    """The hits of all forecasts that were judged, added up."""
    judged = [row for row in forecasts if row.judged]
    hits = tuple(sum(row.hits[place] for row in judged) for place in range(len(LEVELS)))
    return Held(len(judged), sum(row.judged for row in judged), hits)


def reliability(outlook: Outlook, speaker: Speaker) -> Figure | None:
    """Promised and held, by level and frequency; None where no past value was judged."""
    groups = {
        frequency: [row for row in outlook.forecasts.values() if row.frequency == frequency and row.judged]
        for frequency in PER_YEAR
    }
    groups = {frequency: rows for frequency, rows in groups.items() if rows}
    if not groups:
        return None
    everything = held(list(outlook.forecasts.values()))
    title = speaker.say("ranges.title")
    takeaway = _takeaway(outlook, everything, speaker)
    return computed(
        title=title,
        subtitle=speaker.say("ranges.subtitle"),
        spec=ranges(
            [_level(place, groups, speaker) for place in range(len(LEVELS))], _words(speaker), speaker.language
        ),
        alt=f"{takeaway} {_parts(groups, speaker)}",
        takeaway=takeaway,
        notes=(speaker.say("ranges.note", far=speaker.count("control.horizon.years", max(HORIZONS))),),
        source_line=speaker.say(
            "ranges.source",
            judged=speaker.number(everything.judged),
            series=speaker.number(everything.series),
            edition=edition_of(outlook, speaker),
        ),
        table=_table(groups, everything, title, speaker),
        plot=bars(
            [speaker.say(f"ranges.{name}") for name in groups],
            [
                (f"held_{level}", level_name, [held(rows).share(place) * 100 for rows in groups.values()])
                for place, (level, level_name) in enumerate(promised(speaker))
            ],
            speaker.say("export.held.subtitle"),
        ),
    )


def _takeaway(outlook: Outlook, everything: Held, speaker: Speaker) -> str:
    levels = speaker.list_of(speaker.number(level) for level in LEVELS)
    said = speaker.say("ranges.takeaway", levels=levels, shares=_shares(everything, speaker))
    return f"{said} {_uneven(outlook, speaker)}".strip()


def _parts(groups: Groups, speaker: Speaker) -> str:
    """The shares of each frequency, for who does not see the picture."""
    parts = [
        speaker.say("ranges.alt.part", frequency=speaker.say(f"ranges.{name}"), shares=_shares(held(rows), speaker))
        for name, rows in groups.items()
    ]
    return f"{'. '.join(parts)}."


def _shares(row: Held, speaker: Speaker) -> str:
    return speaker.list_of(speaker.percent(row.share(place)) for place in range(len(LEVELS)))


def _uneven(outlook: Outlook, speaker: Speaker) -> str:
    """How many series had 80 % ranges that were clearly too narrow, by the rule of their own honest sentence."""
    at = LEVELS.index(80)
    judged = [row for row in outlook.forecasts.values() if row.judged >= FEWEST_JUDGED]
    narrow = sum(row.hits[at] / row.judged < LEVELS[at] / 100 - NARROW for row in judged)
    if not judged:
        return ""
    return speaker.count("ranges.uneven", narrow, total=speaker.number(len(judged)), level=LEVELS[at])


def _words(speaker: Speaker) -> Words:
    return Words(*(speaker.say(f"ranges.{name}") for name in ("narrow", "wide", "held")))


def _level(place: int, groups: Groups, speaker: Speaker) -> Level:
    level = LEVELS[place]
    strips = [
        Strip(
            speaker.say(f"ranges.{frequency}"),
            [row.hits[place] / row.judged * 100 for row in rows if row.judged >= FEWEST_JUDGED],
            held(rows).share(place) * 100,
            f"{whole_percent(held(rows).share(place))}{speaker.percent_sign}",
        )
        for frequency, rows in groups.items()
    ]
    return Level(level, speaker.say("ranges.promised", level=level), strips)


def _table(groups: Groups, everything: Held, title: str, speaker: Speaker) -> Table:
    heads = [speaker.say(f"ranges.head.{name}") for name in ("frequency", "series", "judged")]
    heads += [speaker.say("ranges.head.level", level=level) for level in LEVELS]
    named = [(speaker.say(f"ranges.{frequency}"), held(rows)) for frequency, rows in groups.items()]
    rows = tuple(
        (
            name,
            speaker.number(row.series),
            speaker.number(row.judged),
            *(f"{speaker.percent(row.share(place))}{speaker.percent_sign}" for place in range(len(LEVELS))),
        )
        for name, row in (*named, (speaker.say("ranges.all"), everything))
    )
    return Table(title, tuple(heads), rows)
