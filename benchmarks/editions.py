"""What many small editions cost: bytes of the store for each, and CPU time of reading next to a store of few.

    python benchmarks/editions.py --store observatory.db --sizes 20
    python benchmarks/editions.py --store observatory.db --editions 2000

The store (default: a new one with the curated editions) is copied and never written to. The first form publishes one
changed figure of each of some indicators, evenly over the catalogue, each with a preview of its own, and prints what
the file grew by. The second form publishes one of them, copies the store, publishes it again and again in the copy,
each time with another value, and serves both: their page, shell and calls are asked for in turns.
"""

import argparse
import http.client
import shutil
import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from serving import ROOT, Server, run_tool, serve

from observatory.catalogue.periods import ordinal_to_period
from observatory.outlook.outlook import Outlook
from observatory.settings import load_settings
from observatory.store.records import VintageBatch
from observatory.workspace import Workspace

ROUNDS = 5
STUDY_EVERY = 100  # editions, of which one is stored with its study: packing one takes 0.1 s, reading old ones none
REQUESTS = 60  # of an address in a round, below what the server allows an address at once
READERS = 10  # at once in a round
SECONDS = 60.0  # for a round of readers


class Clock:
    """A second later at each reading."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def open_store(path: Path) -> Workspace:
    """A workspace on a store."""
    return Workspace(load_settings({"OBSERVATORY_STORE": f"sqlite:///{path}"}), Clock())


def make_store(source: Path | None, target: Path) -> Workspace:
    """A copy of a store, or a new one with the curated editions."""
    if source is not None:
        shutil.copy(source, target)
    opened = open_store(target)
    if source is None:
        opened.publish_curated()
    return opened


def list_changes(outlook: Outlook, count: int) -> Iterator[VintageBatch]:
    """A batch of one figure, the newest of a series raised by one per cent, for each of some indicators."""
    names = sorted({key[0] for key in outlook.panel})
    for place in range(count):
        name = names[place * len(names) // count]
        key = min(key for key in outlook.panel if key[0] == name)
        series = outlook.panel[key]
        yield build_batch(key, ordinal_to_period(series.last, series.frequency), round(series.values[-1] * 1.01, 6))


def build_batch(key: tuple[str, str, str], period: str, value: float) -> VintageBatch:
    """One figure as a batch."""
    note = f"{key[0]} {period}"
    return VintageBatch(datetime.now(UTC), "benchmark", note, note, "0" * 64, [(key, period, value)], {})


def publish(opened: Workspace, batch: VintageBatch, repeats: int = 0) -> None:
    """Publishes a batch with a preview, then as often again as it is to be repeated, its value moved a little."""
    prepared = opened.prepare(batch)
    content = prepared.new_forecasts, prepared.calls, prepared.outlook.study.as_json()
    head = opened.store.publish(batch, prepared.parent, *content)
    ((key, period, value),) = batch.observations
    for count in range(repeats):
        moved = replace(build_batch(key, period, (value or 1.0) + count * 1e-6), at=opened.now())
        study = content[2] if count % STUDY_EVERY == 0 or count == repeats - 1 else {}
        head = opened.store.publish(moved, head.id, [], prepared.calls, study)


def measure_sizes(source: Path | None, count: int, folder: Path) -> None:
    """Prints what the file of a store grows by with each edition of one figure.

    One edition goes before: on a store of an earlier version, the first one stores all parts once.
    """
    path = folder / "sizes.db"
    opened = make_store(source, path)
    changes = list_changes(opened.get_outlook(), count)
    publish(opened, next(list_changes(opened.get_outlook(), 1)))
    grown = []
    print("| indicator | bytes |\n|---|---:|")
    for batch in changes:
        before = path.stat().st_size
        publish(opened, replace(batch, at=opened.now()))
        grown.append(path.stat().st_size - before)
        print(f"| {batch.observations[0][0][0]} | {grown[-1]} |", flush=True)
    opened.close()
    print(f"mean {statistics.mean(grown):.0f}, median {statistics.median(grown):.0f}, most {max(grown)}")


def measure_reading(source: Path | None, editions: int, folder: Path) -> None:
    """Prints CPU time of page, shell and calls, of a store of few editions and of one of many."""
    few, many = folder / "few.db", folder / "many.db"
    opened = make_store(source, few)
    batch = next(list_changes(opened.get_outlook(), 1))
    publish(opened, batch)
    opened.close()
    shutil.copy(few, many)
    opened, before = open_store(many), many.stat().st_size
    publish(opened, batch, editions)
    print(f"{editions} editions: {(many.stat().st_size - before) / editions:.0f} bytes each")
    opened.close()
    with ExitStack() as stack:
        servers = [
            stack.enter_context(
                serve(
                    ["-m", "observatory", "serve", "--host", "127.0.0.1", "--port"],
                    ROOT,
                    {"OBSERVATORY_STORE": f"sqlite:///{path}"},
                )
            )
            for path in (few, many)
        ]
        print("| | few, ms | many, ms | ratio |\n|---|---:|---:|---:|")
        for name, measure in MEASURES.items():
            rounds = [[measure(server) for server in servers] for _ in range(ROUNDS + 1)][1:]  # the first one warms
            one, other = (statistics.median(column) for column in zip(*rounds, strict=True))
            print(f"| {name} | {one:.2f} | {other:.2f} | {other / one:.2f} |", flush=True)


def measure_page(server: Server) -> float:
    """CPU time of a load of the overview, ms."""
    arguments = [server.url, "--levels", str(READERS), "--warmup", "1", "--reruns", "0", "--settle", "0.5"]
    answer = run_tool("load.py", [*arguments, "--gap", "0.5", "--max-seconds", f"{SECONDS - 5:.0f}"], SECONDS)
    return float(answer["levels"][0]["cpu_ms_per_load"])


def measure_address(server: Server, path: str) -> float:
    """CPU time of a request that is answered from memory, ms. Raises RuntimeError for any other answer than 200."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    before = server.cpu()
    for _ in range(REQUESTS):
        connection.request("GET", path, headers={"Accept-Encoding": "gzip", "Accept": "text/html, */*"})
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
    connection.close()
    return (server.cpu() - before) * 1000 / REQUESTS


MEASURES: dict[str, Callable[[Server], float]] = {
    "page: overview": measure_page,
    "shell: overview": lambda server: measure_address(server, "/"),
    "shell: what is new": lambda server: measure_address(server, "/whats-new"),
    "calls.json from memory": lambda server: measure_address(server, "/api/v1/calls.json"),
    "feed.atom from memory": lambda server: measure_address(server, "/feed.atom"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=Path, help="the store to copy")
    parser.add_argument("--sizes", type=int, default=0, help="how many single-figure editions to measure")
    parser.add_argument("--editions", type=int, default=0, help="how many editions to serve")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if args.sizes:
            measure_sizes(args.store, args.sizes, Path(folder))
        if args.editions:
            measure_reading(args.store, args.editions, Path(folder))


if __name__ == "__main__":
    main()
