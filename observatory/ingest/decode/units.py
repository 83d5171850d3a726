"""Units as heads of columns say them: a power of ten and a currency, beside what the catalogue expects."""

import re

from observatory.catalogue.models import Indicator

UNIT_HEADERS = ("unité", "unités", "unit", "units")
_BRACKETED_UNIT = re.compile(r"[(\[](?P<unit>[^()\[\]]+)[)\]]\s*$")
_MONEY = r"[€$£]|eur\b|usd\b"
_POWER_PATTERNS = (
    (9, re.compile(r"\b(?:milliards?|billions?|bn|mrds?|mds?)\b")),
    (6, re.compile(rf"\b(?:millions?\b|mio\b|m(?=\s?(?:{_MONEY})))")),
    (3, re.compile(rf"\b(?:milliers?\b|thousands?\b|k(?=\s?(?:{_MONEY})))")),
)
_CURRENCY_PATTERNS = (re.compile(r"€|eur\b|\beuros?\b"), re.compile(r"\$|usd\b|\bdollars?\b"), re.compile(r"£|gbp\b"))
_GENERIC_UNITS = frozenset(("unité", "unités", "unites", "units", "nombre", "number"))


def parse_bracketed_unit(header: str) -> str:
    """The unit that the head of a column says at its end, as in "Valeur (M€)"; empty if it says none."""
    found = _BRACKETED_UNIT.search(header)
    return found["unit"].strip() if found else ""


def is_unit_of(unit: str, indicator: Indicator) -> bool:
    """Whether a text is a unit in which an indicator could be given, be it in another power of ten."""
    text, ours = _normalize(unit), {_normalize(indicator.unit_fr), _normalize(indicator.unit_en)}
    return text in _GENERIC_UNITS | ours or bool(_find_currencies(text)) or _find_power(text) > 0


def is_unit_mismatch(unit: str, indicator: Indicator) -> bool:
    """Whether a text says another power of ten or currency than the unit of an indicator, or per cent where it is none.

    What says neither an amount of money nor a power of ten (CVS, base 100) says nothing of it.
    """
    text, ours = _normalize(unit), _normalize(indicator.unit_en)
    if text in {_normalize(indicator.unit_fr), ours}:
        return False
    if "%" in text:
        return "%" not in ours
    money, known = _find_currencies(text), _find_currencies(ours)
    return bool(known and money - known) or (
        bool(money or _find_power(text)) and _find_power(text) != _find_power(ours)
    )


def _normalize(text: str) -> str:
    return " ".join(text.casefold().replace("\u2019", "'").split())


def _find_currencies(text: str) -> set[int]:
    return {place for place, pattern in enumerate(_CURRENCY_PATTERNS) if pattern.search(text)}


def _find_power(text: str) -> int:
    return next((power for power, pattern in _POWER_PATTERNS if pattern.search(text)), 0)
