"""Forecasts of any number of series in chunks: on one core, on several, or on a cluster, with the same figures."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from observatory.catalogue.periods import PER_YEAR
from observatory.errors import ObservatoryError
from observatory.timeseries import Floats, Ints, LongTable

FEWEST_VALUES = 3  # fewer values are no history
CHUNK = 512  # series in one task
WINDOW = 16  # chunks whose figures are held at a time
PATIENCE = 15  # seconds that a cluster has to answer

Result = TypeVar("Result")
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Engines:
    """Where chunks are computed: `jobs` processes of this machine, or the Dask cluster at an address."""

    jobs: int = 1
    cluster: str = ""


@dataclass(frozen=True)
class Batch:
    """Forecasts of some series, in the order of their table.

    `figures` is series x steps x (1 + 2 x levels): the median, then low and high by level. `refused` are places of
    series for which the engine has no finite figure.
    """

    places: Ints
    figures: Floats
    refused: Ints


def forecastable(table: LongTable) -> tuple[Ints, Ints]:
    """The places of the series with enough values, and of those without."""
    enough = table.known >= FEWEST_VALUES
    return np.flatnonzero(enough), np.flatnonzero(~enough)


def forecasts(
    table: LongTable, steps: int, levels: Sequence[int], engines: Engines, progress: Progress = lambda _: None
) -> Iterator[Batch]:
    """The forecasts of all series that have enough values, batch after batch, in the order of the table."""
    places, _few = forecastable(table)
    windows = np.split(places, np.arange(WINDOW * CHUNK, len(places), WINDOW * CHUNK))
    parts = [chunks(table, window) for window in windows]
    per_year = PER_YEAR[table.frequency]
    calls = ((table.matrix(chunk), per_year, steps, tuple(levels)) for part in parts for chunk in part)
    results = everywhere(project, calls, engines)
    done = 0
    for window, part in zip(windows, parts, strict=True):
        figures = np.empty((len(window), steps, 1 + 2 * len(levels)))
        for chunk in part:
            figures[np.searchsorted(window, chunk)] = next(results)
            done += len(chunk)
            progress(done / len(places))
        good = np.isfinite(figures).all(axis=(1, 2))
        yield Batch(window[good], figures[good], window[~good])


def chunks(table: LongTable, places: Ints) -> list[Ints]:
    """Series in groups of similar length, so that little of a group's matrix is padding."""
    if not len(places):
        return []
    order = places[np.argsort(table.lengths[places], kind="stable")]
    return np.split(order, np.arange(CHUNK, len(order), CHUNK))


def project(y: Floats, per_year: int, steps: int, levels: tuple[int, ...]) -> Floats:
    """The engine's figures for one chunk as one array: the median, then low and high by level."""
    from observatory.forecast import engine

    found = engine.project(y, per_year, steps, levels)
    sides = np.stack([found.low, found.high], axis=3).reshape(len(y), steps, 2 * len(levels))
    return np.concatenate([found.median[:, :, None], sides], axis=2)


def everywhere(work: Callable[..., Result], calls: Iterator[tuple[Any, ...]], engines: Engines) -> Iterator[Result]:
    """The results of a function on every call, in their order, wherever they are computed."""
    if engines.jobs == 1 and not engines.cluster:
        for call in calls:
            yield work(*call)
        return
    import joblib

    with ExitStack() as opened:
        jobs = engines.jobs
        if engines.cluster:
            opened.enter_context(_client(engines.cluster))
            opened.enter_context(joblib.parallel_config(backend="dask"))
            jobs = -1
        yield from joblib.Parallel(n_jobs=jobs, return_as="generator")(joblib.delayed(work)(*call) for call in calls)


def _client(address: str) -> Any:
    """A client of a Dask cluster. Raises ObservatoryError if its library or the cluster is not there."""
    try:
        import distributed
    except ImportError as error:
        raise ObservatoryError("error.cluster.missing") from error
    try:
        client: Any = distributed.Client
        return client(address, timeout=PATIENCE, set_as_default=True)
    except (OSError, ValueError) as error:
        raise ObservatoryError("error.cluster.silent", address=address, why=str(error)[:200]) from error
