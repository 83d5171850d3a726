"""The fonts that files are drawn with: shipped as TrueType, registered once, measured here."""

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
    """Makes the fonts known to the writer of PDF, once a process. It is imported here, at the first click."""
    with _REGISTER_LOCK:
        _register_once()


@lru_cache(maxsize=1)
def _register_once() -> None:
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    for name in FONT_NAMES:
        registerFont(TTFont(name, str(FONT_FOLDER / f"{name}.ttf")))


def measure_text(text: str, font: str, size: float) -> float:
    """How wide a text is, in the unit of `size`."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    register_fonts()
    return float(stringWidth(text, font, size))


def wrap_lines(text: str, font: str, size: float, max_width: float) -> list[str]:
    """A text in lines that fit a room; spaces that hold words together do not break. A word too long stands alone."""
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
    """A text without what our fonts cannot draw: accents they lack are dropped, other signs become a question mark."""
    known = _find_drawable_characters()
    if all(ord(char) in known or char == "\n" for char in text):
        return text
    return "".join(char if ord(char) in known or char == "\n" else _substitute(char, known) for char in text)


def _substitute(char: str, drawable: frozenset[int]) -> str:
    base = unicodedata.normalize("NFKD", char)[:1]
    return base if base and ord(base) in drawable else _PLACEHOLDER


@lru_cache(maxsize=1)
def _find_drawable_characters() -> frozenset[int]:
    """The characters that all four fonts draw."""
    from reportlab.pdfbase.pdfmetrics import getFont

    register_fonts()
    return frozenset.intersection(*(frozenset(getFont(name).face.charToGlyph) for name in FONT_NAMES))
