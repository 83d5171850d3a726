"""The replayed calls as a CSV, and their record as a few sentences."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from observatory.catalogue.periods import ordinal_to_period
from observatory.export.csv.dialect import round_significant
from observatory.language import Localizer, round_percent
from observatory.outlook.calls.backtest import ReplayedCall

_COLUMNS = (
    *("segment", "origin", "horizon", "call", "probability", "probability_any_growth", "growth", "low", "high"),
    *("outcome", "known", "right", "counts", "own_rate", "pooled_rate", "last_trend"),
)


def build_call_rows(calls: Iterable[ReplayedCall]) -> list[dict[str, Any]]:
    """One row a call: growth and outcome are yearly rates; None where nobody knows yet or nothing was said."""
    found = []
    for row in calls:
        values = (
            *(row.segment, ordinal_to_period(row.origin, "M"), row.horizon, row.call),
            *(_round_known(value) for value in (row.clear, row.chance, row.growth, row.low, row.high, row.grew)),
            ordinal_to_period(row.known, "M") if row.known is not None else None,
            None if row.is_right is None else int(row.is_right),
            int(row.is_scored),
            *(_round_known(value) for value in (row.own, row.pooled, row.trend)),
        )
        found.append(dict(zip(_COLUMNS, values, strict=True)))
    return found


def write_calls_csv(calls: Iterable[ReplayedCall]) -> bytes:
    """The CSV; what is not known is empty."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(build_call_rows(calls))
    return out.getvalue().encode()


def describe_scores(scores: Mapping[str, Any], localizer: Localizer) -> Iterator[str]:
    """A sentence for each horizon and one over all: hits beside "everything grows", Brier beside the baselines."""
    for horizon, row in (*scores["horizons"].items(), ("", scores["all"])):
        if row:
            yield localizer.text(
                "cli.calls.record",
                span=localizer.plural("control.horizon.years", int(horizon))
                if horizon
                else localizer.text("cli.calls.all"),
                n=localizer.number(row["n"]),
                right=localizer.number(row["right"]),
                called=localizer.number(row["called"]),
                base=round_percent(row["base"]),
                **{
                    name: localizer.number(row[name], 3)
                    for name in ("brier", "brier_own", "brier_pooled", "brier_trend")
                },
            )


def _round_known(value: float | None) -> float | None:
    return None if value is None else round_significant(value)
