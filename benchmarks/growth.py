"""Growth: what a catalogue of several times the indicators costs. All of it but the first copy is synthetic.

    python benchmarks/growth.py --factor 10 [--measures publication,preview,table,compare] [--folder FOLDER]

One factor a run. Catalogue and store are made in a temporary folder, or in FOLDER, which a later run then uses again.
Each measurement is a process of its own, so that its memory is its own; it is ended after --seconds.

- publication: CPU and peak memory of the first publication in an empty store.
- preview: CPU of a preview of one figure, the first of a process and later ones of other indicators.
- table: CPU and memory of /api/v1/observations.csv whole, and of the same request with If-None-Match.
- compare: bytes over the WebSocket of a load of the page that compares series (load.py of ../shared/tools).
"""

import argparse
import asyncio
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
from serving import ROOT, run_tool, serve
from starlette.applications import Starlette
from synthetic import write_catalogue

from observatory import settings
from observatory.api import build_routes
from observatory.workspace import Workspace

_FIGURES = {
    "first": "airbus_deliveries,WORLD,,2025,812",
    "annual": "boeing_deliveries,WORLD,,2025,612",
    "monthly": "us_semiconductor_production,US,,2026-07,180",
    "input": "aluminium_price,WORLD,,2026-05,2222",
    "other_input": "copper_price,WORLD,,2026-05,9000",
    "rate": "eur_usd,EMU,,2026-10,1.13",
}
_HEADER = "indicator,geo,item,period,value"
_SECONDS = 900.0
_LOADS = 5

Figures = dict[str, Any]


def open_workspace(folder: Path) -> Workspace:
    """The observatory of a folder."""
    return Workspace(settings.load_settings(list_settings(folder)))


def list_settings(folder: Path) -> dict[str, str]:
    """The environment of a deployment in a folder."""
    return {"OBSERVATORY_STORE": f"sqlite:///{folder / 'observatory.db'}", "OBSERVATORY_DATA": str(folder / "data")}


def measure_publication(folder: Path) -> Figures:
    """The first publication; of the store of an earlier run, only its counts."""
    start = time.process_time()
    workspace = open_workspace(folder)
    opened = time.process_time()
    published = workspace.publish_curated() is not None
    seconds = time.process_time() - opened
    outlook = workspace.get_outlook()
    study = json.dumps(outlook.study.as_json(), sort_keys=True)
    calls = json.dumps([row.to_details() for row in outlook.calls.values()], sort_keys=True)
    medians = b"".join(row.median.tobytes() for row in outlook.forecasts.values())
    figures = {
        "indicators": len(outlook.catalogue.indicators),
        "series": len(outlook.panel),
        "opening_cpu_s": round(opened - start, 2),
        "study_kb": len(study) // 1000,
        "sha256": hashlib.sha256(f"{study}{calls}".encode() + medians).hexdigest()[:12],
        "store_mb": round((folder / "observatory.db").stat().st_size / 1e6, 1),
    }
    return figures | ({"cpu_s": round(seconds, 2), "peak_mb": peak_memory()} if published else {})


def measure_preview(folder: Path) -> Figures:
    """Previews of one figure each, of several indicators in turn: CPU of the process without that of the system."""
    workspace = open_workspace(folder)
    session = workspace.access.open_operator_session("benchmark")
    workspace.get_outlook()
    figures = {}
    for name, row in _FIGURES.items():
        draft = workspace.receive("a.csv", f"{_HEADER}\n{row}\n".encode(), session)
        start = os.times().user
        preview = workspace.build_preview(draft)
        figures[f"{name}_cpu_s"] = round(os.times().user - start, 2)
        assert preview.prepared is not None, row
    return figures | {"peak_mb": peak_memory()}


def measure_table(folder: Path) -> Figures:
    """The table of all observations, asked twice, then with its ETag."""
    workspace = open_workspace(folder)
    workspace.get_outlook()
    application = Starlette(routes=build_routes(lambda: workspace))
    figures: Figures = {}
    ask(application, "/healthz", {})
    before = psutil.Process().memory_info().rss
    for name in ("built", "again"):
        start = time.process_time()
        size, digest, headers = ask(application, "/api/v1/observations.csv", {})
        figures[f"{name}_cpu_s"] = round(time.process_time() - start, 2)
    figures |= {"mb": round(size / 1e6, 1), "sha256": digest[:12]}
    figures["memory_mb"] = round(peak_memory() - before / 2**20, 1)
    start = time.process_time()
    ask(application, "/api/v1/observations.csv", {"if-none-match": headers["etag"]})
    return figures | {"not_modified_cpu_s": round(time.process_time() - start, 3)}


def ask(application: Starlette, path: str, headers: dict[str, str]) -> tuple[int, str, dict[str, str]]:
    """Bytes of the body, their sha256, and the headers of an answer, none of which is kept in memory."""
    digest, size, answered = hashlib.sha256(), 0, {}
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "headers": [(name.encode(), value.encode()) for name, value in {"host": "127.0.0.1", **headers}.items()],
    }
    was_asked = False

    async def receive() -> dict[str, Any]:
        nonlocal was_asked
        if was_asked:
            await asyncio.sleep(3600)  # a client that stays
        was_asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        nonlocal size
        if message["type"] == "http.response.start":
            answered.update({name.decode().lower(): value.decode() for name, value in message["headers"]})
        body = message.get("body", b"")
        size += len(body)
        digest.update(body)

    asyncio.run(application(scope, receive, send))
    return size, digest.hexdigest(), answered


def measure_compare(folder: Path) -> Figures:
    """Bytes and CPU of a load of the page, after the first one."""
    command = ["-m", "observatory", "serve", "--host", "127.0.0.1", "--port"]
    with serve(command, ROOT, list_settings(folder)) as server:
        arguments = [server.url, "--page", "compare", "--levels", str(_LOADS), "--reruns", "0"]
        result = run_tool("load.py", arguments, 120)["levels"][0]
        return {name: result[name] for name in ("kb_per_first_load", "cpu_ms_per_load", "failures")}


def peak_memory() -> float:
    """The largest memory of this process so far, in MB."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


MEASURES: dict[str, Callable[[Path], Figures]] = {
    "publication": measure_publication,
    "preview": measure_preview,
    "table": measure_table,
    "compare": measure_compare,
}


def measure_apart(name: str, folder: Path, seconds: float) -> Figures:
    """One measurement in a process of its own; what went wrong in place of its figures."""
    command = [sys.executable, __file__, "--in-folder", str(folder), "--measures", name]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=seconds, env=environment, check=True)
    except subprocess.TimeoutExpired:
        return {"error": f"not done in {seconds:.0f} s"}
    except subprocess.CalledProcessError as error:
        return {"error": (error.stderr.strip().splitlines() or ["no message"])[-1]}
    figures: Figures = json.loads(result.stdout.splitlines()[-1])
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--factor", type=int, default=3, choices=range(1, 26), metavar="1 to 25")
    parser.add_argument("--measures", default=",".join(MEASURES))
    parser.add_argument("--folder", type=Path, help="kept, and used again; default: a temporary one")
    parser.add_argument("--seconds", type=float, default=_SECONDS, help="the most a measurement may take")
    parser.add_argument("--in-folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.in_folder is not None:
        print(json.dumps(MEASURES[options.measures](options.in_folder)))
        return
    with tempfile.TemporaryDirectory(prefix="growth-") as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "data").exists():
            write_catalogue(ROOT / "data", folder / "data", options.factor)
        for name in options.measures.split(","):
            print(name, json.dumps(measure_apart(name, folder, options.seconds)), flush=True)


if __name__ == "__main__":
    main()
