"""A capture that is being made: its folder, the checkout that it drives, the environment of child processes."""

import hashlib
import os
import re
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

LANGUAGES = ("fr", "en")
LOCALES = {"fr": "fr_FR.UTF-8", "en": "en_GB.UTF-8"}
HOST = "observatory.test"  # what requests name as the host, so that no answer depends on the port


@dataclass
class Capture:
    """A capture that is being made: a file for each item, and the index of all."""

    checkout: Path
    python: Path
    store: Path
    output: Path
    folder: Path
    deadline: float
    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    hidden: list[tuple[str, str]] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def write_item(self, name: str, content: bytes, seconds: float) -> None:
        """Writes an item. Raises ValueError for a name that was used."""
        if name in self.items:
            raise ValueError(f"two items are called {name}")
        path = self.output / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        row = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content), "seconds": round(seconds, 3)}
        with self.lock:
            self.items[name] = row

    def hide_paths(self, text: str) -> str:
        """A text without the folders and ports of this capture."""
        for seen, shown in self.hidden:
            text = text.replace(seen, shown)
        return text

    def build_environment(self, **more: str) -> dict[str, str]:
        """That of a child process: nothing of ours, nothing of the reader's language but what is said here."""
        left = ("OBSERVATORY_", "LC_", "LANG", "PYTHON", "STREAMLIT_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(left)}
        for name in ("PORT", "HOST"):
            kept.pop(name, None)
        own = {"PYTHONPATH": str(self.checkout), "TZ": "UTC", "COLUMNS": "100", "LANG": LOCALES["en"], "USER": "reader"}
        own |= {"LOGNAME": "reader", "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"}
        return kept | own | more

    def copy_store(self, name: str) -> str:
        """The address of a fresh copy of the store, in a folder of that name."""
        target = self.folder / name / "observatory.db"
        target.parent.mkdir()
        source, copy = sqlite3.connect(f"file:{self.store}?mode=ro", uri=True), sqlite3.connect(target)
        with closing(source), closing(copy):
            source.backup(copy)
        return f"sqlite:///{target}"

    def check_time(self) -> None:
        """Raises RuntimeError once the capture takes too long."""
        if time.monotonic() > self.deadline:
            raise RuntimeError("the capture takes too long; see --minutes")


def make_slug(number: int, link: str, most: int = 60) -> str:
    """A short name for a link, the same in every capture."""
    words = re.sub(r"[^A-Za-z0-9]+", "-", link).strip("-")
    return f"{number:03d}-{words[:most].rstrip('-') or 'root'}"


def add_language(link: str, language: str) -> str:
    """A link in a language."""
    return f"{link}{'&' if '?' in link else '?'}lang={language}"
