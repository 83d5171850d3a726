"""The ASGI application: Streamlit's server with our routes, middleware and fonts."""

import asyncio
import gc
import logging
import os
import subprocess
import sys
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from observatory import settings, workspace
from observatory.api import Metrics, RequestMiddleware, build_routes
from observatory.api.http.rate_exchange import RateExchange
from observatory.api.http.rate_limit import RateLimiter
from observatory.briefs.registry import PAGES
from observatory.errors import ObservatoryError, SettingsError
from observatory.heap import limit_arenas
from observatory.language import Localizer, negotiate_language
from observatory.pages import brief_cache
from observatory.pages.auth.session_cookie import COOKIE_ROUTE
from observatory.pages.auth.sign_in import SignInReturnMiddleware, UploadGuardMiddleware, has_provider
from observatory.pages.components.brand_logo import find_brand
from observatory.pages.registry import find_show
from observatory.pages.server import og_images
from observatory.pages.server.compressed_files import CompressedFilesMiddleware
from observatory.pages.server.connection_limits import install_connection_limits, raise_descriptor_limit
from observatory.pages.server.crawlers import build_crawler_routes
from observatory.pages.server.daily_refresh import run_daily, run_once
from observatory.pages.server.html_middleware import HtmlMiddleware, list_page_paths
from observatory.pages.server.log_limit import limit_logs
from observatory.pages.server.site_files import find_site_file, name_site_file
from observatory.pages.server.websocket_guard import WebSocketGuardMiddleware, forbid_outside_lookups
from observatory.settings import load_settings

log = logging.getLogger("observatory.pages")

PAGES_FOLDER = Path(__file__).resolve().parents[1]
ASSETS = PAGES_FOLDER / "assets"
SCRIPT = PAGES_FOLDER / "main.py"
_FONT_FILES = {path.name: path for path in (ASSETS / "fonts").glob("*.woff2")}
_ICON_FILES = {path.name: path for path in (ASSETS / "icons").glob("*.svg")}
_YEAR_SECONDS, _DAY_SECONDS = 31_536_000, 86_400


async def _serve_font(request: Request) -> Response:
    """A font; browsers cache it for a year, as its name changes with its content."""
    path = _FONT_FILES.get(request.path_params["name"])
    if path is None:
        return PlainTextResponse("no such font", 404)
    return FileResponse(
        path, media_type="font/woff2", headers={"Cache-Control": f"public, max-age={_YEAR_SECONDS}, immutable"}
    )


async def _serve_site_file(request: Request) -> Response:
    """The style sheet or the script of every page, under a name that changes with its content.

    A page that was loaded before an upgrade gets what is there now, which must not be cached under the old name.
    """
    name = request.path_params["name"]
    found = find_site_file(name)
    if found is None:
        return PlainTextResponse("no such file", 404)
    is_current = name == name_site_file(name.rpartition(".")[2])
    caching = f"public, max-age={_YEAR_SECONDS}, immutable" if is_current else "no-store"
    media_type, content = found
    return Response(content, media_type=media_type, headers={"Cache-Control": caching})


async def _serve_icon(request: Request) -> Response:
    """A pictogram, which style sheets use as a mask."""
    path = _ICON_FILES.get(request.path_params["name"])
    if path is None:
        return PlainTextResponse("no such icon", 404)
    return FileResponse(path, media_type="image/svg+xml", headers={"Cache-Control": f"public, max-age={_DAY_SECONDS}"})


