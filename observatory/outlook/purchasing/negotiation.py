"""Rules on when to negotiate, scored on past prices against the base rate."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from observatory.memo import remember
from observatory.timeseries import FloatArray, Forecast, SeriesKey, TimeSeries

_RULES = ("rising", "falling", "cheap", "dear")  # rising and cheap announce a higher price, the others a lower one
_HORIZON_MONTHS = (6, 12)  # months
_TREND_MONTHS = 3  # months over which a price rises or falls
_REFERENCE_MONTHS = 60  # months whose mean is the usual price
_CHEAP_MARGIN = 0.2  # a price that far from the usual one is cheap or dear
_ORIGIN_STEP_MONTHS = 6  # months between origins
_FIRST_MONTH = 1985 * 12
_BLOCK_MONTHS = 48  # months: outcomes within a block share shocks
_BOOTSTRAP_DRAWS = 4000
_SEED = 17
_LOWER_QUANTILE = 0.001
_SIMULATION_COUNT = 200  # with no rule at all: a usable one must gain more than it does in any of them
_SIGN_BLOCK_MONTHS = 6  # months of changes whose sign is drawn together, of all series at once
_RISE_RULES = {"rising", "cheap"}


def score_rules(forecasts: Sequence[Forecast], panel: Mapping[SeriesKey, TimeSeries]) -> list[dict[str, Any]]:
    """Each rule and horizon: raised, followed, base rate (`base`), gain in both halves, least gain, `usable`.

    A rule is usable if what it announces follows more often than at any other time, in both halves of the past, still
    does at the lower end of a block bootstrap, and more so than in any world where prices remember nothing: measured
    against their own past, even random walks seem to come back.
    """
    histories = [panel[row.key] for row in forecasts]
    scores = [_score_rule(*key, _replay_rule(histories, *key)) for key in product(_RULES, _HORIZON_MONTHS)]
    scores = [row for row in scores if row["raised"]]
    likely = [row for row in scores if row["usable"]]
    if likely:
        first, last = min(row.first for row in histories), max(row.last for row in histories)
        worlds = [_replay_simulations(row, first, last) for row in histories]
        for row in likely:
            more, raised = (
                sum(part) for part in zip(*(each[row["rule"], row["months"]] for each in worlds), strict=True)
            )
            row["usable"] = bool((row["gain"] > more / np.maximum(raised, 1)).all())
    return scores


@lru_cache(maxsize=4)
def _draw_signs(months: int) -> FloatArray:
    """The signs of changes in worlds without memory (worlds x months), drawn half a year and all series at a time."""
    random = np.random.default_rng(_SEED)
    blocks = months // _SIGN_BLOCK_MONTHS + 1
    drawn = [random.choice([-1.0, 1.0], blocks) for _world in range(_SIMULATION_COUNT)]
    return np.repeat(drawn, _SIGN_BLOCK_MONTHS, axis=1)


@remember(size=1024)  # inputs of a few panels
def _replay_simulations(
    history: TimeSeries, first: int, last: int
) -> dict[tuple[str, int], tuple[FloatArray, FloatArray]]:
    """By rule and horizon, of one series in each world: followed less base rate where it was raised, times raised.

    The same series with the signs of its monthly changes drawn anew; `first` and `last` are the months of all series.
    """
    signs = _draw_signs(last - first)[:, history.first - first : history.last - first]
    with np.errstate(divide="ignore", invalid="ignore"):
        changes = np.nan_to_num(np.diff(np.log(history.values)), posinf=0.0, neginf=0.0)
    start = np.zeros((_SIMULATION_COUNT, 1))
    values = np.exp(np.concatenate([start, np.cumsum(changes * signs, axis=1)], axis=1))
    total = np.concatenate([start, np.cumsum(values, axis=1)], axis=1)
    sums = {}
    for months in _HORIZON_MONTHS:
        at = _list_origins(history, months)
        now, later, before = values[:, at], values[:, at + months], values[:, at - _TREND_MONTHS]
        usual = (total[:, at] - total[:, at - _REFERENCE_MONTHS]) / _REFERENCE_MONTHS
        for rule, raised in _evaluate_rules(now, before, usual).items():
            followed = later > now if rule in _RISE_RULES else later < now
            base = followed.sum(axis=1, keepdims=True) / max(len(at), 1)
            sums[rule, months] = ((followed - base) * raised).sum(axis=1), raised.sum(axis=1).astype(float)
    return sums


def list_raised_rules(history: TimeSeries) -> tuple[str, ...]:
    """The rules that a price raises at its last month."""
    values = history.values
    if len(values) <= _REFERENCE_MONTHS:
        return ()
    raised = _evaluate_rules(
        values[-1:],
        values[-1 - _TREND_MONTHS : -_TREND_MONTHS],
        np.array([np.nanmean(values[-1 - _REFERENCE_MONTHS : -1])]),
    )
    return tuple(rule for rule in _RULES if raised[rule][0])


def _evaluate_rules(now: FloatArray, before: FloatArray, usual: FloatArray) -> dict[str, NDArray[np.bool_]]:
    return {
        "rising": now > before,
        "falling": now < before,
        "cheap": now < usual * (1 - _CHEAP_MARGIN),
        "dear": now > usual * (1 + _CHEAP_MARGIN),
    }


def _replay_rule(histories: Sequence[TimeSeries], rule: str, months: int) -> list[FloatArray]:
    """By series, one line an origin: month, whether the rule was raised, whether what it announces followed."""
    return [_replay_series(history, rule, months) for history in histories]


def _replay_series(history: TimeSeries, rule: str, months: int) -> FloatArray:
    values = history.values
    at = _list_origins(history, months)
    now, later, before = values[at], values[at + months], values[at - _TREND_MONTHS]
    known_sum = np.concatenate([[0.0], np.cumsum(np.nan_to_num(values))])
    counted = np.concatenate([[0], np.cumsum(np.isfinite(values))])
    usual = (known_sum[at] - known_sum[at - _REFERENCE_MONTHS]) / np.maximum(
        counted[at] - counted[at - _REFERENCE_MONTHS], 1
    )
    usable = np.isfinite(now) & np.isfinite(later) & np.isfinite(before)
    followed = later > now if rule in _RISE_RULES else later < now
    lines = np.stack([history.first + at, _evaluate_rules(now, before, usual)[rule], followed], axis=1)
    return np.asarray(lines[usable], dtype=np.float64)


def _list_origins(history: TimeSeries, months: int) -> NDArray[np.int64]:
    """The places in a series from which a rule is judged so many months later."""
    start = max(_REFERENCE_MONTHS, _FIRST_MONTH - history.first)
    start += (-(history.first + start)) % _ORIGIN_STEP_MONTHS
    return np.arange(start, len(history.values) - months, _ORIGIN_STEP_MONTHS)


def _compute_gain(parts: Sequence[FloatArray]) -> tuple[float, FloatArray]:
    """The share followed less the base rate, each series against itself; and the base rate, line by line."""
    usual = np.concatenate([np.full(len(part), part[:, 2].mean() if len(part) else 0.0) for part in parts])
    table = np.concatenate(parts)
    raised = table[:, 1] > 0
    return float(((table[:, 2] - usual) * raised).sum() / max(raised.sum(), 1)), usual


def _score_rule(rule: str, months: int, parts: Sequence[FloatArray]) -> dict[str, Any]:
    """The scores of a rule; `usable` by its own past alone."""
    gain, usual = _compute_gain(parts)
    table = np.concatenate(parts)
    month, raised, followed = table[:, 0], table[:, 1] > 0, table[:, 2]
    more = (followed - usual) * raised
    if not len(table):
        return {"rule": rule, "months": months, "raised": 0, "usable": False}
    middle = np.median(month)
    halves = [float(more[part].sum() / max(raised[part].sum(), 1)) for part in (month <= middle, month > middle)]
    block = ((month - month.min()) // _BLOCK_MONTHS).astype(int)
    sums, counts = (np.bincount(block, weights=part) for part in (more, raised.astype(float)))
    drawn = np.random.default_rng(_SEED).integers(0, len(sums), (_BOOTSTRAP_DRAWS, len(sums)))
    gains = sums[drawn].sum(axis=1) / np.maximum(counts[drawn].sum(axis=1), 1)
    least = float(np.quantile(gains, _LOWER_QUANTILE))
    total = int(raised.sum())
    return {
        "rule": rule,
        "months": months,
        "raised": total,
        "gain": round(gain, 4),
        "followed": int(followed[raised].sum()),
        "base": round(float(usual[raised].mean()) if total else 0.0, 4),
        "halves": [round(part, 4) for part in halves],
        "least": round(least, 4),
        "usable": bool(total and min(halves) > 0 and least > 0),
    }
