"""Page benchmark against a hello-world Streamlit app: browser time, bytes, CPU, memory, many readers at once.

    python benchmarks/pages.py [--pages overview,compare] [--sessions 50] [--seconds 220] [--out FILE]

Starts both servers on free ports of 127.0.0.1, ours with a temporary store. Each measurement of ours follows one of
hello world, so that their ratio is meaningful even on a busy machine, unlike the seconds.
Loads are measured by harness.py and load.py of ../shared/tools (OBSERVATORY_SHARED names another ../shared), changes
by clicks.py.
"""

import argparse
import json
import shutil
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from clicks import (
    LANGUAGE,
    Control,
    buttons,
    measure_changes,
    open_browser,
    press,
    rerun_key,
    select_box,
    summarize_changes,
    text_field,
)
from report import FEW_READERS, Result, build_controls_table, build_document, build_table
from serving import TOOLS, Server, run_tool, serve_hello, serve_observatory

RERUNS = 16
VISITS = 3
HORIZON = buttons("w_horizon", 3)


@dataclass(frozen=True)
class Page:
    """A page to measure: name, path, query, fragment; its controls, the main one first.

    `clicked` is what harness.py clicks on, in its own terms: a click must change something that is drawn. `mark` is the
    CSS of what answers on a page that has no chart.
    """

    name: str
    path: str = ""
    query: str = ""
    controls: tuple[Control, ...] = (HORIZON,)
    clicked: tuple[str, ...] = ("--selector", ".st-key-w_horizon button", "--option", "5")
    fragment: str = ""
    mark: str = ""

    @property
    def address(self) -> str:
        """The path with its query and fragment, as a browser wants it."""
        return (
            f"/{self.path}" + (f"?{self.query}" if self.query else "") + (f"#{self.fragment}" if self.fragment else "")
        )

    @property
    def options(self) -> list[str]:
        """The options of harness.py for a page without a chart."""
        return ["--no-chart", "--text-selector", self.mark] if self.mark else []

    @property
    def first(self) -> str:
        """The figure of harness.py that says when the page answers."""
        return "first_text_ms" if self.mark else "first_chart_ms"


PLAIN = Page("hello world", controls=(rerun_key(),), clicked=(), mark='[data-testid="stMainBlockContainer"]')
OVERVIEW = Page("overview", mark=".o-ranking")
PAGES = (
    OVERVIEW,
    Page("segment: space", "segment", "segment=space"),
    Page("segment: air transport", "segment", "segment=air_transport"),
    Page("compare", "compare", controls=(HORIZON, buttons("w_unit", 3))),
    Page(
        "countries",
        "countries",
        controls=(
            select_box("w_abroad", ("Gross domestic product · Background trends", "Orbital launches, annual · Space")),
            HORIZON,
            buttons("w_measure", 3),
        ),
        clicked=("--selector", ".st-key-w_measure button"),
    ),
    Page(
        "portfolio",
        "portfolio",
        controls=(text_field("w_share_helicopters", ("65", "70", "75")), press("mixmore_space"), HORIZON),
        fragment="mix=helicopters:60,space:40",
        mark=".st-key-firm_answer .o-keys",
    ),
    Page(
        "purchasing",
        "purchasing",
        controls=(
            text_field("w_threshold", ("70", "75", "80")),
            buttons("w_input", 6),
            buttons("w_currency", 2),
        ),
        clicked=("--selector", ".st-key-w_currency button"),
    ),
    Page("radar", "radar", controls=(press("share"),), clicked=()),  # it has no control but the share button
)


