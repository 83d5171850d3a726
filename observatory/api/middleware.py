"""Request middleware before all routes: rate limit by client, security headers, CORS, metrics."""

import time
from collections.abc import Callable, Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from observatory import settings
from observatory.api.documentation import docs_page
from observatory.api.errors import ALLOWED_METHODS, build_error_response, read_language
from observatory.api.http.metrics import Metrics
from observatory.api.http.rate_limit import RateLimiter, read_client_address
from observatory.api.models import ApiError
from observatory.api.routes import ROUTES

_OPEN_PATHS = ("/api", "/feed.atom")  # any site may read these
_LIMITED_PATHS = (*_OPEN_PATHS, "/download", "/social")
_COSTLY_PATHS = ("/download", "/api/v1/datapackage.json")  # built for each request, or from all figures
_COSTLY_TOKENS = 10
_FEED_PATH, _PLAIN_FEED_QUERY = "/feed.atom", len("lang=fr")  # a longer query narrows it: each answer is another one
_PROBE_PATHS = ("/healthz", "/readyz", "/metrics")
_SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
_CORS_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Retry-After, Content-Disposition",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Vary": "Accept-Encoding",  # unless the compression has set it already
}
_PREFLIGHT_HEADERS = {
    "Access-Control-Allow-Methods": ALLOWED_METHODS,
    "Access-Control-Allow-Headers": "If-None-Match, Accept, Accept-Language",
    "Access-Control-Max-Age": "86400",
}
_ROUTE_PATHS = frozenset(row.path for row in ROUTES)


class RequestMiddleware:
    """ASGI middleware. `pages` gives the paths of pages, so that they are counted by name."""

    def __init__(
        self,
        app: ASGIApp,
        metrics: Metrics,
        limiter: RateLimiter | None = None,
        pages: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        self._app, self._metrics, self._pages = app, metrics, pages
        self._limiter = limiter or RateLimiter()
        self._trusted = settings.read_trusted_proxies()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Forwards a request, or answers 429 with the seconds to wait."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path, start, status = scope["path"], time.perf_counter(), 500
        extra = _build_headers(path, scope["method"])

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(raw=list(message.get("headers", [])))
                for name, value in extra.items():
                    headers.setdefault(name, value)
                message = {**message, "headers": headers.raw}
            await send(message)

        try:
            seconds = (
                self._limiter.acquire(self._client(scope), _cost(path, scope)) if _is_below(path, _LIMITED_PATHS) else 0
            )
            if seconds:
                error = ApiError(429, "too_many", seconds=seconds)
                await build_error_response(error, read_language(scope))(scope, receive, send_with_headers)
            else:
                await self._app(scope, receive, send_with_headers)
        finally:
            elapsed = time.perf_counter() - start
            self._metrics.observe_request(self._route(path), scope["method"], status, elapsed)

    def _client(self, scope: Scope) -> str:
        peer = scope.get("client")
        forwarded = Headers(scope=scope).getlist("x-forwarded-for")
        return read_client_address(peer[0] if peer else "", forwarded, self._trusted)

    def _route(self, path: str) -> str:
        """The route label of a path, from a closed list, so that clients cannot create new metrics."""
        if path in _ROUTE_PATHS:
            return path
        group = next((name for name in _LIMITED_PATHS if _is_below(path, (name,))), "")
        if group:
            return f"{group}/*"
        return path if path.strip("/") in self._pages() else "other"


def _is_below(path: str, prefixes: Iterable[str]) -> bool:
    """Whether a path is one of these or below it, in capitals too."""
    folded = path.lower()
    return any(folded == prefix or folded.startswith(f"{prefix}/") for prefix in prefixes)


def _cost(path: str, scope: Scope) -> int:
    """The tokens that a request costs: more if its answer takes a good part of a second."""
    is_narrowed_feed = path == _FEED_PATH and len(scope.get("query_string", b"")) > _PLAIN_FEED_QUERY
    return _COSTLY_TOKENS if is_narrowed_feed or _is_below(path, _COSTLY_PATHS) else 1


def _build_headers(path: str, method: str) -> dict[str, str]:
    """The headers that an answer gets unless it has them; those of pages are set by the middleware of pages."""
    if not _is_below(path, (*_LIMITED_PATHS, *_PROBE_PATHS)):
        return {}
    if not _is_below(path, _OPEN_PATHS):
        return _SECURITY_HEADERS
    policy = {"Content-Security-Policy": docs_page.SECURITY_POLICY} if path == docs_page.PATH else {}
    return _SECURITY_HEADERS | policy | _CORS_HEADERS | (_PREFLIGHT_HEADERS if method == "OPTIONS" else {})
