"""Times the API in this process: CPU of an answer that is made, of one that is remembered, of one not modified.

    python benchmarks/api.py

The store is a temporary one with the curated edition. CPU is that of server and test client together, a median; "made"
is the first request to a server that keeps nothing yet.
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


def spent(client: TestClient, path: str, headers: dict[str, str]) -> float:
    """CPU of a request, ms, its body read and not unpacked."""
    start = time.process_time()
    with client.stream("GET", path, headers=headers) as answer:
        for _part in answer.iter_raw():
            pass
    return 1000 * (time.process_time() - start)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        opened = Workspace(
            settings.load_settings({"OBSERVATORY_STORE": f"sqlite:///{Path(folder) / 'observatory.db'}"})
        )
        opened.publish_curated()
        opened.get_outlook()
        print("| address | bytes sent | made, ms | remembered, ms | not modified, ms |\n|---|---|---|---|---|")
        for path in PATHS:
            made = []
            for _ in range(5):
                client = TestClient(Starlette(routes=build_routes(lambda: opened)))
                made.append(spent(client, path, {}))
            client.get(path)
            warm = [spent(client, path, {}) for _ in range(REPEATS)]
            first = client.get(path)
            tag = first.headers.get("etag", "")
            same = [spent(client, path, {"if-none-match": tag}) for _ in range(REPEATS)] if tag else []
            figures = " | ".join(f"{statistics.median(row):.1f}" if row else "-" for row in (made, warm, same))
            print(f"| `{path}` | {int(first.headers['content-length']):,} | {figures} |")
        opened.close()


if __name__ == "__main__":
    main()
