"""Past shocks replayed: how deep each market fell in 2001, 2008-09 and 2020, how long it fell and took back.

An analogy, not a forecast: nothing here says how likely another shock is, nor that it would be alike.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from observatory.catalogue.models import Catalogue, Event, Indicator
from observatory.catalogue.periods import MONTHS, month_of, period
from observatory.outlook.calls.signals import counted
from observatory.outlook.shocks.paths import FALLING, FEWEST_SERIES, course
from observatory.settings import CALLING
from observatory.timeseries import Floats, History, Key, yearly

SINCE = 2000  # earlier named shocks are covered by too few series
ROLES = ("market", "activity")
AMOUNTS = ("flow", "stock", "index")  # a rate or a ratio is no amount of business
BEFORE = 12  # months before the start in which the level to fall from is sought
PATH_YEARS = 5
FIRST_QUIET = 1960


@dataclass(frozen=True)
class Fall:
    """What one series did in one shock: plain shares and months, None where it did not fall or is not back yet."""

    indicator: str
    peak: str
    depth: float  # share of the peak lost at the trough, zero if nothing was lost
    trough_months: int | None
    back_months: int | None  # from the trough until the level of the peak is seen again
    seen_months: int | None  # from the trough to the last figure, or until it is back
    path: tuple[float | None, ...]  # level / peak after 0, 1, ... years


def shocks(catalogue: Catalogue, panel: Mapping[Key, History]) -> dict[str, Any]:
    """For each named shock, oldest first: its dates and what each market did then, as plain JSON values.

    `segments[name]` has the medians over `count` series (one a family): `depth`, `trough_months` and `back_months` of
    the `fell` series that lost more than the flat band (None where too few are back to tell), `path`, `course` (see
    courses.py), and the series themselves. Medians are None with fewer than two series; a market without any is absent.
    """
    rows = {name: _candidates(catalogue, panel, name) for name in catalogue.markets}
    found = []
    for event in named(catalogue):
        falls = {name: _falls(chosen, month_of(event.start)) for name, chosen in rows.items()}
        segments = {name: _summary(group) for name, group in falls.items() if group}
        for name, row in segments.items():
            used = {fall.indicator for fall in falls[name]}
            row["course"] = course([pair for pair in rows[name] if pair[0].id in used], month_of(event.start))
        end = event.end.isoformat() if event.end else ""
        found.append({"start": event.start.isoformat(), "end": end, "segments": segments})
    calm = {name: _calm(chosen, quiet(catalogue)) for name, chosen in rows.items()}
    return {
        "shocks": found,
        "calm": {name: row for name, row in calm.items() if row is not None},
        "falling_months": FALLING,
        "fewest_series": FEWEST_SERIES,
    }


def named(catalogue: Catalogue) -> list[Event]:
    """The shocks that have a short name, those shaded behind charts, since 2000, oldest first."""
    chosen = [event for event in catalogue.events if event.short_fr and event.start.year >= SINCE]
    return sorted(chosen, key=lambda event: event.start)


def quiet(catalogue: Catalogue) -> list[int]:
    """Every January since 1960 around which, from a year before to three years after, there was no named shock."""
    busy = [
        (month_of(event.start), month_of(event.end) if event.end else month_of(event.start))
        for event in catalogue.events
        if event.short_fr
    ]
    last = month_of(catalogue.edition.at.date()) - FALLING
    return [
        start
        for start in range(FIRST_QUIET * 12, last + 1, 12)
        if all(start + FALLING < begin or start - BEFORE > end for begin, end in busy)
    ]


def _calm(chosen: list[tuple[Indicator, History]], starts: list[int]) -> dict[str, Any] | None:
    """What the same computation finds where no shock began: the ordinary ups and downs of a market."""
    depths = [
        _median([fall.depth for fall in falls])
        for start in starts
        if len(falls := _falls(chosen, start)) >= FEWEST_SERIES
    ]
    return {"depth": _median(depths), "starts": len(depths)} if depths else None


def _candidates(catalogue: Catalogue, panel: Mapping[Key, History], segment: str) -> list[tuple[Indicator, History]]:
    """The candidates of a market, the finest calendar first, since it dates a trough best; then in catalogue order."""
    chosen = [
        (row, history)
        for row, history in counted(catalogue.of_segment(segment), panel)
        if row.role in ROLES and row.kind in AMOUNTS
    ]
    return sorted(chosen, key=lambda pair: MONTHS[pair[0].frequency])


def _falls(chosen: list[tuple[Indicator, History]], start: int) -> list[Fall]:
    """What the series of a market did; the same quantity twice (one family, or the very same fall) counts once."""
    families: dict[str, Fall] = {}
    for row, history in chosen:
        if row.family not in families and (fall := fall_of(row, history, start)) is not None:
            families[row.family] = fall
    unique = {(fall.peak, fall.depth, fall.path): fall for fall in reversed(families.values())}
    return list(reversed(unique.values()))


def fall_of(row: Indicator, history: History, start: int) -> Fall | None:
    """What a series did after a month, on its yearly levels; None unless it covers the shock that began then.

    It does with a positive level in the year up to the month of the start, and with one each of the three years after
    that peak, inside which the trough is sought.
    """
    first, levels = yearly(history, row.kind)
    start -= first
    if start - BEFORE < 0 or start >= len(levels):
        return None
    before = levels[start - BEFORE : start + 1]
    if not np.isfinite(before).any():
        return None
    peak = start - BEFORE + len(before) - 1 - int(np.nanargmax(before[::-1]))  # the later one of equal peaks
    top = float(levels[peak])
    path = [_at(levels, peak + 12 * year) / top if top else np.nan for year in range(PATH_YEARS + 1)]
    if top <= 0 or not np.isfinite(path[: FALLING // 12 + 1]).all():
        return None
    fallen = levels[peak : start + FALLING + 1]
    trough = int(np.nanargmin(fallen))
    depth = max(1 - float(fallen[trough]) / top, 0.0)
    back = np.flatnonzero(levels[peak + trough :] >= top)
    fell = depth > CALLING.flat_band
    return Fall(
        row.id,
        period(first + peak, "M"),
        depth,
        trough if fell else None,
        int(back[0]) if fell and back.size else None,
        int(back[0] if back.size else _last(levels) - peak - trough) if fell else None,
        tuple(float(value) if np.isfinite(value) else None for value in path),
    )


def _last(levels: Floats) -> int:
    return int(np.flatnonzero(np.isfinite(levels))[-1])


def _at(levels: Floats, place: int) -> float:
    return float(levels[place]) if place < len(levels) else float("nan")


def _summary(falls: list[Fall]) -> dict[str, Any]:
    fell = [fall for fall in falls if fall.trough_months is not None]
    enough = len(falls) >= FEWEST_SERIES
    return {
        "count": len(falls),
        "fell": len(fell),
        "back": sum(fall.back_months is not None for fall in fell),
        "depth": _median([fall.depth for fall in falls]) if enough else None,
        "trough_months": _median([fall.trough_months for fall in fell]) if enough else None,
        "back_months": _half_back(fell) if enough else None,
        "path": [_path(falls, year) if enough else None for year in range(PATH_YEARS + 1)],
        "series": [asdict(fall) | {"path": list(fall.path)} for fall in falls],
    }


def _path(falls: list[Fall], year: int) -> float | None:
    """The median of the series that are known so many years after their peak, if they are two at least."""
    known = [value for fall in falls if (value := fall.path[year]) is not None]
    return _median(known) if len(known) >= FEWEST_SERIES else None


def _median(values: list[Any]) -> float | None:
    return float(np.median(values)) if values else None


def _half_back(fell: list[Fall]) -> float | None:
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
