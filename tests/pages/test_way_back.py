"""The way back after signing in: to the page that one came from, and to no other server."""

from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from observatory.pages.auth.sign_in import (
    MAX_RETURN_PATH_LENGTH,
    RETURN_COOKIE,
    SignInReturnMiddleware,
    find_client_address,
    parse_return_path,
    read_return_cookie,
    sanitize_path,
)

HOST = "127.0.0.1:8501"
PIECES = (
    "/",
    "\\",
    ".",
    "..",
    "@",
    ":",
    ";",
    "?",
    "#",
    " ",
    "\t",
    "\r\n",
    "\0",
    "\u3002",
    "\uff0f",
    "evil.org",
    "https:",
)
CODED = ("%09", "%0d%0a", "%2f", "%5c", "%00", "%2e", "%252f", "javascript:")
NASTY = st.lists(st.sampled_from((*PIECES, *CODED, "publish")) | st.text(max_size=3), max_size=8).map("".join)


def test_whom_an_attempt_is_counted_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a proxy, on this machine or another, the reader; without one the peer, an IPv6 one by its network."""
    assert find_client_address(None, ["203.0.113.9"]) == "127.0.0.1"
    assert find_client_address("2001:db8:1:2:3:4:5:6", []) == "2001:db8:1:2::"
    monkeypatch.setenv("OBSERVATORY_PROXIES", "127.0.0.1, 10.0.0.1")
    assert find_client_address(None, ["203.0.113.9"]) == "203.0.113.9"
    assert find_client_address("10.0.0.1", ["198.51.100.1, 203.0.113.9"]) == "203.0.113.9"


def stays(path: str) -> bool:
    """Whether a browser that is told to go there stays on the server, by the rules of the URL standard."""
    seen = path.strip("".join(map(chr, range(33)))).translate({9: None, 10: None, 13: None}).replace("\\", "/")
    return seen.startswith("/") and not seen.startswith("//")


@given(NASTY)
@example("//evil.org")
@example("/\\evil.org")
@example("/\t/evil.org")
@example("/\r\nSet-Cookie: a=b")
def test_safe(path: str) -> None:
    """A path is let through as it is, if it leads to this server and fits into a header; or it is nothing."""
    found = sanitize_path(path)
    assert found in ("", path)
    assert not found or (
        stays(found) and found.isascii() and found.isprintable() and len(found) <= MAX_RETURN_PATH_LENGTH
    )


@given(
    st.sampled_from(("", "http://", "https://", "//", "http:\\\\", "ftp://", "x://")),
    st.sampled_from((HOST, "evil.org", f"{HOST}@evil.org", f"evil.org#{HOST}", "[", "")),
    NASTY,
)
@example("http://", "[", "")
@example("http://", HOST, "//evil.org")
@example("http://", "\u2100", "/")
def test_the_way_back_of_any_page(scheme: str, host: str, rest: str) -> None:
    """Whatever page a sign-in begins on, the way back is a path of this server, or nothing."""
    found = parse_return_path(f"{scheme}{host}{rest}", HOST)
    assert not found or (stays(found) and host.startswith(HOST))
    assert parse_return_path(rest, rest) == "" or stays(parse_return_path(rest, rest))


@given(NASTY | st.text(), st.booleans(), st.sampled_from(("", "a=b; ", '{"a":"b"}=[1, 2]; ', 'a="b; ', ";;= ;")))
def test_the_way_back_of_any_cookie(path: str, coded: bool, before: str) -> None:
    """Whatever a cookie says, the way back is a path of this server, or nothing; other cookies do not hide it."""
    found = read_return_cookie(f"{before}{RETURN_COOKIE}={quote(path, safe='') if coded else path}")
    assert not found or stays(found)
    if coded:
        assert found == sanitize_path(path)


def test_a_way_back_survives_its_cookie() -> None:
    """What is written into the cookie is what is read from it."""
    for path in ("/publish?draft=3&lang=en", "/publish?a=%C3%A9%20b;c,d%22", "/x" * 700):
        assert read_return_cookie(f'_streamlit_xsrf=2|a|b|1; {RETURN_COOKIE}={quote(path, safe="")}; z="1"') == path


def client() -> TestClient:
    async def login(_request: object) -> Response:
        return RedirectResponse("https://provider.example/authorize", 302)

    async def callback(_request: object) -> Response:
        return RedirectResponse("/", 302)

    async def broken(_request: object) -> Response:
        return Response("no", 400)

    routes = [Route("/auth/login", login), Route("/oauth2callback", callback), Route("/base/oauth2callback", broken)]
    app = Starlette(routes=[*routes, Route("/other", callback)])
    return TestClient(SignInReturnMiddleware(app), base_url=f"http://{HOST}", follow_redirects=False)


def test_the_cookie_of_the_way_back() -> None:
    """It is for this server alone, no script reads it, it lasts a quarter of an hour and ends when it was used."""
    asking = client()
    answer = asking.get("/auth/login", headers={"referer": f"http://{HOST}/publish?draft=3"})
    assert answer.headers["location"] == "https://provider.example/authorize"
    sentence = answer.headers["set-cookie"]
    assert sentence == f"{RETURN_COOKIE}=%2Fpublish%3Fdraft%3D3; Path=/; Max-Age=900; HttpOnly; SameSite=Lax"
    back = asking.get("/oauth2callback")
    assert back.headers["location"] == "/publish?draft=3"
    assert "Max-Age=0" in back.headers["set-cookie"]
    assert asking.get("/oauth2callback").headers["location"] == "/"


@pytest.mark.parametrize(
    "referer",
    [
        "",
        "https://evil.org/publish",
        "http://[",
        f"http://{HOST}//evil.org",
        f"http://{HOST}@evil.org/",
        "null",
        "\xff",
    ],
)
def test_a_sign_in_that_begins_elsewhere_ends_on_the_first_page(referer: str) -> None:
    """No page of another server, and no address that is none, is gone back to; nothing fails over it."""
    asking = client()
    answer = asking.get("/auth/login", headers={"referer": referer.encode("latin-1")})
    assert "set-cookie" not in answer.headers
    assert asking.get("/oauth2callback").headers["location"] == "/"


def test_only_the_sign_in_is_touched() -> None:
    """Another page that goes elsewhere, and a sign-in that failed, go where they went."""
    asking = client()
    asking.cookies.set(RETURN_COOKIE, "%2Fpublish")
    assert asking.get("/other").headers["location"] == "/"
    failed = asking.get("/base/oauth2callback")
    assert failed.status_code == 400
    assert "location" not in failed.headers
