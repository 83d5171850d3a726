"""The index of a market as a Figure: what its call is judged on, with the fan of the call."""

from observatory.briefs.common.chart_context import build_event_shades
from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Figure, TextTable
from observatory.briefs.common.plots import build_index_plot
from observatory.briefs.common.series_figure import build_table_headers, starts_at_zero
from observatory.charts.fan import FanChart, FanStep, build_fan_chart
from observatory.language import Localizer
from observatory.outlook.calls.calls import Call
from observatory.outlook.outlook import Outlook
from observatory.settings import HORIZONS

INDEX_HEIGHT_PX = 300


def build_index_path(outlook: Outlook, segment: str, horizon: int) -> list[tuple[int, float, float, float]]:
    """The index at the end of each horizon up to one: (year, median, low, high), at the pace of each call."""
    found = []
    for ahead in (years for years in HORIZONS if years <= horizon):
        call = outlook.calls.get((segment, ahead))
        if call is None or call.growth is None or call.low is None or call.high is None or not call.index:
            continue
        years = call.target_year - call.index_last
        median, low, high = (call.index[-1] * (1 + rate) ** years for rate in (call.growth, call.low, call.high))
        found.append((call.target_year, median, low, high))
    return found


def build_index_figure(
    context: Context,
    call: Call,
    title: str,
    source_key: str,
    show_realized: bool = False,
    height: int = INDEX_HEIGHT_PX,
) -> Figure | None:
    """The index of a market under a title, closed by the message `source`; None where there is no index to draw."""
    outlook, localizer = context.outlook, context.localizer
    path = build_index_path(outlook, call.segment, call.horizon)
    if len(call.index) < 3 or not path:
        return None
    segment = outlook.catalogue.segments[call.segment]
    first = call.index_last - len(call.index) + 1
    end, last = path[-1], str(call.index_last)
    low, high = localizer.number(end[2]), localizer.number(end[3])
    grew = outlook.realized_growth.get(call.segment, {}) if show_realized else {}
    came = [(call.index_last + h + 0.5, call.index[-1] * (1 + rate) ** h) for h, rate in sorted(grew.items())]
    came = [(x, y) for x, y in came if x <= end[0] + 0.5]
    drawn = build_fan_chart(
        FanChart(
            runs=[[(first + place + 0.5, value) for place, value in enumerate(call.index)]],
            steps=[FanStep(year + 0.5, median, median, median, low, high) for year, median, low, high in path],
            shades=build_event_shades(context, annual=True, show_realized=bool(came)),
            realized=came,
            role="market",
            last_label=f"{localizer.number(call.index[-1])} {localizer.period_phrase(last)}",
            end_labels=(localizer.number(end[1]), low, high),
            from_zero=False,
            logarithmic=False,
            language=localizer.language,
            height=height,
            annual=True,
        )
    )
    takeaway = localizer.text(
        "surest.takeaway",
        market_of=localizer.field_text(segment, "of"),
        first=first,
        last=last,
        year=end[0],
        chances=localizer.text("chances.80"),
        now=localizer.number(call.index[-1]),
        low=low,
        high=high,
    )
    subtitle = localizer.text("surest.subtitle", first=first, outer=localizer.text("chances.of.80"))
    return Figure(
        indicator=call.segment,
        title=title,
        subtitle=subtitle if starts_at_zero(drawn) else f"{subtitle} {localizer.text('figure.not_from_zero')}",
        spec=drawn,
        alt=takeaway,
        takeaway=takeaway,
        source_line=localizer.plural(source_key, sum(1 for row in call.reasons if row.share > 0)),
        table=_build_table(call, path, first, title, localizer),
        plot_data=build_index_plot(
            {first + place: value for place, value in enumerate(call.index)},
            {year: figures for year, *figures in path},
            {int(x): value for x, value in came},
            str,
            localizer,
        ),
    )


def _build_table(
    call: Call, path: list[tuple[int, float, float, float]], first: int, title: str, localizer: Localizer
) -> TextTable:
    rows = [
        (str(year), localizer.text("table.expected"), *(localizer.number(value) for value in figures))
        for year, *figures in reversed(path)
    ]
    rows += [
        (str(first + place), localizer.text("table.observed"), localizer.number(value), "", "")
        for place, value in reversed(list(enumerate(call.index)))
    ]
    return TextTable(title, build_table_headers(80, localizer), tuple(rows))
