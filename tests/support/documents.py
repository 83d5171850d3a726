"""The documents that tests write, by name, and the text of a file as a reader sees it."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from observatory.export.documents.registry import DOCUMENTS

BASE = "https://observatory.example"
CASES = [
    *((row.id, "", lang) for row in DOCUMENTS if row.path != "segment" for lang in ("fr", "en")),
    *(
        (name, segment, lang)
        for name in ("segment", "brief")
        for segment in ("space", "drones")
        for lang in ("fr", "en")
    ),
    ("segment", "purchasing", "fr"),
]
NAMES = ["-".join(part for part in case if part) for case in CASES]
PAGES = [name for name in NAMES if not name.startswith("brief")]
# What LibreOffice opens, by format: every deck, and of workbooks those of the markets and of the overview.
OPENED = {"pptx": NAMES, "xlsx": [name for name in PAGES if name.startswith(("segment", "overview"))]}
Written = Callable[[str, str], bytes]
Read = Callable[[str, str], str]


def text_of(path: Path) -> str:
    """The text of a PDF as poppler reads it, its spaces all the same."""
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("no pdftotext: install poppler-utils")
    done = subprocess.run([program, "-raw", str(path), "-"], capture_output=True, check=True)
    return plain(done.stdout.decode("utf-8"))


def plain(text: str) -> str:
    """A text without its spaces: readers break lines where they like."""
    return "".join(text.split())
