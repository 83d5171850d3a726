"""Records of the store and their rows: vintages, stored calls, batches, forecasts."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import numpy as np

from observatory.catalogue.periods import ordinal_to_period, parse_frequency, period_to_ordinal
from observatory.settings import INTERVAL_LEVELS
from observatory.timeseries import Forecast, ForecastStatus, SeriesKey

STEP_COLUMNS = ("median", *(f"{side}_{level}" for level in INTERVAL_LEVELS for side in ("low", "high")))


@dataclass(frozen=True)
class Vintage:
    """An immutable batch of observations as known at one moment (`at`, UTC).

    It was made from a `draft`, or `reverts` another vintage, or neither (the curated data).
    """

    id: int
    parent: int | None
    at: datetime
    recorded: datetime
    who: str
    note_fr: str
    note_en: str
    sha256: str
    draft: int | None = None
    reverts: int | None = None


@dataclass(frozen=True)
class StoredCall:
    """A published call: the verdict and, as JSON values, its details."""

    segment: str
    horizon: int
    call: str
    details: Mapping[str, Any]


@dataclass(frozen=True)
class VintageBatch:
    """The content of a new vintage: observations (None withdraws a value) and facts (None withdraws their entity)."""

    at: datetime
    who: str
    note_fr: str
    note_en: str
    sha256: str
    observations: Sequence[tuple[SeriesKey, str, float | None]]
    facts: Mapping[str, Mapping[str, Any] | None]
    draft: int | None = None
    reverts: int | None = None


def format_timestamp(moment: datetime) -> str:
    """A moment as stored: ISO 8601 in UTC, to the second."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def build_vintage(row: Mapping[Any, Any]) -> Vintage:
    """A row of `vintages` as a Vintage."""
    values = dict(row)
    values |= {name: datetime.fromisoformat(values[name]) for name in ("at", "recorded")}
    return Vintage(**values)


def build_forecast_row(forecast: Forecast, series: int, vintage: int) -> dict[str, Any]:
    """The row of `forecasts` of a forecast."""
    return {
        "series": series,
        "vintage": vintage,
        "status": forecast.status,
        "reference": forecast.reference,
        "origin": ordinal_to_period(forecast.origin, forecast.frequency),
        "points": forecast.points,
        "gain": forecast.gain,
        "hits": json.dumps(forecast.hits),
        "judged": forecast.judged,
        "folds": forecast.folds,
    }


def build_step_rows(forecast: Forecast, series: int, vintage: int) -> list[dict[str, Any]]:
    """The rows of `forecast_steps` of a forecast, one a step."""
    rows = []
    for step, median in enumerate(forecast.median):
        sides = [
            side
            for level in range(len(INTERVAL_LEVELS))
            for side in (forecast.low[step, level], forecast.high[step, level])
        ]
        figures = zip(STEP_COLUMNS, (float(value) for value in (median, *sides)), strict=True)
        when = ordinal_to_period(forecast.origin + step + 1, forecast.frequency)
        rows.append({"series": series, "vintage": vintage, "period": when, **dict(figures)})
    return rows


def build_forecast(row: Mapping[Any, Any], path: list[list[float]]) -> Forecast:
    """A row of `forecasts` and the figures of its steps as a Forecast."""
    figures = np.array(path, dtype=float).reshape(len(path), len(STEP_COLUMNS))
    return Forecast(
        key=(row["indicator"], row["geo"], row["item"]),
        frequency=parse_frequency(row["origin"]) or "A",
        status=cast(ForecastStatus, row["status"]),
        origin=period_to_ordinal(row["origin"]),
        points=row["points"],
        reference=row["reference"],
        median=figures[:, 0],
        low=figures[:, 1::2],
        high=figures[:, 2::2],
        gain=row["gain"],
        hits=tuple(json.loads(row["hits"])),
        judged=row["judged"],
        folds=row["folds"],
    )
