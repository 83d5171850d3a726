"""A narrowed feed holds what a reader follows and nothing else, with ids that no other feed and no server changes."""

import re
from urllib.parse import parse_qsl, urlsplit
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from starlette.testclient import TestClient

from observatory.briefs.feed.model import MAX_THRESHOLDS
from observatory.language import Localizer
from observatory.outlook.analysis.diff import diff_outlooks
from observatory.store.records import VintageBatch
from observatory.workspace import Workspace
from tests.api.test_feed import ATOM, text, valid
from tests.support.clients import application

AIRBUS = ("airbus_deliveries", "WORLD", "")


def entries(client: TestClient, query: str) -> list[Element]:
    answer = client.get(f"/feed.atom?{query}")
    assert answer.status_code == 200, answer.text
    return valid(answer.content, "http://testserver").findall(f"{ATOM}entry")


def link(entry: Element) -> tuple[str, dict[str, str]]:
    """The path and the query of the page that an entry leads to."""
    (row,) = entry.findall(f"{ATOM}link")
    parts = urlsplit(row.get("href", ""))
    return parts.path, dict(parse_qsl(parts.query))


def publish(workspace: Workspace, **values: float | None) -> None:
    """An edition with figures of Airbus deliveries by year: y2026=950."""
    rows = [(AIRBUS, name[1:], value) for name, value in values.items()]
    batch = VintageBatch(workspace.now(), "", "", "", f"{len(workspace.store.vintages()):064}", rows, {})
    workspace.publish(batch, workspace.access.open_operator_session("analyste"))


def test_flips_are_those_of_the_page_of_changes(client: TestClient, workspace: Workspace, localizer: Localizer) -> None:
    """An entry for each market, with every horizon that flipped; a market's feed has its own, with the same id."""
    before, after = (workspace.get_outlook_by_number(number) for number in (1, 2))
    flips = {(row.segment, row.horizon) for row in diff_outlooks(before, after).flipped_calls}
    assert flips
    lang = localizer.language
    found = {link(row)[1]["segment"]: row for row in entries(client, f"flips=1&lang={lang}")}
    assert found.keys() == {segment for segment, _horizon in flips}
    for segment, entry in found.items():
        assert localizer.field_text(after.catalogue.segments[segment], "title") in text(entry, "title")
        path, query = link(entry)
        assert (path, query["asof"], query["lang"]) == ("/segment", "e2", lang)
        horizons = sorted(horizon for name, horizon in flips if name == segment)
        assert int(query["horizon"]) == horizons[0]
        for horizon in horizons:
            assert localizer.plural("control.horizon.years", horizon) in text(entry, "summary")
        (own,) = entries(client, f"segment={segment}&lang={lang}")
        assert text(own, "id") == text(entry, "id")
    still = next(name for name in after.catalogue.markets if name not in found)
    assert entries(client, f"segment={still}&lang={lang}") == []


def test_an_indicator_is_followed_by_its_new_figures(small: Workspace) -> None:
    """An edition with a new figure is an entry, with the newest value; one that revises, or has others, is none."""
    client = TestClient(application(small))
    assert len(entries(client, "indicator=airbus_deliveries&lang=en")) == 1
    publish(small, y2024=767.0)
    assert len(entries(client, "indicator=airbus_deliveries&lang=en")) == 1
    publish(small, y2026=951.0, y2025=794.0)
    new, first = entries(client, "indicator=airbus_deliveries&lang=en")
    assert "951" in text(new, "summary")
    assert "in 2026" in text(new, "summary")
    assert "1 new figure. 1 figure revised." in text(new, "summary")
    assert link(new)[1]["asof"] == "e3"
    assert link(new)[1]["indicator"] == "airbus_deliveries"
    assert text(first, "id") == text(entries(client, "indicator=airbus_deliveries&lang=en")[1], "id")
    assert entries(client, "indicator=atr_backlog&lang=en") != []


