"""Style sheets and scripts of every page, each as one block."""

import re
from functools import lru_cache
from pathlib import Path

from observatory.charts.palette import build_stylesheet

ASSETS = Path(__file__).resolve().parent / "assets"


@lru_cache(maxsize=1)
def render_style() -> str:
    """The sheets of every page, as a block; their colours follow the theme without Python."""
    return f"<style>.stApp{{{build_stylesheet()}}}{load_css('style.css')}{load_css('meeting.css')}</style>"


@lru_cache(maxsize=3)
def load_css(name: str) -> str:
    """A sheet of this folder without its comments and indents."""
    rules = re.sub(r"/\*.*?\*/", "", (ASSETS / name).read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"\s+", " ", rules)


@lru_cache(maxsize=2)
def load_js(name: str) -> str:
    """A script of this folder without its comments and indents; it is the same for everybody."""
    lines = (ASSETS / name).read_text(encoding="utf-8").splitlines()
    return "\n".join(line for row in lines if (line := row.strip()) and not line.startswith("//"))
