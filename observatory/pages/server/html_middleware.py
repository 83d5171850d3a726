"""Rewrites Streamlit's index.html on its way out: language, head, no unused font; redirects unknown paths."""

import json
from functools import lru_cache
from urllib.parse import parse_qs, quote

from anyio import CapacityLimiter, to_thread
from markupsafe import escape
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from observatory.api.errors import build_error_response, read_language
from observatory.api.models import ApiError
from observatory.briefs.registry import PAGES
from observatory.charts.palette import build_stylesheet
from observatory.language import LANGUAGES, Language, Localizer, negotiate_language
from observatory.links import read_query, repair_path
from observatory.pages.components.streamlit_words import list_streamlit_words
from observatory.pages.components.templates import render
from observatory.pages.server.page_meta import PageMeta, build_default_meta, build_page_meta
from observatory.pages.server.site_files import name_site_file
from observatory.pages.style import load_css, load_js

_SERVED_BY_STREAMLIT = ("/static/", "/_stcore/", "/media/", "/component/", "/app/", "/vendor/")
_PASS_THROUGH_PATHS = (
    *("/fonts/", "/site/", "/brand/", "/api/", "/download/", "/auth/", "/oauth2callback"),
    *("/feed.atom", "/metrics", "/healthz", "/readyz", "/social/", "/robots.txt", "/sitemap.xml"),
)
_NO_PAGES = frozenset(("api", "mark.svg"))  # answered as they are, like a page
_MISSING = "missing"  # says that there is no such page, with the status that says so to programs
_API_PREFIX = "/api/"  # in capitals it is no page either
_MAX_CONCURRENT_HEADS = 4  # page heads that are built at the same time


# Without it the browser first looks for the server below the page's own path, and logs two errors.
_BACKEND_SCRIPT = "window.__streamlit={BACKEND_BASE_URL:location.origin+'/'};"


# Compressed HTML cannot be rewritten, and the dates of Streamlit's file do not cover what we insert.
_DROPPED_HEADERS = (b"accept-encoding", b"if-none-match", b"if-modified-since")


class HtmlMiddleware:
    """ASGI middleware: rewrites the HTML of page requests, redirects unknown paths to /missing."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._turn = CapacityLimiter(_MAX_CONCURRENT_HEADS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers GET and HEAD requests of pages, redirects mangled paths, forwards everything else."""
        path = scope.get("path", "")
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or path.startswith(_SERVED_BY_STREAMLIT):
            await self.app(scope, receive, send)
            return
        if f"{path.lower()}/".startswith(_API_PREFIX) and not path.startswith(_API_PREFIX.rstrip("/")):
            await build_error_response(ApiError(404, "no_route"), read_language(scope))(scope, receive, send)
            return
        query_text = scope.get("query_string", b"").decode("latin-1")
        repaired = repair_path(path, query_text, list_page_paths() - _NO_PAGES)
        if repaired is not None:
            await _redirect(send, repaired)
            return
        if path.startswith(_PASS_THROUGH_PATHS):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        is_page, accepted = path.strip("/") in list_page_paths(), headers.get("accept", "*/*")
        # Link previewers accept */*. So do requests for scripts, but those are not under the path of a page.
        if "text/html" not in accepted and not (is_page and "*/*" in accepted):
            await self.app(scope, receive, send)
            return
        language = _negotiate_language(scope, headers)
        if not is_page:
            await _redirect(send, f"/{_MISSING}?lang={quote(language)}")
            return
        unconditional = [(name, value) for name, value in scope["headers"] if name.lower() not in _DROPPED_HEADERS]
        query = parse_qs(query_text, keep_blank_values=True)
        origin = f"{scope.get('scheme', 'http')}://{headers.get('host', '')}"
        meta = await to_thread.run_sync(build_page_meta, path.strip("/"), query, language, origin, limiter=self._turn)
        await self.app(
            {**scope, "headers": unconditional},
            receive,
            _HtmlRewriter(send, language, meta, 404 if path.strip("/") == _MISSING else 200).send,
        )


def list_page_paths() -> set[str]:
    """The paths that have a page (the empty one is the overview)."""
    return {row.path for row in PAGES} | {_MISSING, *_NO_PAGES}


