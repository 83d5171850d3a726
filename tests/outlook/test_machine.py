"""The time machine: what would have been said then, and nothing of what came later in it."""

from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.briefs.common.context import Context
from observatory.briefs.track_record.misses import build_misses
from observatory.catalogue.models import Catalogue
from observatory.catalogue.periods import (
    FREQUENCIES,
    Frequency,
    last_ended_ordinal,
    last_month_ordinal,
    ordinal_to_period,
)
from observatory.catalogue.real_vintages import RealVintage, load_real_vintages
from observatory.language import Localizer
from observatory.outlook.analysis.misses import find_misses
from observatory.outlook.outlook import Outlook
from observatory.outlook.time_machine import (
    EARLIEST_MONTH,
    reconstruct_outlook,
    select_real_vintages,
    truncate_to_month,
)
from observatory.selection import DEFAULT_SELECTION, Selection, format_query
from observatory.workspace import Workspace, resolve_query
from tests.support.panels import noisy_after
from tests.support.paths import ROOT

OCTOBER_2010 = 2010 * 12 + 9


@pytest.fixture(scope="module")
def real_vintages(catalogue: Catalogue) -> tuple[RealVintage, ...]:
    return load_real_vintages(ROOT / "data", catalogue)


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
    assert workspace.get_outlook(datetime(2027, 1, 1, tzinfo=UTC)).edition == len(workspace.former_editions) + 1
    assert workspace.get_outlook(datetime(1990, 1, 31, 23, 59, 59, 999999, UTC)).edition == -EARLIEST_MONTH


@pytest.mark.slow
def test_a_missed_call_leads_to_the_call_of_its_record(workspace: Workspace, outlook: Outlook) -> None:
    """Each link beside a miss of the newest record opens that very call, though the first edition had other figures."""
    targets = build_misses(Context(outlook, DEFAULT_SELECTION, Localizer("en"), outlook.day)).targets
    misses = find_misses(outlook)
    assert len(targets) == len(misses) == 5
    for target, miss in zip(targets, misses, strict=True):
        assert target.asof == f"{ordinal_to_period(miss.call.origin, 'M')}.e2"
    for target, past in [(targets[0], misses[0].call), (targets[1], misses[1].call)]:
        selection, notices, rebuilt = resolve_query(workspace, format_query(target))
        assert (notices, selection.asof, rebuilt.base_edition) == ((), target.asof, outlook.edition)
        assert rebuilt.asof == f"{rebuilt.day}.e{outlook.edition}"
        call = rebuilt.calls[selection.segment, selection.horizon]
        assert (call.segment, call.horizon) == (past.segment, past.horizon)
        assert rebuilt.day.month == past.origin % 12 + 1
        assert not rebuilt.real_vintage_days
        assert (call.call, call.probability) == (past.call, pytest.approx(past.chance, abs=1e-7))
        assert rebuilt.realized_growth[past.segment][past.horizon] == pytest.approx(past.grew, abs=1e-7)
    first, past = workspace.get_reconstruction(misses[0].call.origin), misses[0].call
    assert (first.base_edition, first.asof) == (0, first.day.isoformat())
    assert first.calls[past.segment, past.horizon].probability != pytest.approx(past.chance, abs=1e-4)


@pytest.mark.slow
def test_a_month_without_an_edition_is_that_of_the_first(workspace: Workspace) -> None:
    """October 2010 keeps its answer; naming the first edition is the same link, and later dates rebuild nothing."""
    plain = workspace.get_selected_outlook(Selection(asof="2010-10"))
    selection, notices, named = resolve_query(workspace, {"asof": "2010-10.e1"})
    assert (selection.asof, notices) == ("2010-10", ())
    assert named is plain
    assert plain.base_edition == 0
    selection, notices, later = resolve_query(workspace, {"asof": "2026-12.e2"})
    assert (selection.asof, notices, later.edition) == ("2026-12", (), 2)
    selection, notices, newest = resolve_query(workspace, {"asof": "2010-10.e99"})
    assert (selection.asof, newest.edition) == ("", 2)
    assert [(row.key, row.value) for row in notices] == [("notice.edition", "99")]


@given(st.integers(1900 * 12, 2100 * 12), st.sampled_from(FREQUENCIES))
def test_the_last_period_that_has_ended(month: int, frequency: Frequency) -> None:
    """The period at a month has ended by it, and the next one has not."""
    number = last_ended_ordinal(month, frequency)
    assert last_month_ordinal(number, frequency) <= month < last_month_ordinal(number + 1, frequency)


@pytest.mark.slow
def test_a_real_vintage_stands_where_it_reaches_as_far(
    outlook: Outlook, real_vintages: tuple[RealVintage, ...]
) -> None:
    """At the end of 2018 French production has the figures that Insee showed then; a month later they are too old.

    The real figures end in October 2018, on another base; what followed is drawn from their level on.
    """
    rebuilt = reconstruct_outlook(outlook, 2018 * 12 + 11, real_vintages)
    key = ("fr_aerospace_production", "FRA", "")
    assert rebuilt.real_vintage_days["fr_aerospace_production"] == date(2018, 12, 10)
    shown, final, later = rebuilt.panel[key], outlook.panel[key], rebuilt.later_panel[key]
    vintage = next(row for row in real_vintages if row.indicator == key[0] and row.day == date(2018, 12, 10))
    assert [float(value) for value in shown.values] == [row[3] for row in vintage.rows]
    past = final.truncate(shown.last)
    assert past is not None
    assert not np.allclose(shown.values, past.values)
    place = shown.last - later.first
    np.testing.assert_allclose(later.values[place], shown.values[-1])
    np.testing.assert_allclose(
        later.values[place + 1] / later.values[place], final.values[place + 1] / final.values[place]
    )
    others = rebuilt.panel.keys() - {key for key in rebuilt.panel if key[0] in rebuilt.real_vintage_days}
    plain = truncate_to_month(outlook.catalogue, outlook.panel, 2018 * 12 + 11)[1]
    for other in others:
        np.testing.assert_array_equal(rebuilt.panel[other].values, plain[other].values)
    january = date(2019, 1, 31)
    known = truncate_to_month(outlook.catalogue, outlook.panel, 2019 * 12)[1]
    assert select_real_vintages(real_vintages, outlook.catalogue, known, january) == ()


@pytest.mark.slow
def test_no_vintage_is_used_before_its_day(outlook: Outlook, real_vintages: tuple[RealVintage, ...]) -> None:
    """At the end of every month since 2018, whatever is chosen existed by then and reaches as far as final figures."""
    for month in range(2018 * 12, 2026 * 12 + 10):
        day = date(month // 12, month % 12 + 1, 28)
        panel = truncate_to_month(outlook.catalogue, outlook.panel, month)[1]
        catalogue = truncate_to_month(outlook.catalogue, outlook.panel, month)[0]
        for row in select_real_vintages(real_vintages, catalogue, panel, day):
            assert row.day <= day
