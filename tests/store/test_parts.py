"""Parts: what an edition repeats is stored once, what it changes as a difference, and both read to the byte."""

import base64
import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.cli.parser import main
from observatory.errors import StoreError
from observatory.store.differences import apply_difference, encode_difference, join_text, pack, split_text, unpack
from observatory.store.records import StoredCall, VintageBatch
from observatory.store.store import Store
from observatory.timeseries import Forecast
from tests.store.test_check import alter

NOW = datetime(2030, 1, 1, tzinfo=UTC)
KEY = ("rockets", "WORLD", "")
LONG = "a long sentence that says why this call stands " * 8


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{tmp_path / 'observatory.db'}", lambda: NOW)
    yield opened
    opened.close()


def study(seed: int, moved: float = 0.0) -> dict[str, Any]:
    """A study of several large pieces; `moved` shifts one number of one of them, and some bytes of another."""
    drawn = np.random.default_rng(seed)
    ranks = drawn.integers(0, 200, 6000, dtype=np.uint8)
    ranks[:5] += np.uint8(moved > 0)
    rates = drawn.normal(0, 1, 3000).tolist()
    rates[300] += moved
    return {
        "since": 1990,
        "rows": {"growth": rates, "low": drawn.normal(0, 1, 3000).tolist(), "words": ["é", "\x01", '"#1', None] * 300},
        "ranks": base64.b64encode(ranks.tobytes()).decode("ascii"),
        "small": {"n": 3, "of": [1, 2.5, -0.0, 1e-300, 10**30]},
    }


def forecast(scale: float) -> Forecast:
    median = scale * np.linspace(1.0, 2.0, 24)
    spread = np.array([0.1, 0.2, 0.3])
    low, high = median[:, None] * (1 - spread), median[:, None] * (1 + spread)
    return Forecast(KEY, "M", "pool", 24000, 90, "naive", median, low, high, 0.1, (1, 2, 3), 4, 5)


def publish(store: Store, number: int, content: dict[str, Any], scale: float = 1.0) -> int:
    """An edition of one figure with a forecast, a call and a study; its number."""
    head = store.find_vintage()
    batch = VintageBatch(NOW - timedelta(days=90 - number), "x", "", "", f"{number}", [(KEY, "2020", number)], {})
    calls = [StoredCall("space", 2, "growing", {"why": LONG, "odds": 0.5 + number / 1000})]
    return store.publish(batch, head.id if head else None, [forecast(scale)], calls, content).id


def count_bytes(store: Store) -> list[int]:
    """What each edition stored of its parts."""
    with sqlite3.connect(store.address) as raw:
        return [size for (size,) in raw.execute("SELECT length(whole) + length(changes) FROM bundles ORDER BY vintage")]


def test_every_edition_reads_as_it_was_published(store: Store) -> None:
    """Twenty editions, more than differences may follow each other, one of them of another shape, also read anew."""
    contents = [study(1, moved=0.01 * number) for number in range(20)]
    contents[18] = study(2) | {"more": [1]}
    numbers = [publish(store, place, row, 1 + place * 1e-5) for place, row in enumerate(contents)]
    again = Store(f"sqlite:///{store.address}", lambda: NOW)
    for opened in (store, again):
        for number, place in zip(numbers, range(20), strict=True):
            vintage = opened.editions().by_number[number]
            assert json.dumps(opened.replay(vintage)) == json.dumps(contents[place])
            (call,) = opened.calls(vintage)
            assert call.details == {"why": LONG, "odds": 0.5 + place / 1000}
            found, expected = opened.forecasts(vintage)[KEY], forecast(1 + place * 1e-5)
            for name in ("median", "low", "high"):
                np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))
    assert again.find_faults() == []
    again.close()


def test_an_edition_stores_what_it_changes(store: Store) -> None:
    """One number of 6,000 and five bytes: a hundredth of the first edition; the same again: a call's word."""
    for place, content in enumerate((study(1), study(1, moved=0.5), study(1, moved=0.5), study(1))):
        publish(store, place, content)
    first, second, third, fourth = count_bytes(store)
    assert first > 50_000
    assert second < first / 100
    assert third < 300
    assert fourth < 300  # what was there before is found by its sha256


