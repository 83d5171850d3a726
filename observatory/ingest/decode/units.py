"""Units in headers of columns: power of ten and currency, compared with those of the catalogue."""

import re
from functools import lru_cache

from observatory.catalogue.models import Indicator

_BRACKETED_UNIT = re.compile(r"[(\[](?P<unit>[^()\[\]]+)[)\]]\s*$")
_MONEY = r"[€$£]|eur\b|usd\b"
_POWER_PATTERNS = (
    (9, re.compile(r"\b(?:milliards?|billions?|bn|mrds?|mds?)\b")),
    (6, re.compile(rf"\b(?:millions?\b|mio\b|m(?=\s?(?:{_MONEY})))")),
    (3, re.compile(rf"\b(?:milliers?\b|thousands?\b|ths\b|k(?=\s?(?:{_MONEY})))")),
)
_CURRENCY_PATTERNS = (re.compile(r"€|eur\b|\beuros?\b"), re.compile(r"\$|usd\b|\bdollars?\b"), re.compile(r"£|gbp\b"))
_PERCENT = re.compile(r"%|\bp(?:c|ct|ercent(?:age)?|er cent|our ?cent|ourcentage)\b|\bprozent\b")
_PER = re.compile(r"\bp(?:er|ar)\b|\bpour (?:un|mille|1)\b|/")
_GENERIC_UNITS = frozenset(("unité", "unités", "unites", "units", "nombre", "number"))


def parse_bracketed_unit(header: str) -> str:
    """The unit in brackets at the end of a header, as in "Valeur (M€)"; empty if there is none."""
    match = _BRACKETED_UNIT.search(header)
    return match["unit"].strip() if match else ""


def is_unit_of(unit: str, indicator: Indicator) -> bool:
    """Whether a text is a possible unit of an indicator, perhaps in another power of ten."""
    text, own_units = _normalize(unit), {_normalize(indicator.unit_fr), _normalize(indicator.unit_en)}
    return text in _GENERIC_UNITS | own_units or bool(_find_currencies(text)) or _find_power(text) > 0


def is_unit_mismatch(unit: str, indicator: Indicator) -> bool:
    """Whether a unit differs from that of an indicator in its power of ten, its currency or per cent.

    A text without currency, power of ten and per cent (CVS, base 100) does not differ.
    """
    if not unit:
        return False
    text, own_unit = _normalize(unit), _normalize(indicator.unit_en)
    if text in {_normalize(indicator.unit_fr), own_unit}:
        return False
    if _PERCENT.search(text):
        return "%" not in own_unit
    currencies, own_currencies = _find_currencies(text), _find_currencies(own_unit)
    return bool(own_currencies and currencies - own_currencies) or (
        bool(currencies or _find_power(text)) and _find_power(text) != _find_power(own_unit)
    )


def is_currency_mismatch(unit: str, indicator: Indicator) -> bool:
    """Whether a unit names another currency than that of an indicator."""
    own_currencies = _find_currencies(_normalize(indicator.unit_en))
    return bool(own_currencies and _find_currencies(_normalize(unit)) - own_currencies)


@lru_cache(maxsize=1024)
def find_leading_power(unit: str) -> int:
    """The power of ten of a unit: 6 for millions of euros, 0 for researchers per million people."""
    return _find_power(_normalize(unit))


def is_amount(indicator: Indicator) -> bool:
    """Whether figures of an indicator are counts or sums, which a power of ten may be said of: no ratio, no index."""
    unit = _normalize(indicator.unit_en)
    is_relative = "%" in unit or unit.startswith("index") or _PER.search(unit) is not None
    return indicator.kind in ("flow", "stock") and not is_relative


def _normalize(text: str) -> str:
    return " ".join(text.casefold().replace("\u2019", "'").replace("_", " ").split())


def _find_currencies(text: str) -> set[int]:
    return {place for place, pattern in enumerate(_CURRENCY_PATTERNS) if pattern.search(text)}


def _find_power(text: str) -> int:
    amount = _PER.split(text, maxsplit=1)[0]  # what is counted, not what it is divided by
    return next((power for power, pattern in _POWER_PATTERNS if pattern.search(amount)), 0)
