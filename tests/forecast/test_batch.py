"""Forecasts in chunks: the same figures in whatever chunks, order and processes, and scores that know no future."""

import numpy as np
import pytest

from observatory.errors import ObservatoryError
from observatory.forecast import batch, engine
from observatory.forecast.batch import ComputeBackend, iterate_forecasts, split_forecastable
from observatory.forecast.evaluation import (
    ALL_HORIZONS,
    NAIVE_MODEL,
    OWN_MODEL,
    ModelScore,
    backtest_models,
    compute_naive_error,
    score_chunk,
)
from observatory.settings import INTERVAL_LEVELS
from observatory.timeseries import RaggedPanel


def table(rows: list[np.ndarray]) -> RaggedPanel:
    """Yearly series that all begin in 1990."""
    count = len(rows)
    return RaggedPanel(
        "A",
        tuple(f"s{k}" for k in range(count)),
        np.arange(count) + 2,
        np.full(count, 1990),
        np.cumsum([0, *(len(row) for row in rows)]),
        np.concatenate([np.empty(0), *rows]),
    )


def walks(rng: np.random.Generator, count: int = 60, shortest: int = 5, longest: int = 40) -> list[np.ndarray]:
    return [100 * np.exp(np.cumsum(rng.normal(0.02, 0.1, rng.integers(shortest, longest)))) for _ in range(count)]


def figures(of: RaggedPanel, engines: ComputeBackend = ComputeBackend()) -> tuple[list[int], np.ndarray]:  # noqa: B008 - frozen
    found = list(iterate_forecasts(of, 4, INTERVAL_LEVELS, engines))
    return [int(k) for part in found for k in part.series_indices], np.concatenate([part.quantiles for part in found])


def test_chunks_change_nothing(monkeypatch: pytest.MonkeyPatch, rng: np.random.Generator) -> None:
    """In chunks of seven and windows of two: the order of the table, and of each series the figures of the engine.

    Ranges are those of the engine, widened by the factors of the file.
    """
    rows = walks(rng)
    of = table(rows)
    monkeypatch.setattr(batch, "SERIES_PER_CHUNK", 7)
    monkeypatch.setattr(batch, "CHUNKS_PER_WINDOW", 2)
    places, found = figures(of)
    assert places == list(range(len(rows)))
    factors = batch.calibrate_file(of, 4, INTERVAL_LEVELS)
    for place in (0, 17, 59):
        alone = engine.forecast_matrix(rows[place][None], 1, 4, INTERVAL_LEVELS, factors=factors)
        np.testing.assert_allclose(found[place, :, 0], alone.median[0], rtol=1e-9)
        np.testing.assert_allclose(found[place, :, 1::2], alone.low[0], rtol=1e-9)
        np.testing.assert_allclose(found[place, :, 2::2], alone.high[0], rtol=1e-9)


@pytest.mark.slow
def test_processes_change_nothing(monkeypatch: pytest.MonkeyPatch, rng: np.random.Generator) -> None:
    """Two processes give, bit for bit, what one gives."""
    of = table(walks(rng))
    monkeypatch.setattr(batch, "SERIES_PER_CHUNK", 20)
    np.testing.assert_array_equal(figures(of)[1], figures(of, ComputeBackend(jobs=2))[1])


def test_series_without_history_are_told_apart(rng: np.random.Generator) -> None:
    """Two values are no history, three are, wherever they stand on the calendar; the others are forecast."""
    rows = [np.array([1.0, 2.0]), np.array([1.0, np.nan, 2.0, 3.0]), np.empty(0), *walks(rng, 3)]
    good, few = split_forecastable(table(rows))
    assert (good.tolist(), few.tolist()) == ([1, 3, 4, 5], [0, 2])
    places, found = figures(table(rows))
    assert places == [1, 3, 4, 5]
    assert np.isfinite(found).all()
    assert next(iter(iterate_forecasts(table([]), 4, INTERVAL_LEVELS, ComputeBackend()))).series_indices.size == 0


def test_what_the_engine_cannot_do_is_refused_not_dropped(
    monkeypatch: pytest.MonkeyPatch, rng: np.random.Generator
) -> None:
    """A series whose figures are not finite is named in its batch; its neighbours stand."""
    of = table(walks(rng, 5))

    def broken(y: np.ndarray, _per_year: int, steps: int, levels: tuple[int, ...], _factors: np.ndarray) -> np.ndarray:
        found = np.ones((len(y), steps, 1 + 2 * len(levels)))
        found[(y[:, -1] == of.values[of.offsets[3] - 1])] = np.inf
        return found

    monkeypatch.setattr(batch, "forecast_chunk", broken)
    (only,) = iterate_forecasts(of, 4, INTERVAL_LEVELS, ComputeBackend())
    assert (only.series_indices.tolist(), only.failed_indices.tolist()) == ([0, 1, 3, 4], [2])


