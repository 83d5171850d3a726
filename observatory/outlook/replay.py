"""The replay: what this very rule would have said at every past origin, against what came."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from observatory.outlook.calls import Evidence
from observatory.outlook.rule import happened
from observatory.settings import CALLING, HORIZONS

SINCE = 1990


def replay(seen: Evidence) -> dict[str, Any]:
    """Scores of the replayed calls since 1990, all markets, by horizon and over all: plain JSON values.

    `brier` of the rule beside its baselines (own record, all markets, the coin); how many "growing" calls there
    were and came true, beside how often any market grew that clearly; coverage of the 80 % ranges.
    """
    rows: dict[str, list[tuple[float, ...]]] = {str(horizon): [] for horizon in HORIZONS}
    for horizon in HORIZONS:
        for market in seen.markets:
            judgement = seen.judgements[horizon][market.segment]
            grew = happened(market.growth[horizon], "grew")
            clearly = happened(market.growth[horizon], "grew_clearly")
            chance, clear = judgement.probability["grew"], judgement.probability["grew_clearly"]
            enough = (judgement.outcomes >= CALLING.minimum_outcomes) & (seen.origins >= SINCE * 12)
            for place in np.flatnonzero(enough & np.isfinite(grew) & np.isfinite(chance)):
                low, high, growth = (
                    float(part[place]) for part in (judgement.low, judgement.high, market.growth[horizon])
                )
                rows[str(horizon)].append(
                    (
                        float(chance[place]),
                        float(grew[place]),
                        float(judgement.own_rate[place]),
                        float(judgement.pooled_rate[place]),
                        float(clear[place] >= CALLING.growing_from),
                        float(clearly[place]),
                        float(low <= growth <= high) if np.isfinite(low) else np.nan,
                    )
                )
    table: dict[str, Mapping[str, float]] = {name: _scores(lines) for name, lines in rows.items() if lines}
    everything = [line for lines in rows.values() for line in lines]
    return {"since": SINCE, "horizons": table, "all": _scores(everything) if everything else {}}


def _scores(lines: list[tuple[float, ...]]) -> dict[str, float]:
    chance, grew, own, pooled, called, clearly, inside = np.array(lines).T
    judged = np.isfinite(inside)
    return {
        "n": len(lines),
        "brier": float(np.mean((chance - grew) ** 2)),
        "brier_own": float(np.mean((own - grew) ** 2)),
        "brier_pooled": float(np.mean((pooled - grew) ** 2)),
        "brier_coin": 0.25,
        "called": int(called.sum()),
        "right": int((called * clearly).sum()),
        "base": float(clearly.mean()),
        "covered": int(np.nansum(inside)),
        "judged": int(judged.sum()),
    }
