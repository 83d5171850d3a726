"""Session cookie (HttpOnly): keeps an analyst who used a key signed in when a page is reloaded."""

import json
from collections.abc import Mapping
from contextlib import suppress

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from observatory import workspace
from observatory.errors import ObservatoryError, StoreError
from observatory.workspace import AnalystSession
from observatory.workspace.local_state import SESSION_SECONDS

_COOKIE_NAME = "observatory_pass"
_PATH = "/desk/stay"  # an address, which stays as it was published
_MAX_TICKET_BYTES = 200


def keep_signed_in(access_pass: AnalystSession) -> None:
    """Sends a ticket to the browser, which exchanges it for the cookie; once a session, not for identity providers."""
    if access_pass.kind not in ("key", "start") or st.session_state.get("stays") == access_pass.secret:
        return
    st.session_state["stays"] = access_pass.secret
    if read_secret(st.context.cookies) == access_pass.secret:
        return
    with suppress(StoreError):  # a store that takes nothing now: signed in until the page is reloaded
        ticket = json.dumps(workspace.get_workspace().access.issue_ticket(access_pass))
        st.html(f"<script>fetch('{_PATH}', {{method: 'POST', body: {ticket}}})</script>", unsafe_allow_javascript=True)


def read_secret(cookies: Mapping[str, str]) -> str:
    """The session secret in the cookies of a request; empty if there is none."""
    return cookies.get(_COOKIE_NAME, "")


async def _redeem_ticket(request: Request) -> Response:
    """Exchanges a single-use ticket for the cookie."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_TICKET_BYTES:
            return Response(status_code=413)
    try:
        session = await run_in_threadpool(
            lambda: workspace.get_workspace().access.redeem_ticket(body.decode("ascii", "replace"))
        )
    except ObservatoryError:
        return Response(status_code=403)
    answer = Response(status_code=204)
    secure = request.url.scheme == "https"
    answer.set_cookie(
        _COOKIE_NAME, session.secret, int(SESSION_SECONDS), httponly=True, samesite="strict", secure=secure
    )
    return answer


COOKIE_ROUTE = Route(_PATH, _redeem_ticket, methods=["POST"])
