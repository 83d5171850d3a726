"""What a page shows, as a file to save: the figures of a series."""

from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from observatory import selection as selections
from observatory.errors import ObservatoryError, public
from observatory.export import EXPORTS
from observatory.language import Language, Speaker
from observatory.selection import Notice
from observatory.workspace import Workspace

Opener = Callable[[], Workspace]


def download_routes(opened: Opener) -> list[Route]:
    """The routes of files, on a workspace that is opened at the first request that needs it."""
    return [Route("/download/series.csv", _series(opened))]


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


def _download(workspace: Workspace, query: dict[str, str]) -> Response:
    chosen, notices = selections.read(query, workspace.watched())
    speaker = Speaker("fr" if chosen.lang == "fr" else "en")
    if notices or not chosen.indicator:
        detail = "; ".join(_notice(row, speaker) for row in notices) or "indicator"
        hint = "/download/series.csv?indicator=airbus_deliveries&geo=WORLD&item=a320_family&lang=en"
        return JSONResponse({"error": "unknown", "detail": detail, "hint": hint}, 400)
    outlook = workspace.outlook_of(chosen)
    row = outlook.catalogue.indicators.get(chosen.indicator)
    key = (chosen.indicator, chosen.geo, chosen.item)
    if row is not None and not (chosen.geo or chosen.item):
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


def _notice(notice: Notice, speaker: Speaker) -> str:
    return speaker.say(notice.key, name=notice.name, value=notice.value, default=notice.default)
