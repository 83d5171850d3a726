"""The API as it is served: in this process, and on a port."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from observatory.api import Metrics, RequestMiddleware, build_routes
from observatory.api.http.rate_limit import RateLimiter
from observatory.workspace import Workspace

GENEROUS = RateLimiter(rate=1e9, burst=1e9)


def application(workspace: Workspace | Callable[[], Workspace], limiter: RateLimiter = GENEROUS) -> Starlette:
    """Our routes behind our middleware and the compression of the application, without the pages."""
    metrics = Metrics()
    opened = (lambda: workspace) if isinstance(workspace, Workspace) else workspace
    ours = Middleware(RequestMiddleware, metrics=metrics, limiter=limiter, pages=lambda: ("", "segment"))
    return Starlette(
        routes=build_routes(opened, metrics),
        middleware=[ours, Middleware(GZipMiddleware, minimum_size=1000)],
    )


@contextmanager
def served(app: Starlette) -> Iterator[str]:
    """An application on a free port of this machine."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(30)
