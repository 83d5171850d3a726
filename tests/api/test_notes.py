"""The cluster's notes in the API and in the feed: standing ones alone, never a stale answer, a dated one for ever."""

from collections.abc import Iterator
from datetime import date
from xml.etree.ElementTree import fromstring

import pytest
from starlette.testclient import TestClient

from observatory.store.notes import NoteContent
from observatory.workspace import Workspace
from tests.support.clients import application

ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = "<script>alert(1)</script> & ]]>"


@pytest.fixture
def client(small: Workspace) -> Iterator[TestClient]:
    with TestClient(application(small)) as opened:
        yield opened


def publish(small: Workspace, scope: str, code: str, text: str, english: str = "") -> int:
    content = NoteContent(scope, code, text, english, "P. N.", "experte", date(2026, 11, 20), "https://exemple.fr/")  # type: ignore[arg-type]
    return small.publish_note(content, small.access.open_operator_session("analyste")).id


def list_texts(client: TestClient, query: str = "") -> list[str]:
    answer = client.get(f"/api/v1/notes{query}")
    assert answer.status_code == 200
    return [row["text_fr"] for row in answer.json()["data"]]


def test_a_new_note_is_in_the_next_answer(client: TestClient, small: Workspace) -> None:
    """Answers are cached by edition; a note and its withdrawal come between editions, and are seen at once."""
    assert list_texts(client) == []
    number = publish(small, "segment", "space", "Une.")
    publish(small, "country", "USA", "Deux.")
    publish(small, "whole", "", "Trois.")
    assert list_texts(client) == ["Trois.", "Deux.", "Une."]
    assert list_texts(client, "?segment=space") == ["Une."]
    assert list_texts(client, "?geo=USA") == ["Deux."]
    assert list_texts(client, "?segment=drones") == []
    small.withdraw_note(number, "erreur", small.access.open_operator_session("analyste"))
    assert list_texts(client) == ["Trois.", "Deux."]
    assert list_texts(client, "?asof=e1.n3") == ["Trois.", "Deux.", "Une."]
    assert list_texts(client, "?asof=e1") == []


def test_a_dated_answer_is_for_ever(client: TestClient, small: Workspace) -> None:
    """An edition with a record is immutable; the newest is not; a record that is not there is refused with a cure."""
    publish(small, "whole", "", "Une.")
    row = client.get("/api/v1/notes").json()["data"][0]
    assert row == {
        "id": 1,
        "asof": "e1.n1",
        "scope": "whole",
        "segment": "",
        "geo": "",
        "text_fr": "Une.",
        "text_en": "",
        "name": "P. N.",
        "role": "experte",
        "date": "2026-11-20",
        "link": "https://exemple.fr/",
        "published": row["published"],
        "edition": 1,
        "who": "analyste",
    }
    assert "immutable" in client.get(f"/api/v1/notes?asof={row['asof']}").headers["cache-control"]
    assert client.get("/api/v1/notes").headers["cache-control"] == "no-cache"
    refused = client.get("/api/v1/notes?asof=e1.n9&lang=en")
    assert (refused.status_code, refused.json()["error"]) == (404, "no_note_record")
    assert "asof=e1" in refused.json()["hint"]
    assert client.get("/api/v1/notes?asof=e1.n0").status_code == 400
    assert client.get("/api/v1/observations.csv?asof=e1.n1").content == (
        client.get("/api/v1/observations.csv?asof=e1").content
    )


def test_pages_of_notes_shift_no_row(client: TestClient, small: Workspace) -> None:
    """The address of the next rows pins the notes too: one published in between moves nothing."""
    for text in ("Une.", "Deux.", "Trois."):
        publish(small, "whole", "", text)
    following = client.get("/api/v1/notes?limit=2").json()["meta"]["next"]
    publish(small, "whole", "", "Quatre.")
    assert [row["text_fr"] for row in client.get(following).json()["data"]] == ["Une."]


def test_the_feed_has_an_entry_for_each_note(client: TestClient, small: Workspace) -> None:
    """Escaped, with its own id that withdrawing others does not change; that of a market has the notes on it."""
    before = client.get("/feed.atom?lang=en").content
    first = publish(small, "segment", "space", HOSTILE, "Rates lag.")
    publish(small, "whole", "", HOSTILE)
    top = fromstring(client.get("/feed.atom?lang=en").content)
    entries = top.findall(f"{ATOM}entry")
    assert [row.findtext(f"{ATOM}title", "").replace("\u00a0", " ") for row in entries[:2]] == [
        "Note of the cluster \u00b7 All markets \u00b7 20 November 2026",
        "Note of the cluster \u00b7 Space \u00b7 20 November 2026",
    ]
    summaries = [row.findtext(f"{ATOM}summary", "") for row in entries[:2]]
    assert summaries[0].startswith(HOSTILE)
    assert "in French" in summaries[0]
    assert summaries[1].startswith("Rates lag.")
    followed = fromstring(client.get("/feed.atom?lang=en&segment=space").content).findall(f"{ATOM}entry")
    assert [row.findtext(f"{ATOM}id") for row in followed] == [entries[1].findtext(f"{ATOM}id")]
    for number in (first, first + 1):
        small.withdraw_note(number, "erreur", small.access.open_operator_session("analyste"))
    assert client.get("/feed.atom?lang=en").content == before
