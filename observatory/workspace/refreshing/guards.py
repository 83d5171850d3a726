"""Guards: signs that collected figures are not what they were, so that an analyst looks at them first."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from observatory.catalogue.periods import PERIODS_PER_YEAR, ordinal_to_period
from observatory.catalogue.recipes import RefreshRecipe
from observatory.store.refreshes import Reason
from observatory.workspace.refreshing.comparison import Comparison, SeriesComparison, ValuesByOrdinal

_MAX_STEPS = 8.0  # times the usual step; of 21,880 steps in the past of collected series 107 were larger
_MIN_STEP = 0.10  # of the value before: smaller steps are never held, however calm the series
_MIN_KNOWN = 12  # values that a usual step is computed from
_RECENT_YEARS = {"M": 5, "Q": 5, "A": 10}
# Real vintages: Census M3 up to 4.5 %, Federal Reserve G.17 9.1 %, INSEE without a new base 6.4 %, ECB 0.6 %.
_MAX_REVISION = 0.10
_COUNTING_RULES = ("count_rows", "sum_of_rows", "zero_filled")  # small numbers: one event more is a large share
_MAX_COUNT_REVISION_STEPS = 2.0  # usual steps by which a count, or a balance, may be revised
# A new base multiplies all of the past by one factor. Real ones: at least 73 % of the values within 0.5 % of it.
_MIN_REBASED_SHARE = 0.6
_REBASE_SPREAD = 0.005
_MIN_REBASE = 0.01

FloatArray = NDArray[np.float64]
_Guard = Callable[[SeriesComparison, RefreshRecipe], Reason | None]


def find_hold_reason(comparison: Comparison, recipe: RefreshRecipe) -> Reason | None:
    """Why the figures of an indicator are to be looked at before they are published; None if they need not be."""
    for guard in _GUARDS:
        for row in comparison.series:
            if row.published and (reason := guard(row, recipe)) is not None:
                return reason
    return None


def _find_earlier_end(row: SeriesComparison, _recipe: RefreshRecipe) -> Reason | None:
    """The last period moves back."""
    last = max(row.published)
    if last not in row.missing or (row.collected and max(row.collected) > last):
        return None
    seen = ordinal_to_period(max(row.collected), row.frequency) if row.collected else "-"
    return _build_reason("earlier_end", row, wanted=ordinal_to_period(last, row.frequency), seen=seen)


def _find_missing(row: SeriesComparison, _recipe: RefreshRecipe) -> Reason | None:
    """Fewer periods than published."""
    if not row.missing:
        return None
    first, last = (ordinal_to_period(place, row.frequency) for place in (row.missing[0], row.missing[-1]))
    return _build_reason("missing", row, count=len(row.missing), first=first, last=last)


def _find_sign(row: SeriesComparison, _recipe: RefreshRecipe) -> Reason | None:
    """A value on the other side of zero, in a series that has been on one side alone."""
    values = np.array(list(row.published.values()))
    for sign in (1, -1):
        if (sign * values > 0).any() and not (sign * values < 0).any():
            for place, value in sorted({**row.added, **row.revised}.items()):
                if sign * value < 0:
                    return _build_reason("sign", row, period=ordinal_to_period(place, row.frequency), value=value)
    return None


def _find_rebase(row: SeriesComparison, _recipe: RefreshRecipe) -> Reason | None:
    """Most of the past multiplied by one factor: another base, or another unit."""
    old, new = _pair_values(row)
    if len(old) < _MIN_KNOWN:
        return None
    ratios = new / old
    factor = float(np.median(ratios))
    share = float(np.mean(np.abs(ratios / factor - 1) <= _REBASE_SPREAD)) if factor else 0.0
    if abs(factor - 1) < _MIN_REBASE or share < _MIN_REBASED_SHARE:
        return None
    return _build_reason("rebase", row, factor=round(factor, 4))


def _find_step(row: SeriesComparison, recipe: RefreshRecipe) -> Reason | None:
    """A new value that is further from the one before than such values have been.

    A count that returns from a peak (50 satellites on one rocket) to what it has been before is none.
    """
    if len(row.published) < _MIN_KNOWN:
        return None
    known = {**row.published, **row.collected}
    is_positive = all(value > 0 for value in known.values())
    usual = _compute_usual_step(row, np.array)
    usual_log = _compute_usual_step(row, np.log) if is_positive else 0.0
    places = sorted(known)
    low, high = min(row.published.values()), max(row.published.values())
    for before, after in pairwise(places):
        is_usual = recipe.rule in _COUNTING_RULES and low <= known[after] <= high
        if after not in row.added or after < min(row.published) or is_usual:
            continue
        step = abs(known[after] - known[before])
        is_large = step > _MAX_STEPS * usual and step > _MIN_STEP * abs(known[before])
        if is_large and is_positive:
            is_large = abs(np.log(known[after] / known[before])) > _MAX_STEPS * usual_log
        if is_large:
            period = ordinal_to_period(after, row.frequency)
            return _build_reason("step", row, period=period, old=known[before], new=known[after])
    return None


def _find_revision(row: SeriesComparison, recipe: RefreshRecipe) -> Reason | None:
    """A value that is revised by more than publishers do."""
    values = np.array(list(row.published.values()))
    is_small = recipe.rule in _COUNTING_RULES or not (values > 0).all()
    allowance = _MAX_COUNT_REVISION_STEPS * _compute_usual_step(row, np.array) if is_small else 0.0
    largest = max(
        row.revised.items(),
        key=lambda pair: abs(pair[1] - row.published[pair[0]]) / (abs(row.published[pair[0]]) or 1.0),
        default=None,
    )
    for place, value in (largest,) if largest and not is_small else sorted(row.revised.items()):
        old = row.published[place]
        if abs(value - old) > max(_MAX_REVISION * abs(old), allowance):
            return _build_reason("revision", row, period=ordinal_to_period(place, row.frequency), old=old, new=value)
    return None


def _compute_usual_step(row: SeriesComparison, scale: Callable[[FloatArray], FloatArray]) -> float:
    """The mean absolute step of a published series, over all of it or its last years, whichever is larger."""
    steps = np.abs(np.diff(scale(_order_values(row.published))))
    recent = _RECENT_YEARS[row.frequency] * PERIODS_PER_YEAR[row.frequency]
    return max(float(steps.mean()), float(steps[-recent:].mean())) if len(steps) else 0.0


def _order_values(values: ValuesByOrdinal) -> FloatArray:
    return np.array([values[place] for place in sorted(values)], dtype=float)


def _pair_values(row: SeriesComparison) -> tuple[FloatArray, FloatArray]:
    """The values of shared periods, as published and as collected; without zeros."""
    places = [place for place in sorted(row.published.keys() & row.collected.keys()) if row.published[place]]
    return (
        np.array([row.published[place] for place in places]),
        np.array([row.collected[place] for place in places]),
    )


def _build_reason(name: str, row: SeriesComparison, **values: str | float) -> Reason:
    _indicator, geo, item = row.key
    return Reason(f"refresh.held.{name}", {"series": f"{geo} {item}".strip(), **values})


_GUARDS: tuple[_Guard, ...] = (
    _find_earlier_end,
    _find_missing,
    _find_sign,
    _find_rebase,
    _find_step,
    _find_revision,
)
