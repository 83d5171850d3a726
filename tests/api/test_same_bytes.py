"""Files and databases answer alike: the same bytes under the same links, dated or not, and the same entity tags."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from observatory import settings
from observatory.store.store import Store
from observatory.workspace import Workspace
from tests.support.clients import application
from tests.support.clock import one_day_clock

pytestmark = pytest.mark.postgresql

API = (
    "/api/v1/calls.json",
    "/api/v1/calls.json?horizon=5",
    "/api/v1/calls.csv?asof=e1&dialect=fr",
    "/api/v1/observations.csv",
    "/api/v1/observations.csv?asof=e1",
    "/api/v1/observations.json?indicator=esa_budget&asof=2026-11-22",
    "/api/v1/forecasts.csv",
    "/api/v1/forecasts.json?segment=space&asof=e1",
    "/api/v1/segments",
    "/api/v1/indicators?asof=e1",
    "/api/v1/vintages",
    "/api/v1/notes",
    "/api/v1/datapackage.json",
    "/feed.atom",
    "/api/v1/calls.json?asof=e99",
)
FILES = (
    "/download/overview.json?asof=e1",
    "/download/overview.csv",
    "/download/overview.xlsx?asof=e1",
    "/download/segment.pdf?segment=space&asof=e1",
    "/download/segment.csv?segment=helicopters&lang=en",
    "/download/segment.svg?segment=space&asof=e1",
    "/download/segment.pptx?segment=drones&asof=e1&lang=en",
    "/download/track_record.json?asof=e1",
    "/download/series.csv?indicator=airbus_deliveries&geo=WORLD&item=a320_family",
)


@pytest.fixture(scope="module")
def both(seeded_file: str, seeded_database: str) -> Iterator[tuple[TestClient, TestClient]]:
    """The interface on a file, and on a database that it was copied to."""
    opened = [
        Workspace(settings.load_settings({"OBSERVATORY_STORE": address}), one_day_clock)
        for address in (seeded_file, seeded_database)
    ]
    yield TestClient(application(opened[0])), TestClient(application(opened[1]))
    for workspace in opened:
        workspace.close()


@pytest.mark.parametrize("path", [*API, *(pytest.param(path, marks=pytest.mark.slow) for path in FILES)])
def test_an_answer_is_the_same(path: str, both: tuple[TestClient, TestClient]) -> None:
    """Status, bytes and entity tag of an answer do not depend on the database behind it."""
    one, other = (client.get(path) for client in both)
    assert one.status_code == (404 if "e99" in path else 200), one.text[:300]
    assert (one.status_code, one.content) == (other.status_code, other.content)
    assert one.headers.get("etag") == other.headers.get("etag")
    if tag := one.headers.get("etag"):
        assert both[1].get(path, headers={"If-None-Match": tag}).status_code == 304


def test_readiness_is_that_of_the_store(both: tuple[TestClient, TestClient]) -> None:
    """A database is ready as a file is, and says the same edition."""
    one, other = (client.get("/readyz") for client in both)
    assert (one.status_code, one.json()) == (other.status_code, other.json())
    assert other.status_code == 200


def test_the_digests_are_the_same(seeded_file: str, seeded_database: str) -> None:
    """Every edition has the digest that it has in the file, and nothing is found wrong with either store."""
    found = []
    for address in (seeded_file, seeded_database):
        store = Store(address, one_day_clock)
        found.append((store.find_faults(), store.summarise_digests()))
        store.close()
    assert found[0] == found[1]
    assert found[0][0] == []
