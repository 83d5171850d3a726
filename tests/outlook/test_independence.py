"""How many independent markets the markets are worth."""

from dataclasses import replace

import numpy as np

from observatory.outlook.calls.calls import Call
from observatory.outlook.calls.scores import count_independent_markets
from observatory.outlook.outlook import Outlook


def calls_of(outlook: Outlook, growth: np.ndarray) -> dict[tuple[str, int], Call]:
    template = next(iter(outlook.calls.values()))
    return {
        (f"m{place}", 2): replace(
            template, segment=f"m{place}", horizon=2, index_last=2025, index=tuple(100 * np.exp(np.cumsum([0, *row])))
        )
        for place, row in enumerate(growth)
    }


def test_markets_that_move_as_one_are_worth_one(outlook: Outlook, rng: np.random.Generator) -> None:
    """Eight copies of one market are worth one; eight that have nothing in common are worth about eight."""
    one = rng.normal(size=400) * 0.01
    markets, alone = count_independent_markets(calls_of(outlook, np.repeat([one], 8, axis=0)), 2)
    assert (markets, round(alone, 6)) == (8, 1)
    markets, alone = count_independent_markets(calls_of(outlook, rng.normal(size=(8, 400)) * 0.01), 2)
    assert (markets, round(alone)) == (8, 8)


def test_the_markets_of_this_edition(outlook: Outlook) -> None:
    """Every market that has an index is counted; they are worth more than one and fewer than their number."""
    markets, alone = count_independent_markets(outlook.calls, 2)
    assert markets == sum(1 for (_segment, horizon), call in outlook.calls.items() if horizon == 2 and call.index)
    assert 1 < alone < markets


def test_nothing_to_compare_is_no_claim() -> None:
    """Without calls, or with one market, the number stands as it is."""
    assert count_independent_markets({}, 2) == (0, 0.0)
