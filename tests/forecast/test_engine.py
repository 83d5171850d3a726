"""The engine on any matrix of histories: ranges, bounds, scale, time, and nothing but numpy to serve it."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from observatory.forecast.engine import (
    compute_exceedance,
    compute_rise_probability,
    forecast_matrix,
    forecast_members,
)
from tests.support.paths import ROOT

LEVELS = [50, 80, 95]


def walks(season: int, rows: int = 7) -> np.ndarray:
    """Series that grow by 2 % a year: their ranges stay clear of ten times the largest value, where they are cut."""
    width = 20 * season if season > 1 else 25
    moves = np.random.default_rng(season).normal(0.02 / season, 0.1 / np.sqrt(season), (rows, width))
    trend = np.cumsum(moves, axis=1)
    wave = 0.2 * np.sin(np.arange(width) / season * 2 * np.pi) if season > 1 else 0.0
    return np.asarray(1000 * np.exp(trend + wave))


@pytest.mark.parametrize("season", [1, 4, 12])
def test_ranges_are_nested_widen_and_contain_the_median(season: int) -> None:
    """Each level contains the one below it; on the scale of logs each side moves away from the median step by step."""
    found = forecast_matrix(walks(season), season, 5 * season, LEVELS)
    assert (np.diff(found.high, axis=2) >= 0).all()
    assert (np.diff(found.low, axis=2) <= 0).all()
    middle = np.log(found.median[:, :, None])
    assert (np.diff(np.log(found.high) - middle, axis=1) >= -1e-9).all()
    assert (np.diff(middle - np.log(found.low), axis=1) >= -1e-9).all()


@pytest.mark.parametrize("season", [1, 4, 12])
def test_no_unit_matters(season: int) -> None:
    """The same histories in thousands give the same figures in thousands."""
    y = walks(season)
    y[0] -= 1500  # mixed signs
    one, thousand = forecast_matrix(y, season, 6, LEVELS), forecast_matrix(y / 1000, season, 6, LEVELS)
    np.testing.assert_allclose(thousand.median * 1000, one.median, rtol=1e-7)
    np.testing.assert_allclose(thousand.low * 1000, one.low, rtol=1e-7, atol=1e-6)
    np.testing.assert_allclose(thousand.high * 1000, one.high, rtol=1e-7)


def test_a_row_does_not_depend_on_its_mates() -> None:
    """A series forecast alone, or among others and longer ones, gets the same figures."""
    y = walks(12)
    y[2, :100] = np.nan
    alone = forecast_matrix(y[2:3, 100:], 12, 18, LEVELS)
    among = forecast_matrix(y, 12, 18, LEVELS)
    np.testing.assert_allclose(among.median[2], alone.median[0], rtol=1e-9)
    np.testing.assert_allclose(among.high[2], alone.high[0], rtol=1e-9)


@pytest.mark.slow
@given(
    arrays(
        float,
        st.integers(3, 40),
        elements=st.one_of(st.floats(-1e9, 1e9, allow_subnormal=False), st.just(0.0), st.just(np.nan)),
    ),
    st.sampled_from([1, 4, 12]),
)
@settings(max_examples=150, deadline=None)
def test_any_history_gets_finite_nested_figures_within_its_bounds(values: np.ndarray, season: int) -> None:
    """Whatever the history (zeros, holes, jumps, one value): finite, in order, not negative where it never was."""
    if not np.isfinite(values).any():
        return
    found = forecast_matrix(values[None], season, 2 * season, LEVELS)
    for part in (found.median, found.low, found.high):
        assert np.isfinite(part).all()
    assert (found.low <= found.median[:, :, None] + 1e-9 * np.abs(found.median[:, :, None])).all()
    assert (found.high >= found.median[:, :, None] - 1e-9 * np.abs(found.median[:, :, None])).all()
    if np.nanmin(values) >= 0:
        assert (found.low >= 0).all()
    assert np.abs(found.high).max() <= 10 * np.nanmax(np.abs(values)) * (1 + 1e-9)


def test_chances_fall_as_the_bar_rises() -> None:
    """The probability to be above a value is near one far below, near zero far above, and a half at the median."""
    y = walks(1)
    middle = forecast_matrix(y, 1, 3, [80]).median
    assert (compute_exceedance(y, 1, 3, y[:, -1] / 50) > 0.98).all()
    assert (compute_exceedance(y, 1, 3, y[:, -1] * 50) < 0.02).all()
    near = [compute_exceedance(y, 1, 3, middle[:, step])[:, step] for step in range(3)]
    np.testing.assert_allclose(near, 0.5, atol=0.2)  # the path is the middle of the models, nearly that of the errors


def test_the_members_are_named_and_the_naive_one_is_the_last_value() -> None:
    """Each model alone, by its id; the naive and seasonal naive paths are what their names say."""
    y = walks(12)
    found = forecast_members(y, 12, 14)
    np.testing.assert_allclose(found["naive"], np.repeat(y[:, -1:], 14, axis=1))
    np.testing.assert_allclose(found["seasonal_naive"][:, :12], y[:, -12:])


def test_a_first_forecast_imports_neither_pandas_nor_scikit_learn() -> None:
    """What serves a forecast is numpy: the rest of the house is not loaded for it."""
    script = (
        "import sys, numpy as np\n"
        "from observatory.forecast.engine import forecast_matrix\n"
        "forecast_matrix(np.arange(1.0, 40.0)[None], 12, 12, [80])\n"
        "print([name for name in ('pandas', 'sklearn', 'scipy', 'streamlit', 'sqlalchemy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_count_that_stays_is_no_rise() -> None:
    """Of counts, a tie is no rise: asked above the last value and one half; of other values, above the last value."""
    rng = np.random.default_rng(5)
    counts = rng.integers(2, 5, (20, 30)).astype(float)
    rise, above = compute_rise_probability(counts, 1, 3), compute_exceedance(counts, 1, 3, counts[:, -1])
    np.testing.assert_array_equal(rise, compute_exceedance(counts, 1, 3, counts[:, -1] + 0.5))
    assert rise.mean() < above.mean() - 0.05
    measured = counts + 0.25
    np.testing.assert_array_equal(
        compute_rise_probability(measured, 1, 3), compute_exceedance(measured, 1, 3, measured[:, -1])
    )
