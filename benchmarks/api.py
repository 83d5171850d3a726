"""CPU time of API answers in this process: built, cached, and not modified (304).

    python benchmarks/api.py

The store is a temporary one with the curated edition. CPU is the median of server and test client together;
"built" is the first request to a server with an empty cache.
"""

import statistics
import tempfile
import time
from pathlib import Path

from starlette.applications import Starlette
from starlette.testclient import TestClient

from observatory import settings
from observatory.api import build_routes
from observatory.workspace import Workspace

PATHS = (
    "/healthz",
    "/api/v1/calls.json",
    "/api/v1/indicators",
    "/api/v1/observations.json?indicator=atr_backlog",
    "/api/v1/observations.csv",
    "/api/v1/forecasts.csv",
    "/api/v1/datapackage.json",
    "/api/openapi.json",
    "/feed.atom",
)
REPEATS = 25


def measure_cpu(client: TestClient, path: str, headers: dict[str, str]) -> float:
    """CPU of a request in ms; the body is read and not decompressed."""
    start = time.process_time()
    with client.stream("GET", path, headers=headers) as answer:
        for _part in answer.iter_raw():
            pass
    return 1000 * (time.process_time() - start)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(
            settings.load_settings({"OBSERVATORY_STORE": f"sqlite:///{Path(folder) / 'observatory.db'}"})
        )
        workspace.publish_curated()
        workspace.get_outlook()
        print("| address | bytes sent | built, ms | cached, ms | not modified, ms |\n|---|---|---|---|---|")
        for path in PATHS:
            uncached = []
            for _ in range(5):
                client = TestClient(Starlette(routes=build_routes(lambda: workspace)))
                uncached.append(measure_cpu(client, path, {}))
            client.get(path)
            cached = [measure_cpu(client, path, {}) for _ in range(REPEATS)]
            first = client.get(path)
            tag = first.headers.get("etag", "")
            not_modified = [measure_cpu(client, path, {"if-none-match": tag}) for _ in range(REPEATS)] if tag else []
            figures = " | ".join(
                f"{statistics.median(row):.1f}" if row else "-" for row in (uncached, cached, not_modified)
            )
            print(f"| `{path}` | {int(first.headers['content-length']):,} | {figures} |")
        workspace.close()


if __name__ == "__main__":
    main()
