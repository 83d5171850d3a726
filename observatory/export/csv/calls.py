"""The replayed calls as a CSV, and their record as a few sentences."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from observatory.catalogue.periods import period
from observatory.export.csv.dialect import short
from observatory.language import Speaker, whole_percent
from observatory.outlook.calls.backtest import Past

COLUMNS = (
    *("segment", "origin", "horizon", "call", "probability", "probability_any_growth", "growth", "low", "high"),
    *("outcome", "known", "right", "counts", "own_rate", "pooled_rate", "last_trend"),
)


def rows(past: Iterable[Past]) -> list[dict[str, Any]]:
    """One row a call: growth and outcome are yearly rates; None where nobody knows yet or nothing was said."""
    found = []
    for row in past:
        values = (
            *(row.segment, period(row.origin, "M"), row.horizon, row.call),
            *(_known(value) for value in (row.clear, row.chance, row.growth, row.low, row.high, row.grew)),
            period(row.known, "M") if row.known is not None else None,
            None if row.right is None else int(row.right),
            int(row.counts),
            *(_known(value) for value in (row.own, row.pooled, row.trend)),
        )
        found.append(dict(zip(COLUMNS, values, strict=True)))
    return found


def calls_csv(past: Iterable[Past]) -> bytes:
    """The CSV; what is not known is empty."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows(past))
    return out.getvalue().encode()


def words(scores: Mapping[str, Any], speaker: Speaker) -> Iterator[str]:
    """A sentence for each horizon and one over all: hits beside "everything grows", Brier beside the baselines."""
    for horizon, row in (*scores["horizons"].items(), ("", scores["all"])):
        if row:
            yield speaker.say(
                "cli.calls.record",
                span=speaker.count("control.horizon.years", int(horizon)) if horizon else speaker.say("cli.calls.all"),
                n=speaker.number(row["n"]),
                right=speaker.number(row["right"]),
                called=speaker.number(row["called"]),
                base=whole_percent(row["base"]),
                **{
                    name: speaker.number(row[name], 3) for name in ("brier", "brier_own", "brier_pooled", "brier_trend")
                },
            )


def _known(value: float | None) -> float | None:
    return None if value is None else short(value)
