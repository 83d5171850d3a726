"""Is there a right moment to negotiate? Simple rules on past prices, judged against what came anyway."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from observatory.timeseries import Floats, Forecast, History, Key

RULES = ("rising", "falling", "cheap", "dear")  # rising and cheap announce a higher price, the others a lower one
AHEAD = (6, 12)  # months
RECENT = 3  # months over which a price rises or falls
USUAL = 60  # months whose mean is the usual price
APART = 0.2  # a price that far from the usual one is cheap or dear
EVERY = 6  # months between origins
SINCE = 1985 * 12
BLOCK = 48  # months: outcomes within a block share shocks
DRAWS = 4000
SEED = 17
SURE = 0.001
WORLDS = 200  # with no rule at all: a usable one must gain more than it does in any of them
FLIPPED = 6  # months of changes whose sign is drawn together, of all series at once
NOW = {"rising", "cheap"}


def record(rows: Sequence[Forecast], panel: Mapping[Key, History]) -> list[dict[str, Any]]:
    """Each rule and horizon: raised, followed, what came anyway (`base`), gain in both halves, least gain, `usable`.

    A rule is usable if what it announces came more often than at any other time, in both halves of the past, still
    does at the lower end of a block bootstrap, and more so than in any world where prices remember nothing: measured
    against their own past, even random walks seem to come back.
    """
    histories = [panel[row.key] for row in rows]
    found = [_scored(*key, _of(histories, *key)) for key in product(RULES, AHEAD)]
    found = [row for row in found if row["raised"]]
    likely = [row for row in found if row["usable"]]
    for world in _worlds(histories) if likely else ():
        for row in likely:
            parts = _of(world, row["rule"], row["months"])
            row["usable"] = row["usable"] and row["gain"] > _gain(parts)[0]
    return found


def _worlds(histories: Sequence[History]) -> Iterator[list[History]]:
    """The same series with the signs of their monthly changes drawn anew, half a year and all series at a time."""
    random = np.random.default_rng(SEED)
    first, last = min(row.first for row in histories), max(row.last for row in histories)
    for _world in range(WORLDS):
        signs = random.choice([-1.0, 1.0], (last - first) // FLIPPED + 1).repeat(FLIPPED)
        flipped = []
        for row in histories:
            with np.errstate(divide="ignore", invalid="ignore"):
                changes = np.nan_to_num(np.diff(np.log(row.values)), posinf=0.0, neginf=0.0)
            walked = np.cumsum(changes * signs[row.first - first : row.last - first])
            flipped.append(History(row.key, row.frequency, row.first, np.exp(np.concatenate([[0.0], walked]))))
        yield flipped


def standing(history: History) -> tuple[str, ...]:
    """The rules that a price raises at its last month."""
    values = history.values
    if len(values) <= USUAL:
        return ()
    raised = _raised(values[-1:], values[-1 - RECENT : -RECENT], np.array([np.nanmean(values[-1 - USUAL : -1])]))
    return tuple(rule for rule in RULES if raised[rule][0])


def _raised(now: Floats, before: Floats, usual: Floats) -> dict[str, NDArray[np.bool_]]:
    return {
        "rising": now > before,
        "falling": now < before,
        "cheap": now < usual * (1 - APART),
        "dear": now > usual * (1 + APART),
    }


def _of(histories: Sequence[History], rule: str, months: int) -> list[Floats]:
    """By series, one line an origin: month, whether the rule was raised, whether what it announces came."""
    return [_lines(history, rule, months) for history in histories]


def _lines(history: History, rule: str, months: int) -> Floats:
    values = history.values
    start = max(USUAL, SINCE - history.first)
    at = np.arange(start + (-(history.first + start)) % EVERY, len(values) - months, EVERY)
    now, later, before = values[at], values[at + months], values[at - RECENT]
    known_sum = np.concatenate([[0.0], np.cumsum(np.nan_to_num(values))])
    counted = np.concatenate([[0], np.cumsum(np.isfinite(values))])
    usual = (known_sum[at] - known_sum[at - USUAL]) / np.maximum(counted[at] - counted[at - USUAL], 1)
    known = np.isfinite(now) & np.isfinite(later) & np.isfinite(before)
    came = later > now if rule in NOW else later < now
    lines = np.stack([history.first + at, _raised(now, before, usual)[rule], came], axis=1)
    return np.asarray(lines[known], dtype=np.float64)


def _gain(parts: Sequence[Floats]) -> tuple[float, Floats]:
    """The share followed less the share that came anyway, each series against itself; and the latter, line by line."""
    usual = np.concatenate([np.full(len(part), part[:, 2].mean() if len(part) else 0.0) for part in parts])
    table = np.concatenate(parts)
    raised = table[:, 1] > 0
    return float(((table[:, 2] - usual) * raised).sum() / max(raised.sum(), 1)), usual


def _scored(rule: str, months: int, parts: Sequence[Floats]) -> dict[str, Any]:
    """What became of a rule; `usable` as far as its own past says."""
    gain, usual = _gain(parts)
    table = np.concatenate(parts)
    month, raised, came = table[:, 0], table[:, 1] > 0, table[:, 2]
    more = (came - usual) * raised
    if not len(table):
        return {"rule": rule, "months": months, "raised": 0, "usable": False}
    middle = np.median(month)
    halves = [float(more[part].sum() / max(raised[part].sum(), 1)) for part in (month <= middle, month > middle)]
    block = ((month - month.min()) // BLOCK).astype(int)
    sums, counts = (np.bincount(block, weights=part) for part in (more, raised.astype(float)))
    drawn = np.random.default_rng(SEED).integers(0, len(sums), (DRAWS, len(sums)))
    gains = sums[drawn].sum(axis=1) / np.maximum(counts[drawn].sum(axis=1), 1)
    least = float(np.quantile(gains, SURE))
    total = int(raised.sum())
    return {
        "rule": rule,
        "months": months,
        "raised": total,
        "gain": round(gain, 4),
        "followed": int(came[raised].sum()),
        "base": round(float(usual[raised].mean()) if total else 0.0, 4),
        "halves": [round(part, 4) for part in halves],
        "least": round(least, 4),
        "usable": bool(total and min(halves) > 0 and least > 0),
    }
