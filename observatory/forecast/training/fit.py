"""Fit of the parameters of one season length: weights of the models, error sizes, quantiles."""

from collections.abc import Callable, Sequence

import numpy as np

from observatory.forecast.ensemble import compute_horizon_share, compute_weights, predict_error_scale
from observatory.forecast.ensemble_weights import EnsembleParameters
from observatory.forecast.models import select_pool
from observatory.forecast.training.sets import MAX_HORIZONS, PLAIN_SCALE_WEIGHT, TrainingSet
from observatory.timeseries import FloatArray

_RIDGE_PENALTY = {
    1: 0.04,
    4: 0.1,
    12: 0.0008,
}  # of the weights, chosen by leaving one data set out (docs/forecasting.md)
_CONSTANT_PENALTY_SHARE = 0.05  # the part of it that holds the first feature, the constant
_SPREAD_PENALTY = 2e-3
_PROBABILITIES = (0.005, 0.01, 0.025, 0.05, *np.round(np.arange(0.1, 0.91, 0.05), 2), 0.95, 0.975, 0.99, 0.995)
_NEIGHBOUR_HORIZONS = {1: 1, 4: 1, 12: 2}  # horizons on each side whose errors enter a quantile


def _fit_weights(training_sets: Sequence[TrainingSet], season_length: int) -> tuple[FloatArray, FloatArray]:
    """Weights that minimise the mean absolute error of the weighted path, with a ridge towards equal weights."""
    from scipy.optimize import minimize

    rows, paths, outcome, importance = (
        np.concatenate([getattr(part, name) for part in training_sets])
        for name in ("rows", "paths", "outcome", "importance")
    )
    outcome = np.where(importance > 0, outcome, 0.0)
    feature_count, models, horizon_share = (
        rows.shape[1],
        paths.shape[2],
        compute_horizon_share(MAX_HORIZONS[season_length], MAX_HORIZONS[season_length])[None, :, None],
    )
    plain_error = (importance * np.abs(paths.mean(axis=2) - outcome)).sum()
    row_penalty = np.ones((feature_count, 1))
    row_penalty[0] = _CONSTANT_PENALTY_SHARE
    step_penalty = np.array([[_CONSTANT_PENALTY_SHARE], [1.0]])
    penalty = _RIDGE_PENALTY[season_length]

    def loss(flat: FloatArray) -> tuple[float, FloatArray]:
        by_row, by_step = (
            flat[: feature_count * models].reshape(feature_count, models),
            flat[feature_count * models :].reshape(2, models),
        )
        logits = (rows @ by_row)[:, None, :] + horizon_share * (rows[:, :2] @ by_step)[:, None, :]
        likely = np.exp(logits - logits.max(axis=2, keepdims=True))
        likely /= likely.sum(axis=2, keepdims=True)
        path = np.einsum("nhk,nhk->nh", likely, paths)
        error = path - outcome
        size = np.sqrt(error**2 + 0.005**2)  # the absolute value, smooth at zero
        back = likely * (paths - path[:, :, None]) * (importance * error / size / plain_error)[:, :, None]
        held = (row_penalty * by_row**2).sum() + (step_penalty * by_step**2).sum()
        gradient = [
            rows.T @ back.sum(axis=1) + 2 * penalty * row_penalty * by_row,
            rows[:, :2].T @ (back * horizon_share).sum(axis=1) + 2 * penalty * step_penalty * by_step,
        ]
        return float((importance * size).sum() / plain_error + penalty * held), np.concatenate(
            [g.ravel() for g in gradient]
        )

    solution = minimize(
        loss, np.zeros((feature_count + 2) * models), jac=True, method="L-BFGS-B", options={"maxiter": 150}
    ).x
    return solution[: feature_count * models].reshape(feature_count, models), solution[
        feature_count * models :
    ].reshape(2, models)


def _fit_spread(training_sets: Sequence[TrainingSet], path: Callable[[TrainingSet], FloatArray]) -> FloatArray:
    """The log of the mean absolute error as a linear function of the features (gamma regression with a log link)."""
    from sklearn.linear_model import GammaRegressor

    features, errors, counts = [], [], []
    for part in training_sets:
        is_known = np.isfinite(part.outcome)
        weight = np.broadcast_to(part.row_weights[:, None], is_known.shape)[is_known]
        features.append(part.spread_features[is_known])
        errors.append(np.abs(part.outcome - path(part))[is_known])
        counts.append(weight / weight.sum() * (1.0 if part.is_log else PLAIN_SCALE_WEIGHT))
    matrix, weight = np.concatenate(features), np.concatenate(counts)
    centre, width = matrix.mean(axis=0), matrix.std(axis=0) + 1e-9
    centre[0], width[0] = 0.0, 1.0  # the constant
    fit = GammaRegressor(alpha=_SPREAD_PENALTY, fit_intercept=True, solver="lbfgs", max_iter=500)
    fit.fit((matrix - centre)[:, 1:] / width[1:], np.maximum(np.concatenate(errors), 1e-4), sample_weight=weight)
    spread = np.append(0.0, fit.coef_ / width[1:])
    spread[0] = fit.intercept_ - (centre * spread).sum()
    return spread


def _fit_quantiles(
    training_sets: Sequence[TrainingSet],
    season_length: int,
    path: Callable[[TrainingSet], FloatArray],
    spread: FloatArray,
) -> FloatArray:
    """Quantiles of error / scale by horizon, with equal weights of the data sets (split conformal prediction)."""
    parameters = EnsembleParameters(season_length, (), np.empty(0), np.empty(0), spread, np.empty(0), np.empty(0))
    scaled = [
        (part.outcome - path(part)) / predict_error_scale(parameters, part.spread_features) for part in training_sets
    ]
    counts = [
        np.broadcast_to(part.row_weights[:, None] / part.row_weights.sum(), part.outcome.shape)
        for part in training_sets
    ]
    errors, weight = np.concatenate(scaled), np.concatenate(counts)
    rows = []
    for step in range(MAX_HORIZONS[season_length]):
        nearby = slice(max(0, step - _NEIGHBOUR_HORIZONS[season_length]), step + _NEIGHBOUR_HORIZONS[season_length] + 1)
        is_finite = np.isfinite(errors[:, nearby])
        values, shares = errors[:, nearby][is_finite], weight[:, nearby][is_finite]
        order = np.argsort(values)
        rows.append(np.interp(_PROBABILITIES, np.cumsum(shares[order]) / shares.sum(), values[order]))
    return np.array(rows)


def fit_parameters(training_sets: Sequence[TrainingSet], season_length: int) -> EnsembleParameters:
    """The parameters of one season length, fitted on several training sets."""
    row_weights, step_weights = _fit_weights(training_sets, season_length)
    models = tuple(row.id for row in select_pool(season_length))
    start = EnsembleParameters(
        season_length,
        models,
        row_weights,
        step_weights,
        np.empty(0),
        np.array(_PROBABILITIES),
        np.zeros((2, MAX_HORIZONS[season_length], 1)),
    )

    def path(part: TrainingSet) -> FloatArray:
        return np.asarray((compute_weights(start, part.rows, MAX_HORIZONS[season_length]) * part.paths).sum(axis=2))

    spread = _fit_spread(training_sets, path)
    quantiles = np.array(
        [
            _fit_quantiles([part for part in training_sets if part.is_log is kind], season_length, path, spread)
            for kind in (False, True)
        ]
    )
    return EnsembleParameters(
        season_length, models, row_weights, step_weights, spread, np.array(_PROBABILITIES), quantiles
    )
