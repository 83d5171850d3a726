"""Publication schedule: from when the next figure of an indicator may be there, and how many are overdue."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import MONTHS_PER_PERIOD, last_ended_ordinal, last_month_ordinal, month_ordinal
from observatory.catalogue.recipes import RefreshRecipe
from observatory.settings import STOPPED_AFTER_MONTHS

OverdueState = Literal["fresh", "late", "stopped"]

_MONTHS_BETWEEN: Mapping[str, int] = {"day": 0, "week": 0, "month": 1, "quarter": 3, "year": 12}  # publications


def find_due_day(facts: Indicator, recipe: RefreshRecipe | None, last: int | None) -> date | None:
    """The first day of the month in which the figure after period `last` (its ordinal) may be there: worth asking for.

    None if none is expected any more (the series has ended, or its publisher has frozen it), or if there is none yet.
    """
    if last is None or (recipe is not None and recipe.state != "open"):
        return None
    month = last_month_ordinal(last + 1, facts.frequency) + max(facts.publication_lag_months, 1)
    return date(month // 12, month % 12 + 1, 1)


def classify_overdue(months: int) -> OverdueState:
    """The state of a series whose next figure is overdue by some months: `late` from one, `stopped` after a year."""
    if months < 1:
        return "fresh"
    return "stopped" if months > STOPPED_AFTER_MONTHS else "late"


def count_overdue_periods(facts: Indicator, recipe: RefreshRecipe | None, last: int, day: date) -> int:
    """How many periods after `last` (its ordinal) should be there on a day; 0 for a series that is not expected.

    Monthly figures that are published once a year may be eleven months later than their publisher's lag.
    """
    if recipe is not None and recipe.state != "open":
        return 0
    wait = _MONTHS_BETWEEN[recipe.every] - MONTHS_PER_PERIOD[facts.frequency] if recipe is not None else 0
    lag = max(facts.publication_lag_months, 1) + max(wait, 0)
    return max(last_ended_ordinal(month_ordinal(day) - lag, facts.frequency) - last, 0)
