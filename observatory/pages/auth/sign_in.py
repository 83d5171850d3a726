"""Sign-in with an analyst's key or an identity provider, upload guard, and redirect back to the page of origin."""

from collections.abc import Iterable
from contextlib import suppress
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
from observatory.api.http.rate_limit import read_client_address
from observatory.errors import AccessError, ObservatoryError, redact_error_values
from observatory.language import Localizer
from observatory.pages.auth.session_binding import bind_session, find_bound_pass
from observatory.pages.auth.session_cookie import read_secret
from observatory.pages.components.notices import show_notices
from observatory.workspace import AnalystSession, Identity

_PASS_KEY = "pass"  # in the session state; no widget has this key, so no browser can write it  # noqa: S105
RETURN_COOKIE = "observatory_back"
_RETURN_COOKIE_SECONDS = 900
MAX_RETURN_PATH_LENGTH = 1500
_UPLOAD_PATH = "/_stcore/upload_file/"  # where Streamlit accepts files from any session


def get_pass() -> AnalystSession | None:
    """The pass of this session if it is still valid, else one from the cookie or the identity provider, else None."""
    current = _find_pass()
    context = get_script_run_ctx()
    if context is not None:
        bind_session(context.session_id, current, st.context.cookies)
    return current


def _has_valid_pass(session_id: str, cookie: str) -> bool:
    """Whether a session had a pass at its last run, for the browser that asks now, which is still valid."""
    try:
        workspace.get_workspace().access.require_session(find_bound_pass(session_id, cookie))
    except ObservatoryError:
        return False
    return True


def _find_pass() -> AnalystSession | None:
    access = workspace.get_workspace().access
    remembered = st.session_state.get(_PASS_KEY)
    if isinstance(remembered, AnalystSession):
        try:
            return access.require_session(remembered)
        except AccessError:
            del st.session_state[_PASS_KEY]
    secret = read_secret(st.context.cookies)
    if secret:
        with suppress(AccessError):
            st.session_state[_PASS_KEY] = access.resume_session(secret)
            return access.require_session(st.session_state[_PASS_KEY])
    identity = _get_identity()
    if identity is None:
        return None
    try:
        session = access.sign_in_with_identity(identity)
    except ObservatoryError as error:
        st.session_state["refused"] = error
        return None
    st.session_state[_PASS_KEY] = session
    return session


def has_provider() -> bool:
    """Whether an identity provider is configured."""
    try:
        return "auth" in st.secrets
    except FileNotFoundError:
        return False


def _get_identity() -> Identity | None:
    if not has_provider() or not st.user.is_logged_in:
        return None
    claims: dict[str, Any] = st.user.to_dict()
    return Identity(str(claims.get("email", "")), claims.get("email_verified") is True, claims)


def show_sign_in(localizer: Localizer) -> None:
    """Shows the sign-in form."""
    with st.container(key="fig_sign_in"):
        if has_provider():
            if st.user.is_logged_in:
                refused = st.session_state.get("refused")
                if isinstance(refused, ObservatoryError):
                    text = localizer.error_text(refused.key, redact_error_values(refused.values))
                    show_notices("notices_refused", (text,))
                st.button(localizer.text("sign_in.out"), on_click=st.logout)
            else:
                st.button(
                    localizer.text("sign_in.provider"), on_click=st.login, type="primary", icon=":material/login:"
                )
        with st.form("sign_in", border=False, clear_on_submit=True):
            st.text_input(
                localizer.text("sign_in.key"), type="password", key="w_key", autocomplete="off", max_chars=200
            )
            st.form_submit_button(localizer.text("sign_in.enter"), on_click=_on_key_entered, args=(localizer,))
        show_notices("notices_sign_in", (st.session_state.pop("message", ""),))


