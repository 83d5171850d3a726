"""Scores of a backtest as a CSV: one row for each model and horizon."""

import csv
import io
from collections.abc import Iterable

from observatory.export.csv.dialect import round_significant
from observatory.forecast.evaluation import ALL_HORIZONS, SCORED_LEVEL, ModelScore
from observatory.settings import INTERVAL_LEVELS

_COLUMNS = (
    *("model", "horizon", "series", "origins", "smape", "mase", "skill"),
    *(f"coverage-{level}" for level in INTERVAL_LEVELS),
    f"msis-{SCORED_LEVEL}",
)


def build_score_rows(scores: Iterable[ModelScore]) -> list[dict[str, str | int | float | None]]:
    """Scores by model and horizon as values by column; coverage is a share of 1, and what cannot be told is None."""
    rows = []
    for row in scores:
        if row.horizon == ALL_HORIZONS:
            continue
        coverage = row.coverage or (None,) * len(INTERVAL_LEVELS)
        values = (row.smape, row.mase, row.skill, *coverage, row.msis)
        shown = [None if value is None else round_significant(value) for value in values]
        named = (row.model, row.horizon, row.series_count, row.forecast_count, *shown)
        rows.append(dict(zip(_COLUMNS, named, strict=True)))
    return rows


def write_scores_csv(scores: Iterable[ModelScore]) -> bytes:
    """The CSV; what cannot be told is empty."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(build_score_rows(scores))
    return out.getvalue().encode()
