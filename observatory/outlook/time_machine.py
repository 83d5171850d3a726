"""The time machine: the observatory as it would have stood at the end of a past month, before it opened.

Figures are those of today, each series cut at its own publication lag; revisions are ignored, and the page says so.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time

from observatory.catalogue.models import Catalogue
from observatory.catalogue.periods import last_ended_ordinal
from observatory.outlook.build import build_outlook
from observatory.outlook.outlook import Outlook
from observatory.timeseries import SeriesKey, TimeSeries

EARLIEST_MONTH = 1990 * 12  # month; earlier, too few series had begun


def reconstruct_outlook(outlook: Outlook, month: int) -> Outlook:
    """An outlook as it would have been at the end of a month (ordinal), with what followed.

    Its edition is minus its month: no vintage has such a number.
    """
    catalogue, panel = truncate_to_month(outlook.catalogue, outlook.panel, month)
    day = date.fromordinal(date(month // 12 + (month % 12 == 11), (month + 1) % 12 + 1, 1).toordinal() - 1)
    return build_outlook(
        catalogue,
        panel,
        edition=-month,
        published_at=datetime.combine(day, time(23, 59), UTC),
        later_panel=outlook.panel,
    )


def truncate_to_month(
    catalogue: Catalogue, panel: Mapping[SeriesKey, TimeSeries], month: int
) -> tuple[Catalogue, dict[SeriesKey, TimeSeries]]:
    """What was published by the end of a month: series cut at their lag, indicators whose headline had begun."""
    published: dict[SeriesKey, TimeSeries] = {}
    for key, history in panel.items():
        until = last_ended_ordinal(month - catalogue.indicators[key[0]].publication_lag_months, history.frequency)
        past = history.truncate(until)
        if past is not None:
            published[key] = past
    indicators = {
        name: row
        for name, row in catalogue.indicators.items()
        if (name, row.headline_geo, row.headline_item) in published
    }
    return (
        replace(catalogue, indicators=indicators),
        {key: row for key, row in published.items() if key[0] in indicators},
    )
