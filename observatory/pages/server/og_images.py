"""The pictures of previews: `/social/PAGE.png`, drawn at the first request and kept."""

from dataclasses import replace
from functools import lru_cache, partial

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from observatory import workspace
from observatory.errors import ObservatoryError
from observatory.selection import DEFAULT, Selection, read

KEPT = 64  # some 30 kB each
FOREVER = "public, max-age=31536000, immutable"
SHORTLY = "public, max-age=300"
_TURN = CapacityLimiter(1)  # one is drawn at a time: readers have the other core


def route() -> Route:
    """The route of all pictures."""
    return Route("/social/{page}.png", social)


async def social(request: Request) -> Response:
    """The picture of a page and selection; what is wrong in the address is left out. Immutable of an edition."""
    from observatory.pages.registry import PAGES  # the table imports every page: not before the server is up

    page, query = request.path_params["page"], dict(request.query_params)
    if not any(row.id == page for row in PAGES):
        return PlainTextResponse("no such page", 404)
    try:
        content, pinned = await to_thread.run_sync(partial(_made, page, query), limiter=_TURN)
    except ObservatoryError:
        return PlainTextResponse("not now", 503)
    if not content:
        return PlainTextResponse("no picture of a reconstruction", 404)
    caching = FOREVER if pinned else SHORTLY
    return Response(content, media_type="image/png", headers={"Cache-Control": caching})


def _made(page: str, query: dict[str, str]) -> tuple[bytes, bool]:
    """The picture, and whether it can never change; none of a month that would have to be rebuilt for it."""
    opened = workspace.opened()
    if workspace.rebuilding(opened, read(query, opened.watched())[0]):
        return b"", False
    chosen, _notices, outlook = workspace.asked(opened, query)
    drawn = replace(DEFAULT, lang=chosen.lang, segment=chosen.segment, horizon=chosen.horizon)
    return _drawn(page, outlook.number, drawn), chosen.edition() == outlook.number


@lru_cache(maxsize=KEPT)
def _drawn(page: str, number: int, selection: Selection) -> bytes:
    from observatory.export.social_card import preview_image  # Pillow is loaded at the first picture

    outlook = workspace.opened().numbered(number)
    return preview_image(outlook, selection, page, "fr" if selection.lang == "fr" else "en")