async def _serve_logo(request: Request) -> Response:
    """The logo of the brand; its policy lets nothing in it run or load, also when it is opened alone."""
    logo = find_brand().logo
    if logo is None or request.path_params["name"] != logo.file_name:
        return PlainTextResponse("no such logo", 404)
    headers = {
        "Cache-Control": f"public, max-age={_YEAR_SECONDS}, immutable",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(logo.content, media_type=logo.media_type, headers=headers)


async def _serve_mark(_request: Request) -> Response:
    """The favicon."""
    return FileResponse(
        ASSETS / "mark.svg", media_type="image/svg+xml", headers={"Cache-Control": f"public, max-age={_YEAR_SECONDS}"}
    )


@asynccontextmanager
async def _lifespan(limiter: RateLimiter, _app: Any) -> AsyncGenerator[None, None]:
    """Publishes the curated data before the first page, in a process of its own so that the server stays lean."""
    limit_logs()
    find_brand()  # one that cannot be read is in the log from the start
    try:
        empty = not workspace.get_workspace().has_vintages()
        if not empty:
            _seal_editions()
    except ObservatoryError:
        empty = False  # the pages show the error and its cure
    if empty:
        subprocess.run([sys.executable, "-m", "observatory", "publish", "--curated"], check=False)
    for entry in PAGES:
        find_show(entry.id)  # imports its module now, not while the first reader of a page waits
    try:
        await run_in_threadpool(brief_cache.warm_cache)
    except ObservatoryError:
        log.warning("the store cannot be read yet; the pages say why")
    _print_start_key()
    gc.freeze()  # loaded modules and data are permanent: the garbage collector can skip them
    exchange = RateExchange(limiter, lambda: workspace.get_workspace().store.shared)
    async with _keep_refreshing(), _keep_running(exchange.keep_exchanging()):
        yield


@asynccontextmanager
async def _keep_refreshing() -> AsyncGenerator[None, None]:
    """Collects from the publishers once a day while the server runs, if a time is set."""
    try:
        at = load_settings().refresh_at
    except SettingsError:
        at = None  # the pages show the error and its cure
    if at is None:
        yield
        return
    async with _keep_running(run_daily(at, run_once)):
        yield


@asynccontextmanager
async def _keep_running(work: Coroutine[Any, Any, None]) -> AsyncGenerator[None, None]:
    """Runs a coroutine beside the server, and ends it with the server."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def _seal_editions() -> None:
    """Stores the digests of editions of an earlier version; a store that cannot be written goes on without."""
    try:
        workspace.get_workspace().store.record_digests()
    except ObservatoryError:
        log.warning("the store cannot be written; editions without a digest go without")


def _print_start_key() -> None:
    """Prints a temporary key on a local server without any key or provider, so that its owner can sign in."""
    try:
        opened = workspace.get_workspace()
        if (
            opened.settings.is_local
            and not has_provider()
            and not any(row.revoked_at is None for row in opened.store.keys.list_keys())
        ):
            localizer = Localizer(negotiate_language(os.environ.get("LC_ALL") or os.environ.get("LANG"), "en"))
            sentence = localizer.text("cli.start_key", text=opened.access.issue_start_key())
            print(sentence, flush=True)  # noqa: T201 - meant for the terminal
    except ObservatoryError:
        log.warning("the store cannot be read yet; no key was made")


def build_options() -> dict[str, Any]:
    """The arguments of st.App besides its script."""
    metrics, limiter = Metrics(), RateLimiter()
    raise_descriptor_limit()
    limit_arenas()
    install_connection_limits()
    forbid_outside_lookups()
    return {
        "lifespan": partial(_lifespan, limiter),
        "routes": [
            Route("/fonts/{name}", _serve_font),
            Route("/icons/{name}", _serve_icon),
            Route("/site/{name}", _serve_site_file),
            Route("/brand/{name}", _serve_logo),
            Route("/mark.svg", _serve_mark),
            COOKIE_ROUTE,
            og_images.build_route(),
            *build_crawler_routes(),
            *build_routes(workspace.get_workspace, metrics),
        ],
        "middleware": [
            Middleware(WebSocketGuardMiddleware, public_url=settings.read_public_url()),
            Middleware(RequestMiddleware, metrics=metrics, limiter=limiter, pages=list_page_paths),
            Middleware(CompressedFilesMiddleware),
            Middleware(GZipMiddleware, minimum_size=1000),
            Middleware(UploadGuardMiddleware),
            Middleware(SignInReturnMiddleware),
            Middleware(HtmlMiddleware),
        ],
    }
