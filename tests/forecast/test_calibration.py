"""Ranges of a file calibrated on its own past: the factors, what they use, and what they leave alone."""

from statistics import NormalDist

import numpy as np
import pytest

from observatory.forecast.batch import ComputeBackend, calibrate_file, iterate_forecasts
from observatory.forecast.calibration import calibrate_intervals
from observatory.forecast.engine import forecast_matrix
from observatory.forecast.evaluation import ALL_HORIZONS, OWN_MODEL, backtest_models
from observatory.settings import INTERVAL_LEVELS
from observatory.timeseries import RaggedPanel

LEVELS = list(INTERVAL_LEVELS)
STEPS = 4


def walks(rng: np.random.Generator, rows: int = 12, width: int = 40) -> np.ndarray:
    """Yearly series with errors of their own, as those of the training."""
    return np.asarray(1000 * np.exp(np.cumsum(rng.normal(0.02, 0.06, (rows, width)), axis=1)))


def shaken(rng: np.random.Generator, rows: int = 12, width: int = 40, every: int = 7) -> np.ndarray:
    """The same, but all fall together by a third every few years, after quiet ones."""
    moves = rng.normal(0.02, 0.02, (rows, width))
    moves[:, ::every] -= 0.4
    return np.asarray(1000 * np.exp(np.cumsum(moves, axis=1)))


def table(y: np.ndarray) -> RaggedPanel:
    """Yearly series that all begin in 1980."""
    count, width = y.shape
    return RaggedPanel(
        "A",
        tuple(f"s{row}" for row in range(count)),
        np.arange(count) + 2,
        np.full(count, 1980),
        np.arange(count + 1) * width,
        y.ravel(),
    )


def compute_expected_factor(y: np.ndarray, level: int) -> float:
    """The factor of a level from the documented formula, with the exact normal distribution."""
    sizes, ratios = [], []
    for number in range(1, 13):
        cut = y.shape[1] - number * STEPS
        if cut < 8:
            break
        found = forecast_matrix(y[:, :cut], 1, STEPS, [80, level])
        error = np.log(y[:, cut : cut + STEPS]) - np.log(found.median)
        low, high = (np.abs(np.log(part) - np.log(found.median)[:, :, None]) for part in (found.low, found.high))
        by_level = np.abs(error)[:, :, None] / np.where(error[:, :, None] < 0, low, high)
        sizes.append(np.log(np.minimum(by_level[:, :, 0], 5).mean()))
        ratios.append(np.log(by_level[:, :, 1]).ravel() - sizes[-1])
    count = len(sizes)
    variance = (4 * 0.3**2 + np.sum((np.array(sizes) - np.mean(sizes)) ** 2)) / (4 + count - 1) * (1 + 1 / count)
    shift = NormalDist(float(np.mean(sizes)), float(np.sqrt(variance)))
    grid = np.linspace(-1, 3, 81)
    below = [np.mean([shift.cdf(x - own) for own in np.concatenate(ratios)]) for x in grid]
    quantile = float(np.interp(level / 100, below, grid))
    return float(np.exp(quantile * count / (count + 4)))


@pytest.mark.parametrize("level", [80, 95])
def test_a_factor_is_the_quantile_of_an_error_times_a_common_size(rng: np.random.Generator, level: int) -> None:
    """Worked out anew from the forecasts at each origin: errors without their common size, and a log-normal size."""
    y = shaken(rng)
    (factor,) = calibrate_intervals(y, 1, STEPS, [level])[1]
    assert factor > 1.1
    assert factor == pytest.approx(compute_expected_factor(y, level), rel=0.03)


def test_quiet_files_keep_their_ranges(rng: np.random.Generator) -> None:
    """Series that err each for itself, as those of the training, are widened by 5 % at most, and never narrowed."""
    factors = calibrate_intervals(walks(rng, 60), 1, STEPS, LEVELS)
    assert factors.max() < 1.05
    assert factors.min() == 1


def test_shaken_files_hold_more_of_their_outcomes() -> None:
    """Over twenty files whose series fall together now and then, 95 % ranges come nearer to .95 and do not pass it."""
    trained: list[float] = []
    calibrated: list[float] = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        moves = rng.normal(0.02, 0.04, (12, 40)) - 0.25 * (rng.random(40) < 0.12)
        y = 1000 * np.exp(np.cumsum(moves, axis=1))
        history, actual = y[:, :-STEPS], y[:, -STEPS:]
        for factors, hits in ((None, trained), (calibrate_intervals(history, 1, STEPS, [95]), calibrated)):
            found = forecast_matrix(history, 1, STEPS, [95], factors=factors)
            hits.append(float(((found.low[:, :, 0] <= actual) & (actual <= found.high[:, :, 0])).mean()))
    assert np.mean(trained) < 0.93
    assert np.mean(trained) + 0.015 < np.mean(calibrated) < 0.95


