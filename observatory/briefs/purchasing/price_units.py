"""Units and names of prices on the page on purchases: full and short units, in euros and as published."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from observatory.briefs.common.units import DisplayUnit, append_unit, format_number
from observatory.catalogue.models import Indicator
from observatory.language import Localizer
from observatory.outlook.purchasing.quotes import Quote, read_quote
from observatory.typography import capitalize_first

_PER = {"fr": " par ", "en": " per "}
_SHORT_UNITS = {"tonne", "barrel", "million BTU", "megawatt-hour", "ounce", "troy ounce", "kilogram"}


def euro_indicator(indicator: Indicator, quote: Quote) -> Indicator:
    """The indicator with the unit of its price in euros, which is an amount even where a rate is published."""
    if quote.kind == "rate":
        return replace(indicator, kind="price", unit_fr=f"euros pour 1 {quote.per}", unit_en=f"euros per 1 {quote.per}")
    per_fr = indicator.unit_fr.partition(_PER["fr"])[2]
    return replace(indicator, unit_fr=f"euros par {per_fr or quote.per}", unit_en=f"euros per {quote.per}")


def short_unit(quote: Quote, unit: DisplayUnit, localizer: Localizer, *, is_converted: bool) -> str:
    """The unit as one writes it beside a figure: €/t, $/t, €/$; the noun of the unit where there is no such sign."""
    if quote.kind == "other":
        return unit.noun
    if quote.kind == "rate":
        symbol = localizer.currency_symbol(quote.per)
        return f"€/{symbol}" if is_converted else f"{symbol}/€"
    key = quote.per.replace(" ", "_").replace("-", "_").lower()
    per = localizer.text(f"purchasing.per.{key}") if quote.per in _SHORT_UNITS else localizer.typeset(quote.per)
    return f"{money_sign(quote, is_converted=is_converted)}/{per}"


def money_sign(quote: Quote, *, is_converted: bool) -> str:
    """The sign of the money in which a price is: € or $; empty for an exchange rate as published, and for an index."""
    if is_converted or quote.kind == "euros":
        return "€"
    return "$" if quote.kind == "dollars" else ""


def short_titles(indicators: Sequence[Indicator], localizer: Localizer) -> dict[str, str]:
    """The names of inputs by their ids: what stands before the comma of a title, or the name of a currency.

    The full title, where two would have the same name.
    """
    full = {row.id: localizer.field_text(row, "title") for row in indicators}
    short = {row.id: _short_title(row, full[row.id], localizer) for row in indicators}
    counts = Counter(short.values())
    return {name: title if counts[title] == 1 else full[name] for name, title in short.items()}


def price_title(indicator: Indicator, localizer: Localizer, *, is_converted: bool) -> str:
    """The title of a price; an exchange rate whose inverse is shown is the price of a currency."""
    quote = read_quote(indicator)
    if quote.kind == "rate" and is_converted:
        return capitalize_first(localizer.currency_name(quote.per))
    return localizer.field_text(indicator, "title")


def money_text(number: str, unit: str, localizer: Localizer) -> str:
    """A number with its short unit; in English the sign of the money stands before it: €3,140/t."""
    if localizer.language == "en" and unit[:1] in ("€", "$"):
        return f"{unit[0]}{number}{unit[1:]}"
    return f"{number}\u00a0{unit}" if unit else number


def _short_title(indicator: Indicator, title: str, localizer: Localizer) -> str:
    quote = read_quote(indicator)
    if quote.kind == "rate":
        return capitalize_first(localizer.currency_name(quote.per))
    return re.split(r",\s", title, maxsplit=1)[0]


def count_digits(unit: DisplayUnit) -> int:
    """Significant digits of an expected price; one more for exchange rates, which are near one."""
    return 4 if unit.is_bracketed else 3


def price_text(value: float, unit: DisplayUnit, localizer: Localizer) -> str:
    """A price or rate with its unit."""
    return append_unit(format_number(unit.convert(value), localizer, count_digits(unit)), unit.noun, unit)
