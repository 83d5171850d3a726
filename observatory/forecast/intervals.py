"""Intervals from backtest errors: a predicted error scale, then the quantiles of the scaled errors (conformal).

Split conformal prediction (Vovk, Gammerman and Shafer 2005) with a normalised score (Papadopoulos et al. 2008):
log|error| is regressed on the series' usual yearly move and on the horizon, all series of a frequency together.
"""

from dataclasses import dataclass

import numpy as np

from observatory.settings import LEVELS
from observatory.tables import Floats

FEWEST_ERRORS = 60  # fewer errors give no interval


@dataclass(frozen=True)
class Calibration:
    """How wide an interval must be: `coefficients` of log scale on features, `widths` by level."""

    coefficients: Floats
    widths: Floats

    def half_widths(self, moves: Floats, years: Floats) -> Floats:
        """Half the width of each interval, rows x steps x levels, never narrowing with the horizon."""
        scale = np.exp(_features(moves[:, None], years[None, :]) @ self.coefficients)
        scale = np.maximum.accumulate(scale, axis=1)
        return np.asarray(scale[:, :, None] * self.widths)


def calibrate(errors: Floats, moves: Floats, years: Floats, logs: bool) -> Calibration | None:
    """A calibration from past errors (flat arrays: error, usual yearly move, horizon in years); None if too few.

    On logs the scale is regressed. On their own scale series have too many errors of zero for that (a month without
    a launch): there it is the usual move times the square root of the horizon.
    """
    from sklearn.linear_model import Ridge  # 2 to 3 s to import, hence only where something is fitted

    known = np.isfinite(errors) & np.isfinite(moves)
    if known.sum() < FEWEST_ERRORS:
        return None
    size, features = np.abs(errors[known]), _features(moves[known], years[known])
    coefficients = np.array([0.0, 1.0, 0.5])
    if logs:
        floor = max(float(np.quantile(size, 0.05)), 1e-9)
        fit = Ridge(alpha=1.0, fit_intercept=False).fit(features, np.log(np.maximum(size, floor)))
        coefficients = np.asarray(fit.coef_)
    scaled = np.sort(size / np.exp(features @ coefficients))
    place = np.ceil((len(scaled) + 1) * np.array(LEVELS) / 100).astype(int) - 1
    return Calibration(coefficients, scaled[np.minimum(place, len(scaled) - 1)])


def _features(moves: Floats, years: Floats) -> Floats:
    move = np.log(np.maximum(moves, 1e-6)) + np.zeros_like(years)
    span = np.log(years) + np.zeros_like(move)
    return np.stack([np.ones_like(move), move, span], axis=-1)
