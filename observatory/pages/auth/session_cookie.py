"""Staying signed in when a page is loaded anew: the pass of a key in a cookie that no script can read."""

import json
from collections.abc import Mapping

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from observatory import workspace
from observatory.errors import ObservatoryError
from observatory.workspace import Pass
from observatory.workspace.access import LASTING

COOKIE = "observatory_pass"
PATH = "/desk/stay"
LONGEST = 200  # bytes of a ticket


def stay(by: Pass) -> None:
    """Once a session: hands a ticket to the browser, which turns it into the cookie. A provider has its own."""
    if by.kind not in ("key", "start") or st.session_state.get("stays") == by.secret:
        return
    st.session_state["stays"] = by.secret
    if secret_of(st.context.cookies) != by.secret:
        ticket = json.dumps(workspace.opened().access.ticket(by))
        st.html(f"<script>fetch('{PATH}', {{method: 'POST', body: {ticket}}})</script>", unsafe_allow_javascript=True)


def secret_of(cookies: Mapping[str, str]) -> str:
    """The secret that a browser kept; empty if it has none."""
    return cookies.get(COOKIE, "")


async def keep(request: Request) -> Response:
    """Turns a ticket, which is good once, into the cookie."""
    sent = b""
    async for part in request.stream():
        sent += part
        if len(sent) > LONGEST:
            return Response(status_code=413)
    try:
        by = await run_in_threadpool(lambda: workspace.opened().access.redeem(sent.decode("ascii", "replace")))
    except ObservatoryError:
        return Response(status_code=403)
    answer = Response(status_code=204)
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, by.secret, int(LASTING), httponly=True, samesite="strict", secure=secure)
    return answer


ROUTE = Route(PATH, keep, methods=["POST"])
