"""Ensemble of model paths: trained weights, a predicted error scale, conformal quantiles.

The forecast is a weighted mean of textbook methods; the weights depend on what the history
looks like (length, noise, trend, season, how well each kind of smoothing did) and are trained on other series.
"""

import numpy as np
from numpy.typing import NDArray

from observatory.forecast.ensemble_weights import EnsembleParameters
from observatory.timeseries import FloatArray


def compute_weights(parameters: EnsembleParameters, features: FloatArray, steps: int) -> FloatArray:
    """The weight of each model (rows x steps x models), summing to one."""
    horizon_share = compute_horizon_share(steps, parameters.max_horizon)
    logits = (features @ parameters.row_weights)[:, None, :] + horizon_share[None, :, None] * (
        (features[:, :2] @ parameters.step_weights)[:, None, :]
    )
    exponentials = np.exp(logits - logits.max(axis=2, keepdims=True))
    return np.asarray(exponentials / exponentials.sum(axis=2, keepdims=True))


def compute_horizon_share(steps: int, max_horizon: int) -> FloatArray:
    """Position of each step on a log scale from 0 to 1, where 1 is the longest horizon of the training."""
    return np.asarray(np.minimum(np.log(np.arange(1, steps + 1)) / np.log(max_horizon), 1.0))


def predict_error_scale(parameters: EnsembleParameters, features: FloatArray) -> FloatArray:
    """The predicted size of the error, rows x steps, never decreasing with the horizon."""
    return np.asarray(np.maximum.accumulate(np.exp(np.clip(features @ parameters.spread, -12, 6)), axis=1))


def compute_quantile_offsets(
    parameters: EnsembleParameters, error_scale: FloatArray, is_log: NDArray[np.bool_], probabilities: FloatArray
) -> FloatArray:
    """Distances from the path to its quantiles: rows x steps x probabilities, widening with the horizon."""
    step_quantiles = parameters.quantiles[:, np.minimum(np.arange(error_scale.shape[1]), parameters.max_horizon - 1)]
    unit_offsets = np.stack(
        [[np.interp(probabilities, parameters.probabilities, row) for row in kind] for kind in step_quantiles]
    )
    offsets = error_scale[:, :, None] * unit_offsets[is_log.astype(int)]
    is_above = probabilities > 0.5
    widths = np.maximum.accumulate(np.abs(np.where(is_above, np.maximum(offsets, 0), np.minimum(offsets, 0))), axis=1)
    return np.where(is_above, widths, -widths)
