"""CSV of the replayed growth of demand indicators."""

import csv
import io
import math
from collections.abc import Iterable
from typing import Any

from observatory.catalogue.periods import ordinal_to_period
from observatory.export.csv.dialect import round_significant
from observatory.outlook.calls.indicator_backtest import ReplayedGrowth

_COLUMNS = ("indicator", "origin", "horizon", "growth", "low", "high", "outcome", "naive", "engine", "rule", "counts")


def build_indicator_rows(rows: Iterable[ReplayedGrowth]) -> list[dict[str, Any]]:
    """A row per indicator, origin and horizon; all growth as yearly rates, None where it is not known."""
    return [
        {
            "indicator": row.indicator,
            "origin": ordinal_to_period(row.origin, "M"),
            "horizon": row.horizon,
            "growth": _to_rate(row.growth),
            "low": _to_rate(row.low),
            "high": _to_rate(row.high),
            "outcome": _to_rate(row.outcome),
            "naive": 0.0,
            "engine": _to_rate(row.engine),
            "rule": _to_rate(row.rule),
            "counts": int(row.is_judged and row.outcome is not None),
        }
        for row in rows
    ]


def write_indicators_csv(rows: Iterable[ReplayedGrowth]) -> bytes:
    """The CSV; unknown values are empty."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(build_indicator_rows(rows))
    return out.getvalue().encode()


def _to_rate(value: float | None) -> float | None:
    return None if value is None else round_significant(math.expm1(value))
