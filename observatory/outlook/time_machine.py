"""The time machine: the observatory as it would have stood at the end of a past month, before it opened.

A series has the figures that its publisher showed then, where such a real vintage is kept; elsewhere those of the first
edition, cut at its publication lag. The page says which.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time

from observatory.catalogue.external_forecasts import ExternalForecasts
from observatory.catalogue.models import Catalogue
from observatory.catalogue.periods import last_ended_ordinal
from observatory.catalogue.real_vintages import RealVintage, find_real_vintage
from observatory.outlook.build import Evidence, build_outlook
from observatory.outlook.outlook import Outlook
from observatory.timeseries import SeriesKey, StoredObservation, TimeSeries, build_panel

EARLIEST_MONTH = 1990 * 12  # month; earlier, too few series had begun


def reconstruct_outlook(outlook: Outlook, month: int, vintages: Sequence[RealVintage] = ()) -> Outlook:
    """An outlook as it would have been at the end of a month (ordinal), with what followed.

    Its edition is minus its month: no vintage has such a number.
    """
    catalogue, panel = truncate_to_month(outlook.catalogue, outlook.panel, month)
    day = find_month_end(month)
    chosen = select_real_vintages(vintages, catalogue, panel, day)
    real_panel = {key: row for vintage in chosen for key, row in build_vintage_panel(vintage).items()}
    later_panel = {key: _rebase(row, real_panel.get(key), catalogue) for key, row in outlook.panel.items()}
    rebuilt = build_outlook(
        Evidence(catalogue, panel | real_panel),
        edition=-month,
        published_at=datetime.combine(day, time(23, 59), UTC),
        later_panel=later_panel,
    )
    return replace(rebuilt, real_vintage_days={row.indicator: row.day for row in chosen})


def find_month_end(month: int) -> date:
    """The last day of a month (ordinal)."""
    return date.fromordinal(date(month // 12 + (month % 12 == 11), (month + 1) % 12 + 1, 1).toordinal() - 1)


def select_real_vintages(
    vintages: Sequence[RealVintage], catalogue: Catalogue, panel: Mapping[SeriesKey, TimeSeries], day: date
) -> tuple[RealVintage, ...]:
    """The real vintage of each indicator on a day, if it reaches as far as the figures known by then (`panel`)."""
    chosen = []
    for name, row in catalogue.indicators.items():
        vintage = find_real_vintage(vintages, name, day)
        headline = (name, row.headline_geo, row.headline_item)
        history = build_vintage_panel(vintage).get(headline) if vintage is not None else None
        if vintage is not None and history is not None and history.last >= panel[headline].last:
            chosen.append(vintage)
    return tuple(chosen)


def build_vintage_panel(vintage: RealVintage) -> dict[SeriesKey, TimeSeries]:
    """The series of a real vintage."""
    return build_panel(StoredObservation(vintage.indicator, *row) for row in vintage.rows)


def _rebase(later: TimeSeries, real: TimeSeries | None, catalogue: Catalogue) -> TimeSeries:
    """The figures that followed; those of an index at the level of its real vintage, whose base may be another one."""
    if real is None or catalogue.indicators[later.key[0]].kind != "index":
        return later
    shared = later.truncate(real.last)
    if shared is None or shared.last != real.last:
        return later  # nothing followed: the real vintage goes on for longer
    return replace(later, values=later.values * (real.values[-1] / shared.values[-1]))


def truncate_to_month(
    catalogue: Catalogue, panel: Mapping[SeriesKey, TimeSeries], month: int
) -> tuple[Catalogue, dict[SeriesKey, TimeSeries]]:
    """What was published by the end of a month: series cut at their lag, indicators whose headline had begun.

    Forecasts of others are left out: their record would be that of a later day.
    """
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
        replace(catalogue, indicators=indicators, external_forecasts=ExternalForecasts()),
        {key: row for key, row in published.items() if key[0] in indicators},
    )
