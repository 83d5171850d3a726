"""CSV of the forecasts of a long table (`unique_id, ds, mean, lo-80, hi-80, ...`), written atomically."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
from pyarrow import compute

from observatory.catalogue.periods import MONTHS_PER_PERIOD
from observatory.forecast.batch import ForecastBatch
from observatory.timeseries import FloatArray, RaggedPanel

_SIGNIFICANT_DIGITS = 10  # further digits are noise of the arithmetic
_LINES_PER_BLOCK = 1 << 16


def format_header(levels: Sequence[int]) -> bytes:
    """The first line of the file."""
    return (
        ",".join(["unique_id", "ds", "mean", *(f"{side}-{k}" for k in levels for side in ("lo", "hi"))]).encode()
        + b"\n"
    )


def iter_lines(table: RaggedPanel, batch: ForecastBatch) -> Iterator[bytes]:
    """Blocks of lines of a batch: a line per series and step, dated by the first day of its period."""
    steps = batch.quantiles.shape[1]
    months_per_period = MONTHS_PER_PERIOD[table.frequency]
    next_ordinals = table.first_ordinals[batch.series_indices] + table.lengths[batch.series_indices]
    months = (next_ordinals[:, None] + np.arange(steps)) * months_per_period
    block_size = max(1, _LINES_PER_BLOCK // max(steps, 1))  # series per block
    for start in range(0, len(batch.series_indices), block_size):
        part = slice(start, start + block_size)
        names = [_quote_field(table.ids[index]) for index in batch.series_indices[part]]
        figures = _round_significant(batch.quantiles[part]).reshape(len(names) * steps, -1)
        yield _join_lines(names, steps, months[part].ravel(), figures)


def _quote_field(text: str) -> str:
    """A field of a CSV, in quotes if it needs them."""
    if any(char in text for char in ',"\r\n') or text != text.strip():
        return '"' + text.replace('"', '""') + '"'
    return text


def _round_significant(values: FloatArray) -> FloatArray:
    """Values rounded to ten significant digits; unchanged where that would overflow."""
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        places = _SIGNIFICANT_DIGITS - 1 - np.floor(np.log10(np.abs(values)))
        up, down = 10.0 ** np.maximum(places, 0), 10.0 ** np.maximum(-places, 0)
        rounded = np.round(values * up / down) / up * down
    return np.where(np.isfinite(rounded), rounded, values) + 0.0


def _join_lines(names: list[str], steps: int, months: Any, figures: FloatArray) -> bytes:
    """Lines joined column by column in Arrow, so that no number becomes a Python object."""
    rows = np.repeat(np.arange(len(names), dtype=np.int64), steps)
    distinct_months, indices = np.unique(months, return_inverse=True)
    days = (distinct_months - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]").astype(str).tolist()
    columns = [
        _build_text_array(names).take(_build_number_array(rows)),
        _build_text_array(days).take(_build_number_array(indices.astype(np.int64))),
    ]
    columns += [_build_number_array(np.ascontiguousarray(column)).cast(pa.string()) for column in figures.T]
    lines = compute.binary_join_element_wise(*columns, _build_text_array([","])[0])
    terminated = compute.binary_join_element_wise(lines, _build_text_array([""])[0], _build_text_array(["\n"])[0])
    _mask, _offsets, text = terminated.buffers()
    return bytes(text.to_pybytes())


def _build_text_array(texts: list[str]) -> Any:
    """Texts as an Arrow array (`pa.array` would import pandas)."""
    encoded = [text.encode() for text in texts]
    ends = np.concatenate([[0], np.cumsum([len(text) for text in encoded])]).astype(np.int32)
    return pa.Array.from_buffers(pa.string(), len(texts), [None, pa.py_buffer(ends), pa.py_buffer(b"".join(encoded))])


def _build_number_array(values: Any) -> Any:
    kind = pa.int64() if values.dtype == np.int64 else pa.float64()
    return pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(values)])


@contextmanager
def open_atomically(path: Path | None) -> Iterator[IO[bytes]]:
    """A file that appears at its path once it is complete; without a path, standard output."""
    if path is None:
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():  # a pipe or a device
        with target.open("wb") as file:
            yield file
        return
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with draft.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
