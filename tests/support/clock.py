"""A clock for tests that preview on one day and publish on the same."""

from datetime import UTC, datetime, time

from observatory.clock import system_clock

_LAST_MOMENT = datetime.combine(system_clock().date(), time.max, UTC)


def one_day_clock() -> datetime:
    """The present, but never past the day on which the run began: what a test previews, it can publish."""
    return min(system_clock(), _LAST_MOMENT)
