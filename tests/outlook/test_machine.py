"""The time machine: what would have been said then, and nothing of what came later in it."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.catalogue.periods import FREQUENCIES, Frequency, last_ended_ordinal, last_month_ordinal
from observatory.outlook.outlook import Outlook
from observatory.outlook.time_machine import EARLIEST_MONTH, reconstruct_outlook
from observatory.workspace import Workspace
from tests.support.panels import noisy_after

OCTOBER_2010 = 2010 * 12 + 9


@pytest.mark.slow
def test_nothing_of_it_was_published_later(october: Outlook, outlook: Outlook) -> None:
    """Every figure was out by the end of October 2010 after its lag, and is the one known today."""
    assert october.day.isoformat() == "2010-10-31"
    for key, history in october.panel.items():
        lag = october.catalogue.indicators[key[0]].publication_lag_months
        assert last_month_ordinal(history.last, history.frequency) + lag <= OCTOBER_2010
        whole = outlook.panel[key]
        np.testing.assert_array_equal(history.values, whole.values[: len(history.values)])
    assert 50 < len(october.catalogue.indicators) < len(outlook.catalogue.indicators)


@pytest.mark.slow
def test_the_future_moves_nothing_in_it(october: Outlook, outlook: Outlook) -> None:
    """All values of 2011 and later turned into noise: the same forecasts, calls and record, to the last digit."""
    noisy = noisy_after(outlook.panel, 2010, seed=4)
    again = reconstruct_outlook(replace(outlook, panel=noisy), OCTOBER_2010)
    assert again.calls == october.calls
    assert again.study == october.study
    for key, forecast in october.forecasts.items():
        np.testing.assert_array_equal(again.forecasts[key].high, forecast.high)
    assert again.realized_growth != october.realized_growth


@pytest.mark.slow
def test_its_calls_are_those_of_the_replay(outlook: Outlook) -> None:
    """Rebuilt at the end of a December, every call is the one that the replay has for that origin."""
    month = 2008 * 12 + 11
    rebuilt = reconstruct_outlook(outlook, month)
    past = [row for row in outlook.replayed_calls if row.origin == month]
    assert len(past) > 20
    for row in past:
        call = rebuilt.calls[row.segment, row.horizon]
        assert call.call == row.call
        if call.probability is not None:
            assert abs(call.probability - row.chance) < 1e-4
        if row.grew is not None:
            assert abs(rebuilt.realized_growth[row.segment][row.horizon] - row.grew) < 1e-4


@pytest.mark.slow
def test_the_crash_of_2020_was_not_known_in_2019(outlook: Outlook) -> None:
    """At the end of June 2019 no series has a value of 2020, and what came shows the fall."""
    rebuilt = reconstruct_outlook(outlook, 2019 * 12 + 5)
    assert all(last_month_ordinal(row.last, row.frequency) < 2020 * 12 for row in rebuilt.panel.values())
    assert rebuilt.realized_growth["air_transport"][2] < -0.1


@pytest.mark.slow
def test_a_moment_before_opening_is_rebuilt_and_one_after_is_a_vintage(workspace: Workspace) -> None:
    """October 2010 is rebuilt, once; before 1990 and after opening the published vintages answer."""
    end = datetime(2010, 10, 31, 23, 59, 59, 999999, UTC)
    assert workspace.get_outlook(end).edition == -OCTOBER_2010
    assert workspace.get_outlook(end) is workspace.get_outlook(end)
    assert workspace.get_outlook(datetime(2010, 11, 1, tzinfo=UTC)).edition == -OCTOBER_2010
    assert workspace.get_outlook(datetime(1970, 1, 1, tzinfo=UTC)).edition == 1
    assert workspace.get_outlook(datetime(2027, 1, 1, tzinfo=UTC)).edition == 1
    assert workspace.get_outlook(datetime(1990, 1, 31, 23, 59, 59, 999999, UTC)).edition == -EARLIEST_MONTH


@given(st.integers(1900 * 12, 2100 * 12), st.sampled_from(FREQUENCIES))
def test_the_last_period_that_has_ended(month: int, frequency: Frequency) -> None:
    """The period at a month has ended by it, and the next one has not."""
    number = last_ended_ordinal(month, frequency)
    assert last_month_ordinal(number, frequency) <= month < last_month_ordinal(number + 1, frequency)
