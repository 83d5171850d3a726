"""Middleware: a request rate bounded for each client, metrics without a client's words, a bounded response cache."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import generate_latest
from starlette.testclient import TestClient

from observatory.api.http.metrics import Metrics
from observatory.api.http.rate_limit import RateLimiter, read_client_address
from observatory.api.http.response_cache import ENTRY_OVERHEAD, ResponseCache, compress
from observatory.settings import read_trusted_proxies
from observatory.workspace import Workspace
from tests.support.clients import application


class Clock:
    """A timer that a test sets."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        """The seconds that have passed."""
        return self.seconds


def test_a_burst_is_granted_then_the_rate() -> None:
    """So many at once, then the rate; who waits as told is let in; other addresses are not concerned."""
    clock = Clock()
    limiter = RateLimiter(rate=2, burst=5, timer=clock)
    assert [limiter.acquire("a") for _ in range(5)] == [0] * 5
    assert limiter.acquire("a") == 1
    assert limiter.acquire("b") == 0
    clock.seconds += limiter.acquire("a")
    assert [limiter.acquire("a") for _ in range(3)] == [0, 0, 1]


@pytest.mark.slow
@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 3)), max_size=200))
def test_nobody_passes_more_than_burst_and_rate(steps: list[tuple[str, float]]) -> None:
    """Whatever the pattern, an address is granted at most the burst and the rate times the time that passed."""
    clock = Clock()
    limiter = RateLimiter(rate=3, burst=4, timer=clock)
    granted = dict.fromkeys("abc", 0)
    for name, pause in steps:
        clock.seconds += pause
        granted[name] += limiter.acquire(name) == 0
    assert max(granted.values()) <= 4 + 3 * clock.seconds + 1e-6


def test_addresses_are_bounded() -> None:
    """A million addresses take the room of a hundred; the one that asks all the time is not forgotten."""
    limiter = RateLimiter(rate=0.001, burst=50, max_clients=100, timer=Clock())
    for number in range(5000):
        limiter.acquire(f"n{number}")
        if number % 50 == 0:
            limiter.acquire("busy")
    assert limiter.client_count == 100
    assert limiter.acquire("busy") > 0


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
    assert read_client_address(peer, forwarded, read_trusted_proxies({"OBSERVATORY_PROXIES": trusted})) == counted


def test_too_many_requests(workspace: Workspace) -> None:
    """Beyond the burst: 429 with when to come back, in the reader's language; health and metrics go on."""
    limited = TestClient(application(workspace, RateLimiter(rate=0.1, burst=3, timer=Clock())))
    answers = [limited.get("/api/v1/vintages?lang=en") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].headers["retry-after"] == "10"
    assert answers[-1].json()["detail"].startswith("Too many requests")
    assert limited.get("/feed.atom").status_code == 429
    assert limited.get("/download/series.csv?indicator=atr_backlog").status_code == 429
    assert limited.get("/healthz").status_code == 200
    assert '{method="GET",route="/api/v1/vintages",status="429"} 1.0' in limited.get("/metrics").text


@pytest.mark.slow
def test_a_file_costs_more_than_a_table(workspace: Workspace) -> None:
    """What takes a good part of a second to make takes ten times as much of the rate."""
    limited = TestClient(application(workspace, RateLimiter(rate=0.1, burst=21, timer=Clock())))
    asked = ("/download/series.csv?indicator=atr_backlog", "/api/v1/datapackage.json", "/api/v1/vintages", "/feed.atom")
    assert [limited.get(path).status_code for path in asked] == [200, 200, 200, 429]


