"""How an input is quoted: in dollars, in euros, as an exchange rate, or not in money; what it costs in euros."""

import re
from dataclasses import dataclass
from typing import Literal

from observatory.catalogue.models import Indicator
from observatory.timeseries import FloatArray

DOLLAR_RATE = "eur_usd"
QuoteKind = Literal["dollars", "euros", "rate", "other"]
_DOLLARS = re.compile(r"(?:current )?(?:US dollars|USD) per (?P<per>.+)")
_EUROS = re.compile(r"(?:current )?(?:euros|EUR) per (?P<per>.+)")
_RATE = re.compile(r"(?P<per>[A-Z]{3}) per 1 EUR")


@dataclass(frozen=True)
class Quote:
    """How an input is quoted; `per` is what one pays for, in English ("tonne"), or the currency of an exchange rate.

    "other" is an index, or a price in another currency: it cannot be put in euros.
    """

    kind: QuoteKind
    per: str = ""

    @property
    def is_convertible(self) -> bool:
        """Whether its price in euros differs from what is published, and can be computed."""
        return self.kind in ("dollars", "rate")


def read_quote(indicator: Indicator) -> Quote:
    """The quotation of an input, from its unit in the catalogue."""
    patterns: tuple[tuple[QuoteKind, re.Pattern[str]], ...] = (("rate", _RATE), ("dollars", _DOLLARS), ("euros", _EUROS))
    for kind, pattern in patterns:
        match = pattern.fullmatch(indicator.unit_en.strip())
        if match:
            return Quote(kind, match["per"])
    return Quote("other")


def convert_to_euros(kind: QuoteKind, values: FloatArray, dollars_per_euro: FloatArray) -> FloatArray:
    """What an input costs in euros: a price in dollars by the rate, a currency its inverse; the rest is unchanged."""
    if kind == "dollars":
        return values / dollars_per_euro
    return 1 / values if kind == "rate" else values
