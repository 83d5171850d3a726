"""The series of a comparison: which ones, and divided by what."""

from collections.abc import Sequence
from dataclasses import dataclass

from observatory.briefs.common.context import Context
from observatory.briefs.common.levels import GDP_INDICATOR
from observatory.briefs.common.series_names import format_series_name
from observatory.catalogue.series_codes import format_series_code, parse_series_code
from observatory.outlook.analysis.yearly_series import YearlySeries, build_yearly_series, divide_series
from observatory.timeseries import SeriesKey

# A value chain: traffic, the aircraft it needs, the parts that these need.
DEFAULT_SERIES = (
    "world_passenger_kilometres.WORLD",
    "airliner_deliveries_airbus_boeing.WORLD",
    "us_aerospace_production.USA",
)


@dataclass(frozen=True)
class ComparedLines:
    """The chosen series and their lines, notices of what has no figure, and the year that forecasts extend to."""

    keys: Sequence[SeriesKey]
    lines: Sequence[YearlySeries]
    notices: Sequence[str]
    until_year: int


def choose_series(context: Context) -> tuple[list[SeriesKey], list[str]]:
    """The series to compare, and a notice for each series of the selection without a figure in this edition."""
    outlook = context.outlook
    keys = [key for key in context.selection.series_keys if key in outlook.panel]
    notices = [
        context.localizer.text("compare.absent", series=format_series_name(context, key))
        for key in context.selection.series_keys
        if key not in outlook.panel and key[0] in outlook.catalogue.indicators
    ]
    if keys:
        return keys, notices
    defaults = [key for key in map(parse_series_code, DEFAULT_SERIES) if key in outlook.panel]
    rows = [row for row in outlook.catalogue.indicators.values() if outlook.headline_key(row) in outlook.panel]
    return defaults or [outlook.headline_key(row) for row in rows[: len(DEFAULT_SERIES)]], notices


def apply_divisor(context: Context, lines: Sequence[YearlySeries]) -> tuple[list[YearlySeries], list[str]]:
    """The series divided by the divisor of the selection; one without a place is taken in the place of each series."""
    outlook, selection, localizer = context.outlook, context.selection, context.localizer
    if not selection.per or (selection.per not in outlook.catalogue.indicators and "." not in selection.per):
        return list(lines), []
    indicator, geo, item = parse_series_code(selection.per)
    divided, absent = [], []
    for line in lines:
        key = (indicator, geo or line.key[1], item)
        quotient = (
            divide_series(line, build_yearly_series(outlook, key, 0))
            if key in outlook.panel and key != line.key
            else line
        )
        if quotient.denominator is not None and quotient.last_month >= 0:
            divided.append(quotient)
        else:
            absent.append(format_series_name(context, line.key))
    title = localizer.field_text(outlook.catalogue.indicators[indicator], "title")
    notices = [localizer.text("compare.per.absent", title=title, list=localizer.list_text(absent))] if absent else []
    return (divided, notices) if divided else (list(lines), notices)


def build_compared_series(context: Context) -> ComparedLines:
    """The series to compare with what is expected of them, divided as the selection asks."""
    keys, notices = choose_series(context)
    until_year = context.outlook.base_year + context.selection.horizon
    lines = [build_yearly_series(context.outlook, key, until_year, context.selection.level) for key in keys]
    divided, absent = apply_divisor(context, lines)
    return ComparedLines(keys, divided, [*notices, *absent], until_year)


def list_divisors(context: Context, lines: Sequence[YearlySeries], letters: str) -> tuple[tuple[str, str], ...]:
    """Divisors on offer: none, the GDP of each country, one of the series, or the one that the link names."""
    outlook, selection, localizer = context.outlook, context.selection, context.localizer
    rows = [("", localizer.text("compare.per.none"))]
    gdp = outlook.catalogue.indicators.get(GDP_INDICATOR)
    if gdp is not None and any((GDP_INDICATOR, line.key[1], "") in outlook.panel for line in lines):
        title = localizer.field_text(gdp, "title")
        rows.append((GDP_INDICATOR, localizer.text("compare.per.same_place", title=title)))
    rows += [
        (format_series_code(line.key), f"{letter} {format_series_name(context, line.key)}")
        for letter, line in zip(letters, lines, strict=True)
    ]
    if selection.per not in dict(rows):
        indicator, geo, item = parse_series_code(selection.per)
        row = outlook.catalogue.indicators.get(indicator)
        if row is not None:
            label = format_series_name(context, (indicator, geo, item)) if geo else localizer.field_text(row, "title")
            rows.append((selection.per, label))
    return tuple(rows)
