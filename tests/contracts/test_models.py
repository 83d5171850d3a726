"""The contract of every forecasting model: one test over all rows of MODELS."""

import numpy as np
import pytest

from observatory.forecast.ensemble_weights import load_parameters
from observatory.forecast.features import compute_model_paths
from observatory.forecast.models import MODELS, ForecastModel, select_pool
from observatory.forecast.preprocessing import prepare_histories

SEASON, STEPS = 4, 9


def rows(rng: np.random.Generator) -> np.ndarray:
    y = np.cumsum(rng.normal(size=(6, 40)), axis=1) + 50
    y[1, :15] = np.nan  # began later
    y[2, 20:23] = np.nan  # absent periods
    y[3, :] = 7.0  # constant
    y[4] -= 50  # mixed signs
    return y


def path(model: ForecastModel, y: np.ndarray) -> np.ndarray:
    prepared = prepare_histories(y, SEASON)
    return np.asarray(prepared.scale.to_units(compute_model_paths(prepared, [model], STEPS))[:, :, 0])


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.id)
def test_contract(model: ForecastModel, rng: np.random.Generator) -> None:
    """Finite paths of the asked length, the same twice, unmoved by other rows, in step with scale and origin."""
    y = rows(rng)
    given = path(model, y)
    assert given.shape == (len(y), STEPS)
    assert np.isfinite(given).all()
    np.testing.assert_array_equal(given, path(model, y.copy()))
    np.testing.assert_allclose(given[2:3], path(model, y[2:3]), rtol=1e-9)
    np.testing.assert_allclose(given[3], 7.0, rtol=1e-6)
    np.testing.assert_allclose(path(model, y * 3000), given * 3000, rtol=1e-6, atol=1e-6)
    padded = np.concatenate([np.full((len(y), 10), np.nan), y], axis=1)
    np.testing.assert_allclose(path(model, padded), given, rtol=1e-6)


def test_ids_are_unique_and_there_is_a_reference() -> None:
    """Each model has its own id; the naive forecast is there to be measured against, and is not in the pool."""
    assert len({row.id for row in MODELS}) == len(MODELS)
    assert [row.id for row in MODELS if row.kind == "reference"] == ["naive"]


@pytest.mark.parametrize("season", [1, 4, 12])
def test_what_was_learned_is_of_this_pool(season: int) -> None:
    """The shipped weights are of models of the pool (a new one has none yet); quantiles rise from 0 to 1."""
    known = load_parameters(season)
    assert set(known.models) <= {row.id for row in select_pool(season)}
    assert known.row_weights.shape[1] == known.step_weights.shape[1] == len(known.models)
    assert (np.diff(known.probabilities) > 0).all()
    assert (np.diff(known.quantiles, axis=2) >= 0).all()
    assert (known.quantiles[:, :, 0] < 0).all()
    assert (known.quantiles[:, :, -1] > 0).all()
