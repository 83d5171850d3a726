"""The arithmetic of a mix: joint, not summed; one change of mix; its shares of risk; what is not covered."""

import numpy as np
import pytest

from observatory.outlook.outlook import Outlook
from observatory.outlook.portfolio.portfolio import ahead, best, concentration, covered, joint_of, levels, moves, parts
from observatory.settings import HORIZONS

MIX = {"commercial_aircraft": 0.45, "helicopters": 0.25, "military_aviation": 0.2, "space": 0.1}


def test_the_range_is_of_the_whole_and_not_a_sum(outlook: Outlook) -> None:
    """Markets do not fall all at once: the 80 % of a mix is narrower than the mean of those of its markets."""
    for horizon in HORIZONS:
        found = ahead(outlook.joint, MIX, {}, horizon)
        assert found is not None
        alone = [ahead(outlook.joint, {name: 1.0}, {}, horizon) for name in MIX]
        wide = sum(share * (row.high - row.low) for share, row in zip(MIX.values(), alone, strict=True) if row)
        assert found.high - found.low < 0.95 * wide
        assert found.low < found.low_half < found.middle < found.high_half < found.high


def test_by_hand() -> None:
    """Two futures of two markets, half and half, over two years: the levels of each future are added, then rooted."""
    joint = joint_of({"growth": {"space": {"2": [1000, -1000]}, "drones": {"2": [0, 2000]}}})
    each = levels(joint, {"space": 0.5, "drones": 0.5}, {}, 2)
    np.testing.assert_allclose(each, [[1.21, 1.0], [0.81, 1.44]])
    found = ahead(joint, {"space": 0.5, "drones": 0.5}, {}, 2)
    assert found is not None
    assert found.middle == pytest.approx(((1.105 + 1.125) / 2) ** 0.5 - 1)
    assert found.decline == 0.0


def test_parts_add_up(outlook: Outlook) -> None:
    """Shares of risk add up to one; points are share times pace; the largest risk comes first."""
    found = parts(outlook.joint, MIX, {}, 2)
    assert sum(row.risk for row in found) == pytest.approx(1)
    assert sum(row.share for row in found) == pytest.approx(1)
    assert all(row.points == pytest.approx(row.share * row.growth) for row in found)
    assert found[0].risk == max(row.risk for row in found)
    assert found[0].market == "commercial_aircraft"


def test_every_change_is_the_mix_after_it(outlook: Outlook) -> None:
    """A change by one step has the growth and odds of the mix that it leads to; no step takes more than there is."""
    found = moves(outlook.joint, MIX, {}, 2)
    assert len(found) == 4 * 6
    assert len(moves(outlook.joint, dict.fromkeys(outlook.joint.growth[1], 1 / 8), {}, 1)) == 8 * 7
    for row in found:
        after = dict(MIX)
        after[row.source] -= row.step
        after[row.target] = after.get(row.target, 0.0) + row.step
        assert after[row.source] >= -1e-12
        then = ahead(outlook.joint, after, {}, 2)
        assert then is not None
        assert (row.middle, row.low, row.decline) == pytest.approx((then.middle, then.low, then.decline))


def test_the_best_changes_are_beaten_by_none(outlook: Outlook) -> None:
    """None of the named changes loses growth or gains odds of decline, and no change beats it on both."""
    now = ahead(outlook.joint, MIX, {}, 2)
    assert now is not None
    found = moves(outlook.joint, MIX, {}, 2)
    named = best(found, now)
    assert named
    for row in named:
        assert row.middle >= now.middle
        assert row.decline <= now.decline
        assert not [other for other in found if other.middle > row.middle and other.decline < row.decline]


def test_what_is_not_covered_is_left_out_and_said(outlook: Outlook) -> None:
    """Drones have no call: the result is that of the rest, with its share; nothing alone gives None."""
    half = ahead(outlook.joint, {"space": 0.5, "drones": 0.5}, {}, 2)
    whole = ahead(outlook.joint, {"space": 1.0}, {}, 2)
    assert half is not None
    assert whole is not None
    assert half.covered == 0.5
    assert (half.low, half.middle, half.high) == (whole.low, whole.middle, whole.high)
    assert ahead(outlook.joint, {"drones": 1.0}, {}, 2) is None
    assert covered(outlook.joint, {"embedded_systems": 1.0}, {}, 1)
    assert not covered(outlook.joint, {"embedded_systems": 1.0}, {}, 2)


def test_an_own_pace_moves_the_market_and_keeps_its_spread(outlook: Outlook) -> None:
    """The middle becomes what the reader says, the range stays as wide; a market without draws has the pace alone."""
    ours, own = (ahead(outlook.joint, {"space": 1.0}, given, 1) for given in ({}, {"space": 0.2}))
    assert ours is not None
    assert own is not None
    assert own.middle == pytest.approx(0.2, abs=1e-4)
    assert (1 + own.high) / (1 + own.low) == pytest.approx((1 + ours.high) / (1 + ours.low), abs=1e-3)
    bare = ahead(outlook.joint, {"drones": 1.0}, {"drones": 0.08}, 2)
    assert bare is not None
    assert bare.low == pytest.approx(0.08)
    assert bare.high == pytest.approx(0.08)
    mixed = moves(outlook.joint, {"space": 0.5, "drones": 0.5}, {"drones": 0.3}, 2)
    assert {row.source for row in mixed} == {"space", "drones"}
    assert "drones" not in {row.target for row in mixed}


def test_concentration_is_the_index_of_herfindahl() -> None:
    """One market is 1, four equal ones 0.25, whatever the shares add up to."""
    assert concentration({"space": 0.3}) == 1
    assert concentration(dict.fromkeys("abcd", 0.2)) == pytest.approx(0.25)
