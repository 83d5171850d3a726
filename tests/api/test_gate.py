"""The gate: a rate that is bounded for each address and forgets, and counts that hold no reader's words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from observatory.api.metrics import Counts
from observatory.api.rate_limit import Limits, client
from observatory.api.response_cache import BESIDE, Kept, packed
from observatory.settings import read_trusted_proxies
from observatory.workspace import Workspace
from tests.api.conftest import application


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        """The seconds told so far."""
        return self.seconds


def test_a_burst_is_granted_then_the_rate() -> None:
    """So many at once, then the rate; who waits as told is let in; other addresses are not concerned."""
    clock = Clock()
    limits = Limits(rate=2, burst=5, now=clock)
    assert [limits.wait("a") for _ in range(5)] == [0] * 5
    assert limits.wait("a") == 1
    assert limits.wait("b") == 0
    clock.seconds += limits.wait("a")
    assert [limits.wait("a") for _ in range(3)] == [0, 0, 1]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 3)), max_size=200))
def test_nobody_passes_more_than_burst_and_rate(steps: list[tuple[str, float]]) -> None:
    """Whatever the pattern, an address is granted at most the burst and the rate times the time that passed."""
    clock = Clock()
    limits = Limits(rate=3, burst=4, now=clock)
    granted = dict.fromkeys("abc", 0)
    for name, pause in steps:
        clock.seconds += pause
        granted[name] += limits.wait(name) == 0
    assert max(granted.values()) <= 4 + 3 * clock.seconds + 1e-6


def test_addresses_are_bounded() -> None:
    """A million addresses take the room of a hundred; the one that asks all the time is not forgotten."""
    limits = Limits(rate=0.001, burst=50, addresses=100, now=Clock())
    for number in range(5000):
        limits.wait(f"n{number}")
        if number % 50 == 0:
            limits.wait("busy")
    assert len(limits._buckets) == 100
    assert limits.wait("busy") > 0


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "counted"),
    [
        ("192.0.2.7", [], "", "192.0.2.7"),
        ("192.0.2.7", ["203.0.113.9"], "", "192.0.2.7"),
        ("10.0.0.1", ["203.0.113.9"], "10.0.0.1", "203.0.113.9"),
        ("10.0.0.1", ["8.8.8.8, 203.0.113.9"], "10.0.0.1", "203.0.113.9"),
        ("10.0.0.1", ["8.8.8.8, 203.0.113.9, 10.0.0.2"], "10.0.0.1, 10.0.0.2", "203.0.113.9"),
        ("10.0.0.1", ["evil"], "10.0.0.1", "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", [], "", "2001:db8:1:2::"),
        ("", [], "", "unknown"),
    ],
)
def test_whom_a_request_is_counted_for(peer: str, forwarded: list[str], trusted: str, counted: str) -> None:
    """A header is believed from a trusted proxy alone, and only as far as trusted proxies wrote it."""
    assert client(peer, forwarded, read_trusted_proxies({"OBSERVATORY_PROXIES": trusted})) == counted


def test_too_many_requests(workspace: Workspace) -> None:
    """Beyond the burst: 429 with when to come back, in the reader's language; health and metrics go on."""
    limited = TestClient(application(workspace, Limits(rate=0.1, burst=3, now=Clock())))
    answers = [limited.get("/api/v1/vintages?lang=en") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].headers["retry-after"] == "10"
    assert answers[-1].json()["detail"].startswith("Too many requests")
    assert limited.get("/feed.atom").status_code == 429
    assert limited.get("/download/series.csv?indicator=atr_backlog").status_code == 429
    assert limited.get("/healthz").status_code == 200
    assert 'route="/api/v1/vintages",method="GET",status="429"} 1' in limited.get("/metrics").text


def test_a_file_costs_more_than_a_table(workspace: Workspace) -> None:
    """What takes a good part of a second to make takes ten times as much of the rate."""
    limited = TestClient(application(workspace, Limits(rate=0.1, burst=21, now=Clock())))
    asked = ("/download/series.csv?indicator=atr_backlog", "/api/v1/datapackage.json", "/api/v1/vintages", "/feed.atom")
    assert [limited.get(path).status_code for path in asked] == [200, 200, 200, 429]


def test_metrics_are_what_prometheus_reads(workspace: Workspace) -> None:
    """Each line is a comment or a sample; there is no query, no unknown path and no address of a reader in it."""
    app = TestClient(application(workspace))
    for path in (
        "/api/v1/calls.json?segment=space",
        "/api/secret-path",
        "/api/v1/calls.json?x=secret",
        "/segment",
        "/secret",
    ):
        app.get(path)
    app.request("SECRET", "/api/v1/vintages")
    text = app.get("/metrics").text
    sample = re.compile(r'[a-z_]+(\{[a-z]+="[^"\\]*"(,[a-z]+="[^"\\]*")*\})? [0-9.e+-]+')
    for line in text.splitlines():
        assert re.match(r"# (HELP|TYPE) observatory_", line) or sample.fullmatch(line), line
    assert text.endswith("\n")
    for word in ("secret", "SECRET", "testclient", "space"):
        assert word not in text
    for line in (
        'observatory_requests_total{route="/api/v1/calls.json",method="GET",status="200"} 1',
        'observatory_requests_total{route="/api/v1/calls.json",method="GET",status="400"} 1',
        'observatory_requests_total{route="/api/*",method="GET",status="404"} 1',
        'observatory_requests_total{route="other",method="GET",status="404"} 1',
        'observatory_requests_total{route="/segment",method="GET",status="404"} 1',
        'observatory_request_seconds_bucket{route="/api/v1/calls.json",le="+Inf"} 2',
        'observatory_request_seconds_count{route="/api/v1/calls.json"} 2',
        "observatory_publications_total 1",
        "observatory_vintage_number 1",
    ):
        assert line in text.splitlines()
    assert re.search(r"^observatory_vintage_age_seconds \d+$", text, re.MULTILINE)


def test_buckets_are_cumulative() -> None:
    """A time counts in its bucket and in all wider ones."""
    counts = Counts()
    for seconds in (0.001, 0.03, 0.03, 99):
        counts.add("/x", "GET", 200, seconds)
    found = [float(line.split()[1]) for line in counts.lines() if "_bucket" in line]
    assert found == sorted(found)
    assert found[0] == 1
    assert found[-2:] == [3, 4]


def test_memory_of_answers_is_bounded() -> None:
    """The longest unread go first; what is too large is made each time; what is there is not made again.

    An answer counts with what keeping it takes: ten thousand of one byte each would fill the memory unseen.
    """
    kept, made = Kept(room=4000 + 4 * BESIDE), []

    def answer(name: str, size: int) -> bytes:
        def make():  # type: ignore[no-untyped-def]
            made.append(name)
            return packed(name[0].encode() * size, "text/plain")

        return kept.get(name, make).body()

    for number in range(20):
        answer("often", 900)
        answer(f"n{number}", 900)
    assert made.count("often") == 1
    assert sum(len(row.content) + BESIDE for row in kept._answers.values()) == kept._used <= kept.room
    for number in range(100):
        answer(f"tiny{number}", 1)
    assert 4 <= len(kept._answers) <= 8
    assert answer("a", 900) == b"a" * 900
    made.clear()
    small = Kept(room=100)
    for _ in range(2):
        small.get("x", lambda: made.append("x") or packed(b"y" * 900, "text/plain"))  # type: ignore[func-returns-value]
    assert made == ["x", "x"]
