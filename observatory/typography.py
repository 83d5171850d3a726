"""Typography: spaces and signs of a language, and text that is safe to print."""

import re
from typing import Literal

NARROW_NBSP = "\u202f"  # narrow no-break space
NBSP = "\u00a0"  # no-break space
MINUS = "\u2212"
_UNIT_WORDS = (
    "%|€|Md€|M€|Md\\$|M\\$|ans?|années?|mois|trimestres?|avis|fois|chances?|points?|marchés?|indicateurs?|valeurs?|"
    "séries?|milliards?|millions?|milliers?|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|"
    "novembre|décembre|savoir-faire"
)
_BEFORE_UNIT = re.compile(rf"(?<=\d) (?=(?:{_UNIT_WORDS})(?!\w))")
_AFTER_NUMERO = re.compile(r"(?<=n°) (?=\d)")
_BEFORE_HIGH_PUNCTUATION = re.compile(r" (?=[;!?])")
_BEFORE_COLON = re.compile(r" (?=:(?:\s|$))")
_QUOTED_TEXT = re.compile(r'"([^"]*)"')


def typeset(text: str, language: Literal["fr", "en"]) -> str:
    """Typography for a page, slide or drawing: upgrades the spaces, apostrophes and quotes that are there.

    It never inserts a space, so codes and addresses are safe; twice is the same as once.
    """
    text = text.replace("'", "\u2019")
    if language == "en":
        return _QUOTED_TEXT.sub("\u201c\\1\u201d", text)
    text = text.replace("\u00ab ", "\u00ab" + NBSP).replace(" \u00bb", NBSP + "\u00bb")
    text = _BEFORE_COLON.sub(NBSP, _BEFORE_HIGH_PUNCTUATION.sub(NARROW_NBSP, text))
    return _AFTER_NUMERO.sub(NBSP, _BEFORE_UNIT.sub(NBSP, text))


def sanitize_text(text: str, max_chars: int) -> str:
    """Typed text on one line, without invisible characters: controls, and marks that reverse or hide text."""
    seen = (char if char.isprintable() else " " if char.isspace() else "" for char in text[: 4 * max_chars])
    return " ".join("".join(seen).split())[:max_chars].strip()


def escape_unprintable(text: str, max_chars: int) -> str:
    """The beginning of an untrusted text, its invisible characters written as their codes."""
    shown = (
        char if char.isprintable() else f"\\x{ord(char):02x}" if ord(char) < 256 else f"\\u{ord(char):04x}"
        for char in text[:max_chars]
    )
    return "".join(shown)[:max_chars]


def capitalize_first(text: str) -> str:
    """A text with a capital first letter; unlike `str.capitalize`, the others keep their case."""
    return text[:1].upper() + text[1:]


def lowercase_first(text: str) -> str:
    """A text with a small first letter, the others as they are."""
    return text[:1].lower() + text[1:]
