"""Series as short codes, the same in every language: alone ("airbus_deliveries.WORLD") and in lists."""

from typing import Literal

from observatory.catalogue.models import Catalogue
from observatory.settings import MOST_SERIES

BETWEEN, INSIDE = "~", "."  # of a list, of a code; both stand in an address as they are

Why = Literal["unknown", "twice", "many"]


def code_of(key: tuple[str, str, str]) -> str:
    """The code of a series: indicator, place and, where it has one, item."""
    return INSIDE.join(part for part in key if part)


def key_of(code: str) -> tuple[str, str, str]:
    """The series that a code names; without a place, an indicator alone."""
    indicator, geo, item = (*code.split(INSIDE), "", "")[:3]
    return indicator, geo, item


def listed(text: str, catalogue: Catalogue) -> tuple[str, list[tuple[Why, str]]]:
    """The codes of a list that can be used, and why each other one cannot; a comma parts them as well."""
    kept: list[str] = []
    told: list[tuple[Why, str]] = []
    for code in text.replace(",", BETWEEN).split(BETWEEN):
        named = full(code, catalogue)
        if not code:
            continue
        if not named:
            told.append(("unknown", code))
        elif named in kept:
            told.append(("twice", code))
        elif len(kept) == MOST_SERIES:
            told.append(("many", code))
        else:
            kept.append(named)
    return BETWEEN.join(kept), told


def full(code: str, catalogue: Catalogue) -> str:
    """A code in full: an indicator alone stands for its headline series; empty if it names nothing we know."""
    indicator, geo, item = key_of(code)
    row = catalogue.indicators.get(indicator)
    if row is None or code.count(INSIDE) > 2:
        return ""
    if INSIDE not in code:
        geo, item = row.headline_geo, row.headline_item
    known = geo in catalogue.geographies and (not item or item in catalogue.items)
    return code_of((indicator, geo, item)) if known else ""


def divisor(text: str, catalogue: Catalogue) -> str | None:
    """What series can be divided by: an indicator alone, to be taken at the place of each, or a series in full."""
    return text if text in catalogue.indicators else (full(text, catalogue) or None)
