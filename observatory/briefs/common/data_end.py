"""Age of data: the last period of the figures that a page shows."""

from collections.abc import Iterable

from observatory.briefs.common.context import Context
from observatory.catalogue.periods import (
    Frequency,
    last_ended_ordinal,
    last_month_ordinal,
    month_ordinal,
    ordinal_to_period,
)
from observatory.language import Localizer
from observatory.outlook.calls.calls import Call
from observatory.timeseries import SeriesKey

_FINEST_FIRST = "MQA"


def series_end_text(context: Context, keys: Iterable[SeriesKey]) -> str:
    """The end of some series: data up to August 2026. A revised figure does not move it.

    It is the latest period of all; of periods that end together the shortest. A year that has not ended on the day of
    the outlook, such as that of a voted budget, is not the end of what is known.
    """
    outlook, month = context.outlook, month_ordinal(context.outlook.day) - 1
    rows = [outlook.panel[key] for key in keys if key in outlook.panel]
    places = ((row.frequency, min(row.last, last_ended_ordinal(month, row.frequency))) for row in rows)
    return _end_text(latest_period(places), context.localizer)


def calls_end_text(calls: Iterable[Call], localizer: Localizer) -> str:
    """The end of the data of some calls: the latest month up to which at least half of a market's index is known."""
    return _end_text(max((call.latest for call in calls), default=""), localizer)


def latest_period(places: Iterable[tuple[Frequency, int]]) -> str:
    """The period that ends last, of frequencies and ordinals, and the shortest of those that end together; or empty."""
    rows = list(places)
    if not rows:
        return ""
    newest = max(rows, key=lambda row: (last_month_ordinal(row[1], row[0]), -_FINEST_FIRST.index(row[0])))
    return ordinal_to_period(newest[1], newest[0])


def _end_text(period: str, localizer: Localizer) -> str:
    return localizer.text("data.until", until=localizer.period_until(period)) if period else localizer.text("data.none")
