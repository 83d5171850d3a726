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
from observatory.forecast.joint_paths import RANK_COUNT, convert_ranks, draw_rank_paths, step_quantiles
from observatory.memo import remember
from observatory.outlook.outlook import Outlook
from observatory.timeseries import FloatArray, Forecast, TimeSeries

PURCHASING_SEGMENT = "purchasing"
PATH_MONTHS = 36  # months ahead of the last one known
_CORRELATION_MONTHS = 300  # months of which changes say how series move together
_SHRINKAGE_MONTHS = 24.0  # so many common months count as much as "not at all together"
_MIN_COMMON_MONTHS = 36  # fewer common months say nothing
_SEED = 7


def list_inputs(catalogue: Catalogue) -> tuple[Indicator, ...]:
    """The inputs that firms buy: the monthly prices and rates of the section Purchasing, in its order."""
    return tuple(
        row
        for row in catalogue.indicators_of_segment(PURCHASING_SEGMENT)
        if row.role == "cost" and row.frequency == "M"
    )


def input_code(indicator: str) -> str:
    """The short name of an input in an address: aluminium_price -> aluminium, eur_usd -> usd."""
    return indicator.removesuffix("_price").removeprefix("eur_")


def select_input_forecasts(forecasts: Sequence[Forecast], catalogue: Catalogue) -> list[Forecast]:
    """The forecasts of the inputs that have one long enough, in their order."""
    forecast_by_key = {row.key: row for row in forecasts if len(row.median) >= PATH_MONTHS}
    keys = [(row.id, row.headline_geo, row.headline_item) for row in list_inputs(catalogue)]
    return [forecast_by_key[key] for key in keys if key in forecast_by_key]


def estimate_correlation(histories: Sequence[TimeSeries], until: int) -> FloatArray:
    """Correlation of monthly log changes known by a month; pulled to none where few months are common."""
    changes = np.full((len(histories), _CORRELATION_MONTHS), np.nan)  # one column a month, the last one being `until`
    for place, history in enumerate(histories):
        levels = np.full(_CORRELATION_MONTHS + 1, np.nan)
        months = np.arange(until - _CORRELATION_MONTHS, until + 1) - history.first
        covered = (months >= 0) & (months < len(history.values))
        levels[covered] = history.values[months[covered]]
        with np.errstate(divide="ignore", invalid="ignore"):
            changes[place] = np.diff(np.log(np.where(levels > 0, levels, np.nan)))
    return _correlate_changes(changes)


@remember(size=256)  # the dates of the record of a few panels
def _correlate_changes(changes: FloatArray) -> FloatArray:
    finite, correlation = np.isfinite(changes), np.eye(len(changes))
    for one in range(len(changes)):
        for two in range(one):
            both = finite[one] & finite[two]
            common = int(both.sum())
            if common >= _MIN_COMMON_MONTHS:
                a, b = (changes[place][both] - changes[place][both].mean() for place in (one, two))
                size = float(np.sqrt((a @ a) * (b @ b)))
                raw = float(a @ b) / size if size > 0 else 0.0
                correlation[one, two] = correlation[two, one] = raw * common / (common + _SHRINKAGE_MONTHS)
    values, vectors = np.linalg.eigh(correlation)
    fixed = (vectors * np.maximum(values, 1e-6)) @ vectors.T
    scale = np.sqrt(np.diag(fixed))
    return np.asarray(fixed / np.outer(scale, scale))


def encode_paths(forecasts: Sequence[Forecast], panel: Mapping[Any, TimeSeries]) -> dict[str, Any]:
    """The paths of some inputs as JSON values: series, their last months, ranks in base64 (series x paths x months)."""
    origins = [row.origin for row in forecasts]
    moves = estimate_correlation([panel[row.key] for row in forecasts], max(origins))
    ranks = draw_rank_paths(origins, moves, PATH_MONTHS, _SEED)
    return {
        "series": [list(row.key) for row in forecasts],
        "origins": [int(origin) for origin in origins],
        "steps": PATH_MONTHS,
        "ranks": base64.b64encode(ranks.tobytes()).decode("ascii"),
    }


def decode_ranks(outlook: Outlook) -> dict[str, NDArray[np.uint8]]:
    """The stored ranks by indicator (paths x months); empty for a vintage that has none."""
    stored = outlook.study.purchasing.paths
    if stored is None:
        return {}
    shape = (len(stored.series), RANK_COUNT, stored.steps)
    ranks = np.frombuffer(base64.b64decode(stored.ranks), dtype=np.uint8).reshape(shape)
    ranks_by_indicator = {}
    for place, (key, origin) in enumerate(zip(stored.series, stored.origins, strict=True)):
        forecast = outlook.forecasts.get((key[0], key[1], key[2]))
        if forecast is not None and forecast.origin == origin and len(forecast.median) >= stored.steps:
            ranks_by_indicator[key[0]] = ranks[place]
    return ranks_by_indicator


def get_price_paths(outlook: Outlook, indicator: str) -> FloatArray | None:
    """The paths of an input in its unit (paths x months after its last one); None if the vintage has none."""
    cache = outlook.price_cache
    if ("paths", indicator) not in cache:
        cache["paths", indicator] = _convert_paths(outlook, indicator)
    paths: FloatArray | None = cache["paths", indicator]
    return paths


def _convert_paths(outlook: Outlook, indicator: str) -> FloatArray | None:
    cache = outlook.price_cache
    if ("ranks", "") not in cache:
        cache["ranks", ""] = decode_ranks(outlook)
    ranks = cache["ranks", ""].get(indicator)
    if ranks is None:
        return None
    forecast = outlook.forecasts[outlook.headline_key(outlook.catalogue.indicators[indicator])]
    return convert_ranks(ranks, np.array([step_quantiles(forecast, step) for step in range(ranks.shape[1])]))
