"""What a page shows, as a file to save: the figures of a series, and any page in each of its formats."""

from collections.abc import Awaitable, Callable

from anyio import CapacityLimiter, to_thread
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from observatory.errors import ObservatoryError, StoreError, public
from observatory.export import files
from observatory.export.series_csv import series_csv
from observatory.language import Language, Speaker
from observatory.selection import Notice
from observatory.workspace import Workspace, asked

Opener = Callable[[], Workspace]
AT_ONCE = 2  # files that are made at the same time


def download_routes(opened: Opener) -> list[Route]:
    """The routes of files, on a workspace that is opened at the first request that needs it."""
    return [Route("/download/series.csv", _series(opened)), Route("/download/{page}.{ending}", _exported(opened))]


def _refused(error: ObservatoryError, language: Language) -> Response:
    """An error as JSON, without the paths of the server."""
    detail = Speaker(language).explain(error.key, public(error.values))
    return JSONResponse({"error": error.key, "detail": detail, "hint": "/readyz"}, 503)


def _series(opened: Opener) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        query = dict(request.query_params)
        try:
            return await run_in_threadpool(_download, opened(), query)
        except ObservatoryError as error:
            return _refused(error, "en" if query.get("lang") == "en" else "fr")

    return answer


def _exported(opened: Opener) -> Callable[[Request], Awaitable[Response]]:
    """A page as a file: made in a thread, few at a time, so that who reads a page meanwhile is not kept waiting."""
    turn = CapacityLimiter(AT_ONCE)

    async def answer(request: Request) -> Response:
        query = dict(request.query_params)
        page, ending = request.path_params["page"], request.path_params["ending"]
        own = f"{request.url.scheme}://{request.url.netloc}"

        def made() -> files.File:
            workspace = opened()
            return files.of_page(workspace, page, ending, query, workspace.settings.public_address or own)

        try:
            file = await to_thread.run_sync(made, limiter=turn)
        except StoreError as error:
            return _refused(error, "en" if query.get("lang") == "en" else "fr")
        except ObservatoryError as error:
            detail = Speaker("en" if query.get("lang") == "en" else "fr").explain(error.key, public(error.values))
            return JSONResponse({"error": error.key, "detail": detail, "hint": "/download/overview.pdf?lang=en"}, 404)
        headers = {"Content-Disposition": f'attachment; filename="{file.name}"', "Cache-Control": "no-cache"}
        headers["X-Content-Type-Options"] = "nosniff"
        return Response(file.content, media_type=file.media_type, headers=headers)

    return answer


def _download(workspace: Workspace, query: dict[str, str]) -> Response:
    chosen, notices, outlook = asked(workspace, query)
    speaker = Speaker("fr" if chosen.lang == "fr" else "en")
    if notices or not chosen.indicator:
        detail = "; ".join(_notice(row, speaker) for row in notices) or "indicator"
        hint = "/download/series.csv?indicator=airbus_deliveries&geo=WORLD&item=a320_family&lang=en"
        return JSONResponse({"error": "unknown", "detail": detail, "hint": hint}, 400)
    row = outlook.catalogue.indicators.get(chosen.indicator)
    key = (chosen.indicator, chosen.geo, chosen.item)
    if row is not None and not (chosen.geo or chosen.item):
        key = outlook.headline(row)
    if key not in outlook.panel:
        known = ", ".join(
            f"{geo}/{item}" if item else geo for _indicator, geo, item in outlook.series(chosen.indicator)
        )
        return JSONResponse({"error": "no_such_series", "detail": f"geo={key[1]} item={key[2]}", "hint": known}, 404)
    name = "-".join(part for part in (*key, outlook.day.isoformat()) if part)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-cache"}
    content = series_csv(outlook, key, speaker.language)
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


def _notice(notice: Notice, speaker: Speaker) -> str:
    return speaker.say(notice.key, name=notice.name, value=notice.value, default=notice.default)
