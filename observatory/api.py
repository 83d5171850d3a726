"""Read-only HTTP routes beside the pages: health, and the figures of a series as a file."""

from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from observatory import selection as selections
from observatory.errors import ObservatoryError
from observatory.export import EXPORTS
from observatory.language import Speaker
from observatory.workspace import Workspace

Opener = Callable[[], Workspace]


def routes(opened: Opener) -> list[Route]:
    """The routes, on a workspace that is opened at the first request that needs it."""

    async def healthz(_request: Request) -> Response:
        return PlainTextResponse("ok")

    async def readyz(_request: Request) -> Response:
        try:
            vintage = await run_in_threadpool(lambda: opened().vintage())
        except ObservatoryError as error:
            return JSONResponse({"error": error.key, "detail": Speaker("en").say(error.key, **error.values)}, 503)
        return JSONResponse({"ready": True, "vintage": vintage.id, "at": vintage.at.isoformat()})

    return [
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/download/series.csv", _series(opened)),
    ]


def _series(opened: Opener) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            return await run_in_threadpool(_download, opened(), dict(request.query_params))
        except ObservatoryError as error:
            detail = Speaker("en").say(error.key, **error.values)
            return JSONResponse({"error": error.key, "detail": detail, "hint": detail}, 503)

    return answer


def _download(workspace: Workspace, query: dict[str, str]) -> Response:
    chosen, notices = selections.read(query, workspace.catalogue)
    speaker = Speaker("fr" if chosen.lang == "fr" else "en")
    if notices or not chosen.indicator:
        detail = "; ".join(f"{row.name}={row.value}" for row in notices) or "indicator"
        hint = "/download/series.csv?indicator=airbus_deliveries&geo=WORLD&item=a320_family&lang=en"
        return JSONResponse({"error": "unknown", "detail": detail, "hint": hint}, 404)
    outlook = workspace.outlook(chosen.moment())
    row = outlook.catalogue.indicators.get(chosen.indicator)
    key = (chosen.indicator, chosen.geo, chosen.item)
    if row is not None and not chosen.geo:
        key = outlook.headline(row)
    if key not in outlook.panel:
        known = ", ".join(
            f"{geo}/{item}" if item else geo for _indicator, geo, item in outlook.series(chosen.indicator)
        )
        return JSONResponse({"error": "no_such_series", "detail": f"geo={key[1]} item={key[2]}", "hint": known}, 404)
    export = next(row for row in EXPORTS if row.id == "csv")
    name = "-".join(part for part in (*key, outlook.day.isoformat()) if part)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{export.ending}"', "Cache-Control": "no-cache"}
    return Response(export.write(outlook, key, speaker.language), media_type=export.media_type, headers=headers)