def test_a_narrowed_feed_costs_more_than_the_feed(workspace: Workspace) -> None:
    """Each threshold is another answer, made from the history of its series; that of everything is made once."""
    limited = TestClient(application(workspace, RateLimiter(rate=0.1, burst=13, timer=Clock())))
    asked = ("/feed.atom?lang=en", "/feed.atom?thre%73hold=brent_price>90", "/feed.atom", "/feed.atom", "/feed.atom")
    assert [limited.get(path).status_code for path in asked] == [200, 200, 200, 200, 429]


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
        assert re.match(r"# (HELP|TYPE) (observatory|process)_", line) or sample.fullmatch(line), line
    assert text.endswith("\n")
    requests = [line for line in text.splitlines() if line.startswith("observatory_request")]
    for word in ("secret", "SECRET", "testclient", "space"):
        assert not any(word in line for line in requests)
    for line in (
        'observatory_requests_total{method="GET",route="/api/v1/calls.json",status="200"} 1.0',
        'observatory_requests_total{method="GET",route="/api/v1/calls.json",status="400"} 1.0',
        'observatory_requests_total{method="GET",route="/api/*",status="404"} 1.0',
        'observatory_requests_total{method="GET",route="other",status="404"} 1.0',
        'observatory_requests_total{method="GET",route="/segment",status="404"} 1.0',
        'observatory_request_seconds_bucket{le="+Inf",route="/api/v1/calls.json"} 2.0',
        'observatory_request_seconds_count{route="/api/v1/calls.json"} 2.0',
        "observatory_publications_total 2.0",
        "observatory_vintage_number 2.0",
    ):
        assert line in text.splitlines()
    assert re.search(r"^observatory_vintage_age_seconds [0-9.e+]+$", text, re.MULTILINE)


def test_buckets_are_cumulative() -> None:
    """A time counts in its bucket and in all wider ones; the bounds are those that dashboards know."""
    metrics = Metrics()
    for seconds in (0.001, 0.03, 0.03, 99):
        metrics.observe_request("/x", "GET", 200, seconds)
    lines = [line for line in generate_latest(metrics.registry).decode().splitlines() if "_bucket{" in line]
    bounds = [re.search(r'le="([^"]*)"', line)[1] for line in lines]  # type: ignore[index]
    assert " ".join(bounds) == "0.002 0.005 0.01 0.025 0.05 0.1 0.25 0.5 1.0 2.5 5.0 10.0 +Inf"
    counts = [float(line.split()[1]) for line in lines]
    assert counts == sorted(counts)
    assert counts[0] == 1
    assert counts[-2:] == [3, 4]


def test_each_server_has_metrics_of_its_own() -> None:
    """What one server counts is not seen in the metrics of another in the same process."""
    first, second = Metrics(), Metrics()
    first.observe_request("/x", "GET", 200, 0.1)
    assert 'route="/x"' in generate_latest(first.registry).decode()
    assert 'route="/x"' not in generate_latest(second.registry).decode()


def test_the_response_cache_is_bounded() -> None:
    """The least recently used go first; what is too large is built each time; what is cached is not built again.

    An entry counts with its overhead: ten thousand of one byte each would fill the memory unnoticed.
    """
    cache, built = ResponseCache(max_bytes=4000 + 4 * ENTRY_OVERHEAD), []

    def answer(name: str, size: int) -> bytes:
        def build():  # type: ignore[no-untyped-def]
            built.append(name)
            return compress(name[0].encode() * size, "text/plain")

        return cache.get(name, build).content()

    for number in range(20):
        answer("often", 900)
        answer(f"n{number}", 900)
    assert built.count("often") == 1
    assert sum(cache.sizes) <= cache.max_bytes
    assert min(cache.sizes) > ENTRY_OVERHEAD
    for number in range(100):
        answer(f"tiny{number}", 1)
    assert 4 <= len(cache.sizes) <= 8
    assert answer("a", 900) == b"a" * 900
    built.clear()
    small = ResponseCache(max_bytes=100)
    for _ in range(2):
        small.get("x", lambda: built.append("x") or compress(b"y" * 900, "text/plain"))  # type: ignore[func-returns-value]
    assert built == ["x", "x"]


def test_an_answer_is_built_once_for_all_who_ask_at_once() -> None:
    """Eight threads that ask for the same answer while it is built get it, and it is built a single time."""
    cache, built = ResponseCache(), []

    def build():  # type: ignore[no-untyped-def]
        built.append(1)
        time.sleep(0.05)
        return compress(b"x", "text/plain")

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _number: cache.get("key", build).content(), range(8)))
    assert answers == [b"x"] * 8
    assert built == [1]
