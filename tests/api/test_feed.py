"""The feed is Atom as RFC 4287 wants it, in either language, and keeps its ids."""

import re
from datetime import datetime
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from starlette.testclient import TestClient

from observatory import settings
from observatory.catalogue.codec import KNOWHOW_PREFIX
from observatory.catalogue.models import Catalogue
from observatory.language import Localizer
from observatory.store.records import VintageBatch
from observatory.workspace import Workspace
from tests.support.clients import application
from tests.support.stores import StoreMaker

ATOM = "{http://www.w3.org/2005/Atom}"


def text(parent: Element, name: str) -> str:
    """The text of a child that must be there exactly once."""
    (found,) = parent.findall(f"{ATOM}{name}")
    assert found.text
    return found.text


def valid(content: bytes, site: str) -> Element:
    """The feed, every rule of RFC 4287 that concerns it checked."""
    feed = fromstring(content)
    assert feed.tag == f"{ATOM}feed"
    ids = [text(feed, "id")]
    assert text(feed, "title")
    assert text(feed.find(f"{ATOM}author"), "name")  # type: ignore[arg-type]
    links = {row.get("rel"): row.get("href", "") for row in feed.findall(f"{ATOM}link")}
    assert links["self"].startswith(f"{site}/feed.atom")
    assert links["alternate"].startswith(f"{site}/")
    entries = feed.findall(f"{ATOM}entry")
    moments = [text(feed, "updated")]
    for entry in entries:
        ids.append(text(entry, "id"))
        assert text(entry, "title")
        assert text(entry, "summary")
        assert text(entry.find(f"{ATOM}author"), "name")  # type: ignore[arg-type]
        moments += [text(entry, "updated"), text(entry, "published")]
        assert [row.get("rel") for row in entry.findall(f"{ATOM}link")] == ["alternate"]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", row) for row in ids)
    for moment in moments:
        assert datetime.fromisoformat(moment).tzinfo is not None
    assert moments[0] == max(moments)
    return feed


def test_the_feed_is_valid_atom(
    client: TestClient, workspace: Workspace, catalogue: Catalogue, localizer: Localizer
) -> None:
    """An entry for each edition: note, who, when and how much; each language is a feed with ids of its own."""
    answer = client.get(f"/feed.atom?lang={localizer.language}")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = valid(answer.content, "http://testserver")
    newest, entry = feed.findall(f"{ATOM}entry")
    assert localizer.field_text(catalogue.edition, "note") in text(newest, "summary")
    assert "until=2" in newest.find(f"{ATOM}link").get("href")  # type: ignore[union-attr,operator]
    (former,) = workspace.former_editions
    assert localizer.number(64_480) in text(entry, "summary")
    assert localizer.field_text(former.catalogue.edition, "note") in text(entry, "summary")
    assert "until=1" in entry.find(f"{ATOM}link").get("href")  # type: ignore[union-attr,operator]
    other = valid(
        client.get(f"/feed.atom?lang={'en' if localizer.language == 'fr' else 'fr'}").content, "http://testserver"
    )
    assert text(feed, "id") != text(other, "id")


def test_the_feed_says_the_same_of_itself_in_both_languages(client: TestClient) -> None:
    """What an entry holds, in as many parts: an edition may bring know-how or an undoing, so not a count of values."""
    sentence = [text(fromstring(client.get(f"/feed.atom?lang={lang}").content), "subtitle") for lang in ("fr", "en")]
    french, english = (row.split(":", 1)[1].rstrip(".").split(", ") for row in sentence)
    parts = ["qui", "quand", "pourquoi", "ce qu\u2019elle apporte"], ["who", "when", "why", "what it brings"]
    assert ([part.strip() for part in french], [part.strip() for part in english]) == parts


@pytest.mark.slow
def test_a_new_edition_is_a_new_entry(
    tmp_path: Path, seeded_address: str, stores: StoreMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Published while the server runs: first in the feed, whatever its note holds; the old entry keeps id and text."""
    store = stores.copy(seeded_address, tmp_path)
    opened = Workspace(settings.load_settings({"OBSERVATORY_STORE": store, "OBSERVATORY_ADDRESS": "https://x.test/"}))
    client = TestClient(application(opened))
    before = client.get("/feed.atom?lang=en", headers={"host": "evil.test"})
    valid(before.content, "https://x.test")
    pinned = client.get("/api/v1/calls.json?asof=e2").content
    note = "Évil <b>& \x00\x0b]]> note"
    outlook = opened.get_outlook()
    observation = (("atr_backlog", "WORLD", ""), "2006", 125.0)
    by = opened.access.open_operator_session("analyste & <autre>")
    facts = {f"{KNOWHOW_PREFIX}tooling": None}
    opened.publish(VintageBatch(outlook.published_at, "", note, note, "0" * 64, [observation], facts), by)
    after = client.get("/feed.atom?lang=en", headers={"if-none-match": before.headers["etag"]})
    assert after.status_code == 200
    new, old, _first = valid(after.content, "https://x.test").findall(f"{ATOM}entry")
    same, _first = valid(before.content, "https://x.test").findall(f"{ATOM}entry")
    assert [text(old, name) for name in ("id", "updated", "summary")] == [
        text(same, name) for name in ("id", "updated", "summary")
    ]
    assert "<b>&" in text(new, "summary")
    assert "1 value" in text(new, "summary")
    assert text(new, "summary").endswith("1 row of the table of know-how.")
    assert [row["outlooks"] for row in client.get("/api/v1/vintages").json()["data"]] == [0, 0, 0]
    assert [row["knowhow"] for row in client.get("/api/v1/vintages").json()["data"]] == [1, 0, 10]
    assert text(new.find(f"{ATOM}author"), "name") == "analyste & <autre>"  # type: ignore[arg-type]
    assert client.get("/api/v1/calls.json?asof=e2").content == pinned
    query = "indicator=atr_backlog&to=2006"
    values = [
        client.get(f"/api/v1/observations.json?{query}{asof}").json()["data"][0]["value"] for asof in ("", "&asof=e1")
    ]
    assert values == [125.0, 124.0]
    assert "e3-" in client.get("/api/v1/calls.json").headers["etag"]
    opened.close()