def main(argv: Sequence[str] | None = None) -> int:
    """Measures, prints the table; 0 if all went well, 1 if something failed, 2 if the tools are missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=50, help="readers at once")
    parser.add_argument("--seconds", type=float, default=220.0, help="the time that a page may take")
    parser.add_argument("--pages", default="", help="those whose name begins so, separated by commas; else all")
    parser.add_argument("--out", type=Path, help="where to write all figures as JSON")
    options = parser.parse_args(argv)
    if not all((TOOLS / name).is_file() for name in ("harness.py", "load.py")):
        print(f"{TOOLS} has no harness.py and load.py to measure with: set OBSERVATORY_SHARED.", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # an exception, so that the servers are stopped
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="pages-") as name:
        chosen = [page for page in PAGES if page.name.startswith(tuple(options.pages.split(",")))]
        pairs = [measure_page(page, options.sessions, Path(name), options.seconds) for page in chosen]
    print(build_table(pairs, options.sessions), end="\n\n")
    print(build_controls_table([ours for _plain, ours in pairs]))
    for result in (result for pair in pairs for result in pair):
        for line in dict.fromkeys(result.errors):
            print(f"- {result.page}: {line}")
    if options.out:
        options.out.write_text(
            json.dumps(build_document(pairs, options.sessions, time.monotonic() - began), indent=1) + "\n"
        )
    return 1 if any(result.errors for pair in pairs for result in pair) else 0


# -- measuring ------------------------------------------------------------------------------------------------


def measure_page(page: Page, sessions: int, folder: Path, seconds: float) -> tuple[Result, Result]:
    """Measures hello world and one of our pages in turns, on fresh servers, as memory is measured from the start."""
    results, deadline = (Result(PLAIN.name), Result(page.name)), time.monotonic() + seconds
    try:
        for steps in ((crowd, reruns, browser), (rush,)):  # a rush needs a fresh server
            with serve_hello(folder) as plain, serve_observatory(folder) as ours:
                sides = tuple(zip(results, (plain, ours), (PLAIN, page), strict=True))
                for step in steps:
                    for result, server, side_page in sides:
                        print_status(f"{page.name}: {step.__name__} ({result.page})")
                        attempt(step, result, server, side_page, sessions, deadline)
                for result, server, _page in sides:
                    result.errors += ["an exception in the log of the server"] * server.tracebacks()
    except (OSError, RuntimeError, psutil.Error) as error:
        results[1].errors.append(str(error))
    for result in results:
        result.figures["failures"] = len(result.errors)
    return results


def attempt(step: Any, result: Result, server: Server, page: Page, sessions: int, deadline: float) -> None:
    """Runs one measurement; a failure is recorded and the others go on."""
    seconds = deadline - time.monotonic()
    if seconds < 5:
        result.errors.append(f"{step.__name__}: not measured, out of time")
        return
    try:
        step(result, server, page, sessions, seconds)
    except Exception as error:
        result.errors.append(f"{step.__name__}: {type(error).__name__}: {error}"[:200])


def crowd(result: Result, server: Server, page: Page, sessions: int, seconds: float) -> None:
    """Loads of all readers at once, then of a few readers, three times.

    No reruns here: load.py takes the page from new_session, so its reruns fall back to an application's first page.
    Nor a fragment, which only a browser hands over: the page of a mix is loaded without one.
    """
    full, *few = load(result, server, page, [sessions, FEW_READERS, FEW_READERS, FEW_READERS], 1, seconds)
    result.figures |= {
        "crowd_cpu_ms": full["cpu_ms_per_load"],
        "load_cpu_ms": statistics.mean(level["cpu_ms_per_load"] for level in few),
        "session_mb": full["rss_per_session_mb"],
        "server_mb": full["rss_held_mb"],
    }
    if page not in (PLAIN, OVERVIEW):
        overview = load(result, server, OVERVIEW, [FEW_READERS, FEW_READERS, FEW_READERS], 1, seconds)
        cpu = statistics.mean(level["cpu_ms_per_load"] for level in overview)
        result.figures["relative_cpu"] = result.figures["load_cpu_ms"] / cpu
    if not full["failures"]:  # with failures the p95 would look too good
        result.figures["crowd_p95_s"] = full["first_load_s"]["p95"]


def rush(result: Result, server: Server, page: Page, sessions: int, seconds: float) -> None:
    """Loads of all readers at once on a fresh server with empty caches."""
    (cold,) = load(result, server, page, [sessions], 0, seconds)
    result.figures["cold_mb"] = cold["rss_peak_mb"]
    if not cold["failures"]:
        result.figures["cold_p95_s"] = cold["first_load_s"]["p95"]


def load(
    result: Result, server: Server, page: Page, levels: Sequence[int], warmup: int, seconds: float
) -> list[dict[str, Any]]:
    """The results of load.py on a page by level; failures are recorded."""
    command = [server.url, "--levels", ",".join(map(str, levels)), "--warmup", str(warmup), "--reruns", "0"]
    timeout = f"{max(1.0, seconds - 4):.0f}"  # earlier than ours, so that it can still report timeouts
    command += ["--settle", "1", "--gap", "1", "--timeout", timeout, "--max-seconds", timeout]
    command += ["--page", page.path, *(["--query", page.query] if page.query else [])]
    answer = run_tool("load.py", command, seconds)
    result.raw.setdefault("load", []).append(answer)
    result.errors += [f"load: {text}" for level in answer["levels"] for text in failures(level)]
    results: list[dict[str, Any]] = answer["levels"]
    if len(results) < len(levels):
        raise RuntimeError("load.py ran out of time")
    return results


def failures(level: dict[str, Any]) -> list[str]:
    """A line for each failure in a level of load.py, which gives at most four examples."""
    examples = level["failure_examples"] or ["failed"]
    return [examples[min(index, len(examples) - 1)] for index in range(level["failures"])]


def reruns(result: Result, server: Server, page: Page, _sessions: int, seconds: float) -> None:
    """Repeated changes of each control in a browser; the first control gives the figures of the main table."""
    deadline = time.monotonic() + seconds
    with open_browser(chromium()) as reader:
        for index, control in enumerate(page.controls):
            count = control.new + (RERUNS if not index else RERUNS // 2)
            seconds = deadline - time.monotonic()
            changes = measure_changes(reader, server.url + page.address, control, count, server.cpu, seconds)
            result.raw.setdefault("changes", {})[control.name] = summarize_changes(changes, control.new)
            result.raw.setdefault("every_change", {})[control.name] = [vars(row) for row in changes]
    result.figures |= result.raw["changes"][page.controls[0].name]


def browser(result: Result, server: Server, page: Page, _sessions: int, seconds: float) -> None:
    """Cold and warm visits in a real browser, two clicks after each cold one; then the same of the overview."""
    with tempfile.TemporaryDirectory(prefix="pages-") as folder:
        command = ["--out", folder, "--repeat", str(VISITS), "--mem-sessions", "0", "--no-shots"]
        command += ["--locale", LANGUAGE, "--timeout", f"{min(40.0, seconds):.0f}"]
        command += ["--chromium", path] if (path := chromium()) else []
        clicks = ["--changes", "2", *page.clicked] if page.clicked else ["--changes", "0"]
        answer = run_tool("harness.py", [server.url + page.address, *command, *clicks, *page.options], seconds)
        other = None
        if page not in (PLAIN, OVERVIEW):
            arguments = [server.url + OVERVIEW.address, *command, "--changes", "0", *OVERVIEW.options]
            other = run_tool("harness.py", arguments, seconds)
    result.raw["browser"] = answer
    cold, warm = answer["cold_loads"], answer["warm_loads"]
    figures = {
        "first_chart_ms": median_of(cold, page.first),
        "second_chart_ms": median_of(warm, page.first),
        "click_chart_ms": median_of(answer["reruns"], "script_ms" if page.mark else "chart_ms"),
        "moved_mb": median_of([{"mb": (row["http_kb"] + row["ws_kb"]) / 1024} for row in cold], "mb"),
        "moved_again_mb": median_of([{"mb": (row["http_kb"] + row["ws_kb"]) / 1024} for row in warm], "mb"),
        "websocket_kb": median_of(cold, "ws_kb"),
        "requests": median_of(cold, "requests"),
    }
    result.figures |= {key: value for key, value in figures.items() if value is not None}
    if other is not None:
        result.raw["overview"] = other
        for key, own, key_of_other in (("relative_chart", cold, "cold_loads"), ("relative_second", warm, "warm_loads")):
            beside = median_of(other[key_of_other], OVERVIEW.first) or 1
            result.figures[key] = (median_of(own, page.first) or 0) / beside
    result.errors += [f"browser: {text}" for text in answer["js_errors"] + answer["failed_requests"]]
    result.errors += [
        f"browser: a {row['label']} visit never came to rest" for row in cold + warm if not row["settled"]
    ]
    result.errors += [f"browser: {row['error']}" for row in answer["reruns"] if "error" in row]


def chromium() -> str | None:
    """The path of the browser, or None."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def median_of(rows: Sequence[dict[str, Any]], key: str) -> float | None:
    """The median of a figure over the rows that have it."""
    values = [row[key] for row in rows if row.get(key) is not None]
    return statistics.median(values) if values else None


def print_status(text: str) -> None:
    """Prints the current step on standard error."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
