"""Batch forecasts in chunks, on one core, several processes or a Dask cluster, with identical results."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from observatory.catalogue.periods import PERIODS_PER_YEAR
from observatory.errors import ObservatoryError
from observatory.timeseries import FloatArray, IntArray, RaggedPanel

MIN_VALUES = 3  # a shorter history is not forecast
SERIES_PER_CHUNK = 512  # series in one call
CHUNKS_PER_WINDOW = 16  # chunks whose results are in memory at a time
_CALIBRATION_SERIES = 256  # series of a file, evenly spaced, whose past ranges calibrate all its ranges
_CLUSTER_TIMEOUT_SECONDS = 15  # until a cluster must have answered

_ResultT = TypeVar("_ResultT")
_ProgressCallback = Callable[[float], None]


@dataclass(frozen=True)
class ComputeBackend:
    """Where chunks are computed: `jobs` processes of this machine, or the Dask cluster at an address."""

    jobs: int = 1
    cluster_address: str = ""


@dataclass(frozen=True)
class ForecastBatch:
    """Forecasts of some series, in the order of their table.

    `quantiles` is series x steps x (1 + 2 x levels): the median, then low and high by level. `failed_indices` are the
    series for which the engine gives no finite value.
    """

    series_indices: IntArray
    quantiles: FloatArray
    failed_indices: IntArray


def split_forecastable(table: RaggedPanel) -> tuple[IntArray, IntArray]:
    """The indices of the series with at least MIN_VALUES values, and those of the others."""
    enough = table.observed_counts >= MIN_VALUES
    return np.flatnonzero(enough), np.flatnonzero(~enough)


def iterate_forecasts(
    table: RaggedPanel,
    steps: int,
    levels: Sequence[int],
    backend: ComputeBackend,
    progress: _ProgressCallback = lambda _: None,
) -> Iterator[ForecastBatch]:
    """Forecasts of all series with enough values, one batch at a time, in the order of the table."""
    indices, _short = split_forecastable(table)
    windows = np.split(
        indices, np.arange(CHUNKS_PER_WINDOW * SERIES_PER_CHUNK, len(indices), CHUNKS_PER_WINDOW * SERIES_PER_CHUNK)
    )
    chunks_by_window = [split_chunks(table, window) for window in windows]
    per_year = PERIODS_PER_YEAR[table.frequency]
    factors = calibrate_file(table, steps, levels)
    calls = (
        (table.right_aligned(chunk), per_year, steps, tuple(levels), factors)
        for chunks in chunks_by_window
        for chunk in chunks
    )
    results = map_calls(forecast_chunk, calls, backend)
    done_count = 0
    for window, chunks in zip(windows, chunks_by_window, strict=True):
        quantiles = np.empty((len(window), steps, 1 + 2 * len(levels)))
        for chunk in chunks:
            quantiles[np.searchsorted(window, chunk)] = next(results)
            done_count += len(chunk)
            progress(done_count / len(indices))
        is_finite = np.isfinite(quantiles).all(axis=(1, 2))
        yield ForecastBatch(window[is_finite], quantiles[is_finite], window[~is_finite])


def calibrate_file(table: RaggedPanel, steps: int, levels: Sequence[int], held_back: int = 0) -> FloatArray:
    """Factors of the ranges of all series of a file, from a sample of it without the last `held_back` periods."""
    from observatory.forecast.calibration import calibrate_intervals  # heavy, as the engine

    indices, _short = split_forecastable(table)
    sample = indices[:: max(1, -(-len(indices) // _CALIBRATION_SERIES))]
    y = table.right_aligned(sample)
    return calibrate_intervals(y[:, : max(0, y.shape[1] - held_back)], PERIODS_PER_YEAR[table.frequency], steps, levels)


def split_chunks(table: RaggedPanel, indices: IntArray) -> list[IntArray]:
    """Chunks of series of similar length, so that the matrix of a chunk has little padding."""
    if not len(indices):
        return []
    order = indices[np.argsort(table.lengths[indices], kind="stable")]
    return np.split(order, np.arange(SERIES_PER_CHUNK, len(order), SERIES_PER_CHUNK))


def forecast_chunk(
    y: FloatArray, per_year: int, steps: int, levels: tuple[int, ...], factors: FloatArray | None = None
) -> FloatArray:
    """Quantiles of one chunk, rows x steps x (1 + 2 x levels): the median, then low and high by level.

    `factors` are those of `calibrate_file`; without them ranges are as trained.
    """
    from observatory.forecast import engine  # heavy: commands that only read a file do not load it

    forecast = engine.forecast_matrix(y, per_year, steps, levels, factors=factors)
    sides = np.stack([forecast.low, forecast.high], axis=3).reshape(len(y), steps, 2 * len(levels))
    return np.concatenate([forecast.median[:, :, None], sides], axis=2)


def map_calls(
    function: Callable[..., _ResultT], calls: Iterator[tuple[Any, ...]], backend: ComputeBackend
) -> Iterator[_ResultT]:
    """The results of a function for each tuple of arguments, in order, from any backend."""
    if backend.jobs == 1 and not backend.cluster_address:
        for call in calls:
            yield function(*call)
        return
    import joblib  # heavy: one process on one core does not need it

    with ExitStack() as stack:
        jobs = backend.jobs
        if backend.cluster_address:
            stack.enter_context(_connect_cluster(backend.cluster_address))
            stack.enter_context(joblib.parallel_config(backend="dask"))
            jobs = -1
        yield from joblib.Parallel(n_jobs=jobs, return_as="generator")(
            joblib.delayed(function)(*call) for call in calls
        )


def _connect_cluster(address: str) -> Any:
    """A client of a Dask cluster. Raises ObservatoryError if the library is missing or the cluster does not answer."""
    try:
        import distributed  # an optional dependency
    except ImportError as error:
        raise ObservatoryError("error.cluster.missing") from error
    try:
        client: Any = distributed.Client
        return client(address, timeout=_CLUSTER_TIMEOUT_SECONDS, set_as_default=True)
    except (OSError, ValueError) as error:
        raise ObservatoryError("error.cluster.silent", address=address, why=str(error)[:200]) from error
