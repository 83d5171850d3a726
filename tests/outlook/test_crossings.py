"""Crossings: found where a value is past a level after one that is not, among what an edition brings."""

import pytest

from observatory.outlook.analysis.crossings import Crossing, find_crossing

KNOWN = {"2026-01": 80.0, "2026-02": 85.0}


@pytest.mark.parametrize(
    ("new", "found"),
    [
        ({"2026-03": 91.0}, Crossing("2026-03", 91.0, "2026-02", 85.0)),
        ({"2026-03": 95.0, "2026-04": 88.0}, Crossing("2026-03", 95.0, "2026-02", 85.0)),
        ({"2026-03": 95.0, "2026-04": 88.0, "2026-05": 92.0}, Crossing("2026-05", 92.0, "2026-04", 88.0)),
        ({"2026-04": 91.0}, Crossing("2026-04", 91.0, "2026-02", 85.0)),
        ({"2026-02": 90.5}, Crossing("2026-02", 90.5, "2026-02", 85.0)),
        ({"2026-02": 90.5, "2026-03": 92.0}, Crossing("2026-02", 90.5, "2026-02", 85.0)),
        ({"2026-03": 90.0}, None),
        ({"2026-01": 99.0}, None),
        ({}, None),
    ],
)
def test_a_crossing_is_what_an_edition_brings(new: dict[str, float], found: Crossing | None) -> None:
    """New periods or a revised last one count; a gap is stepped over; equality and an older revision are none."""
    assert find_crossing(KNOWN, {**KNOWN, **new}, 90.0, is_above=True) == found


def test_a_level_is_crossed_once() -> None:
    """What was past it stays past it without a word, and returning is a crossing of the other side."""
    after = {**KNOWN, "2026-03": 91.0}
    later = {**after, "2026-04": 95.0}
    assert find_crossing(after, later, 90.0, is_above=True) is None
    assert find_crossing(later, {**later, "2026-05": 89.0}, 90.0, is_above=True) is None
    back = find_crossing(later, {**later, "2026-05": 89.0}, 90.0, is_above=False)
    assert back == Crossing("2026-05", 89.0, "2026-04", 95.0)


def test_a_series_without_a_past_crosses_nothing() -> None:
    """The first figures of a series, and a series whose figures were all withdrawn."""
    assert find_crossing({}, KNOWN, 82.0, is_above=True) is None
    assert find_crossing(KNOWN, {}, 82.0, is_above=False) is None


def test_periods_of_a_quarterly_series_are_in_their_order() -> None:
    """The order is that of time, whatever the period is called."""
    before, after = {"2025-Q4": 1.0}, {"2025-Q4": 1.0, "2026-Q1": 3.0, "2026-Q2": 1.0}
    assert find_crossing(before, after, 2.0, is_above=True) == Crossing("2026-Q1", 3.0, "2025-Q4", 1.0)
