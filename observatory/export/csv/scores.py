"""CSV of the scores of a backtest: a row per model and horizon."""

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
    """Scores by model and horizon as values by column; coverage is a share of 1, undefined values are None."""
    rows = []
    for row in scores:
        if row.horizon == ALL_HORIZONS:
            continue
        coverage = row.coverage or (None,) * len(INTERVAL_LEVELS)
        values = (row.smape, row.mase, row.skill, *coverage, row.msis)
        rounded = [None if value is None else round_significant(value) for value in values]
        cells = (row.model, row.horizon, row.series_count, row.forecast_count, *rounded)
        rows.append(dict(zip(_COLUMNS, cells, strict=True)))
    return rows


def write_scores_csv(scores: Iterable[ModelScore]) -> bytes:
    """The CSV; undefined values are empty."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(build_score_rows(scores))
    return out.getvalue().encode()
