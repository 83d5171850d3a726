"""Neighbouring markets: three parts, each shown, in an order that can be read off them."""

from dataclasses import replace

import pytest

from observatory.catalogue.codec import decode_knowhow, encode_knowhow
from observatory.catalogue.models import Catalogue
from observatory.outlook.analysis.neighbours import (
    CALL_RANKS,
    classify_closeness,
    compute_closeness,
    find_reordered,
    rank_neighbours,
)
from observatory.outlook.outlook import Outlook

MIX = {"helicopters": 0.6, "space": 0.4}


def test_the_judgement_is_stored_with_the_edition(outlook: Outlook, catalogue: Catalogue) -> None:
    """An edition holds the matrix as it was judged then; as JSON and back it is the same."""
    assert outlook.knowhow == tuple(catalogue.knowhow.values())
    for row in catalogue.knowhow.values():
        assert decode_knowhow(encode_knowhow(row)) == row


def test_the_order_is_call_then_closeness_then_record(outlook: Outlook) -> None:
    """No market of the mix is its own neighbour; a growing call stands before an unclear one; far ones come last."""
    found = rank_neighbours(outlook, MIX, 2)
    assert {row.market for row in found} == set(outlook.catalogue.markets) - MIX.keys()
    near = [row for row in found if classify_closeness(row.closeness) != "far"]
    assert found[: len(near)] == tuple(near)
    calls = [CALL_RANKS[row.call.call] for row in near]
    assert calls == sorted(calls)
    growing = [classify_closeness(row.closeness) for row in near if row.call.call == "growing"]
    assert growing == sorted(growing, key=("close", "some", "far").index)


def test_closeness_is_the_part_of_ones_own_know_how(outlook: Outlook) -> None:
    """A market is wholly close to itself, shares count, and what it lacks of mine makes it far."""
    for name in outlook.catalogue.markets:
        assert compute_closeness(outlook.knowhow, {name: 1.0}, name) == pytest.approx(1)
    both = compute_closeness(outlook.knowhow, MIX, "military_aviation")
    alone = [compute_closeness(outlook.knowhow, {name: 1.0}, "military_aviation") for name in MIX]
    assert both == pytest.approx(0.6 * alone[0] + 0.4 * alone[1])
    assert compute_closeness(outlook.knowhow, {"helicopters": 1.0}, "air_transport") < 0.4


def test_the_record_is_that_of_the_replay(outlook: Outlook) -> None:
    """Beside each market stands how often "growing" came true there, of how many, and how often it came anyway."""
    rows = [row for row in outlook.replayed_calls if row.is_scored and row.trend is not None and row.segment == "space"]
    sentence = [row for row in rows if row.call == "growing"]
    right = sum((row.grew or 0) > 0.01 for row in sentence)
    assert outlook.growing_record["space"][:2] == (right, len(sentence))


def test_an_old_edition_or_an_empty_mix_has_none(outlook: Outlook) -> None:
    """Without a mix there is nothing to be a neighbour of."""
    assert rank_neighbours(outlook, {}, 2) == ()


def test_another_judgement_moves_the_neighbours_that_it_touches(outlook: Outlook) -> None:
    """Nothing changes where nothing is judged otherwise; with what a market needs taken away, its order does."""
    assert find_reordered(outlook, outlook) == ()
    served = {
        name: replace(row, core=tuple(one for one in row.core if one != "drones"))
        for name, row in outlook.catalogue.knowhow.items()
    }
    other = replace(outlook, catalogue=replace(outlook.catalogue, knowhow=served))
    assert "drones" in find_reordered(outlook, other)


def test_chosen_know_how_takes_the_place_of_that_of_the_markets(outlook: Outlook) -> None:
    """With one know-how a market is wholly close where it is at the core, half where it is used some, far elsewhere."""
    for known in outlook.knowhow:
        for row in rank_neighbours(outlook, MIX, 2, (known.id,)):
            assert row.closeness == known.usage_level(row.market) / 2
            assert row.shared_knowhow == ((known,) if known.usage_level(row.market) else ())
    assert rank_neighbours(outlook, MIX, 2, ("nothing",)) == rank_neighbours(outlook, MIX, 2)
