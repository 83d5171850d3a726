"""Validation of a lead: the growth of its market forecast at each past origin, with and without the lead."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from observatory.memo import remember
from observatory.outlook.leads.lead_lag import MAX_LAG_YEARS, LeadLagPair
from observatory.timeseries import FloatArray

MIN_ORIGIN_YEARS = 8  # years of forecasts that can be judged
_MIN_TRAINING_YEARS = 8  # known outcomes before the first of them
_RIDGE_PENALTY_YEARS = 2.0  # so many years without any effect are added to those seen
_MAX_DEVIATIONS = 3.0  # a swing like that of 2020 is taken for so many standard deviations of those known before
_MEAN, _OWN, _LEAD, _BOTH = range(4)  # own mean; and own latest growth; own mean and lead; all three
_REGRESSORS = {_MEAN: (), _OWN: (1,), _LEAD: (2,), _BOTH: (1, 2)}  # places in (1, own, lead, outcome)


@dataclass(frozen=True)
class LeadValidation:
    """Skill of a lead at past origins: `gain` is 1 - squared error with it / without it.

    `halves` are the gains in the earlier and the later half, `origins` years of forecasts, `lag` the steps that would
    be chosen today. Without it means own mean, or own mean and latest growth: whichever did better.
    """

    lag: int
    gain: float
    half_gains: tuple[float, float]
    origin_years: int

    @property
    def is_useful(self) -> bool:
        """Whether the lead improved the forecasts: over all, and in each half, so that no one crisis decides."""
        return self.origin_years >= MIN_ORIGIN_YEARS and self.gain > 0 and min(self.half_gains) > 0


@dataclass(frozen=True)
class LeadBacktest:
    """Forecasts at past origins: places on the grid (the last may be today), lags chosen, errors (NaN: not known yet).

    The rows of `errors` are those of own mean, own latest growth too, lead, and all three.
    """

    origins: NDArray[np.intp]
    lags: NDArray[np.intp]
    errors: FloatArray


@remember(size=8192)  # all pairs of two panels
def validate_lead(pair: LeadLagPair) -> LeadValidation | None:
    """The skill of a lead at past origins; None where no origin can be scored."""
    made = backtest_lead(pair)
    judged = np.isfinite(made.errors).all(axis=0)
    squares = made.errors[:, judged] ** 2
    if squares.shape[1] < 2:
        return None
    without, with_it = (_MEAN, _LEAD) if squares[_MEAN].sum() <= squares[_OWN].sum() else (_OWN, _BOTH)
    middle = squares.shape[1] // 2
    gains = [_compute_gain(squares[with_it, part], squares[without, part]) for part in _split_halves(middle)]
    return LeadValidation(int(made.lags[-1]), gains[0], (gains[1], gains[2]), squares.shape[1] // pair.per_year)


def backtest_lead(pair: LeadLagPair) -> LeadBacktest:
    """Forecasts of a market's growth at each past origin, with and without the lead.

    At each origin the lag (one step to three years) is the one with the highest correlation known then, the
    regressions are fitted on outcomes published by then, and the forecast is that of growth so many steps later.
    """
    begin, moments, rows = _accumulate_moments(pair)
    lags, steps = moments.shape[:2]
    origins = np.arange(steps)
    # What is known at step i of the lead: outcomes up to i - late, so rows that began a lag earlier.
    last = origins[None, :] - pair.publication_delay - np.arange(1, lags + 1)[:, None]
    known_moments = np.where((last >= 0)[:, :, None, None], moments[np.arange(lags)[:, None], np.maximum(last, 0)], 0.0)
    chosen, score = _choose_lags(known_moments, _MIN_TRAINING_YEARS * pair.per_year)
    usable = np.flatnonzero(np.isfinite(score))
    fitted, asked = known_moments[chosen[usable], usable], rows[chosen[usable], usable]
    errors = np.array(
        [asked[:, 3] - _forecast_outcomes(fitted, asked, names, pair.per_year) for names in _REGRESSORS.values()]
    )
    return LeadBacktest(usable + begin, chosen[usable] + 1, errors)


def _split_halves(middle: int) -> tuple[slice, slice, slice]:
    return slice(None), slice(middle), slice(middle, None)


def _compute_gain(with_it: FloatArray, without: FloatArray) -> float:
    return float(1 - with_it.sum() / max(float(without.sum()), 1e-12))


def _accumulate_moments(pair: LeadLagPair) -> tuple[int, FloatArray, FloatArray]:
    """The first step; from there rows (1, own latest swing, lead's swing, outcome), lags x steps x 4; their products.

    The products of the columns of a row are summed up to each step.
    """
    reach = MAX_LAG_YEARS * pair.per_year
    size = max(len(pair.lead.detrended), len(pair.market.detrended))
    x, own, y = (np.full(size + reach, np.nan) for _ in range(3))
    x[: len(pair.lead.detrended)] = pair.lead.detrended
    own[pair.publication_delay : pair.publication_delay + len(pair.market.detrended)] = pair.market.detrended[
        : size + reach - pair.publication_delay
    ]
    y[: len(pair.market.growth)] = pair.market.growth
    begin = int(np.argmax(np.isfinite(x)))
    places = np.arange(begin, size)
    rows = np.stack(
        [
            np.column_stack([np.ones(len(places)), own[places], x[places], y[places + lag]])
            for lag in range(1, reach + 1)
        ]
    )
    whole = np.isfinite(rows).all(axis=2)
    filled = np.where(whole[:, :, None], rows, 0.0)
    return begin, np.cumsum(filled[:, :, :, None] * filled[:, :, None, :], axis=1), rows


def _choose_lags(moments: FloatArray, min_count: int) -> tuple[NDArray[np.intp], FloatArray]:
    """The lag with the highest correlation of lead and outcome at each origin, and that correlation (NaN: none)."""
    count = np.maximum(moments[..., 0, 0], 1)
    mean = moments[..., 0, :] / count[..., None]
    spread = np.diagonal(moments, axis1=2, axis2=3) / count[..., None] - mean**2
    size = spread[..., 2] * spread[..., 3]
    usable = (moments[..., 0, 0] >= min_count) & (size > 1e-18)
    together = moments[..., 2, 3] / count - mean[..., 2] * mean[..., 3]
    correlation = np.where(usable, together / np.sqrt(np.where(usable, size, 1.0)), -np.inf)
    chosen = np.argmax(correlation, axis=0)
    best = correlation[chosen, np.arange(correlation.shape[1])]
    return chosen, np.where(np.isfinite(best), best, np.nan)


def _forecast_outcomes(moments: FloatArray, rows: FloatArray, names: tuple[int, ...], per_year: int) -> FloatArray:
    """Own mean, plus a ridge regression on the named columns, all from the moments known at each origin."""
    count = moments[:, 0, 0]
    mean = moments[:, 0, :] / count[:, None]
    if not names:
        return np.where(np.isfinite(rows).all(axis=1), mean[:, 3], np.nan)
    columns = list(names)
    centred = moments / count[:, None, None] - mean[:, :, None] * mean[:, None, :]
    square = centred[:, columns][:, :, columns].copy()
    for place in range(len(columns)):
        square[:, place, place] = square[:, place, place] * (1 + _RIDGE_PENALTY_YEARS * per_year / count) + 1e-12
    far = _MAX_DEVIATIONS * np.sqrt(np.diagonal(centred, axis1=1, axis2=2)[:, columns])
    away = np.clip(rows[:, columns] - mean[:, columns], -far, far)
    slopes = np.linalg.solve(square, centred[:, columns, 3][:, :, None])[:, :, 0]
    return np.asarray(mean[:, 3] + (away * slopes).sum(axis=1))
