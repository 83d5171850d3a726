"""Weighs our pages against a hello-world Streamlit app: browser time, bytes, CPU, memory, a crowd of readers.

    python benchmarks/pages.py [--sessions 50] [--seconds 340] [--out FILE]

Both servers are started here, on free ports of 127.0.0.1, ours with a temporary store; every measurement of ours
stands beside one of hello world taken just before it, so read the ratios: the seconds are those of a busy machine.
The measuring itself is done by harness.py and load.py of ../shared/tools (OBSERVATORY_SHARED names another ../shared).
"""

import argparse
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Subprotocol

ROOT = Path(__file__).resolve().parent.parent
TOOLS = Path(os.environ.get("OBSERVATORY_SHARED", "").strip() or ROOT.parent / "shared") / "tools"
HELLO = 'import streamlit as st\n\nst.title("Hello world")\nst.write("One line of text.")\n'
CALM = 10  # readers at once where CPU is counted: enough to average, too few to fight
RERUNS = 24
START_SECONDS = 60.0
EARLY = 2  # script_finished: stopped for a rerun, another one follows
# The horizon, on every page: 5 years, then the third button; a click on the one that is chosen would change nothing.
CLICKED = ("--selector", '[data-testid="stButtonGroup"] button', "--option", "5")
LANGUAGE = "en-GB"  # that of harness.py: the reruns before it then build what its browser asks for


@dataclass(frozen=True)
class Page:
    """A page to weigh: its name in the table, its path and its query."""

    name: str
    path: str
    query: str

    @property
    def address(self) -> str:
        """The path with its query, as a browser wants it."""
        return f"/{self.path}" + (f"?{self.query}" if self.query else "")


PLAIN = Page("hello world", "", "")
PAGES = (
    Page("overview", "", ""),
    Page("segment: space", "segment", "segment=space"),
    Page("segment: air transport", "segment", "segment=air_transport"),
)


@dataclass(frozen=True)
class Measure:
    """A row of the table: where its figure is, its decimals, what we aim at, whether a ratio says something."""

    title: str
    key: str
    decimals: int = 0
    aim: str = ""
    ratio: bool = True


MEASURES = (
    Measure("time to first chart, ms (hello world: first text)", "first_chart_ms"),
    Measure("time to first chart on a second visit, ms", "second_chart_ms"),
    Measure("click to first chart, ms", "click_chart_ms"),
    Measure("moved on a first visit, MB", "moved_mb", 2, "< 2 MB (overview)"),
    Measure("moved on a second visit, MB", "moved_again_mb", 2, ratio=False),
    Measure("of these by websocket, KB", "websocket_kb", ratio=False),
    Measure("requests on a first visit", "requests"),
    Measure(f"CPU ms per load, {CALM} readers at once", "load_cpu_ms", 1, "<= 2.5x"),
    Measure("CPU ms per load, {sessions} readers at once", "crowd_cpu_ms", 1),
    Measure("CPU ms per rerun", "rerun_cpu_ms", 1, "<= 40 ms"),
    Measure("CPU ms per rerun, a choice nobody made before", "new_cpu_ms", 1),
    Measure("wall ms per rerun, p50", "rerun_ms", 1),
    Measure("memory per session, MB ({sessions} sessions)", "session_mb", 2),
    Measure("memory of the server, MB ({sessions} sessions)", "server_mb"),
    Measure("p95 of the first load, {sessions} readers at once, s", "crowd_p95_s", 2),
    Measure("the same on a server just started, s", "cold_p95_s", 2),
    Measure("and its memory at the peak, MB", "cold_mb"),
    Measure("failures", "failures", 0, "0", ratio=False),
)


