"""Weighs our pages against a hello-world Streamlit app: browser time, bytes, CPU, memory, a crowd of readers.

    python benchmarks/pages.py [--pages overview,compare] [--sessions 50] [--seconds 220] [--out FILE]

Both servers are started here, on free ports of 127.0.0.1, ours with a temporary store; every measurement of ours
stands beside one of hello world taken just before it, so read the ratios: the seconds are those of a busy machine.
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
from clicks import Control, again, box, buttons, changes, opened, panel, slider, told, typed
from serving import TOOLS, Server, hello, ours, tool
from telling import CALM, Result, controls, document, table

RERUNS = 16
VISITS = 3
LANGUAGE = "en-GB"  # that of harness.py: the changes before it then build what its browser asks for
HORIZON = buttons("w_horizon", 3)


@dataclass(frozen=True)
class Page:
    """A page to weigh: name, path, query and fragment; what its reader changes, the main control first.

    `clicked` is what harness.py clicks on, in its own terms: a click must change something that is drawn.
    """

    name: str
    path: str = ""
    query: str = ""
    controls: tuple[Control, ...] = (HORIZON,)
    clicked: tuple[str, ...] = ("--selector", ".st-key-w_horizon button", "--option", "5")
    fragment: str = ""

    @property
    def address(self) -> str:
        """The path with its query and fragment, as a browser wants it."""
        return (
            f"/{self.path}" + (f"?{self.query}" if self.query else "") + (f"#{self.fragment}" if self.fragment else "")
        )


PLAIN = Page("hello world", controls=(again(),), clicked=())
OVERVIEW = Page("overview")
PAGES = (
    OVERVIEW,
    Page("segment: space", "segment", "segment=space"),
    Page("segment: air transport", "segment", "segment=air_transport"),
    Page("compare", "compare", controls=(HORIZON, buttons("w_unit", 3))),
    Page(
        "countries",
        "countries",
        controls=(
            box("w_abroad", ("Gross domestic product · Background trends", "Orbital launches, annual · Space")),
            HORIZON,
            buttons("w_measure", 3),
        ),
        clicked=("--selector", ".st-key-w_measure button"),
    ),
    Page(
        "portfolio",
        "portfolio",
        controls=(slider("w_share_helicopters"), buttons("w_shock", 3), HORIZON),
        fragment="mix=helicopters:60,space:40",
    ),
    Page(
        "purchasing",
        "purchasing",
        controls=(
            typed("w_threshold", ("70", "75", "80")),
            typed("w_share_brent", ("35", "40", "45")),
            buttons("w_side", 1),
        ),
        clicked=("--selector", ".st-key-w_side button"),
    ),
    Page("radar", "radar", controls=(panel("share"),), clicked=()),  # nothing on it is chosen: its link is shared
)


def main(argv: Sequence[str] | None = None) -> int:
    """Measures, prints the table; 0 if all went well, 1 if something failed, 2 if the tools are not there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=50, help="readers at once")
    parser.add_argument("--seconds", type=float, default=220.0, help="the time that a page may take")
    parser.add_argument("--pages", default="", help="those whose name begins so, separated by commas; else all")
    parser.add_argument("--out", type=Path, help="where to write all figures as JSON")
    asked = parser.parse_args(argv)
    if not all((TOOLS / name).is_file() for name in ("harness.py", "load.py")):
        print(f"{TOOLS} has no harness.py and load.py to measure with: set OBSERVATORY_SHARED.", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers are stopped on the way out
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="pages-") as name:
        chosen = [page for page in PAGES if page.name.startswith(tuple(asked.pages.split(",")))]
        pairs = [measured(page, asked.sessions, Path(name), asked.seconds) for page in chosen]
    print(table(pairs, asked.sessions), end="\n\n")
    print(controls([house for _plain, house in pairs]))
    for result in (result for pair in pairs for result in pair):
        for line in dict.fromkeys(result.wrong):
            print(f"- {result.page}: {line}")
    if asked.out:
        asked.out.write_text(json.dumps(document(pairs, asked.sessions, time.monotonic() - began), indent=1) + "\n")
    return 1 if any(result.wrong for pair in pairs for result in pair) else 0


# -- measuring ------------------------------------------------------------------------------------------------


