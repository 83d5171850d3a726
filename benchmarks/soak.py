"""Soak test: two servers on one store under mixed load, an analyst who publishes every minute, a refresh in the middle.

    python benchmarks/soak.py [--minutes 30] [--store ADDRESS] [--readers 8]

Publishes editions in the store, so give it one of its own; without an address it makes one in a temporary folder, which
takes some two minutes. Servers, load and the stand-in of all publishers are on 127.0.0.1. The end of the run is bounded
by --minutes and two more for the refresh. Exits with 1 if anything failed, an edition is lost, or memory grows.
"""

import argparse
import asyncio
import contextlib
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

import numpy as np
import psutil
from serving import ROOT, Server, serve
from soak_analyst import Analyst, read_newest
from soak_session import Session

from observatory.settings import load_settings
from observatory.workspace import Workspace

PAGES = (
    ("", ""),
    ("segment", "segment=space"),
    ("segment", "segment=air_transport&horizon=5"),
    ("compare", ""),
    ("countries", ""),
    ("purchasing", ""),
    ("radar", ""),
    ("whats-new", ""),
    ("data", ""),
)
REQUESTS = (
    "/api/v1/calls.json",
    "/api/v1/indicators",
    "/api/v1/vintages",
    "/api/v1/observations.csv?indicator=brent_price",
    "/feed.atom",
    "/readyz",
)
FILES = (
    "/download/series.csv?indicator=airbus_deliveries",
    "/download/overview.csv",
    "/download/segment.xlsx?segment=space",
)
THINKING_SECONDS = (1.0, 4.0)
PUBLICATION_SECONDS = 60.0
MEMORY_SECONDS = 5.0  # between two samples
MAX_SLOPE = 2.0  # MB a minute over the second half
MIN_JUDGED_MINUTES = 10.0  # of a run; in a shorter one caches are still being filled
START_MINUTES = 1.5  # that two servers may take to start on a busy machine
REFRESH_PATIENCE_SECONDS = 120.0  # after the load has ended
TIMEOUT_SECONDS = 60.0


