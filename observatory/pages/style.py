"""Loads style sheets and scripts of the pages, minified."""

import re
from functools import lru_cache
from pathlib import Path

from observatory.charts.palette import build_stylesheet

ASSETS = Path(__file__).resolve().parent / "assets"
# In the order of the cascade: where two rules are equally specific, the later sheet wins.
PAGE_SHEETS = (
    *("tokens", "base", "frame", "downloads", "lead", "components", "figure", "table", "call", "bars", "terms"),
    *("grids", "series_list", "notices", "share", "cluster_note", "controls", "responsive", "charts", "publish"),
    *("compare", "tablet", "overview", "segment", "countries", "purchasing", "radar", "portfolio", "catalogue"),
    *("sheet", "track_record", "glossary", "meeting", "contrast", "print"),
)
_PAGE_SCRIPTS = ("frame.js", "links.js")


@lru_cache(maxsize=2)
def build_style(accent: str = "", accent_dark: str = "") -> str:
    """The style sheet of every page; colours are CSS variables that follow the theme, the accent is the brand's."""
    # A panel is outside of the application's element, at the end of the document.
    tokens = f".stApp,[data-testid=stPopoverBody]{{{build_stylesheet()}}}"
    sheets = "".join(map(load_css, PAGE_SHEETS))
    if accent:
        sheets += f".stApp{{--accent:light-dark({accent},{accent_dark});--accent-light:{accent}}}{load_css('accent')}"
    return f"{tokens}{sheets}"


@lru_cache(maxsize=1)
def build_script() -> str:
    """The script of every page."""
    return "\n".join(map(load_js, _PAGE_SCRIPTS))


@lru_cache(maxsize=len(PAGE_SHEETS) + 2)
def load_css(name: str) -> str:
    """A style sheet of `assets/css` without its comments and indents."""
    rules = re.sub(r"/\*.*?\*/", "", (ASSETS / "css" / f"{name}.css").read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"\s+", " ", rules)


@lru_cache(maxsize=4)
def load_js(name: str) -> str:
    """A script of `assets` without its comments and indents."""
    lines = (ASSETS / name).read_text(encoding="utf-8").splitlines()
    return "\n".join(line for row in lines if (line := row.strip()) and not line.startswith("//"))
