"""Rate limits over several servers: each reports to the others what it granted to busy clients."""

import asyncio
import secrets
from collections.abc import Callable
from functools import partial

from starlette.concurrency import run_in_threadpool

from observatory.api.http.rate_limit import RateLimiter
from observatory.errors import ObservatoryError, StoreError
from observatory.store.shared_state import SharedState, digest_text

EXCHANGE_SECONDS = 2.0
_UNREPORTED_SHARE = 0.125  # of its rate that a client may take from a server before it is reported to the others


class RateExchange:
    """Exchanges the counts of a limiter with those of the other servers of its store.

    No request waits for the store. What another server granted is known after two exchanges at most, so with N servers
    a client gets N - 1 times its burst, and its rate during four seconds, beyond the limit of one server, once: buckets
    owe it until it is made up for. An eighth of the rate is not reported: up to eight servers it is within one limit.
    With a store that cannot be used each server goes on alone.
    """

    def __init__(self, limiter: RateLimiter, open_state: Callable[[], SharedState]) -> None:
        self._limiter, self._open_state = limiter, open_state
        self._server = secrets.token_hex(8)
        self._state: SharedState | None = None
        self._last_row = 0

    def exchange(self) -> None:
        """Reports what was granted since the last time, and charges what others granted. Raises ObservatoryError."""
        state = self._open_state()
        if state is not self._state:
            if state.is_available():
                self._limiter.share(partial(digest_text, state.load_digest_key()))
                _past, self._last_row = state.exchange_rate_counts(self._server, {}, 0)
                self._state = state
            return
        spent = self._limiter.take_spent(self._limiter.rate * EXCHANGE_SECONDS * _UNREPORTED_SHARE)
        counts, self._last_row = state.exchange_rate_counts(self._server, spent, self._last_row)
        for row in counts:
            self._limiter.charge(row.client, row.tokens)

    async def keep_exchanging(self) -> None:
        """Exchanges for ever; a store that cannot be used is tried again, as pages and probes say what is wrong."""
        while True:
            try:
                await run_in_threadpool(self.exchange)
            except ObservatoryError as error:
                if isinstance(error, StoreError) and error.is_read_only:
                    return
            await asyncio.sleep(EXCHANGE_SECONDS)