def test_a_threshold_is_an_entry_where_it_is_crossed(small: Workspace) -> None:
    """Above, then below: one entry each, with value, unit and period; the feed of both has both, the newest first."""
    client = TestClient(application(small))
    above, below = "threshold=airbus_deliveries>900", "threshold=airbus_deliveries<850,5&lang=fr"
    assert entries(client, above) == []
    publish(small, y2026=951.0)
    (entry,) = entries(client, f"{above}&lang=en")
    assert "951" in text(entry, "summary")
    assert "in 2026" in text(entry, "summary")
    assert "793" in text(entry, "summary")
    assert "aircraft" in text(entry, "summary").lower()
    assert "900" in text(entry, "title")
    assert link(entry)[1]["asof"] == "e2"
    publish(small, y2027=955.0)
    assert [text(row, "id") for row in entries(client, f"{above}&lang=en")] == [text(entry, "id")]
    publish(small, y2027=840.0)
    (back,) = entries(client, below)
    assert "840" in text(back, "summary")
    both = entries(client, f"{above}&{below}")
    assert text(both[0], "id") == text(back, "id")
    assert len(both) == 2
    everything = entries(client, "lang=fr")
    assert len(everything) == 4
    assert not {text(row, "id") for row in everything} & {text(row, "id") for row in both}


def test_a_threshold_of_purchases_opens_on_its_page(workspace: Workspace, client: TestClient) -> None:
    """The titles name the level; the self link is the canonical address, with the sign encoded."""
    feed = fromstring(client.get("/feed.atom?threshold=brent_price>90,50&lang=fr").content)
    (own,) = [row.get("href", "") for row in feed.findall(f"{ATOM}link") if row.get("rel") == "self"]
    assert own.endswith("/feed.atom?lang=fr&threshold=brent_price%3E90.5")
    assert "90,5 dollars par baril" in text(feed, "title")
    assert client.get(own).content == client.get("/feed.atom?threshold=brent_price.WORLD%3E90.5").content
    assert workspace.get_outlook().catalogue.indicators["brent_price"].segment == "purchasing"


def test_the_entity_tag_is_that_of_the_content(client: TestClient) -> None:
    """Two thresholds are two answers, whatever the cache; each has its tag, and 304 for who has it."""
    one, two = (client.get(f"/feed.atom?threshold=brent_price>{level}") for level in (90, 91))
    assert one.headers["etag"] != two.headers["etag"]
    both = client.get("/feed.atom?threshold=brent_price>91&threshold=brent_price>90")
    assert both.headers["etag"] not in (one.headers["etag"], two.headers["etag"])
    again = client.get("/feed.atom?threshold=brent_price>90", headers={"if-none-match": one.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("segment=moon", "bad_value"),
        ("segment=", "bad_value"),
        ("indicator=brent", "bad_value"),
        ("flips=yes", "bad_value"),
        ("flips=1&flips=1", "twice"),
        ("thresholds=brent_price>90", "unknown_parameter"),
        ("threshold=", "threshold_form"),
        ("threshold=brent_price>90&threshold=brent", "threshold_form"),
        ("threshold=brent>90", "threshold_series"),
        ("threshold=brent_price>much", "threshold_number"),
        ("threshold=brent_price>3.850&lang=fr", "threshold_ambiguous"),
        ("&".join(f"threshold=brent_price>{n}" for n in range(MAX_THRESHOLDS + 1)), "too_many_thresholds"),
    ],
)
def test_what_is_not_understood_is_refused(client: TestClient, localizer: Localizer, query: str, error: str) -> None:
    """400 with a code, what was found and what to do, in the reader's language; never another feed instead."""
    lang = "" if "lang=" in query else f"&lang={localizer.language}"
    answer = client.get(f"/feed.atom?{query}{lang}")
    body = answer.json()
    assert (answer.status_code, body["error"]) == (400, error)
    assert body["detail"]
    assert body["hint"]
    assert not re.search(r"[{}]", body["detail"] + body["hint"])
