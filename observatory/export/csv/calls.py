"""CSV of the replayed calls, and their scores as sentences."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from observatory.catalogue.periods import ordinal_to_period
from observatory.export.csv.dialect import round_significant
from observatory.language import Localizer
from observatory.outlook.calls.backtest import ReplayedCall

_COLUMNS = (
    *("segment", "origin", "horizon", "call", "probability", "probability_any_growth", "growth", "low", "high"),
    *("outcome", "known", "right", "counts", "own_rate", "pooled_rate", "last_trend"),
    *("market_low", "market_high", "market_rule", "market_engine"),
)


def build_call_rows(calls: Iterable[ReplayedCall]) -> list[dict[str, Any]]:
    """A row per call: growth and outcome are yearly rates; None if there is no outcome yet or no call."""
    rows = []
    for call in calls:
        values = (
            *(call.segment, ordinal_to_period(call.origin, "M"), call.horizon, call.call),
            *(_round_known(value) for value in (call.clear, call.chance, call.growth, call.low, call.high, call.grew)),
            ordinal_to_period(call.known, "M") if call.known is not None else None,
            None if call.is_right is None else int(call.is_right),
            int(call.is_scored),
            *(_round_known(value) for value in (call.own, call.pooled, call.trend)),
            *(_round_known(value) for value in (call.low, call.high, call.rule, call.engine)),
        )
        rows.append(dict(zip(_COLUMNS, values, strict=True)))
    return rows


def write_calls_csv(calls: Iterable[ReplayedCall]) -> bytes:
    """The CSV; unknown values are empty."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(build_call_rows(calls))
    return out.getvalue().encode()


def describe_scores(scores: Mapping[str, Any], localizer: Localizer) -> Iterator[str]:
    """A sentence per horizon and one for all: hits against "everything grows", Brier against the baselines."""
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
                base=localizer.percent_digits(row["base"]),
                **{
                    name: localizer.number(row[name], 3)
                    for name in ("brier", "brier_own", "brier_pooled", "brier_trend")
                },
            )


def _round_known(value: float | None) -> float | None:
    return None if value is None else round_significant(value)
