"""Values of a link, each read from its text: None for one that cannot be used."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from observatory.catalogue.models import ROLES, Catalogue
from observatory.catalogue.periods import FREQUENCIES
from observatory.catalogue.series_codes import parse_divisor
from observatory.selection.model import (
    AREAS,
    CURRENCIES,
    DATE_PATTERN,
    EDITION_PATTERN,
    MEASURES,
    MODES,
    SCENARIOS,
    STATES,
    THRESHOLD_SIDES,
    UNITS,
    VALID_YEARS,
    VIEWS,
)
from observatory.settings import HORIZONS, INTERVAL_LEVELS

MAX_FIND_CHARS = 60  # of a search for indicators
MAX_BASKET_SHARES = 12  # of a basket
_VALID_EDITIONS = range(1, 1_000_000)
SCREEN_CODES = (
    "o",
    "p",
    "t",
)  # of a meeting: overview, the reader's own markets, track record; a market has its own id
NOTE_SCREEN = "n"  # of a meeting: the cluster's notes on the whole; "n-space" are those on a market
MAX_SCREENS = 26  # every segment and its notes, the three others, and the notes on the whole
_DECIMAL_PATTERN = re.compile(r"(?:0|[1-9]\d{0,14})(?:\.\d{1,18})?", re.ASCII)
_MONTH_COUNT_PATTERN = re.compile(r"[1-9]\d?", re.ASCII)
_YEAR_MONTH_PATTERN = re.compile(r"20\d{2}-(?:0[1-9]|1[0-2])", re.ASCII)
_SHARE_PATTERN = re.compile(r"([a-z][a-z0-9_]*):([1-9]\d{0,2})", re.ASCII)
_WORD_PATTERN = re.compile("[0-9A-Za-zÀ-ÖØ-öø-ɏ]+")


def _choice_parser(allowed: Sequence[str]) -> Callable[[str, Catalogue], str | None]:
    return lambda text, _catalogue: text if text in allowed else None


def _integer_parser(allowed: Sequence[int]) -> Callable[[str, Catalogue], int | None]:
    return lambda text, _catalogue: (
        int(text) if re.fullmatch(r"0|[1-9]\d{0,5}", text, re.ASCII) and int(text) in allowed else None
    )


def _catalogue_id_parser(collection: str) -> Callable[[str, Catalogue], str | None]:
    return lambda text, catalogue: text if text in getattr(catalogue, collection) else None


def _parse_screens(text: str, catalogue: Catalogue) -> str | None:
    codes = text.split(".")
    are_known = all(
        code in SCREEN_CODES or code in catalogue.segments or find_note_market(code) in ("", *catalogue.segments)
        for code in codes
    )
    return text if are_known and len(codes) <= MAX_SCREENS else None


def find_note_market(code: str) -> str | None:
    """The market whose notes a screen of a meeting shows, empty for those on the whole; None for another screen."""
    mark, hyphen, segment = code.partition("-")
    return segment if mark == NOTE_SCREEN and bool(hyphen) == bool(segment) else None


def _parse_as_of(text: str, _catalogue: Catalogue) -> str | None:
    if EDITION_PATTERN.fullmatch(text):
        return text
    match = DATE_PATTERN.fullmatch(text)
    if match is None or int(match[1]) not in VALID_YEARS:
        return None
    try:
        date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return None
    return text


def _parse_threshold(text: str, _catalogue: Catalogue) -> str | None:
    return text if _DECIMAL_PATTERN.fullmatch(text) and float(text) > 0 else None


def parse_find(text: str) -> str:
    """The Latin words of a search, without marks: links that mail has mangled lose marks, never letters or figures."""
    return " ".join(_WORD_PATTERN.findall(unicodedata.normalize("NFC", text)))[:MAX_FIND_CHARS].rstrip()


def _parse_find(text: str, _catalogue: Catalogue) -> str | None:
    return parse_find(text) or None


def _parse_deadline(text: str, _catalogue: Catalogue) -> str | None:
    return text if _MONTH_COUNT_PATTERN.fullmatch(text) or _YEAR_MONTH_PATTERN.fullmatch(text) else None


def parse_basket(basket: str) -> dict[str, int]:
    """The shares that a basket gives, by short name, in its order; empty if it is not written as one."""
    shares: dict[str, int] = {}
    for part in basket.split(",") if basket else ():
        match = _SHARE_PATTERN.fullmatch(part)
        if match is None or match[1] in shares or len(shares) >= MAX_BASKET_SHARES:
            return {}
        shares[match[1]] = int(match[2])
    return shares


def format_basket(shares: Mapping[str, int]) -> str:
    """Shares as an address writes them; what is nothing is left out."""
    return ",".join(f"{name}:{share}" for name, share in shares.items() if share > 0)


def _check_basket(text: str, _catalogue: Catalogue) -> str | None:
    return text if parse_basket(text) else None


PARSERS: Mapping[str, Callable[[str, Catalogue], Any]] = {
    "lang": _choice_parser(("fr", "en")),
    "segment": _catalogue_id_parser("segments"),
    "indicator": _catalogue_id_parser("indicators"),
    "geo": _catalogue_id_parser("geographies"),
    "item": _catalogue_id_parser("items"),
    "horizon": _integer_parser(HORIZONS),
    "first": _integer_parser(VALID_YEARS),
    "last": _integer_parser(VALID_YEARS),
    "unit": _choice_parser(UNITS),
    "scenario": _choice_parser(SCENARIOS),
    "level": _integer_parser(INTERVAL_LEVELS),
    "asof": _parse_as_of,
    "after": _integer_parser((1,)),
    "mode": _choice_parser(MODES),
    "since": _integer_parser(_VALID_EDITIONS),
    "until": _integer_parser(_VALID_EDITIONS),
    "draft": _integer_parser(_VALID_EDITIONS),
    "per": parse_divisor,
    "base": _integer_parser(VALID_YEARS),
    "measure": _choice_parser(MEASURES),
    "screens": _parse_screens,
    "screen": _integer_parser(range(MAX_SCREENS + 1)),
    "threshold": _parse_threshold,
    "side": _choice_parser(THRESHOLD_SIDES),
    "by": _parse_deadline,
    "basket": _check_basket,
    "currency": _choice_parser(CURRENCIES),
    "view": _choice_parser(VIEWS),
    "find": _parse_find,
    "role": _choice_parser(ROLES),
    "freq": _choice_parser(FREQUENCIES),
    "state": _choice_parser(STATES),
    "area": _choice_parser(AREAS),
}
