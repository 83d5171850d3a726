"""From many paths to one with its intervals: learned weights, a predicted error scale, conformal quantiles.

The rule in two sentences: the forecast is a weighted mean of textbook methods; the weights depend on what the history
looks like (length, noise, trend, season, how well each kind of smoothing did) and were learned on other series.
"""

import numpy as np
from numpy.typing import NDArray

from observatory.forecast.ensemble_weights import EnsembleParameters
from observatory.timeseries import FloatArray


def compute_weights(parameters: EnsembleParameters, features: FloatArray, steps: int) -> FloatArray:
    """The weight of each model (rows x steps x models), summing to one."""
    place = compute_horizon_share(steps, parameters.max_horizon)
    logits = (features @ parameters.row_weights)[:, None, :] + place[None, :, None] * (
        (features[:, :2] @ parameters.step_weights)[:, None, :]
    )
    likely = np.exp(logits - logits.max(axis=2, keepdims=True))
    return np.asarray(likely / likely.sum(axis=2, keepdims=True))


def compute_horizon_share(steps: int, max_horizon: int) -> FloatArray:
    """How far each step is, 0 to 1 on a log scale, never beyond what was learned."""
    return np.asarray(np.minimum(np.log(np.arange(1, steps + 1)) / np.log(max_horizon), 1.0))


def predict_error_scale(parameters: EnsembleParameters, features: FloatArray) -> FloatArray:
    """The predicted size of the error, rows x steps, never narrowing with the horizon."""
    return np.asarray(np.maximum.accumulate(np.exp(np.clip(features @ parameters.spread, -12, 6)), axis=1))


def compute_quantile_offsets(
    parameters: EnsembleParameters, error_scale: FloatArray, is_log: NDArray[np.bool_], probabilities: FloatArray
) -> FloatArray:
    """Distances from the path to its quantiles: rows x steps x probabilities, widening with the horizon."""
    known = parameters.quantiles[:, np.minimum(np.arange(error_scale.shape[1]), parameters.max_horizon - 1)]
    at = np.stack([[np.interp(probabilities, parameters.probabilities, row) for row in kind] for kind in known])
    away = error_scale[:, :, None] * at[is_log.astype(int)]
    above = probabilities > 0.5
    wide = np.maximum.accumulate(np.abs(np.where(above, np.maximum(away, 0), np.minimum(away, 0))), axis=1)
    return np.where(above, wide, -wide)
