"""When the next figure should be there, and how many periods are missing."""

from dataclasses import replace
from datetime import date

import pytest

from observatory.catalogue.models import Catalogue
from observatory.catalogue.periods import period_to_ordinal
from observatory.catalogue.recipes import RefreshRecipe
from observatory.catalogue.schedule import count_overdue_periods, find_due_day


@pytest.mark.parametrize(
    ("frequency", "lag", "every", "last", "day", "due", "overdue"),
    [
        ("M", 2, "month", "2026-08", "2026-11-01", "2026-11-01", 1),
        ("M", 2, "month", "2026-08", "2026-10-31", "2026-11-01", 0),
        ("M", 2, "month", "2025-10", "2026-11-30", "2026-01-01", 11),
        ("M", 0, "day", "2026-10", "2026-11-30", "2026-12-01", 0),
        ("M", 0, "day", "2026-09", "2026-11-30", "2026-11-01", 1),
        ("Q", 1, "quarter", "2026-Q2", "2026-11-30", "2026-10-01", 1),
        ("A", 4, "year", "2024", "2026-04-01", "2026-04-01", 1),
        ("A", 4, "year", "2024", "2026-03-31", "2026-04-01", 0),
        ("M", 2, "year", "2025-12", "2026-12-31", "2026-03-01", 0),
        ("M", 2, "year", "2025-12", "2027-02-01", "2026-03-01", 1),
        ("A", 4, "quarter", "2024", "2026-04-01", "2026-04-01", 1),
    ],
)
def test_overdue_periods(
    catalogue: Catalogue, frequency: str, lag: int, every: str, last: str, day: str, due: str, overdue: int
) -> None:
    """From the first day of the month of the publisher's lag; what is published once a year is overdue a year later."""
    facts = replace(catalogue.indicators["brent_price"], frequency=frequency, publication_lag_months=lag)  # type: ignore[arg-type]
    recipe = RefreshRecipe("brent_price", facts.frequency, "fred_csv", every)
    place = period_to_ordinal(last)
    assert find_due_day(facts, recipe, place) == date.fromisoformat(due)
    assert count_overdue_periods(facts, recipe, place, date.fromisoformat(day)) == overdue


@pytest.mark.parametrize("state", ["closed", "frozen"])
def test_a_series_that_has_ended_is_never_overdue(catalogue: Catalogue, state: str) -> None:
    """However old: no figure is expected of it. Without a recipe the publisher's lag counts alone."""
    facts = replace(catalogue.indicators["brent_price"], frequency="M", publication_lag_months=2)
    ended = RefreshRecipe("brent_price", "M", "fred_csv", "month", state=state)
    place, day = period_to_ordinal("2001-01"), date(2026, 11, 30)
    assert find_due_day(facts, ended, place) is None
    assert count_overdue_periods(facts, ended, place, day) == 0
    assert count_overdue_periods(facts, None, place, day) == 25 * 12 + 8
