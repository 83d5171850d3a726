"""What our engine would have said on the day of another's forecast, from what was out by then."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from observatory.catalogue.external_forecasts import ExternalForecast
from observatory.catalogue.models import Catalogue
from observatory.catalogue.periods import FREQUENCIES, MONTHS_PER_PERIOD, last_ended_ordinal, last_month_ordinal
from observatory.catalogue.real_vintages import RealVintage, find_real_vintage
from observatory.forecast.cross_validation import build_tasks
from observatory.forecast.panel import find_skip_status, forecast_group
from observatory.memo import digest_content, remember
from observatory.outlook.external.outcomes import RATE_MEASURES, Panel, measure_span
from observatory.settings import INTERVAL_LEVELS
from observatory.timeseries import FloatArray, Forecast, SeriesKey, StoredObservation, TimeSeries, build_panel

_LEVEL = 80  # of the range


@dataclass(frozen=True)
class OwnForecast:
    """Our figure for the target of another's forecast, with its 80 % range, in the unit of that forecast.

    `known_month` is the last month of its series that it knew (ordinal).
    """

    value: float
    low: float | None
    high: float | None
    known_month: int


def forecast_targets(
    rows: Sequence[ExternalForecast], panel: Panel, catalogue: Catalogue, vintages: Sequence[RealVintage] = ()
) -> dict[int, OwnForecast]:
    """Our forecast by the line of each row that it can be made for: its series is known and so is its month.

    Nothing published after the month before the publication is used, so we never know more than its author did.
    """
    cuts: dict[int, list[TimeSeries]] = {}
    for row in rows:
        histories = _cut_histories(row, panel, catalogue, vintages)
        if histories:
            cuts[row.line] = histories
    forecasts = _forecast_histories([one for histories in cuts.values() for one in histories], catalogue)
    own = {}
    for row in rows:
        histories = cuts.get(row.line, [])
        shown = [forecasts.get((one.key, one.last)) for one in histories]
        known = [one for one in shown if one is not None]
        if known and len(known) == len(histories):
            result = measure_target(row, histories, known, catalogue)
            if result is not None:
                own[row.line] = result
    return own


def _cut_histories(
    row: ExternalForecast, panel: Panel, catalogue: Catalogue, vintages: Sequence[RealVintage]
) -> list[TimeSeries]:
    """The series of a forecast as known when it was published; empty where one had not begun, or the day is unknown."""
    if row.known_month is None:
        return []
    histories = []
    for key in row.series:
        history = panel.get(key)
        lag = catalogue.indicators[key[0]].publication_lag_months
        past = history and history.truncate(last_ended_ordinal(row.known_month - lag, history.frequency))
        if past:
            histories.append(_prefer_real_vintage(past, row.known_month, vintages))
    return histories if len(histories) == len(row.series) else []


def _prefer_real_vintage(past: TimeSeries, month: int, vintages: Sequence[RealVintage]) -> TimeSeries:
    """A history as its publisher showed it at the end of a month, if such a vintage reaches as far."""
    day = date.fromordinal(date((month + 1) // 12, (month + 1) % 12 + 1, 1).toordinal() - 1)
    vintage = find_real_vintage(vintages, past.key[0], day)
    shown = build_panel(StoredObservation(vintage.indicator, *one) for one in vintage.rows) if vintage else {}
    real = shown.get(past.key)
    return real if real is not None and real.last >= past.last else past


def _forecast_histories(histories: Iterable[TimeSeries], catalogue: Catalogue) -> dict[tuple[SeriesKey, int], Forecast]:
    """The forecast of each history by its key and last period; none of those too short or too old."""
    unique: dict[SeriesKey, TimeSeries] = {}
    for history in histories:
        name = (history.key[0], history.key[1], f"{history.key[2]}@{history.last}")  # one series, many origins
        unique.setdefault(name, replace(history, key=name))
    tasks = []
    for task in build_tasks(catalogue, unique):
        month = last_month_ordinal(task.history.last, task.history.frequency) + task.publication_lag_months
        if find_skip_status(task, date(month // 12, month % 12 + 1, 1)) is None:
            tasks.append(task)
    results = {}
    for frequency in FREQUENCIES:
        group = [task for task in tasks if task.history.frequency == frequency]
        for forecast in forecast_group(group, frequency) if group else ():
            item, _at, _origin = forecast.key[2].rpartition("@")
            results[((forecast.key[0], forecast.key[1], item), forecast.origin)] = forecast
    return results


def _pack_target(
    row: ExternalForecast, histories: Sequence[TimeSeries], forecasts: Sequence[Forecast], catalogue: Catalogue
) -> bytes:
    return digest_content(row, histories, forecasts, [catalogue.indicators[one.key[0]].kind for one in histories])


@remember(size=4096, pack=_pack_target)  # the forecasts of others on a few panels
def measure_target(
    row: ExternalForecast, histories: Sequence[TimeSeries], forecasts: Sequence[Forecast], catalogue: Catalogue
) -> OwnForecast | None:
    """Forecasts of some series as a figure for the target of a row: known periods stand, those ahead at the median.

    Limits are those of the periods of the target, all at once, and so a little wide where it has several. None where
    the forecasts do not reach so far.
    """
    level = INTERVAL_LEVELS.index(_LEVEL)

    def measure(paths: Sequence[FloatArray]) -> float | None:
        extended = {
            history.key: _extend(history, forecast.median, path, row.target_span[0])
            for history, forecast, path in zip(histories, forecasts, paths, strict=True)
        }
        value = measure_span(row, row.target_span, extended, catalogue)
        return value if value is None or row.measure in RATE_MEASURES else value / row.scale

    value = measure([one.median for one in forecasts])
    if value is None:
        return None
    low, high = measure([one.low[:, level] for one in forecasts]), measure([one.high[:, level] for one in forecasts])
    return OwnForecast(value, low, high, min(last_month_ordinal(one.last, one.frequency) for one in histories))


def _extend(history: TimeSeries, median: FloatArray, limit: FloatArray, first_month: int) -> TimeSeries:
    """A history followed by its median path, from the month on in which a target begins by a limit of its range."""
    months = last_month_ordinal(history.last, history.frequency) + MONTHS_PER_PERIOD[history.frequency] * np.arange(
        1, len(median) + 1
    )
    return replace(history, values=np.concatenate([history.values, np.where(months < first_month, median, limit)]))
