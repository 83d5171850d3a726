"""Is there a right moment to negotiate? Simple rules on past prices, judged against what came anyway."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from observatory.tables import Floats, Forecast, History, Key

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
SURE = 0.001  # eight rules are tried: at this level 12 of 300 worlds of random walks show one that is usable
NOW = {"rising", "cheap"}


def record(rows: Sequence[Forecast], panel: Mapping[Key, History]) -> list[dict[str, Any]]:
    """Each rule and horizon: raised, followed, what came anyway (`base`), gain in both halves, least gain, `usable`.

    A rule is usable if what it announces came more often than at any other time, in both halves of the past, and
    still does at the lower end of a block bootstrap.
    """
    cases: dict[tuple[str, int], list[Floats]] = {(rule, months): [] for rule in RULES for months in AHEAD}
    for row in rows:
        for key, found in _cases(panel[row.key]).items():
            cases[key].append(found)
    return [_scored(rule, months, parts) for (rule, months), parts in cases.items() if parts]


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


def _cases(history: History) -> dict[tuple[str, int], Floats]:
    """By rule and horizon, one line an origin: month, whether it was raised, whether what it announces came."""
    values = history.values
    start = max(USUAL, SINCE - history.first)
    origins = np.arange(start + (-(history.first + start)) % EVERY, len(values), EVERY)
    found = {}
    for months in AHEAD:
        at = origins[origins + months < len(values)]
        now, later, before = values[at], values[at + months], values[at - RECENT]
        usual = np.array([np.nanmean(values[place - USUAL : place]) for place in at])
        known = np.isfinite(now) & np.isfinite(later) & np.isfinite(before) & np.isfinite(usual)
        raised = _raised(now, before, usual)
        for rule in RULES:
            came = later > now if rule in NOW else later < now
            lines = np.stack([history.first + at, raised[rule], came], axis=1)[known].astype(float)
            found[rule, months] = lines
    return found


def _scored(rule: str, months: int, parts: Sequence[Floats]) -> dict[str, Any]:
    """The gain is the share followed less the share that came anyway, each series measured against itself."""
    usual = np.concatenate([np.full(len(part), part[:, 2].mean() if len(part) else 0.0) for part in parts])
    table = np.concatenate(parts)
    month, raised, came = table[:, 0], table[:, 1] > 0, table[:, 2]
    more = (came - usual) * raised
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
        "followed": int(came[raised].sum()),
        "base": round(float(usual[raised].mean()) if total else 0.0, 4),
        "halves": [round(part, 4) for part in halves],
        "least": round(least, 4),
        "usable": bool(total and min(halves) > 0 and least > 0),
    }
