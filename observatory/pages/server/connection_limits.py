"""Limits of connections: descriptors, the time that a request may take to arrive, whose forwarded address counts."""

import asyncio
import logging
import sys
from typing import Any
from weakref import WeakKeyDictionary

import h11
from uvicorn import config as uvicorn_config
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.protocols.http.h11_impl import H11Protocol

from observatory import settings

if sys.platform != "win32":  # which has no such limit
    import resource

REQUEST_SECONDS = 10.0  # for the head of a request, and between two pieces of its body
MAX_BODY_SECONDS = 120.0  # for a whole request, however steadily it trickles

log = logging.getLogger("observatory.pages")


def raise_descriptor_limit() -> None:
    """Raises the limit of open descriptors to what the system allows: each reader takes four."""
    if sys.platform == "win32":
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        except (OSError, ValueError):
            log.warning("the limit of open descriptors stays at %s", soft)


class _Deadline:
    """The time by which the request that a connection is receiving must be whole."""

    def __init__(self, protocol: H11Protocol) -> None:
        self._protocol = protocol
        self._timer: asyncio.TimerHandle | None = None
        self._began = 0.0

    def review(self) -> None:
        """Starts, moves or ends the deadline, after each piece of data."""
        protocol, now = self._protocol, self._protocol.loop.time()
        if not self._is_waiting():
            self.cancel()
        elif protocol.conn.their_state is h11.SEND_BODY:
            left = self._began + MAX_BODY_SECONDS - now
            self._schedule(min(REQUEST_SECONDS, max(0.0, left)))
        elif self._timer is None:
            self._began = now
            self._schedule(REQUEST_SECONDS)

    def cancel(self) -> None:
        """Ends the deadline."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _schedule(self, seconds: float) -> None:
        self.cancel()
        self._timer = self._protocol.loop.call_later(seconds, self._close)

    def _is_waiting(self) -> bool:
        """Whether a part of a request is missing; after an answer, the time for the next one is uvicorn's."""
        protocol = self._protocol
        if protocol.transport.is_closing() or protocol.transport.get_protocol() is not protocol:
            return False
        conn = protocol.conn
        is_first = protocol.cycle is None
        return conn.their_state is h11.SEND_BODY or (
            conn.their_state is h11.IDLE and (is_first or bool(conn.trailing_data[0]))
        )

    def _close(self) -> None:
        self._timer = None
        if self._is_waiting():
            self._protocol.transport.abort()


_deadlines: WeakKeyDictionary[H11Protocol, _Deadline] = WeakKeyDictionary()
_is_installed = False


def install_connection_limits() -> None:
    """Adds deadlines and our rule on forwarded addresses to uvicorn, which Streamlit starts; once a process."""
    global _is_installed
    if _is_installed:
        return
    _is_installed = True
    _add_deadlines()
    uvicorn_config.ProxyHeadersMiddleware = _OwnProxyHeadersMiddleware  # type: ignore[attr-defined]


class _OwnProxyHeadersMiddleware(ProxyHeadersMiddleware):
    """Believes the proxies of OBSERVATORY_PROXIES alone; uvicorn would believe everybody on this machine."""

    def __init__(self, app: Any, trusted_hosts: list[str] | str = "") -> None:
        del trusted_hosts
        super().__init__(app, sorted(settings.read_trusted_proxies()))


def _add_deadlines() -> None:
    made, received, lost = H11Protocol.connection_made, H11Protocol.data_received, H11Protocol.connection_lost

    def connection_made(self: H11Protocol, transport: Any) -> None:
        made(self, transport)
        _deadlines[self] = _Deadline(self)
        _deadlines[self].review()

    def data_received(self: H11Protocol, data: bytes) -> None:
        received(self, data)
        if self in _deadlines:
            _deadlines[self].review()

    def connection_lost(self: H11Protocol, exc: Exception | None) -> None:
        if self in _deadlines:
            _deadlines.pop(self).cancel()
        lost(self, exc)

    H11Protocol.connection_made = connection_made  # type: ignore[method-assign]
    H11Protocol.data_received = data_received  # type: ignore[method-assign]
    H11Protocol.connection_lost = connection_lost  # type: ignore[method-assign]
