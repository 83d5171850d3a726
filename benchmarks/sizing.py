"""Sizing: what readers cost a server, and how many it can serve, by a queueing simulation from measured costs.

    PYTHONPATH=. python benchmarks/sizing.py              measures (a minute), then simulates
    PYTHONPATH=. python benchmarks/sizing.py --as-measured    simulates from the costs below

A process answers with one core at a time (one Python, one lock), so it is a queue whose jobs share one core equally.
Readers keep their server, read for a while, act, and wait for the answer before they read on.
"""

import argparse
import heapq
import random
import shutil
import tempfile
import time
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import psutil
from playwright.sync_api import sync_playwright

from benchmarks.serving import Server, serve_observatory
from tests.journeys.wire import Wire

# CPU ms of the server for one, measured by this script; docs/benchmarks.md says when and on what.
COSTS = {"page": 49.0, "click": 34.3, "new": 45.7, "files": 353.5, "pdf": 1_550.0}
# Of ten actions of a reader: a click on what was computed before, a choice that nobody made before, another page.
MIX = {"click": 0.55, "new": 0.05, "page": 0.40}
READING_SECONDS = 20.0  # between two actions, on average
ACTIONS = 6  # of a visit, beside its first page
FIRST_VISITS = 0.5  # of visits: browsers that have nothing cached
PEAK_SHARE = 0.15  # of a day's visits in its busiest hour
LIMIT_SECONDS = 2.0  # p95 of an answer beyond which readers wait
PAGES = (
    ("lang=fr", ""),
    ("lang=en&segment=space", "segment"),
    ("lang=fr&segment=air_transport", "segment"),
    ("lang=fr", "countries"),
    ("lang=en&horizon=5", ""),
    ("lang=fr", "purchasing"),
)
MARKETS = ("space", "air_transport", "commercial_aircraft", "helicopters", "electronics", "drones", "business_aviation")


@dataclass(frozen=True)
class Load:
    """Readers who are there all the time, visits that come by chance (for how long), and how long that is simulated."""

    readers: int = 0
    visits_per_second: float = 0.0
    seconds: float = 600.0
    arriving: float = float("inf")

    @property
    def warm_up(self) -> float:
        """The seconds that do not count: the queue is empty at first, which only those who arrive at once would see."""
        return 0.0 if self.arriving < self.seconds else self.seconds / 10


@dataclass(frozen=True)
class Outcome:
    """Seconds until an answer, and the share of time in which the processes compute."""

    median: float
    p95: float
    p99: float
    busy: float


class _Process:
    """One process: jobs share a core. `virtual` is the work that each job present has received since the start."""

    def __init__(self) -> None:
        self.jobs: list[tuple[float, int, float]] = []  # virtual end, number, arrival
        self.virtual, self.at, self.busy = 0.0, 0.0, 0.0

    def advance(self, now: float) -> None:
        if self.jobs:
            self.virtual += (now - self.at) / len(self.jobs)
            self.busy += now - self.at
        self.at = now

    def next_end(self) -> float:
        return self.at + (self.jobs[0][0] - self.virtual) * len(self.jobs) if self.jobs else float("inf")


def simulate(load: Load, processes: int, demand: Callable[[random.Random, str], float], seed: int = 1) -> Outcome:
    """The waiting of readers. `demand` draws the CPU seconds of an action: `first` page of a visit, or `action`."""
    rng = random.Random(seed)
    pool = [_Process() for _ in range(processes)]
    events: list[tuple[float, int, int, int]] = []  # moment, number, process, actions that are left (-1: for ever)
    number = 0

    def plan(moment: float, process: int, left: int) -> None:
        nonlocal number
        number += 1
        heapq.heappush(events, (moment, number, process, left))

    for reader in range(load.readers):
        plan(rng.expovariate(1 / READING_SECONDS), reader % processes, -1)
    moment = 0.0
    arriving = min(load.arriving, load.seconds)
    while load.visits_per_second and (moment := moment + rng.expovariate(load.visits_per_second)) < arriving:
        plan(moment, rng.randrange(processes), ACTIONS + 1)
    left_of: dict[int, int] = {}
    waits: list[float] = []
    while True:
        end, index = min((one.next_end(), place) for place, one in enumerate(pool))
        now = min(end, events[0][0] if events else float("inf"))
        if now > load.seconds:
            break
        one = pool[index]
        if end <= now:
            one.advance(now)
            _end, job, arrival = heapq.heappop(one.jobs)
            if arrival > load.warm_up:
                waits.append(now - arrival)
            if left := left_of.pop(job):
                plan(now + rng.expovariate(1 / READING_SECONDS), index, left)
            continue
        _moment, job, index, left = heapq.heappop(events)
        one = pool[index]
        one.advance(now)
        kind = "first" if left == ACTIONS + 1 else "action"
        heapq.heappush(one.jobs, (one.virtual + demand(rng, kind), job, now))
        left_of[job] = left if left < 0 else left - 1
    for one in pool:
        one.advance(load.seconds)
    return _summarise(waits, sum(one.busy for one in pool) / load.seconds / processes)


def _summarise(waits: list[float], busy: float) -> Outcome:
    waits.sort()
    at = [waits[min(len(waits) - 1, int(len(waits) * part))] if waits else 0.0 for part in (0.5, 0.95, 0.99)]
    return Outcome(at[0], at[1], at[2], busy)


def draw_demand(costs: dict[str, float]) -> Callable[[random.Random, str], float]:
    """The CPU seconds of an action, spread around its mean as an exponential: some views cost five times others.

    The files of a browser that has none yet cost the same each time.
    """

    def draw(rng: random.Random, kind: str) -> float:
        if kind == "first":
            files = costs["files"] if rng.random() < FIRST_VISITS else 0.0
            return files / 1_000 + rng.expovariate(1_000 / costs["page"])
        return rng.expovariate(1_000 / costs[rng.choices(list(MIX), list(MIX.values()))[0]])

    return draw


