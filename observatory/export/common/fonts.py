"""Fonts of exported files: shipped as TrueType, registered once per process, and text measurement."""

import unicodedata
from functools import lru_cache
from pathlib import Path
from threading import Lock

FONT_FOLDER = Path(__file__).resolve().parents[1] / "fonts"
FIGURE_FONT, FIGURE_FONT_BOLD, TEXT_FONT, TEXT_FONT_BOLD = (
    "B612-Regular",
    "B612-Bold",
    "IBMPlexSans-Regular",
    "IBMPlexSans-SemiBold",
)
FONT_NAMES = (FIGURE_FONT, FIGURE_FONT_BOLD, TEXT_FONT, TEXT_FONT_BOLD)
_REGISTER_LOCK = Lock()
_PLACEHOLDER = "?"


def register_fonts() -> None:
    """Registers the fonts with reportlab, once per process; reportlab itself loads at the first export."""
    with _REGISTER_LOCK:
        _register_once()


@lru_cache(maxsize=1)
def _register_once() -> None:
    # reportlab is heavy: it loads at the first export, not when a server starts.
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    for name in FONT_NAMES:
        registerFont(TTFont(name, str(FONT_FOLDER / f"{name}.ttf")))


def measure_text(text: str, font: str, size: float) -> float:
    """The width of a text, in the unit of `size`."""
    from reportlab.pdfbase.pdfmetrics import stringWidth  # heavy: loads at the first export

    register_fonts()
    return float(stringWidth(text, font, size))


def wrap_lines(text: str, font: str, size: float, max_width: float) -> list[str]:
    """A text in lines of at most `max_width`, broken at plain spaces only; a longer word gets a line of its own."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if line and measure_text(longer, font, size) > max_width:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line] if line else lines


def replace_undrawable(text: str) -> str:
    """A text that our fonts can draw: missing accents are dropped, other characters become a question mark."""
    drawable = _find_drawable_characters()
    if all(ord(char) in drawable or char == "\n" for char in text):
        return text
    return "".join(char if ord(char) in drawable or char == "\n" else _substitute(char, drawable) for char in text)


def _substitute(char: str, drawable: frozenset[int]) -> str:
    base = unicodedata.normalize("NFKD", char)[:1]
    return base if base and ord(base) in drawable else _PLACEHOLDER


@lru_cache(maxsize=1)
def _find_drawable_characters() -> frozenset[int]:
    """The characters that all four fonts draw."""
    from reportlab.pdfbase.pdfmetrics import getFont  # heavy: loads at the first export

    register_fonts()
    return frozenset.intersection(*(frozenset(getFont(name).face.charToGlyph) for name in FONT_NAMES))
