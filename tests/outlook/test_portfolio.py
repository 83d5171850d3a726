"""The arithmetic of a mix: joint, not summed; one change of mix; its shares of risk; what is not covered."""

import numpy as np
import pytest

from observatory.outlook.outlook import Outlook
from observatory.outlook.portfolio.portfolio import (
    compute_concentration,
    compute_contributions,
    compute_levels,
    forecast_mix,
    list_reallocations,
    parse_joint_draws,
    select_covered,
    select_efficient,
)
from observatory.settings import HORIZONS

MIX = {"commercial_aircraft": 0.45, "helicopters": 0.25, "military_aviation": 0.2, "space": 0.1}


def test_the_range_is_of_the_whole_and_not_a_sum(outlook: Outlook) -> None:
    """Markets do not fall all at once: the 80 % of a mix is narrower than the mean of those of its markets."""
    for horizon in HORIZONS:
        found = forecast_mix(outlook.joint_draws, MIX, {}, horizon)
        assert found is not None
        alone = [forecast_mix(outlook.joint_draws, {name: 1.0}, {}, horizon) for name in MIX]
        wide = sum(share * (row.high - row.low) for share, row in zip(MIX.values(), alone, strict=True) if row)
        assert found.high - found.low < 0.95 * wide
        assert found.low < found.low_50 < found.median < found.high_50 < found.high


def test_by_hand() -> None:
    """Two futures of two markets, half and half, over two years: the levels of each future are added, then rooted."""
    joint = parse_joint_draws({"growth": {"space": {"2": [1000, -1000]}, "drones": {"2": [0, 2000]}}})
    each = compute_levels(joint, {"space": 0.5, "drones": 0.5}, {}, 2)
    np.testing.assert_allclose(each, [[1.21, 1.0], [0.81, 1.44]])
    found = forecast_mix(joint, {"space": 0.5, "drones": 0.5}, {}, 2)
    assert found is not None
    assert found.median == pytest.approx(((1.105 + 1.125) / 2) ** 0.5 - 1)
    assert found.decline_probability == 0.0


def test_parts_add_up(outlook: Outlook) -> None:
    """Shares of risk add up to one; points are share times pace; the largest risk comes first."""
    found = compute_contributions(outlook.joint_draws, MIX, {}, 2)
    assert sum(row.risk_share for row in found) == pytest.approx(1)
    assert sum(row.share for row in found) == pytest.approx(1)
    assert all(row.growth_contribution == pytest.approx(row.share * row.growth) for row in found)
    assert found[0].risk_share == max(row.risk_share for row in found)
    assert found[0].market == "commercial_aircraft"


def test_every_change_is_the_mix_after_it(outlook: Outlook) -> None:
    """A change by one step has the growth and odds of the mix that it leads to; no step takes more than there is."""
    found = list_reallocations(outlook.joint_draws, MIX, {}, 2)
    assert len(found) == 4 * 6
    assert (
        len(list_reallocations(outlook.joint_draws, dict.fromkeys(outlook.joint_draws.growth[1], 1 / 8), {}, 1))
        == 8 * 7
    )
    for row in found:
        after = dict(MIX)
        after[row.source] -= row.share
        after[row.target] = after.get(row.target, 0.0) + row.share
        assert after[row.source] >= -1e-12
        then = forecast_mix(outlook.joint_draws, after, {}, 2)
        assert then is not None
        assert (row.median, row.low, row.decline_probability) == pytest.approx(
            (then.median, then.low, then.decline_probability)
        )


def test_the_best_changes_are_beaten_by_none(outlook: Outlook) -> None:
    """None of the named changes loses growth or gains odds of decline, and no change beats it on both."""
    now = forecast_mix(outlook.joint_draws, MIX, {}, 2)
    assert now is not None
    found = list_reallocations(outlook.joint_draws, MIX, {}, 2)
    named = select_efficient(found, now)
    assert named
    for row in named:
        assert row.median >= now.median
        assert row.decline_probability <= now.decline_probability
        assert not [
            other
            for other in found
            if other.median > row.median and other.decline_probability < row.decline_probability
        ]


def test_what_is_not_covered_is_left_out_and_said(outlook: Outlook) -> None:
    """Drones have no call: the result is that of the rest, with its share; nothing alone gives None."""
    half = forecast_mix(outlook.joint_draws, {"space": 0.5, "drones": 0.5}, {}, 2)
    whole = forecast_mix(outlook.joint_draws, {"space": 1.0}, {}, 2)
    assert half is not None
    assert whole is not None
    assert half.covered_share == 0.5
    assert (half.low, half.median, half.high) == (whole.low, whole.median, whole.high)
    assert forecast_mix(outlook.joint_draws, {"drones": 1.0}, {}, 2) is None
    assert select_covered(outlook.joint_draws, {"embedded_systems": 1.0}, {}, 1)
    assert not select_covered(outlook.joint_draws, {"embedded_systems": 1.0}, {}, 2)


def test_an_own_pace_moves_the_market_and_keeps_its_spread(outlook: Outlook) -> None:
    """The middle becomes what the reader says, the range stays as wide; a market without draws has the pace alone."""
    ours, own = (forecast_mix(outlook.joint_draws, {"space": 1.0}, given, 1) for given in ({}, {"space": 0.2}))
    assert ours is not None
    assert own is not None
    assert own.median == pytest.approx(0.2, abs=1e-4)
    assert (1 + own.high) / (1 + own.low) == pytest.approx((1 + ours.high) / (1 + ours.low), abs=1e-3)
    bare = forecast_mix(outlook.joint_draws, {"drones": 1.0}, {"drones": 0.08}, 2)
    assert bare is not None
    assert bare.low == pytest.approx(0.08)
    assert bare.high == pytest.approx(0.08)
    mixed = list_reallocations(outlook.joint_draws, {"space": 0.5, "drones": 0.5}, {"drones": 0.3}, 2)
    assert {row.source for row in mixed} == {"space", "drones"}
    assert "drones" not in {row.target for row in mixed}


def test_concentration_is_the_index_of_herfindahl() -> None:
    """One market is 1, four equal ones 0.25, whatever the shares add up to."""
    assert compute_concentration({"space": 0.3}) == 1
    assert compute_concentration(dict.fromkeys("abcd", 0.2)) == pytest.approx(0.25)
