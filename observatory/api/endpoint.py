"""The door of each address: methods, conditional requests, caching, and errors that are JSON whatever went wrong."""

import logging
from collections.abc import Callable
from typing import cast

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from observatory.api.downloads import build_download_routes
from observatory.api.errors import METHODS, answered
from observatory.api.metrics import Counts
from observatory.api.models import Address, Answer, Asked, Desk, Problem
from observatory.api.request import asked_for
from observatory.api.response_cache import Packed, packed
from observatory.api.routes import ROUTES
from observatory.settings import MAX_BODY_BYTES, MAX_QUERY_CHARS
from observatory.workspace import Workspace

log = logging.getLogger("observatory.api")

FOR_EVER = "public, max-age=31536000, immutable"


def routes(opened: Callable[[], Workspace], counts: Counts | None = None) -> list[Route]:
    """The routes of the server, on a workspace that is opened at the first request that needs it."""
    desk = Desk(opened) if counts is None else Desk(opened, counts)
    lost = ("/api", "/api/{rest:path}")
    return [
        *(Route(row.path, Door(desk, row)) for row in ROUTES),
        *build_download_routes(opened),
        *(Route(path, Door(desk, None)) for path in lost),
    ]


class Door:
    """An ASGI application for one address (None: for those that do not exist). A Route gives it every method."""

    def __init__(self, desk: Desk, address: Address | None) -> None:
        self.desk, self.address = desk, address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request."""
        request = Request(scope)
        answer = await answered(self._answer(request), self.address.path if self.address else "/api", scope)
        if request.method == "HEAD":
            answer.body = b""  # the headers, Content-Length among them, stay those of GET
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if self.address is None:
            raise Problem(404, "no_route")
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": METHODS, "Cache-Control": "no-store"})
        if request.method not in ("GET", "HEAD"):
            raise Problem(405, "method", known=METHODS)
        length = request.headers.get("content-length", "0")
        if "transfer-encoding" in request.headers or not length.isdecimal() or int(length) > MAX_BODY_BYTES:
            raise Problem(413, "too_large")
        if len(request.scope.get("query_string", b"")) > MAX_QUERY_CHARS:
            raise Problem(414, "too_long", longest=MAX_QUERY_CHARS)
        if self.address.kept:
            return await run_in_threadpool(remembered, self.desk, self.address, request)
        found = cast(Callable[[Desk], Answer], self.address.answer)
        made = await run_in_threadpool(found, self.desk)
        return Response(made.body, media_type=made.media_type, headers={"Cache-Control": "no-store"})


def remembered(desk: Desk, address: Address, request: Request) -> Response:
    """The answer of an edition, from memory if it was given before; 304 if the one who asks has it."""
    asked = asked_for(desk, address, list(request.query_params.multi_items()), site_of(desk, request))
    query = tuple(sorted(asked.given.items()))
    site = asked.site if address.sited else ""
    key = (address.path, query, asked.outlook.edition, asked.outlook.published_at, site)
    answer = desk.kept.get(key, lambda: made_by(address, asked))
    headers = {
        "ETag": f'W/"{"p" if asked.outlook.is_reconstructed else "e"}{abs(asked.outlook.edition)}-{answer.digest}"',
        "Cache-Control": FOR_EVER if asked.pinned else "no-cache",
        "Content-Language": asked.localizer.language,
    }
    if answer.following:
        headers["Link"] = f'<{answer.following}>; rel="next"'
    if same(request.headers.get("if-none-match", ""), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    if answer.file:
        headers["Content-Disposition"] = f'inline; filename="{answer.file}"'
    if answer.zipped and "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(answer.content, media_type=answer.media_type, headers=headers)
    return Response(answer.body(), media_type=answer.media_type, headers=headers)


def made_by(address: Address, asked: Asked) -> Packed:
    """The answer of an address, packed."""
    made = cast(Callable[[Asked], Answer], address.answer)(asked)
    return packed(made.body, made.media_type, made.following, made.file)


def same(asked: str, tag: str) -> bool:
    """Whether an If-None-Match names a tag; tags are compared weakly, as it says (RFC 9110, 13.1.2)."""
    bare = tag.removeprefix("W/")
    return asked.strip() == "*" or any(part.strip().removeprefix("W/") == bare for part in asked.split(","))


def site_of(desk: Desk, request: Request) -> str:
    """The public address of the server: the one that is set, or that of the request."""
    return desk.opened().settings.public_url or str(request.base_url).rstrip("/")
