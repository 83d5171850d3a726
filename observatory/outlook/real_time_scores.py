"""Scores of the record in real time, by real vintage, and its calls; stored with the study of an edition."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field, fields
from typing import Any

import numpy as np

from observatory.timeseries import FloatArray

MIN_YEARS = 5  # years with vintages below which no interval is given: it resamples whole years
_SEED, _DRAWS = 2018, 2_000
_STORED_DECIMALS = 8


@dataclass(frozen=True)
class VintageScores:
    """Sums over the outcomes of one real vintage of an indicator, within a year of its last period.

    Errors are absolute, as shares of the mean level of the year before. `real` is the forecast from the vintage,
    `final` that from final figures. `first_count` outcomes stand in a later vintage too: `first_error` is the error in
    real time against the first such value, `same_error` that of the same forecasts against final figures.
    """

    indicator: str
    day: str
    outcomes: int
    real_error: float
    final_error: float
    real_held: int
    final_held: int
    first_count: int
    first_error: float
    same_error: float


@dataclass(frozen=True)
class RealTimeCall:
    """A call of the backtest made again with the real vintages of its origin (a month); rates and odds as there.

    `final_call`, `final_chance` and `final_growth` are those of the backtest, `grew` the outcome of both.
    """

    segment: str
    origin: int
    horizon: int
    call: str
    chance: float
    growth: float | None
    final_call: str
    final_chance: float
    final_growth: float | None
    grew: float


@dataclass(frozen=True)
class RealTimeRecord:
    """The record in real time, judged on the figures of an edition (`day`, ISO); empty in an edition without one."""

    day: str = ""
    vintages: tuple[VintageScores, ...] = ()
    calls: tuple[RealTimeCall, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The record as JSON values, row by row."""
        return {
            "day": self.day,
            "vintages": [_round_values(row) for row in self.vintages],
            "calls": [_round_values(row) for row in self.calls],
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "RealTimeRecord":
        """The inverse of `as_json`, but for digits that do not matter. Raises TypeError on other JSON."""
        return cls(
            document.get("day", ""),
            tuple(VintageScores(*row) for row in document.get("vintages", ())),
            tuple(RealTimeCall(*row) for row in document.get("calls", ())),
        )


def _round_values(row: VintageScores | RealTimeCall) -> list[Any]:
    return [round(value, _STORED_DECIMALS) if isinstance(value, float) else value for value in astuple(row)]


@dataclass(frozen=True)
class RealTimeScores:
    """Mean errors and hits over some real vintages, those with outcomes; `years` are the years of the vintages.

    `difference` is the 90 % interval of the mean error in real time less that on final figures, from whole years drawn
    again; empty below MIN_YEARS years.
    """

    vintages: int
    outcomes: int
    years: int
    real_error: float
    final_error: float
    real_held: int
    final_held: int
    first_count: int = 0
    first_error: float = 0.0
    same_error: float = 0.0
    difference: tuple[float, ...] = field(default=())


_SUMMED = tuple(row.name for row in fields(VintageScores) if row.name not in ("indicator", "day"))


def summarize_vintages(rows: Sequence[VintageScores]) -> RealTimeScores | None:
    """The scores of some real vintages; None without an outcome."""
    rows = [row for row in rows if row.outcomes]
    if not rows:
        return None
    totals = {name: sum(getattr(row, name) for row in rows) for name in _SUMMED}
    outcomes, first_count = totals["outcomes"], totals["first_count"]
    years = sorted({row.day[:4] for row in rows})
    return RealTimeScores(
        len(rows),
        outcomes,
        len(years),
        totals["real_error"] / outcomes,
        totals["final_error"] / outcomes,
        totals["real_held"],
        totals["final_held"],
        first_count,
        totals["first_error"] / first_count if first_count else 0.0,
        totals["same_error"] / first_count if first_count else 0.0,
        _resample_years(rows, years) if len(years) >= MIN_YEARS else (),
    )


def _resample_years(rows: Sequence[VintageScores], years: Sequence[str]) -> tuple[float, float]:
    """The 90 % interval of the difference in mean error over years drawn with replacement: years share their shocks."""
    sums: FloatArray = np.zeros((len(years), 2))
    for row in rows:
        sums[years.index(row.day[:4])] += (row.real_error - row.final_error, row.outcomes)
    drawn = np.random.default_rng(_SEED).integers(len(years), size=(_DRAWS, len(years)))
    differences, counts = sums[drawn].sum(axis=1).T
    low, high = np.quantile(differences / counts, (0.05, 0.95))
    return float(low), float(high)
