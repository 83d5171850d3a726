"""Leading signals: which indicators announced their market well enough to say so, and flags with their false alarms."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from observatory.catalogue.models import Catalogue
from observatory.outlook.leads.flags import flags
from observatory.outlook.leads.lead_lag import Tested, false_discovery, pairs, tested
from observatory.outlook.leads.validation import FEWEST_ORIGINS, Proof, proof
from observatory.timeseries import History, Key

DISCOVERY = 0.10  # of the pairs said to go together, so many may be chance


def leads(catalogue: Catalogue, panel: Mapping[Key, History], day: date) -> dict[str, Any]:
    """The leads and flags of every market as known on `day`, as plain JSON values.

    A lead is reliable if it passes four gates in turn: it goes together with the market beyond chance, all pairs that
    were tested being counted; it does so best with a lag, not at the same time; its past forecasts can be judged on
    eight years at least; and they were better with it than without. `segments[name]` counts what passed each gate;
    `reliable` are the leads, `near` the pairs that passed the first two gates alone. Lags in months.
    """
    candidates = pairs(catalogue, panel)
    found = [seen for pair in candidates if (seen := tested(pair)) is not None]
    rates = false_discovery([seen.p for seen in found])
    rows = [(seen, float(rate), proof(seen.pair)) for seen, rate in zip(found, rates, strict=True)]
    names = [pair.market.indicator.segment for pair in candidates]
    segments = {}
    for name in catalogue.markets:
        own = [row for row in rows if row[0].pair.market.indicator.segment == name]
        segments[name] = _segment(own, names.count(name))
    return {
        "segments": segments,
        "pairs": len(candidates),
        "tested": len(found),
        "discovery": DISCOVERY,
        "flags": flags(catalogue, panel, day),
    }


def _segment(rows: Sequence[tuple[Tested, float, Proof | None]], count: int) -> dict[str, Any]:
    together = [row for row in rows if row[1] <= DISCOVERY]
    ahead = [row for row in together if row[0].lag > 0]
    judged = [row for row in ahead if row[2] is not None and row[2].origins >= FEWEST_ORIGINS]
    reliable = [row for row in judged if row[2] is not None and row[2].helps]
    return {
        "pairs": count,
        "tested": len(rows),
        "together": len(together),
        "ahead": len(ahead),
        "judged": len(judged),
        "reliable": [_row(*row) for row in sorted(reliable, key=_by_gain)],
        "near": [_row(*row) for row in sorted(ahead, key=_by_gain) if row not in reliable],
    }


def _by_gain(row: tuple[Tested, float, Proof | None]) -> float:
    return -row[2].gain if row[2] is not None else 0.0


def _row(seen: Tested, rate: float, proved: Proof | None) -> dict[str, Any]:
    months = 12 // seen.pair.per_year
    return {
        "lead": seen.pair.lead.indicator.id,
        "market": seen.pair.market.indicator.id,
        "lag_months": seen.lag * months,
        "correlation": seen.correlation,
        "p": seen.p,
        "q": rate,
        "gain": proved.gain if proved else None,
        "halves": list(proved.halves) if proved else None,
        "origins": proved.origins if proved else 0,
    }
