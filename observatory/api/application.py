"""FastAPI application of ROUTES: methods, conditional requests, caching, errors as JSON."""

import hashlib
from collections.abc import Callable, Coroutine, Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

import fastapi
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from observatory.api.documentation.openapi import METADATA, describe_operation
from observatory.api.downloads import build_download_routes
from observatory.api.errors import ALLOWED_METHODS, build_error_response, read_language, respond_or_explain
from observatory.api.http.metrics import Metrics
from observatory.api.http.response_cache import ENTRY_OVERHEAD, CachedResponse, compress, pack_parts, unpack_parts
from observatory.api.models import ApiError, ApiRequest, ApiState, Endpoint, StreamedPayload
from observatory.api.refusals import list_names, refuse_repetition, translate_error
from observatory.api.request import parse_request
from observatory.api.routes import ROUTES
from observatory.links import read_query
from observatory.settings import MAX_BODY_BYTES, MAX_QUERY_CHARS
from observatory.workspace import Workspace

_API = "/api"
_IMMUTABLE = "public, max-age=31536000, immutable"
_QUERIES: Mapping[str, type[BaseModel] | None] = {row.path: row.query for row in ROUTES}


def build_routes(open_workspace: Callable[[], Workspace], metrics: Metrics | None = None) -> list[Route]:
    """The routes of the API and of downloads, on a workspace that is opened at the first request that needs it."""
    app = create_app(ApiState(open_workspace, metrics or Metrics()))
    others = [row.path for row in ROUTES if not row.path.startswith(f"{_API}/")]
    return [
        *(Route(path, app) for path in (_API, f"{_API}/{{rest:path}}", *others)),
        *build_download_routes(open_workspace),
    ]


def create_app(state: ApiState) -> FastAPI:
    """The application: a GET and a HEAD operation for each row of ROUTES."""
    app = FastAPI(
        **METADATA,
        openapi_url=None,  # the document is a row of ROUTES: it holds the codes of the catalogue, and is cached
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        exception_handlers={HTTPException: _respond_to_no_route},
    )
    app.router.route_class = _ReadOnlyRoute
    for row in ROUTES:
        for method in ("GET", "HEAD"):
            app.add_api_route(row.path, _build_handler(state, row), methods=[method], **describe_operation(row, method))
    return app


class _ReadOnlyRoute(APIRoute):
    """A route without bodies: its errors are JSON in the reader's language, its answer to HEAD is headers alone."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's handler, after the checks that FastAPI does not make itself."""
        handle, query = super().get_route_handler(), _QUERIES[self.path]

        async def check_and_handle(request: Request) -> Response:
            _check_size(request)
            if query is None:
                return await handle(request)
            request.scope["query_string"] = urlencode(
                read_query(request.scope["query_string"], list_names(query))
            ).encode("ascii")
            refuse_repetition((name for name, _value in request.query_params.multi_items()), query)
            try:
                return await handle(request)
            except RequestValidationError as error:
                raise translate_error(error, query) from error

        async def respond(request: Request) -> Response:
            response = await respond_or_explain(check_and_handle(request), self.path, request.scope)
            if request.method == "HEAD":
                response.body = b""  # the headers, Content-Length among them, stay those of GET
            return response

        return respond


async def _respond_to_no_route(request: Request, error: Exception) -> Response:
    """Answers requests without a route: OPTIONS, or an error for another method or an unknown address."""
    assert isinstance(error, HTTPException)
    if error.status_code != 405:
        return build_error_response(ApiError(404, "no_route"), read_language(request.scope))
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": ALLOWED_METHODS, "Cache-Control": "no-store"})
    return build_error_response(ApiError(405, "method", known=ALLOWED_METHODS), read_language(request.scope))


def _check_size(request: Request) -> None:
    """Raises ApiError for a body, which is never read, and for a long query."""
    length = request.headers.get("content-length", "0")
    if "transfer-encoding" in request.headers or not length.isdecimal() or int(length) > MAX_BODY_BYTES:
        raise ApiError(413, "too_large")
    if len(request.scope.get("query_string", b"")) > MAX_QUERY_CHARS:
        raise ApiError(414, "too_long", longest=MAX_QUERY_CHARS)


def _build_handler(state: ApiState, row: Endpoint) -> Callable[..., Any]:
    """The handler of an endpoint; FastAPI runs it in a thread, unless it is a coroutine."""

    def respond_now() -> Response:
        payload = row.build(state)
        return Response(payload.content, media_type=payload.media_type, headers={"Cache-Control": "no-store"})

    async def respond_at_once() -> Response:
        return respond_now()

    def respond(request: Request, query: Annotated[row.query, fastapi.Query()]) -> Response:  # type: ignore[name-defined]
        return _respond(state, row, request, query)

    if row.query is None:
        return respond_at_once if row.is_instant else respond_now
    return respond


