"""Intermittent series: ranges that hold what they say, zero where it is usual, and no other series touched."""

import numpy as np
import pytest

from observatory.forecast import engine
from observatory.forecast.engine import compute_exceedance, forecast_matrix
from observatory.forecast.intermittent import compute_value_weights, find_intermittent
from observatory.timeseries import FloatArray

LEVELS = [50, 80, 95]


def make(rng: np.random.Generator, kind: str, share: float, count: int = 250, months: int = 84) -> FloatArray:
    """Series whose values are not zero in a share of the months, with sizes of one kind."""
    shape = (count, months)
    sizes = {
        "lognormal": np.exp(rng.normal(3, 0.8, shape)),
        "poisson": 1.0 + rng.poisson(2.5, shape),
        "negative_binomial": 1.0 + rng.negative_binomial(1.2, 0.25, shape),
    }
    return np.asarray((rng.random(shape) < share) * sizes[kind])


@pytest.mark.parametrize("kind", ["lognormal", "poisson", "negative_binomial"])
@pytest.mark.parametrize("share", [0.1, 0.15, 0.2])
def test_ranges_hold_what_they_say(kind: str, share: float, rng: np.random.Generator) -> None:
    """Of made series with 10 to 20 % of values that are not zero, 95 % ranges hold 93 to 97 %, none excludes zero.

    An 80 % range holds at least its level, and no more than the zeros force it to.
    """
    y = make(rng, kind, share)
    found, actual = forecast_matrix(y[:, :-12], 12, 12, LEVELS), y[:, -12:]
    inside = ((found.low <= actual[:, :, None]) & (actual[:, :, None] <= found.high)).mean(axis=(0, 1))
    assert 0.93 <= inside[2] <= 0.97
    assert 0.79 <= inside[1] <= max(0.85, 1 - share + 0.02)
    assert (found.low == 0).all()


def test_the_season_of_an_intermittent_series_is_found() -> None:
    """Sales in six summers of seven and never in winter: winters end at little, summers do not, and both hold zero."""
    y = np.zeros((1, 84))
    for year in range(7):
        y[0, 12 * year + 5 : 12 * year + 8] = [10, 12, 11] if year != 3 else 0
    found = forecast_matrix(y, 12, 12, LEVELS)
    winter, summer = found.median[0, [0, 1, 2, 10, 11]], found.median[0, 5:8]
    assert (summer > 8).all()
    assert (winter < 1).all()
    assert (found.low[0, :, 2] == 0).all()
    assert (found.high[0, 5:8, 2] >= 12).all()


def test_one_value_is_no_season() -> None:
    """One March of five that is not zero says nothing of March: all months are alike, and low is zero."""
    y = np.zeros((1, 60))
    y[0, 50] = 5.0
    found = forecast_matrix(y, 12, 12, LEVELS)
    assert len(set(found.median[0])) == 1
    assert (found.low == 0).all()
    assert found.median[0, 0] < 0.2


def test_a_month_that_was_zero_in_half_of_the_years_may_be_zero_again(rng: np.random.Generator) -> None:
    """A series of some hundreds whose Augusts were zero in five years of nine: zero is in each range of August only."""
    y = rng.normal(300, 10, (1, 108))
    y[0, 7::12][[0, 2, 4, 6, 8]] = 0.0
    assert not find_intermittent(y, 12)[0]
    found = forecast_matrix(y, 12, 24, LEVELS)
    august = np.arange(24) % 12 == 7
    assert (found.low[0, august] == 0).all()
    assert (found.low[0, ~august] > 0).all()


@pytest.mark.parametrize("season", [1, 4, 12])
def test_no_other_series_is_touched(season: int, monkeypatch: pytest.MonkeyPatch, rng: np.random.Generator) -> None:
    """Beside intermittent rows, positive, mixed and seldom zero ones get the pool's figures, bit for bit."""
    y = 100 * np.exp(np.cumsum(rng.normal(0, 0.05, (6, 10 * season + 20)), axis=1))
    y[1] -= y[1].mean()
    y[2, :2] = 0.0
    y[3, 4:20] = np.nan
    y[4:] *= rng.random((2, y.shape[1])) < 0.3
    mine = forecast_matrix(y, season, 6, LEVELS)
    monkeypatch.setattr(engine, "_replace_intermittent", lambda *_: None)
    pool = forecast_matrix(y, season, 6, LEVELS)
    for name in ("median", "low", "high"):
        np.testing.assert_array_equal(getattr(mine, name)[:4], getattr(pool, name)[:4])
        assert (getattr(mine, name)[4:] != getattr(pool, name)[4:]).any()
    np.testing.assert_array_equal(find_intermittent(y, season), [False] * 4 + [True] * 2)


def test_ranges_of_all_levels_are_nested(rng: np.random.Generator) -> None:
    """Each of a hundred levels contains the level below it and the point, for any share of zeros."""
    y = np.concatenate([make(rng, "lognormal", share, 20, 60) for share in (0.05, 0.3, 0.5, 0.69)])
    found = forecast_matrix(y, 12, 12, list(range(1, 100)))
    assert (np.diff(found.low, axis=2) <= 0).all()
    assert (np.diff(found.high, axis=2) >= 0).all()
    assert (found.low[:, :, 0] <= found.median).all()
    assert (found.median <= found.high[:, :, 0]).all()


def test_a_unit_changes_nothing_and_neighbours_do_not(rng: np.random.Generator) -> None:
    """In thousands the figures are in thousands; alone a row gets what it gets among others."""
    y = make(rng, "negative_binomial", 0.25, 5, 60)
    found, thousand = forecast_matrix(y, 12, 12, LEVELS), forecast_matrix(y / 1000, 12, 12, LEVELS)
    np.testing.assert_allclose(thousand.high * 1000, found.high)
    np.testing.assert_allclose(forecast_matrix(y[2:3], 12, 12, LEVELS).high[0], found.high[2])


def test_recent_values_weigh_more_where_a_series_fades() -> None:
    """Five years of demand and two without any: the mean is far below that of the whole history."""
    y = np.concatenate([np.tile([0.0, 6.0], 30), np.zeros(24)])[None]
    assert forecast_matrix(y, 12, 12, LEVELS).median[0, 0] < y.mean() / 2


def test_chances_are_those_of_the_ranges(rng: np.random.Generator) -> None:
    """The chance to be above zero is the weight of the past values above it, and few are above the 95 % range."""
    y = make(rng, "lognormal", 0.3, 8, 72)
    found = forecast_matrix(y, 12, 6, LEVELS)
    weights = compute_value_weights(y, 12)[:, :, :6]
    np.testing.assert_allclose(weights.sum(axis=1), 1.0)
    chance = compute_exceedance(y, 12, 6, np.zeros(8))
    np.testing.assert_allclose(chance, (weights * (y > 0)[:, :, None]).sum(axis=1))
    assert (compute_exceedance(y, 12, 6, found.high[:, :, 2].max(axis=1)) <= 0.07).all()
