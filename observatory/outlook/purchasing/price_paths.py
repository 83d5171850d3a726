"""Joint monthly paths of the inputs of a firm, stored with a vintage: prices and rates drawn together, month by month.

What is stored are ranks, one byte each; a page turns them into units through the published ranges, so that the paths
of a series have exactly the ranges that it shows.
"""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from observatory.catalogue.models import Catalogue, Indicator
from observatory.forecast.joint_paths import RANKS, quantiles, ranked, valued
from observatory.outlook.outlook import Outlook
from observatory.timeseries import Floats, Forecast, History

SEGMENT = "purchasing"
STEPS = 36  # months ahead of the last one known
RECENT = 300  # months of which changes say how series move together
TRUST = 24.0  # so many common months count as much as "not at all together"
FEWEST = 36  # fewer common months say nothing
SEED = 7


def inputs(catalogue: Catalogue) -> tuple[Indicator, ...]:
    """What is bought: the monthly prices and rates of the section Purchasing, in its order."""
    return tuple(row for row in catalogue.of_segment(SEGMENT) if row.role == "cost" and row.frequency == "M")


def code_of(indicator: str) -> str:
    """The short name of an input in an address: aluminium_price -> aluminium, eur_usd -> usd."""
    return indicator.removesuffix("_price").removeprefix("eur_")


def rows_of(expected: Sequence[Forecast], catalogue: Catalogue) -> list[Forecast]:
    """The forecasts of the inputs that have one long enough, in their order."""
    known = {row.key: row for row in expected if len(row.median) >= STEPS}
    keys = [(row.id, row.headline_geo, row.headline_item) for row in inputs(catalogue)]
    return [known[key] for key in keys if key in known]


def together(histories: Sequence[History], until: int) -> Floats:
    """Correlation of monthly log changes known by a month; pulled to none where few months are common."""
    changes = np.full((len(histories), RECENT), np.nan)  # one column a month, the last one being `until`
    for place, history in enumerate(histories):
        levels = np.full(RECENT + 1, np.nan)
        months = np.arange(until - RECENT, until + 1) - history.first
        there = (months >= 0) & (months < len(history.values))
        levels[there] = history.values[months[there]]
        with np.errstate(divide="ignore", invalid="ignore"):
            changes[place] = np.diff(np.log(np.where(levels > 0, levels, np.nan)))
    known, found = np.isfinite(changes), np.eye(len(histories))
    for one in range(len(histories)):
        for two in range(one):
            both = known[one] & known[two]
            common = int(both.sum())
            if common >= FEWEST:
                a, b = (changes[place][both] - changes[place][both].mean() for place in (one, two))
                size = float(np.sqrt((a @ a) * (b @ b)))
                raw = float(a @ b) / size if size > 0 else 0.0
                found[one, two] = found[two, one] = raw * common / (common + TRUST)
    values, vectors = np.linalg.eigh(found)
    fixed = (vectors * np.maximum(values, 1e-6)) @ vectors.T
    scale = np.sqrt(np.diag(fixed))
    return np.asarray(fixed / np.outer(scale, scale))


def stored(rows: Sequence[Forecast], panel: Mapping[Any, History]) -> dict[str, Any]:
    """The paths of some inputs as JSON values: series, their last months, ranks in base64 (series x paths x months)."""
    origins = [row.origin for row in rows]
    moves = together([panel[row.key] for row in rows], max(origins))
    ranks = ranked(origins, moves, STEPS, SEED)
    return {
        "series": [list(row.key) for row in rows],
        "origins": [int(origin) for origin in origins],
        "steps": STEPS,
        "ranks": base64.b64encode(ranks.tobytes()).decode("ascii"),
    }


def ranks_of(outlook: Outlook) -> dict[str, NDArray[np.uint8]]:
    """The stored ranks by indicator (paths x months); empty for a vintage that has none."""
    found = (outlook.replay.get("inputs") or {}).get("paths")
    if not found:
        return {}
    shape = (len(found["series"]), RANKS, found["steps"])
    ranks = np.frombuffer(base64.b64decode(found["ranks"]), dtype=np.uint8).reshape(shape)
    there = {}
    for place, (key, origin) in enumerate(zip(found["series"], found["origins"], strict=True)):
        forecast = outlook.forecasts.get((key[0], key[1], key[2]))
        if forecast is not None and forecast.origin == origin and len(forecast.median) >= found["steps"]:
            there[key[0]] = ranks[place]
    return there


def paths_of(outlook: Outlook, indicator: str) -> Floats | None:
    """The paths of an input in its unit (paths x months after its last one); None if the vintage has none."""
    ranks = ranks_of(outlook).get(indicator)
    if ranks is None:
        return None
    forecast = outlook.forecasts[outlook.headline(outlook.catalogue.indicators[indicator])]
    return valued(ranks, np.array([quantiles(forecast, step) for step in range(ranks.shape[1])]))
