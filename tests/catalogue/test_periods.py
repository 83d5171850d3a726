"""Periods to ordinals and back, and the calendar's arithmetic."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.catalogue.periods import (
    FREQUENCIES,
    Frequency,
    count_months_overdue,
    last_month_ordinal,
    ordinal_to_period,
    parse_frequency,
    period_to_ordinal,
)


@given(st.sampled_from(FREQUENCIES), st.integers(1000, 2999), st.integers(0, 11))
def test_period_and_ordinal_are_inverse(frequency: Frequency, year: int, part: int) -> None:
    """Every period has one ordinal, and the ordinal gives the period back."""
    number = {"A": year, "Q": year * 4 + part % 4, "M": year * 12 + part}[frequency]
    text = ordinal_to_period(number, frequency)
    assert parse_frequency(text) == frequency
    assert period_to_ordinal(text) == number


@given(st.text(max_size=12))
def test_any_text_is_a_period_or_refused(text: str) -> None:
    """Text that is not a period raises ValueError and has no frequency; nothing else happens."""
    if parse_frequency(text) is None:
        with pytest.raises(ValueError, match="not a period"):
            period_to_ordinal(text)
    else:
        assert ordinal_to_period(period_to_ordinal(text), parse_frequency(text) or "A") == text


def test_last_month_of_each_frequency() -> None:
    """A year ends in December, a quarter in its third month."""
    assert last_month_ordinal(period_to_ordinal("2024"), "A") == period_to_ordinal("2024-12")
    assert last_month_ordinal(period_to_ordinal("2024-Q1"), "Q") == period_to_ordinal("2024-03")
    assert last_month_ordinal(period_to_ordinal("2024-05"), "M") == period_to_ordinal("2024-05")


def test_overdue_counts_from_the_next_figure() -> None:
    """With a lag of two months, the figure after January is due in April: in June it is two months late."""
    assert count_months_overdue(period_to_ordinal("2026-01"), "M", 2, date(2026, 4, 10)) == 0
    assert count_months_overdue(period_to_ordinal("2026-01"), "M", 2, date(2026, 6, 1)) == 2
    assert count_months_overdue(period_to_ordinal("2025"), "A", 4, date(2026, 11, 22)) == -5
