"""Data model of the feed: what a reader follows, and its form in an address."""

from collections.abc import Container
from dataclasses import dataclass
from urllib.parse import urlencode

from observatory.briefs.common.number_input import format_ungrouped, parse_possible_numbers
from observatory.catalogue.models import Catalogue
from observatory.catalogue.series_codes import (
    SERIES_SEPARATOR,
    format_series_code,
    parse_series_code,
    parse_series_codes,
)
from observatory.language import Language
from observatory.timeseries import SeriesKey

FEED_PATH = "/feed.atom"
MAX_THRESHOLDS = 20  # of one feed
_THOUSANDS_DIGITS = 3  # decimals that a reader of another language could take for thousands


@dataclass(frozen=True)
class Threshold:
    """A level that a series may pass, in the unit of its indicator; `value` is a decimal number as links write it."""

    key: SeriesKey
    is_above: bool
    value: str

    @property
    def level(self) -> float:
        """The level as a number."""
        return float(self.value)

    def format(self, catalogue: Catalogue) -> str:
        """The threshold as an address writes it: "brent_price>90"; a headline series goes by its indicator."""
        row = catalogue.indicators[self.key[0]]
        is_headline = self.key[1:] == (row.headline_geo, row.headline_item)
        code = row.id if is_headline else format_series_code(self.key)
        # Three decimals could be thousands in another language; four cannot.
        is_ambiguous = len(self.value.partition(".")[2]) == _THOUSANDS_DIGITS
        return f"{code}{'>' if self.is_above else '<'}{self.value}{'0' if is_ambiguous else ''}"


@dataclass(frozen=True)
class FeedFilter:
    """What a feed is narrowed to; a publication is in it if any part of it happened. An empty one: everything.

    `flips` asks for the calls of all markets, `segment` for those of one.
    """

    segment: str = ""
    indicator: str = ""
    flips: bool = False
    thresholds: tuple[Threshold, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.segment or self.indicator or self.flips or self.thresholds)


class ThresholdError(Exception):
    """A threshold that cannot be read: the key of a message, and its values."""

    def __init__(self, key: str, **values: str) -> None:
        super().__init__(key)
        self.key, self.values = key, values


def parse_threshold(text: str, catalogue: Catalogue, series: Container[SeriesKey], language: Language) -> Threshold:
    """A threshold such as "brent_price>90" or "airbus_deliveries.WORLD<60", its number in the marks of a language.

    `series` are those that have figures. Raises ThresholdError for another form, an unknown series, a number that is
    none or may be two.
    """
    side = next((char for char in text if char in "<>"), "")
    name, _, number = text.partition(side) if side else (text, "", "")
    name = name.strip()
    if not side or not name or not number.strip():
        raise ThresholdError("threshold_form", value=text)
    key = _find_series(name, catalogue)
    if key is None or ("." in name and key not in series):
        raise ThresholdError("threshold_series", value=name)
    readings = parse_possible_numbers(number, language)
    if not readings:
        raise ThresholdError("threshold_number", value=number.strip())
    if len(readings) > 1:
        known = ", ".join(f"{name}{side}{format_ungrouped(reading, language)}" for reading in readings)
        raise ThresholdError("threshold_ambiguous", value=number.strip(), known=known)
    return Threshold(key, side == ">", readings[0])


def _find_series(name: str, catalogue: Catalogue) -> SeriesKey | None:
    if SERIES_SEPARATOR in name or "," in name:
        return None
    accepted, _rejected = parse_series_codes(name, catalogue)
    return parse_series_code(accepted) if accepted else None


def format_feed_query(feed_filter: FeedFilter, catalogue: Catalogue, language: Language) -> str:
    """The query of a feed."""
    pairs = [("lang", str(language))]
    pairs += [(name, getattr(feed_filter, name)) for name in ("segment", "indicator") if getattr(feed_filter, name)]
    pairs += [("flips", "1")] if feed_filter.flips else []
    pairs += [("threshold", row.format(catalogue)) for row in feed_filter.thresholds]
    return urlencode(pairs)


def format_feed_url(feed_filter: FeedFilter, catalogue: Catalogue, language: Language, site: str = "") -> str:
    """The address of a feed; without a site, within it."""
    return f"{site}{FEED_PATH}?{format_feed_query(feed_filter, catalogue, language)}"
