"""The application: Streamlit's server with our routes, compression, fonts and language in the page's shell."""

import gc
import logging
import os
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from observatory import workspace
from observatory.api import Counts, Gate, routes
from observatory.errors import ObservatoryError
from observatory.language import Speaker, negotiate
from observatory.pages import brief_cache
from observatory.pages.auth.session_cookie import ROUTE as STAY
from observatory.pages.auth.sign_in import BackMiddleware, SeatMiddleware, provider
from observatory.pages.server import og_images
from observatory.pages.server.html_middleware import ShellMiddleware, known_paths

log = logging.getLogger("observatory.pages")

PAGES_FOLDER = Path(__file__).resolve().parents[1]
ASSETS = PAGES_FOLDER / "assets"
SCRIPT = PAGES_FOLDER / "main.py"
FONTS = {path.name: path for path in (ASSETS / "fonts").glob("*.woff2")}
YEAR = 31_536_000


async def font(request: Request) -> Response:
    """A font of the house, for a year: its name changes when it does."""
    path = FONTS.get(request.path_params["name"])
    if path is None:
        return PlainTextResponse("no such font", 404)
    return FileResponse(path, media_type="font/woff2", headers={"Cache-Control": f"public, max-age={YEAR}, immutable"})


async def mark(_request: Request) -> Response:
    """The mark of the house, for the browser's tab: a ring in ink with a magenta needle."""
    return FileResponse(
        ASSETS / "mark.svg", media_type="image/svg+xml", headers={"Cache-Control": f"public, max-age={YEAR}"}
    )


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncGenerator[None, None]:
    """Publishes the curated data before the first page, in a process of its own so that the server stays lean."""
    try:
        empty = not workspace.opened().seeded()
    except ObservatoryError:
        empty = False  # the pages say what is wrong, and how to mend it
    if empty:
        subprocess.run([sys.executable, "-m", "observatory", "publish", "--curated"], check=False)
    try:
        await run_in_threadpool(brief_cache.warm)
    except ObservatoryError:
        log.warning("the store cannot be read yet; the pages say why")
    _start_key()
    gc.freeze()  # what is loaded by now stays: no collection needs to walk it again
    yield


def _start_key() -> None:
    """On a first start on one's own machine, where nobody else could sign in: a key, as notebooks print one."""
    try:
        opened = workspace.opened()
        if opened.settings.local and not provider() and not any(row.revoked is None for row in opened.store.keys.all()):
            speaker = Speaker(negotiate(os.environ.get("LC_ALL") or os.environ.get("LANG"), "en"))
            said = speaker.say("cli.start_key", text=opened.access.start_key())
            print(said, flush=True)  # noqa: T201 - for whoever started it
    except ObservatoryError:
        log.warning("the store cannot be read yet; no key was made")


def options() -> dict[str, Any]:
    """What st.App takes beside its script."""
    counts = Counts()
    return {
        "lifespan": lifespan,
        "routes": [
            Route("/fonts/{name}", font),
            Route("/mark.svg", mark),
            STAY,
            og_images.route(),
            *routes(workspace.opened, counts),
        ],
        "middleware": [
            Middleware(Gate, counts=counts, pages=known_paths),
            Middleware(GZipMiddleware, minimum_size=1000),
            Middleware(SeatMiddleware),
            Middleware(BackMiddleware),
            Middleware(ShellMiddleware),
        ],
    }
