"""What benchmarks/pages.py tells: its figures, as a table of Markdown and as a document for programs."""

import os
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

CALM = 10  # readers at once where CPU is counted: enough to average, too few to fight


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
    Measure("the same, to that of the overview beside it", "beside_chart", 2, "<= 1.2", ratio=False),
    Measure("time to first chart on a second visit, ms", "second_chart_ms"),
    Measure("the same, to that of the overview beside it", "beside_second", 2, "<= 1.2", ratio=False),
    Measure("click to first chart, ms", "click_chart_ms"),
    Measure("moved on a first visit, MB", "moved_mb", 2, "< 2 MB (overview)"),
    Measure("moved on a second visit, MB", "moved_again_mb", 2, ratio=False),
    Measure("of these by websocket, KB", "websocket_kb", ratio=False),
    Measure("requests on a first visit", "requests"),
    Measure(f"CPU ms per load, {CALM} readers at once", "load_cpu_ms", 1, "<= 2.5x"),
    Measure("the same, to that of the overview beside it", "beside_cpu", 2, "<= 1.2", ratio=False),
    Measure("CPU ms per load, {sessions} readers at once", "crowd_cpu_ms", 1),
    Measure("reruns per change", "runs", 2, "1"),
    Measure("CPU ms per rerun", "cpu_ms", 1, "<= 60 ms"),
    Measure("CPU ms per rerun, a choice nobody made before", "new_cpu_ms", 1, "<= 60 ms"),
    Measure("wall ms per rerun, p50, with the browser's share", "wall_ms", 1),
    Measure("memory per session, MB ({sessions} sessions)", "session_mb", 2),
    Measure("memory of the server, MB ({sessions} sessions)", "server_mb"),
    Measure("p95 of the first load, {sessions} readers at once, s", "crowd_p95_s", 2),
    Measure("the same on a server just started, s", "cold_p95_s", 2),
    Measure("and its memory at the peak, MB", "cold_mb"),
    Measure("failures", "failures", 0, "0", ratio=False),
)


@dataclass
class Result:
    """What was measured of one page: figures by key, what went wrong, and the raw answers of the tools."""

    page: str
    figures: dict[str, float] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    raw: dict[str, Any] = field(default_factory=dict)


def table(pairs: Sequence[tuple[Result, Result]], sessions: int) -> str:
    """One Markdown table; a ratio is to the hello world measured beside that page, which the second column averages."""
    heads = ["", "hello world", *(house.page for _plain, house in pairs), "aim"]
    lines = [f"| {' | '.join(heads)} |", "|---|" + "---:|" * (len(heads) - 2) + "---|"]
    for row in MEASURES:
        plain = [pair[0].figures[row.key] for pair in pairs if row.key in pair[0].figures]
        cells = [f"{statistics.median(plain):.{row.decimals}f}" if plain else ""]
        cells += [cell(row, *pair) for pair in pairs]
        lines.append(f"| {' | '.join([row.title.format(sessions=sessions), *cells, row.aim])} |")
    return "\n".join(lines)


def controls(houses: Sequence[Result]) -> str:
    """A second table: each control of each page."""
    lines = [
        "| page | control | reruns per change | CPU ms | CPU ms, new | wall ms, p50 |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for house in houses:
        for name, row in house.raw.get("changes", {}).items():
            figures = (f"{row['runs']:.2f}", *(f"{row[key]:.0f}" for key in ("cpu_ms", "new_cpu_ms", "wall_ms")))
            lines.append(f"| {' | '.join([house.page, name, *figures])} |")
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
