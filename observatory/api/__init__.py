"""The read-only HTTP API beside the pages: its routes, and the middleware through which every request passes."""

from observatory.api.application import build_routes
from observatory.api.metrics import Metrics
from observatory.api.middleware import RequestMiddleware

__all__ = ["Metrics", "RequestMiddleware", "build_routes"]
