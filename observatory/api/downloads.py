"""What a page shows, as a file to save: the figures of a series, and any page in each of its formats."""

from collections.abc import Callable

from anyio import CapacityLimiter, to_thread
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from observatory.api.errors import answered, language_of, told
from observatory.errors import ObservatoryError, StoreError, public
from observatory.export import render
from observatory.export.csv.series import series_csv
from observatory.language import Language, Speaker
from observatory.selection import Notice
from observatory.workspace import Workspace, asked

Opener = Callable[[], Workspace]
AT_ONCE = 2  # files that are made at the same time


def download_routes(opened: Opener) -> list[Route]:
    """The routes of files, on a workspace that is opened at the first request that needs it."""
    turn = CapacityLimiter(AT_ONCE)  # so that who reads a page meanwhile is not kept waiting

    async def series(request: Request) -> Response:
        made = run_in_threadpool(lambda: _series(opened(), dict(request.query_params), language_of(request.scope)))
        return await answered(made, request.url.path, request.scope)

    async def page(request: Request) -> Response:
        made = to_thread.run_sync(lambda: _page(opened(), request, language_of(request.scope)), limiter=turn)
        return await answered(made, request.url.path, request.scope)

    return [Route("/download/series.csv", series), Route("/download/{page}.{ending}", page)]


def _page(workspace: Workspace, request: Request, language: Language) -> Response:
    own = f"{request.url.scheme}://{request.url.netloc}"
    name, ending = request.path_params["page"], request.path_params["ending"]
    base = workspace.settings.public_address or own
    try:
        file = render.of_page(workspace, name, ending, dict(request.query_params), base)
    except StoreError:
        raise
    except ObservatoryError as error:  # there is no such page, format or chart
        detail = Speaker(language).explain(error.key, public(error.values))
        return told(404, error.key, detail, "/download/overview.pdf?lang=en", language)
    return _file(file.content, file.name, file.media_type)


def _series(workspace: Workspace, query: dict[str, str], language: Language) -> Response:
    chosen, notices, outlook = asked(workspace, query)
    speaker = Speaker(language)
    if notices or not chosen.indicator:
        detail = "; ".join(_notice(row, speaker) for row in notices) or "indicator"
        hint = "/download/series.csv?indicator=airbus_deliveries&geo=WORLD&item=a320_family&lang=en"
        return told(400, "unknown", detail, hint, language)
    row = outlook.catalogue.indicators.get(chosen.indicator)
    key = (chosen.indicator, chosen.geo, chosen.item)
    if row is not None and not (chosen.geo or chosen.item):
        key = outlook.headline(row)
    if key not in outlook.panel:
        known = ", ".join(
            f"{geo}/{item}" if item else geo for _indicator, geo, item in outlook.series(chosen.indicator)
        )
        return told(404, "no_such_series", f"geo={key[1]} item={key[2]}", known, language)
    name = "-".join(part for part in (*key, outlook.day.isoformat()) if part)
    return _file(series_csv(outlook, key, language), f"{name}.csv", "text/csv; charset=utf-8")


def _file(content: bytes, name: str, media_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-cache"}
    return Response(content, media_type=media_type, headers=headers)


def _notice(notice: Notice, speaker: Speaker) -> str:
    return speaker.say(notice.key, name=notice.name, value=notice.value, default=notice.default)