def measured(page: Page, sessions: int, folder: Path, seconds: float) -> tuple[Result, Result]:
    """Hello world and one of our pages, in turns, on servers that served nobody before: memory starts at zero."""
    results, deadline = (Result(PLAIN.name), Result(page.name)), time.monotonic() + seconds
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
    Nor a fragment, which only a browser hands over: the page of a mix is loaded without one.
    """
    full, *calm = load(result, server, page, [sessions, CALM, CALM, CALM], 1, left)
    result.figures |= {
        "crowd_cpu_ms": full["cpu_ms_per_load"],
        "load_cpu_ms": statistics.mean(level["cpu_ms_per_load"] for level in calm),
        "session_mb": full["rss_per_session_mb"],
        "server_mb": full["rss_held_mb"],
    }
    if page not in (PLAIN, OVERVIEW):
        beside = load(result, server, OVERVIEW, [CALM, CALM, CALM], 1, left)
        cpu = statistics.mean(level["cpu_ms_per_load"] for level in beside)
        result.figures["beside_cpu"] = result.figures["load_cpu_ms"] / cpu
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
    """One reader in a browser who changes one thing again and again; the first control is that of the table."""
    deadline = time.monotonic() + left
    with opened(chromium()) as reader:
        for place, control in enumerate(page.controls):
            count = control.new + (RERUNS if not place else RERUNS // 2)
            left = deadline - time.monotonic()
            found = changes(reader, server.url + page.address, control, count, server.cpu, LANGUAGE, left)
            result.raw.setdefault("changes", {})[control.name] = told(found, control.new)
            result.raw.setdefault("each", {})[control.name] = [vars(row) for row in found]
    result.figures |= result.raw["changes"][page.controls[0].name]


def browser(result: Result, server: Server, page: Page, _sessions: int, left: float) -> None:
    """Cold and warm visits in a real browser, two clicks after each cold one; then the overview's beside them."""
    plain = page is PLAIN
    with tempfile.TemporaryDirectory(prefix="pages-") as folder:
        command = ["--out", folder, "--repeat", str(VISITS), "--mem-sessions", "0", "--no-shots"]
        command += ["--locale", LANGUAGE, "--timeout", f"{min(40.0, left):.0f}"]
        command += ["--chromium", found] if (found := chromium()) else []
        clicks = ["--changes", "2", *page.clicked] if page.clicked else ["--changes", "0"]
        answer = tool(
            "harness.py", [server.url + page.address, *command, *clicks, *(["--no-chart"] if plain else [])], left
        )
        other = None
        if page not in (PLAIN, OVERVIEW):
            other = tool("harness.py", [server.url + OVERVIEW.address, *command, "--changes", "0"], left)
    result.raw["browser"] = answer
    cold, warm = answer["cold_loads"], answer["warm_loads"]
    first = "first_text_ms" if plain else "first_chart_ms"
    figures = {
        "first_chart_ms": middle(cold, first),
        "second_chart_ms": middle(warm, first),
        "click_chart_ms": middle(answer["reruns"], "chart_ms"),
        "moved_mb": middle([{"mb": (row["http_kb"] + row["ws_kb"]) / 1024} for row in cold], "mb"),
        "moved_again_mb": middle([{"mb": (row["http_kb"] + row["ws_kb"]) / 1024} for row in warm], "mb"),
        "websocket_kb": middle(cold, "ws_kb"),
        "requests": middle(cold, "requests"),
    }
    result.figures |= {key: value for key, value in figures.items() if value is not None}
    if other is not None:
        result.raw["beside"] = other
        for key, mine, its in (("beside_chart", cold, "cold_loads"), ("beside_second", warm, "warm_loads")):
            result.figures[key] = (middle(mine, first) or 0) / (middle(other[its], first) or 1)
    result.wrong += [f"browser: {text}" for text in answer["js_errors"] + answer["failed_requests"]]
    result.wrong += [f"browser: a {row['label']} visit never came to rest" for row in cold + warm if not row["settled"]]
    result.wrong += [f"browser: {row['error']}" for row in answer["reruns"] if "error" in row]


def chromium() -> str | None:
    """Where the browser is."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def middle(rows: Sequence[dict[str, Any]], key: str) -> float | None:
    """The median of a figure over the rows that have it."""
    values = [row[key] for row in rows if row.get(key) is not None]
    return statistics.median(values) if values else None


def say(text: str) -> None:
    """Where we are, for who waits."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
