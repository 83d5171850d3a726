"""The clock: the one place that reads the time of day. Everything else is handed a clock, a moment or a day."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]  # answers an aware moment, UTC


def system_clock() -> datetime:
    """The current moment, UTC."""
    return datetime.now(UTC)
