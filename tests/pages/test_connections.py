"""Connections: foreign origins, half requests, sessions of others, forwarded addresses, and a log that stays small."""

import asyncio
import logging
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit import net_util
from streamlit.web.server import server_util
from streamlit.web.server.starlette.starlette_app_utils import generate_xsrf_token_string

from observatory.pages.auth import session_binding
from observatory.pages.auth.session_binding import BROWSER_COOKIE, bind_session, find_bound_pass
from observatory.pages.server import connection_limits, log_limit
from observatory.pages.server.application import build_options
from observatory.pages.server.log_limit import LogLimit
from observatory.pages.server.websocket_guard import WebSocketGuardMiddleware, forbid_outside_lookups
from observatory.workspace import AnalystSession
from tests.support.clients import served
from tests.support.paths import ROOT


async def _echo(websocket: WebSocket) -> None:
    """Answers with the headers that Streamlit would see."""
    await websocket.accept()
    await websocket.send_json(dict(websocket.headers))
    await websocket.close()


def guarded(public_url: str = "") -> TestClient:
    app = Starlette(
        routes=[WebSocketRoute("/_stcore/stream", _echo)],
        middleware=[Middleware(WebSocketGuardMiddleware, public_url=public_url)],
    )
    return TestClient(app, base_url="http://testserver:8501")


def seen(client: TestClient, **headers: str) -> dict[str, str]:
    """The headers that pass the guard; `_` stands for `-`."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    with client.websocket_connect("/_stcore/stream", headers={"host": "testserver:8501"} | sent) as line:
        found: dict[str, str] = line.receive_json()
        return found


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "http://testserver",
        "http://testserver:9999",
        "http://localhost:3000",
        "http://testserver:8501.evil.example",
        "http://user@testserver:8501",
        "http://[",
        "",
    ],
)
def test_a_foreign_origin_is_refused_and_nobody_is_asked(origin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An Origin that is not the host itself, port included, gets no answer, and no look-up goes out for it."""
    monkeypatch.setattr(net_util, "_make_blocking_http_get", lambda *_a, **_k: pytest.fail("asked outside"))
    with pytest.raises(WebSocketDisconnect) as refused:
        seen(guarded(), origin=origin)
    assert refused.value.code == 1008


def test_the_own_origin_and_programs_pass() -> None:
    """The host itself, the public address behind a proxy, and programs without an Origin are let in."""
    assert seen(guarded(), origin="http://testserver:8501")["origin"] == "http://testserver:8501"
    assert seen(guarded(), origin="HTTP://TestServer:8501")["host"] == "testserver:8501"
    assert "origin" not in seen(guarded())
    public = guarded("https://observatory.example")
    assert seen(public, origin="https://observatory.example")["host"] == "observatory.example"


def test_the_application_has_the_guard_first() -> None:
    """No other middleware, and nothing of Streamlit, sees a WebSocket before the guard."""
    assert build_options()["middleware"][0].cls is WebSocketGuardMiddleware


def test_streamlit_asks_nobody_for_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """An origin that reaches Streamlit's own check is refused without a look-up outside."""
    monkeypatch.setattr(net_util, "get_external_ip", net_util.get_external_ip)
    monkeypatch.setattr(net_util, "_make_blocking_http_get", lambda *_a, **_k: pytest.fail("asked outside"))
    forbid_outside_lookups()
    assert not server_util.is_url_from_allowed_origins("https://evil.example")


@pytest.fixture
def deadlines(monkeypatch: pytest.MonkeyPatch) -> None:
    connection_limits.install_connection_limits()
    monkeypatch.setattr(connection_limits, "REQUEST_SECONDS", 0.6)
    monkeypatch.setattr(connection_limits, "MAX_BODY_SECONDS", 2.0)