@dataclass
class Server:
    """A running server: its port, its process, its log."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def cpu(self) -> float:
        """The seconds of CPU it has used."""
        times = psutil.Process(self.process.pid).cpu_times()
        return times.user + times.system

    def tracebacks(self) -> int:
        """The exceptions in its log: a page that fails politely is a failure all the same."""
        return self.log.read_text(errors="replace").count("Traceback (most recent call last)")


@dataclass
class Result:
    """What was measured of one page: figures by key, what went wrong, and the raw answers of the tools."""

    page: str
    figures: dict[str, float] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    raw: dict[str, Any] = field(default_factory=dict)


def main(argv: Sequence[str] | None = None) -> int:
    """Measures, prints the table; 0 if all went well, 1 if something failed, 2 if the tools are not there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=50, help="readers at once")
    parser.add_argument("--seconds", type=float, default=340.0, help="the time that all may take")
    parser.add_argument("--out", type=Path, help="where to write all figures as JSON")
    asked = parser.parse_args(argv)
    if not all((TOOLS / name).is_file() for name in ("harness.py", "load.py")):
        print(f"{TOOLS} has no harness.py and load.py to measure with: set OBSERVATORY_SHARED.", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers are stopped on the way out
    began = time.monotonic()
    pairs = []
    with tempfile.TemporaryDirectory(prefix="pages-") as name:
        for place, page in enumerate(PAGES):
            # What a page leaves of its share goes to the next ones.
            share = (asked.seconds - (time.monotonic() - began)) / (len(PAGES) - place)
            pairs.append(measured(page, asked.sessions, Path(name), time.monotonic() + share))
    print(table(pairs, asked.sessions))
    for result in (result for pair in pairs for result in pair):
        for line in dict.fromkeys(result.wrong):
            print(f"- {result.page}: {line}")
    if asked.out:
        asked.out.write_text(json.dumps(document(pairs, asked.sessions, time.monotonic() - began), indent=1) + "\n")
    return 1 if any(result.wrong for pair in pairs for result in pair) else 0


# -- measuring ------------------------------------------------------------------------------------------------


def measured(page: Page, sessions: int, folder: Path, deadline: float) -> tuple[Result, Result]:
    """Hello world and one of our pages, in turns, on servers that served nobody before: memory starts at zero."""
    results = (Result(PLAIN.name), Result(page.name))
    try:
        for steps in ((crowd, reruns, browser), (rush,)):  # a rush wants a server that was just started
            with hello(folder) as plain, ours(folder) as house:
                sides = tuple(zip(results, (plain, house), (PLAIN, page), strict=True))
                for step in steps:
                    for result, server, shown in sides:
                        say(f"{page.name}: {step.__name__} ({result.page})")
                        attempt(step, result, server, shown, sessions, deadline)
                for result, server, _shown in sides:
                    result.wrong += ["an exception in the log of the server"] * server.tracebacks()
    except (OSError, RuntimeError, psutil.Error) as error:
        results[1].wrong.append(str(error))
    for result in results:
        result.figures["failures"] = len(result.wrong)
    return results


def attempt(step: Any, result: Result, server: Server, page: Page, sessions: int, deadline: float) -> None:
    """One measurement; if it fails the others go on without it."""
    left = deadline - time.monotonic()
    if left < 5:
        result.wrong.append(f"{step.__name__}: not measured, out of time")
        return
    try:
        step(result, server, page, sessions, left)
    except Exception as error:
        result.wrong.append(f"{step.__name__}: {type(error).__name__}: {error}"[:200])


def crowd(result: Result, server: Server, page: Page, sessions: int, left: float) -> None:
    """All readers at once, then a few, three times.

    No reruns here: load.py takes the page from new_session, so its reruns fall back to an application's first page.
    """
    full, *calm = load(result, server, page, [sessions, CALM, CALM, CALM], 1, left)
    result.figures |= {
        "crowd_cpu_ms": full["cpu_ms_per_load"],
        "load_cpu_ms": statistics.mean(level["cpu_ms_per_load"] for level in calm),
        "session_mb": full["rss_per_session_mb"],
        "server_mb": full["rss_held_mb"],
    }
    if not full["failures"]:  # the p95 of those who were served would flatter
        result.figures["crowd_p95_s"] = full["first_load_s"]["p95"]


def rush(result: Result, server: Server, page: Page, sessions: int, left: float) -> None:
    """All readers at once on a server that served nobody: nothing is built yet, and each of them wants it first."""
    (cold,) = load(result, server, page, [sessions], 0, left)
    result.figures["cold_mb"] = cold["rss_peak_mb"]
    if not cold["failures"]:
        result.figures["cold_p95_s"] = cold["first_load_s"]["p95"]


def load(
    result: Result, server: Server, page: Page, levels: Sequence[int], warmup: int, left: float
) -> list[dict[str, Any]]:
    """What load.py says of a page, level by level; its failures are noted."""
    command = [server.url, "--levels", ",".join(map(str, levels)), "--warmup", str(warmup), "--reruns", "0"]
    patience = f"{max(1.0, left - 4):.0f}"  # so that it can still say how many waited in vain
    command += ["--settle", "1", "--gap", "1", "--timeout", patience, "--max-seconds", patience]
    command += ["--page", page.path, *(["--query", page.query] if page.query else [])]
    answer = tool("load.py", command, left)
    result.raw.setdefault("load", []).append(answer)
    result.wrong += [f"load: {text}" for level in answer["levels"] for text in failures(level)]
    found: list[dict[str, Any]] = answer["levels"]
    if len(found) < len(levels):
        raise RuntimeError("load.py ran out of time")
    return found


def failures(level: dict[str, Any]) -> list[str]:
    """What failed of a level of load.py, one line each; it gives no more than four examples."""
    examples = level["failure_examples"] or ["failed"]
    return [examples[min(place, len(examples) - 1)] for place in range(level["failures"])]


def reruns(result: Result, server: Server, page: Page, _sessions: int, left: float) -> None:
    """One reader who turns the first row of buttons round and round, as a browser would tell the server."""
    deadline = time.monotonic() + left
    with Reader(server, page, deadline) as reader:
        new = [reader.choose(place) for place in range(max(1, len(reader.options) - 1))]
        known = [reader.choose(place) for place in range(RERUNS) if time.monotonic() < deadline - 2]
        result.raw["reruns"] = {"widget": reader.options, "new": new, "known": known}
        result.figures["new_cpu_ms"] = statistics.mean(row["cpu_ms"] for row in new)
        result.figures["rerun_cpu_ms"] = statistics.mean(row["cpu_ms"] for row in known)
        result.figures["rerun_ms"] = statistics.median(row["wall_ms"] for row in known)


def browser(result: Result, server: Server, page: Page, _sessions: int, left: float) -> None:
    """Two cold and two warm visits in a real browser, two clicks after each cold one."""
    plain = page is PLAIN
    with tempfile.TemporaryDirectory(prefix="pages-") as folder:
        command = [server.url + page.address, "--out", folder, "--repeat", "2", "--mem-sessions", "0", "--no-shots"]
        command += ["--locale", LANGUAGE, "--timeout", f"{min(40.0, left):.0f}"]
        command += ["--no-chart", "--changes", "0"] if plain else ["--changes", "2", *CLICKED]
        chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
        answer = tool("harness.py", [*command, *(["--chromium", chromium] if chromium else [])], left)
    result.raw["browser"] = answer
    cold, warm = answer["cold_loads"], answer["warm_loads"]
    first = "first_text_ms" if plain else "first_chart_ms"
    found = {
        "first_chart_ms": middle(cold, first),
        "second_chart_ms": middle(warm, first),
        "click_chart_ms": middle(answer["reruns"], "chart_ms"),
        "moved_mb": middle([{"mb": (row["http_kb"] + row["ws_kb"]) / 1024} for row in cold], "mb"),
        "moved_again_mb": middle([{"mb": (row["http_kb"] + row["ws_kb"]) / 1024} for row in warm], "mb"),
        "websocket_kb": middle(cold, "ws_kb"),
        "requests": middle(cold, "requests"),
    }
    result.figures |= {key: value for key, value in found.items() if value is not None}
    result.wrong += [f"browser: {text}" for text in answer["js_errors"] + answer["failed_requests"]]
    result.wrong += [f"browser: a {row['label']} visit never came to rest" for row in cold + warm if not row["settled"]]
    result.wrong += [f"browser: {row['error']}" for row in answer["reruns"] if "error" in row]


def middle(rows: Sequence[dict[str, Any]], key: str) -> float | None:
    """The median of a figure over the rows that have it."""
    values = [row[key] for row in rows if row.get(key) is not None]
    return statistics.median(values) if values else None


class Reader:
    """One open page over Streamlit's websocket, which changes a widget and waits for the run that follows."""

    def __init__(self, server: Server, page: Page, deadline: float) -> None:
        self.server, self.page, self.deadline = server, page, deadline
        self.options: list[str] = []
        self._widget, self._hash, self._query = "", "", page.query
        self._kept: set[str] = set()
        self._closing = ExitStack()

    def __enter__(self) -> "Reader":
        address = f"ws{self.server.url[4:]}/_stcore/stream"
        opened = connect(address, subprotocols=[Subprotocol("streamlit")], max_size=None, compression=None)
        self._socket = self._closing.enter_context(opened)
        self._run()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    def choose(self, place: int) -> dict[str, float]:
        """Chooses another option (without a widget: runs again); CPU and wall of it in milliseconds."""
        value = self.options[(place + 1) % len(self.options)] if self.options else ""
        cpu, wall = self.server.cpu(), time.perf_counter()
        self._run(value)
        taken = time.perf_counter() - wall
        time.sleep(0.05)  # what the server does after its last message counts as well
        return {"cpu_ms": 1000 * (self.server.cpu() - cpu), "wall_ms": 1000 * taken}

    def _run(self, value: str = "") -> None:
        message = BackMsg()
        rerun = message.rerun_script
        rerun.query_string, rerun.page_script_hash = self._query, self._hash
        rerun.page_name = "" if self._hash else self.page.path
        rerun.context_info.locale, rerun.context_info.url = LANGUAGE, self.server.url + self.page.address
        rerun.cached_message_hashes.extend(self._kept)
        if value:
            state = rerun.widget_states.widgets.add()
            state.id = self._widget
            state.string_array_value.data.append(value)
        self._socket.send(message.SerializeToString())
        while True:
            data = self._socket.recv(timeout=max(1.0, self.deadline - time.monotonic()))
            answer = ForwardMsg()
            answer.ParseFromString(data if isinstance(data, bytes) else data.encode())
            if answer.WhichOneof("type") == "script_finished" and answer.script_finished != EARLY:
                return
            self._take(answer)

    def _take(self, answer: ForwardMsg) -> None:
        kind = answer.WhichOneof("type")
        if answer.metadata.cacheable:
            self._kept.add(answer.hash)
        if kind == "navigation":  # not new_session's: that hash is the script's, and leads back to the first page
            self._hash = answer.navigation.page_script_hash
        elif kind == "page_info_changed":
            self._query = answer.page_info_changed.query_string
        elif kind == "new_session" and not self._hash:
            self._hash = answer.new_session.page_script_hash
        elif kind == "delta" and answer.delta.WhichOneof("type") == "new_element":
            element = answer.delta.new_element
            if element.WhichOneof("type") == "exception":
                raise RuntimeError(f"{element.exception.type}: {element.exception.message}")
            if element.WhichOneof("type") == "button_group" and self._widget in ("", element.button_group.id):
                self._widget = element.button_group.id
                self.options = [option.content for option in element.button_group.options]


# -- processes ------------------------------------------------------------------------------------------------


@contextmanager
def hello(folder: Path) -> Iterator[Server]:
    """Hello world as `streamlit run` serves it, in a folder without settings of ours."""
    script = folder / "hello" / "hello.py"
    script.parent.mkdir(exist_ok=True)
    script.write_text(HELLO)
    command = ["-m", "streamlit", "run", str(script), "--server.headless", "true", "--server.fileWatcherType", "none"]
    command += ["--browser.gatherUsageStats", "false", "--server.address", "127.0.0.1", "--server.port"]
    with serving(command, script.parent, {}) as server:
        yield server


@contextmanager
def ours(folder: Path) -> Iterator[Server]:
    """The observatory as a newcomer starts it; the store is filled once and kept for the next page."""
    environment = {"OBSERVATORY_STORE": f"sqlite:///{folder / 'observatory.db'}"}
    command = ["-m", "observatory", "serve", "--host", "127.0.0.1", "--port"]
    with serving(command, ROOT, environment) as server:
        yield server


@contextmanager
def serving(command: Sequence[str], folder: Path, environment: dict[str, str]) -> Iterator[Server]:
    """A server on a free port, which is the last word of its command; stopped on the way out, and nothing else."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.NamedTemporaryFile(prefix="pages-", suffix=".log") as log:
        process = subprocess.Popen(
            [sys.executable, *command, str(port)],
            cwd=folder,
            env=dict(os.environ) | environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            server = Server(process, port, Path(log.name))
            await_health(server)
            yield server
        finally:
            end(process)


def await_health(server: Server) -> None:
    """Waits until a server answers. Raises RuntimeError if it does not."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=5):
                return
        except (OSError, urllib.error.URLError):
            time.sleep(0.2)
    raise RuntimeError(f"the server did not start: {server.log.read_text(errors='replace')[-300:]}")


def end(process: subprocess.Popen[Any]) -> None:
    """Ends a process of ours and what it started, by their ids."""
    try:
        family = [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]
    except psutil.NoSuchProcess:
        family = []
    process.terminate()
    _gone, left = psutil.wait_procs(family, timeout=5)
    for member in left:
        try:
            member.kill()
        except psutil.NoSuchProcess:
            continue
    process.wait()


def tool(name: str, arguments: Sequence[str], seconds: float) -> dict[str, Any]:
    """What a tool answers, as JSON. Raises RuntimeError if it does not answer in time or at all."""
    command = [sys.executable, str(TOOLS / name), *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        out, said = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise RuntimeError(f"{name} did not finish in {seconds:.0f} s") from error
    finally:
        end(process)
    try:
        answer: dict[str, Any] = json.loads(out)
    except ValueError as error:
        raise RuntimeError(f"{name} failed: {(said.strip().splitlines() or ['no answer'])[-1]}") from error
    return answer


# -- telling --------------------------------------------------------------------------------------------------


def say(text: str) -> None:
    """Where we are, for who waits."""
    print(text, file=sys.stderr, flush=True)


def table(pairs: Sequence[tuple[Result, Result]], sessions: int) -> str:
    """One Markdown table; a ratio is to the hello world measured beside that page, which the second column averages."""
    heads = ["", PLAIN.name, *(house.page for _plain, house in pairs), "aim"]
    lines = [f"| {' | '.join(heads)} |", "|---|" + "---:|" * (len(heads) - 2) + "---|"]
    for row in MEASURES:
        plain = [pair[0].figures[row.key] for pair in pairs if row.key in pair[0].figures]
        cells = [f"{statistics.median(plain):.{row.decimals}f}" if plain else ""]
        cells += [cell(row, *pair) for pair in pairs]
        lines.append(f"| {' | '.join([row.title.format(sessions=sessions), *cells, row.aim])} |")
    return "\n".join(lines)


def cell(row: Measure, plain: Result, house: Result) -> str:
    """Our figure and its ratio to hello world."""
    if row.key not in house.figures:
        return "not measured"
    figure, beside = house.figures[row.key], plain.figures.get(row.key)
    ratio = f" ({figure / beside:.1f}x)" if beside and row.ratio else ""
    return f"{figure:.{row.decimals}f}{ratio}"


def document(pairs: Sequence[tuple[Result, Result]], sessions: int, seconds: float) -> dict[str, Any]:
    """All figures and raw answers, for programs."""
    return {
        "sessions": sessions,
        "seconds": round(seconds),
        "cpus": os.cpu_count(),
        "load_average": os.getloadavg(),
        "pages": [{"hello": vars(plain), "ours": vars(house)} for plain, house in pairs],
    }


if __name__ == "__main__":
    sys.exit(main())
