"""The style sheet and the script of the house, each as one block for the top of a page."""

import re
from functools import lru_cache
from pathlib import Path

from observatory.charts.palette import stylesheet

FILES = tuple(Path(__file__).with_name(name) for name in ("style.css", "meeting.css"))


@lru_cache(maxsize=1)
def sheet() -> str:
    """The sheets without their comments and indents; their colours follow the theme without Python."""
    text = "".join(file.read_text(encoding="utf-8") for file in FILES)
    rules = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    small = re.sub(r"\s+", " ", rules)
    return f"<style>.stApp{{{stylesheet()}}}{small}</style>"


@lru_cache(maxsize=1)
def script() -> str:
    """The script without its comments and indents; it is the same for everybody."""
    lines = Path(__file__).with_name("shell.js").read_text(encoding="utf-8").splitlines()
    return "\n".join(line for row in lines if (line := row.strip()) and not line.startswith("//"))