def test_the_digest_is_of_the_content(store: Store, tmp_path: Path) -> None:
    """A study that is stored as a difference has the digest of the same study stored as one text of its row."""
    for place in range(3):
        publish(store, place, study(1, moved=0.1 * place), 1 + place * 1e-5)
    expected, texts = store.summarise_digests(), [json.dumps(study(1, moved=0.1 * place)) for place in range(3)]
    updates = [f"UPDATE replays SET details = '{text}' WHERE vintage = {place}" for place, text in enumerate(texts, 1)]
    alter(store, *updates, without="replays_no_update")
    alter(store, "DELETE FROM digests", without="digests_no_delete")
    store.record_digests()
    assert store.summarise_digests() == expected


def test_a_store_of_the_version_before_gets_the_tables(store: Store) -> None:
    """Version 6 had none of the three: it opens, its editions stay as they are, and the next one is in parts."""
    publish(store, 0, {})
    store.close()
    tables = ("forecast_parts", "parts", "bundles")
    alter(store, "DELETE FROM calls", without="calls_no_delete")
    alter(store, "DELETE FROM digests", without="digests_no_delete")
    alter(store, *(f"DROP TABLE {name}" for name in tables), "PRAGMA user_version = 6")
    opened = Store(f"sqlite:///{store.address}", lambda: NOW)
    assert opened.forecasts(opened.vintages()[0])[KEY].median.size == 0
    number = publish(opened, 1, study(1), 2.0)
    assert opened.replay(opened.editions().by_number[number]) == study(1)
    assert opened.find_faults() == []
    opened.close()


@pytest.mark.parametrize("damage", ["absent", "altered", "bundle"])
def test_a_part_that_is_absent_or_damaged_is_named(
    damage: str, store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Reading says so in a sentence with its number, readiness and `store check` too: no traceback."""
    publish(store, 0, study(1))
    publish(store, 1, study(1, moved=0.5))
    statements = {
        "absent": ("parts_no_delete", "DELETE FROM parts WHERE id = 1"),
        "altered": ("bundles_no_update", "UPDATE bundles SET whole = zeroblob(length(whole)) WHERE vintage = 1"),
        "bundle": ("bundles_no_delete", "DELETE FROM bundles WHERE vintage = 1"),
    }
    trigger, statement = statements[damage]
    store.close()
    alter(store, statement, without=trigger)
    opened = Store(f"sqlite:///{store.address}", lambda: NOW)
    with pytest.raises(StoreError, match=r"error\.store\.part") as caught:
        opened.replay(opened.vintages()[0])
    first = caught.value.values["part"]
    assert first == {"absent": 1}.get(damage, first)
    faults = {row.key: row.value for row in reversed(opened.find_faults())}
    assert faults["digest"] == "1"
    with pytest.raises(StoreError, match=r"error\.store\.damaged"):
        opened.require_sound()
    opened.close()
    monkeypatch.setenv("OBSERVATORY_STORE", f"sqlite:///{store.address}")
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    assert main(("store", "check"), lambda: NOW) == 1
    assert f"Part {faults['part']} of what editions refer to is absent or damaged" in capsys.readouterr().out


NUMBERS = st.lists(st.one_of(st.integers(-(10**17), 10**17), st.floats()), min_size=1, max_size=12)


@given(NUMBERS, st.data())
def test_a_difference_gives_back_the_text(numbers: list[float], data: st.DataObject) -> None:
    """Any numbers in the places of others of their kind, also infinite, negative zero and far away: the same text."""
    other = [data.draw(st.integers(-(10**17), 10**17) if isinstance(row, int) else st.floats()) for row in numbers]
    content = [base64.b64encode(bytes([len(rows)] * 300)).decode("ascii") for rows in (numbers, other)]
    old, new = json.dumps([*numbers, content[0], "é 1"]), json.dumps([*other, content[1], "é 1"])
    before, after = split_text(old), split_text(new)
    assert (join_text(before), join_text(after)) == (old, new)
    difference = encode_difference(after, before)
    if difference is None:
        assert after.frame != before.frame  # a number that is not written as it is read
    else:
        assert join_text(apply_difference(before, unpack(pack(difference)))) == new


def test_scaled_numbers_differ_by_little() -> None:
    """Forecasts of which each step moved by a factor of its own take a quarter of what their numbers take."""
    one, other = forecast(1.0), forecast(1.0)
    factors = np.random.default_rng(4).normal(1, 1e-5, 24)[:, None]
    rows = np.column_stack([one.median, one.low, one.high])
    texts = [json.dumps(values.tolist()) for values in (rows, rows * factors, other.low)]
    difference = encode_difference(split_text(texts[1]), split_text(texts[0]))
    assert difference is not None
    assert len(pack(difference)) * 4 < len(pack(texts[1].encode()))
    assert encode_difference(split_text(texts[2]), split_text(texts[0])) is None
