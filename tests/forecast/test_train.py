"""Training: a new row of MODELS changes nothing before a training, and gets a weight from a quick one."""

import json
from pathlib import Path

import numpy as np
import pytest

from observatory.forecast import models, train
from observatory.forecast.engine import forecast_matrix, forecast_members
from observatory.forecast.ensemble_weights import load_parameters, read_parameters
from observatory.forecast.models import ForecastModel, select_pool
from observatory.forecast.preprocessing import AdjustedHistories
from observatory.settings import project_root
from observatory.timeseries import FloatArray

LEVELS = (80,)


def halfway(history: AdjustedHistories, steps: int) -> FloatArray:
    """A toy model: halfway between the last value and the mean of the last four."""
    recent = np.nanmean(history.deseasonalized[:, -4:], axis=1)
    return np.repeat(((history.last_values + recent) / 2)[:, None], steps, axis=1)


@pytest.fixture
def histories() -> FloatArray:
    rng = np.random.default_rng(20261130)
    return np.exp(np.cumsum(rng.normal(0.02, 0.1, size=(6, 48)), axis=1)) * 100


@pytest.fixture
def toy_model(monkeypatch: pytest.MonkeyPatch) -> ForecastModel:
    row = ForecastModel("halfway", halfway, "log")
    monkeypatch.setattr(models, "MODELS", (*models.MODELS, row))
    return row


def test_a_model_without_a_trained_weight_changes_no_forecast(
    histories: FloatArray, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before a training the engine does not run a new row of MODELS; the backtest scores it alone all the same."""
    before = forecast_matrix(histories, 4, 8, LEVELS)
    monkeypatch.setattr(models, "MODELS", (*models.MODELS, ForecastModel("halfway", halfway, "log")))
    after = forecast_matrix(histories, 4, 8, LEVELS)
    np.testing.assert_array_equal(after.median, before.median)
    np.testing.assert_array_equal(after.low, before.low)
    assert np.isfinite(forecast_members(histories, 4, 8)["halfway"]).all()


@pytest.mark.slow
def test_quick_training_gives_a_new_model_a_weight(
    toy_model: ForecastModel, histories: FloatArray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row of MODELS and `--quick --output FILE` are the whole recipe: the engine then averages the model."""
    monkeypatch.setattr(train, "_QUICK_SERIES", 4)
    output = tmp_path / "weights.json"
    shipped = (project_root() / "observatory/forecast/ensemble_weights.json").read_bytes()
    assert train.main(["--quick", "--output", str(output)]) == 0
    assert (project_root() / "observatory/forecast/ensemble_weights.json").read_bytes() == shipped
    for season_length in (1, 4, 12):
        parameters = read_parameters(season_length, output)
        assert parameters.models == tuple(row.id for row in select_pool(season_length))
        assert toy_model.id in parameters.models
        assert (np.diff(parameters.quantiles, axis=2) >= 0).all()
    forecast = forecast_matrix(histories, 4, 8, LEVELS, read_parameters(4, output))
    assert np.isfinite(forecast.median).all()
    assert (forecast.low[:, :, 0] <= forecast.median).all()


@pytest.mark.slow
def test_training_twice_writes_the_same_bytes(tmp_path: Path) -> None:
    """Training is deterministic."""
    sample = {1: train.read_curated_sample(project_root() / "data", 3)[1]}
    for name in ("a.json", "b.json"):
        train.train(sample, tmp_path / name)
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_quick_training_or_a_folder_but_not_both(capsys: pytest.CaptureFixture[str]) -> None:
    """A call without a folder and without --quick, or with both, is refused."""
    for arguments in ([], ["folder", "--quick"]):
        with pytest.raises(SystemExit):
            train.main(arguments)
        assert "FOLDER or --quick" in capsys.readouterr().err


def test_weights_of_an_unknown_model_name_the_command(tmp_path: Path) -> None:
    """A file that names a model which MODELS lacks is refused with the command that trains again."""
    file = tmp_path / "weights.json"
    file.write_text(json.dumps({"by_season": {"1": load_parameters(1).to_json() | {"models": ["gone"]}}}))
    with pytest.raises(ValueError, match=r"observatory\.forecast\.train"):
        read_parameters(1, file)
