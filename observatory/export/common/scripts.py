"""Right-to-left scripts for programs that set glyph by glyph: Arabic letters in their joined forms, visual order."""

import re
import unicodedata
from functools import lru_cache

_FORM_RANGES = (range(0xFB50, 0xFE00), range(0xFE70, 0xFEFD))  # Unicode has each joined form as a character
_RIGHT_TO_LEFT = ("R", "AL")
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")
_LEFT_TO_RIGHT_RUN = re.compile(r"[0-9A-Za-z\u00c0-\u024f\u0660-\u0669][^\u0590-\u08ff\ufb1d-\ufefc\s]*")
_Forms = dict[str, str]


def set_visually(text: str) -> str:
    """A line with its Arabic letters joined, and its right-to-left parts in the order in which they are drawn."""
    if not any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in text):
        return text
    return "".join(_reverse(part) if turned else part for turned, part in _split_directions(join_letters(text)))


def join_letters(text: str) -> str:
    """Arabic letters in the forms that they take beside their neighbours, in the order of the text."""
    forms = _load_forms()
    letters = [char for char in text if not _is_mark(char)]
    joined: list[str] = []
    place = 0
    for char in text:
        if _is_mark(char):
            joined.append(char)
            continue
        before = letters[place - 1] if place else ""
        after = letters[place + 1] if place + 1 < len(letters) else ""
        joined.append(_choose_form(char, forms, before, after))
        place += 1
    return "".join(joined)


def _choose_form(char: str, forms: dict[str, _Forms], before: str, after: str) -> str:
    own = forms.get(char, {})
    follows = "initial" in forms.get(before, {}) and "final" in own
    leads = "initial" in own and "final" in forms.get(after, {})
    name = "medial" if follows and leads else "final" if follows else "initial" if leads else "isolated"
    return own.get(name, char)


@lru_cache(maxsize=1)
def _load_forms() -> dict[str, _Forms]:
    """The joined forms of each Arabic letter, from the decompositions of Unicode."""
    forms: dict[str, _Forms] = {}
    for code in (code for part in _FORM_RANGES for code in part):
        kind, _, base = unicodedata.decomposition(chr(code)).partition(" ")
        if len(base) == 4 and kind.startswith("<"):
            forms.setdefault(chr(int(base, 16)), {}).setdefault(kind.strip("<>"), chr(code))
    return forms


def _is_mark(char: str) -> bool:
    return unicodedata.category(char) == "Mn"


def _split_directions(text: str) -> list[tuple[bool, str]]:
    """Parts of a line, each with whether it runs from right to left: from a first such letter to a last one."""
    parts: list[tuple[bool, str]] = []
    start, last = -1, 0
    done = 0
    for place, char in enumerate(text):
        kind = unicodedata.bidirectional(char)
        if kind in _RIGHT_TO_LEFT:
            start, last = (place if start < 0 else start), place + 1
        elif kind == "L" and start >= 0:
            parts += [(False, text[done:start]), (True, text[start:last])]
            done, start = last, -1
    if start >= 0:
        parts += [(False, text[done:start]), (True, text[start:last])]
        done = last
    return [*parts, (False, text[done:])]


def _reverse(text: str) -> str:
    """A right-to-left part as it is drawn: letters reversed with marks, numbers as they are, brackets mirrored."""
    pieces: list[str] = []
    for run in re.split(f"({_LEFT_TO_RIGHT_RUN.pattern})", text):
        if _LEFT_TO_RIGHT_RUN.fullmatch(run):
            pieces.append(run)
            continue
        for char in run.translate(_MIRRORED):
            if _is_mark(char) and pieces:
                pieces[-1] += char
            else:
                pieces.append(char)
    return "".join(reversed(pieces))