def _respond(state: ApiState, row: Endpoint, request: Request, query: BaseModel) -> Response:
    """The answer of an edition, cached if possible; 304 if the client has it already."""
    parsed = parse_request(state, request, query)
    outlook = parsed.outlook
    site = parsed.site if row.site_bound else ""
    edition = (parsed.workspace.serial, outlook.edition, outlook.published_at)
    parameters = tuple(sorted(request.query_params.multi_items()))
    notes = len(parsed.workspace.store.notes.list_records()) if row.has_notes else 0
    key = (row.path, parameters, *edition, site, notes)
    streamed = row.stream(parsed) if row.stream is not None else None
    if streamed is not None:
        return _stream(state, key, streamed, parsed, request)
    cached = state.cache.get(key, lambda: _build(row, parsed))
    headers = _build_headers(parsed, cached, cached.digest)
    if _names_etag(request.headers.get("if-none-match", ""), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    _add_filename(headers, cached.filename)
    if cached.is_compressed and _accepts_gzip(request):
        headers["Content-Encoding"] = "gzip"
        return Response(cached.stored, media_type=cached.media_type, headers=headers)
    return Response(cached.content(), media_type=cached.media_type, headers=headers)


def _build_headers(parsed: ApiRequest, content: CachedResponse | StreamedPayload, digest: str) -> dict[str, str]:
    """The headers that an answer and a 304 share."""
    outlook = parsed.outlook
    headers = {
        "ETag": f'W/"{"p" if outlook.is_reconstructed else "e"}{abs(outlook.edition)}-{digest}"',
        "Cache-Control": _IMMUTABLE if parsed.pinned else "no-cache",
        "Content-Language": parsed.localizer.language,
    }
    return headers | ({"Link": f'<{content.next_url}>; rel="next"'} if content.next_url else {})


def _add_filename(headers: dict[str, str], name: str) -> None:
    if name:
        headers["Content-Disposition"] = f'inline; filename="{name}"'


def _accepts_gzip(request: Request) -> bool:
    return "gzip" in request.headers.get("accept-encoding", "")


def _build(row: Endpoint, parsed: Any) -> CachedResponse:
    payload = row.build(parsed)
    return compress(payload.content, payload.media_type, payload.next_url, payload.filename)


def _stream(
    state: ApiState, key: tuple[Any, ...], streamed: StreamedPayload, parsed: ApiRequest, request: Request
) -> Response:
    """A long answer as it is made; it is cached too, compressed, if it is not too large.

    Its ETag is a digest of what it depends on: that is known before there is any content.
    """
    path, parameters, _serial, *edition = key
    source = repr((path, parameters, edition, streamed.version))
    headers = _build_headers(parsed, streamed, hashlib.sha256(source.encode()).hexdigest()[:20])
    if _names_etag(request.headers.get("if-none-match", ""), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    _add_filename(headers, streamed.filename)
    if _accepts_gzip(request):
        headers["Content-Encoding"] = "gzip"
    cached = state.cache.find(key)
    if cached is not None and _accepts_gzip(request):
        return Response(cached.stored, media_type=cached.media_type, headers=headers)
    if request.method == "HEAD":
        answer = Response(media_type=streamed.media_type, headers=headers)
        del answer.headers["Content-Length"]  # nobody knows it before the answer is made
        return answer
    if cached is not None:
        return StreamingResponse(unpack_parts(cached.stored), media_type=cached.media_type, headers=headers)

    def keep(packed: bytes) -> None:
        state.cache.put(key, CachedResponse(packed, True, "", streamed.media_type, streamed.next_url))

    limit = state.cache.max_entry_bytes - ENTRY_OVERHEAD
    parts = pack_parts(streamed.parts(), limit, keep, sends_packed=_accepts_gzip(request))
    return StreamingResponse(parts, media_type=streamed.media_type, headers=headers)


def _names_etag(if_none_match: str, etag: str) -> bool:
    """Whether If-None-Match names an ETag; the comparison is the weak one (RFC 9110, 13.1.2)."""
    bare = etag.removeprefix("W/")
    return if_none_match.strip() == "*" or any(
        part.strip().removeprefix("W/") == bare for part in if_none_match.split(",")
    )
