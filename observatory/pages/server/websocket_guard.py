"""WebSocket guard: refuses foreign origins before Streamlit sees them, and sessions of another browser."""

import logging
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import net_util

from observatory.pages.auth.session_binding import is_bound_elsewhere

_SESSION_POSITION = 2  # in Streamlit's subprotocols: protocol, XSRF token, session to go on with
_PROTOCOL_HEADER = "sec-websocket-protocol"

log = logging.getLogger("observatory.pages")


class WebSocketGuardMiddleware:
    """ASGI middleware: admits a WebSocket whose Origin is the host that it was asked at, or the public address.

    Streamlit would ask a server outside for its own address, in the event loop, before it refuses another origin.
    Programs send no Origin; they have no cookie of anybody either.
    """

    def __init__(self, app: ASGIApp, public_url: str = "") -> None:
        self._app = app
        self._public_host = urlsplit(public_url).netloc.lower()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers 403 to a foreign origin; forwards everything else."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        host, origin = headers.get("host", "").lower(), _read_host(headers.get("origin"))
        if origin is not None and origin not in (host, self._public_host or host):
            log.info("a WebSocket of another origin was refused")
            await send({"type": "websocket.close", "code": 1008, "reason": ""})
            return
        changed = MutableHeaders(raw=list(scope["headers"]))
        if origin is not None and origin != host:  # a proxy that passes another Host on
            changed["host"] = origin
        protocols = [part.strip() for part in headers.get(_PROTOCOL_HEADER, "").split(",")]
        if len(protocols) > _SESSION_POSITION and is_bound_elsewhere(
            protocols[_SESSION_POSITION], headers.get("cookie", "")
        ):
            protocols = protocols[:_SESSION_POSITION]
            changed[_PROTOCOL_HEADER] = ", ".join(protocols)
            scope = {**scope, "subprotocols": protocols}
        await self._app({**scope, "headers": changed.raw}, receive, send)


def forbid_outside_lookups() -> None:
    """Keeps Streamlit from asking a server outside which address this machine has: at the start, or for an origin."""
    net_util.get_external_ip = _answer_no_address


def _answer_no_address() -> None:
    return None


def _read_host(origin: str | None) -> str | None:
    """The host and port of an Origin header; empty for one without a host (`null`), None for no header."""
    if origin is None:
        return None
    try:
        return urlsplit(origin.strip()).netloc.lower()
    except ValueError:
        return ""
