"""Figure of the index of a market, by which its calls are scored, with the forecast fan that calls imply."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Figure, TextTable
from observatory.briefs.figures.chart_context import build_event_shades
from observatory.briefs.figures.plots import build_index_plot
from observatory.briefs.figures.series import build_table_headers, starts_at_zero
from observatory.charts.fan import FanChart, FanStep, build_fan_chart
from observatory.language import Localizer
from observatory.outlook.calls.calls import Call
from observatory.outlook.outlook import Outlook
from observatory.settings import HORIZONS

INDEX_HEIGHT_PX = 300


class IndexForecast(NamedTuple):
    """The index expected at the end of a year, with its 80 % interval."""

    year: int
    median: float
    low: float
    high: float


def build_index_path(outlook: Outlook, segment: str, horizon: int) -> list[IndexForecast]:
    """The index expected at each horizon up to `horizon`, at the yearly growth of the call for it."""
    path = []
    for years_ahead in (years for years in HORIZONS if years <= horizon):
        call = outlook.calls.get((segment, years_ahead))
        if call is None or call.growth is None or call.low is None or call.high is None or not call.index:
            continue
        years = call.target_year - call.index_last
        median, low, high = (call.index[-1] * (1 + rate) ** years for rate in (call.growth, call.low, call.high))
        path.append(IndexForecast(call.target_year, median, low, high))
    return path


def build_index_figure(
    context: Context,
    call: Call,
    title: str,
    source_key: str,
    *,
    show_realized: bool = False,
    height: int = INDEX_HEIGHT_PX,
) -> Figure | None:
    """The index of a market up to the horizon of a call; None where the index is too short or not forecast.

    `source_key` is the message of the source line, which counts the indicators in the index. `show_realized` adds the
    levels observed after the day of a reconstructed outlook.
    """
    outlook, localizer = context.outlook, context.localizer
    path = build_index_path(outlook, call.segment, call.horizon)
    if len(call.index) < 3 or not path:
        return None
    realized = _compute_realized_levels(outlook, call, path[-1].year) if show_realized else {}
    spec = _build_spec(context, call, path, realized, height)
    takeaway = _takeaway_text(context, call, path[-1])
    subtitle = localizer.text("surest.subtitle", first=_first_year(call), outer=localizer.text("chances.of.80"))
    return Figure(
        indicator=call.segment,
        title=title,
        subtitle=subtitle if starts_at_zero(spec) else f"{subtitle} {localizer.text('figure.not_from_zero')}",
        spec=spec,
        alt=takeaway,
        takeaway=takeaway,
        source_line=localizer.plural(source_key, sum(1 for row in call.reasons if row.share > 0)),
        table=_build_table(call, path, title, localizer),
        plot_data=build_index_plot(
            dict(_list_levels(call)),
            {row.year: (row.median, row.low, row.high) for row in path},
            realized,
            str,
            localizer,
        ),
    )


def _first_year(call: Call) -> int:
    """The year of the first value of the index."""
    return call.index_last - len(call.index) + 1


def _list_levels(call: Call) -> list[tuple[int, float]]:
    """The observed index as (year, level), oldest first."""
    return list(enumerate(call.index, _first_year(call)))


def _compute_realized_levels(outlook: Outlook, call: Call, last_year: int) -> dict[int, float]:
    """The index by year, up to a last one, after the day of a reconstructed outlook."""
    growth = outlook.realized_growth.get(call.segment, {})
    levels = {call.index_last + years: call.index[-1] * (1 + rate) ** years for years, rate in sorted(growth.items())}
    return {year: level for year, level in levels.items() if year <= last_year}


def _build_spec(
    context: Context, call: Call, path: Sequence[IndexForecast], realized: Mapping[int, float], height: int
) -> dict[str, Any]:
    """The fan chart (Vega-Lite): yearly points at the middle of their year, and one interval for each horizon."""
    localizer, end = context.localizer, path[-1]
    last_value, last_period = localizer.number(call.index[-1]), localizer.period_phrase(str(call.index_last))
    return build_fan_chart(
        FanChart(
            runs=[[(year + 0.5, level) for year, level in _list_levels(call)]],
            steps=[FanStep(row.year + 0.5, row.median, row.median, row.median, row.low, row.high) for row in path],
            shades=build_event_shades(context, annual=True, show_realized=bool(realized)),
            realized=[(year + 0.5, level) for year, level in realized.items()],
            role="market",
            last_label=f"{last_value} {last_period}",
            end_labels=(localizer.number(end.median), localizer.number(end.low), localizer.number(end.high)),
            from_zero=False,
            logarithmic=False,
            language=localizer.language,
            height=height,
            annual=True,
        )
    )


def _takeaway_text(context: Context, call: Call, end: IndexForecast) -> str:
    """The index now, and its interval at the horizon."""
    localizer = context.localizer
    return localizer.text(
        "surest.takeaway",
        market_of=localizer.field_text(context.outlook.catalogue.segments[call.segment], "of"),
        first=_first_year(call),
        last=str(call.index_last),
        year=end.year,
        chances=localizer.text("chances.80"),
        now=localizer.number(call.index[-1]),
        low=localizer.number(end.low),
        high=localizer.number(end.high),
    )


def _build_table(call: Call, path: Sequence[IndexForecast], title: str, localizer: Localizer) -> TextTable:
    """The levels of the chart, newest first."""
    rows = [
        (
            str(row.year),
            localizer.text("table.expected"),
            *(localizer.number(level) for level in (row.median, row.low, row.high)),
        )
        for row in reversed(path)
    ]
    rows += [
        (str(year), localizer.text("table.observed"), localizer.number(level), "", "")
        for year, level in reversed(_list_levels(call))
    ]
    return TextTable(title, build_table_headers(80, localizer), tuple(rows))
