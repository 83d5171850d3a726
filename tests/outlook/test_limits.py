"""Limits of what grows faster than the catalogue: baskets of the record, pairs tested for leads."""

from dataclasses import replace
from itertools import combinations

import numpy as np

from observatory.catalogue.models import Catalogue, IndicatorRole
from observatory.outlook.leads import lead_lag
from observatory.outlook.leads.lead_lag import select_pairs
from observatory.outlook.purchasing.baskets import select_trios
from observatory.timeseries import SeriesKey, TimeSeries


def test_few_inputs_give_every_basket() -> None:
    """Up to 23 inputs the baskets of the record are all trios, in their order."""
    for inputs in (4, 13, 23):
        assert select_trios(inputs).tolist() == [list(trio) for trio in combinations(range(inputs), 3)]


def test_many_inputs_give_a_fixed_sample_of_baskets() -> None:
    """From 24 inputs on: 2,000 different trios of different inputs, the same each time, and every input among them."""
    for inputs in (24, 325):
        trios = select_trios(inputs)
        assert trios.shape == (2000, 3)
        assert (np.diff(trios, axis=1) > 0).all()
        assert len({tuple(trio) for trio in trios.tolist()}) == 2000
        assert set(trios.ravel().tolist()) == set(range(inputs))
        select_trios.cache_clear()
        assert (select_trios(inputs) == trios).all()


def _make_world(catalogue: Catalogue, leads: int, markets: int) -> tuple[Catalogue, dict[SeriesKey, TimeSeries]]:
    """A segment with some leading and some market indicators by rank, each with twenty years of one constant."""
    segment = next(iter(catalogue.markets))
    model = next(row for row in catalogue.indicators.values() if row.frequency == "A" and row.in_call)
    roles: list[tuple[IndicatorRole, int]] = [("leading", rank) for rank in range(leads)] + [
        ("market", rank) for rank in range(markets)
    ]
    rows = [
        replace(model, id=f"{role}_{rank:02d}", family=f"{role}_{rank}", role=role, rank=rank, segment=segment)
        for role, rank in roles
    ]
    panel = {}
    for row in rows:
        key = (row.id, row.headline_geo, row.headline_item)
        panel[key] = TimeSeries(key, "A", 2000, np.ones(20))
    return replace(catalogue, indicators={row.id: row for row in rows}), panel


def test_the_pairs_of_the_first_ranks_are_tested(catalogue: Catalogue) -> None:
    """Of 30 x 25 pairs of a market 400 are tested: all of the first 20 of both; the others are counted."""
    world, panel = _make_world(catalogue, 30, 25)
    selected = select_pairs(world, panel)
    tested = {(pair.lead.indicator.rank, pair.market.indicator.rank) for pair in selected.pairs}
    assert tested == {(lead, led) for lead in range(20) for led in range(20)}
    assert selected.left_out == {next(iter(catalogue.markets)): 350}


def test_a_market_within_the_limit_has_all_its_pairs(catalogue: Catalogue) -> None:
    """As many pairs as the limit allows: none is left out, and they are in the order of leads, then of markets."""
    assert lead_lag.MAX_PAIRS == 400
    world, panel = _make_world(catalogue, 16, 25)
    selected = select_pairs(world, panel)
    ranks = [(pair.lead.indicator.rank, pair.market.indicator.rank) for pair in selected.pairs]
    assert ranks == [(lead, led) for lead in range(16) for led in range(25)]
    assert selected.left_out == {}
