"""Published values as figures: numbers and periods as publishers write them, sums, complete months, zeros."""

import calendar
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from observatory.catalogue.periods import Frequency, ordinal_to_period, parse_frequency, period_to_ordinal
from observatory.catalogue.recipes import RecipeSeries, RefreshRecipe
from observatory.errors import SourceError
from observatory.settings import MAX_ECHOED_CHARS
from observatory.sources.model import DataPoint

ValuesByPeriod = dict[str, Decimal]
ValuesByKey = dict[str, ValuesByPeriod]

_MONTH_NAMES = "janfebmaraprmayjunjulaugsepoctnovdec"
MONTHS = {_MONTH_NAMES[3 * k : 3 * k + 3]: k + 1 for k in range(12)}
_MISSING = {"", ".", "..", "…", ":", "-", "nan", "na", "n/a", "null", "none", "not available"}
_NUMBER = re.compile(r"[+-]?\d{1,25}(?:\.\d{1,25})?(?:[eE][+-]?\d{1,2})?", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})*(?:\.\d+)?", re.ASCII)
_PERIODS = (
    re.compile(r"(?P<year>[12]\d{3})-?(?P<month>0[1-9]|1[0-2])", re.ASCII),  # 2026-05, 202605
    re.compile(r"(?P<year>[12]\d{3})-(?P<month>0[1-9]|1[0-2])-\d\d(?:[T ][\d:.Z+]*)?", re.ASCII),  # 2026-05-01
    re.compile(r"(?P<year>[12]\d{3})M(?P<month>0[1-9]|1[0-2])", re.ASCII),  # 1960M01
    re.compile(r"(?P<name>[A-Za-z]{3})-(?P<year>[12]\d{3})", re.ASCII),  # Jan-2026
    re.compile(r"(?P<year>[12]\d{3})-?Q(?P<quarter>[1-4])", re.ASCII),  # 2026Q1
    re.compile(r"(?P<year>[12]\d{3})", re.ASCII),
)


def parse_value(text: object, *, has_thousands: bool = False, has_decimal_comma: bool = False) -> Decimal | None:
    """A published number; None where the publisher says that there is none. Anything else is refused."""
    if isinstance(text, Decimal) and text.is_finite() and abs(text.adjusted()) < 30:
        return text
    word = str("" if text is None else text).strip().replace("\u202f", "").replace("\xa0", "")
    if word.lower() in _MISSING:
        return None
    if has_decimal_comma:
        word = word.replace(",", ".")
    if has_thousands and _THOUSANDS.fullmatch(word):
        word = word.replace(",", "")
    if not _NUMBER.fullmatch(word):
        raise SourceError("error.source.value", value=word[:MAX_ECHOED_CHARS])
    return Decimal(word)


def parse_period(text: object, frequency: Frequency) -> str:
    """A period as publishers write it, in our form. Refuses one of another frequency."""
    word = str(text).strip()
    for pattern in _PERIODS:
        match = pattern.fullmatch(word)
        if match is None:
            continue
        parts = match.groupdict()
        if parts.get("name"):
            parts["month"] = f"{MONTHS.get(parts['name'].lower(), 0):02d}"
        month, quarter = parts.get("month"), parts.get("quarter")
        period = f"{parts['year']}-{month}" if month else f"{parts['year']}-Q{quarter}" if quarter else parts["year"]
        if parse_frequency(period) == frequency:
            return period
    raise SourceError("error.source.period", value=word[:MAX_ECHOED_CHARS], frequency=frequency)


def add_value(values: ValuesByKey, key: str, period: str, value: Decimal | None) -> None:
    """Adds a value; None leaves the period out. Refuses a period that has another value already."""
    periods = values.setdefault(key, {})
    if value is None:
        return
    if periods.setdefault(period, value) != value:
        raise SourceError("error.source.twice", series=key[:MAX_ECHOED_CHARS], period=period)


def build_figures(
    recipe: RefreshRecipe, values: Mapping[str, ValuesByPeriod], *, has_parts: bool = True
) -> list[DataPoint]:
    """The figures of all series of a recipe from the values by the publisher's key; parts of a key are added up."""
    figures: list[DataPoint] = []
    if not any(values.values()):
        raise SourceError("error.source.no_figures", series=recipe.series[0].key[:MAX_ECHOED_CHARS])
    for series in recipe.series:
        parts = series.key.split("+") if has_parts else [series.key]
        for part in parts:
            if part not in values:
                raise SourceError("error.source.series", series=part[:MAX_ECHOED_CHARS], seen=_list_some(values))
        shared = set.intersection(*(set(values[part]) for part in parts))
        rows = ((period, sum((values[part][period] for part in parts), Decimal(0))) for period in shared)
        selected = sorted(_select(recipe, series, rows))
        if not selected:
            raise SourceError("error.source.no_figures", series=series.key[:MAX_ECHOED_CHARS])
        figures += [DataPoint(series.geo, series.item, period, value) for period, value in selected]
    return figures


def _select(
    recipe: RefreshRecipe, series: RecipeSeries, rows: Iterable[tuple[str, Decimal]]
) -> Iterable[tuple[str, Decimal]]:
    """The periods that the recipe takes, rounded as it says."""
    first, last = series.skip.split("/") if series.skip else ("", "")
    exponent = None if recipe.decimals is None else Decimal(1).scaleb(-recipe.decimals)
    for period, value in rows:
        is_outside = (recipe.first and period < recipe.first) or (recipe.last and period > recipe.last)
        if not is_outside and not (first and first <= period <= last):
            yield period, value if exponent is None else value.quantize(exponent, ROUND_HALF_EVEN)


def _list_some(values: Iterable[str]) -> str:
    return ", ".join(sorted(values)[:8])[: 3 * MAX_ECHOED_CHARS]


def sum_complete_months(days: Mapping[date, Decimal]) -> ValuesByPeriod:
    """Monthly sums of daily values; a month that lacks a day is left out."""
    months: dict[tuple[int, int], list[Decimal]] = defaultdict(list)
    for day, value in days.items():
        months[day.year, day.month].append(value)
    return {
        f"{year:04d}-{month:02d}": sum(values, Decimal(0))
        for (year, month), values in months.items()
        if len(values) == calendar.monthrange(year, month)[1]
    }


def fill_zeros(values: ValuesByPeriod, frequency: Frequency, first: str, last: str) -> ValuesByPeriod:
    """The values with zeros for the periods from `first` (that of the first value, if empty) to `last`."""
    if not values and not first:
        return {}
    start, end = period_to_ordinal(first or min(values)), period_to_ordinal(last)
    periods: Sequence[str] = [ordinal_to_period(ordinal, frequency) for ordinal in range(start, end + 1)]
    return {period: values.get(period, Decimal(0)) for period in periods}


def last_complete_period(day: date, frequency: Frequency) -> str:
    """The last period that had ended before a day."""
    months = {"M": 1, "Q": 3, "A": 12}[frequency]
    ordinal = (day.year * 12 + day.month - 1) // months - 1
    return ordinal_to_period(ordinal, frequency)
