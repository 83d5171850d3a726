"""The interface: figures with their origin, pages of rows, caching that cannot lie, errors that say what to do."""

import csv
import gzip
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from observatory.api.routes import ROUTES
from observatory.catalogue.periods import ordinal_to_period
from observatory.ingest.examine import examine_file
from observatory.outlook.outlook import Outlook
from observatory.outlook.study import Study
from observatory.timeseries import find_value
from observatory.workspace import Workspace
from tests.support.clients import application
from tests.support.curated import count_figures, count_indicators

CACHED = [row for row in ROUTES if row.query]


def rows_of(answer: Response, delimiter: str = ",") -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=delimiter))


@pytest.mark.slow
def test_all_observations_in_one_file(client: TestClient, outlook: Outlook) -> None:
    """Without a limit the CSV has every figure, each with unit, source, licence and edition, and is sent packed."""
    answer = client.get("/api/v1/observations.csv?lang=en")
    found = rows_of(answer)
    assert len(found) == sum(history.observed_count for history in outlook.panel.values()) == count_figures()
    assert all(row["unit"] and row["source"] and row["licence"] and row["vintage"] for row in found)
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.num_bytes_downloaded < 600_000
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


@pytest.mark.slow
@pytest.mark.parametrize("dialect", ["fr", "international"])
@pytest.mark.parametrize("segment", ["space", "purchasing"])
def test_what_is_taken_out_can_be_put_back(client: TestClient, outlook: Outlook, segment: str, dialect: str) -> None:
    """The figures of a market as the interface gives them are read by the desk without a question, to the last bit."""
    content = client.get(f"/api/v1/observations.csv?segment={segment}&dialect={dialect}").content
    report = examine_file(f"{segment}.csv", content, outlook.catalogue, published=outlook.panel, today=outlook.day)
    found = {((row.indicator, row.geo, row.item), row.period): row.value for row in report.observations}
    assert report.is_publishable
    assert not report.questions
    assert len(found) > 1000
    assert all(find_value(outlook.panel, key, when) == value for (key, when), value in found.items())
    assert found.keys() == {
        (key, ordinal_to_period(history.first + place, history.frequency))
        for key, history in outlook.panel.items()
        if outlook.catalogue.indicators[key[0]].segment == segment
        for place, value in enumerate(history.values)
        if np.isfinite(value)
    }


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


def test_the_outlooks_of_others(client: TestClient, outlook: Outlook) -> None:
    """All forecasts of others with page and quotation; a filter takes those of a segment; an old edition has none."""
    found = client.get("/api/v1/outlooks?lang=en").json()["data"]
    record = outlook.study.external_record
    assert len(found) == len(record.rows)
    assert [row["statement"] for row in found] == [row.forecast.statement for row in record.rows]
    assert all(row["page"] and row["quote"] and row["licence"] for row in found)
    assert sum(row["scored"] for row in found) == sum(row.is_scored for row in record.rows)
    space = client.get("/api/v1/outlooks?segment=space").json()["data"]
    assert {row["publisher"] for row in space} == {"FAA/COMSTAC"}
    assert [row["page"] for row in rows_of(client.get("/api/v1/outlooks.csv?segment=space"))] == [
        row["page"] for row in space
    ]
    assert client.get("/api/v1/outlooks?asof=e1").json()["data"] == []


