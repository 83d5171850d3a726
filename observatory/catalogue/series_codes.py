"""Series as short codes, the same in every language: alone ("airbus_deliveries.WORLD") and in lists."""

from typing import Literal

from observatory.catalogue.models import Catalogue
from observatory.settings import MAX_COMPARED_SERIES

SERIES_SEPARATOR, _PART_SEPARATOR = "~", "."  # of a list, of a code; both stand in an address as they are

RejectionReason = Literal["unknown", "twice", "many"]


def format_series_code(key: tuple[str, str, str]) -> str:
    """The code of a series: indicator, place and, where it has one, item."""
    return _PART_SEPARATOR.join(part for part in key if part)


def parse_series_code(code: str) -> tuple[str, str, str]:
    """The series that a code names; without a place, an indicator alone."""
    indicator, geo, item = (*code.split(_PART_SEPARATOR), "", "")[:3]
    return indicator, geo, item


def parse_series_codes(text: str, catalogue: Catalogue) -> tuple[str, list[tuple[RejectionReason, str]]]:
    """The codes of a list that can be used, and the others with their reasons; a comma separates codes too."""
    accepted: list[str] = []
    rejected: list[tuple[RejectionReason, str]] = []
    for code in text.replace(",", SERIES_SEPARATOR).split(SERIES_SEPARATOR):
        full_code = _complete_series_code(code, catalogue)
        if not code:
            continue
        if not full_code:
            rejected.append(("unknown", code))
        elif full_code in accepted:
            rejected.append(("twice", code))
        elif len(accepted) == MAX_COMPARED_SERIES:
            rejected.append(("many", code))
        else:
            accepted.append(full_code)
    return SERIES_SEPARATOR.join(accepted), rejected


def _complete_series_code(code: str, catalogue: Catalogue) -> str:
    """A code in full: an indicator alone stands for its headline series; empty if it names no known series."""
    indicator, geo, item = parse_series_code(code)
    indicator_row = catalogue.indicators.get(indicator)
    if indicator_row is None or code.count(_PART_SEPARATOR) > 2:
        return ""
    if _PART_SEPARATOR not in code:
        geo, item = indicator_row.headline_geo, indicator_row.headline_item
    is_known = geo in catalogue.geographies and (not item or item in catalogue.items)
    return format_series_code((indicator, geo, item)) if is_known else ""


def parse_divisor(text: str, catalogue: Catalogue) -> str | None:
    """A divisor of series: an indicator, taken for the geography of each series, or a full series; None if unknown."""
    return text if text in catalogue.indicators else (_complete_series_code(text, catalogue) or None)