async def _read(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


@pytest.fixture
def reader(deadlines: None) -> Iterator[tuple[str, int]]:
    with served(Starlette(routes=[Route("/", _read, methods=["GET", "POST"])])) as address:
        yield "127.0.0.1", int(address.rsplit(":", 1)[1])


def closed_after(sent: socket.socket, pieces: list[bytes], pause: float) -> tuple[float, bytes]:
    """The seconds until the server closes a connection, and what it answered; a piece is sent after each pause."""
    start, answer = time.monotonic(), b""
    sent.settimeout(pause)
    while time.monotonic() - start < 8:
        try:
            data = sent.recv(65536)
        except TimeoutError:
            if pieces:
                sent.sendall(pieces.pop(0))
            continue
        except OSError:
            data = b""
        if not data:
            return time.monotonic() - start, answer
        answer += data
    return 99.0, answer


@pytest.mark.parametrize(
    ("first", "later"),
    [
        (b"", b""),
        (b"GET / HT", b""),
        (b"GET / HTTP/1.1\r\nHost: a\r\n", b"X-A: b\r\n"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc", b""),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc", b"d"),
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HT", b""),
    ],
)
def test_a_request_that_is_never_whole_is_closed(reader: tuple[str, int], first: bytes, later: bytes) -> None:
    """Nothing, half a line, a trickle of headers, half a body, a trickle of it, half a second request: all end."""
    with socket.create_connection(reader) as sent:
        sent.sendall(first)
        seconds, _answer = closed_after(sent, [later] * 50 if later else [], 0.2)
    assert seconds < 6


def test_slow_but_whole_requests_are_answered(reader: tuple[str, int]) -> None:
    """A body in pieces that come in time is read, a second request on the same connection too."""
    with socket.create_connection(reader) as sent:
        sent.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nab")
        time.sleep(0.4)
        sent.sendall(b"cd")
        time.sleep(0.4)
        sent.sendall(b"ef")
        answer = b""
        while not answer.endswith(b"\r\n\r\n6"):
            answer += sent.recv(65536)
        time.sleep(1)
        sent.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert closed_after(sent, [], 0.2)[1].endswith(b"0")


def test_a_long_answer_is_not_cut(deadlines: None) -> None:
    """What a request waits for is not counted: only its own arrival is."""

    async def slow(_request: Request) -> Response:
        await asyncio.sleep(1.5)
        return PlainTextResponse("done")

    with (
        served(Starlette(routes=[Route("/", slow)])) as address,
        socket.create_connection(("127.0.0.1", int(address.rsplit(":", 1)[1]))) as sent,
    ):
        sent.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert closed_after(sent, [], 0.2)[1].endswith(b"done")


def test_descriptors_are_raised_to_the_hard_limit() -> None:
    """A process that is started with few descriptors has as many as the system allows once the limit is raised."""
    code = (
        "import resource as r; r.setrlimit(r.RLIMIT_NOFILE, (256, 2048));"
        "from observatory.pages.server.connection_limits import raise_descriptor_limit as up; up();"
        "print(r.getrlimit(r.RLIMIT_NOFILE))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "(2048, 2048)"


@pytest.mark.parametrize(("proxies", "client"), [("", "127.0.0.1"), ("127.0.0.1", "203.0.113.9")])
def test_a_forwarded_address_is_believed_from_named_proxies_alone(
    proxies: str, client: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is on this machine cannot say another address for himself unless the operator names him."""
    monkeypatch.setenv("OBSERVATORY_PROXIES", proxies)
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")
    connection_limits.install_connection_limits()

    async def tell(request: Request) -> Response:
        assert request.client is not None
        return JSONResponse([request.client.host, request.url.scheme])

    with (
        served(Starlette(routes=[Route("/", tell)])) as address,
        socket.create_connection(("127.0.0.1", int(address.rsplit(":", 1)[1]))) as sent,
    ):
        head = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Forwarded-For: 203.0.113.9\r\n"
        sent.sendall(head + b"X-Forwarded-Proto: https\r\n\r\n")
        answer = closed_after(sent, [], 0.2)[1]
    assert f'["{client}","{"https" if proxies else "http"}"]'.encode() in answer


def record(text: str, **more: Any) -> logging.LogRecord:
    return logging.makeLogRecord({"name": "asyncio", "msg": text, "levelno": logging.ERROR} | more)


def test_a_fault_that_repeats_does_not_fill_the_disk() -> None:
    """Of a hundred thousand records of one minute some hundreds are written; the count of the others is not lost."""
    now = [0.0]
    limit = LogLimit(lambda: now[0])
    written = 0
    for _ in range(100_000):
        now[0] += 60 / 100_000
        written += limit.filter(record("socket.accept() out of system resource"))
    assert written <= log_limit.LOG_BURST + 60 * log_limit.LOG_RECORDS_PER_SECOND + 1
    now[0] += 3600
    last = record("again %s", args=("x" * 10_000,))
    assert limit.filter(last)
    assert len(last.getMessage()) <= log_limit.MAX_RECORD_CHARS
    short = record("once more")
    assert limit.filter(short)
    assert short.getMessage() == "once more"


def test_every_handler_has_the_limit() -> None:
    """Loggers with handlers of their own, and those without any, are limited."""
    handler = logging.NullHandler()
    logging.getLogger("tests.limited").addHandler(handler)
    try:
        log_limit.limit_logs()
        log_limit.limit_logs()
        assert logging.lastResort is not None
        for row in (handler, logging.lastResort):
            assert sum(isinstance(found, LogLimit) for found in row.filters) == 1
    finally:
        names = (None, *logging.root.manager.loggerDict)
        handlers = [row for name in names for row in logging.getLogger(name).handlers]
        assert logging.lastResort is not None
        for one in (*handlers, logging.lastResort):
            for found in [row for row in one.filters if isinstance(row, LogLimit)]:
                one.removeFilter(found)
        logging.getLogger("tests.limited").removeHandler(handler)


def test_a_session_id_alone_gives_nothing() -> None:
    """The id of a signed-in session is passed on for its own browser alone; for others the session is a new one."""
    token, other = bytes(range(16)), bytes(16)
    analyst = AnalystSession("zelda", "key", 1, "secret")
    bind_session("signed-in", analyst, {BROWSER_COOKIE: generate_xsrf_token_string(token)})
    try:
        own = f"a=b; {BROWSER_COOKIE}={generate_xsrf_token_string(token)}"  # another mask each time
        others = ("", f"{BROWSER_COOKIE}={generate_xsrf_token_string(other)}", f"{BROWSER_COOKIE}=2|zz|", "x")
        protocol = "streamlit, token, signed-in"
        assert seen(guarded(), sec_websocket_protocol=protocol, cookie=own)["sec-websocket-protocol"] == protocol
        for cookie in others:
            passed = seen(guarded(), sec_websocket_protocol=protocol, cookie=cookie)
            assert passed["sec-websocket-protocol"] == "streamlit, token"
            assert find_bound_pass("signed-in", cookie) is None
        reader = seen(guarded(), sec_websocket_protocol="streamlit, token, somebody", cookie="")
        assert reader["sec-websocket-protocol"].endswith("somebody")
        assert find_bound_pass("signed-in", own) is analyst
    finally:
        bind_session("signed-in", None, {})
    assert not session_binding.is_bound_elsewhere("signed-in", "")
