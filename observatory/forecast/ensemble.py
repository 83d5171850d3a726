"""From many paths to one with its intervals: learned weights, a predicted error scale, conformal quantiles.

The rule in two sentences: the forecast is a weighted mean of textbook methods; the weights depend on what the history
looks like (length, noise, trend, season, how well each kind of smoothing did) and were learned on other series.
"""

import numpy as np
from numpy.typing import NDArray

from observatory.forecast.ensemble_weights import Learned
from observatory.timeseries import Floats


def weights(learned: Learned, rows: Floats, steps: int) -> Floats:
    """The weight of each model (rows x steps x models), summing to one."""
    place = horizon_share(steps, learned.far)
    logits = (rows @ learned.row_weights)[:, None, :] + place[None, :, None] * (
        (rows[:, :2] @ learned.step_weights)[:, None, :]
    )
    likely = np.exp(logits - logits.max(axis=2, keepdims=True))
    return np.asarray(likely / likely.sum(axis=2, keepdims=True))


def horizon_share(steps: int, far: int) -> Floats:
    """How far each step is, 0 to 1 on a log scale, never beyond what was learned."""
    return np.asarray(np.minimum(np.log(np.arange(1, steps + 1)) / np.log(far), 1.0))


def scales(learned: Learned, features: Floats) -> Floats:
    """The predicted size of the error, rows x steps, never narrowing with the horizon."""
    return np.asarray(np.maximum.accumulate(np.exp(np.clip(features @ learned.spread, -12, 6)), axis=1))


def offsets(learned: Learned, scale: Floats, logs: NDArray[np.bool_], probabilities: Floats) -> Floats:
    """Distances from the path to its quantiles: rows x steps x probabilities, widening with the horizon."""
    known = learned.quantiles[:, np.minimum(np.arange(scale.shape[1]), learned.far - 1)]
    at = np.stack([[np.interp(probabilities, learned.probabilities, row) for row in kind] for kind in known])
    away = scale[:, :, None] * at[logs.astype(int)]
    above = probabilities > 0.5
    wide = np.maximum.accumulate(np.abs(np.where(above, np.maximum(away, 0), np.minimum(away, 0))), axis=1)
    return np.where(above, wide, -wide)
