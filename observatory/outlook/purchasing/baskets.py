"""A basket of inputs as an index in euros: its past at fixed quantities, its joint paths, and what its ranges held.

A price in dollars costs its value in euros; a currency costs what one unit of it costs in euros. Weights are shares of
what is spent in the base month, 100; quantities never change (Laspeyres).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from observatory.forecast.joint_paths import ranked, valued
from observatory.outlook.outlook import Outlook
from observatory.outlook.purchasing.price_paths import inputs, paths_of, together
from observatory.settings import LEVELS
from observatory.timeseries import Floats, Forecast, History, Key

DOLLAR = "eur_usd"
YEARS = 15
SIZE = 3  # of the baskets of the record, in equal parts
AHEAD = (12, 24)  # months
SEED = 13


@dataclass(frozen=True)
class Basket:
    """An index, 100 in the month `base` (ordinal): `past` ends there, `paths` (paths x months) follow it."""

    base: int
    first: int
    past: Floats
    paths: Floats


def in_euros(indicator: str, values: Floats, dollar: Floats) -> Floats:
    """What an input costs in euros, from its own values and the dollars that a euro buys."""
    return 1 / values if indicator.startswith("eur_") else values / dollar


def basket(outlook: Outlook, weights: Mapping[str, int]) -> Basket | None:
    """The basket of some indicators, weights as whole numbers of any sum; None if the vintage has no paths for it."""
    names = [row.id for row in inputs(outlook.catalogue)]
    wanted = [name for name in names if name in weights]
    needed = list(dict.fromkeys([*wanted, DOLLAR]))
    paths = {name: paths_of(outlook, name) for name in needed if name in outlook.catalogue.indicators}
    if len(paths) < len(needed) or any(row is None for row in paths.values()) or not wanted:
        return None
    histories = {name: outlook.panel[outlook.headline(outlook.catalogue.indicators[name])] for name in needed}
    base = min(row.last for row in histories.values())
    steps = min(len(row[0]) - (histories[name].last - base) for name, row in paths.items() if row is not None)
    first = max([base - 12 * YEARS, *(row.first for row in histories.values())])
    whole = {
        name: np.concatenate(
            [np.tile(histories[name].values[first - histories[name].first :], (len(row), 1)), row], axis=1
        )[:, : base - first + 1 + steps]
        for name, row in paths.items()
        if row is not None
    }
    total = sum(weights[name] for name in wanted)
    index = np.zeros_like(whole[DOLLAR])
    for name in wanted:
        cost = in_euros(name, whole[name], whole[DOLLAR])
        index += weights[name] / total * 100 * cost / cost[:, base - first][:, None]
    return Basket(base, first, index[0, : base - first + 1], index[:, base - first + 1 :])


def record(rows: Sequence[Forecast], panel: Mapping[Key, History]) -> dict[str, Any]:
    """How often past ranges of all baskets of three inputs in equal parts held: by months ahead, JSON values."""
    names = [row.key[0] for row in rows]
    if DOLLAR not in names or len(names) <= SIZE:
        return {}
    counts = {months: np.zeros(1 + len(LEVELS), dtype=np.int64) for months in AHEAD}
    base = rows[names.index(DOLLAR)].earlier.origins
    dates = 0
    for origin in base:
        near = [_nearest(row, int(origin)) for row in rows]
        if all(place is not None for place in near):
            dates += 1
            _judge(rows, panel, [place for place in near if place is not None], counts)
    baskets = len(list(combinations(names, SIZE)))
    return {"baskets": baskets, "dates": dates, "held": {str(m): [int(n) for n in row] for m, row in counts.items()}}


def _nearest(row: Forecast, origin: int) -> int | None:
    """The past forecast of a series made about then: calendars end a month or two apart."""
    if not len(row.earlier.origins):
        return None
    gaps = np.abs(row.earlier.origins - origin)
    place = int(gaps.argmin())
    return place if gaps[place] <= 2 else None


def _judge(
    rows: Sequence[Forecast], panel: Mapping[Key, History], near: Sequence[int], counts: Mapping[int, Any]
) -> None:
    histories = [panel[row.key] for row in rows]
    origins = [int(row.earlier.origins[place]) for row, place in zip(rows, near, strict=True)]
    ranks = ranked(origins, together(histories, min(origins)), max(AHEAD), SEED)
    names = [row.key[0] for row in rows]
    dollar = names.index(DOLLAR)
    for months in AHEAD:
        drawn, came = [], []
        for place, (row, history) in enumerate(zip(rows, histories, strict=True)):
            at = origins[place] - history.first
            known = row.earlier.quantiles[near[place]][months - 1 : months].astype(float)
            drawn.append(valued(ranks[place][:, months - 1 : months], known)[:, 0] / history.values[at])
            later = history.values[at + months] if at + months < len(history.values) else np.nan
            came.append(np.array([later / history.values[at]]))
        costs = [in_euros(name, part, drawn[dollar]) for name, part in zip(names, drawn, strict=True)]
        truth = [in_euros(name, part, came[dollar])[0] for name, part in zip(names, came, strict=True)]
        trios = np.array(list(combinations(range(len(names)), SIZE)))
        real = np.array(truth)[trios].mean(axis=1)
        share = (np.array(costs)[trios].mean(axis=1) < real[:, None]).mean(axis=1)[np.isfinite(real)]
        counts[months][0] += len(share)
        counts[months][1:] += [int((np.abs(share - 0.5) <= level / 200).sum()) for level in LEVELS]
