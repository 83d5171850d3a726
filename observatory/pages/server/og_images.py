"""Preview images (`og:image`): `/social/PAGE.png`, drawn at the first request and cached."""

import logging
from dataclasses import replace
from functools import lru_cache, partial

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from observatory import workspace
from observatory.briefs.registry import PAGES
from observatory.errors import ObservatoryError
from observatory.pages.components.brand_logo import find_brand
from observatory.selection import DEFAULT_SELECTION, Selection, parse_selection

BRAND_PARAMETER = "brand"  # of the address: the digest of the brand that is drawn
GENERAL_PAGE = "overview"  # whose image is shown for a link that is not understood
MAX_CACHED_IMAGES = 64  # some 30 kB each
_CACHE_FOREVER = "public, max-age=31536000, immutable"
_CACHE_BRIEFLY = "public, max-age=300"
log = logging.getLogger("observatory.pages")
_DRAW_LIMITER = CapacityLimiter(1)  # one at a time, so that readers have the other core


def build_route() -> Route:
    """The route of all preview images."""
    return Route("/social/{page}.png", _serve_image)


async def _serve_image(request: Request) -> Response:
    """The image of a page and selection; the general one for a query that is not understood.

    An image of a pinned edition is immutable if the address names the brand of today.
    """
    page, query = request.path_params["page"], dict(request.query_params)
    if not any(row.id == page for row in PAGES):
        return PlainTextResponse("no such page", 404)
    try:
        content, pinned = await to_thread.run_sync(partial(_render_image, page, query), limiter=_DRAW_LIMITER)
    except ObservatoryError:
        return PlainTextResponse("not now", 503)
    except Exception:
        log.exception("no picture of %s", page)
        return PlainTextResponse("not now", 503)
    if not content:
        return PlainTextResponse("no picture of a reconstruction", 404)
    caching = _CACHE_FOREVER if pinned else _CACHE_BRIEFLY
    return Response(content, media_type="image/png", headers={"Cache-Control": caching})


def _render_image(page: str, query: dict[str, str]) -> tuple[bytes, bool]:
    """The image, and whether it is pinned to an edition; empty for a month that would have to be reconstructed."""
    opened = workspace.get_workspace()
    brand = find_brand().digest
    is_of_brand = query.pop(BRAND_PARAMETER, "") == brand
    if workspace.needs_reconstruction(opened, parse_selection(query, opened.get_full_catalogue())[0]):
        return b"", False
    chosen, notices, outlook = workspace.resolve_query(opened, query)
    if notices:
        newest = opened.get_outlook()
        return draw_image(GENERAL_PAGE, newest.edition, replace(DEFAULT_SELECTION, lang=chosen.lang), brand), False
    narrowed = replace(DEFAULT_SELECTION, lang=chosen.lang, segment=chosen.segment, horizon=chosen.horizon)
    is_pinned = chosen.edition_number() == outlook.edition and is_of_brand
    return draw_image(page, outlook.edition, narrowed, brand), is_pinned


@lru_cache(maxsize=MAX_CACHED_IMAGES)
def draw_image(page: str, number: int, selection: Selection, _brand: str) -> bytes:
    """The preview picture of a page in an edition, as PNG; drawn once for each brand, which is named by its digest."""
    from observatory.export.social_card import render_social_card  # Pillow loads at the first image

    outlook = workspace.get_workspace().get_outlook_by_number(number)
    return render_social_card(outlook, selection, page, "fr" if selection.lang == "fr" else "en")


workspace.clear_when_replaced(draw_image.cache_clear)
