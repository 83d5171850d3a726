"""Scores of a backtest as a CSV: one row for each model and horizon."""

import csv
import io
from collections.abc import Iterable

from observatory.export.csv.dialect import short
from observatory.forecast.evaluation import ALL, SCORED_LEVEL, Score
from observatory.settings import LEVELS

COLUMNS = (
    *("model", "horizon", "series", "origins", "smape", "mase", "skill"),
    *(f"coverage-{level}" for level in LEVELS),
    f"msis-{SCORED_LEVEL}",
)


def score_rows(scores: Iterable[Score]) -> list[dict[str, str | int | float | None]]:
    """Scores by model and horizon as values by column; coverage is a share of 1, and what cannot be told is None."""
    rows = []
    for row in scores:
        if row.horizon == ALL:
            continue
        coverage = row.coverage or (None,) * len(LEVELS)
        values = (row.smape, row.mase, row.skill, *coverage, row.msis)
        shown = [None if value is None else short(value) for value in values]
        named = (row.model, row.horizon, row.series, row.origins, *shown)
        rows.append(dict(zip(COLUMNS, named, strict=True)))
    return rows


def scores_csv(scores: Iterable[Score]) -> bytes:
    """The CSV; what cannot be told is empty."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(score_rows(scores))
    return out.getvalue().encode()
