"""The gate before all routes: a bounded rate for each address, security headers and CORS, and counting."""

import time
from collections.abc import Callable, Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from observatory import settings
from observatory.api.errors import METHODS, language_of, refused
from observatory.api.metrics import Counts
from observatory.api.models import Problem
from observatory.api.rate_limit import Limits, client
from observatory.api.routes import ROUTES

OPEN = ("/api", "/feed.atom")  # any site may read these
LIMITED = (*OPEN, "/download", "/social")
HEAVY = ("/download", "/api/v1/datapackage.json")  # made anew for each request, or of every figure that there is
COSTLY = 10
PROBES = ("/healthz", "/readyz", "/metrics")
SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Retry-After, Content-Disposition",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Vary": "Accept-Encoding",  # unless the compression has said so already
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "If-None-Match, Accept, Accept-Language",
    "Access-Control-Max-Age": "86400",
}


class Gate:
    """ASGI middleware. `pages` are the paths of pages, so that they are counted by name."""

    def __init__(
        self,
        app: ASGIApp,
        counts: Counts,
        limits: Limits | None = None,
        pages: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        self.app, self.counts, self.pages = app, counts, pages
        self.limits = Limits() if limits is None else limits
        self.trusted = settings.read_trusted_proxies()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a request through, or asks it to come back later."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path, began, status = scope["path"], time.perf_counter(), 500
        extra = headers_for(path, scope["method"])

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(raw=list(message.get("headers", [])))
                for name, value in extra.items():
                    headers.setdefault(name, value)
                message = {**message, "headers": headers.raw}
            await send(message)

        try:
            seconds = self.limits.wait(self._client(scope), cost(path)) if within(path, LIMITED) else 0
            if seconds:
                refusal = refused(Problem(429, "too_many", seconds=seconds), language_of(scope))
                await refusal(scope, receive, sent)
            else:
                await self.app(scope, receive, sent)
        finally:
            self.counts.add(self._route(path), scope["method"], status, time.perf_counter() - began)

    def _client(self, scope: Scope) -> str:
        peer = scope.get("client")
        return client(peer[0] if peer else "", Headers(scope=scope).getlist("x-forwarded-for"), self.trusted)

    def _route(self, path: str) -> str:
        """The route that a path is counted under: one of a list that readers cannot lengthen."""
        if path in _NAMES:
            return path
        group = next((name for name in LIMITED if within(path, (name,))), "")
        if group:
            return f"{group}/*"
        return path if path.strip("/") in self.pages() else "other"


_NAMES = frozenset(row.path for row in ROUTES)


def within(path: str, prefixes: Iterable[str]) -> bool:
    """Whether a path is one of these or below it."""
    return any(path == prefix or path.startswith(f"{prefix}/") for prefix in prefixes)


def cost(path: str) -> int:
    """What a request takes of the rate: more where it takes a good part of a second to answer."""
    return COSTLY if within(path, HEAVY) else 1


def headers_for(path: str, method: str) -> dict[str, str]:
    """The headers that an answer of ours gets beside its own; those of pages are the shell's affair."""
    if not within(path, (*LIMITED, *PROBES)):
        return {}
    if not within(path, OPEN):
        return SECURITY
    return SECURITY | CORS | (PREFLIGHT if method == "OPTIONS" else {})
