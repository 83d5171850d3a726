"""Fonts of exported files: shipped as TrueType, registered once per process, and text measurement."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from threading import Lock

FONT_FOLDER = Path(__file__).resolve().parents[1] / "fonts"
FIGURE_FONT, FIGURE_FONT_BOLD, TEXT_FONT, TEXT_FONT_BOLD = (
    "B612-Regular",
    "B612-Bold",
    "IBMPlexSans-Regular",
    "IBMPlexSans-SemiBold",
)
HEAD_FONT = "Newsreader-SemiBold"  # of headings; other texts never need its letters
FONT_NAMES = (FIGURE_FONT, FIGURE_FONT_BOLD, TEXT_FONT, TEXT_FONT_BOLD)
FALLBACK_FONT = "DejaVuSans-Subset"  # letters of other scripts, superscripts and signs that our fonts lack
_REGISTER_LOCK = Lock()
_PLACEHOLDER = "?"
_REGIONAL_A, _REGIONAL_Z = 0x1F1E6, 0x1F1FF  # the letters that make flags
_SKIN_TONES = range(0x1F3FB, 0x1F400)
ELLIPSIS = "\u2026"


def register_fonts() -> None:
    """Registers the fonts with reportlab, once per process; reportlab itself loads at the first export."""
    with _REGISTER_LOCK:
        _register_once()


@lru_cache(maxsize=1)
def _register_once() -> None:
    # reportlab is heavy: it loads at the first export, not when a server starts.
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    for name in (*FONT_NAMES, HEAD_FONT, FALLBACK_FONT):
        registerFont(TTFont(name, str(FONT_FOLDER / f"{name}.ttf")))


@lru_cache(maxsize=8192)  # the search for a size and for the widths of columns measures the same words many times
def measure_text(text: str, font: str, size: float) -> float:
    """The width of a text, in the unit of `size`."""
    from reportlab.pdfbase.pdfmetrics import stringWidth  # heavy: loads at the first export

    register_fonts()
    return float(sum(stringWidth(part, name, size) for name, part in split_fonts(text, font)))


def split_fonts(text: str, font: str) -> Iterator[tuple[str, str]]:
    """A text in parts, each with the font that draws it: its own, or the fallback for what our fonts lack."""
    own = _load_characters(HEAD_FONT) if font == HEAD_FONT else _find_own_characters()
    fallback = _load_characters(FALLBACK_FONT)
    is_own = [ord(char) in own or ord(char) not in fallback for char in text]
    for stays, part in groupby(zip(is_own, text, strict=True), lambda pair: pair[0]):
        yield font if stays else FALLBACK_FONT, "".join(char for _own, char in part)


def cut_text(text: str, font: str, size: float, max_width: float) -> str:
    """A text that fits a width: as it is, or its beginning and an ellipsis."""
    if measure_text(text, font, size) <= max_width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (
            (middle, high) if measure_text(text[:middle] + ELLIPSIS, font, size) <= max_width else (low, middle - 1)
        )
    return text[:low].rstrip() + ELLIPSIS


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
    """A text that our fonts can draw: missing accents are dropped, signs named, other characters a question mark."""
    drawable = _find_drawable_characters()
    if all(ord(char) in drawable or char == "\n" for char in text):
        return text
    return "".join(
        char if ord(char) in drawable or char == "\n" else _name_sign(char) or _substitute(char, drawable)
        for char in text
        if not _is_invisible(char)
    )


def name_signs(text: str) -> str:
    """A text whose emoji and other signs that our fonts cannot draw are replaced by their names: "[rocket]".

    Letters stay: the program that opens the file has fonts of its own.
    """
    if text.isascii():
        return text
    drawable = _find_drawable_characters()
    return "".join(
        char if ord(char) in drawable else _name_sign(char) or char for char in text if not _is_invisible(char)
    )


def _is_invisible(char: str) -> bool:
    """Whether a character only says how its neighbours are drawn: joiners, variants, skin tones, directions."""
    return ord(char) in _SKIN_TONES or char == "\ufe0f" or unicodedata.category(char) == "Cf"


def _name_sign(char: str) -> str:
    """The name of a sign in brackets; empty for a letter. The letters of a flag are themselves."""
    if _REGIONAL_A <= ord(char) <= _REGIONAL_Z:
        return chr(ord("A") + ord(char) - _REGIONAL_A)
    name = unicodedata.name(char, "") if unicodedata.category(char) == "So" else ""
    return f"[{name.lower()}]" if name else ""


def _substitute(char: str, drawable: frozenset[int]) -> str:
    base = unicodedata.normalize("NFKD", char)[:1]
    return base if base and ord(base) in drawable else _PLACEHOLDER


@lru_cache(maxsize=1)
def _find_drawable_characters() -> frozenset[int]:
    """The characters that our fonts or the fallback draw."""
    return _find_own_characters() | _load_characters(FALLBACK_FONT)


@lru_cache(maxsize=1)
def _find_own_characters() -> frozenset[int]:
    """The characters that all four fonts draw."""
    return frozenset.intersection(*(_load_characters(name) for name in FONT_NAMES))


@lru_cache(maxsize=8)
def _load_characters(font: str) -> frozenset[int]:
    """The characters that a font draws."""
    from reportlab.pdfbase.pdfmetrics import getFont  # heavy: loads at the first export

    register_fonts()
    return frozenset(getFont(font).face.charToGlyph)
