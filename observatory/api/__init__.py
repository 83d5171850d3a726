"""Read-only HTTP API on the port of the pages: routes, and the middleware of all requests."""

from observatory.api.application import build_routes
from observatory.api.http.metrics import Metrics
from observatory.api.middleware import RequestMiddleware

__all__ = ["Metrics", "RequestMiddleware", "build_routes"]
