"""Analysts' keys: shown once, never kept, ended without being erased."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from observatory.errors import StoreError
from observatory.store import schema
from observatory.store.records import VintageBatch
from observatory.store.store import Store


@pytest.fixture
def store(store_address: str) -> Iterator[Store]:
    opened = Store(store_address)
    yield opened
    opened.close()


def test_a_key_opens_and_is_nowhere_in_the_store(tmp_path: Path) -> None:
    """The text of a key matches it; no byte of the files of the store holds its secret."""
    store = Store(f"sqlite:///{tmp_path / 'observatory.db'}")
    made, text = store.keys.create("analyste")
    assert store.keys.verify(f"  {text}\n") == made
    secret = text.rpartition("-")[2].encode()
    assert all(secret not in path.read_bytes() for path in tmp_path.iterdir())


@pytest.mark.parametrize("change", [lambda text: text[:-1], lambda text: text.upper(), lambda text: "", str.swapcase])
def test_nothing_else_opens(store: Store, change: object) -> None:
    """A text that is not the whole key, to the letter, matches nothing."""
    _made, text = store.keys.create("analyste")
    assert callable(change)
    assert store.keys.verify(change(text)) is None
    assert store.keys.verify(text.replace("obs-1-", "obs-2-")) is None


def test_a_revoked_key_opens_nothing_and_writes_nothing(store: Store) -> None:
    """From its revocation on a key is refused, at sign-in and under the lock of a write; its name is free again."""
    made, text = store.keys.create("analyste")
    with pytest.raises(StoreError) as caught:
        store.keys.create("analyste")
    assert caught.value.key == "error.key.exists"
    batch = VintageBatch(datetime(2026, 1, 1, tzinfo=UTC), "x", "", "", "0", [], {})
    first = store.publish(batch, None, [], [], {}, key=made.id)
    store.keys.revoke("analyste")
    assert store.keys.verify(text) is None
    with pytest.raises(StoreError) as caught:
        store.publish(batch, first.id, [], [], {}, key=made.id)
    assert caught.value.key == "error.access.revoked"
    assert store.vintages() == (first,)
    store.keys.create("analyste")
    assert [(key.name, key.revoked_at is None) for key in store.keys.list_keys()] == [
        ("analyste", False),
        ("analyste", True),
    ]
    with pytest.raises(StoreError):
        store.keys.revoke("nobody")


def test_two_keys_have_nothing_in_common(store: Store) -> None:
    """Each key has a salt and a digest of its own."""
    store.keys.create("one")
    store.keys.create("two")
    with store._engine.connect() as connection:
        rows = connection.execute(select(schema.keys.c.salt, schema.keys.c.digest)).all()
    assert len({bytes(value) for row in rows for value in row}) == 4
