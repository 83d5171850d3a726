"""Record in real time: forecasts and calls from the figures that publishers showed then, beside those on final figures.

Each kept real vintage is an origin. Both forecasts are made by the same engine from the same span of the same series,
and both are judged on the final figures of the year that followed: only the revisions lie between them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

import numpy as np

from observatory.catalogue.models import Catalogue
from observatory.catalogue.periods import PERIODS_PER_YEAR, ordinal_to_period
from observatory.catalogue.real_vintages import RealVintage
from observatory.forecast.cross_validation import build_tasks
from observatory.forecast.panel import forecast_tasks
from observatory.outlook.calls.backtest import ReplayedCall
from observatory.outlook.calls.calls import Call, compute_calls
from observatory.outlook.calls.verdict import fit_rule
from observatory.outlook.real_time_scores import RealTimeCall, RealTimeRecord, VintageScores
from observatory.outlook.time_machine import (
    build_vintage_panel,
    find_month_end,
    select_real_vintages,
    truncate_to_month,
)
from observatory.settings import INTERVAL_LEVELS
from observatory.timeseries import Forecast, SeriesKey, TimeSeries

SCORED_LEVEL = 80  # the range of which it is counted how often it held
_LEVEL_INDEX = INTERVAL_LEVELS.index(SCORED_LEVEL)


class ForecastStep(NamedTuple):
    """Median and 80 % range of a forecast at one period."""

    median: float
    low: float
    high: float


class RealTimeOutcome(NamedTuple):
    """A period forecast from a real vintage and from final figures, and what came; all at the final figures' level.

    `first` is the value in the earliest later vintage that has the period, None where none has; `usual` is the mean
    level of the final figures in the year up to the origin, of which errors are shares.
    """

    key: SeriesKey
    day: date
    origin: str
    period: str
    step: int
    outcome: float
    first: float | None
    usual: float
    real: ForecastStep
    final: ForecastStep


def compute_real_time_record(
    catalogue: Catalogue,
    panel: Mapping[SeriesKey, TimeSeries],
    vintages: Sequence[RealVintage],
    replayed_calls: Sequence[ReplayedCall],
    day: date,
) -> RealTimeRecord:
    """The record in real time on the final figures of a panel, known on a day; some 20 seconds for the curated edition.

    Empty without real vintages.
    """
    if not vintages:
        return RealTimeRecord()
    outcomes = list_real_time_outcomes(catalogue, panel, vintages)
    calls = compute_real_time_calls(catalogue, panel, vintages, replayed_calls)
    return RealTimeRecord(day.isoformat(), score_vintages(outcomes), calls)


def list_real_time_outcomes(
    catalogue: Catalogue, panel: Mapping[SeriesKey, TimeSeries], vintages: Iterable[RealVintage]
) -> tuple[RealTimeOutcome, ...]:
    """The outcomes known today of the year after each real vintage, by day; `panel` has the final figures."""
    known = sorted((row for row in vintages if row.indicator in catalogue.indicators), key=lambda row: row.day)
    panels = [(row.day, build_vintage_panel(row)) for row in known]
    outcomes: list[RealTimeOutcome] = []
    for day, group in groupby(panels, key=lambda pair: pair[0]):
        shown = {key: history for _day, part in group for key, history in part.items()}
        later = [part for later_day, part in panels if later_day > day]
        outcomes += _list_outcomes_of_day(catalogue, panel, day, shown, later)
    return tuple(outcomes)


def _list_outcomes_of_day(
    catalogue: Catalogue,
    panel: Mapping[SeriesKey, TimeSeries],
    day: date,
    shown: Mapping[SeriesKey, TimeSeries],
    later: Sequence[Mapping[SeriesKey, TimeSeries]],
) -> Iterator[RealTimeOutcome]:
    pairs = {key: pair for key, row in shown.items() if (pair := _align(row, panel.get(key))) is not None}
    real, final = ({key: pair[side] for key, pair in pairs.items()} for side in (0, 1))
    real_forecasts, final_forecasts = (
        {row.key: row for row in forecast_tasks(build_tasks(catalogue, part), day)} for part in (real, final)
    )
    for key, past in final.items():
        has_base = catalogue.indicators[key[0]].kind == "index"
        firsts = [part[key] for part in later if key in part]
        level = _match_level(real[key], past) if has_base else 1.0
        scaled = [(row, _match_level(row, past) if has_base else 1.0) for row in firsts]
        yield from _list_outcomes_of_series(day, panel[key], (real_forecasts[key], level), final_forecasts[key], scaled)


def _align(real: TimeSeries, final: TimeSeries | None) -> tuple[TimeSeries, TimeSeries] | None:
    """Both histories over their common span, to the last real value; None where final figures end there, or before."""
    past = final.truncate(real.last) if final is not None else None
    if final is None or past is None or past.last != real.last or final.last == real.last:
        return None
    first = max(real.first, past.first)
    return _start_at(real, first), _start_at(past, first)


def _start_at(history: TimeSeries, first: int) -> TimeSeries:
    return TimeSeries(history.key, history.frequency, first, history.values[first - history.first :])


def _match_level(history: TimeSeries, final: TimeSeries) -> float:
    """The factor from the base of an index to that of the final one: over the last year that both have."""
    end = min(history.last, final.last) + 1
    first = max(history.first, final.first, end - PERIODS_PER_YEAR[final.frequency])
    one, other = (row.values[first - row.first : end - row.first] for row in (history, final))
    both = np.isfinite(one) & np.isfinite(other)
    return float(other[both].mean() / one[both].mean()) if both.any() and one[both].any() else 1.0


def _list_outcomes_of_series(
    day: date,
    whole: TimeSeries,
    real: tuple[Forecast, float],
    final: Forecast,
    firsts: Sequence[tuple[TimeSeries, float]],
) -> Iterator[RealTimeOutcome]:
    """The outcomes of one series; `real` and `firsts` come with the factors to the level of the final figures."""
    forecast, level = real
    per_year, origin = PERIODS_PER_YEAR[whole.frequency], forecast.origin
    last_year = [abs(_read_value(whole, period)) for period in range(origin - per_year + 1, origin + 1)]
    usual = float(np.nanmean(last_year))
    if not (forecast.median.size and final.median.size and usual > 0):
        return
    for step in range(1, per_year + 1):
        outcome = _read_value(whole, origin + step)
        if not np.isfinite(outcome):
            continue
        later = (_read_value(row, origin + step) * factor for row, factor in firsts)
        yield RealTimeOutcome(
            whole.key,
            day,
            ordinal_to_period(origin, whole.frequency),
            ordinal_to_period(origin + step, whole.frequency),
            step,
            outcome,
            next((value for value in later if np.isfinite(value)), None),
            usual,
            _read_step(forecast, step, level),
            _read_step(final, step, 1.0),
        )


def _read_value(history: TimeSeries, period: int) -> float:
    place = period - history.first
    return float(history.values[place]) if 0 <= place < len(history.values) else np.nan


def _read_step(forecast: Forecast, step: int, level: float) -> ForecastStep:
    figures = (forecast.median[step - 1], forecast.low[step - 1, _LEVEL_INDEX], forecast.high[step - 1, _LEVEL_INDEX])
    return ForecastStep(*(float(figure) * level for figure in figures))


def score_vintages(outcomes: Iterable[RealTimeOutcome]) -> tuple[VintageScores, ...]:
    """The scores of each real vintage that has outcomes, by indicator and day."""
    groups: dict[tuple[str, str], list[RealTimeOutcome]] = {}
    for row in outcomes:
        groups.setdefault((row.key[0], row.day.isoformat()), []).append(row)
    return tuple(_score_vintage(*name, groups[name]) for name in sorted(groups))


def _score_vintage(indicator: str, day: str, rows: Sequence[RealTimeOutcome]) -> VintageScores:
    with_first = [(row, row.first) for row in rows if row.first is not None]
    return VintageScores(
        indicator,
        day,
        len(rows),
        sum(abs(row.real.median - row.outcome) / row.usual for row in rows),
        sum(abs(row.final.median - row.outcome) / row.usual for row in rows),
        sum(row.real.low <= row.outcome <= row.real.high for row in rows),
        sum(row.final.low <= row.outcome <= row.final.high for row in rows),
        len(with_first),
        sum(abs(row.real.median - first) / row.usual for row, first in with_first),
        sum(abs(row.real.median - row.outcome) / row.usual for row, _first in with_first),
    )


def compute_real_time_calls(
    catalogue: Catalogue,
    panel: Mapping[SeriesKey, TimeSeries],
    vintages: Sequence[RealVintage],
    replayed_calls: Sequence[ReplayedCall],
) -> tuple[RealTimeCall, ...]:
    """Each judged call of the backtest whose market had a real vintage in its call, made again with the vintages."""
    judged = [row for row in replayed_calls if row.is_scored]
    calls: list[RealTimeCall] = []
    for month in sorted({row.origin for row in judged}):
        day = find_month_end(month)
        known = [row for row in vintages if row.day <= day]
        past_catalogue, past_panel = truncate_to_month(catalogue, panel, month) if known else (catalogue, {})
        chosen = select_real_vintages(known, past_catalogue, past_panel, day) if known else ()
        indicators = [past_catalogue.indicators[row.indicator] for row in chosen]
        markets = {row.segment for row in indicators if row.in_call}
        wanted = {(row.segment, row.horizon): row for row in judged if row.origin == month and row.segment in markets}
        if wanted:
            real_panel = {key: row for vintage in chosen for key, row in build_vintage_panel(vintage).items()}
            made = compute_calls(fit_rule(past_catalogue, past_panel | real_panel, day), day)
            calls += [_pair_call(row, wanted[name]) for row in made if (name := (row.segment, row.horizon)) in wanted]
    return tuple(calls)


def _pair_call(call: Call, replayed: ReplayedCall) -> RealTimeCall:
    return RealTimeCall(
        call.segment,
        replayed.origin,
        call.horizon,
        call.call,
        call.probability if call.probability is not None else replayed.pooled,
        call.growth,
        replayed.call,
        replayed.chance,
        replayed.growth,
        replayed.grew if replayed.grew is not None else np.nan,
    )
