"""Past months that many ask for at once: the server stays alive, others come back later, what is kept is quick."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import httpx2
import pytest

from observatory.errors import BusyError
from observatory.outlook.outlook import Outlook
from observatory.pages import brief_cache
from observatory.selection import Selection
from observatory.workspace import Workspace
from observatory.workspace.reconstruction import MAX_CACHED_MONTHS, MAX_WAITING, RETRY_SECONDS, ReconstructionCache
from tests.support.clients import application, served

SECONDS = 1.5  # that a month takes here


class SlowMonths:
    """Reconstructs a month in a while, and remembers how many were reconstructed, and at the same time."""

    def __init__(self, outlook: Outlook) -> None:
        self.outlook, self.months = outlook, list[int]()
        self.now = self.most = 0
        self._lock = threading.Lock()

    def __call__(self, month: int, _edition: int) -> Outlook:  # noqa: D102
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
            self.months.append(month)
        time.sleep(SECONDS)
        with self._lock:
            self.now -= 1
        return replace(self.outlook, edition=-month)


@pytest.fixture
def slow(small: Workspace) -> SlowMonths:
    made = SlowMonths(small.get_outlook())
    small._reconstructions = ReconstructionCache(made)
    return made


@pytest.fixture
def address(small: Workspace, slow: SlowMonths) -> Iterator[str]:
    with served(application(small)) as found:
        yield found


def links(year: int) -> list[str]:
    """Three links of a past year that ask for three months: a series, a file and a table."""
    series = "/download/series.csv?indicator=airbus_deliveries"
    return [f"{series}&asof={year}-03", f"/download/overview.csv?asof={year}-06", f"/api/v1/calls.json?asof={year}-09"]


def test_many_past_months_leave_the_server_alive(address: str, slow: SlowMonths) -> None:
    """Of sixty requests a few wait their turn and the others are told to come back; the health check is quick."""
    done = threading.Event()
    longest = [0.0]

    def watch() -> None:
        while not done.is_set():
            start = time.monotonic()
            assert client.get("/healthz").text == "ok"
            longest[0] = max(longest[0], time.monotonic() - start)
            time.sleep(0.05)

    with httpx2.Client(base_url=address, timeout=60, limits=httpx2.Limits(max_connections=100)) as client:
        watcher = threading.Thread(target=watch)
        watcher.start()
        with ThreadPoolExecutor(60) as pool:
            asked = [f"{link}&lang=fr" for year in range(1991, 2011) for link in links(year)]
            answers = list(pool.map(client.get, asked))
        done.set()
        watcher.join(30)
    assert longest[0] < 1
    counts = Counter(row.status_code for row in answers)
    assert set(counts) == {200, 503}
    assert counts[200] <= 2 * (MAX_WAITING + 1)
    assert slow.most == 1
    for row in answers:
        if row.status_code == 503:
            assert (row.json()["error"], row.headers["retry-after"]) == ("error.month.busy", str(RETRY_SECONDS))
            assert str(RETRY_SECONDS) in row.json()["detail"]
            assert "Revenez" in row.json()["detail"]


def test_what_is_kept_and_other_files_do_not_wait(address: str, slow: SlowMonths) -> None:
    """While months are computed, a month that is kept, a file of today and the newest calls are answered at once."""
    with httpx2.Client(base_url=address, timeout=60) as client:
        for link in ("/download/overview.csv?asof=2001-02", "/download/overview.csv"):
            assert client.get(link).status_code == 200
        others = [threading.Thread(target=client.get, args=(link,)) for link in links(1999)]
        for thread in others:
            thread.start()
        while not slow.now:
            time.sleep(0.01)
        start = time.monotonic()
        for link in ("/download/overview.csv?asof=2001-02", "/download/overview.csv", "/api/v1/calls.json"):
            assert client.get(link).status_code == 200
        assert time.monotonic() - start < SECONDS * 0.8
        for thread in others:
            thread.join(60)


def test_few_months_are_held(slow: SlowMonths) -> None:
    """The newest few are kept; one that was pushed out is computed again."""
    cache = ReconstructionCache(lambda month, _edition: replace(slow.outlook, edition=-month))
    for month in range(10):
        cache.get(month)
    assert len(cache._months) == MAX_CACHED_MONTHS


def test_a_month_that_fails_frees_its_place(slow: SlowMonths) -> None:
    """A fault in one month is that request's alone: the queue does not fill with it."""

    def fail(_month: int, _edition: int) -> Outlook:
        raise RuntimeError("month")

    cache = ReconstructionCache(fail)
    for _ in range(MAX_WAITING + 5):
        with pytest.raises(RuntimeError, match="month"):
            cache.get(1)
    cache = ReconstructionCache(slow)
    with ThreadPoolExecutor(8) as pool:
        futures = [pool.submit(cache.get, month) for month in range(8)]
        refused = [row for row in futures if isinstance(row.exception(), BusyError)]
    assert len(refused) == 8 - 1 - MAX_WAITING


def test_a_kept_page_never_waits(small: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that is kept is given while any other page is being built, whatever their locks."""
    monkeypatch.setattr("observatory.workspace.get_workspace", lambda: small)
    brief_cache.clear()
    outlook = small.get_outlook()
    kept = brief_cache.get_brief("overview", outlook, Selection())
    for lock in brief_cache._build_locks:
        lock.acquire()
    try:
        with ThreadPoolExecutor(1) as pool:
            future = pool.submit(brief_cache.get_brief, "overview", outlook, Selection())
            assert future.result(10) is kept
    finally:
        for lock in brief_cache._build_locks:
            lock.release()
        brief_cache.clear()


def test_a_month_without_an_indicator_says_so(address: str, slow: SlowMonths) -> None:
    """A past month that had not heard of an indicator has no such series, which is no fault of the server."""
    catalogue = replace(slow.outlook.catalogue, indicators={})
    slow.outlook = replace(slow.outlook, catalogue=catalogue, panel={})
    answer = httpx2.get(f"{address}/download/series.csv?indicator=airbus_deliveries&asof=1991-03", timeout=60)
    assert (answer.status_code, answer.json()["error"]) == (404, "no_such_series")
