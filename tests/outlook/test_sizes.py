"""Pace and range of a market: half from joint draws of its indicators, each as it stood."""

from datetime import date

import numpy as np
import pytest

from observatory.outlook.calls.calls import fit_rule
from observatory.outlook.calls.growth_ranges import _estimate_correlation
from observatory.outlook.outlook import Outlook
from tests.support.panels import noisy_after


@pytest.mark.slow
def test_no_pace_and_no_range_knows_the_future(outlook: Outlook) -> None:
    """Values after 2012 turned into noise: pace and range of every earlier origin stay the same to the last digit."""
    noisy = noisy_after(outlook.panel, 2012, seed=8)
    one, two = (fit_rule(outlook.catalogue, panel, date(2026, 11, 22)) for panel in (outlook.panel, noisy))
    past = one.origins < 2013 * 12
    compared = 0
    for horizon, rows in one.forecasts.items():
        for segment, row in rows.items():
            for name in ("growth", "low", "high"):
                mine, theirs = getattr(row, name)[past], getattr(two.forecasts[horizon][segment], name)[past]
                np.testing.assert_array_equal(mine, theirs)
                compared += int(np.isfinite(mine).sum())
    assert compared > 3000


def test_errors_that_went_together_are_drawn_together() -> None:
    """Twins come out above strangers; a series without a past takes the mean; the diagonal is one."""
    random = np.random.default_rng(2)
    shock = random.normal(size=40)
    scores = np.array([shock, shock + 0.1 * random.normal(size=40), random.normal(size=40), np.full(40, np.nan)])
    found = _estimate_correlation(scores)
    assert found[0, 1] > 0.5 > found[0, 2]
    assert found[3, 0] == found[3, 1] == found[3, 2]
    np.testing.assert_array_equal(np.diag(found), 1.0)
    np.testing.assert_array_equal(found, found.T)
