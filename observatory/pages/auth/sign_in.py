"""Who is at the desk: an analyst's key or an identity provider; and the way back to the page that one came from."""

from collections import OrderedDict
from collections.abc import Iterable
from contextlib import suppress
from threading import Lock
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.scriptrunner import get_script_run_ctx

from observatory import settings, workspace
from observatory.api.rate_limit import client
from observatory.errors import AccessError, ObservatoryError, public
from observatory.language import Speaker
from observatory.pages.auth.session_cookie import secret_of
from observatory.pages.components.notices import notices
from observatory.workspace import Identity, Pass

PASS = "pass"  # where a session keeps its pass; no widget has this name, so no browser can write it  # noqa: S105
BACK = "observatory_back"
BACK_SECONDS = 900
LONGEST_BACK = 1500
UPLOADS = "/_stcore/upload_file/"  # where Streamlit takes files, from anybody who has a session
SEATS = 1000  # sessions of analysts that are remembered; the oldest are forgotten

_SEATS: OrderedDict[str, Pass] = OrderedDict()  # by session, the pass that its last run had
_SEATING = Lock()


def admitted() -> Pass | None:
    """The pass of this session if it is still good, or one for the identity that the browser's cookie proves."""
    found = _admitted()
    context = get_script_run_ctx()
    if context is not None:
        with _SEATING:
            _SEATS.pop(context.session_id, None)
            if found is not None:
                _SEATS[context.session_id] = found
            while len(_SEATS) > SEATS:
                _SEATS.popitem(last=False)
    return found


def seated(session: str) -> bool:
    """Whether a session had a pass at its last run, and the pass is still good."""
    with _SEATING:
        shown = _SEATS.get(session)
    try:
        workspace.opened().access.admit(shown)
    except ObservatoryError:
        return False
    return True


def _admitted() -> Pass | None:
    access = workspace.opened().access
    shown = st.session_state.get(PASS)
    if isinstance(shown, Pass):
        try:
            return access.admit(shown)
        except AccessError:
            del st.session_state[PASS]
    kept = secret_of(st.context.cookies)
    if kept:
        with suppress(AccessError):
            st.session_state[PASS] = access.by_secret(kept)
            return access.admit(st.session_state[PASS])
    identity = _identity()
    if identity is None:
        return None
    try:
        made = access.by_identity(identity)
    except AccessError as error:
        st.session_state["refused"] = error
        return None
    st.session_state[PASS] = made
    return made


def provider() -> bool:
    """Whether an identity provider is configured."""
    try:
        return "auth" in st.secrets
    except FileNotFoundError:
        return False


def _identity() -> Identity | None:
    if not provider() or not st.user.is_logged_in:
        return None
    claims: dict[str, Any] = st.user.to_dict()
    return Identity(str(claims.get("email", "")), claims.get("email_verified") is True, claims)


def door(speaker: Speaker) -> None:
    """The form of whoever has not signed in yet."""
    with st.container(key="fig_door"):
        if provider():
            if st.user.is_logged_in:
                refused = st.session_state.get("refused")
                if isinstance(refused, ObservatoryError):
                    notices("notices_refused", (speaker.explain(refused.key, refused.values),))
                st.button(speaker.say("door.out"), on_click=st.logout)
            else:
                st.button(speaker.say("door.provider"), on_click=st.login, type="primary", icon=":material/login:")
        with st.form("door", border=False, clear_on_submit=True):
            st.text_input(speaker.say("door.key"), type="password", key="w_key", autocomplete="off", max_chars=200)
            st.form_submit_button(speaker.say("door.enter"), on_click=_enter, args=(speaker,))
        notices("notices_door", (st.session_state.pop("said", ""),))


def _enter(speaker: Speaker) -> None:
    try:
        st.session_state[PASS] = workspace.opened().access.by_key(
            st.session_state.get("w_key", ""),
            counted(st.context.ip_address, st.context.headers.get_all("x-forwarded-for")),
        )
    except ObservatoryError as error:
        st.session_state["said"] = speaker.explain(error.key, public(error.values))


def counted(peer: str | None, forwarded: Iterable[str]) -> str:
    """The address that an attempt is counted for: as for requests, so that behind a proxy it is not everybody's.

    Streamlit names no peer that is this machine itself.
    """
    return client(peer or "127.0.0.1", forwarded, settings.proxies())


def leave(by: Pass) -> None:
    """Ends the pass of this session, and the sign-in of the browser if a provider gave it."""
    workspace.opened().access.leave(by)
    st.session_state.pop(PASS, None)
    if by.kind == "identity":
        st.logout()


class SeatMiddleware:
    """Lets files in from sessions that hold a good pass only: Streamlit keeps in memory whatever any session sends."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuses a file before a byte of it is read; passes everything else on."""
        _before, found, rest = str(scope.get("path", "")).partition(UPLOADS)
        sent = scope["type"] == "http" and found and scope["method"] == "PUT"
        if sent and not await run_in_threadpool(seated, rest.split("/")[0]):
            await PlainTextResponse("sign in first", 403)(scope, receive, send)
            return
        await self._app(scope, receive, send)


class BackMiddleware:
    """Takes whoever signs in back to the page and the draft that they came from; Streamlit goes to the first page.

    The page is read from the Referer of the request that begins the sign-in, and kept for a quarter of an hour in a
    cookie that scripts cannot read. Only a path of this server is followed.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on; answers of the two sign-in routes gain or lose the cookie."""
        path = str(scope.get("path", ""))
        if scope["type"] != "http" or not path.endswith(("/auth/login", "/oauth2callback")):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                changed = MutableHeaders(raw=list(message["headers"]))
                if path.endswith("/auth/login"):
                    back = way_back(headers.get("referer", ""), headers.get("host", ""))
                    if back:
                        changed.append("set-cookie", _cookie(quote(back, safe=""), BACK_SECONDS))
                else:
                    back = kept(headers.get("cookie", ""))
                    if back and message["status"] in (302, 303, 307):
                        changed["location"] = back
                        changed.append("set-cookie", _cookie("", 0))
                message = {**message, "headers": changed.raw}
            await send(message)

        await self._app(scope, receive, answer)


def way_back(referer: str, host: str) -> str:
    """The path and query of a page of this host; empty for any other address."""
    try:
        parts = urlsplit(referer)
    except ValueError:
        return ""
    if parts.netloc != host or parts.scheme not in ("http", "https"):
        return ""
    return safe(parts.path + (f"?{parts.query}" if parts.query else ""))


def safe(path: str) -> str:
    """A path that stays on this server, or nothing: one slash first, nothing that a browser could read as a host."""
    plain = path.isascii() and path.isprintable() and "\\" not in path and len(path) <= LONGEST_BACK
    return path if plain and path.startswith("/") and not path.startswith("//") else ""


def kept(cookie: str) -> str:
    """The way back that a cookie header holds, checked once more."""
    return safe(unquote(cookie_parser(cookie).get(BACK, "")))


def _cookie(value: str, seconds: int) -> str:
    return f"{BACK}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax"
