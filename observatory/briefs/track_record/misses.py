"""The worst misses as Figures: what was known, what would have been shown, what came, and what happened."""

from observatory.briefs.common import call_text
from observatory.briefs.common.chart_context import shades
from observatory.briefs.common.model import Figure, Plot, Table, computed
from observatory.briefs.common.plots import path_plot
from observatory.briefs.common.series_figure import heads
from observatory.catalogue.models import Event
from observatory.catalogue.periods import period
from observatory.charts.missed_call import Missed, Spot, miss
from observatory.language import Speaker
from observatory.outlook.analysis.misses import Band, Miss, Point, misses
from observatory.outlook.outlook import Outlook


def wrong(outlook: Outlook, speaker: Speaker) -> tuple[Figure, ...]:
    """The worst misses of the replay, the largest first."""
    return tuple(_figure(outlook, row, speaker) for row in misses(outlook))


def _figure(outlook: Outlook, row: Miss, speaker: Speaker) -> Figure:
    past = row.past
    market = outlook.catalogue.segments[past.segment]
    years = speaker.count("control.horizon.years", past.horizon)
    origin = period(past.origin, "M")
    title = speaker.say(
        "track.miss.title", market=speaker.of(market, "title"), years=years, period=speaker.period(origin)
    )
    takeaway, happened = _takeaway(row, years, speaker), _happened(row.events, speaker)
    return computed(
        name=f"{past.segment}_{past.origin}",
        title=title,
        subtitle=speaker.say(
            "track.miss.subtitle", period_in=speaker.period_in(origin), chances=speaker.say("chances.of.80")
        ),
        spec=_spec(outlook, row, speaker),
        alt=f"{title}. {takeaway} {happened}",
        takeaway=takeaway,
        honesty=(happened,),
        source_line=speaker.count("track.miss.source", past.families),
        table=_table(row, title, speaker),
        plot=_plot(row, speaker),
    )


def _plot(row: Miss, speaker: Speaker) -> Plot:
    """Months since the origin as labels: what was known, what was expected, what came."""
    origin = row.past.origin
    return path_plot(
        {origin + 12 * one.years: one.level for one in row.before},
        {origin + 12 * one.years: [one.median, one.low, one.high] for one in row.expected},
        {origin + 12 * one.years: one.level for one in row.came},
        lambda month: period(month, "M"),
        speaker,
        decimals=1,
    )


def _takeaway(row: Miss, years: str, speaker: Speaker) -> str:
    """What was said, and what came."""
    past = row.past
    said = speaker.say(
        "track.miss.said",
        band=call_text.band(speaker),
        years=years,
        word=speaker.chance(past.clear),
        p=speaker.odds(past.clear),
    )
    came = speaker.say("track.miss.came", came=speaker.growth(past.grew or 0.0))
    if past.low is None or past.high is None or past.grew is None:
        return f"{said} {came}"
    held = "inside" if past.low <= past.grew <= past.high else "outside"
    shown = speaker.say(f"track.miss.{held}", low=speaker.growth(past.low), high=speaker.growth(past.high))
    return f"{said} {came} {shown}"


def _happened(events: tuple[Event, ...], speaker: Speaker) -> str:
    """The events of the catalogue that overlap the span; they coincide, no cause is claimed."""
    if not events:
        return speaker.say("track.miss.no_event")
    named = "; ".join(_event(event, speaker) for event in events)
    return speaker.say("track.miss.events", events=named.replace("; ", " ; ") if speaker.language == "fr" else named)


def _event(event: Event, speaker: Speaker) -> str:
    title = speaker.of(event, "title")
    first = f"{event.start:%Y-%m}"
    last = f"{event.end:%Y-%m}" if event.end else ""
    if first == last:
        return title if str(event.start.year) in title else f"{title} ({speaker.period(first)})"
    if not last:
        return speaker.say("track.event.since", title=title, first=speaker.period(first))
    return speaker.say("track.event.span", title=title, first=speaker.period(first), last=speaker.period(last))


def _spec(outlook: Outlook, row: Miss, speaker: Speaker) -> dict[str, object] | None:
    if not row.expected or not row.came:
        return None
    at = (row.past.origin + 1) / 12
    start: Spot = (at, 100.0)
    judged = next(point for point in row.came if point.years == row.past.horizon)
    due = speaker.period_in(period(row.past.origin + 12 * judged.years, "M"))
    return miss(
        Missed(
            before=[(at + point.years, point.level) for point in row.before],
            band=[(at, 100.0, 100.0, 100.0)]
            + [(at + one.years, one.median, one.low, one.high) for one in row.expected],
            came=[start, *((at + point.years, point.level) for point in row.came)],
            judged=(at + judged.years, judged.level),
            shades=shades(outlook, speaker, annual=False),
            expected_label=speaker.say("track.miss.label.expected"),
            came_label=speaker.say("track.miss.label.came", level=speaker.number(judged.level), period_in=due),
            language=speaker.language,
        )
    )


def _table(row: Miss, title: str, speaker: Speaker) -> Table:
    """Levels of the index, newest first: what was expected, what came, what was known."""
    rows = [_line(row, one, "table.expected", speaker) for one in reversed(row.expected)]
    rows += [_line(row, one, "track.table.came", speaker) for one in reversed(row.came)]
    rows += [_line(row, one, "table.observed", speaker) for one in reversed(row.before)]
    return Table(title, heads(80, speaker), tuple(rows))


def _line(row: Miss, one: Point | Band, nature: str, speaker: Speaker) -> tuple[str, ...]:
    when = speaker.period(period(row.past.origin + 12 * one.years, "M"))
    levels = (one.median, one.low, one.high) if isinstance(one, Band) else (one.level,)
    cells = [speaker.number(level, 1) for level in levels]
    return (when, speaker.say(nature), *cells, *[""] * (3 - len(cells)))