def _on_key_entered(localizer: Localizer) -> None:
    try:
        st.session_state[_PASS_KEY] = workspace.get_workspace().access.sign_in_with_key(
            st.session_state.get("w_key", ""),
            find_client_address(st.context.ip_address, st.context.headers.get_all("x-forwarded-for")),
        )
    except ObservatoryError as error:
        st.session_state["message"] = localizer.error_text(error.key, redact_error_values(error.values))


def find_client_address(peer: str | None, forwarded: Iterable[str]) -> str:
    """The client address under which an attempt is counted, by the same proxy rules as for API requests.

    Streamlit gives no peer address for this machine itself.
    """
    return read_client_address(peer or "127.0.0.1", forwarded, settings.read_trusted_proxies())


def sign_out(access_pass: AnalystSession, localizer: Localizer) -> None:
    """Ends the pass of this session on all servers, and the login at the identity provider if there was one."""
    try:
        workspace.get_workspace().access.end_session(access_pass)
    except ObservatoryError as error:  # other servers go on until it expires: that is said
        st.session_state["message"] = localizer.error_text(error.key, redact_error_values(error.values))
    st.session_state.pop(_PASS_KEY, None)
    if access_pass.kind == "identity":
        st.logout()


class UploadGuardMiddleware:
    """ASGI middleware: rejects uploads of sessions without a valid pass, as Streamlit holds every upload in memory."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Rejects an upload before its body is read; forwards everything else."""
        _before, separator, rest = str(scope.get("path", "")).partition(_UPLOAD_PATH)
        is_upload = scope["type"] == "http" and separator and scope["method"] == "PUT"
        cookie = Headers(scope=scope).get("cookie", "") if is_upload else ""
        if is_upload and not await run_in_threadpool(_has_valid_pass, rest.split("/")[0], cookie):
            await PlainTextResponse("sign in first", 403)(scope, receive, send)
            return
        await self._app(scope, receive, send)


class SignInReturnMiddleware:
    """ASGI middleware: redirects to the page (and draft) where a sign-in began; Streamlit goes to the first page.

    The page is read from the Referer of the request that begins the sign-in and stored in an HttpOnly cookie for 15
    minutes. Only paths of this server are followed.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Forwards everything; sets the cookie on the login route, reads and deletes it on the callback route."""
        path = str(scope.get("path", ""))
        if scope["type"] != "http" or not path.endswith(("/auth/login", "/oauth2callback")):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                changed = MutableHeaders(raw=list(message["headers"]))
                if path.endswith("/auth/login"):
                    back = parse_return_path(headers.get("referer", ""), headers.get("host", ""))
                    if back:
                        changed.append(
                            "set-cookie", _format_return_cookie(quote(back, safe=""), _RETURN_COOKIE_SECONDS)
                        )
                else:
                    back = read_return_cookie(headers.get("cookie", ""))
                    if back and message["status"] in (302, 303, 307):
                        changed["location"] = back
                        changed.append("set-cookie", _format_return_cookie("", 0))
                message = {**message, "headers": changed.raw}
            await send(message)

        await self._app(scope, receive, answer)


def parse_return_path(referer: str, host: str) -> str:
    """The path and query of a page of this host; empty for any other address."""
    try:
        parts = urlsplit(referer)
    except ValueError:
        return ""
    if parts.netloc != host or parts.scheme not in ("http", "https"):
        return ""
    return sanitize_path(parts.path + (f"?{parts.query}" if parts.query else ""))


def sanitize_path(path: str) -> str:
    """The path if it stays on this server, else an empty text: browsers read `//` or a backslash as a host."""
    plain = path.isascii() and path.isprintable() and "\\" not in path and len(path) <= MAX_RETURN_PATH_LENGTH
    return path if plain and path.startswith("/") and not path.startswith("//") else ""


def read_return_cookie(cookie: str) -> str:
    """The return path in a Cookie header, validated again."""
    return sanitize_path(unquote(cookie_parser(cookie).get(RETURN_COOKIE, "")))


def _format_return_cookie(value: str, seconds: int) -> str:
    return f"{RETURN_COOKIE}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax"
