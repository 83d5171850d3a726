"""What was learned from other series: weights of the models and sizes of errors, as plain arrays in one small file.

Written by `python -m observatory.forecast.train`; read without scikit-learn. The file also says what it was learned
from and how well it did there.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from observatory.forecast.models import select_pool
from observatory.timeseries import FloatArray

PARAMETERS_FILE = Path(__file__).with_name("learned.json")


@dataclass(frozen=True)
class EnsembleParameters:
    """The arrays of one frequency.

    `row_weights` (features x models) and `step_weights` (2 x models) give the logits of the models' weights, `spread`
    the log of the error scale; `quantiles` (2 x steps x probabilities) are those of error / scale at `probabilities`,
    of rows on their own scale and of rows on logs.
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
        """The longest horizon that was learned; farther ones are taken to be as uncertain as it is, and more."""
        return int(self.quantiles.shape[1])

    def to_json(self) -> dict[str, Any]:
        """Plain lists, rounded to what matters."""
        arrays = ("row_weights", "step_weights", "spread", "probabilities", "quantiles")
        return {"models": list(self.models)} | {name: np.round(getattr(self, name), 4).tolist() for name in arrays}


@cache
def load_parameters(season_length: int) -> EnsembleParameters:
    """What was learned for a season (1, 4 or 12)."""
    return read_parameters(season_length, PARAMETERS_FILE)


def read_parameters(season_length: int, file: Path) -> EnsembleParameters:
    """The arrays of one season from a file. Raises ValueError if it is of another pool of models."""
    row = json.loads(file.read_text(encoding="utf-8"))["by_season"][str(season_length)]
    known = tuple(model.id for model in select_pool(season_length))
    if tuple(row["models"]) != known:
        raise ValueError(
            f"{file.name} was learned with other models: train again (python -m observatory.forecast.train)"
        )
    names = ("row_weights", "step_weights", "spread", "probabilities", "quantiles")
    return EnsembleParameters(season_length, known, *(np.array(row[name], dtype=float) for name in names))
