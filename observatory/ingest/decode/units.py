"""Units as heads of columns say them: a power of ten and a currency, beside what the catalogue expects."""

import re

from observatory.catalogue.models import Indicator

UNIT_HEADS = ("unité", "unités", "unit", "units")
_SAID = re.compile(r"[(\[](?P<unit>[^()\[\]]+)[)\]]\s*$")
_MONEY = r"[€$£]|eur\b|usd\b"
_POWERS = (
    (9, re.compile(r"\b(?:milliards?|billions?|bn|mrds?|mds?)\b")),
    (6, re.compile(rf"\b(?:millions?\b|mio\b|m(?=\s?(?:{_MONEY})))")),
    (3, re.compile(rf"\b(?:milliers?\b|thousands?\b|k(?=\s?(?:{_MONEY})))")),
)
_CURRENCIES = (re.compile(r"€|eur\b|\beuros?\b"), re.compile(r"\$|usd\b|\bdollars?\b"), re.compile(r"£|gbp\b"))
_PLAIN = frozenset(("unité", "unités", "unites", "units", "nombre", "number"))


def in_brackets(head: str) -> str:
    """The unit that the head of a column says at its end, as in "Valeur (M€)"; empty if it says none."""
    found = _SAID.search(head)
    return found["unit"].strip() if found else ""


def of_indicator(said: str, indicator: Indicator) -> bool:
    """Whether a text is a unit in which an indicator could be given, be it in another power of ten."""
    text, ours = _folded(said), {_folded(indicator.unit_fr), _folded(indicator.unit_en)}
    return text in _PLAIN | ours or bool(_currencies(text)) or _power(text) > 0


def differs(said: str, indicator: Indicator) -> bool:
    """Whether a text says another power of ten or currency than the unit of an indicator, or per cent where it is none.

    What says neither an amount of money nor a power of ten (CVS, base 100) says nothing of it.
    """
    text, ours = _folded(said), _folded(indicator.unit_en)
    if text in {_folded(indicator.unit_fr), ours}:
        return False
    if "%" in text:
        return "%" not in ours
    money, known = _currencies(text), _currencies(ours)
    return bool(known and money - known) or (bool(money or _power(text)) and _power(text) != _power(ours))


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("\u2019", "'").split())


def _currencies(text: str) -> set[int]:
    return {place for place, pattern in enumerate(_CURRENCIES) if pattern.search(text)}


def _power(text: str) -> int:
    return next((power for power, pattern in _POWERS if pattern.search(text)), 0)
