"""Fixtures that several tests of the store share."""

import pytest

from tests.support.databases import DatabaseServer


@pytest.fixture
def address(database_server: DatabaseServer, empty_database: str) -> str:
    """The address of a database of its own, with a store that has no edition."""
    return database_server.address(database_server.create_database(empty_database))
