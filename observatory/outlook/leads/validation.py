"""Whether a lead would have helped: its market's growth forecast again at each past origin, with and without it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from observatory.outlook.leads.lead_lag import LONGEST_LAG, Pair
from observatory.timeseries import Floats

FEWEST_ORIGINS = 8  # years of forecasts that can be judged
LEARNING_YEARS = 8  # known outcomes before the first of them
RIDGE_YEARS = 2.0  # so many years without any effect are added to those seen
FARTHEST = 3.0  # a swing like that of 2020 is taken for so many standard deviations of those known before
MEAN, OWN, LEAD, BOTH = range(4)  # own mean; and own latest growth; own mean and lead; all three
REGRESSORS = {MEAN: (), OWN: (1,), LEAD: (2,), BOTH: (1, 2)}  # places in (1, own, lead, outcome)


@dataclass(frozen=True)
class Proof:
    """What a lead was worth at past origins: `gain` is 1 - squared error with it / without it.

    `halves` are the gains in the earlier and the later half, `origins` years of forecasts, `lag` the steps that would
    be chosen today. Without it means own mean, or own mean and latest growth: whichever did better.
    """

    lag: int
    gain: float
    halves: tuple[float, float]
    origins: int

    @property
    def helps(self) -> bool:
        """Whether the lead improved the forecasts: over all, and in each half, so that no one crisis decides."""
        return self.origins >= FEWEST_ORIGINS and self.gain > 0 and min(self.halves) > 0


@dataclass(frozen=True)
class Trials:
    """Forecasts at past origins: places on the grid (the last may be today), lags chosen, errors (NaN: not known yet).

    The rows of `errors` are those of own mean, own latest growth too, lead, and all three.
    """

    origins: NDArray[np.intp]
    lags: NDArray[np.intp]
    errors: Floats


def proof(pair: Pair) -> Proof | None:
    """What a lead was worth at past origins; None where no origin can be judged."""
    made = trials(pair)
    judged = np.isfinite(made.errors).all(axis=0)
    squares = made.errors[:, judged] ** 2
    if squares.shape[1] < 2:
        return None
    without, with_it = (MEAN, LEAD) if squares[MEAN].sum() <= squares[OWN].sum() else (OWN, BOTH)
    middle = squares.shape[1] // 2
    gains = [_gain(squares[with_it, part], squares[without, part]) for part in _parts(middle)]
    return Proof(int(made.lags[-1]), gains[0], (gains[1], gains[2]), squares.shape[1] // pair.per_year)


def trials(pair: Pair) -> Trials:
    """The market's growth forecast again at each past origin, with and without the lead.

    At each origin the lag (one step to three years) is the one with the highest correlation known then, the
    regressions are fitted on outcomes published by then, and the forecast is that of growth so many steps later.
    """
    begin, moments, rows = _moments(pair)
    lags, steps = moments.shape[:2]
    origins = np.arange(steps)
    # What is known at step i of the lead: outcomes up to i - late, so rows that began a lag earlier.
    last = origins[None, :] - pair.late - np.arange(1, lags + 1)[:, None]
    known = np.where((last >= 0)[:, :, None, None], moments[np.arange(lags)[:, None], np.maximum(last, 0)], 0.0)
    chosen, score = _lag(known, LEARNING_YEARS * pair.per_year)
    usable = np.flatnonzero(np.isfinite(score))
    fitted, asked = known[chosen[usable], usable], rows[chosen[usable], usable]
    errors = np.array([asked[:, 3] - _forecast(fitted, asked, names, pair.per_year) for names in REGRESSORS.values()])
    return Trials(usable + begin, chosen[usable] + 1, errors)


def _parts(middle: int) -> tuple[slice, slice, slice]:
    return slice(None), slice(middle), slice(middle, None)


def _gain(with_it: Floats, without: Floats) -> float:
    return float(1 - with_it.sum() / max(float(without.sum()), 1e-12))


def _moments(pair: Pair) -> tuple[int, Floats, Floats]:
    """The first step; from there rows (1, own latest swing, lead's swing, outcome), lags x steps x 4; their products.

    The products of the columns of a row are summed up to each step.
    """
    reach = LONGEST_LAG * pair.per_year
    size = max(len(pair.lead.swing), len(pair.market.swing))
    x, own, y = (np.full(size + reach, np.nan) for _ in range(3))
    x[: len(pair.lead.swing)] = pair.lead.swing
    own[pair.late : pair.late + len(pair.market.swing)] = pair.market.swing[: size + reach - pair.late]
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


def _lag(known: Floats, least: int) -> tuple[NDArray[np.intp], Floats]:
    """The lag with the highest correlation of lead and outcome at each origin, and that correlation (NaN: none)."""
    count = np.maximum(known[..., 0, 0], 1)
    mean = known[..., 0, :] / count[..., None]
    spread = np.diagonal(known, axis1=2, axis2=3) / count[..., None] - mean**2
    size = spread[..., 2] * spread[..., 3]
    usable = (known[..., 0, 0] >= least) & (size > 1e-18)
    together = known[..., 2, 3] / count - mean[..., 2] * mean[..., 3]
    found = np.where(usable, together / np.sqrt(np.where(usable, size, 1.0)), -np.inf)
    chosen = np.argmax(found, axis=0)
    best = found[chosen, np.arange(found.shape[1])]
    return chosen, np.where(np.isfinite(best), best, np.nan)


def _forecast(fitted: Floats, asked: Floats, names: tuple[int, ...], per_year: int) -> Floats:
    """Own mean, plus a ridge regression on the named columns, all from the moments known at each origin."""
    count = fitted[:, 0, 0]
    mean = fitted[:, 0, :] / count[:, None]
    if not names:
        return np.where(np.isfinite(asked).all(axis=1), mean[:, 3], np.nan)
    columns = list(names)
    centred = fitted / count[:, None, None] - mean[:, :, None] * mean[:, None, :]
    square = centred[:, columns][:, :, columns].copy()
    for place in range(len(columns)):
        square[:, place, place] = square[:, place, place] * (1 + RIDGE_YEARS * per_year / count) + 1e-12
    far = FARTHEST * np.sqrt(np.diagonal(centred, axis1=1, axis2=2)[:, columns])
    away = np.clip(asked[:, columns] - mean[:, columns], -far, far)
    slopes = np.linalg.solve(square, centred[:, columns, 3][:, :, None])[:, :, 0]
    return np.asarray(mean[:, 3] + (away * slopes).sum(axis=1))
