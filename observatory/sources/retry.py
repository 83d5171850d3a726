"""Retries: exponential pauses with full jitter, Retry-After obeyed within bounds, a deadline for a whole source."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

RETRIED_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True)
class Limits:
    """Seconds, bytes and numbers that bound what a source may cost."""

    connect: float = 5.0
    read: float = 60.0  # between two parts of a body
    source: float = 600.0  # all requests of one source
    pauses: tuple[float, ...] = (1.0, 4.0, 16.0)  # at most, before the second, third and fourth attempt
    longest_retry_after: float = 120.0  # a server that asks for more is not waited for
    redirects: int = 5
    hosts_at_once: int = 4


def choose_pause(
    limits: Limits, attempt: int, retry_after: str, now: Callable[[], datetime] | None = None
) -> float | None:
    """Seconds before the next attempt; None if there is none: attempts are used up, or the server asks for too long.

    `attempt` counts from 0. Without Retry-After the pause is drawn between zero and the bound ("full jitter"), so that
    several clients do not come back at once.
    """
    if attempt >= len(limits.pauses):
        return None
    asked = parse_retry_after(retry_after, (now or _read_clock)())
    if asked is None:
        return random.uniform(0, limits.pauses[attempt])  # noqa: S311 - no secret
    return asked if asked <= limits.longest_retry_after else None


def parse_retry_after(text: str, now: datetime) -> float | None:
    """Seconds that a header Retry-After asks for, as a number or a date; None if there is none that can be read."""
    word = text.strip()
    if word.isascii() and word.isdigit():
        return float(word[:9])
    try:
        moment = parsedate_to_datetime(word)
    except ValueError:
        return None
    return max(0.0, (moment.astimezone(UTC) - now).total_seconds())


def _read_clock() -> datetime:
    return datetime.now(UTC)
