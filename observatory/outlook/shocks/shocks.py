"""Past shocks replayed: how deep each market fell in 2001, 2008-09 and 2020, how long it fell and took back.

An analogy, not a forecast: nothing here says how likely another shock is, nor that it would be alike.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from observatory.catalogue.models import Catalogue, Event, Indicator
from observatory.catalogue.periods import MONTHS_PER_PERIOD, month_ordinal, ordinal_to_period
from observatory.memo import remember
from observatory.outlook.calls.signals import select_call_series
from observatory.outlook.shocks.paths import MIN_SERIES, TROUGH_SEARCH_MONTHS, build_shock_path
from observatory.settings import CALL_THRESHOLDS
from observatory.timeseries import FloatArray, SeriesKey, TimeSeries, compute_yearly_levels

_FIRST_SHOCK_YEAR = 2000  # earlier named shocks are covered by too few series
_ROLES = ("market", "activity")
_AMOUNT_KINDS = ("flow", "stock", "index")  # a rate or a ratio is no amount of business
_PEAK_SEARCH_MONTHS = 12  # months before the start in which the level to fall from is sought
_PATH_YEARS = 5
_FIRST_CALM_YEAR = 1960


@dataclass(frozen=True)
class _SeriesDrawdown:
    """Drawdown of one series in one shock: shares and months, None where it did not fall or has not recovered."""

    indicator: str
    peak: str
    depth: float  # share of the peak lost at the trough, zero if nothing was lost
    trough_months: int | None
    back_months: int | None  # from the trough until the level of the peak is seen again
    seen_months: int | None  # from the trough to the last figure, or until it is back
    path: tuple[float | None, ...]  # level / peak after 0, 1, ... years


def compute_shocks(catalogue: Catalogue, panel: Mapping[SeriesKey, TimeSeries]) -> dict[str, Any]:
    """For each named shock, oldest first: its dates and what each market did then, as plain JSON values.

    `segments[name]` has the medians over `count` series (one a family): `depth`, `trough_months` and `back_months` of
    the `fell` series that lost more than the flat band (None where too few are back to tell), `path`, `course` (see
    paths.py), and the series themselves. Medians are None with fewer than two series; a market without any is absent.
    """
    events, calm_months = list_named_shocks(catalogue), list_calm_months(catalogue)
    starts = [month_ordinal(event.start) for event in events]
    markets = {
        name: _study_market(_select_series(catalogue, panel, name), starts, calm_months) for name in catalogue.markets
    }
    shocks = [
        {
            "start": event.start.isoformat(),
            "end": event.end.isoformat() if event.end else "",
            "segments": {name: row for name, (rows, _calm) in markets.items() if (row := rows[place]) is not None},
        }
        for place, event in enumerate(events)
    ]
    calm = {name: row for name, (_rows, row) in markets.items()}
    return {
        "shocks": shocks,
        "calm": {name: row for name, row in calm.items() if row is not None},
        "falling_months": TROUGH_SEARCH_MONTHS,
        "fewest_series": MIN_SERIES,
    }


def list_named_shocks(catalogue: Catalogue) -> list[Event]:
    """The shocks that have a short name, those shaded behind charts, since 2000, oldest first."""
    chosen = [event for event in catalogue.events if event.short_fr and event.start.year >= _FIRST_SHOCK_YEAR]
    return sorted(chosen, key=lambda event: event.start)


def list_calm_months(catalogue: Catalogue) -> list[int]:
    """Every January since 1960 around which, from a year before to three years after, there was no named shock."""
    busy = [
        (month_ordinal(event.start), month_ordinal(event.end) if event.end else month_ordinal(event.start))
        for event in catalogue.events
        if event.short_fr
    ]
    last = month_ordinal(catalogue.edition.at.date()) - TROUGH_SEARCH_MONTHS
    return [
        start
        for start in range(_FIRST_CALM_YEAR * 12, last + 1, 12)
        if all(start + TROUGH_SEARCH_MONTHS < begin or start - _PEAK_SEARCH_MONTHS > end for begin, end in busy)
    ]


@remember(size=64)  # the markets of a few panels
def _study_market(
    chosen: list[tuple[Indicator, TimeSeries]], starts: list[int], calm_months: list[int]
) -> tuple[list[dict[str, Any] | None], dict[str, Any] | None]:
    """What a market did after each of some months (None where no series covers it), and where no shock began."""
    rows: list[dict[str, Any] | None] = []
    for start in starts:
        falls = _measure_drawdowns(chosen, start)
        used = {fall.indicator for fall in falls}
        path = build_shock_path([pair for pair in chosen if pair[0].id in used], start) if falls else None
        rows.append({**_summarize_drawdowns(falls), "course": path} if falls else None)
    return rows, _summarize_calm(chosen, calm_months)


def _summarize_calm(chosen: list[tuple[Indicator, TimeSeries]], starts: list[int]) -> dict[str, Any] | None:
    """What the same computation finds where no shock began: the ordinary ups and downs of a market."""
    depths = [
        _median([fall.depth for fall in falls])
        for start in starts
        if len(falls := _measure_drawdowns(chosen, start)) >= MIN_SERIES
    ]
    return {"depth": _median(depths), "starts": len(depths)} if depths else None


def _select_series(
    catalogue: Catalogue, panel: Mapping[SeriesKey, TimeSeries], segment: str
) -> list[tuple[Indicator, TimeSeries]]:
    """The candidates of a market, the finest calendar first, since it dates a trough best; then in catalogue order."""
    chosen = [
        (row, history)
        for row, history in select_call_series(catalogue.indicators_of_segment(segment), panel)
        if row.role in _ROLES and row.kind in _AMOUNT_KINDS
    ]
    return sorted(chosen, key=lambda pair: MONTHS_PER_PERIOD[pair[0].frequency])


def _measure_drawdowns(candidates: list[tuple[Indicator, TimeSeries]], start: int) -> list[_SeriesDrawdown]:
    """What the series of a market did; the same quantity twice (one family, or the very same fall) counts once."""
    families: dict[str, _SeriesDrawdown] = {}
    for row, history in candidates:
        if row.family not in families and (fall := _measure_drawdown(row, history, start)) is not None:
            families[row.family] = fall
    unique = {(fall.peak, fall.depth, fall.path): fall for fall in reversed(families.values())}
    return list(reversed(unique.values()))


def _measure_drawdown(row: Indicator, history: TimeSeries, start: int) -> _SeriesDrawdown | None:
    """What a series did after a month, on its yearly levels; None unless it covers the shock that began then.

    It does with a positive level in the year up to the month of the start, and with one each of the three years after
    that peak, inside which the trough is sought.
    """
    first, levels = compute_yearly_levels(history, row.kind)
    start -= first
    if start - _PEAK_SEARCH_MONTHS < 0 or start >= len(levels):
        return None
    before = levels[start - _PEAK_SEARCH_MONTHS : start + 1]
    if not np.isfinite(before).any():
        return None
    peak = (
        start - _PEAK_SEARCH_MONTHS + len(before) - 1 - int(np.nanargmax(before[::-1]))
    )  # the later one of equal peaks
    top = float(levels[peak])
    path = [_level_at(levels, peak + 12 * year) / top if top else np.nan for year in range(_PATH_YEARS + 1)]
    if top <= 0 or not np.isfinite(path[: TROUGH_SEARCH_MONTHS // 12 + 1]).all():
        return None
    fallen = levels[peak : start + TROUGH_SEARCH_MONTHS + 1]
    trough = int(np.nanargmin(fallen))
    depth = max(1 - float(fallen[trough]) / top, 0.0)
    back = np.flatnonzero(levels[peak + trough :] >= top)
    fell = depth > CALL_THRESHOLDS.flat_band
    return _SeriesDrawdown(
        row.id,
        ordinal_to_period(first + peak, "M"),
        depth,
        trough if fell else None,
        int(back[0]) if fell and back.size else None,
        int(back[0] if back.size else _last_known_place(levels) - peak - trough) if fell else None,
        tuple(float(value) if np.isfinite(value) else None for value in path),
    )


def _last_known_place(levels: FloatArray) -> int:
    return int(np.flatnonzero(np.isfinite(levels))[-1])


def _level_at(levels: FloatArray, place: int) -> float:
    return float(levels[place]) if place < len(levels) else float("nan")


def _summarize_drawdowns(drawdowns: list[_SeriesDrawdown]) -> dict[str, Any]:
    fell = [fall for fall in drawdowns if fall.trough_months is not None]
    enough = len(drawdowns) >= MIN_SERIES
    return {
        "count": len(drawdowns),
        "fell": len(fell),
        "back": sum(fall.back_months is not None for fall in fell),
        "depth": _median([fall.depth for fall in drawdowns]) if enough else None,
        "trough_months": _median([fall.trough_months for fall in fell]) if enough else None,
        "back_months": _median_recovery(fell) if enough else None,
        "path": [_median_level(drawdowns, year) if enough else None for year in range(_PATH_YEARS + 1)],
        "series": [asdict(fall) | {"path": list(fall.path)} for fall in drawdowns],
    }


def _median_level(drawdowns: list[_SeriesDrawdown], year: int) -> float | None:
    """The median of the series that are known so many years after their peak, if they are two at least."""
    levels = [value for fall in drawdowns if (value := fall.path[year]) is not None]
    return _median(levels) if len(levels) >= MIN_SERIES else None


def _median(values: list[Any]) -> float | None:
    return float(np.median(values)) if values else None


def _median_recovery(fell: list[_SeriesDrawdown]) -> float | None:
    """After how many months half of the series are back, those that are not being counted for as long as they are seen.

    The estimate of Kaplan and Meier (1958); None if half of them never are within what is seen.
    """
    times = sorted({fall.back_months for fall in fell if fall.back_months is not None})
    away = 1.0
    for months, following in zip(times, [*times[1:], None], strict=False):
        watched = sum((fall.seen_months or 0) >= months for fall in fell)
        away *= 1 - sum(fall.back_months == months for fall in fell) / watched
        if abs(away - 0.5) < 1e-9:
            return (months + following) / 2 if following is not None else None
        if away < 0.5:
            return float(months)
    return None
