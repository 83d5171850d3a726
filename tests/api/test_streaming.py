"""Tables that are sent as they are made: the same bytes, a tag that is known before them, little memory."""

import gzip
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from observatory.api.data import serializers
from observatory.api.http.response_cache import pack_parts, unpack_parts

PATH = "/api/v1/observations.csv?indicator=airbus_deliveries&lang=en"
PLAIN = {"accept-encoding": "identity"}


@pytest.fixture
def streamed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every table of more than ten rows counts as long."""
    monkeypatch.setattr(serializers, "_STREAMED_ROWS", 10)


@pytest.mark.parametrize("query", ["", "&dialect=fr", "&limit=30", "&limit=30&offset=25"])
def test_a_streamed_table_is_the_built_one(client: TestClient, monkeypatch: pytest.MonkeyPatch, query: str) -> None:
    """Packed, plain, and again from the cache: the bytes, the next page and the name of the table built whole."""
    built = client.get(f"{PATH}{query}")
    monkeypatch.setattr(serializers, "_STREAMED_ROWS", 10)
    monkeypatch.setattr("observatory.export.csv.dialect._ROWS_PER_PART", 7)
    plain_first = client.get(f"{PATH}{query}&from=1900", headers=PLAIN)
    for answer in (client.get(f"{PATH}{query}&from=1900"), client.get(f"{PATH}{query}&from=1900", headers=PLAIN)):
        assert answer.content == plain_first.content == built.content
        assert answer.headers["content-disposition"] == built.headers["content-disposition"]
        assert answer.headers["etag"] == plain_first.headers["etag"] != built.headers["etag"]
        assert ("link" in answer.headers) == ("link" in built.headers)


def test_a_known_table_is_not_made_again(client: TestClient, streamed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its tag the answer is 304, and HEAD has its headers, although no row could be made."""
    tag = client.get(f"{PATH}&to=2015").headers["etag"]

    def fail(*_arguments: Any) -> Iterator[bytes]:
        raise AssertionError("a row was made")

    monkeypatch.setattr(serializers, "iterate_csv", fail)
    assert client.get(f"{PATH}&to=2015", headers={"if-none-match": tag}).status_code == 304
    head = client.head(f"{PATH}&to=2016")
    assert (head.status_code, head.content, "content-length" in head.headers) == (200, b"", False)
    assert head.headers["etag"] != tag
    assert client.get(f"{PATH}&to=2016").status_code == 500


def test_parts_leave_before_the_last_is_made() -> None:
    """Plain parts are sent one by one; what is kept unpacks to all of them."""
    made, kept = [], list[bytes]()

    def make() -> Iterator[bytes]:
        for number in range(3):
            made.append(number)
            yield b"%d" % number * 1000

    sent = pack_parts(make(), 10_000, kept.append, sends_packed=False)
    assert next(sent) == b"0" * 1000
    assert (made, kept) == ([0], [])
    assert b"".join(sent) == b"1" * 1000 + b"2" * 1000
    assert gzip.decompress(kept[0]) == b"".join(unpack_parts(kept[0])) == b"0" * 1000 + b"1" * 1000 + b"2" * 1000


@pytest.mark.parametrize("sends_packed", [True, False])
def test_nothing_is_kept_of_a_table_that_is_too_large(*, sends_packed: bool) -> None:
    """An answer of more than its share of the cache is sent whole and not kept."""
    parts, kept = [bytes(range(256)) * 100 + bytes([number]) * 70_000 for number in range(4)], list[bytes]()
    sent = b"".join(pack_parts(iter(parts), 300, kept.append, sends_packed=sends_packed))
    assert (gzip.decompress(sent) if sends_packed else sent) == b"".join(parts)
    assert kept == []