def find_wall(processes: int, costs: dict[str, float]) -> int:
    """The most readers at once for whom 95 of 100 answers take less than the limit."""
    low, high = 0, 6_400
    while high - low > 20:
        middle = (low + high) // 2
        outcome = simulate(Load(readers=middle, seconds=300), processes, draw_demand(costs))
        low, high = (middle, high) if outcome.p95 < LIMIT_SECONDS else (low, middle)
    return low


def measure(store: Path | None) -> tuple[dict[str, float], dict[str, float]]:
    """The costs of a real server, in CPU ms, and its memory in MB: after its start, and with 200 tabs."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if store:
            shutil.copy(store, folder / "observatory.db")
        with serve_observatory(folder) as server:
            return _measure_server(server)


def _measure_server(server: Server) -> tuple[dict[str, float], dict[str, float]]:
    memory = {"after its start": _read_memory(server)}
    for query, page in PAGES:
        _load(server, query, page)
    costs = {"page": _cost(server, 40, lambda n: _load(server, *PAGES[n % len(PAGES)]))}
    with Wire(server.url) as reader:
        costs["click"] = _cost(
            server, 40, lambda n: reader.run(PAGES[n % len(PAGES)][0], page=PAGES[n % len(PAGES)][1])
        )
        costs["new"] = _cost(
            server, len(MARKETS), lambda n: reader.run(f"lang=en&segment={MARKETS[n]}&horizon=3", page="segment")
        )
    costs["files"] = max(0.0, _cost(server, 4, lambda n: _visit_first(server, *PAGES[n])) - costs["page"])
    costs["pdf"] = _cost(server, 4, lambda n: _get(server, f"/download/segment.pdf?segment={MARKETS[n]}&lang=fr"))
    with ExitStack() as stack:
        for number in range(200):
            query, page = PAGES[number % len(PAGES)]
            stack.enter_context(Wire(server.url)).run(query, page=page)
        memory["with 200 tabs, after all of that"] = _read_memory(server)
    return costs, memory


def _cost(server: Server, count: int, ask: Callable[[int], object]) -> float:
    """CPU ms of the server for one of some requests."""
    before = server.cpu()
    for number in range(count):
        ask(number)
    time.sleep(0.3)  # what a request leaves to be done is its own
    return (server.cpu() - before) * 1_000 / count


def _load(server: Server, query: str, page: str) -> None:
    """A page as a browser opens it, without its files: the document, and all that comes over the line."""
    _get(server, f"/{page}?{query}")
    with Wire(server.url) as reader:
        reader.run(query, page=page)


def _visit_first(server: Server, query: str, page: str) -> None:
    """A page in a browser that has nothing of it yet: all scripts, fonts and styles."""
    with sync_playwright() as playwright:
        program = next((path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), None)
        browser = playwright.chromium.launch(executable_path=program, args=["--headless", "--no-sandbox"])
        opened = browser.new_page()
        opened.goto(f"{server.url}/{page}?{query}")
        opened.locator("h1.o-lead").first.wait_for(timeout=120_000)
        opened.wait_for_load_state("networkidle", timeout=120_000)
        browser.close()


def _get(server: Server, path: str) -> bytes:
    request = urllib.request.Request(f"{server.url}{path}", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=120) as answer:
        content: bytes = answer.read()
    return content


def _read_memory(server: Server) -> float:
    return psutil.Process(server.process.pid).memory_info().rss / 2**20


def report(costs: dict[str, float]) -> None:
    """The tables of docs/operations.md."""
    print("\n| load | processes | busy | answer, median s | 95 of 100 within s | 99 within s |")
    print("|---|---:|---:|---:|---:|---:|")
    hour = Load(visits_per_second=50_000 * PEAK_SHARE / 3_600, seconds=3_600)
    minute = Load(visits_per_second=500 / 60, arriving=60, seconds=300)
    light = costs | {"files": 0.0}
    for title, load, paid in (
        ("500 readers at once", Load(readers=500), costs),
        ("50,000 visits a day, busiest hour", hour, costs),
        ("the same, files from the proxy", hour, light),
        ("500 arrive within a minute", minute, costs),
        ("the same, files from the proxy", minute, light),
    ):
        for processes in (1, 2, 4):
            one = simulate(load, processes, draw_demand(paid))
            row = f"{one.busy:.0%} | {one.median:.2f} | {one.p95:.2f} | {one.p99:.2f} |"
            print(f"| {title} | {processes} | {row}")
    print(
        f"\nA first visit: {costs['page'] + costs['files']:.0f} ms of CPU with its files, {costs['page']:.0f} without."
    )
    for processes in (1, 2, 4):
        print(f"The wall of {processes}: {find_wall(processes, costs)} readers at once (p95 {LIMIT_SECONDS:g} s).")


def main() -> None:
    """Measures unless told not to, and simulates."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--as-measured", action="store_true", help="simulate from the costs in this file")
    parser.add_argument("--store", type=Path, help="a store to copy (default: a new one)")
    args = parser.parse_args()
    costs = COSTS
    if not args.as_measured:
        costs, memory = measure(args.store)
        print("CPU ms of the server: " + ", ".join(f"{name} {value:.1f}" for name, value in costs.items()))
        print("memory, MB: " + ", ".join(f"{name} {value:.0f}" for name, value in memory.items()))
    report(costs)


if __name__ == "__main__":
    main()
