"""Trained parameters of the ensemble: weights of the models and error sizes, as plain arrays in one small JSON file.

`python -m observatory.forecast.train` writes the file; reading it needs no scikit-learn. The file also states the data
sets of its training and the fit on each. A model that the file does not name has weight zero: the engine does not run
it, so that a new row of MODELS changes no forecast before a training gives it a weight.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from observatory.forecast.models import get_models
from observatory.timeseries import FloatArray

PARAMETERS_FILE = Path(__file__).with_name("ensemble_weights.json")
_ARRAY_NAMES = ("row_weights", "step_weights", "spread", "probabilities", "quantiles")


@dataclass(frozen=True)
class EnsembleParameters:
    """The parameters of one season length.

    `row_weights` (features x models) and `step_weights` (2 x models) give the logits of the weights of `models`,
    `spread` the log of the error scale; `quantiles` (2 x steps x probabilities) are those of error / scale at
    `probabilities`: first of rows on their own scale, then of rows on logs.
    """

    season_length: int
    models: tuple[str, ...]
    row_weights: FloatArray
    step_weights: FloatArray
    spread: FloatArray
    probabilities: FloatArray
    quantiles: FloatArray

    @property
    def max_horizon(self) -> int:
        """The longest horizon of the training, in periods; farther ones are at least as uncertain."""
        return int(self.quantiles.shape[1])

    def to_json(self) -> dict[str, Any]:
        """Plain lists, rounded to four decimals."""
        return {"models": list(self.models)} | {
            name: np.round(getattr(self, name), 4).tolist() for name in _ARRAY_NAMES
        }


@cache
def load_parameters(season_length: int) -> EnsembleParameters:
    """The shipped parameters of a season length (1, 4 or 12)."""
    return read_parameters(season_length, PARAMETERS_FILE)


def read_parameters(season_length: int, file: Path) -> EnsembleParameters:
    """The parameters of one season length from a file. Raises ValueError if it names a model that MODELS lacks."""
    row = json.loads(file.read_text(encoding="utf-8"))["by_season"][str(season_length)]
    ids = tuple(row["models"])
    try:
        get_models(ids)
    except KeyError as error:
        raise ValueError(
            f"{file.name} was learned with other models: train again (python -m observatory.forecast.train)"
        ) from error
    arrays = (np.array(row[name], dtype=float) for name in _ARRAY_NAMES)
    return EnsembleParameters(season_length, ids, *arrays)
