"""The contract of every forecasting model: one test over all rows of MODELS."""

import numpy as np
import pytest

from observatory.forecast.models import MODELS, Model

RNG = np.random.default_rng(20261122)
SEASON, STEPS = 4, 9


def rows() -> np.ndarray:
    y = np.cumsum(RNG.normal(size=(6, 40)), axis=1) + 50
    y[1, :15] = np.nan  # began later
    y[2, 20:23] = np.nan  # absent periods
    y[3, :] = 7.0  # constant
    return y


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.id)
def test_contract(model: Model) -> None:
    """Finite paths of the asked length, the same twice, unmoved by other rows, in step with scale and origin."""
    y = rows()
    path = model.forecast(y, SEASON, STEPS)
    assert path.shape == (len(y), STEPS)
    assert np.isfinite(path).all()
    np.testing.assert_array_equal(path, model.forecast(y.copy(), SEASON, STEPS))
    np.testing.assert_allclose(path[2:3], model.forecast(y[2:3], SEASON, STEPS), rtol=1e-9)
    np.testing.assert_allclose(path[3], 7.0, rtol=1e-6)
    np.testing.assert_allclose(model.forecast(y * 3, SEASON, STEPS), path * 3, rtol=1e-4)
    padded = np.concatenate([np.full((len(y), 10), np.nan), y], axis=1)
    np.testing.assert_allclose(model.forecast(padded, SEASON, STEPS), path, rtol=1e-6)


def test_ids_are_unique_and_there_are_references() -> None:
    """Each model has its own id; at least one is a reference and one is not."""
    assert len({row.id for row in MODELS}) == len(MODELS)
    assert {row.reference for row in MODELS} == {True, False}
