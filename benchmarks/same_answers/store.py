"""Rows of a store into which a checkout publishes."""

import hashlib
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from benchmarks.same_answers.capture import Capture
from benchmarks.same_answers.command_inputs import ABOUT, FEW, NOVELTY, REVISION
from benchmarks.same_answers.commands import capture_command


def capture_store(capture: Capture) -> None:
    """What is written: a new store with three indicators, a revision, a new indicator and an undoing; all its rows."""
    folder = capture.folder / "written"
    data = folder / "data"

    def others(path: str, found: list[str]) -> list[str]:
        thinned = Path(path).name in ("indicators", "observations")
        return [name for name in found if (thinned and Path(name).stem not in FEW) or name == "topics.toml"]

    shutil.copytree(capture.checkout / "data", data, ignore=others)
    revision, novelty, about = folder / "revision.csv", folder / "novelty.csv", folder / "facts.toml"
    for path, text in ((revision, REVISION), (novelty, NOVELTY), (about, ABOUT)):
        path.write_text(text, encoding="utf-8")
    store = f"sqlite:///{folder / 'observatory.db'}"
    steps: list[tuple[str, list[str], str]] = [
        ("curated", ["publish", "--curated"], "fr"),
        ("curated-again", ["publish", "--curated"], "en"),
        ("dry-run", ["publish", str(revision), "--dry-run", "--format", "json"], "en"),
        ("revision", ["publish", str(revision), "--note", "figures of October"], "fr"),
        ("revision-again", ["publish", str(revision)], "en"),
        ("novelty-undescribed", ["publish", str(novelty)], "fr"),
        ("novelty", ["publish", str(novelty), "--about", str(about), "--format", "json"], "en"),
        ("revert", ["revert", "2", "--note", "a mistake"], "en"),
        ("vintages", ["vintages", "--format", "json"], "en"),
        ("calls", ["calls"], "fr"),
    ]
    for name, arguments, language in steps:
        capture_command(
            capture, f"publish/{name}", arguments, language, store, moments=True, OBSERVATORY_DATA=str(data)
        )
    began = time.perf_counter()
    with closing(sqlite3.connect(f"file:{folder / 'observatory.db'}?mode=ro", uri=True)) as opened:
        rows = opened.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()
        schema = "\n".join(f"{kind} {name}\n{sql}\n" for kind, name, sql in rows)
        capture.write_item("store/schema", schema.encode(), time.perf_counter() - began)
        for kind, name, _sql in rows:
            if kind == "table" and not name.startswith("sqlite_"):
                content = capture.hide_paths(dump_table(opened, name)).encode()
                capture.write_item(f"store/{name}", content, time.perf_counter() - began)


def dump_table(opened: sqlite3.Connection, name: str) -> str:
    """All rows of a table as text; moments of this run are left out, bytes are given by length and sha256."""
    found = opened.execute(f'SELECT * FROM "{name}"')
    heads = [row[0] for row in found.description]

    def cell(head: str, value: Any) -> str:
        if isinstance(value, bytes):
            return f"{len(value)} bytes {hashlib.sha256(value).hexdigest()}"
        if head in ("recorded", "at") and not str(value).startswith("2026-11-22"):
            return "<moment>"
        return repr(value)

    lines = ["\t".join(cell(head, value) for head, value in zip(heads, row, strict=True)) for row in found]
    return "\n".join(("\t".join(heads), *sorted(lines))) + "\n"
