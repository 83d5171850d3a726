"""The index of a market as a Figure: what its call is judged on, with the fan of the call."""

from observatory.briefs.common.chart_context import shades
from observatory.briefs.common.model import Figure, Table, computed
from observatory.briefs.common.plots import path_plot
from observatory.briefs.common.series_figure import heads, starts_at_zero
from observatory.charts.fan import Fan, Step, fan
from observatory.language import Speaker
from observatory.outlook.calls.calls import Call
from observatory.outlook.outlook import Outlook
from observatory.settings import HORIZONS

HEIGHT = 300


def path_of(outlook: Outlook, segment: str, horizon: int) -> list[tuple[int, float, float, float]]:
    """The index at the end of each horizon up to one: (year, median, low, high), at the pace of each call."""
    found = []
    for ahead in (years for years in HORIZONS if years <= horizon):
        call = outlook.calls.get((segment, ahead))
        if call is None or call.growth is None or call.low is None or call.high is None or not call.index:
            continue
        years = call.year - call.index_last
        median, low, high = (call.index[-1] * (1 + rate) ** years for rate in (call.growth, call.low, call.high))
        found.append((call.year, median, low, high))
    return found


def index_figure(
    outlook: Outlook,
    call: Call,
    title: str,
    source: str,
    speaker: Speaker,
    after: bool = False,
    height: int = HEIGHT,
) -> Figure | None:
    """The index of a market under a title, closed by the message `source`; None where there is no index to draw."""
    path = path_of(outlook, call.segment, call.horizon)
    if len(call.index) < 3 or not path:
        return None
    segment = outlook.catalogue.segments[call.segment]
    first = call.index_last - len(call.index) + 1
    end, last = path[-1], str(call.index_last)
    low, high = speaker.number(end[2]), speaker.number(end[3])
    grew = outlook.came.get(call.segment, {}) if after else {}
    came = [(call.index_last + h + 0.5, call.index[-1] * (1 + rate) ** h) for h, rate in sorted(grew.items())]
    came = [(x, y) for x, y in came if x <= end[0] + 0.5]
    drawn = fan(
        Fan(
            runs=[[(first + place + 0.5, value) for place, value in enumerate(call.index)]],
            steps=[Step(year + 0.5, median, median, median, low, high) for year, median, low, high in path],
            shades=shades(outlook, speaker, annual=True, afterwards=bool(came)),
            came=came,
            role="market",
            last_label=f"{speaker.number(call.index[-1])} {speaker.period_in(last)}",
            end_labels=(speaker.number(end[1]), low, high),
            from_zero=False,
            logarithmic=False,
            language=speaker.language,
            height=height,
            annual=True,
        )
    )
    takeaway = speaker.say(
        "surest.takeaway",
        market_of=speaker.of(segment, "of"),
        first=first,
        last=last,
        year=end[0],
        chances=speaker.say("chances.80"),
        now=speaker.number(call.index[-1]),
        low=low,
        high=high,
    )
    subtitle = speaker.say("surest.subtitle", first=first, outer=speaker.say("chances.of.80"))
    return computed(
        name=call.segment,
        title=title,
        subtitle=subtitle if starts_at_zero(drawn) else f"{subtitle} {speaker.say('figure.not_from_zero')}",
        spec=drawn,
        takeaway=takeaway,
        source_line=speaker.count(source, sum(1 for row in call.reasons if row.share > 0)),
        table=_table(call, path, first, title, speaker),
        plot=path_plot(
            {first + place: value for place, value in enumerate(call.index)},
            {year: figures for year, *figures in path},
            {int(x): value for x, value in came},
            str,
            speaker,
        ),
    )


def _table(call: Call, path: list[tuple[int, float, float, float]], first: int, title: str, speaker: Speaker) -> Table:
    rows = [
        (str(year), speaker.say("table.expected"), *(speaker.number(value) for value in figures))
        for year, *figures in reversed(path)
    ]
    rows += [
        (str(first + place), speaker.say("table.observed"), speaker.number(value), "", "")
        for place, value in reversed(list(enumerate(call.index)))
    ]
    return Table(title, heads(80, speaker), tuple(rows))
