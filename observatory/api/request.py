"""Request parsing: the edition or month that `asof` names, then the selection within it."""

from collections.abc import Mapping
from dataclasses import replace

from fastapi import Request
from pydantic import BaseModel

from observatory.api import refusals
from observatory.api.models import ApiError, ApiRequest, ApiState
from observatory.catalogue.models import Catalogue
from observatory.outlook.outlook import Outlook
from observatory.outlook.time_machine import EARLIEST_MONTH
from observatory.selection import Selection, parse_selection
from observatory.workspace import Workspace, find_reconstruction_month


def parse_request(state: ApiState, request: Request, query: BaseModel) -> ApiRequest:
    """The request, its query validated by FastAPI. Raises ApiError, or StoreError where the store cannot be read."""
    query_params = dict(request.query_params)
    workspace = state.open_workspace()
    newest = workspace.get_outlook()
    outlook, pinned = newest, False
    if "asof" in query_params:
        chosen, _notices = parse_selection({"asof": query_params["asof"]}, newest.catalogue)
        outlook, pinned = _find_outlook(workspace, chosen)
    # A code that exists today but not in the requested edition is no client error: the answer is empty.
    codes = replace(newest.catalogue, indicators={**outlook.catalogue.indicators, **newest.catalogue.indicators})
    parts = {name: value for name, value in query_params.items() if name not in refusals.list_own_names(query)}
    selection, is_contradictory = _parse_selection(parts, codes)
    return ApiRequest(
        path=request.url.path,
        workspace=workspace,
        outlook=outlook,
        pinned=pinned,
        selection=selection,
        query_params=query_params,
        site=read_site(workspace, request),
        openapi=request.app.openapi,
        dialect=getattr(query, "dialect", "international"),
        limit=getattr(query, "limit", 0) or None,
        offset=getattr(query, "offset", 0),
        is_contradictory=is_contradictory,
        query=query,
    )


def read_site(workspace: Workspace, request: Request) -> str:
    """The public address of the server: the configured one, or that of the request."""
    return workspace.settings.public_url or str(request.base_url).rstrip("/")


def _parse_selection(query_params: Mapping[str, str], catalogue: Catalogue) -> tuple[Selection, bool]:
    """The selection, and whether no year can be both after `from` and before `to`.

    Raises ApiError for a code that does not exist, and for an indicator of another segment than the requested one.
    """
    selection, notices = parse_selection(query_params, catalogue)
    for notice in notices:
        if notice.key == "notice.elsewhere":
            raise ApiError(404, "no_series", known=catalogue.indicators[query_params["indicator"]].segment)
        if notice.name in refusals.CODES:
            raise refusals.refuse_code(notice.name, query_params[notice.name], catalogue)
    return selection, any(notice.key == "notice.years" for notice in notices)


def _find_outlook(workspace: Workspace, chosen: Selection) -> tuple[Outlook, bool]:
    """The outlook of an `asof`, and whether it is an edition named by its number.

    A day is not enough for that: what is published later on the same day changes it, and the store lets an edition be
    dated before the moment at which it was recorded.
    """
    number, moment, editions = chosen.edition_number(), chosen.pinned_moment(), workspace.store.editions()
    base = chosen.base_edition()
    for named in (number, base):
        if named is not None and named not in editions.by_number:
            raise ApiError(404, "no_edition", number=named, last=editions.rows[-1].id)
    record = chosen.notes_record()
    if record is not None and all(row.id != record for row in workspace.store.notes.list_records()):
        raise ApiError(404, "no_note_record", number=record, edition=f"e{number}")
    if number is not None:
        return workspace.get_outlook_by_number(number), True
    first = editions.rows[0]
    if moment is None or moment >= first.at:
        return workspace.get_outlook(moment), False
    if find_reconstruction_month(moment, first) is None:
        raise ApiError(404, "too_early", asof=chosen.asof, first=EARLIEST_MONTH // 12)
    return workspace.get_outlook(moment, base), False