def test_factors_do_not_depend_on_units(rng: np.random.Generator) -> None:
    """The same series in thousands have the same factors."""
    y = shaken(rng)
    np.testing.assert_allclose(
        calibrate_intervals(y / 1000, 1, STEPS, LEVELS), calibrate_intervals(y, 1, STEPS, LEVELS), rtol=1e-6
    )


def test_constant_and_intermittent_rows_count_for_nothing(rng: np.random.Generator) -> None:
    """Beside them the others have the factors that they have alone."""
    y = shaken(rng)
    rare = np.where(rng.random((5, y.shape[1])) < 0.2, 10.0, 0.0)
    rare[:, :4], rare[:, -8:] = [10.0, 0.0, 0.0, 10.0], 500.0
    among = np.concatenate([rare, np.full((3, y.shape[1]), 5.0), y])
    np.testing.assert_allclose(
        calibrate_intervals(among, 1, STEPS, LEVELS), calibrate_intervals(y, 1, STEPS, LEVELS), rtol=1e-6
    )


def test_a_short_past_widens_nothing(rng: np.random.Generator) -> None:
    """Eleven years leave no origin a horizon before the end; an empty file has factors, too."""
    assert (calibrate_intervals(shaken(rng)[:, :11], 1, STEPS, LEVELS) == 1).all()
    assert (calibrate_intervals(np.empty((0, 1)), 1, STEPS, LEVELS) == 1).all()


def test_values_held_back_are_not_used(rng: np.random.Generator) -> None:
    """The factors of an earlier origin are those of the file that ended there, whatever came later."""
    y = shaken(rng)
    then = calibrate_file(table(y[:, :-STEPS]), STEPS, LEVELS)
    y[:, -STEPS:] *= 9
    np.testing.assert_array_equal(calibrate_file(table(y), STEPS, LEVELS, held_back=STEPS), then)


def test_ranges_stay_nested_and_medians_unmoved(rng: np.random.Generator) -> None:
    """A factor of 3 at 50 % alone would pass the 95 % limits: they move with it, in whatever order levels are asked."""
    y = walks(rng)
    trained = forecast_matrix(y, 1, STEPS, [95, 50, 80])
    widened = forecast_matrix(y, 1, STEPS, [95, 50, 80], factors=np.tile([1.0, 3.0, 1.0], (2, 1)))
    np.testing.assert_array_equal(widened.median, trained.median)
    assert (widened.high[:, :, 1] > trained.high[:, :, 1]).all()
    assert (widened.high[:, :, 0] >= widened.high[:, :, 2]).all()
    assert (widened.high[:, :, 2] >= widened.high[:, :, 1]).all()
    assert (widened.low[:, :, 0] <= widened.low[:, :, 1]).all()


def test_a_file_is_widened_and_one_series_is_a_file(rng: np.random.Generator) -> None:
    """The command widens the ranges of a file that was shaken, and those of one such series alone."""
    y = shaken(rng)
    for rows in (y, y[:1]):
        (found,) = iterate_forecasts(table(rows), STEPS, LEVELS, ComputeBackend())
        trained = forecast_matrix(rows, 1, STEPS, LEVELS)
        np.testing.assert_allclose(found.quantiles[:, :, 0], trained.median)
        assert (found.quantiles[:, :, 6] > 1.05 * trained.high[:, :, 2]).all()


def test_a_backtest_calibrates_each_origin_on_what_was_known(rng: np.random.Generator) -> None:
    """Its coverage is that of the ranges of the shortened file at each origin, not that of the ranges as trained."""
    y = shaken(rng)
    hits: list[np.ndarray] = []
    trained_hits: list[np.ndarray] = []
    for number in (1, 2):
        cut = y.shape[1] - number * STEPS
        actual = y[:, cut : cut + STEPS, None]
        for factors, kept in ((calibrate_intervals(y[:, :cut], 1, STEPS, LEVELS), hits), (None, trained_hits)):
            found = forecast_matrix(y[:, :cut], 1, STEPS, LEVELS, factors=factors)
            kept.append(((found.low <= actual) & (actual <= found.high)).mean(axis=(0, 1)))
    scores = backtest_models(table(y), STEPS, 2, ComputeBackend())
    (own,) = (row for row in scores if row.model == OWN_MODEL and row.horizon == ALL_HORIZONS)
    assert own.coverage == pytest.approx(np.mean(hits, axis=0))
    assert own.coverage != pytest.approx(np.mean(trained_hits, axis=0))
