"""The fonts that files are drawn with: shipped as TrueType, registered once, measured here."""

import unicodedata
from functools import lru_cache
from pathlib import Path
from threading import Lock

FOLDER = Path(__file__).resolve().parents[1] / "fonts"
FIGURES, FIGURES_BOLD, TEXT, TEXT_BOLD = "B612-Regular", "B612-Bold", "IBMPlexSans-Regular", "IBMPlexSans-SemiBold"
NAMES = (FIGURES, FIGURES_BOLD, TEXT, TEXT_BOLD)
_REGISTERING = Lock()
_STAND_IN = "?"


def registered() -> None:
    """Makes the fonts known to the writer of PDF, once a process. It is imported here, at the first click."""
    with _REGISTERING:
        _registered()


@lru_cache(maxsize=1)
def _registered() -> None:
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    for name in NAMES:
        registerFont(TTFont(name, str(FOLDER / f"{name}.ttf")))


def width(text: str, font: str, size: float) -> float:
    """How wide a text is, in the unit of `size`."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    registered()
    return float(stringWidth(text, font, size))


def wrapped(text: str, font: str, size: float, room: float) -> list[str]:
    """A text in lines that fit a room; spaces that hold words together do not break. A word too long stands alone."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if line and width(longer, font, size) > room:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line] if line else lines


def drawable(text: str) -> str:
    """A text without what our fonts cannot draw: accents they lack are dropped, other signs become a question mark."""
    known = _known()
    if all(ord(char) in known or char == "\n" for char in text):
        return text
    return "".join(char if ord(char) in known or char == "\n" else _plain(char, known) for char in text)


def _plain(char: str, known: frozenset[int]) -> str:
    base = unicodedata.normalize("NFKD", char)[:1]
    return base if base and ord(base) in known else _STAND_IN


@lru_cache(maxsize=1)
def _known() -> frozenset[int]:
    """The characters that all four fonts draw."""
    from reportlab.pdfbase.pdfmetrics import getFont

    registered()
    return frozenset.intersection(*(frozenset(getFont(name).face.charToGlyph) for name in NAMES))
