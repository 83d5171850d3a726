"""The style sheet of the house with the colours of the palette, as one block for the top of a page."""

import re
from functools import lru_cache
from pathlib import Path

from observatory.charts.palette import stylesheet

FILE = Path(__file__).with_name("style.css")


@lru_cache(maxsize=1)
def sheet() -> str:
    """The sheet without its comments and indents; its colours follow the theme without Python."""
    rules = re.sub(r"/\*.*?\*/", "", FILE.read_text(encoding="utf-8"), flags=re.DOTALL)
    small = re.sub(r"\s+", " ", rules)
    return f"<style>.stApp{{{stylesheet()}}}{small}</style>"
