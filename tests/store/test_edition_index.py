"""Editions by number and moment: read when one is published, not when one is asked for."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from observatory.errors import StoreError
from observatory.store.store import Store
from tests.store.test_store import START, published


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(f"sqlite:///{tmp_path / 'observatory.db'}")


def test_what_is_known_is_not_read_again(store: Store) -> None:
    """Of thirty editions, one row is read to find that there is no newer one; another process publishes: all are."""
    rows = [published(store, {"2020": float(day)}, day) for day in range(30)]
    index, read = store.editions(), list[str]()
    event.listen(store._engine, "after_cursor_execute", lambda *given: read.append(str(given[2])))
    for day, row in enumerate(rows):
        assert store.find_vintage(START + timedelta(days=day, hours=1)) == row
        assert store.editions() is index
    selected = [statement for statement in read if statement.startswith("SELECT")]
    assert len(selected) == 60
    assert all("LIMIT" in statement for statement in selected)
    other = Store(f"sqlite:///{store.address}")
    newest = published(other, {"2020": 99.0}, 40)
    other.close()
    assert store.find_vintage() == newest
    assert store.vintages() == (*rows, newest)
    assert store.editions().positions[newest.id] == 30
    assert store.find_vintage(START - timedelta(days=1)) is None


def test_an_edition_that_is_gone_is_noticed(store: Store, tmp_path: Path) -> None:
    """A store whose content was overwritten by one with fewer editions, or with others, is not read on as before."""
    published(store, {"2020": 1.0}, 0)
    backup = Path(store.address).read_bytes()
    published(store, {"2020": 2.0}, 1)
    assert len(store.vintages()) == 2
    store._engine.dispose()
    Path(store.address).write_bytes(backup)
    with pytest.raises(StoreError, match=r"error\.store\.replaced"):
        store.vintages()
