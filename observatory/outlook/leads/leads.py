"""Leading indicators of each market that passed every test, and warning flags with their false alarms."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from observatory.catalogue.models import Catalogue
from observatory.outlook.leads.flags import compute_flags
from observatory.outlook.leads.lead_lag import LeadLagTest, compute_q_values, run_permutation_test, select_pairs
from observatory.outlook.leads.validation import MIN_ORIGIN_YEARS, LeadValidation, validate_lead
from observatory.timeseries import SeriesKey, TimeSeries

FALSE_DISCOVERY_RATE = 0.10  # of the pairs called correlated, so many may be chance


def compute_leads(catalogue: Catalogue, panel: Mapping[SeriesKey, TimeSeries], day: date) -> dict[str, Any]:
    """The leads and flags of every market as known on `day`, as plain JSON values.

    A lead is reliable if it passes four tests in turn: it correlates with the market beyond chance, all pairs that
    were tested being counted; it does so best with a lag, not at the same time; its past forecasts can be judged on
    eight years at least; and they were better with it than without. `segments[name]` counts what passed each test;
    `reliable` are the leads, `near` the pairs that passed the first two tests alone. Lags in months. `left_out` counts
    by market the pairs beyond those that are tested; it is absent where all are.
    """
    selected = select_pairs(catalogue, panel)
    candidates = selected.pairs
    tests = [test for pair in candidates if (test := run_permutation_test(pair)) is not None]
    rates = compute_q_values([test.p_value for test in tests])
    rows = [(test, float(rate), validate_lead(test.pair)) for test, rate in zip(tests, rates, strict=True)]
    names = [pair.market.indicator.segment for pair in candidates]
    segments = {}
    for name in catalogue.markets:
        own = [row for row in rows if row[0].pair.market.indicator.segment == name]
        segments[name] = _summarize_segment(own, names.count(name))
    return {
        "segments": segments,
        "pairs": len(candidates),
        "tested": len(tests),
        **({"left_out": dict(selected.left_out)} if selected.left_out else {}),
        "discovery": FALSE_DISCOVERY_RATE,
        "flags": compute_flags(catalogue, panel, day),
    }


def _summarize_segment(
    rows: Sequence[tuple[LeadLagTest, float, LeadValidation | None]], pair_count: int
) -> dict[str, Any]:
    together = [row for row in rows if row[1] <= FALSE_DISCOVERY_RATE]
    ahead = [row for row in together if row[0].lag > 0]
    judged = [row for row in ahead if row[2] is not None and row[2].origin_years >= MIN_ORIGIN_YEARS]
    reliable = [row for row in judged if row[2] is not None and row[2].is_useful]
    return {
        "pairs": pair_count,
        "tested": len(rows),
        "together": len(together),
        "ahead": len(ahead),
        "judged": len(judged),
        "reliable": [_encode_lead(*row) for row in sorted(reliable, key=_by_gain)],
        "near": [_encode_lead(*row) for row in sorted(ahead, key=_by_gain) if row not in reliable],
    }


def _by_gain(row: tuple[LeadLagTest, float, LeadValidation | None]) -> float:
    return -row[2].gain if row[2] is not None else 0.0


def _encode_lead(test: LeadLagTest, q_value: float, validation: LeadValidation | None) -> dict[str, Any]:
    months = 12 // test.pair.per_year
    return {
        "lead": test.pair.lead.indicator.id,
        "market": test.pair.market.indicator.id,
        "lag_months": test.lag * months,
        "correlation": test.correlation,
        "p": test.p_value,
        "q": q_value,
        "gain": validation.gain if validation else None,
        "halves": list(validation.half_gains) if validation else None,
        "origins": validation.origin_years if validation else 0,
    }
