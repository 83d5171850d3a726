"""Report of benchmarks/pages.py: Markdown tables, and a JSON document."""

import os
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

FEW_READERS = 10  # at once where CPU is measured: enough to average, too few to compete for it


@dataclass(frozen=True)
class Measure:
    """A row of the table: title, key of its figure, decimals, target, whether its ratio to hello world is shown."""

    title: str
    key: str
    decimals: int = 0
    aim: str = ""
    ratio: bool = True


MEASURES = (
    Measure("time to first chart, ms (hello world: first text; overview, portfolio: figures)", "first_chart_ms"),
    Measure("the same, relative to the overview", "relative_chart", 2, "<= 1.2", ratio=False),
    Measure("time to first chart on a second visit, ms", "second_chart_ms"),
    Measure("the same, relative to the overview", "relative_second", 2, "<= 1.2", ratio=False),
    Measure("click to first chart, ms", "click_chart_ms"),
    Measure("moved on a first visit, MB", "moved_mb", 2, "< 2 MB (overview)"),
    Measure("moved on a second visit, MB", "moved_again_mb", 2, ratio=False),
    Measure("of these by websocket, KB", "websocket_kb", ratio=False),
    Measure("requests on a first visit", "requests"),
    Measure(f"CPU ms per load, {FEW_READERS} readers at once", "load_cpu_ms", 1, "<= 2.5x"),
    Measure("the same, relative to the overview", "relative_cpu", 2, "<= 1.2", ratio=False),
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
    """Measurements of one page: figures by key, errors, and the raw output of the tools."""

    page: str
    figures: dict[str, float] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    raw: dict[str, Any] = field(default_factory=dict)


def build_table(pairs: Sequence[tuple[Result, Result]], sessions: int) -> str:
    """The main table; ratios are to the hello world measured with the same page, whose median is the second column."""
    heads = ["", "hello world", *(ours.page for _plain, ours in pairs), "aim"]
    lines = [f"| {' | '.join(heads)} |", "|---|" + "---:|" * (len(heads) - 2) + "---|"]
    for row in MEASURES:
        plain = [pair[0].figures[row.key] for pair in pairs if row.key in pair[0].figures]
        cells = [f"{statistics.median(plain):.{row.decimals}f}" if plain else ""]
        cells += [format_cell(row, *pair) for pair in pairs]
        lines.append(f"| {' | '.join([row.title.format(sessions=sessions), *cells, row.aim])} |")
    return "\n".join(lines)


def build_controls_table(results: Sequence[Result]) -> str:
    """The table of all controls of all pages."""
    lines = [
        "| page | control | reruns per change | CPU ms | CPU ms, new | wall ms, p50 |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for result in results:
        for name, row in result.raw.get("changes", {}).items():
            figures = (f"{row['runs']:.2f}", *(f"{row[key]:.0f}" for key in ("cpu_ms", "new_cpu_ms", "wall_ms")))
            lines.append(f"| {' | '.join([result.page, name, *figures])} |")
    return "\n".join(lines)


def format_cell(row: Measure, plain: Result, ours: Result) -> str:
    """A figure of ours, and its ratio to hello world."""
    if row.key not in ours.figures:
        return "not measured"
    figure, reference = ours.figures[row.key], plain.figures.get(row.key)
    ratio = f" ({figure / reference:.1f}x)" if reference and row.ratio else ""
    return f"{figure:.{row.decimals}f}{ratio}"


def build_document(pairs: Sequence[tuple[Result, Result]], sessions: int, seconds: float) -> dict[str, Any]:
    """All figures and raw output as JSON values."""
    return {
        "sessions": sessions,
        "seconds": round(seconds),
        "cpus": os.cpu_count(),
        "load_average": os.getloadavg(),
        "pages": [{"hello": vars(plain), "ours": vars(ours)} for plain, ours in pairs],
    }