def _negotiate_language(scope: Scope, headers: Headers) -> Language:
    requested = dict(read_query(scope.get("query_string", b""), ("lang",))).get("lang")
    return next((name for name in LANGUAGES if name == requested), negotiate_language(headers.get("accept-language")))


async def _redirect(send: Send, to: str) -> None:
    await send({"type": "http.response.start", "status": 303, "headers": [(b"location", to.encode("ascii"))]})
    await send({"type": "http.response.body", "body": b""})


_PAGE_POLICY = "frame-ancestors 'self'; object-src 'none'; base-uri 'self'; form-action 'self'"


class _HtmlRewriter:
    """Buffers an HTML response and sends it rewritten, with `status` in place of 200; forwards any other response."""

    def __init__(self, send: Send, language: Language, meta: PageMeta, status: int = 200) -> None:
        self._send, self._language, self._meta, self._status = send, language, meta, status
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if "text/html" in Headers(raw=message["headers"]).get("content-type", ""):
                self._start = message
                return
        elif self._start is not None and message["type"] == "http.response.body":
            self._body += message.get("body", b"")
            if message.get("more_body"):
                return
            body = rewrite_html(self._body.decode("utf-8"), self._language, self._meta).encode("utf-8")
            headers = MutableHeaders(raw=list(self._start["headers"]))
            headers["content-length"] = str(len(body))
            headers["x-content-type-options"] = "nosniff"
            headers["referrer-policy"] = "same-origin"
            headers["content-security-policy"] = _PAGE_POLICY
            headers["vary"] = "Accept-Language"
            headers["cache-control"] = "no-cache"
            for name in ("etag", "last-modified"):
                if name in headers:
                    del headers[name]
            status = self._status if self._start["status"] == 200 else self._start["status"]
            await self._send({**self._start, "status": status, "headers": headers.raw})
            await self._send({"type": "http.response.body", "body": body})
            return
        await self._send(message)


@lru_cache(maxsize=len(LANGUAGES))
def _render_connection_script(language: Language) -> str:
    """Style and scripts that work without a connection: its loss in words, and Streamlit's words in this language."""
    localizer = Localizer(language)
    texts = json.dumps({name: escape(localizer.text(f"line.{name}")) for name in ("down", "never")})
    words = json.dumps(list_streamlit_words(language))
    colours = f"#o-line{{color-scheme:light dark;{build_stylesheet()}}}"
    return (
        f"<style>{colours}{load_css('connection')}</style>"
        f"<script>{_BACKEND_SCRIPT}window.observatoryLine={texts};window.observatoryWords={words};"
        f"{load_js('connection.js')}{load_js('words.js')}</script>"
    )


def _render_site_files() -> str:
    """The style sheet and the script of every page.

    They stand in the body, after the style sheets that Streamlit makes in the head: where two rules are equally
    specific, ours count.
    """
    style, script = f"/site/{name_site_file('css')}", f"/site/{name_site_file('js')}"
    return f'<link rel="stylesheet" href="{style}"><script defer src="{script}"></script>'


def rewrite_html(html: str, language: Language, meta: PageMeta | None = None) -> str:
    """Streamlit's HTML with our language, head and noscript text, without the preload of a font that we do not use."""
    meta = meta or build_default_meta(language)
    html = html.replace('<html lang="en">', f'<html lang="{language}">', 1)
    html = html.replace("<title>Streamlit</title>", f"{render('window_title', text=meta.title)}{meta.tags}", 1)
    html = html.replace('href="./favicon.png"', 'href="/mark.svg" type="image/svg+xml"', 1)
    html = html.replace("</title>", f"</title>{_render_connection_script(language)}", 1)
    html = html.replace("<body>", f"<body>{_render_site_files()}", 1)
    html = html.replace('href="./_stcore/agent/openapi.json"', 'href="/api/openapi.json"', 1)
    opening, closing = html.find("<noscript>"), html.find("</noscript>")
    if -1 < opening < closing:
        html = f"{html[:opening]}<noscript>{meta.noscript_html}{html[closing:]}"
    start = html.find('rel="preload"')
    if start != -1 and "SourceSans" in html[start : start + 200]:
        begin, end = html.rfind("<link", 0, start), html.find("/>", start) + 2
        html = html[:begin] + html[end:]
    return html
