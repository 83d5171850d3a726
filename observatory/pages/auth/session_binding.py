"""Which browser a signed-in session belongs to: its id alone, which stands in addresses of uploads, gives nothing."""

import hmac
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

from starlette.requests import cookie_parser
from streamlit.web.server.starlette.starlette_app_utils import decode_xsrf_token_string

from observatory.workspace import AnalystSession

BROWSER_COOKIE = "_streamlit_xsrf"  # Streamlit gives each browser one; it travels in no address
_MAX_SESSIONS = 1000  # of analysts; beyond that the oldest are dropped


@dataclass(frozen=True)
class _Binding:
    """The pass of a session as of its last run, and the token of the browser that it ran for."""

    access_pass: AnalystSession
    browser: bytes


_BINDINGS: OrderedDict[str, _Binding] = OrderedDict()  # by session id
_LOCK = Lock()


def bind_session(session_id: str, access_pass: AnalystSession | None, cookies: Mapping[str, str]) -> None:
    """Remembers the pass of a session and its browser; forgets a session that has signed out."""
    with _LOCK:
        _BINDINGS.pop(session_id, None)
        if access_pass is not None:
            _BINDINGS[session_id] = _Binding(access_pass, _read_token(cookies))
        while len(_BINDINGS) > _MAX_SESSIONS:
            _BINDINGS.popitem(last=False)


def find_bound_pass(session_id: str, cookie: str) -> AnalystSession | None:
    """The pass of a session, asked for by its own browser (`cookie` is the header of the request)."""
    with _LOCK:
        binding = _BINDINGS.get(session_id)
    return binding.access_pass if binding is not None and _is_same(binding, cookie) else None


def is_bound_elsewhere(session_id: str, cookie: str) -> bool:
    """Whether a session is signed in, in another browser than the one that asks."""
    with _LOCK:
        binding = _BINDINGS.get(session_id)
    return binding is not None and not _is_same(binding, cookie)


def _is_same(binding: _Binding, cookie: str) -> bool:
    token = _read_token(cookie_parser(cookie))
    return bool(token) and hmac.compare_digest(token, binding.browser)


def _read_token(cookies: Mapping[str, str]) -> bytes:
    """The token without the mask that differs each time; empty if there is none."""
    return decode_xsrf_token_string(cookies.get(BROWSER_COOKIE, ""))[0] or b""
