"""Figure of the index of a market, by which its calls are scored, with the forecast fan that calls imply."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Figure, PlotData
from observatory.briefs.figures.fan import Fan, FanFormats, build_fan, starts_at_zero
from observatory.briefs.figures.plots import build_index_plot
from observatory.briefs.figures.series_view import SeriesView
from observatory.catalogue.periods import midpoint_year
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
    fan = Fan(
        title=title,
        view=_build_view(call, path),
        frequency="A",
        level=80,
        formats=FanFormats(*(localizer.number,) * 4),
        role="market",
        height=height,
        realized=tuple((midpoint_year(year, "A"), level) for year, level in realized.items()),
    )
    spec, table = build_fan(context, fan)
    takeaway = _takeaway_text(context, call, path[-1])
    subtitle = localizer.text("surest.subtitle", first=_first_year(call), outer=localizer.chances(80))
    if spec is not None and not starts_at_zero(spec):
        subtitle = f"{subtitle} {localizer.text('figure.not_from_zero')}"
    return Figure(
        indicator=call.segment,
        title=title,
        subtitle=subtitle,
        spec=spec,
        alt=takeaway,
        takeaway=takeaway,
        source_line=localizer.plural(source_key, sum(1 for row in call.reasons if row.share > 0)),
        table=table,
        plot_data=_build_plot(call, path, realized, localizer),
    )


def _build_plot(
    call: Call, path: Sequence[IndexForecast], realized: Mapping[int, float], localizer: Localizer
) -> PlotData:
    ranges = {row.year: (row.median, row.low, row.high) for row in path}
    return build_index_plot(dict(_list_levels(call)), ranges, realized, str, localizer)


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


def _build_view(call: Call, path: Sequence[IndexForecast]) -> SeriesView:
    """The levels of the index, with one interval for each horizon."""
    median, low, high = (np.array([getattr(row, name) for row in path]) for name in ("median", "low", "high"))
    years, levels = zip(*_list_levels(call), strict=True)
    return SeriesView(years, np.array(levels), tuple(row.year for row in path), median, low, high, median, median)


def _takeaway_text(context: Context, call: Call, end: IndexForecast) -> str:
    """The index now, and its interval at the horizon."""
    localizer = context.localizer
    return localizer.text(
        "surest.takeaway",
        market_of=localizer.field_text(context.outlook.catalogue.segments[call.segment], "of"),
        first=_first_year(call),
        last=str(call.index_last),
        year=end.year,
        chances=localizer.chances(80),
        now=localizer.number(call.index[-1]),
        low=localizer.number(end.low),
        high=localizer.number(end.high),
    )
