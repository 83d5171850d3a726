"""What search engines read: /robots.txt and /sitemap.xml."""

from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from observatory import workspace
from observatory.briefs.links import lead_to_purchasing
from observatory.briefs.registry import PAGES
from observatory.errors import ObservatoryError
from observatory.language import LANGUAGES
from observatory.selection import Selection, build_url

_SITEMAP, _XHTML = "http://www.sitemaps.org/schemas/sitemap/0.9", "http://www.w3.org/1999/xhtml"
_DISALLOWED = ("/download/", "/social/", "/publish", "/auth/")  # files made on request, and what is no public page
_UNLISTED_PAGES = ("publish",)
_CACHE_BRIEFLY = {"Cache-Control": "public, max-age=3600"}


def build_crawler_routes() -> list[Route]:
    """The routes of both files."""
    return [Route("/robots.txt", _serve_robots), Route("/sitemap.xml", _serve_sitemap)]


def _serve_robots(request: Request) -> Response:
    """Everything but files and sign-in may be read; where the sitemap is."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in _DISALLOWED),
        "",
        f"Sitemap: {_origin(request)}/sitemap.xml",
    ]
    return PlainTextResponse("\n".join(lines) + "\n", headers=_CACHE_BRIEFLY)


def _serve_sitemap(request: Request) -> Response:
    """Every page and every market, each in all languages; only pages if the store cannot be read."""
    try:
        outlook = workspace.get_workspace().get_outlook()
        rows = outlook.catalogue.segments
        segments = [name for name in rows if lead_to_purchasing(outlook, Selection(segment=name)) is None]
    except ObservatoryError:
        segments = []
    views = [(f"/{row.path}", "") for row in PAGES if row.id not in _UNLISTED_PAGES]
    views += [("/segment", segment) for segment in segments]
    return Response(_write_sitemap(_origin(request), views), media_type="application/xml", headers=_CACHE_BRIEFLY)


def _origin(request: Request) -> str:
    """The public address of the server, or that of the request."""
    try:
        public = workspace.get_workspace().settings.public_url
    except ObservatoryError:
        public = ""
    return public or str(request.base_url).rstrip("/")


def _write_sitemap(origin: str, views: list[tuple[str, str]]) -> bytes:
    register_namespace("", _SITEMAP)
    register_namespace("xhtml", _XHTML)
    root = Element(f"{{{_SITEMAP}}}urlset")
    for path, segment in views:
        addresses = {
            language: origin + build_url(path, Selection(lang=language, segment=segment), Selection(lang=""))
            for language in LANGUAGES
        }
        for address in addresses.values():
            entry = SubElement(root, f"{{{_SITEMAP}}}url")
            SubElement(entry, f"{{{_SITEMAP}}}loc").text = address
            for language, other in addresses.items():
                SubElement(entry, f"{{{_XHTML}}}link", rel="alternate", hreflang=language, href=other)
    body: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return body
