"""Whatever goes wrong: JSON that says what was found and what to do, in either language; nothing is ever written."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from observatory.api import application as api_application
from observatory.api import build_routes
from observatory.api.routes import ROUTES
from observatory.errors import StoreError
from observatory.workspace import Workspace
from tests.support.clients import application


@pytest.mark.parametrize(
    ("query", "status", "error"),
    [
        ("calls.json?horizn=2", 400, "unknown_parameter"),
        ("calls.json?unit=level", 400, "unknown_parameter"),
        ("calls.json?horizon=4", 400, "bad_value"),
        ("calls.json?horizon=", 400, "bad_value"),
        ("calls.json?segment=space&segment=space", 400, "twice"),
        ("calls.json?asof=2026-02-30", 400, "bad_value"),
        ("calls.json?asof=e0", 400, "bad_value"),
        ("calls.json?asof=e9", 404, "no_edition"),
        ("calls.json?lang=de", 400, "bad_value"),
        ("observations.csv?limit=0", 400, "bad_value"),
        ("observations.csv?limit=100001", 400, "bad_value"),
        ("observations.csv?offset=-1", 400, "bad_value"),
        ("observations.csv?dialect=excel", 400, "bad_value"),
        ("observations.csv?from=1066", 400, "bad_value"),
        ("observations.json?dialect=fr", 400, "unknown_parameter"),
        ("observations.json?indicator=atr_backlg", 400, "bad_value"),
        ("observations.json?indicator=atr_backlog&geo=FRA", 404, "no_series"),
        ("observations.json?indicator=atr_backlog&segment=space", 404, "no_series"),
        ("observations.json?indicator=%00%0d%0aSet-Cookie:x", 400, "bad_value"),
        ("observations.json?indicator=" + "x" * 5000, 414, "too_long"),
        ("nothing", 404, "no_route"),
        ("", 404, "no_route"),
    ],
)
def test_an_error_says_what_was_found_and_what_to_do(client: TestClient, query: str, status: int, error: str) -> None:
    """Each has its code, a sentence in either language and a hint, as JSON that no cache keeps."""
    sentence = set()
    for language in ("fr", "en"):
        joined = "&" if "?" in query else "?"
        path = f"/api/v1/{query}" + ("" if "lang=" in query else f"{joined}lang={language}")
        answer = client.get(path)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["access-control-allow-origin"] == "*"
        found = answer.json()
        assert set(found) == {"error", "detail", "hint"}
        assert found["error"] == error
        assert found["detail"]
        assert found["hint"]
        assert "\r" not in found["detail"] + found["hint"]
        sentence.add(found["detail"])
    assert len(sentence) == (1 if "lang=" in query else 2)


def test_a_hint_names_what_is_near(client: TestClient) -> None:
    """A code that is nearly right is told the right one; places of a series that does not exist are listed."""
    assert "atr_backlog" in client.get("/api/v1/observations.csv?indicator=atr_backlg").json()["hint"]
    assert "WORLD" in client.get("/api/v1/observations.csv?indicator=atr_backlog&geo=FRA").json()["hint"]
    assert "horizon" in client.get("/api/v1/calls.csv?horizn=2").json()["hint"]


@pytest.mark.parametrize("row", ROUTES, ids=lambda row: row.path)
def test_it_only_reads(client: TestClient, row: Any) -> None:
    """Whatever would write is refused with what is allowed; a body is not read; OPTIONS tells another site's page."""
    for method in ("POST", "PUT", "PATCH", "DELETE", "TRACE"):
        answer = client.request(method, row.path)
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
        assert answer.json()["error"] == "method"
    assert client.request("GET", row.path, content=b"x" * 5000).status_code == 413
    asked = client.options(row.path, headers={"origin": "https://example.org", "access-control-request-method": "GET"})
    assert asked.status_code == 204
    opened = row.path.startswith("/api/") or row.path == "/feed.atom"
    assert (asked.headers.get("access-control-allow-origin") == "*") is opened
    assert ("GET" in asked.headers.get("access-control-allow-methods", "")) is opened
    answer = client.get(row.path)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "set-cookie" not in answer.headers


def test_probes_take_any_parameter(client: TestClient) -> None:
    """A probe may add what it likes; health is never taken from a cache."""
    for path in ("/healthz", "/readyz", "/metrics"):
        answer = client.get(f"{path}?t=1")
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")


def test_a_store_that_cannot_be_read(workspace: Workspace) -> None:
    """503 in JSON with when to try again, on every address that needs it; alive and counting all the same."""

    def broken() -> Workspace:
        raise StoreError("error.store.unreadable", path="/srv/secret/observatory.db", why="disk I/O error")

    app = application(workspace)
    app.router.routes = list(build_routes(broken))
    client = TestClient(app)
    for row in ROUTES:
        answer = client.get(row.path)
        if row.path in ("/healthz", "/metrics"):
            assert answer.status_code == 200
        else:
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
            assert answer.json()["error"] == "error.store.unreadable"
            assert "secret" not in answer.text
    assert "observatory_ready 0" in client.get("/metrics").text


def test_a_file_that_cannot_be_made(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page, a format, a series that there is not, a fault of ours: JSON that no cache keeps, in both languages."""
    client = TestClient(application(workspace))

    def broken(*_anything: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("observatory.api.downloads.write_series_csv", broken)
    for path, status in (
        ("/download/nothing.pdf?x=1", 404),
        ("/download/overview.doc?x=1", 404),
        ("/download/series.csv?indicator=nothing", 400),
        ("/download/series.csv?indicator=atr_backlog&geo=FRA", 404),
        ("/download/series.csv?indicator=atr_backlog", 500),
    ):
        for language in ("fr", "en"):
            answer = client.get(f"{path}&lang={language}")
            assert (answer.status_code, answer.headers["content-type"]) == (status, "application/json")
            assert (answer.headers["cache-control"], answer.headers["content-language"]) == ("no-store", language)
            assert set(answer.json()) == {"error", "detail", "hint"}


def test_a_fault_of_ours_is_json_and_its_log_has_no_query(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """500 with the time to quote; the log names the address, never what the reader asked."""

    def broken(*_anything: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(api_application, "compress", broken)
    answer = TestClient(application(workspace)).get("/api/v1/calls.json?segment=space&lang=en")
    assert (answer.status_code, answer.json()["error"]) == (500, "failed")
    assert "/api/v1/calls.json" in caplog.text
    assert "space" not in caplog.text