def test_a_cluster_that_is_not_there_is_one_error(monkeypatch: pytest.MonkeyPatch, rng: np.random.Generator) -> None:
    """An address that nobody can connect to ends in a sentence, not in a wait."""
    with pytest.raises(ObservatoryError) as raised:
        list(
            iterate_forecasts(
                table(walks(rng, 3)), 4, INTERVAL_LEVELS, ComputeBackend(cluster_address="not an address://")
            )
        )
    assert raised.value.key == "error.cluster.silent"


def scores_of(rows: list[np.ndarray], steps: int = 3, origins: int = 2) -> dict[tuple[str, int], ModelScore]:
    return {(row.model, row.horizon): row for row in backtest_models(table(rows), steps, origins, ComputeBackend())}


def test_scores_are_those_of_the_textbook() -> None:
    """sMAPE, MASE and skill of the naive forecast, worked out by hand for one series and two origins."""
    values = np.array([4.0, 6.0, 5.0, 9.0, 8.0, 12.0, 10.0, 14.0])
    found = scores_of([values], steps=2)
    errors, sizes, scales = [], [], []
    for origin in (6, 4):
        ahead = values[origin : origin + 2]
        errors += list(np.abs(ahead - values[origin - 1]))
        sizes += list(ahead + values[origin - 1])
        scales += [np.abs(np.diff(values[:origin])).mean()] * 2
    naive = found[NAIVE_MODEL, ALL_HORIZONS]
    assert naive.smape == pytest.approx(np.mean(200 * np.array(errors) / sizes))
    assert naive.mase == pytest.approx(np.mean(np.array(errors) / scales))
    assert (naive.skill, naive.series_count, naive.forecast_count) == (0.0, 1, 4)
    first = found[NAIVE_MODEL, 1]
    assert (first.series_count, first.forecast_count) == (1, 2)
    assert first.mase == pytest.approx(np.mean([errors[0] / scales[0], errors[2] / scales[2]]))
    mine = found[OWN_MODEL, ALL_HORIZONS]
    assert mine.skill == pytest.approx(1 - mine.mase / naive.mase)
    assert len(mine.coverage) == len(INTERVAL_LEVELS)


def test_msis_is_that_of_the_textbook(rng: np.random.Generator) -> None:
    """Width plus 2 / alpha times what lies outside, over the usual error, for the observatory's 95 % interval."""
    values = 100 * np.exp(np.cumsum(rng.normal(0, 0.1, 30)))
    found = scores_of([values], steps=1, origins=1)[OWN_MODEL, 1]
    ours = engine.forecast_matrix(values[None, :-1], 1, 1, INTERVAL_LEVELS)
    low, high, actual = ours.low[0, 0, 2], ours.high[0, 0, 2], values[-1]
    score = high - low + 40 * (max(low - actual, 0) + max(actual - high, 0))
    assert found.msis == pytest.approx(score / np.abs(np.diff(values[:-1])).mean())
    assert found.coverage == tuple(
        float(a <= actual <= b) for a, b in zip(ours.low[0, 0], ours.high[0, 0], strict=True)
    )


def test_no_origin_knows_the_future(rng: np.random.Generator) -> None:
    """Whatever comes after an origin, what is forecast there is the same: only the errors change."""
    rows = walks(rng, 8, 20, 30)
    y = table(rows).right_aligned(np.arange(8))
    seen: list[np.ndarray] = []
    real = engine.forecast_members

    def watched(history: np.ndarray, per_year: int, steps: int) -> dict[str, np.ndarray]:
        seen.append(history)
        return real(history, per_year, steps)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "forecast_members", watched)
        score_chunk(y, 1, 3, 2, [np.ones((2, len(INTERVAL_LEVELS)))] * 2)
    for number, history in enumerate(seen, start=1):
        np.testing.assert_array_equal(history, y[:, : y.shape[1] - 3 * number])


def test_a_constant_or_short_history_is_not_judged(rng: np.random.Generator) -> None:
    """A series that never moved has no scale, one without three values before the origin no forecast: they count no."""
    found = scores_of([np.full(20, 5.0), np.arange(5.0), *walks(rng, 4, 20, 30)])
    assert found[OWN_MODEL, ALL_HORIZONS].series_count == 4
    assert scores_of([np.full(20, 5.0)]) == {}
    assert scores_of([]) == {}


def test_the_usual_error_falls_back_on_the_naive_one() -> None:
    """A history shorter than a season is scaled by its moves from one period to the next."""
    history = np.array([[np.nan, np.nan, 1.0, 3.0, 2.0], [1.0, 2.0, 3.0, 4.0, 9.0]])
    np.testing.assert_allclose(compute_naive_error(history, 4), [1.5, 8.0])
