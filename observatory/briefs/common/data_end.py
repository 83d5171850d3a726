"""Age of data: the last period of the figures that a page shows."""

from collections.abc import Iterable

from observatory.briefs.common.context import Context
from observatory.catalogue.periods import last_month_ordinal, ordinal_to_period
from observatory.language import Localizer
from observatory.outlook.calls.calls import Call
from observatory.timeseries import SeriesKey

_FINEST_FIRST = "MQA"


def series_end_text(context: Context, keys: Iterable[SeriesKey]) -> str:
    """The end of some series: data up to August 2026. A revised figure does not move it.

    It is the latest period of all; of periods that end together the shortest.
    """
    rows = [context.outlook.panel[key] for key in keys if key in context.outlook.panel]
    if not rows:
        return context.localizer.text("data.none")
    newest = max(
        rows, key=lambda row: (last_month_ordinal(row.last, row.frequency), -_FINEST_FIRST.index(row.frequency))
    )
    return _end_text(ordinal_to_period(newest.last, newest.frequency), context.localizer)


def calls_end_text(calls: Iterable[Call], localizer: Localizer) -> str:
    """The end of the data of some calls: the latest month up to which at least half of a market's index is known."""
    return _end_text(max((call.latest for call in calls), default=""), localizer)


def _end_text(period: str, localizer: Localizer) -> str:
    return localizer.text("data.until", until=localizer.period_until(period)) if period else localizer.text("data.none")
