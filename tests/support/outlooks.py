"""Forecasts of others of a made publisher, on a made market: files, catalogues and panels."""

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from observatory.catalogue.external_forecasts import ExternalForecast, ExternalForecasts, ForecastPublisher
from observatory.catalogue.external_reader import HEADER, read_forecasts
from observatory.catalogue.models import Catalogue
from observatory.timeseries import SeriesKey, TimeSeries

KEY: SeriesKey = ("boeing_deliveries", "WORLD", "")
PUBLISHER = ForecastPublisher("toy", "Toy", False, "aucune", "none", "unknown", "rien", "nothing")
_DEFAULTS = {
    "publisher": "toy",
    "quantity": "deliveries",
    "kind": "growth",
    "measure": "growth",
    "series": "boeing_deliveries.WORLD",
    "scale": "1",
    "unit": "%",
    "basis": "stated",
    "found": "then",
    "page": "https://example.org/outlook",
    "quote": "deliveries will grow",
}


def write_forecasts(folder: Path, *rows: dict[str, str]) -> Path:
    """A file of forecasts: what a row leaves out is that of a growth of deliveries."""
    path = folder / "forecasts.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows([{**_DEFAULTS, **row}.get(name, "") for name in HEADER] for row in rows)
    return path


def build_forecasts(folder: Path, *rows: dict[str, str]) -> tuple[ExternalForecast, ...]:
    """The forecasts of such a file, which has no fault."""
    findings: list = []  # type: ignore[type-arg]
    read = read_forecasts(write_forecasts(folder, *rows), findings)
    assert findings == []
    return read


def build_catalogue(catalogue: Catalogue, rows: Sequence[ExternalForecast]) -> Catalogue:
    """The curated catalogue with these forecasts of others in place of its own."""
    return replace(catalogue, external_forecasts=ExternalForecasts({"toy": PUBLISHER}, tuple(rows)))


def build_panel_until(last_year: int, growth: float = 0.05, first_year: int = 1990) -> dict[SeriesKey, TimeSeries]:
    """Deliveries that grow by a rate each year, 100 in the first."""
    values = np.asarray(100 * (1 + growth) ** np.arange(last_year - first_year + 1), dtype=np.float64)
    return {KEY: TimeSeries(KEY, "A", first_year, values)}
