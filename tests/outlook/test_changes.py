"""What changed between two outlooks: exactly what leads from one to the other, and nothing where they say the same."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observatory.catalogue.models import Catalogue, CuratedEdition
from observatory.catalogue.periods import PERIODS_PER_YEAR, Frequency, ordinal_to_period
from observatory.outlook.analysis.diff import OutlookDiff, diff_outlooks
from observatory.outlook.calls.calls import Call
from observatory.outlook.outlook import Outlook
from observatory.timeseries import SeriesKey, StoredObservation, TimeSeries, build_panel

KEYS: list[SeriesKey] = [("a", "FRA", ""), ("a", "WORLD", "x"), ("b", "FRA", ""), ("c", "FRA", "")]
FREQUENCIES: list[Frequency] = ["M", "M", "A", "Q"]
NOTHING = Catalogue({}, {}, {}, {}, {}, (), CuratedEdition(datetime(2026, 11, 22, tzinfo=UTC), "", "", ""))
EMPTY = Outlook(edition=1, published_at=NOTHING.edition.at, catalogue=NOTHING, panel={}, forecasts={}, calls={})
Points = dict[tuple[int, int], float]  # (series, periods after the first of 2000) -> value


def panel_of(points: Points) -> dict[SeriesKey, TimeSeries]:
    rows = []
    for (at, when), value in points.items():
        frequency = FREQUENCIES[at]
        rows.append(
            StoredObservation(*KEYS[at], ordinal_to_period(2000 * PERIODS_PER_YEAR[frequency] + when, frequency), value)
        )
    return build_panel(rows)


def sentence(panel: Mapping[SeriesKey, TimeSeries]) -> dict[tuple[SeriesKey, int], float]:
    return {
        (key, row.first + at): float(value)
        for key, row in panel.items()
        for at, value in enumerate(row.values)
        if np.isfinite(value)
    }


def applied(panel: Mapping[SeriesKey, TimeSeries], found: OutlookDiff) -> dict[tuple[SeriesKey, int], float]:
    """A panel with the changes made to it; each change must fit what it is made to."""
    known = sentence(panel)
    for row in found.withdrawn:
        for when, value in zip(row.periods, row.values, strict=True):
            assert known.pop((row.key, when)) == value
    for revision in found.revised:
        assert known[revision.key, revision.period] == revision.old
        known[revision.key, revision.period] = revision.new
    for row in found.added:
        for when, value in zip(row.periods, row.values, strict=True):
            assert (row.key, when) not in known
            known[row.key, when] = value
    return known


points = st.dictionaries(
    st.tuples(st.integers(0, len(KEYS) - 1), st.integers(0, 8)),
    st.sampled_from([-2.0, 0.0, 1.0, 1.5, 3.0]),
    max_size=24,
)


@pytest.mark.slow
@given(points, points)
@settings(deadline=None)
def test_changes_lead_from_one_panel_to_the_other(one: Points, two: Points) -> None:
    """Applied to the panel before, the changes give the panel after: holes, ends, new and lost series included."""
    before, after = (replace(EMPTY, panel=panel_of(part)) for part in (one, two))
    found = diff_outlooks(before, after)
    assert applied(before.panel, found) == sentence(after.panel)
    assert bool(found) == (sentence(before.panel) != sentence(after.panel))
    indicators = [{key[0] for key in part.panel} for part in (before, after)]
    assert set(found.new_indicators) == indicators[1] - indicators[0]
    assert set(found.removed_indicators) == indicators[0] - indicators[1]
    back = diff_outlooks(after, before)
    assert (back.added, back.withdrawn) == (found.withdrawn, found.added)
    sizes = [np.inf if row.change is None else abs(row.change) for row in found.revised]
    assert sizes == sorted(sizes, reverse=True)


def test_the_same_outlook_has_not_changed(outlook: Outlook) -> None:
    """An outlook against itself, and against a copy in other arrays, has no changes at all."""
    copied = {key: replace(row, values=row.values.copy()) for key, row in outlook.panel.items()}
    again = {key: replace(row, median=row.median.copy()) for key, row in outlook.forecasts.items()}
    for other in (outlook, replace(outlook, panel=copied, forecasts=again)):
        assert diff_outlooks(outlook, other) == OutlookDiff()
        assert not diff_outlooks(outlook, other)


def test_a_series_of_another_frequency_is_another_series(outlook: Outlook) -> None:
    """Months that become years are withdrawn and added, never compared period by period."""
    key = KEYS[0]
    before = replace(outlook, panel={key: TimeSeries(key, "M", 24_000, np.array([1.0, 2.0]))})
    after = replace(outlook, panel={key: TimeSeries(key, "A", 2000, np.array([3.0]))})
    found = diff_outlooks(before, after)
    assert (found.added_count, found.revised_count, found.withdrawn_count) == (1, 0, 2)


def moved(sentence: Call, **values: object) -> Call:
    return replace(sentence, **values)  # type: ignore[arg-type]


def test_calls_flip_or_move(outlook: Outlook) -> None:
    """Another verdict is a flip; the same one moves from a whole per cent on, as it is shown; less is silence."""
    key = ("space", 2)
    call = moved(outlook.calls[key], call="growing", why="", probability_clear=0.701)
    before = replace(outlook, calls={**outlook.calls, key: call})

    def against(**values: object) -> OutlookDiff:
        return diff_outlooks(before, replace(outlook, calls={**outlook.calls, key: moved(call, **values)}))

    assert not against(probability_clear=0.703)
    step = against(probability_clear=0.71)
    assert [(row.segment, row.horizon, row.probability_percents) for row in step.moved_calls] == [
        ("space", 2, (70, 71))
    ]
    assert not step.flipped_calls
    flip = against(call="unclear", why="not_sure", probability_clear=0.65)
    assert [(row.old and row.old.call, row.new and row.new.call) for row in flip.flipped_calls] == [
        ("growing", "unclear")
    ]
    assert not flip.moved_calls
    lost = {name: row for name, row in outlook.calls.items() if name != key}
    assert [row.new for row in diff_outlooks(before, replace(outlook, calls=lost)).flipped_calls] == [None]


def test_forecasts_are_compared_where_both_reach(outlook: Outlook) -> None:
    """A median is compared at the last period that both forecasts have; noise of the arithmetic is no change."""
    key = ("airbus_deliveries", "WORLD", "a320_family")
    old = outlook.forecasts[key]
    reach = old.origin + len(old.median)

    def against(forecast: object) -> OutlookDiff:
        return diff_outlooks(outlook, replace(outlook, forecasts={**outlook.forecasts, key: forecast}))  # type: ignore[dict-item]

    assert not against(replace(old, median=old.median * (1 + 1e-12)))
    later = against(replace(old, origin=old.origin + 1, median=old.median * 1.5)).changed_forecasts
    assert [(row.key, row.period) for row in later] == [(key, reach)]
    assert later[0].new == old.median[-2] * 1.5
    stopped = against(replace(old, median=old.median[:0], low=old.low[:0], high=old.high[:0])).changed_forecasts
    assert [(row.period, row.change) for row in stopped] == [(None, None)]


def test_changed_facts_are_named(outlook: Outlook) -> None:
    """Facts that differ are named field by field, indicator by indicator."""
    catalogue = outlook.catalogue
    row = replace(catalogue.indicators["esa_budget"], title_fr="Autre", unit_en="other")
    other = replace(catalogue, indicators={**catalogue.indicators, "esa_budget": row})
    assert diff_outlooks(outlook, replace(outlook, catalogue=other)).changed_facts == (
        ("esa_budget", ("title_fr", "unit_en")),
    )