@dataclass
class Tally:
    """What happened: seconds by kind of request, and failures by their words."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    failures: Counter[str] = field(default_factory=Counter)

    @contextlib.contextmanager
    def timing(self, kind: str) -> Iterator[None]:
        """Notes the time that something takes, or that it fails."""
        start = time.perf_counter()
        try:
            yield
        except Exception as error:
            self.failures[f"{kind}: {type(error).__name__} {error}"[:160]] += 1
        else:
            self.seconds.setdefault(kind, []).append(time.perf_counter() - start)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the soak and prints its table; 0 if nothing failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30.0, help="how long the load lasts (3 to 120)")
    parser.add_argument("--store", default="", help="address of a store for this alone (default: a new SQLite file)")
    parser.add_argument("--readers", type=int, default=8, help="readers of pages at once; half as many programs")
    arguments = parser.parse_args(argv)
    if not 3 <= arguments.minutes <= 120 or not 1 <= arguments.readers <= 200:
        parser.error("--minutes is 3 to 120, --readers 1 to 200")
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        os.environ["OBSERVATORY_STORE"] = arguments.store or f"sqlite:///{folder}/observatory.db"
        subprocess.run([sys.executable, "-m", "observatory", "publish", "--curated"], cwd=ROOT, check=True)
        return _soak(arguments)


def _soak(arguments: argparse.Namespace) -> int:
    workspace = Workspace(load_settings())
    tally, analyst = Tally(), Analyst(workspace)
    runs_before = len(workspace.store.refreshes.list_last(1000))
    middle = datetime.now() + timedelta(minutes=START_MINUTES + arguments.minutes / 2)  # noqa: DTZ005 - as servers do
    with ExitStack() as stack:
        base = stack.enter_context(_serve_publishers(workspace))
        environment = {
            "OBSERVATORY_REFRESH_AT": f"{middle:%H:%M}",
            "OBSERVATORY_REFRESH_BASE": base,
            "OBSERVATORY_PROXIES": "127.0.0.1",
        }
        command = ["-m", "observatory", "serve", "--host", "127.0.0.1", "--port"]
        servers = [stack.enter_context(serve(command, ROOT, environment)) for _ in range(2)]
        memory = asyncio.run(_load(servers, arguments, tally, analyst))
        runs = _await_refresh(workspace, runs_before)
        newest = workspace.get_vintage().id
        seen = [read_newest(server.url) for server in servers]
        tracebacks = sum(server.tracebacks() for server in servers)
    workspace.close()
    return _report(tally, analyst, memory, runs, tracebacks, all(number == newest for number in seen))


async def _load(servers: Sequence[Server], arguments: argparse.Namespace, tally: Tally, analyst: Analyst) -> np.ndarray:
    """Readers, programs and the analyst until the time is over; megabytes of each server over time (minutes first)."""
    end, start = time.monotonic() + arguments.minutes * 60, time.monotonic()
    urls = [server.url for server in servers]
    work = [_read_pages(urls, number, end, tally) for number in range(arguments.readers)]
    work += [_call_interface(urls, number, end, tally) for number in range(max(1, arguments.readers // 2))]
    tasks = asyncio.gather(*work, _publish(urls, end, tally, analyst))
    processes, rows = [psutil.Process(server.process.pid) for server in servers], []
    while not tasks.done():
        used = [process.memory_info().rss / 2**20 for process in processes]
        rows.append([(time.monotonic() - start) / 60, *used])
        await asyncio.wait([tasks], timeout=MEMORY_SECONDS)
    await tasks
    return np.array(rows)


async def _read_pages(urls: Sequence[str], number: int, end: float, tally: Tally) -> None:
    """A reader who opens a page, looks at another horizon, thinks, and opens the next, on any server."""
    choices = random.Random(number)
    while time.monotonic() < end:
        page, query = choices.choice(PAGES)
        with tally.timing("page, opened"):
            async with Session(choices.choice(urls), f"192.0.2.{number}") as session:
                await session.run(query, page)
                await asyncio.sleep(choices.uniform(*THINKING_SECONDS))
                with tally.timing("page, run again"):
                    await session.run(f"{query}&lang=en&horizon=2".lstrip("&"), page)
        await asyncio.sleep(choices.uniform(*THINKING_SECONDS))


async def _call_interface(urls: Sequence[str], number: int, end: float, tally: Tally) -> None:
    """A program that asks for tables and files."""
    choices = random.Random(1000 + number)
    while time.monotonic() < end:
        is_file = choices.random() < 0.3
        address = choices.choice(urls) + choices.choice(FILES if is_file else REQUESTS)
        with tally.timing("file" if is_file else "interface"):
            await asyncio.to_thread(_fetch, address, f"198.51.100.{number}")
        await asyncio.sleep(choices.uniform(0.2, 1.0))


def _fetch(address: str, client: str) -> None:
    request = urllib.request.Request(address, headers={"X-Forwarded-For": client})
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
        answer.read()


async def _publish(urls: Sequence[str], end: float, tally: Tally, analyst: Analyst) -> None:
    """An analyst who signs in on one server and publishes on the other, every minute, the servers changing places."""
    for turn in count():
        start = time.monotonic()
        if start >= end:
            return
        with tally.timing("publication"):
            await analyst.publish(urls[turn % 2], urls[1 - turn % 2])
        await asyncio.sleep(max(0.0, min(start + PUBLICATION_SECONDS, end) - time.monotonic()))


@contextlib.contextmanager
def _serve_publishers(workspace: Workspace) -> Iterator[str]:
    """A server in place of all publishers: one has a new month of one series, the others answer 404."""
    rows = workspace.store.observations(workspace.get_vintage(), ["brent_price"])
    year, month = (int(part) for part in rows[-1].period.split("-"))
    lines = [f"{row.period}-01,{row.value!r}" for row in rows]
    lines.append(f"{year + month // 12}-{month % 12 + 1:02d}-01,{rows[-1].value * 1.01!r}")
    body = "\n".join(["observation_date,MCOILBRENTEU", *lines, ""]).encode()

    class Publishers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_known = "id=MCOILBRENTEU" in self.path
            self.send_response(200 if is_known else 404)
            self.send_header("Content-Length", str(len(body) if is_known else 0))
            self.end_headers()
            self.wfile.write(body if is_known else b"")

        def log_message(self, *_arguments: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Publishers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def _await_refresh(workspace: Workspace, before: int) -> int:
    """The number of refreshes in this run, once there is one or the patience is over."""
    end = time.monotonic() + REFRESH_PATIENCE_SECONDS
    while (runs := len(workspace.store.refreshes.list_last(1000)) - before) < 1 and time.monotonic() < end:
        time.sleep(2)
    return runs


def _report(
    tally: Tally, analyst: Analyst, memory: np.ndarray, runs: int, tracebacks: int, is_seen_by_both: bool
) -> int:
    """Prints the table; 1 if something is not as it should be."""
    with contextlib.closing(Workspace(load_settings())) as workspace:
        stored = {(row.id, row.draft) for row in workspace.store.vintages()}
        faults = workspace.store.find_faults()
    lost = set(analyst.published) - stored
    print(f"\n| {'what':<34} | count | median, s | p95, s |\n|---|---:|---:|---:|")
    for kind, seconds in sorted(tally.seconds.items()):
        late = statistics.quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0]
        print(f"| {kind:<34} | {len(seconds):>5} | {statistics.median(seconds):>9.2f} | {late:>6.2f} |")
    half = memory[memory[:, 0] >= memory[-1, 0] / 2]
    slopes = [float(np.polyfit(half[:, 0], half[:, column], 1)[0]) for column in (1, 2)]
    for column, slope in enumerate(slopes, 1):
        used = memory[:, column]
        text = f"{used[0]:.0f} MB at first, {used[-1]:.0f} at the end, {used.max():.0f} at most, {slope:+.1f} a minute"
        print(f"memory of server {column}: {text} in the second half")
    print(f"editions: {len(analyst.published)} acknowledged, {len(lost)} lost; {analyst.late_count} not seen at once")
    print(
        f"conflicts with the refresh: {analyst.conflict_count}; refreshes: {runs}; tracebacks in the logs: {tracebacks}"
    )
    print(f"failures: {sum(tally.failures.values())}; faults of the store: {len(faults)}")
    for text, number in tally.failures.most_common(20):
        print(f"  {number} x {text}")
    is_judged = memory[-1, 0] >= MIN_JUDGED_MINUTES
    is_flat = not is_judged or max(slopes) <= MAX_SLOPE
    wrong = tally.failures or lost or faults or tracebacks or analyst.late_count or runs != 1
    verdict = "is flat" if is_flat else f"grows by more than {MAX_SLOPE} MB a minute"
    print(f"memory {verdict if is_judged else 'cannot be judged in so short a time'}")
    return 1 if wrong or not is_seen_by_both or not is_flat else 0


if __name__ == "__main__":
    raise SystemExit(main())
