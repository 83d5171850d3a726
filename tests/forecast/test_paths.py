"""Joint draws: each series keeps its own ranges, errors go together as they did."""

import numpy as np

from observatory.forecast.joint_paths import correlate_errors, draw_joint_paths, step_quantiles
from observatory.timeseries import Forecast, PastError


def expected(scale: float, positive: bool = True) -> Forecast:
    steps = np.arange(1, 6)
    half = scale * np.sqrt(steps)[:, None] * np.array([0.6745, 1.2816, 1.96])
    middle = np.zeros(5)
    parts = [middle, middle[:, None] - half, middle[:, None] + half]
    parts = [100 * np.exp(part) for part in parts] if positive else [100 * part for part in parts]
    return Forecast(("x", "", ""), "A", "pool", 2025, 30, "naive", *parts)


def test_draws_have_the_published_ranges() -> None:
    """Of many draws, as many lie in each range of each series and step as its level says; none is absurd."""
    rows = [expected(0.1), expected(0.3, positive=False)]
    drawn = draw_joint_paths(rows, np.eye(2), 20_000, seed=1)
    for place, row in enumerate(rows):
        for step in range(5):
            for at, level in enumerate((50, 80, 95)):
                inside = (drawn[:, place, step] >= row.low[step, at]) & (drawn[:, place, step] <= row.high[step, at])
                assert abs(inside.mean() - level / 100) < 0.015
    assert (drawn[:, 0] > 0).all()


def test_errors_go_together_across_series_and_along_a_path() -> None:
    """Two series whose past errors were correlated by .8 are drawn so; a path remembers where it was a step ago."""
    together = np.array([[1.0, 0.8], [0.8, 1.0]])
    drawn = np.log(draw_joint_paths([expected(0.1), expected(0.2)], together, 20_000, seed=2))
    assert abs(np.corrcoef(drawn[:, 0, 3], drawn[:, 1, 3])[0, 1] - 0.8) < 0.03
    assert abs(np.corrcoef(drawn[:, 0, 0], drawn[:, 0, 3])[0, 1] - 0.5) < 0.03  # the root of 1 / 4


def test_the_same_seed_gives_the_same_draws() -> None:
    """Scenarios do not change from one reading to the next."""
    rows = [expected(0.1), expected(0.2)]
    np.testing.assert_array_equal(draw_joint_paths(rows, np.eye(2), 50, 7), draw_joint_paths(rows, np.eye(2), 50, 7))


def test_correlation_is_learned_shrunk_and_valid(rng: np.random.Generator) -> None:
    """Common shocks are found; a series with too few common origins takes the mean; no eigenvalue is negative."""
    shock = rng.normal(size=30)
    rows = [
        [PastError(1990 + k, 1, float(0.9 * shock[k] + 0.4 * rng.normal())) for k in range(30)],
        [PastError(1990 + k, 1, float(0.9 * shock[k] + 0.4 * rng.normal())) for k in range(30)],
        [PastError(2018 + k, 1, 1.0) for k in range(2)],
    ]
    found = correlate_errors(rows)
    assert found[0, 1] > 0.4
    assert abs(found[0, 2] - found[1, 2]) < 0.05
    np.testing.assert_allclose(found, found.T)
    np.testing.assert_allclose(np.diag(found), 1.0)
    assert np.linalg.eigvalsh(found).min() >= -1e-9


def test_quantiles_rise() -> None:
    """The published quantiles of a step come in rising order."""
    assert (np.diff(step_quantiles(expected(0.2), 2)) > 0).all()