def test_the_catalogue(client: TestClient, outlook: Outlook) -> None:
    """Segments and indicators in both languages with their series; the filter by segment keeps its own."""
    segments = client.get("/api/v1/segments?lang=en").json()["data"]
    assert [row["id"] for row in segments] == list(outlook.catalogue.segments)
    assert sum(row["indicators"] for row in segments) == count_indicators()
    listed = client.get("/api/v1/indicators?lang=fr").json()["data"]
    found = [row for row in listed if "state" not in row]
    assert len(found) == count_indicators()
    assert sum(len(row["series"]) for row in found) == len(outlook.panel)
    assert sum(part["count"] for row in found for part in row["series"]) == count_figures()
    awaiting = [row for row in listed if row.get("state") == "awaiting_first_collection"]
    assert [row["id"] for row in awaiting] == [
        row.id for segment in outlook.catalogue.segments for row in outlook.catalogue.candidates_of_segment(segment)
    ]
    assert len(awaiting) == len(listed) - len(found) > 0
    assert not any(row["series"] for row in awaiting)
    assert not any("state" in row for row in client.get("/api/v1/indicators?asof=e1").json()["data"])
    space = client.get("/api/v1/indicators?segment=space").json()["data"]
    assert space == [row for row in found if row["segment"] == "space"]
    assert all(row["licence"] and row["attribution"] and row["unit"] for row in found)


def test_vintages(client: TestClient) -> None:
    """Each edition with who, why and what it brought, and the `asof` that names it."""
    second, found = sorted(client.get("/api/v1/vintages?lang=en").json()["data"], key=lambda row: -row["id"])
    assert (second["id"], second["asof"], second["withdrawn"]) == (2, "e2", 0)
    assert second["note"].startswith("Second edition")
    assert second["values"] < count_figures()
    assert (found["id"], found["asof"], found["values"], found["withdrawn"], found["series"]) == (
        1,
        "e1",
        64_480,
        0,
        395,
    )
    assert found["note"].startswith("First edition")
    assert found["knowhow"] == 10


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
        assert "asof=e2" in parts[0]["meta"]["next"]
    else:
        found = [row for answer in pages(client, f"{query}&limit=100") for row in rows_of(answer)]
        assert found == rows_of(client.get(query))


@pytest.mark.parametrize("row", CACHED, ids=lambda row: row.path)
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
    head, latest = client.head(row.path), client.get(row.path)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("etag", "content-type", "content-length"):
        assert head.headers[name] == latest.headers[name]


@pytest.mark.slow
def test_what_names_an_edition_never_changes(client: TestClient) -> None:
    """`asof=e2` may be kept for ever; a day may not, for more can be published on it; languages have their own tags."""
    pinned = client.get("/api/v1/calls.json?asof=e2")
    assert pinned.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert client.get("/api/v1/calls.json?asof=2026-11-22").headers["cache-control"] == "no-cache"
    assert pinned.json() == client.get("/api/v1/calls.json").json()
    french, english = (client.get(f"/api/v1/segments?lang={lang}").headers["etag"] for lang in ("fr", "en"))
    assert french != english


@pytest.mark.slow
def test_a_past_month_is_rebuilt(workspace: Workspace, outlook: Outlook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the first edition a month is rebuilt and says so; nothing is rebuilt before 1990."""
    asked: list[tuple[int, int]] = []

    def rebuilt(month: int, base_edition: int) -> Outlook:
        asked.append((month, base_edition))
        return replace(outlook, edition=-month, forecasts={}, study=Study())

    monkeypatch.setattr(workspace, "get_reconstruction", rebuilt)
    client = TestClient(application(workspace))
    answer = client.get("/api/v1/calls.json?asof=2010-06")
    assert asked == [(2010 * 12 + 5, 0)]
    assert client.get("/api/v1/calls.json?asof=2010-06.e2").status_code == 200
    assert asked[1:] == [(2010 * 12 + 5, 2)]
    assert client.get("/api/v1/calls.json?asof=2010-06.e9").json()["error"] == "no_edition"
    assert client.get("/api/v1/calls.json?asof=2010-06.e0").json()["error"] == "bad_value"
    assert (answer.json()["meta"]["reconstructed"], answer.json()["meta"]["vintage"]) == (True, None)
    assert answer.headers["cache-control"] == "no-cache"
    assert client.get("/api/v1/datapackage.json?asof=2010-06").status_code == 404
    for month in ("1989-12", "1990-01-15"):  # a month is told as of its end: the middle of January is December
        assert client.get(f"/api/v1/calls.json?asof={month}").json()["error"] == "too_early"


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
