"""Downloads: the figures of a series as CSV, and any page in each of its formats."""

from collections.abc import Callable

from anyio import CapacityLimiter, to_thread
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from observatory.api.errors import build_json_error, read_language, respond_or_explain
from observatory.errors import BusyError, ObservatoryError, StoreError, redact_error_values
from observatory.export import render
from observatory.export.csv.series import write_series_csv
from observatory.language import Language, Localizer
from observatory.workspace import LinkError, Workspace, explain_link_error, prepare_month, resolve_query

WorkspaceOpener = Callable[[], Workspace]
_MAX_CONCURRENT_FILES = 2  # files that are made at the same time


def build_download_routes(open_workspace: WorkspaceOpener) -> list[Route]:
    """The routes of files, on a workspace that is opened at the first request that needs it."""
    limiter = CapacityLimiter(_MAX_CONCURRENT_FILES)  # so that pages stay quick meanwhile

    async def series(request: Request) -> Response:
        response = run_in_threadpool(
            lambda: _respond_series(open_workspace(), dict(request.query_params), read_language(request.scope))
        )
        return await respond_or_explain(response, request.url.path, request.scope)

    async def make_page(request: Request) -> Response:
        await run_in_threadpool(lambda: prepare_month(open_workspace(), dict(request.query_params)))
        return await to_thread.run_sync(
            lambda: _respond_page(open_workspace(), request, read_language(request.scope)), limiter=limiter
        )

    async def page(request: Request) -> Response:
        return await respond_or_explain(make_page(request), request.url.path, request.scope)

    return [Route("/download/series.csv", series), Route("/download/{page}.{ending}", page)]


def _respond_page(workspace: Workspace, request: Request, language: Language) -> Response:
    origin = f"{request.url.scheme}://{request.url.netloc}"
    name, ending = request.path_params["page"], request.path_params["ending"]
    base = workspace.settings.public_url or origin
    try:
        file = render.render_page(workspace, name, ending, dict(request.query_params), base)
    except (StoreError, BusyError):
        raise
    except LinkError as error:
        return _respond_link_error(workspace, error, language)
    except ObservatoryError as error:  # there is no such page, format or chart
        detail = Localizer(language).error_text(error.key, redact_error_values(error.values))
        return build_json_error(404, error.key, detail, "/download/overview.pdf?lang=en", language)
    return _build_file_response(file.content, file.name, file.media_type)


def _respond_series(workspace: Workspace, query: dict[str, str], language: Language) -> Response:
    chosen, notices, outlook = resolve_query(workspace, query)
    if notices:
        return _respond_link_error(workspace, LinkError(notices), language)
    if not chosen.indicator:
        hint = "/download/series.csv?indicator=airbus_deliveries&geo=WORLD&item=a320_family&lang=en"
        return build_json_error(400, "unknown", Localizer(language).text("link.no_indicator"), hint, language)
    row = outlook.catalogue.indicators.get(chosen.indicator)
    key = (chosen.indicator, chosen.geo, chosen.item)
    if row is not None and not (chosen.geo or chosen.item):
        key = outlook.headline_key(row)
    if key not in outlook.panel:
        known = outlook.list_series(chosen.indicator) if row is not None else ()  # a past month may not have had it yet
        series = ", ".join(f"{geo}/{item}" if item else geo for _indicator, geo, item in known)
        return build_json_error(404, "no_such_series", f"geo={key[1]} item={key[2]}", series, language)
    name = "-".join(part for part in (*key, outlook.day.isoformat()) if part)
    return _build_file_response(write_series_csv(outlook, key, language), f"{name}.csv", "text/csv; charset=utf-8")


def _build_file_response(content: bytes, name: str, media_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-cache"}
    return Response(content, media_type=media_type, headers=headers)


def _respond_link_error(workspace: Workspace, error: LinkError, language: Language) -> Response:
    found = explain_link_error(error, workspace.get_full_catalogue(), Localizer(language))
    return build_json_error(400, found.code, found.detail, found.hint, language)
