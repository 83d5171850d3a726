"""The interface: figures with their origin, pages of rows, caching that cannot lie, errors that say what to do."""

import csv
import gzip
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from observatory.api import door
from observatory.api.registry import ROUTES
from observatory.errors import StoreError
from observatory.outlook.outlook import Outlook
from observatory.workspace import Workspace
from tests.api.conftest import application

KEPT = [row for row in ROUTES if row.kept]


def rows_of(answer: Response, delimiter: str = ",") -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=delimiter))


def test_all_observations_in_one_file(client: TestClient, outlook: Outlook) -> None:
    """Without a limit the CSV has every figure, each with unit, source, licence and edition, and is sent packed."""
    answer = client.get("/api/v1/observations.csv?lang=en")
    found = rows_of(answer)
    assert len(found) == sum(history.count for history in outlook.panel.values()) == 64_480
    assert all(row["unit"] and row["source"] and row["licence"] and row["vintage"] for row in found)
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < 600_000
    plain = client.get("/api/v1/observations.csv?lang=en", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == answer.content


def test_observations_are_those_of_the_panel(client: TestClient, outlook: Outlook) -> None:
    """Filters by place and years give the values of the series, the same in JSON as in CSV."""
    query = "indicator=air_passengers_carried&geo=FRA&from=2015&to=2019"
    answer = client.get(f"/api/v1/observations.json?{query}&lang=en").json()
    history = outlook.panel["air_passengers_carried", "FRA", ""]
    expected = {str(history.first + place): value for place, value in enumerate(history.values)}
    assert [row["period"] for row in answer["data"]] == [str(year) for year in range(2015, 2020)]
    assert all(expected[row["period"]] == row["value"] for row in answer["data"])
    table = rows_of(client.get(f"/api/v1/observations.csv?{query}&lang=en"))
    assert [float(row["value"]) for row in table] == [row["value"] for row in answer["data"]]
    about = answer["meta"]["indicators"]["air_passengers_carried"]
    assert about == {name: table[0][name] for name in ("unit", "source", "licence")}
    assert client.get("/api/v1/observations.json?from=2020&to=2010").json()["data"] == []


def test_the_french_dialect(client: TestClient) -> None:
    """`dialect=fr` has semicolons, decimal commas and a byte order mark; the figures are the same."""
    query = "/api/v1/forecasts.csv?indicator=atr_backlog"
    french, plain = client.get(f"{query}&dialect=fr"), rows_of(client.get(query))
    assert french.content.startswith(b"\xef\xbb\xbf")
    assert [row["median"].replace(",", ".") for row in rows_of(french, ";")] == [row["median"] for row in plain]
    assert "," in rows_of(french, ";")[0]["median"]


def test_forecasts_say_when_there_is_none(client: TestClient, outlook: Outlook) -> None:
    """Every series has its rows; one that is not forecast has a single row with its status and no figure."""
    found = rows_of(client.get("/api/v1/forecasts.csv"))
    assert {(row["indicator"], row["geo"], row["item"]) for row in found} == set(outlook.panel)
    for row in found:
        assert (row["period"] == "") == (row["median"] == "") == (row["status"] in ("stopped", "too_short"))
        if row["median"]:
            ends = [
                float(row[name]) for name in ("low_95", "low_80", "low_50", "median", "high_50", "high_80", "high_95")
            ]
            assert ends == sorted(ends)


def test_calls_are_those_of_the_edition(client: TestClient, outlook: Outlook) -> None:
    """All markets and horizons with probability, due date, reasons and index; a filter takes some of them."""
    found = client.get("/api/v1/calls.json").json()["data"]
    assert {(row["segment"], row["horizon"]) for row in found} == set(outlook.calls)
    for row in found:
        call = outlook.calls[row["segment"], row["horizon"]]
        assert (row["call"], row["due"], row["index"]) == (call.call, call.due, list(call.index))
        assert len(row["reasons"]) == len(call.reasons)
    (one,) = rows_of(client.get("/api/v1/calls.csv?segment=space&horizon=2"))
    assert one["probability"] == str(float(f"{outlook.calls['space', 2].probability:.6g}"))
    assert client.get("/api/v1/calls.json?segment=purchasing").json()["data"] == []


def test_the_catalogue(client: TestClient, outlook: Outlook) -> None:
    """Segments and indicators in both languages with their series; the filter by segment keeps its own."""
    segments = client.get("/api/v1/segments?lang=en").json()["data"]
    assert [row["id"] for row in segments] == list(outlook.catalogue.segments)
    assert sum(row["indicators"] for row in segments) == 135
    found = client.get("/api/v1/indicators?lang=fr").json()["data"]
    assert len(found) == 135
    assert sum(len(row["series"]) for row in found) == len(outlook.panel)
    assert sum(part["count"] for row in found for part in row["series"]) == 64_480
    space = client.get("/api/v1/indicators?segment=space").json()["data"]
    assert space == [row for row in found if row["segment"] == "space"]
    assert all(row["licence"] and row["attribution"] and row["unit"] for row in found)


def test_vintages(client: TestClient) -> None:
    """Each edition with who, why and what it brought, and the `asof` that names it."""
    (found,) = client.get("/api/v1/vintages?lang=en").json()["data"]
    assert (found["id"], found["asof"], found["values"], found["withdrawn"], found["series"]) == (
        1,
        "e1",
        64_480,
        0,
        395,
    )
    assert found["note"].startswith("First edition")


def pages(client: TestClient, path: str) -> Iterator[Response]:
    while path:
        answer = client.get(path)
        assert answer.status_code == 200
        yield answer
        link = answer.headers.get("link", "")
        path = link[1 : link.index(">")] if link else ""
        assert not link or link.endswith('; rel="next"')


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_pages_put_together_are_the_whole(client: TestClient, ending: str) -> None:
    """Following `next` gives every row once, in the same order, and pins the edition of the first page."""
    query = f"/api/v1/observations.{ending}?segment=helicopters"
    if ending == "json":
        whole = client.get(f"{query}&limit=100000").json()
        parts = [answer.json() for answer in pages(client, f"{query}&limit=100")]
        assert [row for part in parts for row in part["data"]] == whole["data"]
        assert {part["meta"]["total"] for part in parts} == {len(whole["data"])}
        assert [part["meta"]["next"] is None for part in parts] == [False] * (len(parts) - 1) + [True]
        assert "asof=e1" in parts[0]["meta"]["next"]
    else:
        found = [row for answer in pages(client, f"{query}&limit=100") for row in rows_of(answer)]
        assert found == rows_of(client.get(query))


@pytest.mark.parametrize("row", KEPT, ids=lambda row: row.path)
def test_an_answer_is_not_sent_twice(client: TestClient, row: Any) -> None:
    """Each address has an ETag; sent back, alone or among others, it gives 304 without a body, and HEAD the headers."""
    first = client.get(row.path)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "no-cache"
    plain = client.get(row.path, headers={"accept-encoding": "identity"})
    assert first.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    for sent in (tag, f'"other", {tag}', "*", tag.removeprefix("W/")):
        again = client.get(row.path, headers={"if-none-match": sent})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    assert client.get(row.path, headers={"if-none-match": '"other"'}).status_code == 200
    head = client.head(row.path)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("etag", "content-type", "content-length"):
        assert head.headers[name] == first.headers[name]


def test_what_names_an_edition_never_changes(client: TestClient) -> None:
    """`asof=e1` may be kept for ever; a day may not, for more can be published on it; languages have their own tags."""
    pinned = client.get("/api/v1/calls.json?asof=e1")
    assert pinned.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert client.get("/api/v1/calls.json?asof=2026-11-22").headers["cache-control"] == "no-cache"
    assert pinned.json() == client.get("/api/v1/calls.json").json()
    french, english = (client.get(f"/api/v1/segments?lang={lang}").headers["etag"] for lang in ("fr", "en"))
    assert french != english


def test_a_past_month_is_rebuilt(workspace: Workspace, outlook: Outlook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the first edition a month is rebuilt and says so; one at a time; nothing is rebuilt before 1990."""
    asked: list[int] = []

    def rebuilt(month: int) -> Outlook:
        asked.append(month)
        busy = client.get("/api/v1/calls.json?asof=2011-06")
        assert (busy.status_code, busy.json()["error"], busy.headers["retry-after"]) == (429, "rebuilding", "5")
        return Outlook(-month, outlook.at, outlook.catalogue, outlook.panel, {}, outlook.calls, {})

    monkeypatch.setattr(workspace, "_before", rebuilt)
    client = TestClient(application(workspace))
    answer = client.get("/api/v1/calls.json?asof=2010-06")
    assert asked == [2010 * 12 + 5]
    assert (answer.json()["meta"]["reconstructed"], answer.json()["meta"]["vintage"]) == (True, None)
    assert answer.headers["cache-control"] == "no-cache"
    assert client.get("/api/v1/datapackage.json?asof=2010-06").status_code == 404
    assert client.get("/api/v1/calls.json?asof=1989-12").json()["error"] == "too_early"


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
    said = set()
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
        said.add(found["detail"])
    assert len(said) == (1 if "lang=" in query else 2)


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
    app.router.routes = list(door.routes(broken))
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


def test_a_fault_of_ours_is_json_and_its_log_has_no_query(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """500 with the time to quote; the log names the address, never what the reader asked."""

    def broken(*_anything: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(door, "made_by", broken)
    answer = TestClient(application(workspace)).get("/api/v1/calls.json?segment=space&lang=en")
    assert (answer.status_code, answer.json()["error"]) == (500, "failed")
    assert "/api/v1/calls.json" in caplog.text
    assert "space" not in caplog.text


def test_packed_answers_are_the_same_bytes(client: TestClient) -> None:
    """What travels is gzip that any client reads, and the JSON inside is standard: no NaN, no repeated key."""
    with client.stream("GET", "/api/v1/calls.json", headers={"accept-encoding": "gzip"}) as answer:
        raw = b"".join(answer.iter_raw())
    text = gzip.decompress(raw).decode()

    def no_constant(name: str) -> None:
        raise AssertionError(name)

    def no_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len({name for name, _value in pairs}) == len(pairs)
        return dict(pairs)

    assert json.loads(text, parse_constant=no_constant, object_pairs_hook=no_repetition)["data"]
