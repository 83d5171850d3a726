"""CSV of the record in real time: each outcome with the forecasts from a real vintage and from final figures."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from observatory.export.csv.dialect import round_significant
from observatory.outlook.real_time import RealTimeOutcome

_COLUMNS = (
    *("indicator", "geo", "item", "vintage", "origin", "period", "step", "outcome", "first_outcome", "usual_level"),
    *("real_forecast", "real_low", "real_high", "final_forecast", "final_low", "final_high"),
)


def build_outcome_rows(outcomes: Iterable[RealTimeOutcome]) -> list[dict[str, Any]]:
    """A row per outcome, at the level of the final figures; ranges are of 80 %, an unknown first value is None."""
    rows = []
    for row in outcomes:
        figures = (row.outcome, row.first, row.usual, *row.real, *row.final)
        values = (
            *(*row.key, row.day.isoformat(), row.origin, row.period, row.step),
            *(None if figure is None else round_significant(figure) for figure in figures),
        )
        rows.append(dict(zip(_COLUMNS, values, strict=True)))
    return rows


def write_outcomes_csv(outcomes: Iterable[RealTimeOutcome]) -> bytes:
    """The CSV; unknown values are empty."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(build_outcome_rows(outcomes))
    return out.getvalue().encode()
