"""What analysts send: kept byte for byte, taken up again after any restart, never changed."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from observatory.errors import StoreError
from observatory.store.records import VintageBatch
from observatory.store.store import Store
from observatory.store.uploads import UploadDraft


@pytest.fixture
def store(store_address: str) -> Iterator[Store]:
    made = Store(store_address)
    made.publish(VintageBatch(datetime(2026, 1, 1, tzinfo=UTC), "x", "", "", "0", [], {}), None, [], [], {})
    yield made
    made.close()


def test_a_file_is_kept_byte_for_byte_and_once(store: Store) -> None:
    """Whatever the bytes, they come back as they were, under their sha256; the same bytes are one file."""
    content = os.urandom(50_000) + b"\x00\r\n;,"
    name = store.uploads.save_file("valeurs.csv", content, "analyste")
    assert name == hashlib.sha256(content).hexdigest()
    assert store.uploads.save_file("other.csv", content, "else") == name
    assert store.uploads.read_file(name) == content
    assert store.uploads.read_file("0" * 64) is None


def test_a_draft_waits_until_it_is_replaced_discarded_or_published(store: Store, store_address: str) -> None:
    """Drafts outlive the process that made them; the newest comes first; none is ever changed."""
    name = store.uploads.save_file("valeurs.csv", b"a", "analyste")
    plain = UploadDraft(0, name, "valeurs.csv", "analyste", datetime(2026, 1, 1, tzinfo=UTC), 1, {}, {}, None)
    first = store.uploads.save_draft(replace(plain, choices={"decimal": ","}))
    second = store.uploads.save_draft(replace(plain, about={"x": {"title_fr": "É"}}, replaces=first.id))
    third = store.uploads.save_draft(plain)
    store.close()
    again = Store(store_address)
    assert again.uploads.list_open_drafts() == (third, second)
    assert again.uploads.get_draft(first.id) == first
    again.uploads.discard_draft(third.id, "analyste")
    again.uploads.discard_draft(third.id, "analyste")
    assert again.uploads.list_open_drafts() == (second,)
    at = datetime(2026, 2, 1, tzinfo=UTC)
    vintage = again.publish(VintageBatch(at, "x", "", "", name, [], {}, draft=second.id), 1, [], [], {})
    assert vintage.draft == second.id
    assert again.vintages()[-1] == vintage
    assert again.uploads.list_open_drafts() == ()
    with pytest.raises(StoreError) as caught:
        again.uploads.get_draft(99)
    assert caught.value.key == "error.draft.unknown"
    again.close()
