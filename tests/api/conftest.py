"""The API on the store of the curated edition: in this process, and on a port."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from observatory import settings
from observatory.workspace import Workspace
from tests.support.clients import application, served


@pytest.fixture(scope="session")
def client(workspace: Workspace) -> TestClient:
    return TestClient(application(workspace))


@pytest.fixture(scope="session")
def server(seeded_address: str) -> Iterator[str]:
    """The interface on a port; a past month is not rebuilt but answered at once, with the figures of today."""
    opened = Workspace(settings.load_settings({"OBSERVATORY_STORE": seeded_address}))
    opened.get_reconstruction = lambda _month, _base=0: opened.get_outlook()  # type: ignore[method-assign]
    with served(application(opened)) as address:
        yield address
    opened.close()
