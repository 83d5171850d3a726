"""The engine: histories as one matrix to forecasts with intervals, all rows at once, numpy alone.

Rows come and go in pieces of a few hundred, so that what a piece needs stays in the processor's cache and memory
does not grow with the number of series.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from observatory.forecast.ensemble import offsets, scales, weights
from observatory.forecast.ensemble_weights import Learned, learned
from observatory.forecast.features import paths_of, row_features, spread_features
from observatory.forecast.models import MODELS, pool
from observatory.forecast.preprocessing import Prepared, Scale, prepare
from observatory.timeseries import Floats

YEARS_KEPT = {1: 60, 4: 30, 12: 25}  # older years teach nothing
PIECE = 256  # rows worked on at once
FARTHEST = 10.0  # no figure passes ten times the largest value ever seen


@dataclass(frozen=True)
class Projection:
    """Forecasts in units: `median` rows x steps, `low` and `high` rows x steps x levels."""

    median: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class Expected:
    """What is expected of some rows on the common scale: the path and the size of its error, rows x steps."""

    scale: Scale
    path: Floats
    error: Floats
    known: Learned

    def quantiles(self, probabilities: Floats) -> Floats:
        """Rows x steps x probabilities, still on the common scale."""
        return np.asarray(self.path[:, :, None] + offsets(self.known, self.error, self.scale.logs, probabilities))


def expect(prepared: Prepared, known: Learned, steps: int) -> Expected:
    """The weighted path of the pool and the predicted size of its error, for one piece of rows."""
    paths = paths_of(prepared, pool(known.season), steps)
    rows = row_features(prepared)
    path = (weights(known, rows, steps) * paths).sum(axis=2)
    error = scales(known, spread_features(prepared, rows, paths, known.far))
    return Expected(prepared.scale, path, error, known)


def project(y: Floats, per_year: int, steps: int, levels: Sequence[int], known: Learned | None = None) -> Projection:
    """Forecasts of histories (rows x periods, right-aligned on their origin, NaN where absent), in their units.

    `per_year` is 1, 4 or 12 and also the season; `levels` are in percent. Every row needs at least one finite value.
    `known` stands in for the file of what was learned (to judge a data set that was left out).
    """
    parts = [_piece(rows, known or learned(per_year), steps, levels) for rows in pieces(y, per_year)]
    return Projection(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("median", "low", "high")))


def chances(y: Floats, per_year: int, steps: int, above: Floats, known: Learned | None = None) -> Floats:
    """The probability that each step (rows x steps) is above a value of its row, from the same quantiles."""
    known = known or learned(per_year)
    found, start = [], 0
    for rows in pieces(y, per_year):
        expected = expect(prepare(rows, per_year), known, steps)
        quantiles = expected.quantiles(known.probabilities)
        value = expected.scale.scaled(above[start : start + len(rows)])
        start += len(rows)
        lines = [
            [np.interp(value[row], quantiles[row, step], known.probabilities) for step in range(steps)]
            for row in range(len(rows))
        ]
        found.append(1 - np.array(lines))
    return np.concatenate(found)


def members(y: Floats, per_year: int, steps: int) -> dict[str, Floats]:
    """What each model says alone, by its id: rows x steps, in units."""
    rows = [row for row in MODELS if row.kind == "reference" or row in pool(per_year)]
    parts = []
    for piece in pieces(y, per_year):
        prepared = prepare(piece, per_year)
        parts.append(prepared.scale.units(paths_of(prepared, rows, steps)))
    paths = np.concatenate(parts)
    return {row.id: paths[:, :, place] for place, row in enumerate(rows)}


def references(prepared: Prepared, steps: int) -> tuple[Floats, Floats]:
    """The naive and the seasonal naive path of one piece of rows, on the common scale."""
    rows = [row for row in MODELS if row.id in ("naive", "seasonal_naive")]
    paths = paths_of(prepared, rows, steps)
    return paths[:, :, 0], paths[:, :, 1]


def pieces(y: Floats, per_year: int) -> list[Floats]:
    """The rows a few hundred at a time, without the columns that none of them needs."""
    kept = y[:, -YEARS_KEPT[per_year] * per_year :]
    found = []
    for start in range(0, len(kept), PIECE):
        piece = kept[start : start + PIECE]
        found.append(piece[:, int(np.argmax(np.isfinite(piece).any(axis=0))) :])
    return found


def bounds(y: Floats) -> tuple[Floats, Floats]:
    """What no figure of a row may pass: zero where it never was below, ten times the largest value ever seen."""
    filled = np.where(np.isfinite(y), y, 0.0)
    far = FARTHEST * np.abs(filled).max(axis=1)
    return np.where((filled < 0).any(axis=1), -far, 0.0), far


def _piece(y: Floats, known: Learned, steps: int, levels: Sequence[int]) -> Projection:
    expected = expect(prepare(y, known.season), known, steps)
    half = np.array([(100 - level) / 200 for level in levels])
    figures = np.concatenate([expected.path[:, :, None], expected.quantiles(np.append(half, 1 - half))], axis=2)
    least, most = bounds(y)
    figures = np.clip(expected.scale.units(figures), least[:, None, None], most[:, None, None])
    count = len(levels)
    return Projection(figures[:, :, 0], figures[:, :, 1 : 1 + count], figures[:, :, 1 + count :])
